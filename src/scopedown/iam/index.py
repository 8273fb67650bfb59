"""The statements of a policy set, found by action and by resource.

What cannot match a request is never asked: exact actions are looked up, patterns are only tried inside their own
service, and where many statements fit one action, those with another resource are left out by the literal beginning of
their patterns. What an action finds is kept, so the next request for it begins with its candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scopedown.iam.policyset import Layer, PolicySet
from scopedown.iam.rule import Place, Rule, action_globs, templates
from scopedown.iam.wildcard import Glob, Predicate, matcher

_KEPT = 4096
"""Actions whose candidates are kept; more than any one policy set is asked about, and a bound on what it can hold."""
_MANY = 8
"""Statements from which on a second look-up by resource pays."""


class Group:
    """Rules that fit one action, in order; :meth:`of` leaves out what the resource excludes."""

    __slots__ = ("_exact", "_heads", "_rest", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._exact: dict[str, list[Rule]] = {}
        self._heads: list[tuple[int, dict[str, list[Rule]]]] = []
        self._rest: tuple[Rule, ...] = self.rules
        if len(rules) > _MANY:
            self._arrange()

    def _arrange(self) -> None:
        rest: list[Rule] = []
        by_length: dict[int, dict[str, list[Rule]]] = {}
        for rule in self.rules:
            heads = _heads(rule)
            if heads is None:
                rest.append(rule)
                continue
            for head, whole in heads:
                table = self._exact if whole else by_length.setdefault(len(head), {})
                table.setdefault(head, []).append(rule)
        self._rest = tuple(rest)
        self._heads = sorted(by_length.items())

    def of(self, resource: str) -> Iterable[Rule]:
        """The rules whose resource patterns can match; a rule may come twice."""
        if self._rest is self.rules:
            return self.rules
        found = list(self._rest)
        found += self._exact.get(resource, ())
        for length, table in self._heads:
            found += table.get(resource[:length], ())
        return found

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __bool__(self) -> bool:
        return bool(self.rules)


def _heads(rule: Rule) -> list[tuple[str, bool]] | None:
    """The literal beginning of each resource pattern, and whether it is all of it; None where one begins open."""
    if rule.statement.resource is None:
        return None
    out: list[tuple[str, bool]] = []
    for pattern in templates(rule.statement.resource, rule.place.policy):
        if not pattern or not isinstance(pattern[0], str):
            return None
        out.append((pattern[0], len(pattern) == 1))
    return out


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
            kept = self._kept[lower_action] = Candidates(self.rules[number] for number in self._numbers(lower_action))
        return kept

    def _numbers(self, action: str) -> list[int]:
        found = set(self._exact.get(action, ()))
        for test, number in self._patterns.get(action.partition(":")[0], ()):
            if test(action):
                found.add(number)
        for tests, complement, number in self._open:
            if any(test(action) for test in tests) is not complement:
                found.add(number)
        return sorted(found)


def _service(pattern: Glob) -> str | None:
    """The service that an action pattern is about, or None where it may be about several."""
    head = pattern[0] if pattern else ""
    return head.partition(":")[0] if isinstance(head, str) and ":" in head else None
