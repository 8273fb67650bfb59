"""JSON text into a tree with places: every key, value and item knows its line and column.

In: text. Out: the same tree as YAML gives (:mod:`~scopedown.documents.nodes`), read by the rules of JavaScript's
``JSON.parse``: a key that is written twice keeps its last value, numbers beyond what JSON can say again are null.
:class:`JsonSyntaxError` says what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scopedown.core.json_text import Json, JsonError, json_events
from scopedown.core.place import Place
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.documents.scalars import number

_DIGITS: Final = 400
"""A whole number of more digits is beyond what JavaScript can count to."""


class JsonSyntaxError(Exception):
    """The text is no JSON; ``place`` is where."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


class _Text:
    """A text, and where its offsets stand; they are asked for in ascending order."""

    __slots__ = ("file", "line", "start", "text")

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.line = 1
        self.start = 0

    def place(self, offset: int) -> Place:
        lines = self.text.count("\n", self.start, offset)
        if lines:
            self.line += lines
            self.start = self.text.rfind("\n", self.start, offset) + 1
        return Place(self.file, self.line, offset - self.start + 1)


def json_tree(text: str, file: str, max_depth: int, grow: Callable[[Place], None]) -> Any:
    """The tree of a JSON text; ``grow`` is called once a value (and may stop by raising)."""
    source = _Text(text, file)
    stack: list[tuple[Any, str, Place]] = []  # containers around, with the key that each waits to fill
    node: Any = None
    root: Any = None
    key, key_at = "", Place(file)
    key_, end_, number_, object_, array_ = Json.KEY, Json.END, Json.NUMBER, Json.OBJECT, Json.ARRAY
    try:
        for kind, value, start, _ in json_events(text, max_depth):
            if kind is key_:
                key, key_at = value, source.place(start)
                continue
            if kind is end_:
                root = node
                node, key, key_at = stack.pop()
                continue
            place = source.place(start)
            grow(place)
            if kind is number_:
                value = _number(value)
            elif kind is object_:
                value = MapNode(None, place)
            elif kind is array_:
                value = ListNode(None, place)
            if isinstance(node, MapNode):
                node[key] = value
                node.keys_at[key], node.values_at[key] = key_at, place
            elif node is not None:
                node.append(value)
                node.items_at.append(place)
            else:
                root = value
            if kind is object_ or kind is array_:
                stack.append((node, key, key_at))
                node = value
    except JsonError as error:
        raise JsonSyntaxError(str(error), source.place(error.offset)) from None
    return root


def _number(written: str) -> int | float | None:
    if set(written) & set(".eE"):
        return number(float(written))
    return number(int(written)) if len(written) <= _DIGITS else None
