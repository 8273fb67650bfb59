"""The needs of a role's functions, found by their action or their resource without going through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from scopedown.compare.asked_of import is_asked_elsewhere
from scopedown.compare.grant_prefilter import Beginnings, beginning, given
from scopedown.compare.statement import Need
from scopedown.core.text import Text
from scopedown.iam.wildcard import among


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

    def near(self, actions: tuple[str, ...], forms: Iterable[Text]) -> Iterator[Need]:
        """The needs of actions of these patterns that may be on a resource of these forms."""
        forms = tuple(forms)
        is_given, heads = any(map(given, forms)), tuple(map(beginning, forms))
        found: list[int] = []
        for action, (by_beginning, others, every) in self._by_beginning.items():
            if among(actions, action.lower()):
                found += every if is_given else (*by_beginning.near(heads), *others)
        return (self.needs[number] for number in sorted(dict.fromkeys(found)))

    def alike(self, need: Need) -> Sequence[Need]:
        """The needs of one function for one permission, of which a need is one."""
        return self._alike[id(need.function), id(need.permission)]

    def number_of(self, need: Need) -> int:
        """The place of a need among the needs."""
        return self._numbers[id(need)]

    @cached_property
    def _by_beginning(self) -> Mapping[str, tuple[Beginnings[int], Sequence[int], Sequence[int]]]:
        """The places of each action's needs: by how their resources begin, those that may be on a resource that begins
        in another way, and all."""
        found = {}
        for action, needs in self.by_action.items():
            every = [self.number_of(need) for need in needs]
            is_elsewhere = is_asked_elsewhere(action)
            others = [
                number
                for number, need in zip(every, needs, strict=True)
                if is_elsewhere or not need.known or any(map(given, need.forms))
            ]
            found[action] = Beginnings((self.needs[one].heads, one) for one in every), others, every
        return found

    @cached_property
    def _alike(self) -> Mapping[tuple[int, int], Sequence[Need]]:
        found: dict[tuple[int, int], list[Need]] = {}
        for need in self.needs:
            found.setdefault((id(need.function), id(need.permission)), []).append(need)
        return found

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        return {id(need): number for number, need in enumerate(self.needs)}
