"""Problems as HTML: the tables of a project, and the lines in a function's part.

Where in a function's part each problem is shown: at the call or the statement that it names, else on top. A place is
``file:line``; of several rows with one place, the row whose actions the message names comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import Change, FunctionPart, Needed, Objection, ProjectPart, Reason
from scopedown.report.tables import SEVERITIES, by_severity

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


Key = TypeVar("Key", int, tuple[int, int])
Item = TypeVar("Item")
_BETWEEN = re.compile(r"[\s(),;]+|:\s")


@dataclass(frozen=True)
class Placed:
    """A function's problems, as list items: of reasons (by row and number), of changes (by row), and of no row."""

    of_reasons: dict[tuple[int, int], list[Html]] = field(default_factory=dict)
    of_changes: dict[int, list[Html]] = field(default_factory=dict)
    others: list[Html] = field(default_factory=list)


class Said:
    """What a problem's message says of places and actions, read once for all functions that it is about."""

    def __init__(self, problem: Objection, id: str) -> None:
        self.problem = problem
        self.line = reference(problem, id)
        self._named: dict[str, bool] = {}

    @cached_property
    def places(self) -> set[str]:
        """Where the problem is, and the places that it names."""
        words = _BETWEEN.split(self.problem.message)
        words += [line.partition(": ")[0] for line in self.problem.related]
        named = {word for word in words if word.rpartition(":")[2].isdigit()}
        return {self.problem.where, *named} - {""}

    def names(self, actions: Iterable[str]) -> bool:
        """Whether the message names one of the actions."""
        return any(map(self._names, actions))

    def _names(self, action: str) -> bool:
        if action not in self._named:
            found = re.search(rf"(?<![\w:]){re.escape(action)}(?![\w*])", self.problem.message)
            self._named[action] = found is not None
        return self._named[action]


def placed(one: FunctionPart, own: Iterable[Said]) -> Placed:
    """The problems of a function, each once."""
    found = Placed()
    reasons: dict[str, list[tuple[tuple[int, int], Needed]]] = {}
    for row, needed in enumerate(one.needed):
        for number, reason in enumerate(needed.reasons):
            reasons.setdefault(place_of(reason), []).append(((row, number), needed))
    changed: dict[str, list[tuple[int, Change]]] = {}
    for row, change in enumerate(one.comparison.changes):
        changed.setdefault(change.where, []).append((row, change))
    for said in own:
        calls = [
            (key, said.names(needed.actions))
            for key, needed in _at(said.places, reasons)
            if needed.origin != "config" or said.names(needed.actions)
        ]
        changes = [(row, said.names(change.actions)) for row, change in _at(said.places, changed)]
        # A call that the message names, then a statement, then a call at the same place.
        if calls and (any(named for _, named in calls) or not changes):
            found.of_reasons.setdefault(_best(calls), []).append(said.line)
        elif changes:
            found.of_changes.setdefault(_best(changes), []).append(said.line)
        else:
            found.others.append(said.line)
    return found


def _at(places: Set[str], found: Mapping[str, Sequence[tuple[Key, Item]]]) -> list[tuple[Key, Item]]:
    """What is at places, in the order of the keys."""
    return sorted((one for place in places for one in found.get(place, ())), key=lambda one: one[0])


def place_of(reason: Reason) -> str:
    """``file:line`` of a reason, which begins with ``file:line:column``."""
    return reason.what.partition(" ")[0].rpartition(":")[0]


def _best(rows: Sequence[tuple[Key, bool]]) -> Key:
    return next((key for key, named in rows if named), rows[0][0])


def in_list(lines: Sequence[Html]) -> Html | None:
    """Problems below what they are about."""
    return el("ul", {"class": "references"}, lines) if lines else None


def first_found(needed: Needed, row: int, found: Placed) -> list[tuple[Reason, list[Html]]]:
    """The reasons of a row with their problems, those with a problem first, so that none of them is folded away."""
    pairs = [(reason, found.of_reasons.get((row, number), [])) for number, reason in enumerate(needed.reasons)]
    return sorted(pairs, key=lambda pair: not pair[1])
