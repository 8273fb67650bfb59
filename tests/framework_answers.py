"""How the framework's answers are compared with ours, in the golden cases and when the framework itself is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def forget(tree: Any, path: tuple[str, ...]) -> None:
    """Set the value at a path to null: where the framework refuses it leaves the text, and we say Unknown."""
    for key in path[:-1]:
        tree = tree[int(key) if isinstance(tree, list) else key]
    tree[int(path[-1]) if isinstance(tree, list) else path[-1]] = None


def numbers(value: Any) -> Any:
    """JavaScript has one kind of number."""
    if isinstance(value, Mapping):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
