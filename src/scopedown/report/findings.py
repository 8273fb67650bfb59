"""What is objected to, as HTML: the problems of ``check`` and the findings of the scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.core.words import some_of
from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import Objection, ProjectPart

_ORDER = ("error", "warning", "note")
_TITLES = ("What, and what to do", "Where", "Functions")


def findings(project: ProjectPart, prefix: str) -> Iterator[Html]:
    """Two tables: of the rules, and of the reading; ``prefix`` begins the ids of the rules' rows."""
    ordered = sorted(enumerate(project.problems), key=lambda one: _ORDER.index(one[1].severity))
    yield el("h3", {"id": f"{prefix}-findings"}, "Findings of the rules")
    if ordered:
        yield table(
            ("Severity", "Rule", *_TITLES), [_row(one, f"{prefix}{number}") for number, one in ordered], "findings"
        )
    else:
        yield el("p", {"class": "none"}, "No rule objects to anything.")
    if project.ignored:
        yield el("p", {"class": "note"}, f"Comments leave out {project.ignored} more.")
    if project.findings:
        yield el("h3", {}, "Findings of the reading")
        ordered_ = sorted(project.findings, key=lambda one: _ORDER.index(one.severity))
        yield table(("Severity", "Code", *_TITLES), [_row(objection, "") for objection in ordered_], "findings")


def _row(one: Objection, id: str) -> Html:
    related = [el("li", {}, said) for said in one.related]
    return el(
        "tr",
        {"id": id, "tabindex": -1} if id else {},
        el("td", {}, badge(one.severity, one.severity), " known" if one.known else None),
        el("th", {"scope": "row"}, one.rule, el("br") if one.name else None, one.name),
        el(
            "td",
            {},
            one.message,
            el("p", {"class": "remedy"}, one.remedy) if one.remedy else None,
            el("ul", {"class": "note"}, related) if related else None,
        ),
        el("td", {}, el("code", {}, one.where) if one.where else None),
        el("td", {}, _functions(one.functions)),
    )


def _functions(names: Sequence[str]) -> Child:
    return some_of(names, 5)


def reference(one: Objection, id: str) -> Html:
    """A problem in a function's own part: whole where it is the function's alone, else a link to it."""
    shared = f" (of {len(one.functions)} functions)" if len(one.functions) > 1 else ""
    said: list[Child] = [badge(one.severity, one.severity), " ", el("a", {"href": f"#{id}"}, f"{one.rule} {one.name}")]
    if shared:
        return el("li", {}, said, shared)
    return el("li", {}, said, f": {one.message}", el("p", {"class": "remedy"}, one.remedy) if one.remedy else None)


def badge(kind: str, said: str) -> Html:
    """A short word in a frame; never told by its colour alone."""
    return el("span", {"class": f"badge {kind}"}, said)
