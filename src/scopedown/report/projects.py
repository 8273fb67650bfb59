"""The projects as HTML: a list where there are several, and of each its functions, findings and resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.emit.lines import count
from scopedown.report.findings import findings
from scopedown.report.functions import function
from scopedown.report.markup import Html, el, table
from scopedown.report.model import Edge, Graph, Page, ProjectPart
from scopedown.report.summary import name_of, severities

_HELP = (
    "Drag to move; Ctrl and the wheel, + and − come closer, 0 fits. A click on a function opens it, on a resource it "
    "shows its users. The table “Resources, and who uses them” says the same in words."
)
_BUTTONS = (("fit", "Fit", "Fit"), ("closer", "+", "Closer"), ("farther", "−", "Farther"))


def projects(told: Page) -> Html:
    """All projects; several of them below a list of them."""
    several = len(told.projects) > 1
    return el(
        "div",
        {"id": "projects", "tabindex": -1},
        _list_of_projects(told) if several else None,
        [_project(one, f"p{number}", several) for number, one in enumerate(told.projects)],
    )


def _list_of_projects(told: Page) -> Html:
    rows = []
    for number, one in enumerate(told.projects):
        before = sum(each.comparison.wide_before for each in one.functions)
        after = sum(each.comparison.wide_after for each in one.functions)
        counts = [severities(one.problems, severity) for severity in ("error", "warning", "note")]
        cells = [str(len(one.functions)), f"{before} → {after}", *map(str, counts)]
        rows.append(
            el(
                "tr", {}, el("th", {"scope": "row"}, el("a", {"href": f"#p{number}"}, name_of(one))),
                [el("td", {"class": "number"}, cell) for cell in cells],
            )
        )  # fmt: skip
    titles = ("Project", "Functions", "Wildcards", "Errors", "Warnings", "Notes")
    return el(
        "details", {"class": "plain", "open": True, "id": "list"},
        el("summary", {}, el("h2", {}, count(len(told.projects), "project"))), table(titles, rows, "projects"),
    )  # fmt: skip


def _project(one: ProjectPart, id: str, several: bool) -> Html:
    return el(
        "article",
        {"class": "project", "id": id, "tabindex": -1, "aria-labelledby": f"{id}-title"},
        el("h2", {"id": f"{id}-title"}, one.title if several else "Project"),
        el("dl", {"class": "facts"}, [
            el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value))) for name, value in one.facts
        ]),
        el("section", {"aria-labelledby": f"{id}-functions", "class": "functions"}, _functions(one, id)),
        el("section", {"aria-labelledby": f"{id}x-findings"}, findings(one, f"{id}x")),
        el("section", {"aria-labelledby": f"{id}-resources"}, _resources(one.graph, id)),
    )  # fmt: skip


def _functions(one: ProjectPart, id: str) -> Iterator[Html]:
    yield el("h3", {"id": f"{id}-functions"}, count(len(one.functions), "function"))
    for number, each in enumerate(one.functions):
        yield function(each, f"{id}f{number}", one.problems, f"{id}x")
    yield el("p", {"class": "none nothing", "hidden": bool(one.functions)}, "No function is like that.")


def _resources(graph: Graph, id: str) -> Iterator[Html]:
    """The graph in words: every resource with who does what to it."""
    yield el("h3", {"id": f"{id}-resources"}, "Resources, and who uses them")
    label = {node.id: node.label for node in graph.nodes}
    users: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        users.setdefault(edge.target, []).append(edge)
    named = [node for node in graph.nodes if node.kind == "resource"]
    named.sort(key=lambda node: (all(edge.setting for edge in users[node.id]), node.unknown, node.type, node.label))
    rows = [
        el(
            "tr",
            {},
            el("th", {"scope": "row"}, el("code", {}, node.label)),
            el("td", {}, node.type),
            el("td", {}, el("ul", {}, [_use(edge, label[edge.source]) for edge in users[node.id]])),
        )
        for node in named
    ]
    yield table(("Resource", "Of", "Used by"), rows, "resources") if rows else el("p", {"class": "none"}, "None.")


def _use(edge: Edge, function: str) -> Html:
    by = " (a setting)" if edge.setting else ""
    return el("li", {}, f"{function}{by}: ", el("code", {}, ", ".join(edge.labels)))


def graph_frame() -> Html:
    """Where the graph is drawn; the script puts it into the project that is shown."""
    return el(
        "section",
        {"id": "graph", "class": "graph", "hidden": True, "aria-label": "Graph"},
        el(
            "div",
            {"class": "tools"},
            el("h3", {}, "Events, functions, resources"),
            el("label", {}, el("input", {"type": "checkbox", "id": "events", "checked": True}), " events"),
            el("label", {}, el("input", {"type": "checkbox", "id": "settings"}), " what settings need (logs, …)"),
            [
                el("button", {"type": "button", "id": id, "aria-label": name}, said) for id, said, name in _BUTTONS
            ],
        ),
        el(
            "div",
            {
                "id": "canvas", "tabindex": 0, "role": "application", "aria-describedby": "graph-help",
                "aria-label": "Graph of functions and resources",
            },
        ),
        el(
            "p",
            {"class": "note", "id": "graph-help"},
            _HELP,
        ),
    )  # fmt: skip
