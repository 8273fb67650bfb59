"""A plan's permissions as policy documents: few statements, in as few documents as a quota allows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from scopedown.core.text import Text
from scopedown.deploy.model import DeployPermission
from scopedown.deploy.shrink import any_value, factored
from scopedown.generate.document import MANAGED_CHARACTERS, VERSION, generate, size
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource

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
