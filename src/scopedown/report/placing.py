"""Where in a function's part each of its problems is shown: at the call or the statement that it names, else on top.

In: the function and its problems with their ids. Out: lines of HTML by row. A place is ``file:line``; of several rows
with one place, the row whose actions the message names comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from scopedown.report.findings import reference
from scopedown.report.markup import Html, el
from scopedown.report.model import Change, FunctionPart, Needed, Objection, Reason

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
