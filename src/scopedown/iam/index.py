"""The statements of a policy set, found by action and by resource.

What cannot match a request is never asked: exact actions are looked up, patterns are only tried inside their own
service, and where many statements fit one action, those with another resource are left out by the words of their
patterns. What an action finds is kept, so the next request for it begins with its candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scopedown.iam.policyset import Layer, PolicySet
from scopedown.iam.rule import MANY, Place, Rule, action_globs
from scopedown.iam.variables import Template
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, matcher
from scopedown.iam.words import Words

_KEPT = 4096
"""Actions whose candidates are kept; more than any one policy set is asked about, and a bound on what it can hold."""


class Group:
    """Rules that fit one action, in order; :meth:`of` leaves out what the resource excludes."""

    __slots__ = ("_exact", "_heads", "_open", "_words", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._heads: tuple[str, ...] | None = None
        """What a resource begins with that one of a few rules matches; None where nothing is known of that."""
        self._exact: dict[str, list[int]] = {}
        self._open: list[int] = []
        """Rules that any resource may match, by their number."""
        self._words: Words[int] | None = None
        if len(rules) > MANY:
            self._words = Words(list(self._arranged()))
        elif len(rules) > 1:
            self._heads = _heads(rules)

    def _arranged(self) -> Iterator[tuple[Template, int]]:
        """The patterns with wildcards; what is exact or open is put where it is found."""
        for number, rule in enumerate(self.rules):
            if rule.statement.resource is None or any(not pattern or pattern == ANYTHING for pattern in rule.templates):
                self._open.append(number)
                continue
            for pattern in rule.templates:
                if len(pattern) == 1 and isinstance(pattern[0], str):
                    self._exact.setdefault(pattern[0], []).append(number)
                else:
                    yield pattern, number

    def of(self, resource: str) -> Iterable[Rule]:
        """The rules whose resource patterns can match, in order."""
        if self._words is None:
            return self.rules if self._heads is None or resource.startswith(self._heads) else ()
        found = self._words.of(resource)
        if self._open:
            found.append(self._open)
        if resource in self._exact:
            found.append(self._exact[resource])
        numbers = found[0] if len(found) == 1 else sorted({number for some in found for number in some})
        return [self.rules[number] for number in numbers]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)


def _heads(rules: Sequence[Rule]) -> tuple[str, ...] | None:
    """What the resources of some rules begin with, or None where one of the rules may match any beginning."""
    found: set[str] = set()
    for rule in rules:
        if rule.statement.resource is None:
            return None
        for pattern in rule.templates:
            head = pattern[0] if pattern else None
            if not isinstance(head, str):
                return None
            found.add(head)
    return tuple(sorted(found))


class Candidates:
    """What fits one action: denies in the order of asking, and allows by layer (by level where a layer has levels)."""

    __slots__ = ("allow", "deny", "level_allow")

    def __init__(self, rules: Iterable[Rule]) -> None:
        deny: list[Rule] = []
        allow: dict[Layer, list[Rule]] = {}
        levels: dict[tuple[Layer, int], list[Rule]] = {}
        for rule in rules:
            if not rule.allow:
                deny.append(rule)
            elif rule.place.layer in (Layer.SCP, Layer.RCP):
                levels.setdefault((rule.place.layer, rule.place.level), []).append(rule)
            else:
                allow.setdefault(rule.place.layer, []).append(rule)
        self.deny = Group(deny)
        self.allow = tuple(Group(allow.get(layer, ())) for layer in Layer)
        self.level_allow = {key: Group(found) for key, found in levels.items()}


class Index:
    """Every rule of a policy set by action."""

    def __init__(self, policies: PolicySet) -> None:
        self.rules = [
            Rule(Place(layer, level, policy, number))
            for layer, level, policy in policies.layers()
            for number in range(len(policy.statements))
        ]
        self._exact: dict[str, list[int]] = {}
        self._patterns: dict[str, list[tuple[Predicate, int]]] = {}
        self._open: list[tuple[list[Predicate], bool, int]] = []
        self._kept: dict[str, Candidates] = {}
        self._alike: dict[tuple[int, ...], Candidates] = {}
        """The same by statements: many actions of a policy are spoken of by the same ones."""
        for number, rule in enumerate(self.rules):
            self._add(number, rule)

    def _add(self, number: int, rule: Rule) -> None:
        patterns, complement = action_globs(rule.statement)
        if complement or any(_service(pattern) is None for pattern in patterns):
            self._open.append(([matcher(pattern) for pattern in patterns], complement, number))
            return
        for pattern in patterns:
            if len(pattern) == 1 and isinstance(pattern[0], str):
                self._exact.setdefault(pattern[0], []).append(number)
            else:
                self._patterns.setdefault(_service(pattern) or "", []).append((matcher(pattern), number))

    def find(self, lower_action: str) -> Candidates:
        """The candidates of an action (in lower case)."""
        kept = self._kept.get(lower_action)
        if kept is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
                self._alike.clear()
            numbers = self.numbers(lower_action)
            kept = self._alike.get(numbers)
            if kept is None:
                kept = self._alike[numbers] = Candidates(self.rules[number] for number in numbers)
            self._kept[lower_action] = kept
        return kept

    def numbers(self, action: str) -> tuple[int, ...]:
        """Which statements speak of an action (in lower case), by their place among :attr:`rules`."""
        found = set(self._exact.get(action, ()))
        for test, number in self._patterns.get(action.partition(":")[0], ()):
            if test(action):
                found.add(number)
        for tests, complement, number in self._open:
            if any(test(action) for test in tests) is not complement:
                found.add(number)
        return tuple(sorted(found))


def _service(pattern: Glob) -> str | None:
    """The service that an action pattern is about, or None where it may be about several."""
    head = pattern[0] if pattern else ""
    return head.partition(":")[0] if isinstance(head, str) and ":" in head else None
