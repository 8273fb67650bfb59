"""Grants made small and stable: a tuple of passes, each a function from grants to grants.

A grant is a set of actions on a set of ARNs under conditions. No pass changes what is granted: for every (action, ARN,
conditions) that went in, the result holds the action with the ARN itself or with one that covers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scopedown.core.text import AnyText, Literal, Text, Unknown
from scopedown.iam.words import Words
from scopedown.permissions.model import Reason, RequiredPermission

Conditions = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
"""Conditions in a fixed order, so that they can be compared and sorted."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions allowed on resources, ARNs by their text; ``because`` are the reasons, kept for comments."""

    actions: frozenset[str]
    resources: Mapping[str, Text]
    conditions: Conditions = ()
    because: tuple[Reason, ...] = field(default=(), compare=False)

    @property
    def order(self) -> tuple[tuple[str, ...], tuple[str, ...], Conditions]:
        """What grants are sorted by: their actions, then their resources."""
        return tuple(sorted(self.actions)), tuple(sorted(self.resources)), self.conditions


def minimize(permissions: Iterable[RequiredPermission]) -> tuple[Grant, ...]:
    """The fewest statements' worth of grants that allow every permission and nothing beside, sorted."""
    grants = [_grant(permission) for permission in permissions]
    for change in PASSES:
        grants = sorted(change(grants), key=lambda one: one.order)
    return tuple(grants)


def _grant(one: RequiredPermission) -> Grant:
    conditions = tuple(
        (operator, tuple((key, tuple(sorted(values))) for key, values in sorted(keys.items())))
        for operator, keys in sorted(one.conditions.items())
    )
    resources = {str(resource.arn): resource.arn for resource in one.resources}
    return Grant(frozenset({one.action}), resources, conditions, one.because)


def join_resources_of_an_action(grants: list[Grant]) -> list[Grant]:
    """One grant for each action under the same conditions, with all its resources."""
    return _joined(grants, lambda one: (one.actions, one.conditions))


def drop_covered_resources(grants: list[Grant]) -> list[Grant]:
    """Of an action's resources, those that another one's wildcard covers go."""
    return [Grant(grant.actions, uncovered(grant.resources), grant.conditions, grant.because) for grant in grants]


def drop_covered_conditions(grants: list[Grant]) -> list[Grant]:
    """What an action may do unconditionally needs no second grant under a condition."""
    conditional = {action for grant in grants if grant.conditions for action in grant.actions}
    free = {
        action: Covering(grant.resources)
        for grant in grants
        if not grant.conditions
        for action in grant.actions
        if action in conditional
    }
    kept = []
    for grant in grants:
        resources = dict(grant.resources)
        if grant.conditions:
            for action in grant.actions & free.keys():
                resources = {key: arn for key, arn in resources.items() if not any(free[action].of(arn))}
        if resources:
            kept.append(Grant(grant.actions, resources, grant.conditions, grant.because))
    return kept


def join_actions_on_the_same_resources(grants: list[Grant]) -> list[Grant]:
    """Actions with equal resources and conditions share a statement."""
    return _joined(grants, lambda one: (frozenset(one.resources), one.conditions))


Pass = Callable[[list[Grant]], list[Grant]]

PASSES: tuple[Pass, ...] = (
    join_resources_of_an_action,
    drop_covered_resources,
    drop_covered_conditions,
    join_actions_on_the_same_resources,
)


def _joined(grants: list[Grant], same: Callable[[Grant], object]) -> list[Grant]:
    groups: dict[object, list[Grant]] = {}
    for grant in grants:
        groups.setdefault(same(grant), []).append(grant)
    return [group[0] if len(group) == 1 else _one_of(group) for group in groups.values()]


def _one_of(grants: list[Grant]) -> Grant:
    because = dict.fromkeys(_ByIdentity(reason) for grant in grants for reason in grant.because)
    return Grant(
        frozenset().union(*(grant.actions for grant in grants)),
        {key: arn for grant in grants for key, arn in grant.resources.items()},
        grants[0].conditions,
        tuple(reason.value for reason in because),
    )


class _ByIdentity:
    """A reason as a key: calls hold mappings and so have no hash."""

    __slots__ = ("value",)

    def __init__(self, value: Reason) -> None:
        self.value = value

    def __hash__(self) -> int:
        return hash(self.value.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.value == other.value


def uncovered(resources: Mapping[str, Text]) -> dict[str, Text]:
    """The resources that no other one covers; of those that cover each other, the shortest."""
    if len(resources) < 2:
        return dict(resources)
    order = {key: number for number, key in enumerate(sorted(resources, key=lambda key: (len(key), key)))}
    wide = Covering(resources)
    return {
        key: resources[key]
        for key in sorted(resources)
        if not any(
            order[other] < order[key] or not covers(resources[key], resources[other])
            for other in wide.of(resources[key])
            if other != key
        )
    }


class Covering:
    """Resources, to be asked which of them cover another one. An exact ARN covers itself alone."""

    def __init__(self, resources: Mapping[str, Text]) -> None:
        self._resources = resources
        self._exact: dict[Text, str] = {}
        wide = []
        for key, arn in resources.items():
            if len(pieces := _WILD.split(_signed(arn))) > 1:
                wide.append(([part for piece in pieces for part in (piece, None)][:-1], key))
            else:
                self._exact[arn] = key
        self._wide = Words(wide)

    def of(self, arn: Text) -> Iterator[str]:
        """The keys of the resources that cover one."""
        if arn in self._exact:
            yield self._exact[arn]
        keys = (key for some in self._wide.of(_signed(arn)) for key in some)
        yield from (key for key in keys if covers(self._resources[key], arn))


_WILD = re.compile("[*?]")


def _signed(arn: Text) -> str:
    """An ARN in one line, in which equal texts are equal: wildcards as they are written, a sign for each reference."""
    return "".join(
        part.value if isinstance(part, Literal) else "*" if isinstance(part, AnyText | Unknown) else f"\0{part!r}\0"
        for part in arn.parts
    )


_STAR, _ONE = object(), object()


def covers(wide: Text, narrow: Text) -> bool:
    """Whether every ARN that ``narrow`` can be is one that ``wide`` matches.

    Both are patterns: ``*`` and what is not known stand for any text, ``?`` for one character, a reference for a text
    that is not known but the same wherever it is written (and so only ``*`` or itself covers it).

    >>> covers(Text.of("arn:aws:s3:::b/*"), Text.of("arn:aws:s3:::b/a/*"))
    True
    """
    pattern, text = _tokens(wide), _tokens(narrow)
    at, seen, star, mark = 0, 0, -1, 0
    while seen < len(text):
        if at < len(pattern) and pattern[at] is _STAR:
            star, mark = at, seen
            at += 1
        elif at < len(pattern) and text[seen] is not _STAR and _matches(pattern[at], text[seen]):
            at += 1
            seen += 1
        elif star >= 0:
            at, mark = star + 1, mark + 1
            seen = mark
        else:
            return False
    return all(one is _STAR for one in pattern[at:])


def _matches(wanted: object, one: object) -> bool:
    return wanted == one or (wanted is _ONE and (isinstance(one, str) or one is _ONE))


def _tokens(text: Text) -> list[object]:
    found: list[object] = []
    for part in text.parts:
        if isinstance(part, Literal):
            found += (_STAR if c == "*" else _ONE if c == "?" else c for c in part.value)
        elif isinstance(part, AnyText | Unknown):
            found.append(_STAR)
        else:
            found.append(part)
    return found
