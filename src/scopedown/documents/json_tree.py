"""JSON text into a tree with places: every key, value and item knows its line and column.

In: text. Out: the same tree as YAML gives (:mod:`~scopedown.documents.nodes`), read by the rules of JavaScript's
``JSON.parse``: a key that is written twice keeps its last value, numbers beyond what JSON can say again are null.
:class:`JsonSyntaxError` says what is wrong and at which offset. There is no recursion, and nothing is read twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.documents.scalars import number

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRING: Final = re.compile(r'"([^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_WORDS: Final = {"true": True, "false": False, "null": None}
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

    def error(self, message: str, offset: int) -> JsonSyntaxError:
        return JsonSyntaxError(message, self.place(offset))


def json_tree(text: str, file: str, max_depth: int, grow: Callable[[Place], None]) -> Any:
    """The tree of a JSON text; ``grow`` is called once a value (and may stop by raising)."""
    source = _Text(text, file)
    space = _SPACE.match
    stack: list[tuple[Any, str, Place]] = []  # containers around, with the key that each waits to fill
    node: Any = None
    key, key_at = "", Place(file)
    at = _after(space(text, 0))
    while True:
        # A value begins here.
        place = source.place(at)
        grow(place)
        value: Any
        first = text[at : at + 1]
        opened = first in ("{", "[") and first != ""
        if opened:
            if len(stack) >= max_depth:
                raise source.error(f"it is nested deeper than {max_depth} levels", at)
            value = MapNode(None, place) if first == "{" else ListNode(None, place)
            at += 1
        else:
            value, at = _scalar(source, at)
        if isinstance(node, MapNode):
            node[key] = value
            node.keys_at[key], node.values_at[key] = key_at, place
        elif node is not None:
            node.append(value)
            node.items_at.append(place)
        if opened:
            stack.append((node, key, key_at))
            node = value
            at = _after(space(text, at))
            if text[at : at + 1] != ("}" if first == "{" else "]"):
                if first == "{":
                    key, key_at, at = _key(source, at)
                continue
        # What follows a value: another one, or the end of the containers around it.
        while True:
            if opened:
                opened = False
            else:
                at = _after(space(text, at))
            if node is None:
                if at < len(text):
                    raise source.error("there is more after its end", at)
                return value
            inside = isinstance(node, MapNode)
            sign = text[at : at + 1]
            if sign == ("}" if inside else "]"):
                at += 1
                value = node
                node, key, key_at = stack.pop()
                continue
            if sign != ",":
                raise source.error(f"a comma or a closing {'}' if inside else ']'} is missing", at)
            at = _after(space(text, at + 1))
            if inside:
                key, key_at, at = _key(source, at)
            break


def _after(match: re.Match[str] | None) -> int:
    assert match is not None  # a pattern that matches nothing, too
    return match.end()


def _key(source: _Text, at: int) -> tuple[str, Place, int]:
    """A key at its quote, up to its value."""
    if source.text[at : at + 1] != '"':
        raise source.error("a key in double quotes is missing", at)
    place = source.place(at)
    key, at = _string(source, at)
    at = _after(_SPACE.match(source.text, at))
    if source.text[at : at + 1] != ":":
        raise source.error("a colon is missing after the key", at)
    return key, place, _after(_SPACE.match(source.text, at + 1))


def _string(source: _Text, at: int) -> tuple[str, int]:
    match = _STRING.match(source.text, at)
    if match is None:
        raise source.error("a text is not closed on its line, or holds a control character", at)
    raw = match[1]
    if "\\" not in raw:
        return raw, match.end()
    try:
        value = json.loads(match[0])
    except ValueError as error:
        raise source.error("a text holds an escape that JSON does not know", at) from error
    if _HALF.search(value):
        raise source.error("a text holds half of a character (a lone surrogate)", at)
    return str(value), match.end()


def _scalar(source: _Text, at: int) -> tuple[Any, int]:
    text = source.text
    if text[at : at + 1] == '"':
        return _string(source, at)
    match = _NUMBER.match(text, at)
    if match is not None:
        if match[1] is None and match[2] is None:
            digits = match[0]
            return (number(int(digits)) if len(digits) <= _DIGITS else None), match.end()
        return number(float(match[0])), match.end()
    for word, value in _WORDS.items():
        if text.startswith(word, at):
            return value, at + len(word)
    raise source.error(
        "a value is missing" if at >= len(text) or text[at] in "}],:" else "this is no value of JSON", at
    )
