"""Operators on values: text is joined, known numbers are computed, the rest is unknown."""

from __future__ import annotations

from itertools import product

from scopedown.calls.machine import Native
from scopedown.calls.values import (
    MAX_UNION,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
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


def concatenate(values: tuple[Value, ...]) -> Value:
    """Text joined from values; alternatives multiply up to the bound."""
    choices = [[as_text(one) or Text.unknown("one of several") for one in options(value)] for value in values]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_UNION:
        choices = [choice if len(choice) == 1 else [Text.unknown("one of several values")] for choice in choices]
    return join(*(from_text(Text.of(*parts)) for parts in product(*choices)))


def either(value: Value, other: Value) -> Value:
    """``value or other``: an environment variable keeps the other as its default."""
    if isinstance(value, Const):
        return value if value.value else other
    if isinstance(value, Unset):
        return other
    if isinstance(value, Native | Object | Sequence | FunctionValue | ClassValue | Instance):
        return value
    if isinstance(value, TextValue) and len(value.text.parts) == 1 and isinstance(part := value.text.parts[0], EnvVar):
        if part.default is not None:
            return value
        if isinstance(other, Const | TextValue) and (default := as_text(other)):
            return TextValue(Text((EnvVar(part.name, default if default.parts else None),)))
    return join(*(one for one in options(value) if not (isinstance(one, Const) and not one.value)), *options(other))


def operate(operator: str, operands: tuple[Value, ...], place: Place) -> Value:
    """An operator on values: text is joined, known numbers are computed, the rest is unknown."""
    if operator == "??" or operator == "or" or operator == "||":
        return either(*operands) if len(operands) == 2 else operands[0]
    if len(operands) == 2:
        left, right = operands
        if isinstance(left, Native) and (found := left.operate(operator, right, place)) is not None:
            return found
        if operator in ("|", ">>") and (isinstance(left, External) or isinstance(right, External)):
            return _joined_unseen(left, right)
        if operator == "+":
            return _add(left, right)
        if operator == "*" and isinstance(left, Sequence):
            return Sequence([], left.element()) if left.items or left.rest is not None else Sequence()
        if operator == "%" and isinstance(left, Const) and isinstance(left.value, str):
            return percent(left.value, right)
        if isinstance(left, Const) and isinstance(right, Const):
            if operator == "==":
                return Const(left.value == right.value)
            if operator == "!=":
                return Const(left.value != right.value)
        if operator == "|" and isinstance(left, Object) and isinstance(right, Object):
            return Object({**left.fields, **right.fields}, left.rest or right.rest)
    if operator == "not" and isinstance(operands[0], Const):
        return Const(not operands[0].value)
    return UnknownValue("a computed value", place)


def _joined_unseen(left: Value, right: Value) -> Value:
    """``prompt | model`` of objects that are not seen: what they make of it may run both."""
    return External("a computed value", [one for one in (left, right) if not one.is_plain], called=True)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Const) and isinstance(right, Const):
        one, other = left.value, right.value
        if isinstance(one, int | float) and isinstance(other, int | float):
            return Const(one + other)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        rests = [rest for rest in (left.rest, right.rest) if rest is not None]
        return Sequence.joined([*left.items, *right.items], join(*rests) if rests else None)
    texts = [one for value in (left, right) for one in options(value) if _is_text(one)]
    return concatenate((left, right)) if texts else UnknownValue("a computed value")


def _is_text(value: Value) -> bool:
    return isinstance(value, TextValue) or (isinstance(value, Const) and isinstance(value.value, str))


def percent(template: str, arguments: Value) -> Value:
    """Python's ``%`` formatting, for ``%s``, ``%d`` and ``%(name)s``."""
    parts: list[Value] = []
    given = list(arguments.items) if isinstance(arguments, Sequence) else [arguments]
    literal = ""
    position = 0
    while position < len(template):
        character = template[position]
        if character != "%":
            literal += character
            position += 1
            continue
        if template.startswith("%%", position):
            literal += "%"
            position += 2
            continue
        value: Value | None = None
        end = position + 1
        if template.startswith("(", end) and (close := template.find(")", end)) > 0:
            value = UnknownValue("a formatted value")
            if isinstance(arguments, Object):
                value = arguments.fields.get(template[end + 1 : close], value)
            end = close + 1
        elif given:
            value = given.pop(0)
        while end < len(template) and template[end] in "-+ #0123456789.":
            end += 1
        parts += [Const(literal), value or UnknownValue("a formatted value")]
        literal, position = "", end + 1
    return concatenate((*parts, Const(literal)))
