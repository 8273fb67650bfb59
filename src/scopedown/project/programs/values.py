"""What a value of a program is: JavaScript's values as Python's, and three ways of not knowing one.

Strings, numbers, ``True``, ``False`` and ``None`` (``null``) are themselves; objects are :class:`Record`, arrays
:class:`~scopedown.documents.nodes.ListNode`, both with places. Not known is a :class:`~scopedown.core.text.Text` with
an Unknown part (of a text some may be known), an :class:`Unset` environment variable, and what :class:`External`
packages export.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.source.javascript.values import UNDEFINED, text_of
from scopedown.source.known import MAX_ITEMS, MAX_TEXT

Value = Any
MAX_PARTS: Final = 500
"""How many known and unknown parts a text may have."""
MAX_ARRAYS: Final = 60
_COMMA: Final = object()


class Record(MapNode):
    """An object. ``rest``: why it may have more keys than are known; None where it has not."""

    __slots__ = ("hidden", "rest")

    def __init__(self, items: Mapping[str, Any] | None = None, place: Place = Place("")) -> None:  # noqa: B008
        super().__init__(items, place)
        self.rest: Unknown | None = items.rest if isinstance(items, Record) else None
        self.hidden: dict[str, Value] = {}
        """Methods of its class."""

    def put(self, key: str, value: Value, key_at: Place, at: Place) -> None:
        """Set a property, with its places."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = at


@dataclass(frozen=True, slots=True)
class Unset:
    """An environment variable that has no value here: in a test it counts as undefined, as a value it is unknown."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class External:
    """What a package exports; packages are not read."""

    name: str
    place: Place


class Function:
    """Base of what can be called."""

    __slots__ = ()


def unknown_of(value: Value) -> Text | None:
    """The unknown that a value is, or that a part of it is; None where it is known (containers always are)."""
    if isinstance(value, Text):
        return Text(value.unknowns[:1]) if value.unknowns else None
    if isinstance(value, Unset):
        return Text.unknown(f"the environment variable {value.name} is not set", value.place)
    if isinstance(value, External):
        return Text.unknown(f"{value.name} is of a package, and scopedown does not run packages", value.place)
    return None


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(value, Text):
        return True if any(getattr(part, "value", "") for part in value.parts) else None
    if isinstance(value, External):
        return None
    if value is None or value is UNDEFINED or isinstance(value, Unset):
        return False
    if isinstance(value, dict | list):
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def is_nullish(value: Value) -> bool | None:
    """Whether a value is ``null`` or ``undefined``; None where that is not known."""
    if value is None or value is UNDEFINED or isinstance(value, Unset):
        return True
    if isinstance(value, Text):
        return False if any(getattr(part, "value", "") for part in value.parts) else None
    return None if isinstance(value, External) else False


def string(value: Value) -> str | Text:
    """A value as text, as concatenation makes it."""
    if isinstance(value, str | Text):
        return value
    unknown = unknown_of(value)
    if unknown is not None:
        return unknown
    if isinstance(value, list):
        return _joined(value)
    if isinstance(value, Function):
        return Text.unknown("a function is used as text")
    return text_of(value)


def plain(value: Value) -> Value:
    """A value that is looked at as text or as a number: objects and arrays as the text that they are."""
    return string(value) if isinstance(value, dict | list | Function) else value


def _joined(items: list[Value]) -> str | Text:
    """An array as text: its items, and those of arrays in it, between commas."""
    parts = Pieces()
    stack: list[tuple[Value, int]] = [(items, 0)]
    seen = 0
    while stack:
        value, depth = stack.pop()
        seen += 1
        if seen > MAX_ITEMS or depth > MAX_ARRAYS or parts.is_too_long:
            return Text.unknown("an array is too large to be text")
        if isinstance(value, list):
            for index, item in enumerate(reversed(value[: MAX_ITEMS + 1])):
                stack += [(item, depth + 1)] if not index else [(_COMMA, 0), (item, depth + 1)]
        elif value is not None and value is not UNDEFINED:
            parts.append("," if value is _COMMA else string(value))
    return join(parts, "")


class Pieces(list[str | Text]):
    """The pieces of a text that is being put together. What repeats a long text is stopped before it is made."""

    size = 0

    def append(self, piece: str | Text) -> None:
        """One more piece."""
        self.size += len(piece) if isinstance(piece, str) else 1
        super().append(piece)

    @property
    def is_too_long(self) -> bool:
        """Whether the text is surely longer than any that is kept."""
        return self.size > 2 * MAX_TEXT


def join(texts: Iterable[str | Text], separator: str | Text) -> str | Text:
    """Texts in a row."""
    parts = Pieces()
    for index, text in enumerate(texts):
        if index:
            parts.append(separator)
        parts.append(text)
        if parts.is_too_long:
            return Text.unknown("a text is longer than anything that is deployed")
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    if sum(len(part.parts) if isinstance(part, Text) else 1 for part in parts) > 4 * MAX_PARTS:
        return next((Text(part.unknowns[:1]) for part in parts if isinstance(part, Text) and part.unknowns), Text())
    return Text.of(*parts)


def array(items: list[Value], at: Place) -> ListNode:
    """An array whose items all stand at one place."""
    node = ListNode(items, at)
    node.items_at = [at] * len(items)
    return node


def record(items: Mapping[str, Value], at: Place) -> Record:
    """An object whose properties all stand at one place."""
    made = Record(None, at)
    for key, value in items.items():
        made.put(key, value, at, at)
    return made
