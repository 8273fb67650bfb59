"""What the scripts are given: the graphs, and the words by which the filter finds a function."""

from __future__ import annotations

from typing import Any

from scopedown.report.markup import text
from scopedown.report.model import Edge, Node, Page, ProjectPart


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
