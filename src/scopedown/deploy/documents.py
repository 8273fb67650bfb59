"""A plan's permissions as policy documents: few statements, in as few documents as a quota allows.

Policies are made shorter that grant the same: quotas count characters, and many functions' ARNs are repeated a lot.
Two rewritings, each an equivalence. Permissions that differ in the values of their one condition become one whose
condition takes any of the values. Statements that share resources are split at what they share, where that saves
characters: ``A on x, y`` and ``B on x, y, z`` become ``A, B on x, y`` and ``B on z``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from scopedown.core.text import Text
from scopedown.deploy.model import DeployPermission
from scopedown.generate.document import MANAGED_CHARACTERS, VERSION, generate, size
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource

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


INLINE_CHARACTERS = 2_048
"""Characters without white space of all inline policies of a user
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
MAX_STEPS = 20_000
"""Steps of the search for fewer documents than the first attempt found."""
MAX_SEARCHED = 500
"""Statements of which the fewest documents are looked for: each is a level of the search."""

__all__ = ["INLINE_CHARACTERS", "MANAGED_CHARACTERS", "documents", "written"]

Piece = tuple[int, int, dict[str, Any]]
"""A statement with its characters (and the comma before it) and its place among all."""


def documents(permissions: Iterable[DeployPermission], limit: int = MANAGED_CHARACTERS) -> list[dict[str, Any]]:
    """Policy documents of plain data (every value a list or text), each within ``limit`` characters.

    A statement that is larger by itself is cut, by its resources and then by its actions. The fewest documents are
    looked for; statements keep their order inside of each.
    """
    whole = _plain(generate(_required(permission) for permission in any_value(permissions)))
    statements = [piece for one in factored(whole["Statement"]) for piece in _cut(one, limit)]
    pieces = [(_length(one) + 1, place, one) for place, one in enumerate(statements)]
    found = _packed(pieces, limit - size({"Version": VERSION, "Statement": []}) + 1)
    parts = [sorted(part, key=lambda piece: piece[1]) for part in found]
    return [_document([one for _, _, one in part]) for part in sorted(parts, key=lambda part: part[0][1])] or [whole]


def written(document: dict[str, Any]) -> str:
    """A document as it stands in a file."""
    return json.dumps(document, indent=2) + "\n"


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": statements}


def _length(statement: dict[str, Any]) -> int:
    return len(json.dumps(statement, separators=(",", ":")))


def _cut(one: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    """A statement in as many halves as it takes for each to fit in a document of its own."""
    if size(_document([one])) <= limit:
        return [one]
    name = "Resource" if len(one["Resource"]) > 1 else "Action"
    items = one[name]
    if len(items) < 2:
        return [one]
    middle = len(items) // 2
    return [piece for half in (items[:middle], items[middle:]) for piece in _cut({**one, name: half}, limit)]


def _packed(pieces: list[Piece], room: int) -> list[list[Piece]]:
    """The pieces in the fewest bins of ``room`` characters that are found."""
    ordered = sorted(pieces, key=lambda piece: (-piece[0], piece[1]))
    best = _first_fit(ordered, room)
    if len(ordered) > MAX_SEARCHED:
        return best
    fewest = -(-sum(length for length, _, _ in pieces) // room)
    for count in range(max(fewest, 1), len(best)):
        if (found := _search(ordered, room, count)) is not None:
            return found
    return best


def _first_fit(ordered: list[Piece], room: int) -> list[list[Piece]]:
    bins: list[list[Piece]] = []
    left: list[int] = []
    for piece in ordered:
        at = next((number for number, free in enumerate(left) if piece[0] <= free), len(bins))
        if at == len(bins):
            bins.append([])
            left.append(room)
        bins[at].append(piece)
        left[at] -= piece[0]
    return bins


def _search(ordered: list[Piece], room: int, count: int) -> list[list[Piece]] | None:
    """A way to put the pieces into so many bins; None where there is none, or none was found in :data:`MAX_STEPS`."""
    bins: list[list[Piece]] = [[] for _ in range(count)]
    left = [room] * count
    steps = 0

    def place(number: int) -> bool:
        nonlocal steps
        if number == len(ordered):
            return True
        steps += 1
        tried: set[int] = set()
        for at in range(count):
            if steps > MAX_STEPS or left[at] in tried or ordered[number][0] > left[at]:
                continue
            tried.add(left[at])
            bins[at].append(ordered[number])
            left[at] -= ordered[number][0]
            if place(number + 1):
                return True
            left[at] += ordered[number][0]
            bins[at].pop()
        return False

    return bins if place(0) else None


def _required(one: DeployPermission) -> RequiredPermission:
    resources = tuple(Resource(Text.of(arn), Certainty.RESOLVED) for arn in one.resources)
    return RequiredPermission(one.action, resources, (), Origin.CONFIG, one.conditions)


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
