"""JavaScript's operators where code runs once: what is known is worked out, what is not keeps its reason."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import exact
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
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
)
from scopedown.core.place import Place
from scopedown.languages.javascript.known import numbers
from scopedown.languages.javascript.known.values import Known, strictly_equal
from scopedown.languages.javascript.known_values import known, plain, text, together


def equal(left: Value, right: Value, strictly: bool, run: Machine, place: Place) -> bool | None:
    """Whether two values are the same; None where that is not known."""
    left, right = (Const(None) if isinstance(one, Unset) else one for one in (left, right))
    if exact.why_unknown(left) is not None or exact.why_unknown(right) is not None:
        return None
    nothing = [isinstance(one, Const) and one.value is None for one in (left, right)]
    if not strictly and all(nothing):
        return True
    objects = [not isinstance(one, Const) for one in (left, right)]
    if any(objects):
        if strictly or all(objects) or any(nothing):
            return left is right or _is_same(left, right)
        return numbers.loosely_equal(known(left, run, place), known(right, run, place))
    compare = strictly_equal if strictly else numbers.loosely_equal
    return compare(plain(left), plain(right))


def _is_same(left: Value, right: Value) -> bool:
    """A method that is read twice is one function."""
    both = isinstance(left, FunctionValue) and isinstance(right, FunctionValue)
    return both and left.fingerprint() == right.fingerprint()


_EQUALITY: Final = {"==": (True, True), "!=": (True, False), "loosely ==": (False, True), "loosely !=": (False, False)}


def calculated(operator: str, operands: tuple[Value, ...], run: Machine, place: Place) -> Value:
    """What an operator gives; ``text`` joins the parts of a template."""
    if operator == "text":
        return together([text(one, run, place) for one in operands], run, place)
    if operator == "not":
        found = exact.truth(run, operands[0])
        return _why(operands, "its value is unknown", place) if found is None else Const(not found)
    if operator == "void":
        return Const(None)
    if operator == "typeof":
        return _type(operands[0])
    if operator in _EQUALITY:
        strictly, wanted = _EQUALITY[operator]
        same = equal(operands[0], operands[1], strictly, run, place)
        return _why(operands, "a compared value is unknown", place) if same is None else Const(same is wanted)
    if operator == "in":
        return _has(operands[0], operands[1], run, place)
    if operator == "instanceof" and isinstance(cls := operands[-1], ClassValue):
        return special.has_instance(run, cls, operands[0], place) or Const(False)
    if operator == "+" and len(operands) == 2 and not all(map(_is_number, operands)):
        return together([text(one, run, place) for one in operands], run, place)
    if any(exact.why_unknown(one) is not None for one in operands):
        return _why(operands, "", place)
    values = [known(one, run, place) for one in operands]
    if len(values) == 1:
        return _of_one(operator, numbers.number_of(values[0]), place)
    if operator in ("<", ">", "<=", ">="):
        return Const(_ordered(operator, *values))
    result = numbers.calculated(operator, *map(numbers.number_of, values))
    return UnknownValue(f"the operator {operator} is not supported", place) if result is None else Const(result)


def _of_one(operator: str, number: int | float, place: Place) -> Value:
    if operator in ("++", "--"):
        return Const(numbers.arithmetic(number + 1 if operator == "++" else number - 1))
    if operator in ("-", "+"):
        return Const(numbers.arithmetic(-number if operator == "-" else number))
    return UnknownValue(f"the operator {operator} is not supported", place)


def _why(operands: tuple[Value, ...], other: str, place: Place) -> Value:
    return next(filter(None, map(exact.why_unknown, operands)), UnknownValue(other, place))


def _is_number(value: Value) -> bool:
    return isinstance(value, Const) and not isinstance(value.value, str)


def _ordered(operator: str, left: Known, right: Known) -> bool:
    if not (isinstance(left, str) and isinstance(right, str)):
        left, right = numbers.number_of(left), numbers.number_of(right)
    if operator in ("<", "<="):
        return bool(left < right if operator == "<" else left <= right)
    return bool(left > right if operator == ">" else left >= right)


def _has(key: Value, owner: Value, run: Machine, place: Place) -> Value:
    name = key_of(key, run, place)
    if name is None or not isinstance(owner, Object | Instance | Sequence):
        return _why((key, owner), "the operator in is not supported here", place)
    if isinstance(owner, Sequence):
        return Const(name.isdecimal() and int(name) < len(owner.items))
    if name not in owner.fields and isinstance(owner, Object) and owner.rest is not None:
        return exact.why_unknown(owner.rest) or UnknownValue("a test", place)
    return Const(name in owner.fields)


def key_of(value: Value, run: Machine, place: Place) -> str | None:
    """A value as the name of a member; None where that is not known."""
    if isinstance(value, Native) and (name := value.as_key()) is not None:
        return name
    return text(value, run, place).literal


def _type(value: Value) -> Value:
    if isinstance(value, Unset):
        return Const("undefined")
    if (unknown := exact.why_unknown(value)) is not None:
        return unknown
    match value:
        case Const(bool()):
            return Const("boolean")
        case Const(int() | float()):
            return Const("number")
        case Const(str()) | TextValue():
            return Const("string")
        case Null():
            return Const("object")
        case Const():
            return Const("undefined")
        case FunctionValue() | ClassValue():
            return Const("function")
        case Native():
            return Const("function" if hasattr(value, "body") else "object")
        case _:
            return Const("object")
