"""Equal permissions become one, with all their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable

from scopedown.permissions.model import Origin, RequiredPermission

_ORDER = {Origin.CODE: 0, Origin.HINT: 1, Origin.CONFIG: 2}


def in_order(permissions: Iterable[RequiredPermission]) -> list[RequiredPermission]:
    """Permissions by their origin, those of the code first, then by action."""
    return sorted(permissions, key=lambda one: (_ORDER[one.origin], one.action))


def merge(permissions: Iterable[RequiredPermission]) -> tuple[RequiredPermission, ...]:
    """One permission for each (action, resources, conditions, origin), in that order, its reasons in order of place.

    One without resources is needed on nothing, and goes.
    """
    groups: dict[tuple[str, tuple[str, ...], str, str], list[RequiredPermission]] = {}
    for permission in permissions:
        if not permission.resources:
            continue
        groups.setdefault(_key(permission), []).append(permission)
    merged = []
    for key in sorted(groups):
        first, *others = groups[key]
        if not others and len(first.because) < 2:
            merged.append(first)
            continue
        reasons = {repr(reason): reason for permission in (first, *others) for reason in permission.because}
        because = tuple(sorted(reasons.values(), key=lambda reason: (reason.place, repr(reason))))
        merged.append(RequiredPermission(first.action, first.resources, because, first.origin, first.conditions))
    return tuple(merged)


def _key(one: RequiredPermission) -> tuple[str, tuple[str, ...], str, str]:
    conditions = json.dumps(one.conditions, sort_keys=True, default=list) if one.conditions else "{}"
    return one.action, tuple(sorted(str(resource.arn) for resource in one.resources)), conditions, one.origin.value
