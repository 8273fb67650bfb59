"""The projects as HTML: a list where there are several, and of each its functions, findings and resources."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.core.words import count
from scopedown.report.findings import Said, findings
from scopedown.report.functions import function
from scopedown.report.markup import Html, el, table
from scopedown.report.model import Edge, Graph, Page, ProjectPart
from scopedown.report.tables import list_of_functions, list_of_projects, worst_functions

_HELP = (
    "Click a function to open it, or a resource to show its users. Drag to move the graph. Zoom with + and −, or with "
    "Ctrl and the wheel; 0 fits the width. The table “Resources and their users” lists the same in text."
)
_LEGEND = (
    ("reads", "read: arrow to the function"),
    ("writes", "write: thick, arrow to the resource"),
    ("lists", "list: dotted, with a circle"),
    ("settings", "dashed: a setting needs it"),
)
_BUTTONS = (("fit", "Fit", "Fit the width"), ("closer", "+", "Zoom in"), ("farther", "−", "Zoom out"))


def projects(report: Page) -> Html:
    """All projects; several of them below a list of them."""
    several = len(report.projects) > 1
    return el(
        "div",
        {"id": "projects", "tabindex": -1},
        _list(report) if several else None,
        [_project(one, f"p{number}", several) for number, one in enumerate(report.projects)],
    )


def _list(report: Page) -> Html:
    return el(
        "details", {"class": "plain", "open": True, "id": "list"},
        el("summary", {}, el("h2", {}, count(len(report.projects), "project"))), list_of_projects(report),
    )  # fmt: skip


def _project(one: ProjectPart, id: str, several: bool) -> Html:
    ids: dict[str, str] = {}
    for number, each in enumerate(one.functions):
        ids.setdefault(each.key, f"{id}f{number}")
    return el(
        "article",
        {"class": "project", "id": id, "tabindex": -1, "aria-labelledby": f"{id}-title"},
        el("h2", {"id": f"{id}-title"}, one.title if several else "Project"),
        el("dl", {"class": "facts"}, [
            el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value))) for name, value in one.facts
        ]),
        el("section", {"aria-labelledby": f"{id}-functions", "class": "functions"}, _functions(one, id)),
        el("section", {"aria-labelledby": f"{id}x-findings"}, findings(one, f"{id}x", ids)),
        el("section", {"aria-labelledby": f"{id}-resources"}, _resources(one.graph, id)),
    )  # fmt: skip


def _functions(one: ProjectPart, id: str) -> Iterator[Html]:
    yield el("h3", {"id": f"{id}-functions"}, count(len(one.functions), "function"))
    if len(one.functions) > 1:
        yield list_of_functions(one, id)
    problems = [Said(problem, f"{id}x{number}") for number, problem in enumerate(one.problems)]
    for number in worst_functions(one):
        yield function(one.functions[number], f"{id}f{number}", problems)
    yield el("p", {"class": "none nothing", "hidden": bool(one.functions)}, "No function matches.")


def _resources(graph: Graph, id: str) -> Iterator[Html]:
    """The graph in words: every resource with who does what to it."""
    yield el("h3", {"id": f"{id}-resources"}, "Resources and their users")
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
    if rows:
        yield table(("Resource", "Type", "Used by"), rows, "resources")
    else:
        yield el("p", {"class": "none"}, "No function uses a resource.")


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
            el("label", {}, el("input", {"type": "checkbox", "id": "settings"}), " needed by settings (logs, …)"),
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
        el("ul", {"class": "legend note"}, [el("li", {"class": kind}, said) for kind, said in _LEGEND]),
        el("p", {"id": "chosen", "aria-live": "polite", "hidden": True}),
        el("p", {"class": "note", "id": "graph-help"}, _HELP),
    )  # fmt: skip
