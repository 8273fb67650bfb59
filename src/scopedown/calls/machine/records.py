"""When two values of models are interchangeable: by their class and by all that they hold.

In: any object that a model made. Out: something to compare. What an object holds is read from its class, so that no
model has to say it again, and what it does not say is compared as well: Python functions by their code and by what they
close over, mutable objects by their identity as well as by their content.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from types import FunctionType, MethodType
from typing import Any

from scopedown.calls.values import Value
from scopedown.calls.values.plain import LARGE

_FACTS = ("scopedown.core.", "scopedown.catalog.", "scopedown.source.")
"""Packages whose objects never change and hold no values."""


def fingerprint(value: object, depth: int) -> Hashable:
    """Equal where two objects of one class hold the same; ``depth`` bounds how far values in it are compared."""

    def part(held: Value, depth: int) -> Hashable:
        return held.fingerprint(depth - 1) if depth > 0 or held.is_plain else id(held)

    return record(value, depth, part)


def record(value: object, depth: int, part: Callable[[Value, int], Hashable]) -> Hashable:
    """An object's class and what it holds; ``part`` says how a value in it counts, at a depth."""
    cls: Any = type(value)
    held = parts(cls)
    if held is None:
        return id(value)
    names, is_mutable = held
    contents = tuple([_part(getattr(value, name, None), depth, part) for name in names])
    return (cls, id(value), contents) if is_mutable else (cls, contents)


def contents(value: object) -> Iterator[object]:
    """What an object holds."""
    cls: Any = type(value)
    held = parts(cls)
    for name in held[0] if held is not None else ():
        yield getattr(value, name, None)


@cache
def parts(cls: type) -> tuple[tuple[str, ...], bool] | None:
    """The names of what objects of a class hold and whether others may be put there; None where it does not say so."""
    if is_dataclass(cls):
        kept: Any = cls
        return tuple(field.name for field in fields(cls)), not kept.__dataclass_params__.frozen
    bases = cls.__mro__[:-1]
    if not all("__slots__" in base.__dict__ for base in bases):
        return None
    slots = [base.__dict__["__slots__"] for base in bases]
    return tuple(name for names in slots for name in ((names,) if isinstance(names, str) else names)), False


def _part(held: object, depth: int, part: Callable[[Value, int], Hashable]) -> Hashable:
    match held:
        case Value():
            return part(held, depth)
        case None | str() | bool() | int() | float():
            return type(held), held
        case tuple() | list() | set() | frozenset() | Mapping() if len(held) > LARGE or depth < 0:
            return id(held), len(held)
        case tuple() | list():
            return tuple([_part(one, depth, part) for one in held])
        case set() | frozenset():
            return frozenset([_part(one, depth, part) for one in held])
        case Mapping():
            return tuple([(_part(name, depth, part), _part(one, depth, part)) for name, one in held.items()])
        case FunctionType() if held.__closure__:
            if depth <= 0:
                return id(held)
            closed = [_part(cell.cell_contents, depth - 1, part) for cell in held.__closure__]
            given = (held.__defaults__ or (), held.__kwdefaults__ or {})
            return held.__code__, tuple(closed), _part(given, depth - 1, part)
        case MethodType():
            return held.__func__, _part(held.__self__, depth - 1, part)
        case partial():
            return _part((held.func, held.args, held.keywords), depth, part)
        case _ if is_dataclass(held) and not type(held).__module__.startswith(_FACTS):
            return record(held, depth - 1, part) if depth > 0 else id(held)
        case Hashable():
            return held
        case _:
            return id(held)
