"""What Kotlin adds to collections, and what makes them
(https://kotlinlang.org/api/core/kotlin-stdlib/kotlin.collections/)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import either
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.java.collections_of import Entry
from scopedown.languages.java.natives import (
    NOTHING,
    any_of,
    bound,
    each,
    element_of,
    elements,
    first_of,
    is_null,
    joined,
    mapped,
)

Method = Callable[[Value, CallSite, Machine], Value]


def entries(value: Value, place: Place) -> Value:
    """What a loop goes through: of a map its entries."""
    if not isinstance(value, Object):
        return value
    known: list[Value] = [Entry(Const(key), one) for key, one in value.fields.items()]
    return Sequence(known, None if value.rest is None else Entry(UnknownValue("a key", place, inert=True), value.rest))


def all_entries(value: Value, place: Place) -> Value:
    """The same for each of the choices."""
    return join(*(entries(option, place) for option in options(value)))


def _last(site: CallSite) -> Value:
    return site.positional[-1] if site.positional else NOTHING


def _listed(value: Value, site: CallSite, run: Machine) -> Sequence:
    return elements(run, entries(value, site.place), site.place)


def _map(value: Value, site: CallSite, run: Machine) -> Value:
    return mapped(run, _listed(value, site, run), _last(site), site.place)


def _map_not_null(value: Value, site: CallSite, run: Machine) -> Value:
    made = mapped(run, _listed(value, site, run), _last(site), site.place)
    return Sequence([one for one in made.items if not is_null(one)], made.rest)


def _map_indexed(value: Value, site: CallSite, run: Machine) -> Value:
    element = any_of(_listed(value, site, run))
    if element is None:
        return Sequence()
    index = UnknownValue("an index", site.place, inert=True)
    return Sequence([], run.call(_last(site), (index, element), site.place))


def _flat_map(value: Value, site: CallSite, run: Machine) -> Value:
    made = mapped(run, _listed(value, site, run), _last(site), site.place)
    return _flattened(made, site, run)


def _flattened(value: Value, site: CallSite, run: Machine) -> Value:
    given = elements(run, value, site.place)
    items: list[Value] = []
    rests: list[Value] = [] if given.rest is None else [members.iterate(run, given.rest, site.place, False)]
    for item in given.items:
        inner = elements(run, item, site.place)
        items += inner.items
        rests += [] if inner.rest is None else [inner.rest]
    return Sequence.joined(items, join(*rests) if rests else None)


def _for_each(value: Value, site: CallSite, run: Machine) -> Value:
    listed = _listed(value, site, run)
    if isinstance(value, Object) and _takes_two(_last(site)):
        for entry in listed.held():
            if isinstance(entry, Entry):
                run.call(_last(site), (entry.key, entry.value), site.place)
        return NOTHING
    each(run, listed, _last(site), site.place)
    return NOTHING


def _takes_two(function: Value) -> bool:
    declared = getattr(function, "function", None)
    return len(getattr(declared, "parameters", ())) == 2


def _kept(value: Value, site: CallSite, run: Machine) -> Value:
    """Elements for which a function says so: it is called, any of them may stay."""
    listed = _listed(value, site, run)
    each(run, listed, _last(site), site.place)
    if isinstance(value, Object):
        return value
    return Sequence([], any_of(listed)) if listed.items or listed.rest is not None else listed


def _visited(value: Value, site: CallSite, run: Machine) -> Value:
    each(run, _listed(value, site, run), _last(site), site.place)
    return value


def _found(value: Value, site: CallSite, run: Machine) -> Value:
    """An element, perhaps one for which a function says so."""
    listed = _listed(value, site, run)
    if site.positional and not isinstance(site.positional[-1], Const):
        each(run, listed, _last(site), site.place)
        return any_of(listed) or NOTHING
    if listed.items:
        return listed.items[0]
    return listed.rest if listed.rest is not None else NOTHING


def _last_found(value: Value, site: CallSite, run: Machine) -> Value:
    listed = _listed(value, site, run)
    if site.positional:
        return _found(value, site, run)
    return listed.items[-1] if listed.items and listed.rest is None else any_of(listed) or NOTHING


def _any(value: Value, site: CallSite, run: Machine) -> Value:
    return element_of(_listed(value, site, run), site.place)


def _tested(value: Value, site: CallSite, run: Machine) -> Value:
    if site.positional:
        each(run, _listed(value, site, run), _last(site), site.place)
    return UnknownValue("a computed value", site.place, inert=True)


def _folded(value: Value, site: CallSite, run: Machine) -> Value:
    """``fold(start) { sum, one -> … }``: two rounds show what the sum may be."""
    listed = _listed(value, site, run)
    element = any_of(listed)
    total = first_of(site) if len(site.positional) > 1 else element or NOTHING
    for _ in range(2 if element is not None else 0):
        total = join(total, run.call(_last(site), (total, element or NOTHING), site.place))
    return total


def _by_key(keys: bool, values: bool, groups: bool = False) -> Method:
    """``associateBy``, ``associateWith``, ``associate``, ``groupBy``."""

    def body(value: Value, site: CallSite, run: Machine) -> Value:
        listed = _listed(value, site, run)
        made = Object(born=run.position.conditional)
        functions = site.positional
        for element in listed.held():
            key = run.call(functions[0], (element,), site.place) if keys and functions else element
            item = run.call(functions[-1], (element,), site.place) if values and functions else element
            if not keys and not values:  # ``associate { k to v }``
                pair = run.call(_last(site), (element,), site.place)
                key, item = (members.index(run, pair, Const(at), site.place) for at in (0, 1))
            members.assign_index(run, made, key, Sequence([], item) if groups else item, site.place)
        return made

    return body


def _joined(value: Value, site: CallSite, run: Machine) -> Value:
    """``joinToString(",") { … }``."""
    listed = _listed(value, site, run)
    transform = site.keywords.get("transform") or next(
        (one for one in site.positional if not isinstance(one, Const) and one.as_text() is None and not one.is_plain),
        None,
    )
    if transform is not None:
        listed = mapped(run, listed, transform, site.place)
    separator = site.argument(0, "separator")
    between = as_text(separator) if separator is not None and separator is not transform else Text.of(", ")
    if listed.rest is not None or between is None:
        return UnknownValue("a joined text", site.place, inert=True)
    parts: list[Text | str] = []
    for at, item in enumerate(listed.items):
        parts += [*([between] if at else []), as_text(item) or Text.unknown("a part of a text", site.place)]
    return from_text(Text.of(*parts))


def _get(value: Value, site: CallSite, run: Machine) -> Value:
    """``getValue(key)``, ``getOrNull(0)``, ``elementAt(0)``."""
    return members.index(run, value, first_of(site), site.place)


def _get_or_else(value: Value, site: CallSite, run: Machine) -> Value:
    """``getOrElse(key) { … }``, ``getOrPut(key) { … }``."""
    found: Value = NOTHING
    key = first_of(site)
    if not (isinstance(value, Object) and isinstance(key, Const) and members.key_text(key) not in value.fields):
        found = members.index(run, value, key, site.place)
    made = run.call(_last(site), () if isinstance(value, Object) else (key,), site.place)
    if isinstance(value, Object):
        members.assign_index(run, value, key, made, site.place)
    return either(found, made)


def _same(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _part(value: Value, site: CallSite, run: Machine) -> Value:
    listed = _listed(value, site, run)
    return Sequence([], any_of(listed)) if listed.items or listed.rest is not None else listed


def _pieces(value: Value, site: CallSite, run: Machine) -> Value:
    """``chunked(25) { … }``."""
    part = _part(value, site, run)
    if len(site.positional) > 1:
        return Sequence([], run.call(_last(site), (part,), site.place))
    return Sequence([], part)


def _plus(value: Value, site: CallSite, run: Machine) -> Value:
    other = first_of(site)
    if isinstance(value, Object) and isinstance(other, Object):
        return Object({**value.fields, **other.fields}, joined(value.rest, other.rest))
    if isinstance(other, Sequence) and isinstance(value, Sequence):
        return Sequence.joined([*value.items, *other.items], joined(value.rest, other.rest))
    return Sequence.joined([*value.items, other], value.rest) if isinstance(value, Sequence) else value


def _to_map(value: Value, site: CallSite, run: Machine) -> Value:
    return value if isinstance(value, Object) else map_of(run, _listed(value, site, run).held(), site.place)


def map_of(run: Machine, pairs: list[Value], place: Place) -> Object:
    """A map of pairs."""
    made = Object(born=run.position.conditional)
    for pair in pairs:
        for option in options(pair):
            if isinstance(option, Sequence) and len(option.items) == 2:
                members.assign_index(run, made, option.items[0], option.items[1], place)
            elif isinstance(option, Entry):
                members.assign_index(run, made, option.key, option.value, place)
            else:
                made.rest = join(made.rest or NOTHING, UnknownValue("a value of a map", place))
    return made


def _with_index(value: Value, site: CallSite, run: Machine) -> Value:
    listed = _listed(value, site, run)
    pairs: list[Value] = [Sequence([Const(at), one]) for at, one in enumerate(listed.items)]
    index = UnknownValue("an index", site.place, inert=True)
    return Sequence(pairs, None if listed.rest is None else Sequence([index, listed.rest]))


def _zipped(value: Value, site: CallSite, run: Machine) -> Value:
    return Sequence([], Sequence([_any(value, site, run), _any(first_of(site), site, run)]))


@cache
def methods() -> Mapping[str, Method]:
    """The methods by their names."""
    table: dict[str, Method] = {
        "mapNotNull": _map_not_null, "mapIndexed": _map_indexed, "flatMap": _flat_map, "flatten": _flattened,
        "forEach": _for_each, "onEach": _visited, "forEachIndexed": _map_indexed, "reduce": _folded, "fold": _folded,
        "joinToString": _joined, "getOrElse": _get_or_else, "getOrPut": _get_or_else, "toMap": _to_map,
        "toMutableMap": _to_map, "plus": _plus, "withIndex": _with_index, "zip": _zipped, "random": _any,
        "associateBy": _by_key(True, False), "associateWith": _by_key(False, True), "associate": _by_key(False, False),
        "groupBy": _by_key(True, False, groups=True), "chunked": _pieces, "windowed": _pieces, "chunk": _pieces,
    }  # fmt: skip
    for names, method in _SEVERAL:
        table |= dict.fromkeys(names.split(), method)
    return table


_SEVERAL: Final = (
    ("map mapTo mapKeys mapValues mapAsync mapLatest transform", _map),
    ("filter filterNot filterKeys filterValues filterIsInstance takeWhile dropWhile sortedBy sortedByDescending "
     "distinctBy filterTo removeIf", _kept),
    ("first firstOrNull find single singleOrNull", _found),
    ("last lastOrNull findLast", _last_found),
    ("maxByOrNull minByOrNull maxBy minBy elementAtOrNull", _any),
    ("any all none count sumOf sumBy partition indexOfFirst isNullOrEmpty isNotEmpty containsKey", _tested),
    ("getValue getOrNull getOrDefault elementAt", _get),
    ("toList toSet toMutableList toMutableSet asSequence asIterable toTypedArray orEmpty filterNotNull sorted distinct "
     "reversed toHashSet shuffled asReversed sortedDescending toCollection ifEmpty asList toSortedSet", _same),
    ("take drop takeLast dropLast slice subList minus filterIndexed", _part),
    ("collect collectLatest onCompletion", _for_each),
)  # fmt: skip


def method(value: Value, name: str) -> Value | None:
    """A method of a collection that Java's has not, or has otherwise."""
    found = methods().get(name)
    if found is None:
        return None
    return bound(value, name, lambda site, run: found(value, site, run))


def property_(value: Sequence | Object, name: str) -> Value | None:
    """A property that is read without a call."""
    if name == "size":
        known = len(value.items) if isinstance(value, Sequence) else len(value.fields)
        return Const(known) if value.rest is None else UnknownValue("a size", inert=True)
    if isinstance(value, Object):
        if name == "keys":
            return Sequence(list(map(Const, value.fields)), None if value.rest is None else UnknownValue("a key"))
        if name == "values":
            return Sequence(list(value.fields.values()), value.rest)
        if name == "entries":
            return entries(value, Place(""))
    if name in ("lastIndex", "indices"):
        return UnknownValue("an index", inert=True)
    return None
