"""Where in a function's part each of its problems is shown: at the call or the statement that it names, else on top.

In: the function and its problems with their ids. Out: lines of HTML by row. A place is ``file:line``; of several rows
with one place, the row whose actions the message names comes first.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from scopedown.report.findings import reference
from scopedown.report.markup import Html, el
from scopedown.report.model import FunctionPart, Needed, Objection, Reason

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Placed:
    """A function's problems, as list items: of reasons (by row and number), of changes (by row), and of no row."""

    of_reasons: dict[tuple[int, int], list[Html]] = field(default_factory=dict)
    of_changes: dict[int, list[Html]] = field(default_factory=dict)
    others: list[Html] = field(default_factory=list)


def placed(one: FunctionPart, own: Iterable[tuple[str, Objection]]) -> Placed:
    """The problems of a function, each once."""
    found = Placed()
    reasons = {
        (row, number): (place_of(reason), needed.actions)
        for row, needed in enumerate(one.needed)
        for number, reason in enumerate(needed.reasons)
    }
    changes = {row: (change.where, change.actions) for row, change in enumerate(one.comparison.changes)}
    for id, problem in own:
        line = reference(problem, id)
        if (reason := _row_of(problem, reasons)) is not None:
            found.of_reasons.setdefault(reason, []).append(line)
        elif (change := _row_of(problem, changes)) is not None:
            found.of_changes.setdefault(change, []).append(line)
        else:
            found.others.append(line)
    return found


def place_of(reason: Reason) -> str:
    """``file:line`` of a reason, which begins with ``file:line:column``."""
    return reason.what.partition(" ")[0].rpartition(":")[0]


def _row_of(problem: Objection, rows: Mapping[Key, tuple[str, tuple[str, ...]]]) -> Key | None:
    same = {row: actions for row, (where, actions) in rows.items() if where and where == problem.where}
    named = (row for row, actions in same.items() if any(action in problem.message for action in actions))
    return next(named, next(iter(same), None))


def in_list(lines: Sequence[Html]) -> Html | None:
    """Problems below what they are about."""
    return el("ul", {"class": "references"}, lines) if lines else None


def first_found(needed: Needed, row: int, found: Placed) -> list[tuple[Reason, list[Html]]]:
    """The reasons of a row with their problems, those with a problem first, so that none of them is folded away."""
    pairs = [(reason, found.of_reasons.get((row, number), [])) for number, reason in enumerate(needed.reasons)]
    return sorted(pairs, key=lambda pair: not pair[1])
