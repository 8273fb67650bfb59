"""JavaScript's built-ins where all that they are given is known: ``source/javascript`` works them out, as it does for
serverless.ts.

In: a built-in of plain values and the arguments of a call. Out: its result as a value, one for each combination of the
arguments' alternatives; None where an argument is not known or the result is not worked out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scopedown.calls.builtins.javascript_native import NOTHING, JavaScriptNative, function, method
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Null, Sequence, UnknownValue, Value, combinations, from_text, join
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.source.javascript import regexp
from scopedown.source.javascript.numbers import loosely_equal
from scopedown.source.javascript.values import UNDEFINED, Known, Regex, strictly_equal
from scopedown.source.known import NotKnown

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

        found = worked_out(work, site)
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
    if isinstance(known, float) and not math.isfinite(known):
        return UnknownValue("not a number")
    if known is None:
        return Null()
    return NOTHING if known is UNDEFINED else Const(known)


def worked_out(work: Work, site: CallSite) -> Value | None:
    """What a built-in gives for the arguments of a call, for each of their alternatives; None where it is not known."""
    combined = combinations(site.positional) if site.complete else None
    if combined is None:
        return None
    try:
        return join(*(value_of(work([known_of(argument) for argument in arguments])) for arguments in combined))
    except NotKnown:
        return None
