"""JSON text as the events of reading it, each with its offsets: what builders of trees with places are made from.

In: text. Out: :data:`Event` by event, strictly by RFC 8259, without recursion, each character once. A number is given
as it is written: how far readers count differs. :class:`JsonError` says what is wrong, and at which offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, Final

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_COLON: Final = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_WORDS: Final = {"true": True, "false": False, "null": None}


class Json(Enum):
    """What an event is of; :attr:`OBJECT` and :attr:`ARRAY` begin one, :attr:`END` ends the innermost."""

    OBJECT = auto()
    ARRAY = auto()
    END = auto()
    KEY = auto()
    TEXT = auto()
    NUMBER = auto()
    WORD = auto()


Event = tuple[Json, Any, int, int]
"""Kind, value (the text of a key, a text or a number; True, False or None), and where it begins and ends."""


class JsonError(ValueError):
    """The text is no JSON; ``offset`` is where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def json_events(text: str, max_depth: int) -> Iterator[Event]:
    """The events of a JSON text. Raises JsonError, also for what is nested deeper than ``max_depth``.

    >>> [(kind.name, value) for kind, value, _, _ in json_events('{"a": [1, true]}', 9)]
    [('OBJECT', None), ('KEY', 'a'), ('ARRAY', None), ('NUMBER', '1'), ('WORD', True), ('END', None), ('END', None)]
    """
    value: Any
    around: list[str] = []  # the signs that close the containers around
    object_, array, end_, key, text_, number, word = Json
    at = _end(_SPACE.match(text))
    while True:
        first = text[at : at + 1]
        if first == '"':
            value, end = _string(text, at)
            yield text_, value, at, end
        elif first == "{" or first == "[":
            if len(around) >= max_depth:
                raise JsonError(f"it is nested deeper than {max_depth} levels", at)
            end = at + 1
            yield (object_ if first == "{" else array), None, at, end
            around.append("}" if first == "{" else "]")
            at = _end(_SPACE.match(text, end))
            if text[at : at + 1] != around[-1]:
                if first == "{":
                    value, end, after = _key(text, at)
                    yield key, value, at, end
                    at = after
                continue
        elif match := _NUMBER.match(text, at):
            end = match.end()
            yield number, match[0], at, end
        else:
            value, end = _word(text, at, first)
            yield word, value, at, end
        while around:
            at = _end(_SPACE.match(text, end))
            sign = text[at : at + 1]
            if sign == ",":
                at = _end(_SPACE.match(text, at + 1))
                if around[-1] == "}":
                    value, end, after = _key(text, at)
                    yield key, value, at, end
                    at = after
                break
            if sign != around[-1]:
                raise JsonError(f"a comma or a closing {around[-1]} is missing", at)
            around.pop()
            end = at + 1
            yield end_, None, at, end
        else:
            at = _end(_SPACE.match(text, end))
            if at < len(text):
                raise JsonError("there is more text after its end", at)
            return


def _end(match: re.Match[str] | None) -> int:
    assert match is not None  # a pattern that matches nothing, too
    return match.end()


def _key(text: str, at: int) -> tuple[str, int, int]:
    """A key, where it ends, and where its value begins."""
    if text[at : at + 1] != '"':
        raise JsonError("a key in double quotes is missing", at)
    value, end = _string(text, at)
    match = _COLON.match(text, end)
    if match is None:
        raise JsonError("a colon is missing after the key", _end(_SPACE.match(text, end)))
    return value, end, match.end()


def _string(text: str, at: int) -> tuple[str, int]:
    try:
        value, end = scanstring(text, at + 1, True)
    except JSONDecodeError as error:
        if "escape" in error.msg:
            raise JsonError("a text has an escape that JSON does not allow", at) from None
        raise JsonError("a text has no closing quote on its line, or has a control character", at) from None
    if end - at - 2 != len(value) and _HALF.search(value):
        raise JsonError("a text has half of a character (a lone surrogate)", at)
    return value, end


def _word(text: str, at: int, first: str) -> tuple[bool | None, int]:
    for word, value in _WORDS.items():
        if text.startswith(word, at):
            return value, at + len(word)
    raise JsonError("this is not a JSON value" if first and first not in "}],:" else "a value is missing", at)
