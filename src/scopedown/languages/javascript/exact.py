"""Arrays, Maps and Sets where code runs once: each element is known, or why it is not, and methods work them out.

What is not here is a row of ``builtins.tsv``, as in the code of handlers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final

from scopedown.calls.interpreter import exact, members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value
from scopedown.core.text import Text
from scopedown.languages.javascript.known import arrays, numbers
from scopedown.languages.javascript.known.values import Known
from scopedown.languages.javascript.known_values import known, text, together
from scopedown.languages.javascript.natives import NOTHING, method, with_this
from scopedown.languages.javascript.operators import equal
from scopedown.source.known import NotKnown

Method = Callable[[Sequence, CallSite, Machine], Value]
MAX_FLAT: Final = 100


def of_array(value: Sequence, name: str) -> Value | None:
    """A member of an array; None where the rows say it."""
    if value.rest is not None:
        return None
    if name == "length":
        return Const(len(value.items))
    work = _METHODS.get(name)
    return None if work is None else method(value, name, lambda site, run: work(value, site, run))


def _known(site: CallSite, run: Machine, count: int) -> list[Known]:
    """Arguments as known values; raises NotKnown with the reason."""
    given = site.positional[:count]
    if (unknown := next(filter(None, map(exact.why_unknown, given)), None)) is not None:
        raise NotKnown(unknown.reason)
    return [known(value, run, site.place) for value in given]


def _results(value: Sequence, site: CallSite, run: Machine) -> Iterator[tuple[int, Value, Value]]:
    """Each position, element, and what a callback gives for it."""
    callback = with_this(site.argument(0) or NOTHING, site.argument(1))
    for position, item in enumerate(list(value.items)):
        run.step()
        yield position, item, run.call(callback, (item, Const(position), value), site.place)


def _map(value: Sequence, site: CallSite, run: Machine) -> Sequence:
    return Sequence([result for _, _, result in _results(value, site, run)])


def _for_each(value: Sequence, site: CallSite, run: Machine) -> Value:
    for _ in _results(value, site, run):
        pass
    return NOTHING


def _filter(value: Sequence, site: CallSite, run: Machine) -> Value:
    kept: list[Value] = []
    for _, item, test in _results(value, site, run):
        passes = exact.truth(run, test)
        if passes is not False:
            kept.append(item if passes else exact.why_unknown(test) or item)
    return Sequence(kept)


def _find(gives_position: bool) -> Method:
    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        for position, item, test in _results(value, site, run):
            passes = exact.truth(run, test)
            if passes is None:
                said = "the value that an array is searched for is unknown"
                return exact.why_unknown(test) or UnknownValue(said, site.place)
            if passes:
                return Const(position) if gives_position else item
        return Const(-1) if gives_position else NOTHING

    return body


def _any_or_all(all_of: bool) -> Method:
    """``every`` (``all_of``) and ``some``: one element decides, or all together."""

    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        unsure: Value | None = None
        for _, _, test in _results(value, site, run):
            passes = exact.truth(run, test)
            if passes is not None and passes is not all_of:
                return Const(not all_of)
            if passes is None:
                unsure = unsure or exact.why_unknown(test) or UnknownValue("a test", site.place)
        return unsure or Const(all_of)

    return body


def _flattened(value: Sequence, depth: int, run: Machine) -> Sequence:
    made: list[Value] = []
    stack = [(item, 0) for item in reversed(value.items)]
    while stack:
        item, level = stack.pop()
        run.step()
        if isinstance(item, Sequence) and item.rest is None and level < min(depth, MAX_FLAT):
            stack += [(one, level + 1) for one in reversed(item.items)]
        else:
            made.append(item)
    return Sequence(made)


def _flat(value: Sequence, site: CallSite, run: Machine) -> Value:
    return _flattened(value, numbers.position(known(site.argument(0) or NOTHING, run, site.place), 1), run)


def _reduce(value: Sequence, site: CallSite, run: Machine) -> Value:
    items = list(enumerate(value.items))
    if len(site.positional) > 1:
        total = site.positional[1]
    elif items:
        total = items.pop(0)[1]
    else:
        return UnknownValue("reduce() of an empty array has no initial value", site.place)
    for position, item in items:
        given = (total, item, Const(position), value)
        total = run.call(site.argument(0) or NOTHING, given, site.place)
    return total


def _concat(value: Sequence, site: CallSite, run: Machine) -> Value:
    made = list(value.items)
    for one in site.positional:
        made += one.items if isinstance(one, Sequence) else [one]
    run.carried(len(made))
    return Sequence(made)


def _given(site: CallSite, run: Machine) -> list[Value]:
    """What is added to an array, where it is certain."""
    if run.position.doubt is not None:
        return [run.position.doubt]
    added = site.positional
    return list(added) if run.written is None else [run.written.item(one, site.place) for one in added]


def _push(value: Sequence, site: CallSite, run: Machine) -> Value:
    value.items.extend(_given(site, run))
    return Const(len(value.items))


def _unshift(value: Sequence, site: CallSite, run: Machine) -> Value:
    value.items[:0] = _given(site, run)
    return Const(len(value.items))


def _at(value: Sequence, site: CallSite, run: Machine) -> Value:
    (position,) = _known(site, run, 1) or [0]
    at = numbers.position(position)
    return value.items[at] if -len(value.items) <= at < len(value.items) else NOTHING


def _slice(value: Sequence, site: CallSite, run: Machine) -> Value:
    start, end = arrays.bounds(_known(site, run, 2), len(value.items))
    return Sequence(value.items[start:end])


def _join(value: Sequence, site: CallSite, run: Machine) -> Value:
    given = site.argument(0)
    between = Text.of(",") if given is None or given == NOTHING else text(given, run, site.place)
    pieces: list[Text] = []
    for item in value.items:
        is_empty = isinstance(item, Const) and item.value is None
        pieces += [between, Text.of("") if is_empty else text(item, run, site.place)]
    return together(pieces[1:], run, site.place)


def _order(value: Sequence, site: CallSite, run: Machine) -> list[int]:
    def sortable(one: Value) -> Known:
        if exact.why_unknown(one) is not None:
            raise NotKnown("an array with unknown values cannot be sorted")
        return known(one, run, site.place)

    compare = site.argument(0)
    run.carried(len(value.items))
    if compare is None or compare == NOTHING:
        return arrays.order([sortable(item) for item in value.items])
    return arrays.order_by(value.items, lambda one, other: sortable(run.call(compare, (one, other), site.place)))


def _sort(value: Sequence, site: CallSite, run: Machine) -> Value:
    value.items[:] = [value.items[at] for at in _order(value, site, run)]
    return value


def _index_of(value: Sequence, site: CallSite, run: Machine) -> Value:
    wanted = site.argument(0) or NOTHING
    for position, item in enumerate(value.items):
        same = equal(item, wanted, True, run, site.place)
        if same is None:
            return exact.why_unknown(item) or exact.why_unknown(wanted) or UnknownValue("an index", site.place)
        if same:
            return Const(position)
    return Const(-1)


def _includes(value: Sequence, site: CallSite, run: Machine) -> Value:
    wanted = site.argument(0) or NOTHING
    if _is_nan(wanted) and any(map(_is_nan, value.items)):
        return Const(True)
    found = _index_of(value, site, run)
    return Const(found.value != -1) if isinstance(found, Const) else found


def _is_nan(value: Value) -> bool:
    return isinstance(value, Const) and value.value != value.value


def _checked(work: Method) -> Method:
    """A method whose argument may not be known."""

    def body(value: Sequence, site: CallSite, run: Machine) -> Value:
        try:
            return work(value, site, run)
        except NotKnown as error:
            return UnknownValue(error.reason, site.place)

    return body


_METHODS: Final[Mapping[str, Method]] = {
    "map": _map,
    "forEach": _for_each,
    "filter": _filter,
    "find": _find(False),
    "findIndex": _find(True),
    "some": _any_or_all(False),
    "every": _any_or_all(True),
    "flat": _flat,
    "flatMap": lambda value, site, run: _flattened(_map(value, site, run), 1, run),
    "reduce": _reduce,
    "concat": _concat,
    "push": _push,
    "unshift": _unshift,
    "at": _checked(_at),
    "slice": _checked(_slice),
    "join": _join,
    "toString": lambda value, site, run: _join(value, CallSite((), {}, site.place), run),
    "sort": _checked(_sort),
    "toSorted": _checked(lambda value, site, run: _sort(Sequence(list(value.items)), site, run)),
    "indexOf": _index_of,
    "includes": _includes,
}


# Maps and Sets


def pairs(held: Object) -> list[Value] | None:
    """The entries of a Map; None where not all are known."""
    return [Sequence([Const(name), item]) for name, item in held.fields.items()] if held.rest is None else None


def unique(held: Sequence) -> list[Value] | None:
    """The elements of a Set, each once; None where not all are known."""
    found: dict[Hashable, Value] = {}
    for one in held.items:
        found.setdefault((type(one.value), one.value) if isinstance(one, Const) else id(one), one)
    return list(found.values()) if held.rest is None else None


def of_map(owner: Value, held: Object, name: str) -> Value | None:
    """A member of a Map; None where the rows say it."""
    if held.rest is not None:
        return None
    if name == "size":
        return Const(len(held.fields))

    def work(site: CallSite, run: Machine) -> Value:
        key = members.key_name(site.argument(0) or NOTHING)
        if key is None:
            return exact.why_unknown(site.argument(0) or NOTHING) or UnknownValue("an entry of a Map", site.place)
        return Const(key in held.fields) if name == "has" else held.fields.get(key, NOTHING)

    return method(owner, name, work) if name in ("has", "get") else None


def of_set(owner: Value, held: Sequence, name: str) -> Value | None:
    """A member of a Set; None where the rows say it."""
    items = unique(held)
    if items is None:
        return None
    if name == "size":
        return Const(len(items))
    found = Sequence(items)
    if name in ("values", "keys"):
        return method(owner, name, lambda site, run: found)
    if (work := {"forEach": _for_each, "has": _includes}.get(name)) is not None:
        return method(owner, name, lambda site, run: work(found, site, run))
    if name == "add":

        def add(site: CallSite, run: Machine) -> Value:
            held.items.extend(_given(site, run))
            return owner

        return method(owner, name, add)
    return None
