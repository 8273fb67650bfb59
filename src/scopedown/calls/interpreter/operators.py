"""Operators on values: text is joined, known numbers are computed, the rest is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Final

from scopedown.calls.interpreter.decisions import EQUALITY, compared
from scopedown.calls.machine import Language, Native
from scopedown.calls.values import (
    MAX_TEXT,
    MAX_UNION,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Null,
    Object,
    Reference,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Unset,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.source.known import NotKnown

PLAIN: Final = Language()
"""A language without habits of its own."""
MAX_NUMBER: Final = 2**53
"""Numbers beyond are none that both languages know exactly."""


def concatenate(values: tuple[Value, ...]) -> Value:
    """Text joined from values; alternatives multiply up to the bound. Where a part may be nothing, the text decides no
    test: languages write nothing in different ways."""
    choices = [[as_text(option) or Text.unknown("one of several") for option in _named(value)] for value in values]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_UNION:
        choices = [choice if len(choice) == 1 else [Text.unknown("one of several values")] for choice in choices]
    made = join(*(from_text(Text.of(*parts)) for parts in product(*choices)))
    return _undecided(made) if any(_is_nothing(option) for value in values for option in options(value)) else made


def _undecided(value: Value) -> Value:
    """A text by which things are named, although it may be another one."""
    texts = (TextValue(Text.of(one.value)) if isinstance(one, Const) and isinstance(one.value, str) else one
             for one in options(value))  # fmt: skip
    return join(*texts)


def is_false(value: Const) -> bool:
    """What ``or`` replaces."""
    return not value.value


def is_nothing(value: Const) -> bool:
    """What ``??`` replaces."""
    return value.value is None


def is_undefined(value: Const) -> bool:
    """What the default of a parameter or a pattern replaces."""
    return value.value is None and not isinstance(value, Null)


def _named(value: Value) -> tuple[Value, ...]:
    """The alternatives of a part of a text; None is none where there are others."""
    some = tuple(option for option in options(value) if not (isinstance(option, Const) and option.value is None))
    return some or options(value)


def either(value: Value, other: Value, replaced: Callable[[Const], bool] = is_false) -> Value:
    """``value or other``: an environment variable keeps the other as its default."""
    if isinstance(value, Const):
        return other if replaced(value) else value
    if isinstance(value, Unset):
        return other
    if isinstance(value, Native | Object | Sequence | FunctionValue | ClassValue | Instance):
        return value
    if isinstance(value, TextValue) and len(value.text.parts) == 1 and isinstance(part := value.text.parts[0], EnvVar):
        if part.default is not None:
            return value
        if isinstance(other, Const | TextValue) and (default := as_text(other)):
            return TextValue(Text((EnvVar(part.name, default if default.parts else None),)))
    return join(
        *(option for option in options(value) if not (isinstance(option, Const) and replaced(option))), *options(other)
    )


def _may_be_empty(value: Value) -> bool:
    """Whether a collection or an object may be false."""
    match value:
        case Object():
            return not value.fields
        case Sequence():
            return not value.items
        case Instance(cls=cls):
            return any(
                one.methods_called(cls) is not None
                if isinstance(one, Native)
                else isinstance(one, ClassValue) and not {"__bool__", "__len__"}.isdisjoint(one.fields)
                for one in cls.ancestry()
            )
        case _:
            return False


def alternative(operator: str, value: Value, other: Value, language: Language) -> Value:
    """``value or other``, ``value ?? other``."""
    if language.empty_is_false and any(_may_be_empty(option) for option in options(value)):
        return join(value, other)
    return either(value, other, is_nothing if operator == "??" else lambda one: not language.is_true(one))


def operate(operator: str, operands: tuple[Value, ...], place: Place, language: Language = PLAIN) -> Value:
    """An operator on values: text is joined, known numbers are computed, the rest is unknown."""
    of_text = language.text_operators
    if operator == "format":
        return formatted(operands[0], operands[1], str(getattr(operands[2], "value", "")))
    if operator == "??" or operator == "or" or operator == "||":
        return alternative(operator, *operands, language) if len(operands) == 2 else operands[0]
    if len(operands) == 2:
        left, right = operands
        if isinstance(left, Native) and (found := left.operate(operator, right, place)) is not None:
            return found
        if operator in ("|", ">>") and (isinstance(left, External) or isinstance(right, External)):
            return _joined_unseen(left, right)
        if language.adds_functions and operator in ("+", "-") and _holds_function(right):
            return join(*(option for one in operands for option in options(one) if not _is_nothing(option)))
        if operator == "+":
            return _add(left, right)
        if operator == "*" and isinstance(left, Sequence):
            return Sequence([], left.element()) if left.items or left.rest is not None else Sequence()
        if operator == "%" and of_text and isinstance(left, Const) and isinstance(left.value, str):
            return percent(left.value, right)
        if isinstance(left, Reference) or isinstance(right, Reference):
            return UnknownValue("a comparison of pointers", place)
        if isinstance(left, Const) and isinstance(right, Const):
            if operator in EQUALITY and (answer := compared(language, operator, left, right)) is not None:
                return answer
            if (number := _calculated(operator, left.value, right.value, of_text)) is not None:
                return number
        if operator == "|" and isinstance(left, Object) and isinstance(right, Object):
            return Object({**left.fields, **right.fields}, left.rest or right.rest)
    if operator == "not" and isinstance(operands[0], Const):
        negated = language.negated(operands[0])
        return UnknownValue("a computed value", place) if negated is None else negated
    return UnknownValue("a computed value", place)


def _joined_unseen(left: Value, right: Value) -> Value:
    """``prompt | model`` of objects that are not seen: what they make of it may run both."""
    return External("a computed value", [value for value in (left, right) if not value.is_plain], called=True)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Const) and isinstance(right, Const):
        one, other = left.value, right.value
        if isinstance(one, int | float) and isinstance(other, int | float):
            return Const(one + other)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        rests = [rest for rest in (left.rest, right.rest) if rest is not None]
        return Sequence.joined([*left.items, *right.items], join(*rests) if rests else None)
    texts = [option for value in (left, right) for option in options(value) if _is_text(option)]
    return concatenate((left, right)) if texts else UnknownValue("a computed value")


def _holds_function(value: Value) -> bool:
    return any(isinstance(option, FunctionValue) for option in options(value))


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _is_text(value: Value) -> bool:
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def formatted(value: Value, spec: Value, conversion: str) -> Value:
    """Python's ``f"{value!conversion:spec}"``. What a value that is not known looks like is said by its parts alone,
    unless it is put into a width."""
    if isinstance(value, Union):
        made = join(*(formatted(option, spec, conversion) for option in _named(value)))
        return _undecided(made) if any(map(_is_nothing, value.options)) else made
    if not isinstance(spec, Const):
        return UnknownValue("a formatted value")
    is_plain = conversion in ("", "s") and spec.value in ("", "s")
    if isinstance(value, Const):
        try:
            return Const(presented(value.value, str(spec.value), conversion))
        except NotKnown:
            return UnknownValue("a formatted value")
    return UnknownValue("a formatted value") if isinstance(value, TextValue) and not is_plain else value


def presented(value: str | int | float | bool | None, spec: str, conversion: str = "") -> str:
    """The same of a known value; raises NotKnown where it is too wide, or Python refuses it.

    >>> presented(7, "03d"), presented("a", ">3", "r"), presented(True, "")
    ('007', "'a'", 'True')
    """
    digits = "".join(character if character.isdigit() else " " for character in spec).split()
    if any(len(number) > 3 for number in digits):
        raise NotKnown("a formatted value is too wide")
    if conversion:
        value = repr(value) if conversion == "r" else ascii(value) if conversion == "a" else str(value)
    try:
        return format(value, spec)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotKnown("a value does not fit its format") from error


_PERCENT: Final = re.compile(r"%(?:\(([^()]*)\))?([-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?)[hlL]?([a-zA-Z%])")


def percent(template: str, arguments: Value) -> Value:
    """Python's ``%`` formatting
    (https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting)."""
    parts: list[Value] = []
    given = list(arguments.items) if isinstance(arguments, Sequence) else [arguments]
    last = 0
    for field in _PERCENT.finditer(template):
        name, width, kind = field.groups()
        parts.append(Const(template[last : field.start()]))
        last = field.end()
        if kind == "%":
            parts.append(Const("%"))
            continue
        value: Value = UnknownValue("a formatted value")
        if name is not None:
            value = arguments.fields.get(name, value) if isinstance(arguments, Object) else value
        elif given:
            value = given.pop(0)
        parts.append(join(*(_in_percent(option, width, kind) for option in options(value))))
    return concatenate((*parts, Const(template[last:])))


def _in_percent(value: Value, width: str, kind: str) -> Value:
    """One value as ``%`` puts it in; None as ``%s`` is nothing that is known."""
    if isinstance(value, Const) and not (value.value is None and not width and kind == "s"):
        if "*" in width or any(len(number) > 3 for number in width.strip("-+ #0").split(".")):
            return UnknownValue("a formatted value")
        try:
            return Const(f"%{width}{kind}" % (value.value,))
        except (TypeError, ValueError, OverflowError):
            return UnknownValue("a formatted value")
    return value if not width and kind in "sdi" else UnknownValue("a formatted value")


Scalar = str | int | float | bool | None


def _calculated(operator: str, left: Scalar, right: Scalar, of_text: bool) -> Value | None:
    """Arithmetic that Python and JavaScript do alike, and Python's repetition of a text."""
    if of_text and operator == "*" and isinstance(left, int) and isinstance(right, str):
        left, right = right, left
    if of_text and operator == "*" and isinstance(left, str) and isinstance(right, int):
        return Const(left * right) if len(left) * right <= MAX_TEXT else None
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    made: int | float | None = None
    if operator in ("-", "*"):
        made = left - right if operator == "-" else left * right
    elif right > 0 and left >= 0 and operator in ("%", "//"):
        made = left % right if operator == "%" else left // right
    elif operator == "**" and isinstance(left, int) and isinstance(right, int) and 0 <= right < 64 and abs(left) <= 64:
        made = left**right
    return Const(made) if made is not None and abs(made) <= MAX_NUMBER else None
