"""The verbs of maps: what a method does with keys and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, is_nothing, joined
from scopedown.calls.builtins.list_effects import loosen
from scopedown.calls.interpreter import members
from scopedown.calls.values import Const, Object, Sequence, UnknownValue, Value, from_text, join, options


def known(call: Call, key: Value) -> tuple[Value | None, bool]:
    """What a map has under a key, and whether it may have nothing there."""
    held, found, missing = call.value, list[Value](), False
    if not isinstance(held, Object):
        return members.index(call.run, held, key, call.place), True
    for option in options(key):
        item = held.fields.get(members.key_text(option)) if isinstance(option, Const) else None
        if item is not None:
            some = [one for one in options(item) if not is_nothing(one)]
            found += [members.bind(call.run, one, held, call.place) for one in some]
            missing = missing or len(some) < len(options(item))
        elif isinstance(option, Const):
            found += [held.rest] if held.rest is not None else []
            missing = True
        else:
            found += [members.index(call.run, held, option, call.place)] if held.held() else []
            missing = True
    return joined(*found), missing


def _get(call: Call, at: str = "$0", missing: str = "") -> Value:
    """The value of a key. ``nothing``: a key that a map certainly lacks gives nothing, not an unknown value."""
    held, key = call.value, call.plain(int(at[1:]))
    if isinstance(held, Object) and not held.held():
        return NOTHING
    if missing and isinstance(held, Object) and held.rest is None and isinstance(key, Const):
        return held.fields.get(members.key_text(key)) or NOTHING
    return members.index(call.run, held, key, call.place)


def _default(call: Call, at: str) -> Value | None:
    """What is there for a missing key: an argument, or what a callback gives for the key."""
    callback, value = call.callback(int(at[1:])), call.argument(int(at[1:]))
    return value if callback is None else call.run.call(callback, (call.plain(0),), call.place)


def _get_or(call: Call, default: str = "$1", otherwise: str = "") -> Value:
    """The value of a key, or a default where it may have none. Where no default is an argument, a map that certainly
    lacks the key gives nothing; with ``nothing``, one that may lack it, too; with ``raises``, it is an error."""
    found, missing = known(call, call.plain(0))
    other = _default(call, default) if missing or found is None else None
    if other is None and (otherwise == "nothing" if found is not None else otherwise != "raises"):
        other = NOTHING if missing else None
    return joined(found, other) or UnknownValue("a missing key", call.place, inert=True)


def _get_or_put(call: Call, default: str = "$1") -> Value:
    """The same, which the map has from now on."""
    found, missing = known(call, call.plain(0))
    if found is not None and not missing:
        return found
    made = joined(found, _default(call, default)) or NOTHING
    members.assign_index(call.run, call.value, call.plain(0), made, call.place)
    return made


def _put(call: Call) -> Value:
    """A value under a key, or an entry."""
    key, value = call.plain(0), call.argument(1)
    if value is None and len(call.site.positional) == 1:
        key, value = call.habits.parts(call.site.positional[0], call.run, call.place)
    if value is not None:
        members.assign_index(call.run, call.value, key, value, call.place)
    return call.data()


def _compute(call: Call, function: str = "$1", *pattern: str) -> Value:
    """A callback makes the value of a key from the ``key``, the value ``before`` it, or an argument."""
    callback, key = call.callback(int(function[1:])), call.plain(0)
    before, missing = known(call, key)
    given = {"key": key, "before": join(NOTHING, *([] if before is None else [before])) if missing else before}
    words = pattern or ("key", "before")
    arguments = [given.get(word) or call.argument(int(word[1:])) or NOTHING for word in words]
    made = NOTHING if callback is None else call.run.call(callback, tuple(arguments), call.place)
    first = [one for word in words if word.startswith("$") and (one := call.argument(int(word[1:]))) is not None]
    whole = joined(*first, made) if first else joined(before, made)
    members.assign_index(call.run, call.value, key, whole or NOTHING, call.place)
    return made


def update(call: Call, into: Object, value: Value) -> None:
    """The entries of a map, or the pairs of a list, become those of another."""
    for option in options(value):
        if isinstance(option, Object):
            for name, item in members.own_items(call.run, option, call.place).items():
                members.assign_index(call.run, into, Const(name), item, call.place)
            into.symbolic.update(option.symbolic)
            into.rest = joined(into.rest, option.rest)
        elif isinstance(option, Sequence):
            for pair in option.items:
                members.assign_index(call.run, into, *call.habits.parts(pair, call.run, call.place), call.place)
            further = UnknownValue("an item of a list of pairs", call.place)
            into.rest = joined(into.rest, None if option.rest is None else further)
        elif not isinstance(option, Const):
            reason = option.reason if isinstance(option, UnknownValue) else "an item of an unknown mapping"
            into.rest = joined(into.rest, UnknownValue(reason, call.place))


def _update(call: Call) -> Value:
    """The arguments' entries become the map's."""
    if isinstance(into := call.value, Object):
        for value in (*call.site.positional, Object(call.habits.keywords(call.site))):
            update(call, into, value)
        if not call.site.complete:
            into.rest = joined(into.rest, UnknownValue("an item of an unknown mapping", call.place))
    return NOTHING


def _merged(call: Call) -> Value:
    """A new map of the receiver's entries and the arguments'."""
    made = Object(born=call.run.position.conditional)
    for value in (call.value, *call.site.positional, Object(call.habits.keywords(call.site))):
        members.merge(call.run, made, value, call.place)
    return made


def _keys(call: Call) -> Value:
    held = call.value
    if not isinstance(held, Object):
        return Sequence([], UnknownValue("a key", call.place, inert=True))
    names: list[Value] = [Const(name) for name in held.fields if not members.is_setter(name)]
    names += map(from_text, held.symbolic)
    entries = call.habits.entries(held, call.place)
    unknown = None if entries.rest is None else UnknownValue("a key", call.place, inert=True)
    return Sequence(names, joined(unknown, *held.keys))


def _values(call: Call) -> Value:
    held = call.value
    if not isinstance(held, Object):
        return Sequence([], call.element())
    return Sequence(list(members.own_items(call.run, held, call.place).values()), held.rest)


def _entries(call: Call) -> Value:
    return call.habits.entries(call.value, call.place) if isinstance(call.value, Object) else call.list


def _map_values(call: Call, of: str = "value") -> Value:
    """A map of the same keys, with what a callback makes of each value, or of each ``entry``."""
    held, callback = call.value, call.callback()
    if not isinstance(held, Object) or callback is None:
        return held
    found = (call if of == "entry" else replace(call, value=_values(call))).results(callback)
    if len(found.pairs) == len(held.fields):
        made = dict(zip(held.fields, (result for _, result in found.pairs), strict=True))
        return Object(made, None if found.rest is None else found.rest[1])
    whole = join(*(result for _, result in found.all()))
    return Object(dict.fromkeys(held.fields, whole), None if held.rest is None else whole)


def _map_keys(call: Call, of: str = "key") -> Value:
    """A map of the same values, under what a callback makes of each key, or of each ``entry``."""
    held, callback, run = call.value, call.callback(), call.run
    if not isinstance(held, Object) or callback is None:
        return held
    made = Object(born=run.position.conditional)
    for pair in call.habits.entries(held, call.place).held():
        key, value = call.habits.parts(pair, run, call.place)
        name = run.call(callback, (pair if of == "entry" else key,), call.place)
        members.assign_index(run, made, name, value, call.place)
    return made


def _copy(call: Call) -> Value:
    held = call.value
    if not isinstance(held, Object):
        return held
    return Object(dict(held.fields), held.rest, call.run.position.conditional, dict(held.symbolic), list(held.keys))


def _delete(call: Call, default: str = "$1", which: str = "") -> Value:
    """The value of a key, which goes; a default where it may have none. ``any``: a key that is not known may be any."""
    held, key = call.value, call.plain(0)
    found, missing = known(call, key)
    if isinstance(held, Object):
        old = held.fields.pop(members.key_text(key), None) if isinstance(key, Const) else None
        if call.conditional and old is not None and isinstance(key, Const):  # it may be there still
            held.fields[members.key_text(key)] = join(old, NOTHING)
        elif which and not isinstance(key, Const):
            loosen(held)
    return joined(found, call.argument(int(default[1:])) if missing else None) or NOTHING


def _has(call: Call) -> Value:
    """Whether the map has a key."""
    held, key = call.value, call.plain(0)
    if isinstance(held, Object) and isinstance(key, Const):
        item = held.fields.get(members.key_text(key))
        if item is not None and not any(map(is_nothing, options(item))):
            return Const(True)
        if item is None and held.rest is None and not call.conditional:
            return Const(False)
    return call.data()


def _only(call: Call, which: str = "") -> Value:
    """A map of the entries whose keys are among the arguments, or are not (``not``)."""
    held, keys = call.value, [call.plain(at) for at in range(len(call.site.positional))]
    if not isinstance(held, Object) or not all(isinstance(key, Const) for key in keys):
        return held
    names = {members.key_text(key) for key in keys if isinstance(key, Const)}
    return Object({name: item for name, item in held.fields.items() if (name in names) != bool(which)}, held.rest)


VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "compute": _compute, "copy-map": _copy, "delete": _delete, "entries": _entries, "get": _get, "get-or": _get_or,
    "get-or-put": _get_or_put, "has": _has, "keys": _keys, "map-keys": _map_keys, "map-values": _map_values,
    "merged": _merged, "only": _only, "put": _put, "update": _update, "values": _values,
}  # fmt: skip
"""By the names that rows have for them."""
