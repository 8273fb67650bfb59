"""``Object`` and ``Array``; ``tables`` names JavaScript's other structures as well."""

from __future__ import annotations

from dataclasses import replace

from scopedown.calls.builtins.builtin_call import listed
from scopedown.calls.interpreter import exact, members, trail
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.javascript.array_methods import array_method
from scopedown.languages.javascript.collections import from_entries, map_, set_
from scopedown.languages.javascript.json_text import parse, stringify
from scopedown.languages.javascript.natives import (
    NOTHING,
    Function,
    Quiet,
    function,
    given,
    identity,
    like_array,
)

MAX_MADE = 10_000
"""Elements of an array that is made of its length."""

# Object


def assign(run: Machine, into: Value, value: Value, place: Place) -> None:
    """``Object.assign(into, value)``, with the interpreter's care for undecided branches."""
    for option in options(value):
        if isinstance(option, Object | Instance):
            for name, item in members.own_items(run, option, place).items():
                members.assign(run, into, name, item, place)
            if run.written is not None:
                run.written.copied(into, option, place)
            rest = option.rest if isinstance(option, Object) else None
            if rest is not None and isinstance(into, Object):
                into.rest = rest if into.rest is None else join(into.rest, rest)
        elif isinstance(into, Object) and not isinstance(option, Const):
            unknown = (
                option if isinstance(option, UnknownValue) else UnknownValue("a field of an unknown object", place)
            )
            if run.exact:
                unknown = exact.why_unknown(option) or unknown
            into.rest = unknown if into.rest is None else join(into.rest, unknown)


def _assign(site: CallSite, run: Machine) -> Value:
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


def fields_of(run: Machine, value: Value | None, place: Place) -> tuple[dict[str, Value], Value | None]:
    """The fields of an object, as reading them gives them, and what any other may hold."""
    match value:
        case Object() | Instance():
            return members.own_items(run, value, place), value.rest if isinstance(value, Object) else None
        case Union():
            found = [fields_of(run, option, place) for option in value.options]
            rests = [rest for _, rest in found if rest is not None]
            names = dict.fromkeys(name for fields, _ in found for name in fields)
            return {name: join(*(fields[name] for fields, _ in found if name in fields)) for name in names}, join(
                *rests
            ) if rests else None
        case None | Const():
            return {}, None
        case UnknownValue():
            return {}, value
        case _:
            return {}, UnknownValue("a field of an unknown object")


def held_by(value: Value | None) -> tuple[dict[str, Value], Value | None]:
    """The fields of an object as it holds them, and what any other may hold."""
    match value:
        case Object(fields, rest):
            return fields, rest
        case Instance(fields=fields) | ClassValue(fields=fields):
            return fields, None
        case None | Const():
            return {}, None
        case UnknownValue():
            return {}, value
        case _:
            return {}, UnknownValue("a field of an unknown object")


def _keys(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if run.exact and isinstance(value, Sequence):
        return Sequence([Const(str(at)) for at in range(len(value.items))])
    if run.exact and (why := _unlisted(value)) is not None:
        return why
    if isinstance(value, Sequence):
        return Sequence([], UnknownValue("an index"))
    fields, rest = held_by(value)
    if run.exact:
        return _with_rest([Const(name) for name in fields if not members.is_setter(name)], rest)
    return Sequence(
        [Const(name) for name in fields if not members.is_setter(name)],
        None if rest is None else UnknownValue("a key", site.place),
    )


def _values(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if isinstance(value, Sequence):
        return value
    if run.exact and (why := _unlisted(value)) is not None:
        return why
    fields, rest = fields_of(run, value, site.place)
    if run.exact:
        return _with_rest([_bound(value, item) for item in fields.values()], rest)
    return Sequence([_bound(value, item) for item in fields.values()], rest)


def _bound(owner: Value | None, item: Value) -> Value:
    if isinstance(item, FunctionValue) and item.this is None and item.function.receiver == "this":
        return FunctionValue(item.function, item.frame, owner, item.owner)
    return item


def _unlisted(value: Value | None) -> UnknownValue | None:
    """Why the members of a value are not known, where nothing of them is."""
    return None if value is None or isinstance(value, Object) else exact.why_unknown(value)


def _with_rest(items: list[Value], rest: Value | None) -> Sequence:
    """A list in which one unknown element stands for all that may follow."""
    return Sequence([*items, *([] if rest is None else [exact.why_unknown(rest) or rest])])


def _entries(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if run.exact and isinstance(value, Sequence):
        return Sequence([Sequence([Const(str(at)), item]) for at, item in enumerate(value.items)])
    if run.exact and (why := _unlisted(value)) is not None:
        return why
    fields, rest = fields_of(run, value, site.place)
    pairs: list[Value] = [Sequence([Const(name), item]) for name, item in fields.items()]
    if run.exact:
        return _with_rest(pairs, rest)
    more = Sequence([UnknownValue("a key", site.place), rest]) if rest is not None else None
    return Sequence(pairs, more)


def getter(value: Value) -> Value:
    """A function as a property that is read without a call."""
    if not isinstance(value, FunctionValue):
        return UnknownValue("a computed property")
    read = replace(value.function, accessor=True, receiver="this")
    return FunctionValue(read, value.frame, None, value.owner)


def define(run: Machine, target: Value, name: str, description: Value, place: Place) -> None:
    """A property by its descriptor, whose own members may be getters or inherited."""
    if not run.position.loading:  # where a file is loaded, compilers define what it exports
        trail.unsettle(run, "defines a property by a descriptor", place)
    is_plain = all(isinstance(option, Object) for option in options(target))
    if not isinstance(description, Object) or _has_accessor(description):
        trail.unsettle(run, "describes a property by an object that is not plain", place)
    fields, rest = _of_descriptor(run, description, place)
    if not is_plain and not fields.keys().isdisjoint(("get", "set")):
        trail.unsettle(run, "defines an accessor of an object that is not plain", place)
    if rest is not None:
        members.define(run, target, name, rest, place)
    if "value" in fields:
        members.define(run, target, name, fields["value"], place)
    elif rest is None and fields.keys().isdisjoint(("get", "set")) and name not in held_by(target)[0]:
        members.define(run, target, name, NOTHING, place)
    if given(found := fields.get("get")) and found is not None:
        members.define(run, target, name, join(*(getter(option) for option in options(found))), place)
    if given(found := fields.get("set")) and found is not None:
        if isinstance(found, FunctionValue) and isinstance(target, Object | Instance | ClassValue):
            members.define(run, target, name + members.SETTER, found, place)
        else:
            run.escape(found, place)


def _has_accessor(value: Object) -> bool:
    """Whether reading a member of an object runs a function."""
    return any(
        members.is_setter(name) or (isinstance(member, FunctionValue) and member.function.accessor)
        for name, member in value.fields.items()
    )


def _of_descriptor(run: Machine, description: Value, place: Place) -> tuple[dict[str, Value], Value | None]:
    if isinstance(description, Instance | ClassValue | FunctionValue):
        read = {name: run.attribute(description, name, place) for name in ("value", "get", "set")}
        return {name: value for name, value in read.items() if not isinstance(value, UnknownValue)}, None
    return fields_of(run, description, place)


def _names(run: Machine, key: Value | None) -> list[str | None]:
    return [members.key_name(option) for option in options(key)] if key is not None else [None]


def _define_property(site: CallSite, run: Machine) -> Value:
    target, key, description = site.argument(0), site.argument(1), site.argument(2)
    if target is None or description is None:
        return target or NOTHING
    for name in _names(run, key):
        if name is not None:
            define(run, target, name, description, site.place)
            continue
        for value in fields_of(run, description, site.place)[0].values():
            run.escape(value, site.place)
            if isinstance(target, Object):
                target.put(key or NOTHING, value)
    return target


def _descriptor(site: CallSite, run: Machine) -> Value:
    """``Object.getOwnPropertyDescriptor(object, name)``: a getter as a function, anything else as a value."""
    name = site.argument(1)
    fields, rest = held_by(site.argument(0))
    if not isinstance(name, Const):
        trail.unsettle(run, "asks for the descriptor of a property whose name is not known", site.place)
        return UnknownValue("a property's descriptor", site.place)
    return _described(site.argument(0), fields, str(name.value), rest)


def _described(owner: Value | None, fields: dict[str, Value], name: str, rest: Value | None) -> Value:
    found, setter = fields.get(name, rest), fields.get(name + members.SETTER)
    if found is None and setter is None:
        return NOTHING
    test = UnknownValue("an attribute of a property")
    if setter is None and not (isinstance(found, FunctionValue) and found.function.accessor):
        return Object({"value": found or NOTHING, "writable": test, "enumerable": test, "configurable": test})
    made = Object({"get": NOTHING, "set": NOTHING, "enumerable": test, "configurable": test})
    if isinstance(found, FunctionValue):
        read = replace(found.function, accessor=False)
        made.fields["get"] = FunctionValue(read, found.frame, owner, found.owner)
    if setter is not None:
        made.fields["set"] = setter
    return made


def _descriptors(site: CallSite, run: Machine) -> Value:
    owner = site.argument(0)
    fields, rest = held_by(owner)
    names = [name for name in fields if not members.is_setter(name)]
    return Object({name: _described(owner, fields, name, None) for name in names}, rest)


def _define_properties(site: CallSite, run: Machine) -> Value:
    target = site.argument(0)
    if target is not None:
        _define_all(run, target, site.argument(1), site.place)
    return target or NOTHING


def _define_all(run: Machine, target: Value, several: Value | None, place: Place) -> None:
    if several is not None and not all(isinstance(one, Object | Instance | Const) for one in options(several)):
        trail.unsettle(run, "describes properties by an object that is not plain", place)
    fields, rest = fields_of(run, several, place)
    for name, description in fields.items():
        define(run, target, name, description, place)
    if rest is not None and isinstance(target, Object):
        target.put(NOTHING, rest)


def _set_prototype(site: CallSite, run: Machine) -> Value:
    target = site.argument(0) or NOTHING
    if isinstance(target, Object):
        members.inherit(target, site.argument(1) or NOTHING)
    elif not isinstance(target, Instance | ClassValue | FunctionValue | UnknownValue):
        trail.unsettle(run, "changes the prototype of an object that is not plain", site.place)
    return target


def _create(site: CallSite, run: Machine) -> Value:
    made = Object(born=run.position.conditional)
    prototype = site.argument(0)
    if prototype is not None:
        members.inherit(made, prototype)
    _define_all(run, made, site.argument(1), site.place)
    return made


def _group_by(site: CallSite, run: Machine) -> Value:
    value, by = site.argument(0), site.argument(1)
    if value is None:
        return Object()
    found = listed(run, value, site.place)
    if by is not None and found.held():
        run.call(by, (found.element(), UnknownValue("an index")), site.place)
    return Object({}, Sequence([], found.element()))


def _copy(site: CallSite, run: Machine) -> Value:
    value = site.argument(0)
    if value is None or not given(value):
        return Object()
    if isinstance(value, Const | TextValue):
        return UnknownValue("an object around a value", site.place, inert=True)
    return value


# Array


def _array_from(site: CallSite, run: Machine) -> Value:
    value, change = site.argument(0), site.argument(1)
    if value is None:
        return Sequence()
    if run.exact and isinstance(value, Object) and not isinstance(value.fields.get("length"), UnknownValue):
        length = value.fields.get("length")
        count = length.value if isinstance(length, Const) and isinstance(length.value, int) else 0
        items = Sequence([NOTHING] * (count if 0 <= count <= MAX_MADE else 0))
    elif isinstance(value, Object) and "length" in value.fields:
        items = Sequence([], NOTHING)
    else:
        made = listed(run, value, site.place)
        items = Sequence(list(made.items), made.rest)
    if change is None or not given(change):
        return items
    mapper = array_method(items, "map", run, site.place)
    return run.call(mapper, (change,), site.place) if mapper is not None else items


class ArrayPrototype(Quiet):
    """``Array.prototype``: ``….slice.call(arguments, 1)`` is a method of an array for whatever is like one."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("Array.prototype")

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method, without its array."""

        def on(site: CallSite, run: Machine) -> Value:
            value = site.argument(0) or NOTHING
            if isinstance(value, Sequence):
                return run.call(run.attribute(value, name, site.place), site.positional[1:], site.place)
            trail.unsettle(run, f"calls Array.prototype.{name} on something other than an array", site.place)
            like = like_array(run, value, site.place)
            held = {id(one) for one in like.held()}
            result = run.call(run.attribute(like, name, site.place), site.positional[1:], site.place)
            for added in like.held():
                if id(added) not in held and isinstance(value, Object):
                    value.put(NOTHING, added)
            return result

        def spread(site: CallSite, run: Machine) -> Value:
            more = site.argument(1)
            given_ = tuple(more.items) if isinstance(more, Sequence) else ()
            return on(CallSite((site.argument(0) or NOTHING, *given_), {}, site.place), run)

        if name in ("then", "catch", "finally", "default"):
            return None
        return function(
            f"Array.prototype.{name}",
            lambda site, run: UnknownValue("a result", site.place),
            call=function("call", on),
            apply=function("apply", spread),
        )


def _is_array(site: CallSite, run: Machine) -> Value:
    """``Array.isArray``: a handler may be given both."""
    if not run.exact:
        return UnknownValue("a test", site.place)
    value = site.argument(0) or NOTHING
    return exact.why_unknown(value) or Const(isinstance(value, Sequence))


def _clone(site: CallSite, run: Machine) -> Value:
    """``structuredClone``."""
    value = site.argument(0) or NOTHING
    return _cloned(value, run, {}) if run.exact else value


def _cloned(value: Value, run: Machine, made: dict[int, Value]) -> Value:
    if not isinstance(value, Object | Sequence):
        return value
    if id(value) in made:
        return made[id(value)]
    run.step()
    copy = made[id(value)] = Object(rest=value.rest) if isinstance(value, Object) else Sequence(rest=value.rest)
    if run.written is not None and (place := run.written.place(value)) is not None:
        run.written.made(copy, place)
        run.written.copied(copy, value, place)
    if isinstance(value, Object) and isinstance(copy, Object):
        copy.fields = {name: _cloned(item, run, made) for name, item in value.fields.items()}
    elif isinstance(value, Sequence) and isinstance(copy, Sequence):
        copy.items = [_cloned(item, run, made) for item in value.items]
    return copy


def _array(site: CallSite, run: Machine) -> Value:
    count = site.positional[0] if run.exact and len(site.positional) == 1 else None
    if isinstance(count, Const) and isinstance(count.value, int) and not isinstance(count.value, bool):
        return Sequence([NOTHING] * (count.value if 0 <= count.value <= MAX_MADE else 0))
    if len(site.positional) == 1 and not isinstance(site.positional[0], Object):
        return Sequence([], NOTHING)
    return Sequence(list(site.positional))


def tables() -> dict[str, Function | Quiet]:
    """The global names of this file."""
    return {
        "Object": function(
            "Object",
            _copy,
            assign=function("Object.assign", _assign),
            keys=function("Object.keys", _keys),
            getOwnPropertyNames=function("Object.getOwnPropertyNames", _keys),
            values=function("Object.values", _values),
            entries=function("Object.entries", _entries),
            fromEntries=function("Object.fromEntries", from_entries),
            freeze=identity("Object.freeze"),
            seal=identity("Object.seal"),
            preventExtensions=identity("Object.preventExtensions"),
            setPrototypeOf=function("Object.setPrototypeOf", _set_prototype),
            create=function("Object.create", _create),
            defineProperty=function("Object.defineProperty", _define_property),
            defineProperties=function("Object.defineProperties", _define_properties),
            getOwnPropertyDescriptor=function("Object.getOwnPropertyDescriptor", _descriptor),
            getOwnPropertyDescriptors=function("Object.getOwnPropertyDescriptors", _descriptors),
            groupBy=function("Object.groupBy", _group_by),
            prototype=Quiet("Object.prototype"),
        ),
        "Array": function(
            "Array",
            _array,
            of=function("Array.of", lambda site, run: Sequence(list(site.positional))),
            isArray=function("Array.isArray", _is_array),
            prototype=ArrayPrototype(),
            **{"from": function("Array.from", _array_from)},
        ),
        "Map": function("Map", map_),
        "WeakMap": function("WeakMap", map_),
        "Set": function("Set", set_),
        "WeakSet": function("WeakSet", set_),
        "JSON": Quiet(
            "JSON", {"parse": function("JSON.parse", parse), "stringify": function("JSON.stringify", stringify)}
        ),
        "structuredClone": function("structuredClone", _clone),
    }
