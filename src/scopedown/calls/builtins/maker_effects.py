"""The verbs of functions and classes that make lists and maps of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, joined
from scopedown.calls.builtins.map_effects import update
from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.calls.builtins.text_effects import Builder, is_text
from scopedown.calls.interpreter import members
from scopedown.calls.values import CallSite, Const, Object, Sequence, TextValue, UnknownValue, Value, join


def _list_of(call: Call) -> Value:
    """The arguments as a list; an array stands for its elements."""
    if len(call.site.positional) == 1 and isinstance(array := call.site.positional[0], Sequence):
        return Sequence(list(array.items), array.rest)
    return _arguments(call)


def _arguments(call: Call) -> Value:
    """The arguments as a list."""
    return Sequence(list(call.site.positional), None if call.site.complete else UnknownValue("an element", call.place))


def _call(call: Call, function: str, *pattern: str) -> Value:
    """What an argument gives that is called, with others (``$0``), an ``index``, ``self``, or all ``further`` ones."""
    callback, site = call.argument(int(function[1:])), call.site
    if callback is None:
        return NOTHING
    if pattern == ("further",):
        rest = site.positional[int(function[1:]) + 1 :]
        return call.run.call_value(callback, CallSite(rest, site.keywords, site.place, site.complete))
    known = {"index": UnknownValue("an index", call.place, inert=True), "self": call.value}
    given = [known.get(word) or call.argument(int(word[1:])) or NOTHING for word in pattern]
    return call.run.call(callback, tuple(given), call.place)


def _new_list(call: Call) -> Value:
    """A list with the elements of another one, where one is given."""
    for value in call.site.positional:
        if isinstance(value, UnknownValue) and value.inert:
            return Sequence([], value)
        if not isinstance(value, Const | TextValue):
            more = call.elements(value)
            return Sequence(list(more.items), more.rest)
    return Sequence()


def _new_map(call: Call) -> Value:
    """A map with the entries of others, where some are given."""
    made = Object(born=call.run.position.conditional)
    for value in call.site.positional:
        if not isinstance(value, Const | TextValue):
            update(call, made, value)
    return made


def _map_of(call: Call) -> Value:
    """A map of keys and values in turns."""
    made, arguments = Object(born=call.run.position.conditional), call.site.positional
    for key, value in zip(arguments[::2], arguments[1::2], strict=False):
        members.assign_index(call.run, made, key, value, call.place)
    return made


def _map_of_pairs(call: Call) -> Value:
    """A map of the arguments, which are entries."""
    made = Object(born=call.run.position.conditional)
    for pair in call.site.positional:
        members.assign_index(call.run, made, *call.habits.parts(pair, call.run, call.place), call.place)
    if not call.site.complete:
        made.rest = joined(made.rest, UnknownValue("a value of a map", call.place))
    return made


def _concat(call: Call) -> Value:
    """The elements of all arguments."""
    lists = [call.elements(value) for value in call.site.positional]
    return Sequence.joined([item for one in lists for item in one.items], joined(*(one.rest for one in lists)))


def _builder(call: Call) -> Value:
    """What puts a text together, beginning with the argument where that is a text."""
    begins = [value for value in call.site.positional[:1] if not isinstance(value, Const) or is_text(value)]
    text = call.plain(0) if begins else Const("")
    return Builder(text, call.run.position.conditional, call.habits.members)


def _generate(call: Call) -> Value:
    """What a callback gives again and again, for the element before where there is a first one."""
    arguments = call.site.positional
    first = arguments[:1] if len(arguments) > 1 else ()
    made = call.run.call(arguments[-1] if arguments else NOTHING, first, call.place)
    return Sequence(list(first), join(*first, made))


def _repeat(call: Call, which: str = "$0") -> Value:
    """A list of one value, any number of times."""
    return Sequence([], call.argument(int(which[1:])) or NOTHING)


def _numbers(call: Call) -> Value:
    return Sequence([], UnknownValue("a number", call.place, inert=True))


def _object(call: Call, kind: str, value: str = "") -> Value:
    """An object of a library that holds an argument (``$0``, or one with a name), or what the first one gives that is
    ``called`` with the others."""
    held = None
    if value.startswith("$"):
        held = call.argument(int(value[1:]))
    elif value:
        held = _call(call, "$0", "further") if value == "called" else call.site.keywords.get(value)
    return LibraryObject(kind, call.habits, held)


VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "arguments": _arguments, "builder": _builder, "call": _call, "concat": _concat,
    "empty-list": lambda call: Sequence(), "generate": _generate, "list-of": _list_of, "map-of": _map_of,
    "map-of-pairs": _map_of_pairs, "new-list": _new_list, "new-map": _new_map, "numbers": _numbers, "object": _object,
    "repeat": _repeat,
}  # fmt: skip
"""By the names that rows have for them."""
