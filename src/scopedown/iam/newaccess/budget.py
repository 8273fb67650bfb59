"""What a comparison may spend: hostile policies have a hard question in every statement.

Work is counted and not timed, so that the same policies get the same answer everywhere. Its unit is what a walk takes
to compare two states (:data:`scopedown.iam.language.WORK`), about a seventh of a microsecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scopedown.iam.errors import LimitError
from scopedown.iam.language import Steps, Walk

ALL = 4_000_000
"""The work of one comparison, about a second; real policies take 0.4 million at most (bench/README.md)."""
PLAIN = 1_000_000
"""Of it, what is kept for plain questions: with no more left, nothing is walked or searched any more."""
OF_ONE_QUESTION = 1_500_000
"""The work of one walk or search."""
STATES = 20_000
"""States that one walk may visit."""
SEARCHES = 3
"""Searches and walks that may give up; what would be hard after them is not tried."""
NODES = 20_000
"""Nodes of one search before it gives up."""
OF_A_TEST = 4
"""The work of one test of a condition."""
OF_A_BLOCK = 64
"""The work that one block is in one question of :meth:`~scopedown.iam.newaccess.find.Finder.solve`, at the least."""


@dataclass(slots=True)
class Budget:
    """What a comparison may still spend. ``hard`` counts the questions that may be given up."""

    hard: int = SEARCHES
    left: int = ALL

    @property
    def spent(self) -> bool:
        """Whether nothing hard is tried any more."""
        return self.hard <= 0 or self.left <= PLAIN

    @property
    def over(self) -> bool:
        """Whether nothing is tried any more."""
        return self.left <= 0

    @property
    def nodes(self) -> int:
        """Nodes of the next search."""
        return 200 if self.spent else NODES

    @property
    def of_one_question(self) -> int:
        """The work of the next walk or search."""
        return max(0, min(OF_ONE_QUESTION, self.left - PLAIN if not self.spent else self.left // 10))

    def take(self, work: int) -> None:
        """Count work that was done."""
        self.left -= work

    def least(self, patterns: Sequence[Steps], more: Iterable[int], less: Iterable[int]) -> list[str]:
        """The texts of :meth:`~scopedown.iam.language.Walk.least`. Raises LimitError where it would cost too much."""
        walk = self._walk(patterns)
        try:
            return list(walk.least(more, less).values())
        finally:
            self.take(walk.work)

    def classes(self, patterns: Sequence[Steps]) -> list[str]:
        """The texts of :meth:`~scopedown.iam.language.Walk.classes`. Raises LimitError where it would cost too much."""
        walk = self._walk(patterns)
        try:
            return list(walk.classes().values())
        finally:
            self.take(walk.work)

    def _walk(self, patterns: Sequence[Steps]) -> Walk:
        if self.spent:
            raise LimitError(TOO_MANY)
        return Walk(patterns, states=STATES, most=self.of_one_question)


TOO_MANY = "the policies have too many combinations"
