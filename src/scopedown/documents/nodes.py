"""Containers that know where they stand: the trees that documents are read into.

A :class:`MapNode` is a ``dict`` and a :class:`ListNode` a ``list``; beside their content they keep their own place, and
those of their keys, values and items, so that places travel with the data through merging and resolving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place

_BASE: Final = Place("")
GONE: Final = object()
"""What a visit of :func:`rewritten` gives for a child that is left out."""


class MapNode(dict[str, Any]):
    """A mapping that knows its own place, and the places of its keys and of its values."""

    __slots__ = ("keys_at", "place", "values_at")

    def __init__(self, items: Mapping[str, Any] | None = None, place: Place = _BASE) -> None:
        super().__init__(items or {})
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}
        if isinstance(items, MapNode):
            self.keys_at.update(items.keys_at)
            self.values_at.update(items.values_at)


class ListNode(list[Any]):
    """A sequence that knows its own place and the places of its items."""

    __slots__ = ("items_at", "place")

    def __init__(self, items: list[Any] | None = None, place: Place = _BASE) -> None:
        super().__init__(items or [])
        self.place = place
        self.items_at: list[Place] = list(items.items_at) if isinstance(items, ListNode) else []


def place_of(container: object, key: str | int | None = None) -> Place | None:
    """Where ``key`` of a container stands (the container itself without a key); None where nobody knows."""
    place: Place | None = None
    if isinstance(container, MapNode):
        place = container.place if key is None else container.keys_at.get(str(key))
    elif isinstance(container, ListNode):
        if key is None:
            place = container.place
        elif isinstance(key, int) and key < len(container.items_at):
            place = container.items_at[key]
    return place if place is not None and place.file else None


def value_place(container: object, key: str | int) -> Place | None:
    """Where the value under ``key`` begins (a scalar's own position, not its key's)."""
    if isinstance(container, MapNode):
        place = container.values_at.get(str(key))
        return place if place is not None and place.file else None
    return place_of(container, key)


def mappings(tree: Any, place: Place | None) -> Iterator[tuple[Mapping[str, Any], Place | None]]:
    """Every mapping of a tree in reading order, each before what it holds, with the place that it is known by from
    outside: ``place`` for those of which nobody knows better."""
    waiting: list[tuple[Any, Place | None]] = [(tree, place)]
    while waiting:
        node, at = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, place_of(node, index) or at) for index, item in reversed(list(enumerate(node)))]
        elif isinstance(node, Mapping):
            yield node, at
            waiting += [(item, place_of(node, key) or at) for key, item in reversed(list(node.items()))]


def child(node: Any, key: str) -> Any:
    """What JavaScript's own properties give: a mapping's value, a list's item, a length; None otherwise."""
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list | str):
        if key.isdigit() and key.isascii() and str(int(key[:9])) == key and int(key) < len(node):
            return node[int(key)]
        if key == "length":
            return len(node)
    return None


def rewritten(tree: Any, visit: Callable[[Any, Any], Any]) -> Any:
    """A mapping or a list whose children are what ``visit`` gives for each (its key or index, and itself), with the
    places of the old ones; a child for which it gives :data:`GONE` is left out."""
    if isinstance(tree, list):
        items = ListNode(None, tree.place if isinstance(tree, ListNode) else _BASE)
        for index, item in enumerate(tree):
            if (new := visit(index, item)) is not GONE:
                items.append(new)
                items.items_at.append(place_of(tree, index) or items.place)
        return items
    node = MapNode(None, tree.place if isinstance(tree, MapNode) else _BASE)
    for key, item in tree.items():
        if (new := visit(key, item)) is not GONE:
            node[key] = new
    if isinstance(tree, MapNode):
        node.keys_at, node.values_at = dict(tree.keys_at), dict(tree.values_at)
    return node


def clone(value: Any, count: Callable[[], None] | None = None) -> Any:
    """A deep copy of a tree that keeps its places; ``count`` is called once a node (and may stop by raising)."""
    if count is not None:
        count()
    if isinstance(value, MapNode):
        copy = MapNode(None, value.place)
        copy.keys_at = dict(value.keys_at)
        copy.values_at = dict(value.values_at)
        for key, item in value.items():
            copy[key] = clone(item, count) if isinstance(item, dict | list) else item
        return copy
    if isinstance(value, ListNode):
        items = ListNode([clone(item, count) if isinstance(item, dict | list) else item for item in value], value.place)
        items.items_at = list(value.items_at)
        return items
    if isinstance(value, dict):
        return {key: clone(item, count) for key, item in value.items()}
    if isinstance(value, list):
        return [clone(item, count) for item in value]
    return value


def as_map(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one where the value is something else."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> list[Any]:
    """A list, or an empty one where the value is something else."""
    return value if isinstance(value, list) else []


def items_of(value: Any) -> list[Any]:
    """The items of a list, or the one that a value is itself; none where it is None.

    >>> items_of("s3:GetObject"), items_of(None)
    (['s3:GetObject'], [])
    """
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]
