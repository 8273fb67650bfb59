"""One option in every dimension, so that together they kill all blocks.

The question is NP-hard in general (clauses fit into conditions), so the search has a budget; real policies branch a few
times. Options are (mask of the blocks that the value kills, the value).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from scopedown.iam.errors import LimitError
from scopedown.iam.newaccess.budget import Budget

Value = TypeVar("Value")
Options = Sequence[tuple[int, Value]]


def maximal(options: Options[Value], budget: Budget) -> list[tuple[int, Value]]:
    """The options that no other one makes needless, the first of equals; all of them where the budget is over."""
    first: dict[int, Value] = {}
    for mask, value in options:
        first.setdefault(mask, value)
    kept: list[tuple[int, Value]] = []
    for mask in sorted(first, key=int.bit_count, reverse=True):
        budget.take(1 + len(kept))
        if budget.over or not any(mask | other == other for other, _ in kept):
            kept.append((mask, first[mask]))
    return kept


def choose(dimensions: Sequence[Options[Value]], blocks: int, budget: Budget) -> list[Value] | None:
    """A value for every dimension that together kill all of ``blocks``; None where there is none.

    Every dimension has at least one option. Raises :class:`LimitError` past the nodes of the budget.
    """
    budget.take(sum(map(len, dimensions)))
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
    search = _Search(dimensions, chosen, budget)
    try:
        return [value for _, value in chosen] if search.kill(left, open_ones) else None
    finally:
        budget.take(search.work)


class _Search:
    def __init__(self, dimensions: Sequence[Options[Value]], chosen: list[tuple[int, Value]], budget: Budget) -> None:
        self.dimensions: Sequence[Options[object]] = dimensions
        self.chosen: list[tuple[int, object]] = chosen  # type: ignore[assignment]
        self.nodes = budget.nodes
        self.most = budget.of_one_question
        self.work = 0

    def kill(self, left: int, open_ones: list[int]) -> bool:
        """Whether the dimensions that are still open can kill what is left; then they are chosen so."""
        self.nodes -= 1
        if self.nodes < 0 or self.work > self.most:
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
            self.work += sum(len(self.dimensions[number]) for number in open_ones)
            if not found:
                return None
            if best is None or len(found) < len(best):
                best = found
                if len(best) == 1:
                    break
        if best is not None:
            best.sort(key=lambda one: -(one[1][0] & left).bit_count())
        return best
