"""Go's predeclared functions and types (https://go.dev/ref/spec#Predeclared_identifiers), and what the lowering asks:
zero values, the pairs of a loop, several results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from scopedown.calls.interpreter import members, references
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.go.copies import COPIED
from scopedown.languages.go.natives import NOTHING, Body, Function, Named, data, first, function, plain, results, typed
from scopedown.languages.go.types import BASIC, NUMBERS

_QUIET = ("cap", "close", "complex", "imag", "max", "min", "print", "println", "real")


def builtin(name: str) -> Value | None:
    """A predeclared name."""
    return _table().get(name)


@cache
def _table() -> Mapping[str, Value]:
    found: dict[str, Value] = {name: Basic(name) for name in BASIC}
    found["<func>"] = Basic("<func>")
    found |= {name: function(name, _quiet(name)) for name in _QUIET}
    found |= references.natives(function, plain)
    found |= {
        "append": function("append", _append),
        "clear": function("clear", _clear),
        "copy": function("copy", _copy),
        "delete": function("delete", _delete),
        "len": function("len", _length),
        "recover": function("recover", lambda site, run: data("recover", site.place)),
        "<zero>": function("<zero>", lambda site, run: join(*(zero(run, one, site.place) for one in _all(site)))),
        "<range>": function("<range>", lambda site, run: pairs(run, first(site), site.place, len(site.positional) > 1)),
        COPIED: function(COPIED, _struct_copied),
        "<received>": function("<received>", lambda site, run: _perhaps(first(site))),
        "<results>": function("<results>", lambda site, run: results(*site.positional)),
    }
    return found


def _all(site: CallSite) -> tuple[Value, ...]:
    return options(first(site))


def _quiet(name: str) -> Body:
    return lambda site, run: data(name, site.place)


_OF_LITERALS = frozenset(("bool", "int", "float64", "string"))
"""The types that a literal has in a variable whose type is not written."""


@dataclass(frozen=True, slots=True, eq=False)
class Basic(Native):
    """A predeclared type; called, it converts."""

    label = "{self.name}"
    name: str

    def call(self, site: CallSite, run: Machine) -> Value:
        """The value as one of this type."""
        value = plain(first(site))
        if self.name == "string" and any(_is_number(option) for option in options(value)):
            return UnknownValue("a character", site.place)
        if self.name in NUMBERS and any(
            isinstance(option, Const) and type(option.value) is str for option in options(value)
        ):
            return UnknownValue("a number", site.place)
        return value if self.name in _OF_LITERALS else typed(self, value)


def _is_number(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, int | float)


# zero values and conversions


def kind_of(cls: ClassValue, depth: int = 8) -> str:
    """What a type is underneath: ``struct``, ``interface``, ``map``, ``list``, ``function``, ``scalar``, …"""
    if cls.definition.abstract:
        return "interface"
    kind = cls.keywords.get("underlying")
    written = kind.value if isinstance(kind, Const) else None
    if written == "named" and depth:
        for base in cls.bases:
            if isinstance(base, ClassValue):
                return kind_of(base, depth - 1)
        return "foreign"
    return written if isinstance(written, str) else "struct"


def has_methods(cls: ClassValue) -> bool:
    """Whether the code defines methods of a type."""
    return any(isinstance(member, FunctionValue) for member in cls.fields.values())


def zero(run: Machine, type_: Value, place: Place) -> Value:
    """The value of a variable of a type that nothing was written to."""
    match type_:
        case ClassValue():
            match kind_of(type_):
                case "struct":
                    return run.construct(type_, CallSite((), {}, place))
                case "map" | "list" as kind:
                    return named(type_, Object() if kind == "map" else Sequence())
                case "foreign":
                    return named(type_, join(*(zero(run, base, place) for base in type_.bases)))
                case "scalar":
                    return UnknownValue("a value that is not set", place)
                case _:
                    return NOTHING
        case Basic():
            return UnknownValue("a value that is not set", place)
        case Native() | External():
            return run.call_value(type_, CallSite((), {}, place), new=True)
        case _:
            return UnknownValue("a value that is not set", place)


def named(cls: ClassValue, value: Value) -> Value:
    """A value as one of a defined type that is no struct."""
    return Named(cls, plain(value)) if has_methods(cls) else typed(cls, value)


def convert(cls: ClassValue, site: CallSite, run: Machine, new: bool) -> Value | None:
    """What the call of a type gives, or a literal of it (``new``); None where that is a new object of a struct."""
    kind = kind_of(cls)
    if new:
        match kind:
            case "map":
                return named(cls, Object(born=run.position.conditional))
            case "list":
                return named(cls, Sequence())
            case "foreign":
                return named(cls, join(*(run.call_value(base, site, new=True) for base in cls.bases)))
            case _:
                return None
    value = first(site)
    if kind in ("interface", "error", "pointer"):
        return value
    if kind == "struct":
        return join(*(_as_struct(run, cls, option, site) for option in options(value)))
    return named(cls, value)


def _as_struct(run: Machine, cls: ClassValue, value: Value, site: CallSite) -> Value:
    """An object of one type as one of another with the same fields."""
    if isinstance(value, Instance) and value.cls is not cls and has_methods(cls):
        return Instance(cls, dict(value.fields), value.born)
    return value


# lists, maps, loops


def _append(site: CallSite, run: Machine) -> Value:
    """A new list; one of a defined type stays one."""
    if not site.positional:
        return Sequence()
    held, *more = site.positional
    added = list(more)
    further = None if site.complete else UnknownValue("an element", site.place)
    found: list[Value] = []
    for option in options(held):
        inner = option.value if isinstance(option, Named) else option
        match inner:
            case Sequence():
                rest = [one for one in (inner.rest, further) if one is not None]
                made: Value = Sequence.joined([*inner.items, *added], join(*rest) if rest else None)
            case Const():  # nothing yet
                made = Sequence(added, further)
            case _:
                made = Sequence([], join(members.iterate(run, inner, site.place, False), *added))
        run.carried(len(made.items) if isinstance(made, Sequence) else 0)
        found.append(named(option.cls, made) if isinstance(option, Named) else made)
    return join(*found)


def _perhaps(value: Value) -> Value:
    """A value, or the zero value of its type."""
    return join(value, Const(None)) if isinstance(value, Const) else value


def _struct_copied(site: CallSite, run: Machine) -> Value:
    """A copy of a struct of the program; other values are as they are."""
    value, *declared = site.positional
    if not all(isinstance(one, ClassValue) and kind_of(one) == "struct" for one in declared):
        return value
    found = [
        Instance(option.cls, dict(option.fields), run.position.conditional) if isinstance(option, Instance) else option
        for option in options(value)
    ]
    return join(*found)


def _copy(site: CallSite, run: Machine) -> Value:
    """``copy(to, from)``: any element may be one of the other slice."""
    given = [members.iterate(run, one, site.place, False) for one in site.positional[1:2]]
    for option in options(plain(first(site))):
        if isinstance(option, Sequence) and (held := [*option.held(), *given]):
            option.rest = join(*held)
            option.items.clear()
    return data("copy", site.place)


def _delete(site: CallSite, run: Machine) -> Value:
    """``delete(map, key)``."""
    keys = {
        members.key_text(key) if isinstance(key, Const) else None
        for one in site.positional[1:2]
        for key in options(one)
    }
    for option in options(plain(first(site))):
        if isinstance(option, Object):
            option.fields.update(
                {name: _perhaps(held) for name, held in option.fields.items() if name in keys or None in keys}
            )
    return NOTHING


def _clear(site: CallSite, run: Machine) -> Value:
    """``clear(x)``."""
    for option in options(plain(first(site))):
        if isinstance(option, Object):
            option.fields = {name: _perhaps(held) for name, held in option.fields.items()}
        elif isinstance(option, Sequence):
            option.items[:] = map(_perhaps, option.items)
    return NOTHING


def _length(site: CallSite, run: Machine) -> Value:
    value = plain(first(site))
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(len(value.value.encode("utf-8", "replace")))
    return data("len", site.place)


_NUMBER = re.compile(r"-?\d+(\.\d+)?|true|false")
"""Keys that a map may have as texts or not."""
MAX_COUNTED = 8
"""A loop over a number runs for so many turns at most."""


def pairs(run: Machine, value: Value, place: Place, alone: bool = False) -> Value:
    """What a loop goes through: pairs of index and element, of key and value. ``alone``: the loop has one variable, and
    what is not known may be a channel, of which it holds an element."""
    found = [_pairs(run, option, place, alone) for option in options(plain(value))]
    return found[0] if len(found) == 1 else Sequence([], join(*(one.element() for one in found)))


def _pairs(run: Machine, value: Value, place: Place, alone: bool = False) -> Sequence:
    key = UnknownValue("a key", place, inert=True)
    match value:
        case Sequence():
            rest = None if value.rest is None else Sequence([key, value.rest])
            found = Sequence([Sequence([Const(at), item]) for at, item in enumerate(value.items)], rest)
            return found if found.items or rest is not None else Sequence([], Sequence([key, _nothing(place)]))
        case Object():
            known: list[Value] = [
                Sequence([key if _NUMBER.fullmatch(name) else Const(name), held]) for name, held in value.fields.items()
            ]
            rest = None if value.rest is None else Sequence([key, value.rest])
            if not known and rest is None:
                rest = Sequence([key, _nothing(place)])
            return Sequence(known, rest)
        case Const(value=bool()):
            return Sequence([], Sequence([key, key]))
        case Const(value=int() as count) if 0 < count <= MAX_COUNTED:
            return Sequence([Sequence([Const(at), Const(at)]) for at in range(count)])
        case FunctionValue() | Function():
            return _yielded(run, value, place)
        case Const():
            return Sequence([], Sequence([key, key]))
        case _:
            element = members.iterate(run, value, place, False)
            return Sequence([], Sequence([element if alone else key, element]))


def _nothing(place: Place) -> Value:
    """An element of a list in which nothing was seen to be put."""
    return UnknownValue("an element of an empty list", place, inert=True)


def _yielded(run: Machine, iterator: Value, place: Place) -> Sequence:
    """What an iterator hands to its ``yield`` (https://go.dev/ref/spec#For_range)."""
    turns: list[Value] = []

    def body(site: CallSite, run: Machine) -> Value:
        turns.append(Sequence(list(site.positional)))
        return UnknownValue("whether the loop goes on", site.place, inert=True)

    run.call(iterator, (Function("yield", body),), place)
    return Sequence([], join(*turns) if turns else Sequence([data("yield", place), data("yield", place)]))
