"""Methods of arrays. A method answers with a tuple of its value, None where it is not known here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs.operators import equal, number_of
from scopedown.project.programs.values import Value, array, join, plain, string, truth, unknown_of
from scopedown.source.javascript import arrays as positions
from scopedown.source.javascript.numbers import position
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from scopedown.project.programs.scope import Evaluator

Method = Callable[["Evaluator", ListNode, list[Value], Place], Value]


def method(e: Evaluator, holder: ListNode, name: str, arguments: list[Value], at: Place) -> tuple[Value] | None:
    """``holder.name(arguments)``."""
    known = METHODS.get(name)
    if known is None:
        return None
    e.charge(at, len(holder))
    if name in ("at", "flat", "slice"):
        arguments = [plain(item) for item in arguments]
        unknown = next(filter(None, map(unknown_of, arguments)), None)
        if unknown is not None:
            return (unknown,)
    return (known(e, holder, arguments, at),)


def places(holder: ListNode) -> list[Place]:
    """Where items stand; as many places as there are items."""
    missing = len(holder) - len(holder.items_at)
    return [*holder.items_at, *[holder.place] * missing] if missing > 0 else holder.items_at[: len(holder)]


def _apply(e: Evaluator, arguments: list[Value], item: Value, index: int, holder: ListNode, at: Place) -> Value:
    function = arguments[0] if arguments else UNDEFINED
    return e.call(function, [item, index, holder], at)


def _map(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    made = ListNode([_apply(e, arguments, item, i, holder, at) for i, item in enumerate(list(holder))], holder.place)
    # What the function writes itself stands there; what it passes on stands where it stood.
    made.items_at = [
        item.place if isinstance(item, MapNode | ListNode) and item.place.file else place
        for item, place in zip(made, [*places(holder), *[at] * len(made)], strict=False)
    ]
    return made


def _filter(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    made = ListNode(None, holder.place)
    for index, (item, place) in enumerate(list(zip(holder, places(holder), strict=True))):
        test = _apply(e, arguments, item, index, holder, at)
        known = truth(test)
        if known is not False:
            made.append(item if known else (unknown_of(test) or item))
            made.items_at.append(place)
    return made


def _each(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    for index, item in enumerate(list(holder)):
        _apply(e, arguments, item, index, holder, at)
    return UNDEFINED


def _reduce(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    items = list(enumerate(holder))
    if len(arguments) > 1:
        value = arguments[1]
    elif items:
        value = items.pop(0)[1]
    else:
        return Text.unknown("reduce() of an empty array has no initial value", at)
    for index, item in items:
        value = e.call(arguments[0] if arguments else UNDEFINED, [value, item, index, holder], at)
    return value


def _find(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    found = _first(e, holder, arguments, at)
    return found if isinstance(found, Text) else UNDEFINED if found is None else found[1]


def _find_index(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    found = _first(e, holder, arguments, at)
    return found if isinstance(found, Text) else -1 if found is None else found[0]


def _first(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> tuple[int, Value] | Text | None:
    """The first item that passes a test, with its index; a Text with the reason where that is not known."""
    for index, item in enumerate(list(holder)):
        test = _apply(e, arguments, item, index, holder, at)
        known = truth(test)
        if known is None:
            return unknown_of(test) or Text.unknown("the value that an array is searched for is unknown", at)
        if known:
            return index, item
    return None


def _some(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    unsure: Value = None
    for index, item in enumerate(list(holder)):
        test = _apply(e, arguments, item, index, holder, at)
        known = truth(test)
        if known:
            return True
        unsure = unsure or (unknown_of(test) if known is None else None)
    return unsure or False


def _every(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    unsure: Value = None
    for index, item in enumerate(list(holder)):
        test = _apply(e, arguments, item, index, holder, at)
        known = truth(test)
        if known is False:
            return False
        unsure = unsure or (unknown_of(test) if known is None else None)
    return unsure or True


def _index(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    wanted = arguments[0] if arguments else UNDEFINED
    for index, item in enumerate(holder):
        same = equal(item, wanted)
        if same is None:
            return unknown_of(item) or unknown_of(wanted)
        if same:
            return index
    return -1


def _includes(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    if arguments and _is_nan(arguments[0]) and any(_is_nan(item) for item in holder):
        return True
    found = _index(e, holder, arguments, at)
    return found >= 0 if isinstance(found, int) else found


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _concat(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    made = ListNode(list(holder), holder.place)
    made.items_at = list(places(holder))
    for item in arguments:
        if isinstance(item, ListNode):
            e.charge(at, len(item))
            made.extend(item)
            made.items_at += places(item)
        else:
            made.append(item)
            made.items_at.append(at)
    return made


def _join(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    separator = string(arguments[0]) if arguments and arguments[0] is not UNDEFINED else ","
    texts = ("" if item is None or item is UNDEFINED else string(item) for item in holder)
    return e.text(join(texts, separator), at)


def _slice(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    start, end = positions.bounds(arguments, len(holder))
    made = ListNode(holder[start:end], holder.place)
    made.items_at = places(holder)[start:end]
    return made


def _flat(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    depth = position(arguments[0] if arguments else UNDEFINED, 1)
    made = ListNode(None, holder.place)
    stack = [(item, place, 0) for item, place in reversed(list(zip(holder, places(holder), strict=True)))]
    while stack:
        item, place, level = stack.pop()
        e.charge(at, 1)
        if isinstance(item, ListNode) and level < depth and level < 100:
            inner = reversed(list(zip(item, places(item), strict=True)))
            stack += [(one, where, level + 1) for one, where in inner]
        else:
            made.append(item)
            made.items_at.append(place)
    return made


def _flat_map(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    return _flat(e, _map(e, holder, arguments, at), [], at)


def _push(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    holder.items_at = [*places(holder), *[at] * len(arguments)]
    holder.extend(arguments)
    return len(holder)


def _unshift(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    holder.items_at = [*[at] * len(arguments), *places(holder)]
    holder[:0] = arguments
    return len(holder)


def _pop(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    holder.items_at = places(holder)[:-1]
    return holder.pop() if holder else UNDEFINED


def _shift(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    holder.items_at = places(holder)[1:]
    return holder.pop(0) if holder else UNDEFINED


def _reverse(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    holder.items_at = places(holder)[::-1]
    holder.reverse()
    return holder


def _sort(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    if any(unknown_of(item) is not None for item in holder):
        return Text.unknown("an array with unknown values cannot be sorted", at)
    function = arguments[0] if arguments else UNDEFINED

    if function is UNDEFINED:
        order = positions.order([item if item is UNDEFINED else str(string(item)) for item in holder])
    else:
        order = positions.order_by(list(holder), lambda left, right: number_of(e.call(function, [left, right], at)))
    holder[:], holder.items_at = [holder[index] for index in order], [places(holder)[index] for index in order]
    return holder


def _entries(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    return array([array([index, item], at) for index, item in enumerate(holder)], at)


def _at(e: Evaluator, holder: ListNode, arguments: list[Value], at: Place) -> Value:
    whole = position(arguments[0] if arguments else 0)
    return holder[whole] if -len(holder) <= whole < len(holder) else UNDEFINED


def unique(e: Evaluator, items: Value, at: Place) -> Value:
    """``new Set(items)``, which is spread or counted later: the items, each once."""
    if items is UNDEFINED or items is None:
        return array([], at)
    if not isinstance(items, ListNode):
        return unknown_of(items) or Text.unknown("new Set() of a value other than an array is not supported", at)
    made = ListNode(None, at)
    seen: set[tuple[type, Value]] = set()
    for item, place in zip(items, places(items), strict=True):
        e.charge(at, 1)
        mark = (type(item), item if isinstance(item, str | int | float | bool | None) else id(item))
        if mark not in seen:
            seen.add(mark)
            made.append(item)
            made.items_at.append(place)
    return made


OTHERS: Final = frozenset(
    {
        "copyWithin", "fill", "findLast", "findLastIndex", "lastIndexOf", "reduceRight", "splice", "toLocaleString",
        "toReversed", "toSorted", "toSpliced", "with",
    }
)  # fmt: skip
"""Methods that arrays have beside those that are read here."""
METHODS: Final[Mapping[str, Method]] = {
    "map": _map,
    "filter": _filter,
    "forEach": _each,
    "reduce": _reduce,
    "find": _find,
    "findIndex": _find_index,
    "some": _some,
    "every": _every,
    "indexOf": _index,
    "includes": _includes,
    "has": _includes,
    "concat": _concat,
    "join": _join,
    "toString": lambda e, holder, arguments, at: _join(e, holder, [], at),
    "slice": _slice,
    "flat": _flat,
    "flatMap": _flat_map,
    "push": _push,
    "add": _push,
    "unshift": _unshift,
    "pop": _pop,
    "shift": _shift,
    "reverse": _reverse,
    "sort": _sort,
    "entries": _entries,
    "keys": lambda e, holder, arguments, at: array(list(range(len(holder))), at),
    "values": lambda e, holder, arguments, at: holder,
    "at": _at,
}
