"""Problems as HTML: the tables of a project, and the lines in a function's part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import Objection, ProjectPart
from scopedown.report.order import SEVERITIES, by_severity

_TITLES = ("Finding, and what to do", "Where", "Functions")
_NAMES = 5


def findings(project: ProjectPart, prefix: str, ids: Mapping[str, str]) -> Iterator[Html]:
    """Two tables: of the rules, and of reading the project. ``prefix`` begins the ids of the rules' rows, ``ids`` are
    those of the functions by their names."""
    ordered = sorted(_alike(project.problems), key=lambda one: SEVERITIES.index(one[0][1].severity))
    yield el("h3", {"id": f"{prefix}-findings"}, "Findings")
    if ordered:
        rows = [_rows(alike, prefix, ids) for alike in ordered]
        yield table(("Severity", "Rule", *_TITLES), rows, "findings")
    else:
        yield el("p", {"class": "none"}, "No rule reports anything.")
    if project.ignored:
        yield el("p", {"class": "note"}, f"Comments in the project ignore {project.ignored} more.")
    if project.findings:
        yield el("h3", {}, "Messages from reading the project")
        rows = [_row(one, "", ids) for one in by_severity(project.findings)]
        yield table(("Severity", "Code", *_TITLES), rows, "findings")


def _alike(problems: Sequence[Objection]) -> Iterable[list[tuple[int, Objection]]]:
    """Problems with their numbers; those of one role that differ by the function alone together."""
    found: dict[object, list[tuple[int, Objection]]] = {}
    for number, one in enumerate(problems):
        key: object = number
        if one.role and len(one.functions) == 1:
            said = one.message.partition(" (for example ")[0].replace(one.functions[0], "")
            key = (one.rule, one.role, one.known, said, one.related)
        found.setdefault(key, []).append((number, one))
    return found.values()


def _rows(alike: Sequence[tuple[int, Objection]], prefix: str, ids: Mapping[str, str]) -> Html:
    """One row for problems that are alike."""
    (first, one), *others = alike
    if not others:
        return _row(one, f"{prefix}{first}", ids)
    names = tuple(dict.fromkeys(name for _, each in alike for name in each.functions))
    more = f"The same is true of {len(others)} more functions of the role {one.role}."
    anchors = [el("span", {"id": f"{prefix}{number}"}) for number, _ in others]
    return _row(replace(one, functions=names), f"{prefix}{first}", ids, el("p", {"class": "note"}, more, anchors))


def _row(one: Objection, id: str, ids: Mapping[str, str], more: Html | None = None) -> Html:
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
            more,
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
