"""The needs of a role's functions, found by their action or their resource without going through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from scopedown.compare.asked_of import is_asked_elsewhere
from scopedown.compare.grant_prefilter import Beginnings, beginning, given
from scopedown.compare.statement import Need
from scopedown.core.text import Text


class NeedIndex:
    """``needs`` in their order; what is found comes in that order too."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self.needs = needs

    @cached_property
    def by_action(self) -> Mapping[str, Sequence[Need]]:
        """The needs of each action."""
        found: dict[str, list[Need]] = {}
        for need in self.needs:
            found.setdefault(need.permission.action, []).append(need)
        return found

    def near(self, forms: Iterable[Text]) -> Iterator[Need]:
        """The needs that may be on a resource of these forms."""
        forms = tuple(forms)
        if any(map(given, forms)):
            return iter(self.needs)
        by_beginning, others = self._by_beginning
        return (self.needs[number] for number in sorted(by_beginning.numbers(map(beginning, forms)) | others))

    def alike(self, need: Need) -> Sequence[Need]:
        """The needs of one function for one permission, of which a need is one."""
        return self._alike[id(need.function), id(need.permission)]

    def number_of(self, need: Need) -> int:
        """The place of a need among the needs."""
        return self._numbers[id(need)]

    @cached_property
    def _by_beginning(self) -> tuple[Beginnings[None], frozenset[int]]:
        """The needs by how their resources begin, and those that may be on a resource that begins in another way."""
        others = frozenset(
            number
            for number, need in enumerate(self.needs)
            if not need.known or any(map(given, need.forms)) or is_asked_elsewhere(need.permission.action)
        )
        return Beginnings((need.heads, None) for need in self.needs), others

    @cached_property
    def _alike(self) -> Mapping[tuple[int, int], Sequence[Need]]:
        found: dict[tuple[int, int], list[Need]] = {}
        for need in self.needs:
            found.setdefault((id(need.function), id(need.permission)), []).append(need)
        return found

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        return {id(need): number for number, need in enumerate(self.needs)}
