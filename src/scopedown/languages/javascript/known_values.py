"""JavaScript's built-ins where all that they are given is known: ``known/`` works them out, as it does for
serverless.ts.

In: a built-in of plain values and the arguments of a call. Out: its result as a value, one for each combination of the
arguments' alternatives; None where an argument is not known or the result is not worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import exact
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Null,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Unset,
    Value,
    as_text,
    combinations,
    from_text,
    join,
)
from scopedown.calls.values.plain import MAX_PARTS
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.javascript.known import regexp
from scopedown.languages.javascript.known.numbers import loosely_equal
from scopedown.languages.javascript.known.values import UNDEFINED, Known, Regex, strictly_equal, text_of
from scopedown.languages.javascript.natives import NOTHING, JavaScriptNative, function, method
from scopedown.source.known import MAX_ITEMS, MAX_TEXT, NotKnown

MAX_UNITS: Final = 400
"""Units of work that a pattern may take at once; a handler runs many."""
STEPS_A_UNIT: Final = 100

MAX_LIST: Final = 64
"""Elements of a list that is an argument; such lists may hold lists, but not themselves."""

Work = Callable[[list[Known]], Known]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern(JavaScriptNative):
    """A regular expression that is known."""

    label = "/{self.regex.pattern}/{self.regex.flags}"
    regex: Regex

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its text, ``test`` and ``exec``."""
        if name in ("source", "flags"):
            return Const(self.regex.pattern if name == "source" else self.regex.flags)
        if name in ("test", "exec"):
            return method(self, name, lambda site, run: self._first(name, site, run))
        return None

    def _first(self, name: str, site: CallSite, run: Machine) -> Value:
        def work(arguments: list[Known]) -> Known:
            subject = arguments[0] if arguments else UNDEFINED
            if not isinstance(subject, str) or set(self.regex.flags) & {"g", "y"}:  # those remember where they were
                raise NotKnown("a match")
            charge(run, regexp.cost(self.regex, subject))
            return regexp.match(self.regex, subject) if name == "exec" else bool(regexp.match(self.regex, subject))

        found = worked_out(work, site, run)
        if found is not None:
            return found
        return UnknownValue("a test" if name == "test" else "a match", site.place)


def patterns() -> Value:
    """``RegExp``."""

    def made(site: CallSite, run: Machine) -> Value:
        given, flags = site.argument(0), site.argument(1)
        if isinstance(given, Pattern) and flags is None:
            return given
        if isinstance(given, Const) and isinstance(given.value, str) and isinstance(flags, Const | None):
            return Pattern(Regex(given.value, str(flags.value) if flags is not None and flags.value else ""))
        return UnknownValue("a regular expression", site.place)

    return function("RegExp", made)


def charge(run: Machine, units: int) -> None:
    """Count what a pattern may cost towards the run's bound; raises NotKnown where it is too much."""
    if units > MAX_UNITS:
        raise NotKnown("a pattern takes too long")
    run.carried(units * STEPS_A_UNIT)


def known_of(value: Value, depth: int = 2) -> Known:
    """A value as a known one; raises NotKnown."""
    match value:
        case Null():
            return None
        case Const(None):
            return UNDEFINED
        case Const(known):
            return known
        case Pattern():
            return value.regex
        case Sequence(items=items, rest=None) if depth and len(items) <= MAX_LIST:
            return [known_of(item, depth - 1) for item in items]
        case _:
            raise NotKnown("an argument is not known")


def equal(one: Const, other: Const, loosely: bool) -> bool:
    """``one == other`` (``loosely``) and ``one === other`` of constants."""
    left, right = known_of(one), known_of(other)
    return loosely_equal(left, right) if loosely else strictly_equal(left, right)


def value_of(known: Known) -> Value:
    """A known value as a value of the run."""
    if isinstance(known, list):
        return Sequence([value_of(item) for item in known])
    if isinstance(known, str):
        return from_text(Text.of(known))
    if known is None:
        return Null()
    return NOTHING if known is UNDEFINED else Const(known)


def worked_out(work: Work, site: CallSite, run: Machine) -> Value | None:
    """What a built-in gives for the arguments of a call, for each of their alternatives; None where it is not known."""
    if run.exact:
        if (unknown := next(filter(None, map(exact.why_unknown, site.positional)), None)) is not None:
            return unknown
        try:
            return value_of(work([known(argument, run, site.place) for argument in site.positional]))
        except NotKnown as error:
            return UnknownValue(error.reason, site.place)
    combined = combinations(site.positional) if site.complete else None
    if combined is None:
        return None
    try:
        return join(*(value_of(work([known_of(argument) for argument in arguments])) for arguments in combined))
    except NotKnown:
        return None


# where code runs once

MAX_NESTED: Final = 60
_TOO_LARGE: Final = Text.unknown("an array is too large to be text")


def text(value: Value, run: Machine, place: Place) -> Text:
    """A value as text, as concatenation makes it."""
    match value:
        case Null() | Const():
            return Text.of(text_of(plain(value)))
        case Sequence():
            return _joined(value, run, place)
        case FunctionValue() | ClassValue():
            return Text.unknown("a function is used as text", place)
        case Instance() if isinstance(shown := special.call(run, value, "toString", (), place), Const | TextValue):
            return text(shown, run, place)
        case Object() | Instance():
            return Text.of("[object Object]")
        case Pattern():
            return Text.of(text_of(value.regex))
    unknown = exact.why_unknown(value)
    if unknown is not None and not isinstance(value, TextValue):
        return Text.unknown(unknown.reason, unknown.place or place)
    return as_text(value) or Text.of("[object Object]")


def _joined(value: Sequence, run: Machine, place: Place) -> Text:
    """An array as text: its items, and those of arrays in it, between commas."""
    parts: list[Text] = []
    stack: list[tuple[Value | None, int]] = [(value, 0)]
    seen = size = 0
    while stack:
        one, depth = stack.pop()
        seen += 1
        if seen > MAX_ITEMS or depth > MAX_NESTED or size > 2 * MAX_TEXT:
            return _TOO_LARGE
        if isinstance(one, Sequence):
            for number, item in enumerate(reversed([*one.items[: MAX_ITEMS + 1], *([one.rest] if one.rest else [])])):
                stack += [(item, depth + 1)] if not number else [(None, 0), (item, depth + 1)]
        elif one is None or not (isinstance(one, Const) and one.value is None):
            parts.append(Text.of(",") if one is None else text(one, run, place))
            size += _size(parts[-1])
    run.carried(seen + size // 1000)
    return Text.of(*parts)


def _size(one: Text) -> int:
    return sum(len(getattr(part, "value", "")) + 1 for part in one.parts)


def together(pieces: list[Text], run: Machine, place: Place) -> Value:
    """Texts in a row; what repeats a long text is stopped before it is made."""
    size = sum(map(_size, pieces))
    run.carried(size // 1000 + len(pieces))
    if size > 2 * MAX_TEXT:
        return UnknownValue("a text is longer than anything that is deployed", place)
    count = sum(len(one.parts) for one in pieces)
    if count > 4 * MAX_PARTS and (unknown := next((one.unknowns[0] for one in pieces if one.unknowns), None)):
        return UnknownValue(unknown.reason, unknown.place or place)
    whole = Text.of(*pieces)
    if (literal := whole.literal) is not None and len(literal) <= MAX_TEXT:
        return Const(literal)
    made = from_text(whole)
    if isinstance(made, UnknownValue) and whole.unknowns:
        return UnknownValue(whole.unknowns[0].reason, whole.unknowns[0].place or place)
    return made


def plain(value: Value) -> Known:
    """A known value that is looked at as text or as a number: of an object, its text."""
    match value:
        case Null():
            return None
        case Const(None) | Unset():
            return UNDEFINED
        case Const(known):
            return known
        case Pattern():
            return value.regex
        case _:
            return None


def known(value: Value, run: Machine, place: Place) -> Known:
    """The same of any value of which :func:`exact.why_unknown` knows nothing."""
    if isinstance(value, Const | Pattern):
        return plain(value)
    literal = text(value, run, place).literal
    return literal if literal is not None else UNDEFINED
