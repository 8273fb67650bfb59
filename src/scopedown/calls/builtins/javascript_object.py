"""``Object``, ``Array``, ``Map``, ``Set``, ``JSON``: JavaScript's structures."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, replace

from scopedown.calls import members
from scopedown.calls.builtins.javascript_array import add, any_of
from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    Function,
    JavaScriptNative,
    Quiet,
    elements,
    function,
    given,
    identity,
    interpreter,
    method,
)
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Instance,
    Object,
    Run,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

_DEPTH = 12
_LARGE = 100_000
"""JSON text longer than this is not read."""


# Object


def assign(run: Run, into: Value, value: Value, place: Place) -> None:
    """``Object.assign(into, value)``, with the interpreter's care for undecided branches."""
    for one in options(value):
        if isinstance(one, Object | Instance):
            for name, item in list(one.fields.items()):
                members.assign(interpreter(run), into, name, item, place)
            rest = one.rest if isinstance(one, Object) else None
            if rest is not None and isinstance(into, Object):
                into.rest = rest if into.rest is None else join(into.rest, rest)
        elif isinstance(into, Object) and not isinstance(one, Const):
            unknown = one if isinstance(one, UnknownValue) else UnknownValue("a field of an unknown object", place)
            into.rest = unknown if into.rest is None else join(into.rest, unknown)


def _assign(site: CallSite, run: Run) -> Value:
    if not site.positional:
        return NOTHING
    into, *values = site.positional
    if isinstance(into, Sequence):
        return into
    if isinstance(into, UnknownValue):
        into = Object({}, into)
    for value in values:
        assign(run, into, value, site.place)
    if not site.complete and isinstance(into, Object):
        into.rest = into.rest or UnknownValue("a spread value", site.place)
    return into


def fields_of(value: Value | None) -> tuple[dict[str, Value], Value | None]:
    """The fields of an object and what any other may hold."""
    match value:
        case Object(fields, rest):
            return fields, rest
        case Instance(fields=fields):
            return fields, None
        case None | Const():
            return {}, None
        case UnknownValue():
            return {}, value
        case _:
            return {}, UnknownValue("a field of an unknown object")


def _keys(site: CallSite, run: Run) -> Value:
    value = site.argument(0)
    if isinstance(value, Sequence):
        return Sequence([], UnknownValue("an index"))
    fields, rest = fields_of(value)
    return Sequence([Const(name) for name in fields], None if rest is None else UnknownValue("a key", site.place))


def _values(site: CallSite, run: Run) -> Value:
    value = site.argument(0)
    if isinstance(value, Sequence):
        return value
    fields, rest = fields_of(value)
    return Sequence([_bound(value, item) for item in fields.values()], rest)


def _bound(owner: Value | None, item: Value) -> Value:
    if isinstance(item, FunctionValue) and item.this is None and item.function.receiver == "this":
        return FunctionValue(item.function, item.frame, owner, item.owner)
    return item


def _entries(site: CallSite, run: Run) -> Value:
    fields, rest = fields_of(site.argument(0))
    pairs: list[Value] = [Sequence([Const(name), item]) for name, item in fields.items()]
    more = Sequence([UnknownValue("a key", site.place), rest]) if rest is not None else None
    return Sequence(pairs, more)


def _from_entries(site: CallSite, run: Run) -> Value:
    made = Object()
    value = site.argument(0)
    if value is None:
        return made
    pairs = elements(run, value.entries() if isinstance(value, MapValue) else value, site.place)
    for pair in [*pairs.items, *(() if pairs.rest is None else (pairs.rest,))]:
        if isinstance(pair, Sequence) and len(pair.items) == 2:
            members.assign_index(interpreter(run), made, pair.items[0], pair.items[1], site.place)
        elif not isinstance(pair, Const):
            unknown = pair if isinstance(pair, UnknownValue) else UnknownValue("an entry", site.place)
            made.rest = unknown if made.rest is None else join(made.rest, unknown)
    return made


def getter(value: Value) -> Value:
    """A function as a property that is read without a call."""
    if not isinstance(value, FunctionValue):
        return UnknownValue("a computed property")
    read = replace(value.function, accessor=True, receiver="this")
    return FunctionValue(read, value.frame, None, value.owner)


def _define(run: Run, target: Value, name: str, description: Value, place: Place) -> None:
    fields, _ = fields_of(description)
    if "value" in fields:
        members.assign(interpreter(run), target, name, fields["value"], place)
    elif "get" in fields:
        members.assign(interpreter(run), target, name, getter(fields["get"]), place)


def _define_property(site: CallSite, run: Run) -> Value:
    target, name, description = site.argument(0), site.argument(1), site.argument(2)
    if target is not None and description is not None and isinstance(name, Const):
        _define(run, target, str(name.value), description, site.place)
    return target or NOTHING


def _define_properties(site: CallSite, run: Run) -> Value:
    target, several = site.argument(0), site.argument(1)
    if target is not None:
        for name, description in fields_of(several)[0].items():
            _define(run, target, name, description, site.place)
    return target or NOTHING


def _create(site: CallSite, run: Run) -> Value:
    made = Object(born=interpreter(run).conditional)
    prototype = site.argument(0)
    if prototype is not None:
        members.merge(made, prototype)
    return made


def _group_by(site: CallSite, run: Run) -> Value:
    value, by = site.argument(0), site.argument(1)
    if value is None:
        return Object()
    found = elements(run, value, site.place)
    if by is not None and any_of(found):
        run.call(by, (found.element(), UnknownValue("an index")), site.place)
    return Object({}, Sequence([], found.element()))


def _copy(site: CallSite, run: Run) -> Value:
    value = site.argument(0)
    if isinstance(value, Object):
        return value
    return value if value is not None and given(value) else Object()


# Array


def _array_from(site: CallSite, run: Run) -> Value:
    value, change = site.argument(0), site.argument(1)
    if value is None:
        return Sequence()
    if isinstance(value, Object) and "length" in value.fields:
        items = Sequence([], NOTHING)
    else:
        made = elements(run, value, site.place)
        items = Sequence(list(made.items), made.rest)
    if change is None or not given(change):
        return items
    from scopedown.calls.builtins.javascript_array import array_method

    mapper = array_method(items, "map", run, site.place)
    return run.call(mapper, (change,), site.place) if mapper is not None else items


def _array(site: CallSite, run: Run) -> Value:
    if len(site.positional) == 1 and not isinstance(site.positional[0], Object):
        return Sequence([], NOTHING)
    return Sequence(list(site.positional))


# Map and Set


@dataclass(frozen=True, slots=True, eq=False)
class MapValue(JavaScriptNative):
    """A ``Map``: an object by the text of its keys."""

    held: Object

    def entries(self) -> Sequence:
        """Its entries as pairs."""
        pairs: list[Value] = [Sequence([Const(name), item]) for name, item in self.held.fields.items()]
        rest = self.held.rest
        return Sequence(pairs, Sequence([UnknownValue("a key"), rest]) if rest is not None else None)

    def own(self, name: str, run: Run, place: Place) -> Value | None:
        """``get``, ``set``, ``has``, ``forEach`` …"""
        held = self.held

        def get(site: CallSite, run: Run) -> Value:
            key = site.argument(0) or NOTHING
            if isinstance(key, Const) and members.key_text(key) not in held.fields and held.rest is None:
                # Not there yet; whoever fills it later may run in another order.
                return UnknownValue("an entry of a Map", site.place)
            return members.index(interpreter(run), held, key, site.place)

        def put(site: CallSite, run: Run) -> Value:
            key, value = site.argument(0) or NOTHING, site.argument(1) or NOTHING
            members.assign_index(interpreter(run), held, key, value, site.place)
            return self

        def each(site: CallSite, run: Run) -> Value:
            for pair in [*self.entries().items, *filter(None, (self.entries().rest,))]:
                if isinstance(pair, Sequence):
                    run.call(site.argument(0) or NOTHING, (pair.items[1], pair.items[0], self), site.place)
            return NOTHING

        if name == "get":
            return method(self, name, get)
        if name == "set":
            return method(self, name, put)
        if name == "forEach":
            return method(self, name, each)
        if name == "entries":
            return method(self, name, lambda site, run: self.entries())
        if name == "values":
            return method(self, name, lambda site, run: Sequence(list(held.fields.values()), held.rest))
        if name == "keys":
            return method(self, name, lambda site, run: _keys(CallSite((held,), {}, site.place), run))
        if name == "delete" or name == "clear":
            return method(self, name, lambda site, run: NOTHING)
        return None

    def iterate(self, run: Run, place: Place) -> Value:
        """A pair of key and value."""
        return self.entries().element()

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By what it holds."""
        return ("map", self.held.fingerprint(depth - 1))

    def describe(self) -> str:
        """``Map``."""
        return "Map"


@dataclass(frozen=True, slots=True, eq=False)
class SetValue(JavaScriptNative):
    """A ``Set``: an array."""

    held: Sequence

    def own(self, name: str, run: Run, place: Place) -> Value | None:
        """``add``, ``has``, ``forEach``, ``values`` …"""
        held = self.held

        def put(site: CallSite, run: Run) -> Value:
            add(run, held, site.positional)
            return self

        def each(site: CallSite, run: Run) -> Value:
            for item in any_of(held):
                run.call(site.argument(0) or NOTHING, (item, item, self), site.place)
            return NOTHING

        if name == "add":
            return method(self, name, put)
        if name == "forEach":
            return method(self, name, each)
        if name in ("values", "keys"):
            return method(self, name, lambda site, run: held)
        if name == "delete" or name == "clear":
            return method(self, name, lambda site, run: NOTHING)
        return None

    def iterate(self, run: Run, place: Place) -> Value:
        """Any element."""
        return self.held.element()

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By what it holds."""
        return ("set", self.held.fingerprint(depth - 1))

    def describe(self) -> str:
        """``Set``."""
        return "Set"


def _map(site: CallSite, run: Run) -> Value:
    entries = site.argument(0)
    held = _from_entries(CallSite((entries,), {}, site.place), run) if entries is not None and given(entries) else None
    made = held if isinstance(held, Object) else Object()
    made.born = interpreter(run).conditional
    return MapValue(made)


def _set(site: CallSite, run: Run) -> Value:
    value = site.argument(0)
    if value is None or not given(value):
        return SetValue(Sequence())
    made = elements(run, value, site.place)
    return SetValue(Sequence(list(made.items), made.rest))


# JSON


@dataclass(frozen=True, slots=True, eq=False)
class JsonText(JavaScriptNative):
    """What ``JSON.stringify`` makes: parsed again it is the value that it was made of."""

    value: Value

    def missing(self, name: str, place: Place) -> Value:
        """A piece of it is only text."""
        return UnknownValue("JSON text", place)

    def describe(self) -> str:
        """``JSON text``."""
        return "JSON text"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By what it was made of."""
        return ("json", self.value.fingerprint(depth - 1))


def from_data(data: object, depth: int = _DEPTH) -> Value:
    """Parsed JSON as a value."""
    match data:
        case dict() if depth > 0:
            return Object({str(name): from_data(item, depth - 1) for name, item in data.items()})
        case list() if depth > 0:
            return Sequence([from_data(item, depth - 1) for item in data])
        case str() | int() | float() | bool() | None:
            return Const(data)
        case _:
            return UnknownValue("data nested too deep")


def _parse(site: CallSite, run: Run) -> Value:
    value, revive = site.argument(0), site.argument(1)
    if revive is not None and given(revive):
        run.call(revive, (UnknownValue("a key"), UnknownValue("parsed JSON")), site.place)
    if isinstance(value, JsonText):
        return value.value
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) < _LARGE:
        try:
            return from_data(json.loads(value.value))
        except (ValueError, RecursionError):
            return UnknownValue("text that is not JSON", site.place)
    reason = value.reason if isinstance(value, UnknownValue) else "parsed JSON"
    return UnknownValue(reason, site.place)


def _stringify(site: CallSite, run: Run) -> Value:
    value = site.argument(0) or NOTHING
    if isinstance(value, Const | UnknownValue):
        return value if isinstance(value, UnknownValue) else Const(json.dumps(value.value))
    return JsonText(value)


def tables() -> dict[str, Function | Quiet]:
    """The global names of this file."""
    unknown_test = function("Array.isArray", lambda site, run: UnknownValue("a test", site.place))
    return {
        "Object": function(
            "Object",
            _copy,
            assign=function("Object.assign", _assign),
            keys=function("Object.keys", _keys),
            getOwnPropertyNames=function("Object.getOwnPropertyNames", _keys),
            values=function("Object.values", _values),
            entries=function("Object.entries", _entries),
            fromEntries=function("Object.fromEntries", _from_entries),
            freeze=identity("Object.freeze"),
            seal=identity("Object.seal"),
            preventExtensions=identity("Object.preventExtensions"),
            setPrototypeOf=identity("Object.setPrototypeOf"),
            create=function("Object.create", _create),
            defineProperty=function("Object.defineProperty", _define_property),
            defineProperties=function("Object.defineProperties", _define_properties),
            groupBy=function("Object.groupBy", _group_by),
            prototype=Quiet("Object.prototype"),
        ),
        "Array": function(
            "Array",
            _array,
            of=function("Array.of", lambda site, run: Sequence(list(site.positional))),
            isArray=unknown_test,
            prototype=Quiet("Array.prototype"),
            **{"from": function("Array.from", _array_from)},
        ),
        "Map": function("Map", _map),
        "WeakMap": function("WeakMap", _map),
        "Set": function("Set", _set),
        "WeakSet": function("WeakSet", _set),
        "JSON": Quiet(
            "JSON", {"parse": function("JSON.parse", _parse), "stringify": function("JSON.stringify", _stringify)}
        ),
        "structuredClone": identity("structuredClone"),
    }
