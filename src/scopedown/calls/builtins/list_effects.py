"""The verbs of lists: what a method does with the elements, and with the callback that it is given.

A verb that calls back runs the function for every element (``Call.results``). Words after it say what the
function gets: ``item``, ``index``, ``key`` (one that is not known), or an argument (``$0``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from scopedown.calls.builtins.builtin_call import EMPTY, MAX_ITEMS, NOTHING, PRECISE, Call, Results, is_nothing, joined
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, Object, Sequence, Union, UnknownValue, Value, join, options
from scopedown.core.place import Place


def add(run: Machine, into: Sequence, *values: Value) -> None:
    """Append; where it may not happen, the values are only possible further elements."""
    if into.rest is None and not run.position.conditional and len(into.items) + len(values) <= MAX_ITEMS:
        into.items.extend(values)
    elif values:
        into.rest = joined(into.rest, *values)


def loosen(into: Value, *further: Value) -> None:
    """A collection has changed in a way that is not followed: any element may be anywhere, or gone."""
    if isinstance(into, Sequence):
        into.rest = joined(*into.held(), *further)
        into.items.clear()
    elif isinstance(into, Object):
        into.fields.update({name: join(item, NOTHING) for name, item in into.fields.items()})
        into.rest = joined(into.rest, UnknownValue("an item", inert=True), *further)


def joined_text(separator: Value, items: Sequence, place: Place) -> Value:
    """The elements of a list with a separator between them."""
    parts: list[Value] = []
    for item in items.items:
        parts += [separator, item] if parts else [item]
    if items.rest is not None:
        parts.append(UnknownValue("a part of a joined text", place))
    return concatenate(tuple(parts)) if parts else Const("")


def truth(call: Call, result: Value) -> bool | None:
    """Whether the result of a test counts as true, where that is known."""
    return call.run.position.language.is_true(result) if isinstance(result, Const) else None


def _results(call: Call, pattern: tuple[str, ...]) -> Results | None:
    callback = call.callback()
    return None if callback is None else call.results(callback, pattern)


def _tap(call: Call, *pattern: str) -> Value:
    """The callback runs; the receiver stays as it is."""
    _results(call, pattern)
    return call.value


def _map(call: Call, *pattern: str) -> Sequence:
    """What the callback gives for each element."""
    found = _results(call, pattern)
    if found is None:
        return call.list
    return Sequence([result for _, result in found.pairs], None if found.rest is None else found.rest[1])


def _map_present(call: Call, *pattern: str) -> Value:
    """The same without what is nothing."""
    made = _map(call, *pattern)
    some = [[option for option in options(item) if not is_nothing(option)] for item in made.held()]
    if made.rest is None and all(not kept or join(*kept) is item for kept, item in zip(some, made.items, strict=True)):
        return Sequence([item for kept, item in zip(some, made.items, strict=True) if kept])
    return Sequence([], joined(*(option for kept in some for option in kept)))


def flattened(call: Call, value: Sequence) -> Sequence:
    """The elements of the lists in a list, and what is no list in it."""
    found, rests = list[Value](), list[Value]()
    for item in value.items:
        if isinstance(item, Union):
            rests += _held_by(call, item, call.habits.is_several)
        elif call.habits.is_several(item):
            inner = call.elements(item)
            found += inner.items
            rests += [] if inner.rest is None else [inner.rest]
        elif not is_nothing(item):
            found.append(item)
    rests += [] if value.rest is None else _held_by(call, value.rest, lambda option: isinstance(option, Sequence))
    return Sequence.joined(found, joined(*rests))


def _held_by(call: Call, value: Value, is_list: Callable[[Value], bool]) -> list[Value]:
    """The elements of the lists among several values, and what is no list among them."""
    return [
        item
        for option in options(value)
        if not is_nothing(option)
        for item in (call.elements(option).held() if is_list(option) else [option])
    ]


def _flat(call: Call) -> Value:
    return flattened(call, call.list)


def _flat_map(call: Call, *pattern: str) -> Value:
    return flattened(call, _map(call, *pattern))


def _passing(call: Call, found: Results) -> tuple[list[Value], bool]:
    """The elements that may pass a test, and whether they are certain to."""
    truths = [(item, truth(call, result)) for item, result in found.all()]
    sure = found.rest is None and all(passes is not None for _, passes in truths)
    return [item for item, passes in truths if passes is not False], sure


def _filter(call: Call, *pattern: str) -> Value:
    """The elements for which the callback says so."""
    found = _results(call, pattern)
    if found is None:
        return _some(call)
    kept, sure = _passing(call, found)
    return Sequence(kept) if sure else Sequence([], joined(*kept))


def _some(call: Call, *pattern: str) -> Value:
    """Some of the elements, in an order that is not known."""
    _results(call, pattern)
    return Sequence([], call.any())


def _one(call: Call, *pattern: str) -> Value:
    """Any one element."""
    _results(call, pattern)
    return call.element()


def _first_passing(call: Call, pattern: tuple[str, ...], backwards: bool) -> tuple[list[Value], int | None]:
    """The elements that may be the first one (or the last one) to pass a test, and the position of the one that is,
    where that is certain (-1: none is)."""
    found, possible = _results(call, pattern), list[Value]()
    if found is None:
        return call.list.held(), None
    pairs = [(found.pairs[at], at) for at in range(len(found.pairs))[:: -1 if backwards else 1]]
    exact = found.rest is None
    if backwards and found.rest is not None and truth(call, found.rest[1]) is not False:
        possible.append(found.rest[0])
    for (item, result), at in pairs:
        passes = truth(call, result)
        possible += [] if passes is False else [item]
        if passes:
            return possible, at if len(possible) == 1 else None
    if not backwards and found.rest is not None and truth(call, found.rest[1]) is not False:
        possible.append(found.rest[0])
    return possible, -1 if exact and not possible else None


def _find(call: Call, *pattern: str, backwards: bool = False) -> Value:
    """The first element for which the callback says so, or any; nothing where there is none."""
    return call.habits.perhaps(joined(*_first_passing(call, pattern, backwards)[0]) or NOTHING)


def _find_index(call: Call, *pattern: str, backwards: bool = False) -> Value:
    """The position of the same; -1 where there is none."""
    position = _first_passing(call, pattern, backwards)[1]
    return UnknownValue("a position", call.place, inert=True) if position is None else Const(position)


def _first(call: Call, *pattern: str) -> Value:
    if call.callback() is not None:
        return _find(call, *pattern)
    return call.list.items[0] if call.list.items else call.element()


def _last(call: Call, *pattern: str) -> Value:
    if call.callback() is not None:
        return _one(call, *pattern)
    held = call.list
    return joined(*held.items[-1:], held.rest) or call.element()


def _any_or_all(call: Call, decides: bool, *pattern: str) -> Value:
    """One element decides, or all together."""
    found = _results(call, pattern)
    truths = [truth(call, result) for _, result in found.all()] if found is not None else [None]
    if found is not None and decides in truths[: len(found.pairs)]:
        return Const(decides)
    return call.data() if None in truths or (found and found.rest) else Const(not decides)


def _count(call: Call) -> Value:
    _results(call, ())
    return Const(len(call.list.items)) if call.list.rest is None and call.callback() is None else call.data()


def _is_empty(call: Call) -> Value:
    return Const(not call.list.items) if call.list.items or call.list.rest is None else call.data()


def _fold(call: Call, function: str = "$0", start: str = "$1", backwards: str = "") -> Value:
    """A callback puts the elements together, two by two; several rounds show what the sum may be."""
    callback, total = call.callback(int(function[1:])), call.argument(int(start[1:]))
    if callback is None:
        callback, total = call.callback(), None
    if callback is None:
        return call.element()

    def step(total: Value, item: Value, position: Value) -> Value:
        arguments = call.habits.arguments(call, callback, item, position)
        return call.run.call(callback, (total, *arguments), call.place)

    items = list(enumerate(call.list.items)) if call.list.rest is None and len(call.list.items) <= PRECISE else None
    began = total is not None
    if items is not None and (items or began):
        for at, item in reversed(items) if backwards else items:
            total = item if total is None else step(total, item, Const(at))
    elif call.any() is not None:
        total, position = call.element() if total is None else total, UnknownValue("a position", call.place, inert=True)
        for _ in range(2):
            total = join(total, step(total, call.element(), position))
    made = NOTHING if total is None else total
    return made if began else call.habits.perhaps(made)


def _dict(call: Call, key: str = "", value: str = "", lists: str = "") -> Object:
    """A map of the elements: keys and values are what a callback gives, the ``item``, or the parts of a pair."""
    made, run, place = Object(born=call.run.position.conditional), call.run, call.place
    callbacks = {word: call.callback(int(word[1:])) for word in (key, value) if word.startswith("$")}
    in_pairs = not key or (key.startswith("$") and callbacks[key] is None)
    pairing = call.callback() if value == "" else None
    for item in call.list.held():
        if in_pairs:
            pair = item if pairing is None else run.call(pairing, (item,), place)
            for option in options(pair):
                if not is_nothing(option):
                    members.assign_index(run, made, *call.habits.parts(option, run, place), place)
            continue
        by, to = (
            run.call(callback, (item,), place) if (callback := callbacks.get(word)) is not None else item
            for word in (key, value)
        )
        if lists:
            before = made.fields.get(members.key_text(by)) if isinstance(by, Const) else None
            to = Sequence([], joined(*(before.held() if isinstance(before, Sequence) else ()), to))
        members.assign_index(run, made, by, to, place)
    return made


def _partition(call: Call, *pattern: str) -> Value:
    """The elements for which a callback says so, and the others."""
    half = _some(call, *pattern)
    return Sequence([half, half])


def _if_empty(call: Call) -> Value:
    """What a callback gives where there are no elements."""
    callback = call.callback()
    if callback is None or call.list.items:
        return call.value
    made = call.run.call(callback, (), call.place)
    return made if call.any() is None else join(call.value, made)


def _group(call: Call) -> Value:
    """Lists of some elements each."""
    for at in range(max(len(call.site.positional), 1)):
        if (callback := call.callback(at)) is not None:
            call.results(callback)
    return Sequence([], call.list)


def _chunk(call: Call, function: str = "$1") -> Value:
    """Lists of a size, or what a callback gives for each."""
    part, callback = Sequence([], call.any()), call.callback(int(function[1:]))
    return Sequence([], part if callback is None else call.run.call(callback, (part,), call.place))


def _zip(call: Call, function: str = "") -> Value:
    """Lists of an element of each list, or what a callback gives for those."""
    callback = call.callback(int(function[1:])) if function else None
    others = [call.elements(one) for one in call.site.positional if one is not callback]
    lists = [call.list, *others]
    known = all(one.rest is None for one in lists) and min(len(one.items) for one in lists) <= MAX_ITEMS
    rows = [*zip(*(one.items for one in lists), strict=False)] if known else [tuple(one.element() for one in lists)]
    made = [Sequence([*row]) if callback is None else call.run.call(callback, row, call.place) for row in rows]
    return Sequence(made) if known else Sequence([], *made)


def _rows(call: Call) -> Value:
    """Lists of any element of each list."""
    lists = [call.list, *map(call.elements, call.site.positional)]
    return Sequence([], Sequence([one.element() for one in lists]))


def _positions(call: Call) -> Value:
    """The elements with their positions."""
    items: list[Value] = [Sequence([Const(at), item]) for at, item in enumerate(call.list.items)]
    rest = call.list.rest
    position = UnknownValue("a position", call.place, inert=True)
    return Sequence(items, None if rest is None else Sequence([position, rest]))


def _join(call: Call, default: str = "''") -> Value:
    """A text of the elements with a separator between them; ``_`` in the default is a space."""
    callback = next((at for at in range(len(call.site.positional)) if call.callback(at) is not None), None)
    given = call.plain(0) if call.argument(0) is not None and callback != 0 else call.site.keywords.get("separator")
    separator = Const(default.strip("'").replace("_", " ")) if given is None or is_nothing(given) else given
    held = call.list if callback is None else _mapped(call, call.callback(callback))
    items = [call.habits.plain(item, call.run, call.place) for item in held.items]
    return joined_text(separator, Sequence(items, held.rest), call.place)


def _mapped(call: Call, callback: Value | None) -> Sequence:
    found = call.results(callback or NOTHING)
    return Sequence([result for _, result in found.pairs], None if found.rest is None else found.rest[1])


def _copy(call: Call) -> Value:
    return Sequence(list(call.list.items), call.list.rest)


def _same(call: Call) -> Value:
    """The elements as a list."""
    return call.list


def _get(call: Call, at: str = "$0") -> Value:
    """An element by its position."""
    return members.index(call.run, call.value, call.plain(int(at[1:])), call.place)


def _added(call: Call, which: str) -> tuple[Value, ...]:
    if which.startswith("$"):
        value = call.argument(int(which[1:]))
        return () if value is None else (value,)
    if which == "known":
        return call.site.positional
    return (*call.site.positional, *(() if call.site.complete else (UnknownValue("an element", call.place),)))


def _add(call: Call, which: str = "") -> Value:
    """All arguments, or one, become elements."""
    if isinstance(into := call.value, Sequence):
        add(call.run, into, *_added(call, which or "known"))
        if not which and not call.site.complete:  # any number of further ones
            into.rest = joined(into.rest, UnknownValue("an element", call.place))
    return call.data()


def _add_all(call: Call, which: str = "") -> Value:
    """The elements of the arguments become elements."""
    for value in _added(call, which):
        more = call.elements(value)
        if isinstance(into := call.value, Sequence) and more is not into:
            add(call.run, into, *more.items)
            into.rest = joined(into.rest, more.rest)
    return call.data()


def _prepend(call: Call) -> Value:
    into, values = call.value, _added(call, "")
    if isinstance(into, Sequence):
        is_known = call.site.complete and into.rest is None and len(into.items) + len(values) <= MAX_ITEMS
        if call.conditional or not is_known:
            loosen(into, *values)
        else:
            into.items[:0] = values
    return call.data()


def _with(call: Call, where: str = "last") -> Value:
    """A new list with the argument in it."""
    items = [*call.site.positional[:1], *call.list.items] if where == "first" else None
    return Sequence.joined(items or [*call.list.items, *call.site.positional[:1]], call.list.rest)


def _plus(call: Call) -> Value:
    """A new list with the arguments' elements, or with an argument that is no list; of two maps, a map."""
    others = [*call.site.positional, *(() if call.site.complete else (UnknownValue("an element", call.place),))]
    if isinstance(call.value, Object) and all(isinstance(other, Object) for other in others):
        made = Object(dict(call.value.fields), call.value.rest, call.run.position.conditional)
        for other in others:
            members.merge(call.run, made, other, call.place)
        return made
    lists = [
        call.list,
        *(call.elements(other) if call.habits.is_several(other) else Sequence([other]) for other in others),
    ]
    found, rest = list[Value](), None
    for one in lists:
        found, rest = ([*found, *one.items], rest) if rest is None else (found, joined(rest, *one.items))
        rest = joined(rest, one.rest)
    return Sequence.joined(found, rest)


def _set(call: Call) -> Value:
    members.assign_index(call.run, call.value, call.plain(0), call.argument(1) or NOTHING, call.place)
    return call.data()


def _map_self(call: Call, *pattern: str) -> Value:
    """The elements become what the callback gives."""
    if isinstance(into := call.value, Sequence) and (found := _results(call, pattern)) is not None:
        made = joined(*(result for _, result in found.all()))
        into.rest = joined(made, *(into.held() if call.conditional else ()))
        into.items.clear()
    return call.value


def _pop(call: Call, at: str, missing: str = "") -> Value:
    """An element goes, from the end or from the beginning; ``nothing`` is given where there may be none."""
    into = call.value
    if not isinstance(into, Sequence) or call.site.positional:
        found = call.element()
        loosen(into)
        return Sequence([], found) if call.site.positional else found
    if into.items and not call.conditional and (into.rest is None or at == "0"):
        return into.items.pop(int(at))
    held = into.held() if call.conditional or at == "0" else into.held()[max(len(into.items) - 1, 0) :]
    if at == "0":  # what goes from the end moves nothing
        loosen(into)
    either = [*held, *((NOTHING,) if missing else ())]
    return join(*either) if either else UnknownValue(EMPTY, call.place, inert=True)


def _take(call: Call, *pattern: str) -> Value:
    """Any element, which goes."""
    found = _one(call, *pattern)
    loosen(call.value)
    return found


def _loosen(call: Call, *pattern: str) -> Value:
    """A change that is not followed, with what the callback gives and the arguments among the elements."""
    found = _results(call, pattern)
    results = [] if found is None else [result for _, result in found.all()]
    further = [
        item
        for value in (*results, *call.site.positional)
        if not isinstance(value, Const) or isinstance(value.value, str)
        for item in ([value, *value.held()] if isinstance(value, Sequence) else [value])
    ]
    loosen(call.value, *(further if pattern or call.site.positional or results else ()))
    return call.value


def _unorder(call: Call) -> Value:
    """Any element may be anywhere, or gone."""
    loosen(call.value)
    return call.value


def _clear(call: Call) -> Value:
    into = call.value
    if call.conditional and not (isinstance(into, Object) and call.run.position.conditional <= into.born):
        loosen(into)
    elif isinstance(into, Sequence):
        into.items, into.rest = [], None
    elif isinstance(into, Object):
        into.fields.clear()
        into.symbolic.clear()
        into.rest = None
    return call.value


def _sort(call: Call, kind: str = "", parameters: str = "2") -> Value:
    """The elements in order: known texts are sorted, of others any may be anywhere. ``1``: by what a callback gives."""
    return reordered(call, call.habits.order(call, int(parameters)), in_place=kind == "self")


def _reverse(call: Call, kind: str = "") -> Value:
    held = call.list
    order = list(range(len(held.items)))[::-1] if held.rest is None else None
    return reordered(call, order, in_place=kind == "self")


def reordered(call: Call, order: list[int] | None, in_place: bool) -> Value:
    """The elements in another order (None: in any), which the list itself has from now on where it is ``in_place``."""
    held = call.list
    if order is None and held.rest is None and len(held.items) < 2:
        order = list(range(len(held.items)))
    made = Sequence([], call.any()) if order is None else Sequence([held.items[at] for at in order])
    if not in_place or not isinstance(call.value, Sequence):
        return made
    if order is None or call.conditional:
        loosen(call.value)
    else:
        call.value.items[:] = made.items
    return call.value


def _peek(call: Call) -> Value:
    """Of a stream, a callback sees the elements; of a queue, the next one."""
    return call.element() if call.callback() is None else _tap(call)


def _data(call: Call) -> Value:
    """What nothing is known of."""
    return call.data()


VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "add": _add, "add-all": _add_all, "all": lambda call, *pattern: _any_or_all(call, False, *pattern),
    "any": lambda call, *pattern: _any_or_all(call, True, *pattern), "chunk": _chunk, "clear": _clear, "copy": _copy,
    "count": _count, "data": _data, "dict": _dict, "filter": _filter, "find": _find, "find-index": _find_index,
    "find-last": partial(_find, backwards=True), "find-last-index": partial(_find_index, backwards=True),
    "first": _first, "flat": _flat, "flat-map": _flat_map, "fold": _fold, "get": _get, "group": _group,
    "if-empty": _if_empty, "index": _get, "is-empty": _is_empty, "join": _join, "last": _last, "list": _same,
    "loosen": _loosen, "map": _map, "map-present": _map_present, "map-self": _map_self, "one": _one,
    "partition": _partition, "peek": _peek, "plus": _plus, "pop": _pop, "positions": _positions, "prepend": _prepend,
    "reverse": _reverse, "rows": _rows, "set": _set, "some": _some, "sort": _sort, "take": _take, "tap": _tap,
    "unorder": _unorder, "with": _with, "zip": _zip,
}  # fmt: skip
"""By the names that rows have for them."""
