"""Problems as HTML: the tables of a project, and the lines in a function's part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import Objection, ProjectPart
from scopedown.report.order import SEVERITIES, by_severity

_TITLES = ("Finding, and what to do", "Where", "Functions")
_NAMES = 5


def findings(project: ProjectPart, prefix: str, ids: Mapping[str, str]) -> Iterator[Html]:
    """Two tables: of the rules, and of reading the project. ``prefix`` begins the ids of the rules' rows, ``ids`` are
    those of the functions by their names."""
    ordered = sorted(enumerate(project.problems), key=lambda one: SEVERITIES.index(one[1].severity))
    yield el("h3", {"id": f"{prefix}-findings"}, "Findings")
    if ordered:
        rows = [_row(one, f"{prefix}{number}", ids) for number, one in ordered]
        yield table(("Severity", "Rule", *_TITLES), rows, "findings")
    else:
        yield el("p", {"class": "none"}, "No rule reports anything.")
    if project.ignored:
        yield el("p", {"class": "note"}, f"Comments in the project ignore {project.ignored} more.")
    if project.findings:
        yield el("h3", {}, "Messages from reading the project")
        rows = [_row(one, "", ids) for one in by_severity(project.findings)]
        yield table(("Severity", "Code", *_TITLES), rows, "findings")


def _row(one: Objection, id: str, ids: Mapping[str, str]) -> Html:
    related = [el("li", {}, said) for said in one.related]
    return el(
        "tr",
        {"id": id, "tabindex": -1} if id else {},
        el("td", {}, badge(one.severity, one.severity), " in baseline" if one.known else None),
        el("th", {"scope": "row"}, one.rule, el("br") if one.name else None, one.name),
        el(
            "td",
            {},
            one.message,
            el("p", {"class": "remedy"}, one.remedy) if one.remedy else None,
            el("ul", {"class": "note"}, related) if related else None,
        ),
        el("td", {}, el("code", {}, one.where) if one.where else None),
        el("td", {}, _functions(one.functions, ids)),
    )


def _functions(names: Sequence[str], ids: Mapping[str, str]) -> Iterator[Child]:
    for number, name in enumerate(names[:_NAMES]):
        yield ", " if number else None
        yield el("a", {"href": f"#{ids[name]}"}, name) if name in ids else name
    if len(names) > _NAMES:
        yield f" and {len(names) - _NAMES} more"


def reference(one: Objection, id: str) -> Html:
    """A problem in a function's own part: whole where it is the function's alone, else a link to it."""
    said: list[Child] = [badge(one.severity, one.severity), " ", el("a", {"href": f"#{id}"}, f"{one.rule} {one.name}")]
    if len(one.functions) > 1:
        return el("li", {}, said, f" ({len(one.functions)} functions)")
    return el("li", {}, said, f": {one.message}", el("p", {"class": "remedy"}, one.remedy) if one.remedy else None)


def badge(kind: str, said: str) -> Html:
    """A short word in a frame: its colour says nothing that the word does not."""
    return el("span", {"class": f"badge {kind}"}, said)
