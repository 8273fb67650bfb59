"""JavaScript's arrays: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import MAX_ITEMS, PRECISE, Call, Habits, is_nothing, listed
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.list_effects import VERBS as LISTS
from scopedown.calls.builtins.list_effects import joined_text, loosen
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    FunctionValue,
    Generated,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
)  # fmt: skip
from scopedown.core.place import Place
from scopedown.languages.javascript.exact import of_array
from scopedown.languages.javascript.known import arrays
from scopedown.languages.javascript.known.numbers import FAR
from scopedown.languages.javascript.known.values import Known
from scopedown.languages.javascript.known_values import known_of
from scopedown.languages.javascript.natives import NOTHING, Function, given, method, universal, with_this
from scopedown.source.known import NotKnown


class JavaScriptHabits(Habits):
    """A callback gets the position and the array, too; of a Map, the value and the key."""

    bound = Function
    maps_are_lists = False

    def callback(self, call: Call, at: int) -> Value | None:
        """The argument, with the ``this`` that may follow it."""
        found = call.argument(at)
        if found is None or not given(found):
            return None
        return found if call.name.startswith("reduce") else with_this(found, call.argument(at + 1))

    def arguments(self, call: Call, callback: Value, item: Value, position: Value) -> tuple[Value, ...]:
        """Element, position, array; or value, key, Map."""
        if isinstance(call.value, Object):
            key, value = self.parts(item, call.run, call.place)
            return value, key, call.owner or call.value
        return item, position, call.owner or call.value

    def is_several(self, value: Value) -> bool:
        """Arrays alone are put together by their elements."""
        return isinstance(value, Sequence | UnknownValue | External)

    def order(self, call: Call, parameters: int) -> list[int] | None:
        """As ``sort`` orders them, where that is certain; its function is called."""
        compare, held = call.callback(), call.list
        if held.rest is None and len(held.items) <= (MAX_ITEMS if compare is None else PRECISE):
            try:
                if compare is None:
                    return arrays.order([known_of(item) for item in held.items])
                return arrays.order_by(
                    held.items, lambda one, other: known_of(call.run.call(compare, (one, other), call.place))
                )
            except NotKnown:
                pass
        if compare is not None and (item := call.any()) is not None:
            call.run.call(compare, (item, item), call.place)
        return None


def array_method(value: Sequence, name: str, run: Machine, place: Place) -> Value | None:
    """A member of an array, or None where arrays have no such member."""
    if run.exact and (found := of_array(value, name)) is not None:
        return found
    return BUILTINS.member(value, name, run, place) or universal(value, name)


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
        held = listed(run, value, site.place)
        return BUILTINS.rows["list"][name].of(Call(name, held, site, run, BUILTINS.habits))

    return method(value, name, body)


def _join(call: Call) -> Value:
    """What is undefined or null is an empty text."""
    held, separator = call.list, call.argument(0)
    items = [Const("") if is_nothing(item) else item for item in held.items]
    glue = separator if separator is not None and given(separator) else Const(",")
    return joined_text(glue, Sequence(items, held.rest), call.place)


def _at(call: Call) -> Value:
    held, index = call.list, call.argument(0)
    if isinstance(index, Const) and isinstance(index.value, int):
        if -len(held.items) <= index.value < len(held.items) and (index.value >= 0 or held.rest is None):
            return held.items[index.value]
        last = join(*held.held()[max(len(held.items) - 1, 0) :]) if held.held() else NOTHING
        return last if index.value == -1 else held.rest or NOTHING
    return held.element()


def _positions(call: Call, count: int) -> list[Known] | None:
    """The arguments as known values, where they are."""
    try:
        return [known_of(value) for value in call.site.positional[:count]] if call.site.complete else None
    except NotKnown:
        return None


def _slice(call: Call) -> Value:
    held, known = call.list, _positions(call, 2)
    if known is None:
        return LISTS["some"](call)
    if held.rest is None:
        start, end = arrays.bounds(known, len(held.items))
        return Sequence(held.items[start:end])
    start, end = arrays.bounds(known, FAR)
    if end <= len(held.items):
        return Sequence(held.items[start:end])
    if start < FAR - MAX_ITEMS and end == FAR:
        return Sequence(held.items[start:], held.rest)
    return LISTS["some"](call)


def _splice(call: Call) -> Value:
    held, known = call.list, _positions(call, 2)
    if known is not None and held.rest is None and not call.conditional:
        start, end = arrays.cut(known, len(held.items))
        taken = held.items[start:end]
        held.items[start:end] = call.site.positional[2:]
        return Sequence(taken)
    loosen(held, *call.site.positional[2:])
    return Sequence([], held.rest)


def _fill(call: Call) -> Value:
    held, filling = call.list, call.argument(0) or NOTHING
    if held.rest is None and len(call.site.positional) == 1 and not call.conditional:
        held.items[:] = [filling] * len(held.items)
        return held
    return Sequence([], join(*held.held(), filling))


def _some_and_arguments(call: Call) -> Value:
    """Some of the elements and of the arguments, in an order that is not worked out."""
    return Sequence([], join(*call.list.held(), *call.site.all()))


def _index(call: Call, which: str = "") -> int | None:
    """The position of the first argument (or the ``last`` one), -1 where it is not there; None: not known."""
    items = call.list.items[:: -1 if which else 1]
    if call.list.rest is not None or len(call.site.positional) != 1:
        return None
    known = _positions(call, 1)
    values = [item.value for item in items if isinstance(item, Const)]
    if known is None or len(values) < len(items):
        return None
    found = arrays.index_of(values, known[0])
    return len(items) - 1 - found if which and found >= 0 else found


def _index_of(call: Call, which: str = "") -> Value:
    found = _index(call, which)
    return UnknownValue("an index", call.place) if found is None else Const(found)


def _includes(call: Call) -> Value:
    found = _index(call)
    return UnknownValue("a test", call.place) if found is None else Const(found >= 0)


def _positions_alone(call: Call) -> Value:
    held = call.list
    return Sequence([*map(Const, range(len(held.items)))], held.rest and UnknownValue("an index"))


def _next(call: Call) -> Value:
    """One step of a generator: its element is any that it yields, or what it returns."""
    last = [call.value.returned] if isinstance(call.value, Generated) else []
    return Object({"value": join(call.list.element(), *last), "done": UnknownValue("a test", call.place)})


def _get_entry(call: Call) -> Value:
    key, held = call.argument(0) or NOTHING, call.value
    if not isinstance(held, Object) or (
        isinstance(key, Const) and members.key_text(key) not in held.fields and held.rest is None
    ):  # not there yet; whoever fills it later may run in another order
        return UnknownValue("an entry of a Map", call.place)
    return members.index(call.run, held, key, call.place)


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    JavaScriptHabits(),
    {
        "at": _at,
        "fill": _fill,
        "get-entry": _get_entry,
        "includes": _includes,
        "index-of": _index_of,
        "join": _join,
        "next": _next,
        "positions-alone": _positions_alone,
        "slice": _slice,
        "some-and-arguments": _some_and_arguments,
        "splice": _splice,
    },
)
