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
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]

from scopedown.core.place import Place
from scopedown.iam.errors import PolicyError

DEPTH = 32
"""Deepest nesting that is read; a policy needs six."""

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
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
    text = source.text or ""
    node, at = _value(source, text, _skip(text, 0), 0)
    at = _skip(text, at)
    if at != len(text):
        raise source.error("something stands after the end of the document", "", at)
    return node


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(source: Source, text: str, at: int, depth: int) -> tuple[Node, int]:
    if depth > DEPTH:
        raise source.error(f"is nested deeper than {DEPTH} levels", "", at)
    char = text[at : at + 1]
    if char == '"':
        value, end = _string(source, text, at)
        return Node(value, at, end), end
    if char == "{":
        return _object(source, text, at, depth)
    if char == "[":
        return _array(source, text, at, depth)
    for word, constant in (("true", True), ("false", False), ("null", None)):
        if text.startswith(word, at):
            return Node(constant, at, at + len(word)), at + len(word)
    if match := _NUMBER.match(text, at):
        return Node(_number(source, match.group(), at), at, match.end()), match.end()
    raise source.error("is not JSON: a value was expected" if char else "is not JSON: it ends too early", "", at)


def _number(source: Source, text: str, at: int) -> int | float:
    if len(text) > _DIGITS:
        raise source.error("is a number with too many digits", "", at)
    if not set(text) & set(".eE"):
        return int(text)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise source.error("is a number too large", "", at)
    return value


def _string(source: Source, text: str, at: int) -> tuple[str, int]:
    try:
        value, end = scanstring(text, at + 1, True)
    except JSONDecodeError as error:
        raise source.error(f"is not JSON: {error.msg[0].lower()}{error.msg[1:]}", "", error.pos) from None
    return value, end


def _object(source: Source, text: str, at: int, depth: int) -> tuple[Node, int]:
    pairs: list[tuple[str, int, Node]] = []
    here = _skip(text, at + 1)
    if text[here : here + 1] == "}":
        return Node(None, at, here + 1, ()), here + 1
    while True:
        if text[here : here + 1] != '"':
            raise source.error("is not JSON: a key in double quotes was expected", "", here)
        key, after = _string(source, text, here)
        colon = _skip(text, after)
        if text[colon : colon + 1] != ":":
            raise source.error("is not JSON: a colon was expected", "", colon)
        node, after = _value(source, text, _skip(text, colon + 1), depth + 1)
        pairs.append((key, here, node))
        here = _skip(text, after)
        closing = text[here : here + 1]
        if closing == "}":
            return Node(None, at, here + 1, tuple(pairs)), here + 1
        if closing != ",":
            raise source.error("is not JSON: a comma or } was expected", "", here)
        here = _skip(text, here + 1)


def _array(source: Source, text: str, at: int, depth: int) -> tuple[Node, int]:
    items: list[Node] = []
    here = _skip(text, at + 1)
    if text[here : here + 1] == "]":
        return Node(items, at, here + 1), here + 1
    while True:
        node, after = _value(source, text, here, depth + 1)
        items.append(node)
        here = _skip(text, after)
        closing = text[here : here + 1]
        if closing == "]":
            return Node(items, at, here + 1), here + 1
        if closing != ",":
            raise source.error("is not JSON: a comma or ] was expected", "", here)
        here = _skip(text, here + 1)


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
    raise PolicyError(f"holds a {type(value).__name__}, which JSON has not")
