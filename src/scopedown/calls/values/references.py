"""The address of a variable, in the place of what the variable holds.

Languages in which code can give away a variable (Go's ``&x``) get a value that is what the variable held, and that
knows the variable: whoever writes through it changes the variable. So a pointer to a text is still that text where a
request has it, and code that is not seen may have written anything to it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from scopedown.calls.values.code import FunctionValue
from scopedown.calls.values.plain import Const, TextValue, UnknownValue, Value


@dataclass(slots=True, eq=False)
class Variable:
    """A variable, a field or an element of which code has the address. ``read`` gives what it holds; the only parameter
    of ``write`` is written to it."""

    read: FunctionValue
    write: FunctionValue
    writes: int = 0

    def key(self) -> Hashable:
        """Equal keys mean one variable to which the same number of writes was made through this address."""
        return id(self.write.function), id(self.write.frame), self.writes


class Reference(Value):
    """A scalar, a text or an unknown value of which the variable is known."""

    __slots__ = ()
    variable: Variable


@dataclass(frozen=True, slots=True)
class ConstIn(Const, Reference):
    """A known scalar in a variable."""

    variable: Variable

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("reference", Const.fingerprint(self), self.variable.key())


@dataclass(frozen=True, slots=True)
class TextIn(TextValue, Reference):
    """A text in a variable."""

    variable: Variable

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("reference", self.text, self.variable.key())


@dataclass(frozen=True, slots=True)
class UnknownIn(UnknownValue, Reference):
    """An unknown value in a variable."""

    variable: Variable = field(kw_only=True)

    def fingerprint(self, depth: int = 4) -> Hashable:
        return ("reference", self.inert, self.variable.key())


def in_variable(value: Value, variable: Variable) -> Value:
    """The value, which knows its variable; an object is its own address."""
    match value:
        case Const():
            return ConstIn(value.value, variable)
        case TextValue():
            return TextIn(value.text, variable)
        case UnknownValue():
            return UnknownIn(value.reason, value.place, value.inert, variable=variable)
        case _:
            return value
