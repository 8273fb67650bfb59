"""Brings the list of a role's own statements to what it must be, item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scopedown.project.model import DeclaredStatement, Role
from scopedown.write.layout import Steps, located
from scopedown.write.model import Kept, Statement
from scopedown.write.statements import Needed, same, why_kept
from scopedown.write.texts import Texts

Spot = tuple[str, Steps]
"""A file, and a path in it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a role's list differs from what it must be: what is added at the end of ``where``, what goes, what stays
    unjudged."""

    where: Spot
    missing: tuple[Statement, ...]
    gone: tuple[Spot, ...]
    kept: tuple[Kept, ...]


def difference(role: Role, wanted: Sequence[Needed], otherwise: Callable[[], Spot], texts: Texts) -> Difference:
    """Compare a role's own statements with ``wanted``; ``otherwise`` tells the list of a role that has none.

    Raises SpliceError for a statement that does not stand where it could be taken out.
    """
    missing, kept, gone, lists = list(wanted), [], [], []
    for declared in role.statements:
        if declared.added_by != "project":
            continue
        match = next((one for one in missing if same(one.means, declared.statement)), None)
        if match is not None:
            missing.remove(match)
        elif why := why_kept(declared):
            kept.append(Kept(declared.statement, declared.place, why))
            continue
        file, path = located(declared.place, None, texts)
        lists.append((file, path[:-1]))
        if match is None:
            gone.append((file, path))
    where = lists[0] if lists else otherwise()
    return Difference(where, tuple(one.written for one in missing), tuple(gone), tuple(kept))


def judged(statements: Iterable[DeclaredStatement], texts: Texts) -> list[Spot]:
    """Where the statements of a person that scopedown judges stand. Raises SpliceError."""
    return [
        located(one.place, None, texts) for one in statements if one.added_by == "project" and not why_kept(one)
    ]  # fmt: skip


def settle(differences: Sequence[Difference], gone: Sequence[Spot], texts: Texts) -> None:
    """Make the differences go: additions first, then removals from the last item on, which move what stands behind
    them. Raises SpliceError."""
    for one in differences:
        texts.append(*one.where, one.missing)
    every = {*gone, *(spot for one in differences for spot in one.gone)}
    for file, path in in_order(every):
        texts.remove(file, path)


def in_order(spots: Iterable[Spot]) -> list[Spot]:
    """Spots in the order in which they can be taken out: the last item of a list first, what is within before it."""
    return sorted(spots, key=_order, reverse=True)


def _order(spot: Spot) -> tuple[str, list[tuple[bool, str, int]]]:
    file, path = spot
    return file, [(isinstance(step, int), "" if isinstance(step, int) else step, step if isinstance(step, int) else 0)
                  for step in path]  # fmt: skip
