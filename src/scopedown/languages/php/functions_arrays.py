"""PHP's functions on arrays (https://www.php.net/manual/en/ref.array.php), and what ``foreach`` and ``[]=`` mean."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import Call, Habits
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.list_effects import VERBS as LISTS
from scopedown.calls.builtins.list_effects import joined_text
from scopedown.calls.interpreter import dunder_methods, members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, Instance, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php.native import (
    NOTHING,
    Body,
    argument,
    callable_of,
    first_of,
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


class _Habits(Habits):
    """Lists and maps are one; a callback is a function, or names one."""

    def entries(self, value: Object, place: Place) -> Sequence:
        """The values."""
        return Sequence(list(value.fields.values()), value.rest)

    def callback(self, call: Call, at: int) -> Value | None:
        """What an argument calls; one that is not known is noted."""
        given = call.argument(at)
        found = callable_of(call.run, given, call.place)
        if found is None:
            unknown_callback(call.run, given, call.site)
        return found


def _map(call: Call) -> Value:
    """``array_map($f, $a, …)``: the array has the same keys."""
    callback = call.callback()
    others = [call.elements(one).element() for one in call.site.positional[1:]]
    if callback is None:
        return Sequence([], UnknownValue("an element", call.place))
    changed = Function("", lambda site, run: run.call(callback, (*site.positional, *others), site.place))
    found = call.results(changed)
    made = [result for _, result in found.pairs]
    if isinstance(call.value, Object) and found.rest is None:
        return Object(dict(zip(call.value.fields, made, strict=True)))
    return Sequence(made, None if found.rest is None else found.rest[1])


def _kept(call: Call, verb: str = "") -> Value:
    """Some of the elements, each under its key."""
    made = Sequence([], call.any()) if not verb else LISTS[verb](call)
    return call.value if isinstance(call.value, Object) else made


def _merge(call: Call) -> Value:
    run, given = call.run, call.site.all()
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
        members.merge(run, made, one, call.place)
    return made


def _push(call: Call) -> Value:
    into = call.value
    for value in call.site.positional:
        if isinstance(into, Sequence):
            into.rest = value if into.rest is None else join(into.rest, value)
        elif isinstance(into, Object):
            into.put(UnknownValue("a position"), value)
    return call.data()


def _column(call: Call) -> Value:
    return Sequence([], members.index(call.run, call.element(), call.argument(0) or NOTHING, call.place))


def _combine(call: Call) -> Value:
    made = Object(born=call.run.position.conditional)
    keys, values = call.list, call.elements(call.argument(0) or NOTHING)
    if keys.rest is None and values.rest is None and all(isinstance(key, Const) for key in keys.items):
        names = [members.key_text(key) for key in keys.items if isinstance(key, Const)]
        made.fields = dict(zip(names, values.items, strict=False))
    else:
        made.rest = values.element()
    return made


def _implode(call: Call) -> Value:
    """``implode($separator, $list)``, in either order, or with the list alone."""
    arguments = call.site.all()
    lists = [one for one in arguments if isinstance(one, Sequence | Object)] or arguments[-1:]
    others = [one for one in arguments if one is not lists[0]] if lists else []
    known = call.elements(lists[0]) if lists else None
    if known is None or known.rest is not None:
        return UnknownValue("a joined text", call.place)
    return joined_text(others[0] if others else Const(""), known, call.place)


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    _Habits(),
    {
        "column": _column,
        "combine": _combine,
        "fill-keys": lambda call: Object({}, call.argument(1)),
        "implode": _implode,
        "kept": _kept,
        "map-array": _map,
        "merge": _merge,
        "push": _push,
    },
)
BODIES: Final[dict[str, Body]] = {"<append>": _append, "<values>": _values, "<pairs>": _pairs}
"""What the lowering calls."""


def functions() -> dict[str, Body]:
    """The functions by name."""
    return {**BODIES, **BUILTINS.functions("php")}
