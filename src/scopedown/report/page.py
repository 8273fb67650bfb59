"""The whole page: one file, which asks nothing of any network and runs no script but its own.

All content is HTML that needs no script. The scripts add the filter, the keyboard and the graph;
the policy that the page sets itself (https://www.w3.org/TR/CSP3/) allows exactly these scripts and styles, by their
hashes, and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

from scopedown.core.words import count
from scopedown.report.markup import Html, data, el, raw, text
from scopedown.report.model import Edge, Node, Objection, Page, ProjectPart
from scopedown.report.projects import graph_frame, projects
from scopedown.report.tables import SEVERITIES, name_of, severities, unresolved, wildcards, worst_projects

_WIDE = (
    "A wildcard grant allows many actions (dynamodb:*), or does not name its resource (*, table/*). The second number "
    "is what remains with the policies on this page, including statements that scopedown keeps because it cannot judge "
    "them."
)
_SHOWN = (
    ("all", "all functions"), ("findings", "with findings"), ("errors", "with errors"),
    ("wide", "with wildcard grants"), ("open", "not fully resolved"),
)  # fmt: skip


def title_of(report: Page) -> str:
    """What the page is about, in a word or two."""
    return report.projects[0].title if len(report.projects) == 1 else f"{len(report.projects)} projects"


def header(report: Page) -> Html:
    """The heading."""
    return el(
        "header",
        {"class": "top"},
        el("h1", {}, title_of(report)),
        el("p", {}, "What each function calls, which permissions it needs and why, and what its role allows today."),
        el("p", {"class": "note"}, f"scopedown {report.version}"),
    )


def bar(report: Page) -> Html:
    """Filter, choice of project, theme: shown by the script that makes them work."""
    several = len(report.projects) > 1
    names = sorted((name_of(one), number) for number, one in enumerate(report.projects))
    options = [el("option", {"value": number}, name) for name, number in names]
    return el(
        "div",
        {"class": "bar", "id": "bar", "hidden": True, "role": "search"},
        el("label", {"hidden": not several}, "Project ", el("select", {"id": "project"}, options)),
        el(
            "label", {}, "Filter ",
            el("input", {"id": "filter", "type": "search", "autocomplete": "off", "spellcheck": "false",
                         "placeholder": "name, action or resource ( / )"}),
        ),
        el(
            "label", {}, "Show ",
            el("select", {"id": "show"}, [el("option", {"value": value}, said) for value, said in _SHOWN]),
        ),
        el("output", {"id": "shown", "for": "filter show", "aria-live": "polite"}),
        el("button", {"id": "theme", "type": "button"}, "Dark"),
    )  # fmt: skip


def summary(report: Page) -> Html:
    """The figures of all projects, and which could not be read."""
    functions = [function for project in report.projects for function in project.functions]
    grants = [wildcards(project) for project in report.projects]
    before, after = sum(one for one, _ in grants), sum(one for _, one in grants)
    problems = [problem for project in report.projects for problem in project.problems]
    open_ = sum(map(unresolved, functions))
    cards = [
        ("functions", str(len(functions)), ""),
        *_by_severity(problems),
        ("wildcard grants, today → needed", f"{before} → {after}", "wide" if before else ""),
        ("unresolved names and calls", str(open_), "open" if open_ else ""),
    ]
    return el(
        "section",
        {"aria-labelledby": "summary"},
        el("h2", {"id": "summary"}, "Summary"),
        el(
            "dl",
            {"class": "cards"},
            [el("div", {"class": kind}, el("dt", {}, name), el("dd", {}, value)) for name, value, kind in cards],
        ),
        el("p", {"class": "note"}, _WIDE),
        el("noscript", {}, el("p", {}, "The filter, the graph and the buttons need JavaScript. The tables do not.")),
        _not_read(report),
    )  # fmt: skip


def _not_read(report: Page) -> Html | None:
    if not report.not_read:
        return None
    return el(
        "details",
        {"class": "plain"},
        el("summary", {}, f"{count(len(report.not_read), 'project')} could not be read"),
        el("ul", {}, [el("li", {}, said) for said in report.not_read]),
    )


def _by_severity(problems: Sequence[Objection]) -> Iterator[tuple[str, str, str]]:
    for severity in SEVERITIES:
        number = severities(problems, severity)
        yield f"{severity}s", str(number), severity if number else ""


def script_data(report: Page) -> dict[str, Any]:
    """By project: ``nodes``, ``edges`` and ``functions``, each of them a short list (assets/graph.js, page.js)."""
    return {
        "projects": [
            {
                "nodes": list(map(_node, project.graph.nodes)),
                "edges": list(map(_edge, project.graph.edges)),
                "functions": [_searched(project, number) for number in range(len(project.functions))],
            }
            for project in report.projects
        ]
    }


def _node(one: Node) -> list[Any]:
    return [one.id, one.kind, text(one.label), text(one.type), one.about, int(one.unknown)]


def _edge(one: Edge) -> list[Any]:
    return [one.source, one.target, list(map(text, one.labels)), int(one.setting), one.access]


def _searched(project: ProjectPart, number: int) -> list[Any]:
    """[words, kinds]: the lower-case words by which a function is found, and which of the choices it belongs to."""
    one = project.functions[number]
    own = [project.problems[each] for each in one.objections]
    words = [one.key, one.handler, one.runtime, one.role, *one.events, *(f"{each.rule} {each.name}" for each in own)]
    for row in one.needed:
        if row.origin != "config":
            words += [*row.actions, *(arn for arn, _ in row.resources)]
    kinds = [
        "findings" if own else "",
        "errors" if any(each.severity == "error" for each in own) else "",
        "wide" if one.comparison.wide_before or one.comparison.wide_after else "",
        "open" if one.unresolved or one.possible or one.not_seen else "",
    ]
    return [text("\n".join(dict.fromkeys(words)).lower()), [kind for kind in kinds if kind]]


_STYLES = ("page.css",)
_SCRIPTS = ("vendor/cytoscape.min.js", "graph.js", "tables.js", "policies.js", "page.js")
_CYTOSCAPE_STYLE = ".__________cytoscape_container { position: relative; }"
"""The one rule that cytoscape would put into a style element of its own, which the page's policy does not allow."""


def page(report: Page) -> str:
    """The page as text, the worst project first; the same values give the same text."""
    report = replace(report, projects=tuple(worst_projects(report.projects)))
    styles = [(None, _asset(name)) for name in _STYLES] + [("__________cytoscape_stylesheet", _CYTOSCAPE_STYLE)]
    scripts = [_asset(name) for name in _SCRIPTS]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(_hash(style) for _, style in styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = el(
        "head",
        {},
        el("meta", {"charset": "utf-8"}),
        el("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "generator", "content": f"scopedown {report.version}"}),
        el("meta", {"name": "referrer", "content": "no-referrer"}),
        el("title", {}, f"{title_of(report)}: scopedown report"),
        [el("style", {"id": id} if id else {}, raw(style)) for id, style in styles],
    )
    body = el(
        "body",
        {},
        el("a", {"class": "skip", "href": "#projects"}, "Skip to the functions"),
        header(report),
        bar(report),
        el("main", {}, summary(report), graph_frame(), projects(report)),
        el("script", {"type": "application/json", "id": "data"}, data(script_data(report))),
        [el("script", {}, raw(script)) for script in scripts],
    )
    return f"<!doctype html>\n{el('html', {'lang': 'en'}, head, body)}\n"


def _asset(name: str) -> str:
    return files("scopedown.report").joinpath("assets", *name.split("/")).read_text("utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
