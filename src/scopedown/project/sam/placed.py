"""Places that travel through a program that knows nothing of places.

The SAM translator copies, merges and rebuilds plain dictionaries; what survives all of that are the strings in them.
:func:`placed` turns a tree of nodes into plain containers whose keys and strings are :class:`PlacedText`, a ``str``
that remembers where it stands, and :func:`noded` turns what came out back into nodes: what the user wrote has its own
place, and what was made has the place of the thing that it was made from.
"""

from __future__ import annotations

from typing import Any, Self

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode


class PlacedText(str):
    """A string with its place; a key also knows the place of its value and of the mapping that it is in.

    Compares and hashes as its characters do. Copies are the same object: it cannot change.
    """

    __slots__ = ("at", "mapping_at", "value_at")

    at: Place
    value_at: Place
    mapping_at: Place

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def placed_text(text: str, at: Place, value_at: Place | None = None, mapping_at: Place | None = None) -> PlacedText:
    """A string that stands at ``at``."""
    made = PlacedText(text)
    made.at = at
    made.value_at = value_at or at
    made.mapping_at = mapping_at or at
    return made


def placed(tree: Any, at: Place) -> Any:
    """A tree of nodes as plain dictionaries and lists of placed strings; ``at`` is where the tree itself stands."""
    if isinstance(tree, dict):
        keys, values = (tree.keys_at, tree.values_at) if isinstance(tree, MapNode) else ({}, {})
        here = tree.place if isinstance(tree, MapNode) and tree.place.file else at
        plain: dict[str, Any] = {}
        for key, value in tree.items():
            key_at = keys.get(key, here)
            value_at = values.get(key, key_at)
            plain[placed_text(key, key_at, value_at, here)] = placed(value, value_at)
        return plain
    if isinstance(tree, list):
        items = tree.items_at if isinstance(tree, ListNode) else []
        return [placed(item, items[index] if index < len(items) else at) for index, item in enumerate(tree)]
    if isinstance(tree, str):
        return placed_text(tree, at)
    return tree


def noded(value: Any, at: Place) -> Any:
    """What became of a placed tree, as nodes; ``at`` stands for what has no place of its own."""
    if isinstance(value, MapNode):
        return value
    if isinstance(value, dict):
        node = MapNode(None, start_of(value) or at)
        for key, item in value.items():
            name = str.__str__(key)
            inherited = key.value_at if isinstance(key, PlacedText) else at
            own = start_of(item)
            if not isinstance(key, PlacedText):
                node.keys_at[name] = own or at
            else:  # a key that a merge kept, with a value from elsewhere, stands where its value does
                node.keys_at[name] = key.at if own is None or own == key.value_at else own
            node.values_at[name] = own or inherited
            node[name] = noded(item, own or inherited)
        return node
    if isinstance(value, list | tuple):
        items = ListNode(None, at)
        for item in value:
            own = start_of(item) or at
            items.append(noded(item, own))
            items.items_at.append(own)
        return items
    if isinstance(value, str):
        return str.__str__(value) if type(value) is not str else value
    if value is None or isinstance(value, bool | int | float | Text):
        return value
    return str(value)


def start_of(value: Any) -> Place | None:
    """Where a value begins, where the user wrote it (its mapping, for a dictionary); None where a program made it."""
    if isinstance(value, PlacedText):
        return value.at
    if isinstance(value, MapNode | ListNode):
        return value.place
    if isinstance(value, dict):
        for key in value:
            if isinstance(key, PlacedText):
                return key.mapping_at
    return None
