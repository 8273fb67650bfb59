"""The whole page: one file, which asks nothing of any network and runs no script but its own.

All content is HTML that needs no script. The scripts add the filter, the keyboard and the graph;
the policy that the page sets itself (https://www.w3.org/TR/CSP3/) allows exactly these scripts and styles, by their
hashes, and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from importlib.resources import files
from typing import Any

from scopedown.report.markup import data, el, raw, text
from scopedown.report.model import Edge, Node, Page, ProjectPart
from scopedown.report.projects import graph_frame, projects
from scopedown.report.summary import bar, header, summary, title_of
from scopedown.report.tables import worst_projects


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
