"""Methods of texts and numbers. A method answers with a tuple of its value, None where it is not known here."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.programs import patterns
from scopedown.project.programs.arrays import bounds
from scopedown.project.programs.members import is_callable
from scopedown.project.programs.operators import number_of, position
from scopedown.project.programs.values import UNDEFINED, Regex, Value, array, join, string, unknown_of

if TYPE_CHECKING:
    from scopedown.project.programs.evaluate import Evaluator

Method = Callable[["Evaluator", str, list[Value], Place], Value]


def method(e: Evaluator, holder: Value, name: str, arguments: list[Value], at: Place) -> tuple[Value] | None:
    """``holder.name(arguments)`` of a text, a number, a truth value or a regular expression."""
    for item in arguments:
        unknown = unknown_of(item)
        if unknown is not None and name not in ("concat", "replace", "replaceAll"):
            return (unknown,)
    if isinstance(holder, Regex):
        if name == "test":
            subject = string(arguments[0]) if arguments else "undefined"
            return (patterns.test(e, holder, str(subject), at),)
        return None
    if isinstance(holder, bool) or (isinstance(holder, int | float) and name in ("toString", "toFixed")):
        if name == "toFixed":
            digits = number_of(arguments[0]) if arguments else 0
            return (f"{holder:.{int(digits)}f}",) if 0 <= digits <= 100 else None
        return (string(holder),) if name == "toString" and not arguments else None
    if not isinstance(holder, str):
        return None
    known = METHODS.get(name)
    if known is None:
        return None
    e.charge(at, len(holder) // 1000)
    return (e.text(known(e, holder, arguments, at), at),)


def _text(arguments: list[Value], position: int, default: str = "undefined") -> str:
    if position >= len(arguments) or arguments[position] is UNDEFINED:
        return default
    value = string(arguments[position])
    return value if isinstance(value, str) else default


def _split(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    if not arguments or arguments[0] is UNDEFINED:
        return array([holder], at)
    if isinstance(arguments[0], Regex):
        pieces = patterns.split(e, arguments[0], holder, at)
        if isinstance(pieces, Text):
            return pieces
    else:
        separator = _text(arguments, 0)
        pieces = holder.split(separator) if separator else list(holder)
    if len(arguments) > 1 and isinstance(arguments[1], int):
        pieces = pieces[: max(0, arguments[1])]
    e.charge(at, len(pieces))
    return array(list(pieces), at)


def _replace(e: Evaluator, holder: str, arguments: list[Value], at: Place, *, every: bool = False) -> Value:
    what = arguments[0] if arguments else UNDEFINED
    by = arguments[1] if len(arguments) > 1 else UNDEFINED
    unknown = unknown_of(what)
    if unknown is not None:
        return unknown
    if isinstance(what, Regex):
        return patterns.replace(e, what, holder, by, at)
    word = str(string(what))
    if word not in holder:
        return holder
    by = e.call(by, [word], at) if is_callable(by) else patterns.literal_template(by, word)
    new = string(by)
    if word and isinstance(new, str) and (len(holder) // max(1, len(word)) + 1) * len(new) > 10_000_000:
        return Text.unknown("a text is longer than anything that is deployed", at)
    if isinstance(new, str):
        return holder.replace(word, new) if every else holder.replace(word, new, 1)
    pieces = holder.split(word) if every and word else holder.split(word, 1) if word else [holder]
    return join(list(pieces), new)


def _slice(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    span = bounds(arguments, len(holder))
    return holder[span[0] : span[1]] if span is not None else None


def _whole(value: Value, default: int, length: int) -> int:
    return min(max(0, position(value, default)), length)


def _substring(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    length = len(holder)
    start = _whole(arguments[0] if arguments else UNDEFINED, 0, length)
    end = _whole(arguments[1] if len(arguments) > 1 else UNDEFINED, length, length)
    return holder[min(start, end) : max(start, end)]


def _substr(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    span = bounds(arguments[:1], len(holder))
    start = span[0] if span is not None else 0
    count = _whole(arguments[1] if len(arguments) > 1 else UNDEFINED, len(holder), len(holder))
    return holder[start : start + count]


def _repeat(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    count = position(arguments[0] if arguments else 0)
    if count < 0 or count * len(holder) > 1_000_000:
        return Text.unknown("a text is longer than anything that is deployed", at)
    return holder * count


def _pad(holder: str, arguments: list[Value], *, start: bool) -> str:
    width = _whole(arguments[0] if arguments else UNDEFINED, 0, 100_000)
    fill = _text(arguments, 1, " ")
    missing = width - len(holder)
    if missing <= 0 or not fill:
        return holder
    padding = (fill * (missing // len(fill) + 1))[:missing]
    return padding + holder if start else holder + padding


def _char(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    index = position(arguments[0] if arguments else 0)
    return holder[index] if 0 <= index < len(holder) else ""


def _code(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    index = position(arguments[0] if arguments else 0)
    return ord(holder[index]) if 0 <= index < len(holder) else math.nan


def _at(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    index = position(arguments[0] if arguments else 0)
    return holder[index] if -len(holder) <= index < len(holder) else UNDEFINED


def _match(e: Evaluator, holder: str, arguments: list[Value], at: Place) -> Value:
    what = arguments[0] if arguments else UNDEFINED
    if not isinstance(what, Regex):
        return Text.unknown("match() with a text is not read", at)
    found = patterns.match(e, what, holder, at)
    return array(list(found), at) if isinstance(found, list) else found


OTHERS: Final = frozenset(["codePointAt", "localeCompare", "matchAll", "search"])
"""Methods that texts have beside those that are read here."""
METHODS: Final[Mapping[str, Method]] = {
    "split": _split,
    "replace": _replace,
    "replaceAll": lambda e, holder, arguments, at: _replace(e, holder, arguments, at, every=True),
    "match": _match,
    "slice": _slice,
    "substring": _substring,
    "substr": _substr,
    "concat": lambda e, holder, arguments, at: join([holder, *(string(item) for item in arguments)], ""),
    "toLowerCase": lambda e, holder, arguments, at: holder.lower(),
    "toUpperCase": lambda e, holder, arguments, at: holder.upper(),
    "toLocaleLowerCase": lambda e, holder, arguments, at: holder.lower(),
    "toLocaleUpperCase": lambda e, holder, arguments, at: holder.upper(),
    "trim": lambda e, holder, arguments, at: holder.strip(),
    "trimStart": lambda e, holder, arguments, at: holder.lstrip(),
    "trimEnd": lambda e, holder, arguments, at: holder.rstrip(),
    "toString": lambda e, holder, arguments, at: holder,
    "valueOf": lambda e, holder, arguments, at: holder,
    "startsWith": lambda e, holder, arguments, at: holder.startswith(_text(arguments, 0)),
    "endsWith": lambda e, holder, arguments, at: holder.endswith(_text(arguments, 0)),
    "includes": lambda e, holder, arguments, at: _text(arguments, 0) in holder,
    "indexOf": lambda e, holder, arguments, at: holder.find(_text(arguments, 0)),
    "lastIndexOf": lambda e, holder, arguments, at: holder.rfind(_text(arguments, 0)),
    "repeat": _repeat,
    "padStart": lambda e, holder, arguments, at: _pad(holder, arguments, start=True),
    "padEnd": lambda e, holder, arguments, at: _pad(holder, arguments, start=False),
    "charAt": _char,
    "charCodeAt": _code,
    "at": _at,
    "normalize": lambda e, holder, arguments, at: unicodedata.normalize("NFC", holder),
}


def encoded(text: str) -> str:
    """``encodeURIComponent``.

    >>> encoded("a b/é")
    'a%20b%2F%C3%A9'
    """
    return quote(text, safe="!'()*-._~")
