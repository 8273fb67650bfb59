"""``re`` on patterns and texts that are known; functions that replace are called with each match.

A pattern is used where :func:`~scopedown.source.known.effort_of` says what it may take; anything else is as unknown as
the rest of the standard library. Reference: https://docs.python.org/3/library/re.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from scopedown.calls.builtins.known_values import MAX_TEXT, computed, folded, known_of
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    combinations,
    from_text,
    join,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import Function, Library, bound
from scopedown.source.known import NotKnown, effort_of

MAX_UNITS: Final = 400
"""Units of work that a pattern may take at once; a handler runs many."""
STEPS_A_UNIT: Final = 100
_PARAMETERS: Final = {
    "sub": ("repl", "string", "count"),
    "split": ("string", "maxsplit"),
    "match": ("string",),
    "search": ("string",),
    "fullmatch": ("string",),
    "findall": ("string",),
    "finditer": ("string",),
}
"""What each function takes after the pattern; those of a module's function are followed by ``flags``."""
_FLAGS: Final = ("A", "ASCII", "I", "IGNORECASE", "M", "MULTILINE", "S", "DOTALL", "U", "UNICODE")


@dataclass(frozen=True, slots=True, eq=False)
class Match(Native):
    """A match that is known."""

    match: re.Match[str]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``group`` and its like."""
        if name in ("group", "groups", "groupdict", "start", "end", "span", "__getitem__"):
            return bound(self, name, lambda site, run: self._part(name, site))
        return Native.attribute(self, name, run, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``match[1]``, ``match["name"]``."""
        return self._part("group", CallSite((key,), {}, place))

    def _part(self, name: str, site: CallSite) -> Value:
        try:
            return folded(getattr(self.match, name)(*map(known_of, site.positional)))
        except (NotKnown, LookupError, TypeError):
            return UnknownValue("a part of a match", site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled(Native):
    """``re.compile(pattern)`` of a pattern that is known."""

    pattern: re.Pattern[str]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The functions of a pattern, and its text."""
        if name == "pattern":
            return Const(self.pattern.pattern)
        if name in _PARAMETERS:
            return bound(self, name, lambda site, run: _used(name, self, site, site.positional, run))
        return Library(f"re.Pattern.{name}")


@lru_cache(maxsize=500)
def _compiled(pattern: str, flags: int) -> re.Pattern[str] | None:
    if effort_of(pattern) is None or flags & ~int(re.A | re.I | re.M | re.S | re.U):
        return None
    try:
        return re.compile(pattern, flags)
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


def _pattern(value: Value | None, flags: Value | None) -> Compiled | None:
    """A pattern that is given as text or compiled, None where it is not read."""
    if isinstance(value, Compiled) and flags is None:
        return value
    if not isinstance(value, Const) or not isinstance(value.value, str) or not isinstance(flags, Const | None):
        return None
    number = 0 if flags is None else flags.value
    found = _compiled(value.value, number) if isinstance(number, int) else None
    return None if found is None else Compiled(found)


def _used(name: str, pattern: Compiled | None, site: CallSite, positional: tuple[Value, ...], run: Machine) -> Value:
    """``pattern.name(…)``; ``positional`` are the arguments after the pattern."""
    names = _PARAMETERS[name]
    given = dict(zip(names, positional, strict=False)) | {
        key: site.keywords[key] for key in names if key in site.keywords
    }
    combined = combinations(tuple(given.values())) if site.complete and pattern is not None else None
    try:
        if pattern is None or combined is None:
            raise NotKnown("a pattern")
        made = [_result(name, pattern.pattern, dict(zip(given, values, strict=True)), run, site) for values in combined]
    except (NotKnown, TypeError, ValueError, LookupError, re.error):
        return Library(f"re.{name}").call(site, run)
    return join(*made)


def _result(name: str, pattern: re.Pattern[str], given: dict[str, Value], run: Machine, site: CallSite) -> Value:
    replacement = given.pop("repl", None)
    known: dict[str, Any] = {key: known_of(value) for key, value in given.items()}
    subject, effort = known["string"], effort_of(pattern.pattern)
    if not isinstance(subject, str) or effort is None or (units := effort.units(subject)) > MAX_UNITS:
        raise NotKnown("a text")
    run.carried(units * STEPS_A_UNIT)
    if name == "sub":
        return _replaced(pattern, replacement, subject, known.get("count", 0), run, site)
    if name == "finditer":
        return Sequence([Match(found) for found in pattern.finditer(subject)])
    found = getattr(pattern, name)(**known)
    return Match(found) if isinstance(found, re.Match) else folded(found)


def _replaced(
    pattern: re.Pattern[str], replacement: Value | None, subject: str, count: Any, run: Machine, site: CallSite
) -> Value:
    if replacement is None or not isinstance(count, int):
        raise NotKnown("a replacement")
    pieces: list[str | Text] = []
    last = size = 0
    for number, found in enumerate(pattern.finditer(subject), 1):
        if isinstance(replacement, Const) and isinstance(replacement.value, str):
            new: Text | str | None = found.expand(replacement.value)
        elif isinstance(replacement, TextValue) and not any("\\" in str(part) for part in replacement.text.parts):
            new = replacement.text
        else:
            new = as_text(run.call(replacement, (Match(found),), site.place))
        size += len(str(new))
        if size > MAX_TEXT:
            raise NotKnown("a long text")
        pieces += [subject[last : found.start()], Text.unknown("one of several texts") if new is None else new]
        last = found.end()
        if number == count:
            break
    return from_text(Text.of(*pieces, subject[last:]))


def _function(name: str) -> Function:
    def body(site: CallSite, run: Machine) -> Value:
        flags = site.argument(len(_PARAMETERS[name]) + 1, "flags")
        pattern = _pattern(site.argument(0, "pattern"), flags)
        return _used(name, pattern, site, site.positional[1:], run)

    return Function(f"re.{name}", body)


def _compile(site: CallSite, run: Machine) -> Value:
    found = _pattern(site.argument(0, "pattern"), site.argument(1, "flags")) if site.complete else None
    return Library("re.compile").call(site, run) if found is None else found


def module() -> Library:
    """``re``."""
    functions = {name: _function(name) for name in _PARAMETERS}
    flags = {name: Const(int(getattr(re, name))) for name in _FLAGS}
    return library("re", **functions, **flags, compile=_compile, escape=computed("re.escape", re.escape))
