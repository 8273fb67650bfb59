"""Python's lists, dicts, texts and library: what the rows of ``builtins.tsv`` cannot say, and modules made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, Habits
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.known_values import known_of
from scopedown.calls.builtins.list_effects import add, loosen
from scopedown.calls.builtins.map_effects import VERBS as MAPS
from scopedown.calls.builtins.map_effects import update
from scopedown.calls.builtins.object_effects import LibraryObject, held
from scopedown.calls.interpreter import members
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join
from scopedown.languages.python.natives import Body, Function, Library, decorator, each, spread_map
from scopedown.languages.python.text import format_map, format_text, sliced
from scopedown.source.known import NotKnown

_SUPPRESSING: Final = frozenset({"ExitStack", "Loop"})


class PythonHabits(Habits):
    """A callback may be ``key``; elements are in the order of what it gives, where that is known."""

    characters = True

    def callback(self, call: Call, at: int) -> Value | None:
        """The key, or a function among the arguments."""
        found = call.site.keywords.get("key")
        return super().callback(call, at) if found is None else None if isinstance(found, Const) else found

    def suppresses(self, kind: str) -> bool:
        """What handles errors of others may."""
        return kind in _SUPPRESSING

    def order(self, call: Call, parameters: int) -> list[int] | None:
        """By known keys, where all elements differ (of a set, one may be written twice)."""
        items, callback, backwards = call.list, call.callback(), call.site.keywords.get("reverse")
        keys: list[Value] | None = items.items
        if callback is not None:
            results = call.results(callback)
            keys = None if results.rest is not None else [result for _, result in results.pairs]
        if items.rest is not None or keys is None or not isinstance(backwards, Const | None):
            return None
        try:
            known = [known_of(key) for key in keys]
            scalars = [(type(item.value), item.value) for item in items.items if isinstance(item, Const)]
            if len(set(scalars)) < len(scalars):
                return None
            return sorted(range(len(known)), key=known.__getitem__, reverse=bool(backwards and backwards.value))
        except (NotKnown, TypeError):
            return None


def _insert(call: Call) -> Value:
    into, at, new = call.value, call.argument(0), call.argument(1)
    if isinstance(into, Sequence) and new is not None:
        position = at.value if isinstance(at, Const) and isinstance(at.value, int) else None
        if position is None or into.rest is not None or call.conditional:
            loosen(into, new)
        else:
            add(call.run, into, new)
            if into.rest is None:
                into.items.insert(position, into.items.pop())
    return NOTHING


def _popitem(call: Call) -> Value:
    pairs = MAPS["entries"](call)
    return pairs.element() if isinstance(pairs, Sequence) else pairs


def _dict(call: Call, factory: str = "") -> Value:
    """``dict(pairs, key=value)``, perhaps after a function that gives the value of a missing key (``factory``)."""
    made, first = Object(born=call.run.position.conditional), call.argument(0)
    if factory and first is not None and not isinstance(first, Const):
        made.rest = call.run.call(first, (), call.place)
    for value in call.site.positional[bool(factory) :]:
        update(call, made, value)
    made.fields.update(call.site.keywords)
    if not call.site.complete:
        made.rest = made.rest or UnknownValue("an item of an unknown mapping", call.place)
    return made


def _next_held(call: Call) -> Value:
    """In a loop, what its body puts may come next."""
    value = held(call)
    further = UnknownValue("an element of a queue", call.place, inert=value is not None)
    return join(further if value is None else value, *((further,) if call.conditional else ()))


def _executor(call: Call) -> Value:
    starter = call.site.argument(-1, "initializer")
    if starter is not None and not isinstance(starter, Const):
        call.run.escape(starter, call.place)
    return LibraryObject("Executor", call.habits)


def _executor_map(call: Call) -> Value:
    """``map(function, list, …)``; a size is no list."""
    lists = tuple(call.elements(one) for one in call.site.positional[1:] if not isinstance(one, Const))
    return each(call.run, call.argument(0) or NOTHING, lists, call.place)


def _executor_apply(call: Call) -> Value:
    arguments = call.elements(call.site.argument(1, "args") or Sequence())
    named = call.site.argument(2, "kwds")
    keywords = named.fields if isinstance(named, Object) else {}
    site = CallSite(tuple(arguments.items), keywords, call.place, arguments.rest is None)
    return LibraryObject("Future", call.habits, call.run.call_value(call.argument(0) or NOTHING, site))


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    PythonHabits(),
    {
        "decorator": lambda call: decorator(call.name).body(call.site, call.run),
        "dict": _dict,
        "enter": lambda call: members.enter(call.run, call.argument(0) or NOTHING, call.place),
        "executor": _executor,
        "executor-apply": _executor_apply,
        "executor-map": _executor_map,
        "format": format_text,
        "format-map": format_map,
        "insert": _insert,
        "next-held": _next_held,
        "popitem": _popitem,
        "slice": sliced,
        "spread-map": lambda call: spread_map(call.site, call.run),
    },
)


def library(name: str, **known: Value | Body) -> Library:
    """A module of the standard library: its rows, and what code says of its members."""
    members = {**BUILTINS.functions(name), **known}
    return Library(
        name,
        {
            member: one if isinstance(one, Value) else Function(f"{name}.{member}", one)
            for member, one in members.items()
        },
    )
