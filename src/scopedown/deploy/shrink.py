"""Policies made shorter that grant the same: quotas count characters, and many functions' ARNs are repeated a lot.

Two rewritings, each an equivalence. Permissions that differ in the values of their one condition become one whose
condition takes any of the values. Statements that share resources are split at what they share, where that saves
characters: ``A on x, y`` and ``B on x, y, z`` become ``A, B on x, y`` and ``B on z``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from scopedown.deploy.model import DeployPermission

OVERHEAD = len('{"Effect":"Allow","Action":[],"Resource":[]},')
"""Characters of a statement beside its actions, resources and conditions."""


def any_value(permissions: Iterable[DeployPermission]) -> list[DeployPermission]:
    """Permissions with equal action and resources and a single, equal condition key as one with all its values.

    True for operators that compare with any of their values; those that negate are left alone.
    """
    found: dict[object, list[DeployPermission]] = {}
    for number, one in enumerate(permissions):
        single = [(operator, key) for operator, keys in one.conditions.items() for key in keys]
        joins = len(single) == 1 and "Not" not in single[0][0]
        found.setdefault((one.action, one.resources, *single[0]) if joins else number, []).append(one)
    return [_any_of(alike) for alike in found.values()]


def _any_of(alike: list[DeployPermission]) -> DeployPermission:
    first = alike[0]
    if len(alike) == 1:
        return first
    values = {
        operator: {key: tuple(dict.fromkeys(value for one in alike for value in one.conditions[operator][key]))}
        for operator, keys in first.conditions.items()
        for key in keys
    }
    return replace(first, because=tuple(reason for one in alike for reason in one.because), conditions=values)


@dataclass(frozen=True, slots=True)
class _Grant:
    actions: frozenset[str]
    resources: frozenset[str]

    @property
    def cost(self) -> int:
        """Its characters in a document, without its conditions."""
        return OVERHEAD + _characters(self.actions) + _characters(self.resources)


def factored(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements with resources that several share written less often, sorted as they came to be."""
    groups: dict[str, list[_Grant]] = {}
    for statement in statements:
        key = json.dumps(statement.get("Condition"), sort_keys=True)
        groups.setdefault(key, []).append(_Grant(frozenset(statement["Action"]), frozenset(statement["Resource"])))
    found: list[dict[str, Any]] = []
    for key, grants in groups.items():
        condition = json.loads(key)
        beside = {} if condition is None else {"Condition": condition}
        overhead = len(json.dumps(beside, separators=(",", ":"))) if beside else 0
        found += [
            {"Effect": "Allow", "Action": sorted(grant.actions), "Resource": sorted(grant.resources), **beside}
            for grant in _shortened(grants, overhead)
        ]
    return sorted(found, key=lambda one: (one["Action"], one["Resource"], json.dumps(one.get("Condition"))))


def _shortened(grants: list[_Grant], overhead: int) -> list[_Grant]:
    """The best rewriting of a pair, again and again, until none saves a character."""
    while True:
        best: tuple[int, int, int, list[_Grant]] | None = None
        for i, one in enumerate(grants):
            for j in range(i + 1, len(grants)):
                parts = _split(one, grants[j])
                if parts is None:
                    continue
                saved = one.cost + grants[j].cost - sum(part.cost for part in parts) + overhead * (2 - len(parts))
                if saved > 0 and (best is None or saved > best[0]):
                    best = (saved, i, j, parts)
        if best is None:
            return grants
        _, i, j, parts = best
        grants = [one for number, one in enumerate(grants) if number not in (i, j)] + parts


def _split(one: _Grant, other: _Grant) -> list[_Grant] | None:
    """Two grants split at the resources that they share; None where they share none."""
    shared = one.resources & other.resources
    if not shared:
        return None
    rests = [_Grant(grant.actions, rest) for grant in (one, other) if (rest := grant.resources - shared)]
    return [_Grant(one.actions | other.actions, shared), *rests]


def _characters(names: Iterable[str]) -> int:
    return sum(len(name) + 3 for name in names)
