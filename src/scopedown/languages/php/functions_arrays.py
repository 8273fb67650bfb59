"""PHP's functions on arrays (https://www.php.net/manual/en/ref.array.php), and what ``foreach`` and ``[]=`` mean."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import dunder_methods, members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Instance, Object, Sequence, UnknownValue, Value, join, options
from scopedown.languages.php.native import (
    NOTHING,
    Body,
    argument,
    callable_of,
    element,
    first_of,
    items,
    over,
    pairs,
    unknown_callback,
)


def _append(site: CallSite, run: Machine) -> Value:
    """``$list[] = $value``: the list with a further element."""
    into, value = first_of(site), argument(site, 1) or NOTHING
    found: list[Value] = []
    for option in options(into):
        match option:
            case Sequence():
                if run.position.conditional:
                    rest = value if option.rest is None else join(option.rest, value)
                    found.append(Sequence(list(option.items), rest))
                else:
                    found.append(Sequence.joined([*option.items, value], option.rest))
            case Object() if option.fields or option.rest is not None:
                option.rest = value if option.rest is None else join(option.rest, value)
                found.append(option)
            case Native():
                option.add(value, run, site.place)
                found.append(option)
            case Object() | Const() if not run.position.conditional:
                found.append(Sequence([value]))
            case _:
                found.append(Sequence([], value))
    return join(*found)


def _values(site: CallSite, run: Machine) -> Value:
    """What ``foreach`` goes through."""
    value = first_of(site)
    found: list[Value] = []
    for option in options(value):
        match option:
            case Object():
                found.append(Sequence(list(option.fields.values()), option.rest))
            case Const():
                continue
            case Instance():
                found.append(Sequence([], _of_iterator(option, run, site)))
            case _:
                found.append(option)
    return join(*found) if found else Sequence()


def _of_iterator(value: Instance, run: Machine, site: CallSite) -> Value:
    """An element of an object that ``foreach`` goes through: an Iterator's methods are all called, in this order
    (https://www.php.net/manual/en/class.iterator.php); another one's ``getIterator`` gives what is gone through."""
    if dunder_methods.defined(value.cls, "current") is None:
        return members.iterate(run, value, site.place, False)
    _called(value, "rewind", run, site)
    found = [_gone_through(value, run, site)]
    run.position.conditional += 1  # there may be further elements
    found.append(_gone_through(value, run, site))
    run.position.conditional -= 1
    if any(isinstance(option, Const) for one in found for option in options(one)):
        found.append(UnknownValue("a later element", site.place, inert=True))
    return join(*found)


def _gone_through(value: Instance, run: Machine, site: CallSite) -> Value:
    """One element of an Iterator, which goes on to the next one."""
    _called(value, "valid", run, site)
    found = _called(value, "current", run, site)
    for name in ("key", "next"):
        _called(value, name, run, site)
    return found


def _called(value: Instance, name: str, run: Machine, site: CallSite) -> Value:
    return run.call(run.attribute(value, name, site.place), (), site.place)


def _pairs(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Native | Instance):
            item = _of_iterator(option, run, site) if isinstance(option, Instance) else option.iterate(run, site.place)
            found.append(Sequence([], Sequence([UnknownValue("a key", site.place, inert=True), item])))
        else:
            found.append(pairs(option, site.place))
    return join(*found) if found else Sequence()


def _map(site: CallSite, run: Machine) -> Value:
    value = argument(site, 1) or NOTHING
    made = over(run, site, argument(site, 0), value, *[element(one) for one in site.all()[2:]])
    known = items(value)
    if isinstance(value, Object) and known is not None and len(known) == len(made):
        return Object(dict(zip(value.fields, made, strict=True)))
    return Sequence(made) if known is not None and len(known) == len(made) else Sequence([], join(*made) if made else (
        UnknownValue("an element", site.place)))  # fmt: skip


def _filter(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    over(run, site, argument(site, 1), value)
    if isinstance(value, Object):
        return value
    return Sequence([], element(value, site.place))


def _walk(site: CallSite, run: Machine) -> Value:
    over(run, site, argument(site, 1), first_of(site), UnknownValue("a key", site.place, inert=True))
    return Const(True)


def _sorted(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, argument(site, 1), site.place)
    if callback is not None:
        item = element(first_of(site), site.place)
        run.call(callback, (item, item), site.place)
    else:
        unknown_callback(run, argument(site, 1), site)
    return Const(True)


def _reduce(site: CallSite, run: Machine) -> Value:
    callback = callable_of(run, argument(site, 1), site.place)
    memo = argument(site, 2) or NOTHING
    if callback is None:
        unknown_callback(run, argument(site, 1), site)
        return UnknownValue("a computed value", site.place)
    known = items(first_of(site))
    if known is not None and len(known) <= 8:
        for item in known:
            memo = run.call(callback, (memo, item), site.place)
        return memo
    return join(memo, run.call(callback, (memo, element(first_of(site), site.place)), site.place))


def _merge(site: CallSite, run: Machine) -> Value:
    given = site.all()
    if all(isinstance(one, Sequence) or (isinstance(one, Object) and not one.fields and one.rest is None)
           for one in given):  # fmt: skip
        found: list[Value] = []
        rest: list[Value] = []
        for one in given:
            if isinstance(one, Sequence):
                found += one.items
                rest += [] if one.rest is None else [one.rest]
        return Sequence.joined(found, join(*rest) if rest else None)
    made = Object(born=run.position.conditional)
    for one in given:
        members.merge(run, made, one, site.place)
    return made


def _push(site: CallSite, run: Machine) -> Value:
    into = first_of(site)
    for option in options(into):
        for value in site.all()[1:]:
            if isinstance(option, Sequence):
                option.rest = value if option.rest is None else join(option.rest, value)
            elif isinstance(option, Object):
                option.put(UnknownValue("a position"), value)
    return UnknownValue("a number", site.place, inert=True)


def _keys(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    if isinstance(value, Object):
        return Sequence([Const(key) for key in value.fields], None if value.rest is None else UnknownValue("a key"))
    return Sequence([], UnknownValue("a key", site.place))


def _one(site: CallSite, run: Machine) -> Value:
    return element(first_of(site), site.place)


def _first(site: CallSite, run: Machine) -> Value:
    known = items(first_of(site))
    return known[0] if known else element(first_of(site), site.place)


def _some(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    return value if isinstance(value, Object) else Sequence([], element(value, site.place))


def _same(site: CallSite, run: Machine) -> Value:
    return first_of(site)


def _reversed(site: CallSite, run: Machine) -> Value:
    value = first_of(site)
    is_list = isinstance(value, Sequence) and value.rest is None
    return Sequence(value.items[::-1]) if isinstance(value, Sequence) and is_list else _some(site, run)


def _column(site: CallSite, run: Machine) -> Value:
    row = element(first_of(site), site.place)
    return Sequence([], members.index(run, row, argument(site, 1) or NOTHING, site.place))


def _chunk(site: CallSite, run: Machine) -> Value:
    return Sequence([], Sequence([], element(first_of(site), site.place)))


def _combine(site: CallSite, run: Machine) -> Value:
    made = Object(born=run.position.conditional)
    keys, values = items(first_of(site)), items(argument(site, 1) or NOTHING)
    if keys is not None and values is not None and all(isinstance(key, Const) for key in keys):
        made.fields = {members.key_text(key): value for key, value in zip(keys, values, strict=False)
                       if isinstance(key, Const)}  # fmt: skip
    else:
        made.rest = element(argument(site, 1) or NOTHING, site.place)
    return made


def _count(site: CallSite, run: Machine) -> Value:
    known = items(first_of(site))
    return UnknownValue("a number", site.place, inert=True) if known is None else Const(len(known))


BODIES: Final[dict[str, Body]] = {
    "<append>": _append,
    "<values>": _values,
    "<pairs>": _pairs,
    "array_map": _map,
    "array_filter": _filter,
    "array_walk": _walk,
    "usort": _sorted,
    "uasort": _sorted,
    "uksort": _sorted,
    "array_reduce": _reduce,
    "array_merge": _merge,
    "array_replace": _merge,
    "array_merge_recursive": _merge,
    "array_replace_recursive": _merge,
    "array_push": _push,
    "array_unshift": _push,
    "array_keys": _keys,
    "array_values": _values,
    "array_pop": _one,
    "array_shift": _one,
    "current": _first,
    "reset": _first,
    "end": _one,
    "array_rand": _one,
    "array_slice": _some,
    "array_splice": _some,
    "array_unique": _same,
    "array_reverse": _reversed,
    "array_diff": _some,
    "array_intersect": _some,
    "array_diff_key": _some,
    "array_intersect_key": _some,
    "iterator_to_array": _same,
    "array_chunk": _chunk,
    "array_combine": _combine,
    "count": _count,
    "sizeof": _count,
    "realpath": _same,
    "array_column": _column,
    "array_fill_keys": lambda site, run: Object({}, argument(site, 1)),
}
"""By name."""
