"""Methods of JavaScript arrays: callbacks are called with the elements, in order where they are known."""

from __future__ import annotations

from collections.abc import Callable

from scopedown.calls.builtins.javascript_known import known_of
from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    elements,
    given,
    method,
    universal,
    with_this,
)
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Generated,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.source.javascript import arrays
from scopedown.source.javascript.numbers import FAR
from scopedown.source.javascript.values import Known
from scopedown.source.known import NotKnown

PRECISE_ITEMS = 8
"""A callback runs once for each of so many known elements, otherwise once for any."""
MAX_ITEMS = 64
"""A longer array is one of any length."""

ArrayMethod = Callable[[Sequence, CallSite, Machine], Value]


def array_method(value: Sequence, name: str, run: Machine, place: Place) -> Value | None:
    """A member of an array, or None where arrays have no such member."""
    if name == "length":
        return Const(len(value.items)) if value.rest is None else UnknownValue("the length of a list", place)
    found = _METHODS.get(name)
    if found is None:
        return universal(value, name)
    return method(value, name, lambda site, run: found(value, site, run))


def over_unknown(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """``map`` and its like on something unknown: taken as an array of unknown elements, since only those have them."""
    if name not in ("map", "flatMap", "filter", "forEach", "reduce"):
        return None

    def body(site: CallSite, run: Machine) -> Value:
        first = site.argument(0)
        if not isinstance(first, FunctionValue | Native):
            # Something else has a method of that name: what it is given may run.
            for one in site.all():
                run.escape(one, site.place)
            return UnknownValue(value.reason if isinstance(value, UnknownValue) else name, site.place)
        return _METHODS[name](elements(run, value, site.place), site, run)

    return method(value, name, body)


def _rests(*values: Value | None) -> Value | None:
    some = [value for value in values if value is not None]
    return join(*some) if some else None


def any_of(value: Sequence) -> list[Value]:
    """What any one element may be; nothing where the array is known to be empty."""
    return [value.element()] if value.items or value.rest is not None else []


def add(run: Machine, into: Sequence, values: tuple[Value, ...]) -> None:
    """Append; where it may not happen, the values are only possible further elements."""
    if into.rest is None and not run.position.conditional and len(into.items) + len(values) <= MAX_ITEMS:
        into.items.extend(values)
    elif values:
        into.rest = _rests(into.rest, *values)


def _each(value: Sequence, function: Value | None, site: CallSite, run: Machine) -> list[tuple[Value, Value]] | None:
    """(element, result) for each known element, or None where they are not all known (or too many)."""
    if value.rest is not None or len(value.items) > PRECISE_ITEMS:
        return None
    pairs = []
    for position, item in enumerate(list(value.items)):
        result = NOTHING if function is None else run.call(function, (item, Const(position), value), site.place)
        pairs.append((item, result))
    return pairs


def _once(value: Sequence, function: Value | None, site: CallSite, run: Machine) -> list[tuple[Value, Value]]:
    """(element, result) for any one element."""
    found = any_of(value)
    if not found or function is None:
        return [(item, NOTHING) for item in found]
    return [(found[0], run.call(function, (found[0], UnknownValue("an index"), value), site.place))]


def _run(value: Sequence, site: CallSite, run: Machine) -> tuple[list[tuple[Value, Value]], bool]:
    function = site.argument(0)
    function = with_this(function, site.argument(1)) if function is not None and given(function) else None
    each = _each(value, function, site, run)
    return (each, True) if each is not None else (_once(value, function, site, run), False)


def _map(value: Sequence, site: CallSite, run: Machine) -> Value:
    pairs, exact = _run(value, site, run)
    results = [result for _, result in pairs]
    return Sequence(results) if exact else Sequence([], _rests(*results))


def _for_each(value: Sequence, site: CallSite, run: Machine) -> Value:
    _run(value, site, run)
    return NOTHING


def _filter(value: Sequence, site: CallSite, run: Machine) -> Value:
    pairs, exact = _run(value, site, run)
    truths = [_truth(result) for _, result in pairs]
    if exact and None not in truths:
        return Sequence([item for (item, _), passes in zip(pairs, truths, strict=True) if passes])
    return Sequence([], _rests(*(item for (item, _), passes in zip(pairs, truths, strict=True) if passes is not False)))


def _first_passing(value: Sequence, site: CallSite, run: Machine, backwards: bool) -> tuple[list[Value], int | None]:
    """The items that may be the first to pass a test, and the position of the one that is, where that is certain (-1:
    none is)."""
    pairs, exact = _run(value, site, run)
    if backwards:
        pairs = pairs[::-1]
    possible: list[Value] = []
    for position, (item, result) in enumerate(pairs):
        passes = _truth(result)
        if passes is False:
            continue
        possible.append(item)
        if passes and exact:
            position = len(pairs) - 1 - position if backwards else position
            return possible, position if len(possible) == 1 else None
    return possible, None if possible or not exact else -1


def _find(backwards: bool) -> ArrayMethod:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        return _rests(*_first_passing(value, site, run, backwards)[0]) or NOTHING

    return body


def _find_index(backwards: bool) -> ArrayMethod:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        _, position = _first_passing(value, site, run, backwards)
        return UnknownValue("an index", site.place) if position is None else Const(position)

    return body


def _any_or_all(all_of: bool) -> ArrayMethod:
    """``every`` (``all_of``) and ``some``: one item decides, or all together."""

    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        pairs, exact = _run(value, site, run)
        truths = [_truth(result) for _, result in pairs]
        if exact and (not all_of) in truths:
            return Const(not all_of)
        return Const(all_of) if exact and None not in truths else UnknownValue("a test", site.place)

    return body


def _truth(value: Value) -> bool | None:
    """Whether the result of a test counts as true, where that is known."""
    return bool(value.value) if isinstance(value, Const) else None


def _flatten(items: list[Value]) -> Sequence:
    flat = Sequence()
    for item in items:
        if isinstance(item, Sequence):
            if flat.rest is None:
                flat.items.extend(item.items)
            else:
                flat.rest = _rests(flat.rest, *item.items)
            flat.rest = _rests(flat.rest, item.rest)
        elif isinstance(item, UnknownValue):
            flat.rest = _rests(flat.rest, item)
        elif isinstance(item, Union):
            flat.rest = _rests(flat.rest, *any_of(_flatten(list(item.options))))
        elif flat.rest is None:
            flat.items.append(item)
        else:
            flat.rest = _rests(flat.rest, item)
    return Sequence.joined(flat.items, flat.rest)


def _flat_map(value: Sequence, site: CallSite, run: Machine) -> Value:
    pairs, exact = _run(value, site, run)
    flat = _flatten([result for _, result in pairs])
    return flat if exact else Sequence([], _rests(*any_of(flat)))


def _flat(value: Sequence, site: CallSite, run: Machine) -> Value:
    flat = _flatten(list(value.items))
    further = any_of(_flatten(list(options(value.rest)))) if value.rest is not None else []
    return Sequence(flat.items, _rests(flat.rest, *further))


def _reduce(value: Sequence, site: CallSite, run: Machine, backwards: bool = False) -> Value:
    function, initial = site.argument(0), site.argument(1)
    if function is None:
        return UnknownValue("a sum", site.place)
    items = list(enumerate(value.items))[:: -1 if backwards else 1]
    if value.rest is None and len(items) <= PRECISE_ITEMS and (items or initial is not None):
        total = initial if initial is not None else items.pop(0)[1]
        for position, item in items:
            total = run.call(function, (total, item, Const(position), value), site.place)
        return total
    element = value.element()
    total = initial if initial is not None else element
    for _ in range(2):
        total = join(total, run.call(function, (total, element, UnknownValue("an index"), value), site.place))
    return total


def _reduce_right(value: Sequence, site: CallSite, run: Machine) -> Value:
    return _reduce(value, site, run, backwards=True)


def _concat(value: Sequence, site: CallSite, run: Machine) -> Value:
    joined = _flatten([Sequence(list(value.items), value.rest), *site.positional])
    if not site.complete:
        joined.rest = _rests(joined.rest, UnknownValue("a spread value"))
    return joined


def _push(value: Sequence, site: CallSite, run: Machine) -> Value:
    add(run, value, site.positional)
    if not site.complete:
        value.rest = _rests(value.rest, UnknownValue("a spread value"))
    return UnknownValue("the length of a list", site.place)


def _unshift(value: Sequence, site: CallSite, run: Machine) -> Value:
    if run.position.conditional or value.rest is not None:
        value.rest = _rests(value.rest, *site.positional)
    elif len(value.items) + len(site.positional) > MAX_ITEMS:
        value.rest = _rests(*value.items, *site.positional)
        value.items.clear()
    else:
        value.items[:0] = site.positional
    return UnknownValue("the length of a list", site.place)


def _take(position: int) -> ArrayMethod:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        if value.rest is None and value.items and not run.position.conditional:
            return value.items.pop(position)
        if position == 0 and value.items and not run.position.conditional:
            return value.items.pop(0)
        return _last(value) if position else value.element()

    return body


def _last(value: Sequence) -> Value:
    """The last element: the last known one, or one of the unknown ones after it."""
    return _rests(*value.items[-1:], value.rest) or NOTHING


def _at(value: Sequence, site: CallSite, run: Machine) -> Value:
    index = site.argument(0)
    if isinstance(index, Const) and isinstance(index.value, int):
        if -len(value.items) <= index.value < len(value.items) and (index.value >= 0 or value.rest is None):
            return value.items[index.value]
        return _last(value) if index.value == -1 else value.rest or NOTHING
    return value.element()


def _positions(site: CallSite, count: int) -> list[Known] | None:
    """The arguments as known values, where they are."""
    try:
        return [known_of(value) for value in site.positional[:count]] if site.complete else None
    except NotKnown:
        return None


def _slice(value: Sequence, site: CallSite, run: Machine) -> Value:
    known = _positions(site, 2)
    if known is None:
        return Sequence([], _rests(*any_of(value)))
    if value.rest is None:
        start, end = arrays.bounds(known, len(value.items))
        return Sequence(value.items[start:end])
    start, end = arrays.bounds(known, FAR)
    if end <= len(value.items):
        return Sequence(value.items[start:end])
    if start < FAR - MAX_ITEMS and end == FAR:
        return Sequence(value.items[start:], value.rest)
    return Sequence([], value.element())


def _splice(value: Sequence, site: CallSite, run: Machine) -> Value:
    known = _positions(site, 2)
    if known is not None and value.rest is None and not run.position.conditional:
        start, end = arrays.cut(known, len(value.items))
        taken = value.items[start:end]
        value.items[start:end] = site.positional[2:]
        return Sequence(taken)
    everything = _rests(*any_of(value), *site.positional[2:])
    value.items.clear()
    value.rest = everything
    return Sequence([], everything)


def _join(value: Sequence, site: CallSite, run: Machine) -> Value:
    separator = site.argument(0)
    glue = as_text(separator) if separator is not None and given(separator) else Text.of(",")
    parts = [as_text(item) for item in value.items]
    if glue is None or any(part is None for part in parts):
        return UnknownValue("a joined list", site.place)
    pieces: list[Text] = []
    for position, part in enumerate(parts):
        pieces += [*([glue] if position else []), part or Text.of("")]
    if value.rest is None:
        return from_text(Text.of(*pieces))
    reason = value.rest.reason if isinstance(value.rest, UnknownValue) else "the rest of a joined list"
    if not pieces:
        return from_text(Text.unknown(reason, site.place))
    return from_text(Text.of(*pieces, Text.unknown(reason, site.place)))


def _order(value: Sequence, site: CallSite, run: Machine) -> list[int] | None:
    """The positions of the elements as ``sort`` orders them, where that is certain; its function is called."""
    compare = site.argument(0)
    if compare is not None and not given(compare):
        compare = None
    if value.rest is None and len(value.items) <= (MAX_ITEMS if compare is None else PRECISE_ITEMS):
        try:
            if compare is None:
                return arrays.order([known_of(item) for item in value.items])
            return arrays.order_by(
                value.items, lambda one, other: known_of(run.call(compare, (one, other), site.place))
            )
        except NotKnown:
            pass
    if compare is not None and any_of(value):
        run.call(compare, (value.element(), value.element()), site.place)
    return None


def _sorted(in_place: bool) -> ArrayMethod:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        order = _order(value, site, run)
        return _reordered(value, order, in_place, run)

    return body


def _reversed(in_place: bool) -> ArrayMethod:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        order = list(range(len(value.items)))[::-1] if value.rest is None else None
        return _reordered(value, order, in_place, run)

    return body


def _reordered(value: Sequence, order: list[int] | None, in_place: bool, run: Machine) -> Value:
    """The elements in another order (None: in any), which the array itself has from now on where it is ``in_place``."""
    made = Sequence([], _rests(*any_of(value))) if order is None else Sequence([value.items[at] for at in order])
    if not in_place:
        return made
    if order is None or run.position.conditional:
        if len(value.items) > 1 or value.rest is not None:
            value.rest = _rests(*any_of(value))
            value.items.clear()
    else:
        value.items[:] = made.items
    return value


def _fill(value: Sequence, site: CallSite, run: Machine) -> Value:
    filling = site.argument(0) or NOTHING
    if value.rest is None and len(site.positional) == 1 and not run.position.conditional:
        value.items[:] = [filling] * len(value.items)
        return value
    return Sequence([], _rests(*any_of(value), filling))


def _entries(value: Sequence, site: CallSite, run: Machine) -> Value:
    items: list[Value] = [Sequence([Const(position), item]) for position, item in enumerate(value.items)]
    rest = Sequence([UnknownValue("an index"), value.rest]) if value.rest is not None else None
    return Sequence(items, rest)


def _keys(value: Sequence, site: CallSite, run: Machine) -> Value:
    return Sequence([Const(position) for position in range(len(value.items))], value.rest and UnknownValue("an index"))


def _same(value: Sequence, site: CallSite, run: Machine) -> Value:
    return value


def _some(value: Sequence, site: CallSite, run: Machine) -> Value:
    """Some of its elements and of what a method is given, in an order that is not worked out."""
    return Sequence([], _rests(*any_of(value), *site.all()))


def _includes(value: Sequence, site: CallSite, run: Machine) -> Value:
    found = _index(value, site)
    return UnknownValue("a test", site.place) if found is None else Const(found >= 0)


def _index_of(value: Sequence, site: CallSite, run: Machine) -> Value:
    found = _index(value, site)
    return UnknownValue("an index", site.place) if found is None else Const(found)


def _index(value: Sequence, site: CallSite) -> int | None:
    if value.rest is not None or len(site.positional) != 1:
        return None
    known = _positions(site, 1)
    items = [item.value for item in value.items if isinstance(item, Const)]
    return arrays.index_of(items, known[0]) if known is not None and len(items) == len(value.items) else None


def _last_index_of(value: Sequence, site: CallSite, run: Machine) -> Value:
    found = _index(Sequence(value.items[::-1], value.rest), site)
    if found is None:
        return UnknownValue("an index", site.place)
    return Const(found if found < 0 else len(value.items) - 1 - found)


def _next(value: Sequence, site: CallSite, run: Machine) -> Value:
    """One step of a generator: its element is any that it yields, or what it returns."""
    last = [value.returned] if isinstance(value, Generated) else []
    return Object({"value": join(value.element(), *last), "done": UnknownValue("a test", site.place)})


_METHODS: dict[str, ArrayMethod] = {
    "map": _map,
    "forEach": _for_each,
    "filter": _filter,
    "find": _find(backwards=False),
    "findLast": _find(backwards=True),
    "findIndex": _find_index(backwards=False),
    "findLastIndex": _find_index(backwards=True),
    "some": _any_or_all(all_of=False),
    "every": _any_or_all(all_of=True),
    "flatMap": _flat_map,
    "flat": _flat,
    "reduce": _reduce,
    "reduceRight": _reduce_right,
    "concat": _concat,
    "push": _push,
    "unshift": _unshift,
    "pop": _take(-1),
    "shift": _take(0),
    "at": _at,
    "slice": _slice,
    "splice": _splice,
    "join": _join,
    "sort": _sorted(in_place=True),
    "toSorted": _sorted(in_place=False),
    "reverse": _reversed(in_place=True),
    "toReversed": _reversed(in_place=False),
    "fill": _fill,
    "entries": _entries,
    "keys": _keys,
    "values": _same,
    "toArray": _same,
    "take": _some,
    "drop": _some,
    "toSpliced": _some,
    "with": _some,
    "includes": _includes,
    "indexOf": _index_of,
    "lastIndexOf": _last_index_of,
    "next": _next,
    "toString": lambda value, site, run: _join(value, CallSite((), {}, site.place), run),
}

__all__ = ["add", "any_of", "array_method", "over_unknown"]
