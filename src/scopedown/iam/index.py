"""The statements of a policy set, found by action and by resource.

What cannot match a request is never asked: exact actions are looked up, patterns are only tried inside their own
service, and where several statements fit one action, those with another resource are left out by the beginnings or the
words of their patterns. What an action finds is kept, so the next request for it begins with its candidates.

Heads are the literal beginnings of patterns: one look-up for each length that a head has. Where heads have few lengths,
this takes less time than cutting a text into words (:mod:`scopedown.iam.words`), and what is found needs no merging:
all heads that begin a text also begin the longest of them. Patterns that all begin alike can only be told apart by
their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from scopedown.iam.policyset import Layer, PolicySet
from scopedown.iam.rule import MANY, Place, Rule, action_globs
from scopedown.iam.variables import Template
from scopedown.iam.wildcard import ANYTHING, Glob, Predicate, matcher
from scopedown.iam.words import Words

Value = TypeVar("Value")
_LENGTHS = 8
"""How many lengths are looked up at most: with more, a look-up by words is faster."""


def by_heads(
    patterns: Iterable[tuple[Sequence[object], int]], always: Sequence[int], values: Sequence[Value], most: int
) -> Callable[[str], Sequence[Value]] | None:
    """A look-up from a text to those ``values`` whose patterns may match it, in order.

    A pattern comes with the number of its value; whatever is not text in it is a wildcard. The values numbered in
    ``always`` are found for every text. None where the heads have too many lengths, or where more than ``most`` values
    share a head: so what is kept grows no faster than the patterns.
    """
    whole: dict[str, set[int]] = {}
    begun: dict[str, set[int]] = {}
    for pattern, number in patterns:
        head = pattern[0] if pattern and isinstance(pattern[0], str) else ""
        (whole if len(pattern) == 1 and head else begun).setdefault(head, set()).add(number)
    lengths = sorted({len(head) for head in begun}, reverse=True)
    if len(lengths) > _LENGTHS or any(len(numbers) > most for numbers in (always, *begun.values())):
        return None

    def found(text: str, numbers: set[int]) -> tuple[Value, ...]:
        shorter = (begun.get(text[:length], ()) for length in lengths if length <= len(text))
        return tuple(values[number] for number in sorted(numbers.union(always, *shorter)))

    exact = {text: found(text, numbers) for text, numbers in whole.items()}
    tables = [{head: found(head, begun[head]) for head in begun if len(head) == length} for length in lengths]
    by_length = list(zip(lengths, tables, strict=True))
    otherwise = tuple(values[number] for number in always)

    def of(text: str) -> Sequence[Value]:
        if (same := exact.get(text)) is not None:
            return same
        for length, table in by_length:
            if (longest := table.get(text[:length])) is not None:
                return longest
        return otherwise

    return of


_KEPT = 4096
"""Actions whose candidates are kept; more than any one policy set is asked about, and a bound on what it can hold."""
_FEW = 2
"""How many statements are asked one after the other, because a look-up by resource takes as long."""


class Group:
    """Rules that fit one action, in order. ``of(resource)`` gives those whose resource patterns can match, in order."""

    __slots__ = ("of", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.of: Callable[[str], Sequence[Rule]] = self._first if len(rules) > _FEW else _all(self.rules)

    def _first(self, resource: str) -> Sequence[Rule]:
        """Arranged at first use: most groups of a large policy are never asked."""
        self.of = self._arranged()
        return self.of(resource)

    def _arranged(self) -> Callable[[str], Sequence[Rule]]:
        rules = self.rules
        always: list[int] = []
        patterns: list[tuple[Template, int]] = []
        for number, rule in enumerate(rules):
            if rule.statement.resource is None or any(not pattern or pattern == ANYTHING for pattern in rule.templates):
                always.append(number)
            else:
                patterns += ((pattern, number) for pattern in rule.templates)
        if (look_up := by_heads(patterns, always, rules, MANY)) is not None:
            return look_up
        if len(rules) <= MANY:
            return _all(rules)
        words = Words(patterns)

        def of(resource: str) -> Sequence[Rule]:
            found = words.of(resource)
            if always:
                found.append(always)
            numbers = found[0] if len(found) == 1 else sorted({number for some in found for number in some})
            return [rules[number] for number in numbers]

        return of

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)


def _all(rules: Sequence[Rule]) -> Callable[[str], Sequence[Rule]]:
    return lambda resource: rules


class Candidates:
    """What fits one action: denies in the order of asking, and allows by layer (by level where a layer has levels)."""

    __slots__ = ("_own", "allow", "deny", "level_allow")

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
        self._own: Group | None = None

    @property
    def own(self) -> Group:
        """Denies, then the identity policies' allows: the first that matches decides where no other layer has a say."""
        if self._own is None:
            self._own = Group((*self.deny.rules, *self.allow[Layer.IDENTITY].rules))
        return self._own


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
