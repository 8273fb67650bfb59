"""One option in every dimension, so that together they kill all blocks.

The question is NP-hard in general (clauses fit into conditions), so the search has a budget; real policies branch a few
times. Options are (mask of the blocks that the value kills, the value).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scopedown.iam.errors import LimitError
from scopedown.iam.language import Steps, Walk

Value = TypeVar("Value")
Options = Sequence[tuple[int, Value]]

NODES = 20_000
"""Nodes of one search, about three seconds, before it gives up with :class:`LimitError`."""
OF_ONE_WALK = 20_000
SEARCHES = 3
"""Searches and walks of one comparison that may give up; what would be hard after them is not tried."""


@dataclass(slots=True)
class Budget:
    """What a comparison may still spend on hard questions: hostile policies have one in every statement.

    ``left`` counts those that may be given up, ``states`` those that walks may visit, of one walk at most
    :data:`OF_ONE_WALK`.
    """

    left: int = SEARCHES
    states: int = 200_000

    def spent(self) -> bool:
        """Whether nothing hard is tried any more."""
        return self.left <= 0 or self.states <= 0

    @property
    def nodes(self) -> int:
        """Nodes of the next search."""
        return NODES if not self.spent() else 200

    def walk(self, patterns: Sequence[Steps], more: Iterable[int], less: Iterable[int]) -> list[str]:
        """The texts of :meth:`~scopedown.iam.language.Walk.least`. Raises LimitError where it would cost too much."""
        if self.spent():
            raise LimitError("the policies have too many combinations")
        walk = Walk(patterns, states=min(OF_ONE_WALK, self.states))
        try:
            return list(walk.least(more, less).values())
        finally:
            self.states -= walk.visited


def maximal(options: Options[Value]) -> list[tuple[int, Value]]:
    """The options that no other one makes needless, the first of equals."""
    first: dict[int, Value] = {}
    for mask, value in options:
        first.setdefault(mask, value)
    kept: list[tuple[int, Value]] = []
    for mask in sorted(first, key=int.bit_count, reverse=True):
        if not any(mask | other == other for other, _ in kept):
            kept.append((mask, first[mask]))
    return kept


def choose(dimensions: Sequence[Options[Value]], blocks: int, nodes: int = NODES) -> list[Value] | None:
    """A value for every dimension that together kill all of ``blocks``; None where there is none.

    Every dimension has at least one option. Raises :class:`LimitError` past ``nodes``.
    """
    chosen = [options[0] for options in dimensions]
    reach = 0
    for options in dimensions:
        for mask, _ in options:
            reach |= mask
    if blocks & ~reach:
        return None
    left = blocks
    open_ones = []
    for number, options in enumerate(dimensions):
        if len(options) == 1:
            left &= ~options[0][0]
        else:
            open_ones.append(number)
    search = _Search(dimensions, chosen, nodes)
    return [value for _, value in chosen] if search.kill(left, open_ones) else None


class _Search:
    def __init__(self, dimensions: Sequence[Options[Value]], chosen: list[tuple[int, Value]], most: int) -> None:
        self.dimensions: Sequence[Options[object]] = dimensions
        self.chosen: list[tuple[int, object]] = chosen  # type: ignore[assignment]
        self.nodes = 0
        self.most = most

    def kill(self, left: int, open_ones: list[int]) -> bool:
        """Whether the dimensions that are still open can kill what is left; then they are chosen so."""
        self.nodes += 1
        if self.nodes > self.most:
            raise LimitError("the conditions have too many combinations")
        if not left:
            return True
        killers = self._killers(left, open_ones)
        if killers is None:
            return False
        for number, option in killers:
            self.chosen[number] = option
            if self.kill(left & ~option[0], [one for one in open_ones if one != number]):
                return True
        for number in {number for number, _ in killers}:
            self.chosen[number] = self.dimensions[number][0]
        return False

    def _killers(self, left: int, open_ones: list[int]) -> list[tuple[int, tuple[int, object]]] | None:
        """What kills the block that the fewest options kill; None where nothing kills some block."""
        best: list[tuple[int, tuple[int, object]]] | None = None
        remaining = left
        while remaining:
            bit = remaining & -remaining
            remaining &= remaining - 1
            found = [(number, option) for number in open_ones for option in self.dimensions[number] if option[0] & bit]
            if not found:
                return None
            if best is None or len(found) < len(best):
                best = found
                if len(best) == 1:
                    break
        if best is not None:
            best.sort(key=lambda one: -(one[1][0] & left).bit_count())
        return best
