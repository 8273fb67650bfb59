"""What a resource's properties give besides what is compared of it: policies, roles, access by other means, and
limits.

In: a resource. Out: the values of the properties that ``grants.tsv`` names (``tools/grant_properties.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.tables import read_rows
from scopedown.project.intrinsics import is_intrinsic

_DEEPEST: Final = 60


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One property of a type: the keys on the way to it, what it holds (``policy``, ``role``, ``access`` or ``limit``)
    and the value that gives nothing."""

    keys: tuple[str, ...]
    holds: str
    nothing: str

    def values(self, properties: Any) -> Iterator[tuple[str, Any]]:
        """The values of the property, each with its path; those of both branches of an ``Fn::If``."""
        yield from _values(properties, self.keys, "", 0)


@lru_cache(maxsize=1)
def grant_rows() -> Mapping[str, tuple[GrantRow, ...]]:
    """The rows, by CloudFormation's or Terraform's type."""
    found: dict[str, list[GrantRow]] = {}
    for row in read_rows(Path(__file__).with_name("grants.tsv"), ("type", "property", "holds", "nothing")):
        keys = tuple(row["property"].split(".")) if row["property"] else ()
        found.setdefault(row["type"], []).append(GrantRow(keys, row["holds"], row["nothing"]))
    return {type: tuple(rows) for type, rows in found.items()}


def leaves(tree: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any, bool]]:
    """The single values of a tree: the path without places in lists, the value, and whether it is in a list."""
    if isinstance(tree, Mapping) and (not is_intrinsic(tree) or "Fn::If" in tree) and depth < _DEEPEST:
        branches = _branches(tree)
        if branches is not None:
            for one in branches:
                yield from leaves(one, path, depth + 1)
            return
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(tree, list | tuple) and depth < _DEEPEST:
        yield from ((at, value, True) for one in tree for at, value, _ in leaves(one, path, depth + 1))
    elif tree is not None and tree != {"Ref": "AWS::NoValue"}:
        yield path, tree, False


def _branches(tree: Mapping[str, Any]) -> list[Any] | None:
    found = tree.get("Fn::If") if len(tree) == 1 else None
    return found[1:] if isinstance(found, list) and len(found) == 3 else None


def _values(tree: Any, keys: tuple[str, ...], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(tree, list | tuple):
        if keys:
            for one in tree:
                yield from _values(one, keys, path, depth + 1)
        elif tree:
            yield path, tree
    elif isinstance(tree, Mapping) and (branches := _branches(tree)) is not None:
        for one in branches:
            yield from _values(one, keys, path, depth + 1)
    elif not keys:
        if tree is not None and tree != {"Ref": "AWS::NoValue"}:
            yield path, tree
    elif isinstance(tree, Mapping) and not is_intrinsic(tree):
        first, *others = keys
        for key, value in tree.items():
            inner = f"{path}.{key}" if path else str(key)
            if first == "**":
                yield from _values(value, tuple(others[1:]) if key == others[0] else keys, inner, depth + 1)
            elif first in ("*", key):
                yield from _values(value, tuple(others), inner, depth + 1)
    elif is_intrinsic(tree):  # what is below is known only at the deployment
        yield path, tree
