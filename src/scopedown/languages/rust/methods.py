"""What Rust's values can do: options and results, iterators, collections, text
(https://doc.rust-lang.org/std/option/, …/result/, …/iter/, …/collections/, …/primitive.str.html).

``Option`` and ``Result`` are transparent, so ``map`` of one value calls the function with it, and ``map`` of a
collection with each of its elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from scopedown.calls.interpreter import members, operators
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
from scopedown.languages.rust import texts
from scopedown.languages.rust.derived import OF_TYPES
from scopedown.languages.rust.dispatch import by_name, implemented
from scopedown.languages.rust.natives import (
    NOTHING,
    SAME,
    Function,
    elements,
    extension,
    first,
    last,
    load_declaring,
    settled,
)
from scopedown.languages.rust.texts import Method


def method(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member that the language gives to a value of no model."""
    if isinstance(value, Instance) and name not in SAME:
        deref = members.member_of_class(run, value.cls, "deref", value, place)
        if deref is not None:
            return run.attribute(run.call(deref, (), place), name, place)
    if isinstance(value, ClassValue):
        if (
            value.definition.abstract
            and name not in OF_TYPES
            and (meant := implemented(value, name, run, place)) is not None
        ):
            return meant
        made = OF_TYPES.get(name)
        return None if made is None else Function(name, lambda site, run: made(value, site, run), value)
    if (added := extension(run, value, name)) is not None and not isinstance(value, Const):
        return added
    if name in SAME:
        shown = members.member_of_class(run, value.cls, "fmt", value, place) if isinstance(value, Instance) else None
        if name == "to_string" and isinstance(shown, FunctionValue | Union):
            return Function(name, lambda site, run: run.call(shown, (), site.place), value)
        made_same = Function(name, lambda site, run: value, value)
        return made_same if added is None else join(added, made_same)
    if isinstance(value, Instance) and added is None and load_declaring(run, name):  # a trait of a file not loaded yet
        added = members.member_of_class(run, value.cls, name, value, place) or extension(run, value, name)
        if added is not None:
            return added
    found = _table().get(name)
    if found is not None and not (isinstance(value, Instance) and name in _AMBIGUOUS):
        built_in = Function(name, lambda site, run: found(value, site, run), value)
        return built_in if added is None else join(added, built_in)  # a trait of the program may have the name too
    if isinstance(value, UnknownValue):
        return by_name(run, value, name)
    return added


_AMBIGUOUS: Final = frozenset({"get", "insert", "push", "remove", "send", "first", "last", "next", "set", "put"})
"""Methods that an object of the project without them does not have."""


# options and results


def _unwrap_or(value: Value, site: CallSite, run: Machine) -> Value:
    return operators.either(value, settled(first(site), run, site.place))


def _unwrap_or_else(value: Value, site: CallSite, run: Machine) -> Value:
    other = run.call(first(site), (UnknownValue("an error", site.place),), site.place)
    return operators.either(value, other)


def _map(value: Value, site: CallSite, run: Machine) -> Value:
    return each(run, value, last(site), site.place)


def _map_or(value: Value, site: CallSite, run: Machine) -> Value:
    default = first(site)
    made = each(run, value, last(site), site.place)
    return join(made, default)


def _map_or_else(value: Value, site: CallSite, run: Machine) -> Value:
    other = run.call(first(site), (UnknownValue("an error", site.place),), site.place)
    return join(each(run, value, last(site), site.place), other)


def each(run: Machine, value: Value, function: Value, place: Place) -> Value:
    """A function's results for the elements of a collection, or for the one value of an option."""
    found: list[Value] = []
    for option in options(value):
        match option:
            case Sequence(items=items, rest=rest) if len(items) <= members.PRECISE_ITEMS:
                made = [run.call(function, (one,), place) for one in items]
                found.append(Sequence(made, None if rest is None else run.call(function, (rest,), place)))
            case Sequence():
                found.append(Sequence([], run.call(function, (option.element(),), place)))
            case Const(value=None):
                found.append(NOTHING)
            case _:
                found.append(run.call(function, (option,), place))
    return join(*found)


def _kept(value: Value, site: CallSite, run: Machine) -> Value:
    """Elements that a function keeps: it is called, and any of them may stay."""
    each(run, value, first(site), site.place)
    return Sequence([], value.element()) if isinstance(value, Sequence) and value.items else value


def _visited(value: Value, site: CallSite, run: Machine) -> Value:
    """A function is called for the elements, which stay."""
    each(run, value, first(site), site.place)
    return value


def _found(value: Value, site: CallSite, run: Machine) -> Value:
    each(run, value, first(site), site.place)
    return _any(value)


def _any(value: Value) -> Value:
    return join(*(one.element() if isinstance(one, Sequence) else one for one in options(value)))


def _tested(value: Value, site: CallSite, run: Machine) -> Value:
    each(run, value, first(site), site.place)
    return _test(value, site, run)


def _flat(value: Value, site: CallSite, run: Machine) -> Value:
    return _flattened(each(run, value, last(site), site.place))


def _one_level(value: Value, site: CallSite, run: Machine) -> Value:
    return _flattened(value)


def _flattened(value: Value) -> Value:
    if not isinstance(value, Sequence):
        return value
    items: list[Value] = []
    rests = [] if value.rest is None else [_any(value.rest)]
    for item in value.items:
        if isinstance(item, Sequence):
            items += item.items
            rests += [] if item.rest is None else [item.rest]
        elif not (isinstance(item, Const) and item.value is None):
            items.append(item)
    return Sequence.joined(items, join(*rests) if rests else None)


def _folded(value: Value, site: CallSite, run: Machine) -> Value:
    """``fold(start, |sum, one| …)``: two rounds show what the sum may be."""
    total = first(site) if len(site.positional) > 1 else _any(value)
    element = _any(value) if isinstance(value, Sequence) else _element(value, site.place)
    items = value.items if isinstance(value, Sequence) and value.rest is None else None
    if items is not None and len(items) <= members.PRECISE_ITEMS:
        for one in items:
            total = run.call(last(site), (total, one), site.place)
        return total
    for _ in range(2):
        total = join(total, run.call(last(site), (total, element), site.place))
    return total


def _element(value: Value, place: Place) -> Value:
    return value.part(place) if isinstance(value, UnknownValue) else UnknownValue("an element", place)


def _with(value: Value, site: CallSite, run: Machine) -> Value:
    return run.call(last(site), (value,), site.place)


def _other(value: Value, site: CallSite, run: Machine) -> Value:
    return join(value, first(site))


def _then(value: Value, site: CallSite, run: Machine) -> Value:
    return run.call(first(site), () if isinstance(value, Const) else (value,), site.place)


def _given(value: Value, site: CallSite, run: Machine) -> Value:
    return first(site)


# collections


def _keys(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Object):
        return value
    return Sequence(list(map(Const, value.fields)), None if value.rest is None else UnknownValue("a key"))


def _values(value: Value, site: CallSite, run: Machine) -> Value:
    return Sequence(list(value.fields.values()), value.rest) if isinstance(value, Object) else value


def _enumerated(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Sequence):
        return Sequence([], Sequence([UnknownValue("an index", site.place, inert=True), _element(value, site.place)]))
    items: list[Value] = [Sequence([Const(at), one]) for at, one in enumerate(value.items)]
    rest = None if value.rest is None else Sequence([UnknownValue("an index", site.place, inert=True), value.rest])
    return Sequence(items, rest)


def _zipped(value: Value, site: CallSite, run: Machine) -> Value:
    sides = [_any(one) if isinstance(one, Sequence) else _element(one, site.place) for one in (value, first(site))]
    return Sequence([], Sequence(sides))


def _chained(value: Value, site: CallSite, run: Machine) -> Value:
    other = first(site)
    if isinstance(value, Sequence) and isinstance(other, Sequence):
        rests = [rest for rest in (value.rest, other.rest) if rest is not None]
        return Sequence.joined([*value.items, *other.items], join(*rests) if rests else None)
    return join(value, other)


def _part(value: Value, site: CallSite, run: Machine) -> Value:
    """Some of the elements (``skip``, ``take``, ``chunks``)."""
    return Sequence([], value.element()) if isinstance(value, Sequence) and value.held() else value


def _pieces(value: Value, site: CallSite, run: Machine) -> Value:
    """Pieces of a list, each a list of some of the elements."""
    return Sequence([], _part(value, site, run))


def _next(value: Value, site: CallSite, run: Machine) -> Value:
    """Any element: which one depends on what was taken before."""
    if isinstance(value, Sequence):
        return join(value.element(), NOTHING) if value.held() else NOTHING
    return members.iterate(run, value, site.place, False)


def _first(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        return value.items[0] if value.items else value.rest or NOTHING
    return _element(value, site.place)


def _last(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence):
        return value.items[-1] if value.items and value.rest is None else _any(value)
    return _element(value, site.place)


def _get(value: Value, site: CallSite, run: Machine) -> Value:
    """``map.get(key)``, ``list.get(0)``."""
    if not site.positional:
        return value
    key = settled(first(site), run, site.place)
    known = isinstance(value, Object) and isinstance(key, Const) and value.rest is None
    if known and members.key_text(key) not in value.fields:  # type: ignore[arg-type, attr-defined]
        return NOTHING
    return members.index(run, value, key, site.place)


def _inserted(value: Value, site: CallSite, run: Machine) -> Value:
    """``map.insert(key, value)``, ``set.insert(value)``, ``list.insert(at, value)``."""
    if isinstance(value, Sequence):
        value.items.append(last(site))
    elif len(site.positional) > 1:
        members.assign_index(run, value, settled(site.positional[0], run, site.place), site.positional[1], site.place)
    return NOTHING


def _pushed(value: Value, site: CallSite, run: Machine) -> Value:
    for option in options(value):
        if isinstance(option, Sequence) and site.positional:
            if run.position.conditional or len(option.items) > 100:
                option.rest = first(site) if option.rest is None else join(option.rest, first(site))
            else:
                option.items.append(first(site))
        elif not isinstance(option, Const | TextValue):
            run.escape(first(site), site.place)
    return NOTHING


def _extended(value: Value, site: CallSite, run: Machine) -> Value:
    more = first(site)
    for option in options(value):
        if isinstance(option, Sequence):
            added = more.element() if isinstance(more, Sequence) and more.held() else _element(more, site.place)
            option.rest = added if option.rest is None else join(option.rest, added)
        elif isinstance(option, Object) and isinstance(more, Object):
            members.merge(run, option, more, site.place)
        elif isinstance(option, Object):
            option.rest = UnknownValue("an added value", site.place)
    return NOTHING


def _entry(value: Value, site: CallSite, run: Machine) -> Value:
    """``map.entry(key).or_insert_with(…)``: what the map has, or gets there."""
    key = settled(first(site), run, site.place)

    def made(kind: str) -> Function:
        def body(inner: CallSite, run: Machine) -> Value:
            given = first(inner)
            if kind == "or_insert_with":
                given = run.call(given, (), inner.place)
            elif kind == "or_default":
                given = UnknownValue("a default value", inner.place)
            members.assign_index(run, value, key, given, inner.place)
            return given

        return Function(kind, body)

    return Object({kind: made(kind) for kind in ("or_insert", "or_insert_with", "or_default")})


def _unzipped(value: Value, site: CallSite, run: Machine) -> Value:
    element = _any(value) if isinstance(value, Sequence) else _element(value, site.place)
    place = site.place
    return Sequence([Sequence([], members.index(run, element, Const(at), place)) for at in (0, 1)])


def _collected(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _number(value: Value, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Sequence) and value.rest is None:
        return Const(len(value.items))
    return UnknownValue("a length", site.place, inert=True)


def _test(value: Value, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a computed value", site.place, inert=True)


@cache
def _table() -> Mapping[str, Method]:
    table: dict[str, Method] = {
        "unwrap_or": _unwrap_or, "unwrap_or_else": _unwrap_or_else, "or_insert": _given, "or": _other, "xor": _other,
        "or_else": _unwrap_or_else, "and": _given, "map_or": _map_or, "map_or_else": _map_or_else, "then": _then,
        "then_some": _given, "with": _with, "tap": _visited, "pipe": _map, "block_on": _given, "enter": _visited,
        "for_each": _visited, "for_each_concurrent": _map, "try_for_each": _visited, "inspect": _visited,
        "find": _found, "find_map": _map, "max_by_key": _found, "min_by_key": _found, "max_by": _found,
        "min_by": _found, "position": _tested, "any": _tested, "all": _tested, "is_some_and": _tested,
        "is_ok_and": _tested, "partition": _visited, "fold": _folded, "try_fold": _folded,
        "reduce": _folded, "scan": _folded,
        "keys": _keys, "into_keys": _keys, "values": _values, "values_mut": _values,
        "into_values": _values, "enumerate": _enumerated, "zip": _zipped, "unzip": _unzipped, "chain": _chained,
        "rev": _part, "skip": _part, "take": _part, "step_by": _part, "peekable": _collected, "chunks": _pieces,
        "chunks_exact": _pieces, "windows": _pieces, "collect": _collected, "try_collect": _collected,
        "buffer_unordered": _collected, "buffered": _collected, "next": _next, "try_next": _next,
        "nth": _next, "pop": _next, "peek": _next, "first": _first, "last": _last, "get": _get, "entry": _entry,
        "get_or_insert_with": _unwrap_or_else, "insert": _inserted, "push": _pushed, "push_back": _pushed,
        "push_front": _pushed, "extend": _extended, "append": _extended, "len": _number, "count": _number,
        "flatten": _one_level, "try_flatten": _one_level,
    }  # fmt: skip
    loops = ("iter", "iter_mut", "into_iter", "par_iter", "into_par_iter", "drain")
    table |= dict.fromkeys(loops, lambda value, site, run: elements(value, site.place))
    table |= dict.fromkeys(("map", "and_then", "try_map", "map_ok", "ok_then"), _map)
    table |= dict.fromkeys(("filter_map", "flat_map", "try_filter_map"), _flat)
    table |= dict.fromkeys(
        ("filter", "retain", "skip_while", "take_while", "sort_by", "sort_by_key", "dedup_by_key"), _kept
    )
    tests = "is_some is_none is_ok is_err is_empty contains contains_key starts_with ends_with eq ne cmp lt gt"
    table |= dict.fromkeys(tests.split(), _test)
    return {**table, **texts.METHODS}
