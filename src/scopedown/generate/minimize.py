"""Grants made small and stable: a tuple of passes, each a function from grants to grants.

A grant is a set of actions on a set of ARNs under conditions. No pass changes what is granted: for every (action, ARN,
conditions) that went in, the result holds the action with the ARN itself or with one that covers it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from scopedown.core.text import AnyText, Literal, Text, Unknown
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
    free = {action: grant.resources for grant in grants if not grant.conditions for action in grant.actions}
    kept = []
    for grant in grants:
        resources = dict(grant.resources)
        if grant.conditions:
            for action in grant.actions:
                wide = free.get(action, {}).values()
                resources = {k: arn for k, arn in resources.items() if not any(covers(w, arn) for w in wide)}
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
    groups: dict[object, Grant] = {}
    for grant in grants:
        key = same(grant)
        known = groups.get(key)
        if known is None:
            groups[key] = grant
            continue
        because = dict.fromkeys(map(_ByIdentity, (*known.because, *grant.because)))
        groups[key] = Grant(
            known.actions | grant.actions,
            {**known.resources, **grant.resources},
            known.conditions,
            tuple(reason.value for reason in because),
        )
    return list(groups.values())


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
    """The resources that no other one covers."""
    kept: dict[str, Text] = {}
    patterns: list[Text] = []
    """Those of them that can cover another: an exact ARN covers itself alone."""
    for key in sorted(resources, key=lambda key: (len(key), key)):
        one = resources[key]
        if any(covers(other, one) for other in patterns):
            continue
        if _is_pattern(one):
            kept = {name: arn for name, arn in kept.items() if not covers(one, arn)}
            patterns = [*(arn for arn in patterns if not covers(one, arn)), one]
        kept[key] = one
    return {key: kept[key] for key in sorted(kept)}


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


def _is_pattern(arn: Text) -> bool:
    return any(
        "*" in part.value or "?" in part.value if isinstance(part, Literal) else isinstance(part, AnyText | Unknown)
        for part in arn.parts
    )


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
