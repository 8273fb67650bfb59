"""Python's built-in names."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from scopedown.calls.builtins.known_values import computed, folded, worked_out
from scopedown.calls.interpreter import dispatch, members, metaclasses
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter.operators import presented
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Frame,
    FunctionValue,
    Generated,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    SuperValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.languages.python import paths
from scopedown.languages.python.collections import BUILTINS
from scopedown.languages.python.natives import (
    NOTHING,
    Body,
    Function,
    Library,
    call,
    each,
    first_of,
    function,
    identity,
    iterate,
    listed,
    silent,
    unknown,
)
from scopedown.languages.python.text import Slice, to_text, unbound
from scopedown.source import ir
from scopedown.source.known import NotKnown

_TEXT_METHODS = ("lower", "upper", "strip", "title", "join", "format", "replace", "split", "encode", "zfill")


def variant(value: Value, receiver: str | None = None, accessor: bool | None = None) -> Value:
    """The same function with another receiver, or read as a property."""
    if not isinstance(value, FunctionValue):
        return value
    changed = replace(
        value.function,
        receiver=value.function.receiver if receiver is None else receiver,
        accessor=value.function.accessor if accessor is None else accessor,
    )
    return FunctionValue(changed, value.frame, value.this, value.owner)


def _extreme(choose: Callable[..., Any]) -> Body:
    """``max``, ``min``."""

    def body(site: CallSite, run: Machine) -> Value:
        found = worked_out(choose, site)
        if found is not None:
            return found
        key = site.keywords.get("key")
        given = site.positional
        items = listed(run, given[0], site.place) if len(given) == 1 else Sequence(list(given))
        if key is not None:
            each(run, key, (items,), site.place)
        default = site.keywords.get("default")
        return join(items.element(), *(() if default is None else (default,)))

    return body


def _enumerate(site: CallSite, run: Machine) -> Value:
    items = listed(run, first_of(site), site.place)
    number = UnknownValue("a number", site.place)
    start = site.argument(1, "start")
    offset = start.value if isinstance(start, Const) and isinstance(start.value, int) else 0
    pairs: list[Value] = [Sequence([Const(position + offset), item]) for position, item in enumerate(items.items)]
    return Sequence(pairs, None if items.rest is None else Sequence([number, items.rest]))


def _range(site: CallSite, run: Machine) -> Value:
    bounds = [value.value for value in site.positional if isinstance(value, Const) and isinstance(value.value, int)]
    if bounds and len(bounds) == len(site.positional):
        try:
            numbers = range(*bounds)
        except (TypeError, ValueError):
            return Sequence()
        if len(numbers) <= 8:
            return Sequence([Const(number) for number in numbers])
    return Sequence([], UnknownValue("a number", site.place))


def _map(site: CallSite, run: Machine) -> Value:
    lists = tuple(listed(run, value, site.place) for value in site.positional[1:])
    return each(run, first_of(site), lists, site.place)


def _next(site: CallSite, run: Machine) -> Value:
    found = iterate(run, first_of(site), site.place)
    for option in options(first_of(site)):
        if isinstance(option, Generated):
            special.throw(run, Object({"value": option.returned}))  # StopIteration
    return join(found, site.positional[1]) if len(site.positional) > 1 else found


def _exhaust(name: str) -> Body:
    """``any``, ``all``, ``sum``: they go through the elements."""

    def body(site: CallSite, run: Machine) -> Value:
        for value in site.positional:
            if isinstance(value, Native):
                iterate(run, value, site.place)
        return UnknownValue(f"result of {name}()", site.place)

    return body


def get_attribute(site: CallSite, run: Machine) -> Value:
    """``getattr(value, name, default)``."""
    if len(site.positional) < 2:
        return UnknownValue("result of getattr()", site.place)
    owner, name = site.positional[:2]
    found = []
    for option in options(name):
        if not (isinstance(option, Const) and isinstance(option.value, str)):
            found.append(dispatch.computed(run, owner, option, site.place))
            continue
        found.append(run.attribute(owner, option.value, site.place))
    if len(site.positional) > 2 and not isinstance(owner, Native):
        found.append(site.positional[2])
    return join(*found)


def _setattr(site: CallSite, run: Machine) -> Value:
    if len(site.positional) == 3:
        owner, name, value = site.positional
        for option in options(name):
            if isinstance(option, Const):
                members.assign(run, owner, str(option.value), value, site.place)
    return NOTHING


def _iter(site: CallSite, run: Machine) -> Value:
    """``iter(values)``, or ``iter(function, end)``, which calls the function for each."""
    if len(site.positional) == 2:
        return Sequence([], run.call(site.positional[0], (), site.place))
    return first_of(site)


def _made_class(site: CallSite, run: Machine) -> Value:
    """``type(name, bases, members)``."""
    name, bases, given = site.positional[:3]
    at = (site.place.line, site.place.column)
    named = str(name.value) if isinstance(name, Const) else "a class"
    frame = Frame(run.position.file, frozenset(), None, language="python")
    fields: dict[str, Value] = {}
    for key, member in given.fields.items() if isinstance(given, Object) else ():
        plain = isinstance(member, FunctionValue) and member.function.receiver == "none"
        fields[key] = variant(member, "first") if plain else member
    held = bases.held() if isinstance(bases, Sequence) else []
    cls = ClassValue(ir.Class(named, (), (), frozenset(), at), frame, tuple(held), fields, keywords=site.keywords)
    metaclasses.made(run, cls, cls.bases, site.place)
    return cls


def _type(site: CallSite, run: Machine) -> Value:
    if len(site.positional) == 3:
        return _made_class(site, run)
    dispatch.on_client(run, first_of(site), "is asked for its class", site.place)
    found = [option.cls for option in options(first_of(site)) if isinstance(option, Instance)]
    return join(*found) if found else UnknownValue("a type", site.place)


def _vars(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Instance):
        return Object(value.fields, born=value.born)
    if isinstance(value, ClassValue):
        return Object(value.fields)
    if isinstance(value, ModuleValue):
        return Object(value.frame.variables)
    return UnknownValue("result of vars()", site.place)


def _globals(site: CallSite, run: Machine) -> Value:
    """The variables of the module that is running, as a dictionary."""
    module = run.heap.modules.get(run.position.file)
    return UnknownValue("result of globals()", site.place) if module is None else Object(module.frame.variables)


def _made_code(what: str) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        dispatch.on_made_code(run, what, site.place)
        return UnknownValue(f"result of {what}", site.place)

    return body


def _str(site: CallSite, run: Machine) -> Value:
    for option in options(first_of(site)):
        if isinstance(option, Instance):
            special.call(run, option, "__str__", (), site.place)
    return to_text(site.positional[0]) if site.positional else Const("")


def _number(convert: Callable[[str | int | float], int | float]) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        value = first_of(site)
        if isinstance(value, Const) and isinstance(value.value, str | int | float) and len(str(value.value)) < 40:
            try:
                return folded(convert(value.value))
            except (ValueError, OverflowError):
                pass
        return value if isinstance(value, UnknownValue) else UnknownValue("a number", site.place)

    return body


def _rounded(number: float, digits: int | None = None) -> float:
    if digits is not None and abs(digits) > 50:
        raise NotKnown("a number")
    return round(number, digits)


def _len(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Instance):
        special.call(run, value, "__len__", (), site.place)
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(len(value.value))
    return UnknownValue("a length", site.place)


def _property(site: CallSite, run: Machine) -> Value:
    return variant(site.argument(0, "fget") or NOTHING, accessor=True)


def _new(site: CallSite, run: Machine) -> Value:
    """``object.__new__(cls)``."""
    cls = first_of(site)
    if len(site.positional) > 2 and run.heap.making:
        return run.heap.making[-1]
    if isinstance(cls, ClassValue):
        return Instance(cls, born=run.position.conditional)
    return UnknownValue("a new object", site.place)


def _construct(site: CallSite, run: Machine) -> Value:
    """``type.__call__(cls, …)``."""
    cls = first_of(site)
    if isinstance(cls, ClassValue):
        return run.construct(cls, CallSite(site.positional[1:], site.keywords, site.place, site.complete))
    return UnknownValue("a new object", site.place)


def _fromkeys(site: CallSite, run: Machine) -> Value:
    made = Object()
    value = site.argument(1, "value") or NOTHING
    keys = listed(run, first_of(site), site.place)
    for key in keys.items:
        if isinstance(key, Const):
            made.fields[members.key_text(key)] = value
        else:
            made.rest = value
    if keys.rest is not None:
        made.rest = value
    return made


def _apply(site: CallSite, run: Machine) -> Value:
    """Python 2's ``apply``."""
    if not site.positional:
        return NOTHING
    more = listed(run, site.positional[1], site.place) if len(site.positional) > 1 else Sequence()
    return call(run, site.positional[0], CallSite(tuple(more.items), {}, site.place, more.rest is None))


@cache
def table() -> dict[str, Value]:
    """The built-in names, but those of ``objects`` and ``import_functions``."""
    found: dict[str, Value] = {}
    for name, thing in vars(builtins).items():
        if isinstance(thing, type) and issubclass(thing, BaseException):
            found[name] = Library(name)
        elif not name.startswith("_"):
            found[name] = unknown(name)
    known = BUILTINS.functions("builtins")
    found |= {name: function(name, body) for name, body in known.items()}
    found |= {
        "dict": function("dict", known["dict"], fromkeys=function("dict.fromkeys", _fromkeys)),
        "print": silent("print"),
        "input": unknown("input"),
        "len": function("len", _len),
        "str": function("str", _str, **{name: unbound(name) for name in _TEXT_METHODS}),
        "unicode": function("unicode", _str),
        "repr": computed("repr", repr),
        "format": computed("format", presented),
        "chr": computed("chr", chr),
        "ord": computed("ord", ord),
        "hex": computed("hex", hex),
        "oct": computed("oct", oct),
        "bin": computed("bin", bin),
        "round": computed("round", _rounded),
        "int": function("int", _number(int)),
        "float": function("float", _number(float)),
        "abs": computed("abs", abs),
        "bool": unknown("bool"),
        "bytes": identity("bytes"),
        "bytearray": identity("bytearray"),
        "enumerate": function("enumerate", _enumerate),
        "range": function("range", _range),
        "xrange": function("xrange", _range),
        "map": function("map", _map),
        "min": function("min", _extreme(min)),
        "max": function("max", _extreme(max)),
        "next": function("next", _next),
        "anext": function("anext", _next),
        "iter": function("iter", _iter),
        "aiter": identity("aiter"),
        "any": function("any", _exhaust("any")),
        "all": function("all", _exhaust("all")),
        "sum": function("sum", _exhaust("sum")),
        "getattr": function("getattr", get_attribute),
        "setattr": function("setattr", _setattr),
        "type": function(
            "type", _type, __new__=function("type.__new__", _new), __call__=function("type.__call__", _construct)
        ),
        "vars": function("vars", _vars),
        "globals": function("globals", _globals),
        "eval": function("eval", _made_code("eval()")),
        "exec": function("exec", _made_code("exec()")),
        "slice": function("slice", lambda site, run: Slice(site.positional)),
        "property": function("property", _property),
        "staticmethod": function("staticmethod", lambda site, run: variant(first_of(site), "none")),
        "classmethod": function("classmethod", lambda site, run: variant(first_of(site), "class")),
        "object": Library(
            "object",
            {
                "__new__": function("object.__new__", _new),
                "__getattribute__": function("object.__getattribute__", get_attribute),
                "__setattr__": function("object.__setattr__", _setattr),
            },
        ),
        "apply": function("apply", _apply),
        "open": paths.opening(),
        "__name__": UnknownValue("the module's name"),
        "__file__": UnknownValue("the module's file"),
        "NotImplemented": UnknownValue("NotImplemented"),
        "Ellipsis": UnknownValue("Ellipsis"),
        "__debug__": Const(True),
    }
    return found


def base_member(owner: Value, name: str) -> Value | None:
    """What every object inherits from ``object``: the special methods do nothing of note."""
    if name == "__new__":
        return Function("object.__new__", _new)
    if isinstance(owner, SuperValue) and name in ("__call__", "__getattribute__"):
        body, this = (_construct, owner.this) if name == "__call__" else (get_attribute, owner.this)
        return Function(name, lambda site, run: body(replace(site, positional=(this, *site.positional)), run))
    if name.startswith("__") and name.endswith("__"):
        return silent(name)
    return None
