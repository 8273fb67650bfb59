"""JSON with positions: a strict reader that knows where every value stands.

The standard library's reader keeps the last of two equal keys and forgets where things were; a policy with a duplicate
key is an error in AWS, and an error is only useful with its place. Any text or bytes give a :class:`Node` or a
:class:`PolicyError`, and deeply nested input is refused before it can exhaust the stack.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.core.json_text import Json, JsonError, json_events
from scopedown.core.place import Place
from scopedown.iam.errors import PolicyError

DEPTH = 32
"""Deepest nesting that is read; a policy needs six."""

_DIGITS = 400
"""Longest number that is read: none of a policy's has more digits, and Python refuses to convert very long ones."""


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value with where it starts and ends (offsets; -1 where there was no text).

    ``value`` is a str, int, float, bool or None, a list of nodes, or a list of ``(key, key's offset, node)`` in
    ``pairs``.
    """

    value: object
    start: int = -1
    end: int = -1
    pairs: tuple[tuple[str, int, Node], ...] | None = None


class Source:
    """A text and its lines; turns offsets into places."""

    def __init__(self, text: str | None, name: str) -> None:
        self.text = text
        self.name = name
        self._starts: list[int] = []

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self.text or ""))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, offset: int) -> Place | None:
        """The place of an offset, or None where there was no text."""
        if self.text is None or offset < 0:
            return None
        return Place(self.name, *self.position(offset))

    def error(self, message: str, path: str, offset: int) -> PolicyError:
        """An error at an offset."""
        return PolicyError(message, path, self.place(offset))


def decode(data: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise PolicyError("is not UTF-8 text", "", Place(name, line, column)) from None


def read(source: Source) -> Node:
    """The one JSON value of a text."""
    around: list[tuple[str, int, int, bool, list[tuple[str, int, Node]]]] = []
    """The key and the beginning of each container, whether it is an object, and what is in it so far."""
    key, key_at = "", -1
    node = Node(None)
    key_, end_, number_, object_, array_ = Json.KEY, Json.END, Json.NUMBER, Json.OBJECT, Json.ARRAY
    try:
        for kind, value, start, end in json_events(source.text or "", DEPTH):
            if kind is key_:
                key, key_at = value, start
                continue
            if kind is object_ or kind is array_:
                around.append((key, key_at, start, kind is object_, []))
                continue
            if kind is end_:
                key, key_at, start, is_object, inside = around.pop()
                items = None if is_object else [item for _, _, item in inside]
                node = Node(items, start, end, tuple(inside) if is_object else None)
            else:
                node = Node(_number(source, value, start) if kind is number_ else value, start, end)
            if around:
                around[-1][-1].append((key, key_at, node))
    except JsonError as error:
        raise source.error(f"is not JSON: {error}", "", error.offset) from None
    return node


def _number(source: Source, text: str, at: int) -> int | float:
    if len(text) > _DIGITS:
        raise source.error("is a number with too many digits", "", at)
    if not set(text) & set(".eE"):
        return int(text)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise source.error("is a number that is too large", "", at)
    return value


def from_object(value: object, depth: int = 0) -> Node:
    """Nodes without places from Python values as ``json.loads`` gives them."""
    if depth > DEPTH:
        raise PolicyError(f"is nested deeper than {DEPTH} levels")
    if isinstance(value, Mapping):
        pairs = []
        for key, item in value.items():
            if not isinstance(key, str):
                raise PolicyError(f"a key must be text, not {type(key).__name__}")
            pairs.append((key, -1, from_object(item, depth + 1)))
        return Node(None, pairs=tuple(pairs))
    if isinstance(value, list | tuple):
        return Node([from_object(item, depth + 1) for item in value])
    if value is None or isinstance(value, str | bool | int):
        return Node(value)
    if isinstance(value, float) and value == value and value not in (float("inf"), float("-inf")):
        return Node(value)
    raise PolicyError(f"holds a {type(value).__name__}, which JSON does not have")
