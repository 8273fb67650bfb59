"""Methods of Python's dicts and lists (tuples and sets are lists here)."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.builtins.python_known import known_of
from scopedown.calls.builtins.python_native import (
    NOTHING,
    add,
    bound,
    each,
    iterate,
    listed,
    merge,
)
from scopedown.calls.builtins.python_text import Slice
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.source.known import NotKnown


def dict_method(value: Object, name: str) -> Value | None:
    """A method of a dict, or None."""
    body = _DICT.get(name)
    return None if body is None else bound(value, name, lambda site, run: body(value, site, run))


def list_method(value: Sequence, name: str) -> Value | None:
    """A method of a list, tuple or set, or None."""
    body = _LIST.get(name)
    return None if body is None else bound(value, name, lambda site, run: body(value, site, run))


def _get(value: Object, site: CallSite, run: Machine) -> Value:
    key = site.argument(0, "key")
    default = site.argument(1, "default") or NOTHING
    if key is None:
        return UnknownValue("result of get()", site.place)
    found: list[Value] = []
    for option in options(key):
        if isinstance(option, Const):
            item = value.fields.get(members.key_text(option))
            if item is not None:
                found.append(item)
            elif value.rest is not None:
                found += [value.rest, default]
            else:
                found.append(default)
        else:
            found += [*value.held(), default]
    return join(*found)


def _item(value: Object, site: CallSite, run: Machine) -> Value:
    key = site.argument(0) or NOTHING
    return members.index(run, value, key, site.place)


def _items(value: Object, site: CallSite, run: Machine) -> Value:
    pairs: list[Value] = [Sequence([Const(key), item]) for key, item in value.fields.items()]
    rest = None if value.rest is None else Sequence([UnknownValue("a key", site.place), value.rest])
    return Sequence(pairs, rest)


def _values(value: Object, site: CallSite, run: Machine) -> Value:
    return Sequence(list(value.fields.values()), value.rest)


def _keys(value: Object, site: CallSite, run: Machine) -> Value:
    rest = None if value.rest is None else UnknownValue("a key", site.place)
    return Sequence([Const(key) for key in value.fields], rest)


def _update(value: Object, site: CallSite, run: Machine) -> Value:
    for one in site.positional:
        merge(run, value, one, site.place)
    merge(run, value, Object(dict(site.keywords)), site.place)
    if not site.complete:
        value.rest = value.rest or UnknownValue("an item of an unknown mapping", site.place)
    return NOTHING


def _setdefault(value: Object, site: CallSite, run: Machine) -> Value:
    key, default = site.argument(0, "key"), site.argument(1, "default") or NOTHING
    if isinstance(key, Const):
        name = members.key_text(key)
        if name not in value.fields and value.rest is None:
            value.fields[name] = default
            return default
        found = value.fields.get(name)
        return found if found is not None else join(value.rest or default, default)
    value.rest = default if value.rest is None else join(value.rest, default)
    return join(*value.fields.values(), value.rest)


def _pop(value: Object, site: CallSite, run: Machine) -> Value:
    found = _get(value, site, run)
    key = site.argument(0)
    old = value.fields.pop(members.key_text(key), None) if isinstance(key, Const) else None
    if old is not None and run.position.conditional:  # it may be there still
        value.rest = old if value.rest is None else join(value.rest, old)
    return found


def _deleted(value: Object, site: CallSite, run: Machine) -> Value:
    """``del values[key]``: afterwards it may be there or not."""
    _pop(value, site, run)
    return NOTHING


def _popitem(value: Object, site: CallSite, run: Machine) -> Value:
    pairs = _items(value, site, run)
    return iterate(run, pairs, site.place)


def _copy(value: Object, site: CallSite, run: Machine) -> Value:
    return Object(dict(value.fields), value.rest, run.position.conditional)


def _clear(value: Object, site: CallSite, run: Machine) -> Value:
    held = value.held()
    value.fields.clear()
    value.rest = join(*held) if held and run.position.conditional else None
    return NOTHING


_Dict = Callable[[Object, CallSite, Machine], Value]
_DICT: dict[str, _Dict] = {
    "get": _get,
    "__getitem__": _item,
    "items": _items,
    "values": _values,
    "keys": _keys,
    "update": _update,
    "setdefault": _setdefault,
    "pop": _pop,
    "popitem": _popitem,
    "__delitem__": _deleted,
    "copy": _copy,
    "clear": _clear,
    "elements": _keys,
    "most_common": _items,
}


def _shifted(value: Sequence) -> None:
    """The positions of the elements are not known any more."""
    if value.items:
        value.rest = value.element()
        value.items.clear()


def _insert(value: Sequence, site: CallSite, run: Machine) -> Value:
    at, new = site.argument(0), site.argument(1)
    add(run, value, *(() if new is None else (new,)))
    if value.rest is not None:
        _shifted(value)
    elif value.items and value.items[-1] is new:
        value.items.pop()
        position = at.value if isinstance(at, Const) and isinstance(at.value, int) else len(value.items)
        value.items.insert(position, new)
    return NOTHING


def _append(value: Sequence, site: CallSite, run: Machine) -> Value:
    add(run, value, *site.positional[-1:])
    return NOTHING


def _extend(value: Sequence, site: CallSite, run: Machine) -> Value:
    for given in site.positional:
        for option in options(given):
            more = listed(run, option, site.place)
            add(run, value, *more.items)
            if more.rest is not None:
                value.rest = more.rest if value.rest is None else join(value.rest, more.rest)
    return NOTHING


def _append_left(value: Sequence, site: CallSite, run: Machine) -> Value:
    _append(value, site, run)
    _shifted(value)
    return NOTHING


def _extend_left(value: Sequence, site: CallSite, run: Machine) -> Value:
    _extend(value, site, run)
    _shifted(value)
    return NOTHING


def _taken(value: Sequence, site: CallSite, run: Machine) -> Value:
    found = value.element()
    _shifted(value)
    return found


def _removed(value: Sequence, site: CallSite, run: Machine) -> Value:
    _shifted(value)
    return NOTHING


def _list_copy(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence(list(value.items), value.rest)


def _union(value: Sequence, site: CallSite, run: Machine) -> Value:
    made = Sequence(list(value.items), value.rest)
    _extend(made, site, run)
    return made


def _subset(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence([], value.element()) if value.items or value.rest is not None else Sequence()


def in_order(items: Sequence, keys: Sequence, backwards: Value | None) -> list[Value] | None:
    """The elements sorted by their keys, where all are known and differ (of a set, one may be written twice)."""
    if items.rest is not None or len(items.items) != len(keys.items) or not isinstance(backwards, Const | None):
        return None
    try:
        known = [known_of(key) for key in keys.items]
        scalars = [(type(item.value), item.value) for item in items.items if isinstance(item, Const)]
        if len(set(scalars)) < len(scalars):
            return None
        order = sorted(range(len(known)), key=known.__getitem__, reverse=bool(backwards and backwards.value))
    except (NotKnown, TypeError):
        return None
    return [items.items[position] for position in order]


def _sort(value: Sequence, site: CallSite, run: Machine) -> Value:
    keys = value
    if (key := site.keywords.get("key")) is not None and not isinstance(key, Const):
        keys = each(run, key, (value,), site.place)
    ordered = in_order(value, keys, site.keywords.get("reverse"))
    if ordered is not None and not run.position.conditional:
        value.items[:] = ordered
    elif len(value.items) > 1:  # the order is not known any more
        value.rest = value.element()
        value.items.clear()
    return NOTHING


def _reverse(value: Sequence, site: CallSite, run: Machine) -> Value:
    if value.rest is None and not run.position.conditional:
        value.items.reverse()
    elif len(value.items) > 1:
        value.rest = value.element()
        value.items.clear()
    return NOTHING


def _number(value: Sequence, site: CallSite, run: Machine) -> Value:
    return UnknownValue("a number", site.place)


def _cut(value: Sequence, site: CallSite, run: Machine) -> Value:
    cut = site.argument(0)
    if not isinstance(cut, Slice):
        return members.index(run, value, cut or NOTHING, site.place)
    if value.rest is None and cut.known:
        try:
            return Sequence(value.items[cut.bounds])
        except ValueError:
            return Sequence()
    return Sequence([], value.element())


_List = Callable[[Sequence, CallSite, Machine], Value]
_LIST: dict[str, _List] = {
    "append": _append,
    "appendleft": _append_left,
    "add": _append,
    "insert": _insert,
    "put": _append,
    "extend": _extend,
    "extendleft": _extend_left,
    "update": _extend,
    "pop": _taken,
    "popleft": _taken,
    "rotate": _removed,
    "copy": _list_copy,
    "union": _union,
    "symmetric_difference": _union,
    "intersection": _subset,
    "difference": _subset,
    "sort": _sort,
    "reverse": _reverse,
    "remove": _removed,
    "discard": _removed,
    "clear": _removed,
    "__delitem__": _removed,
    "index": _number,
    "count": _number,
    "__getitem__": _cut,
}
