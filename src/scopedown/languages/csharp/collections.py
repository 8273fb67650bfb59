"""C#'s texts, lists and dictionaries, their methods and those of LINQ: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, Habits, joined
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.map_effects import VERBS
from scopedown.calls.builtins.text_effects import VERBS as TEXTS
from scopedown.calls.builtins.text_effects import is_text
from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, FunctionValue, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.digits import is_count
from scopedown.core.place import Place


class CSharpHabits(Habits):
    """An element of a dictionary has members; a callback may take an element's position as well."""

    def pair(self, key: Value, value: Value) -> Value:
        """``KeyValuePair``, which is a tuple, too."""
        return Object({"Key": key, "Value": value, "0": key, "1": value})

    def parts(self, pair: Value, run: Machine, place: Place) -> tuple[Value, Value]:
        """``pair.Key``, ``pair.Value``."""
        return run.attribute(pair, "Key", place), run.attribute(pair, "Value", place)

    def arguments(self, call: Call, callback: Value, item: Value, position: Value) -> tuple[Value, ...]:
        """The element, and where the callback has a second parameter its position."""
        takes = [len(option.function.parameters) for option in options(callback) if isinstance(option, FunctionValue)]
        return (item, position) if takes and max(takes) > 1 else (item,)


def _add_or_update(call: Call) -> Value:
    """``AddOrUpdate(key, value, (key, before) => …)``."""
    added = VERBS["get-or-put"](call, "$1")
    return joined(added, VERBS["compute"](call, "$2")) or NOTHING


def _format(call: Call) -> Value:
    """``string.Format``, perhaps with a culture before the template."""
    arguments = call.site.positional
    while len(arguments) > 1 and not any(is_text(option) for option in options(arguments[0])):
        arguments = arguments[1:]
    if not arguments:
        return UnknownValue("a formatted text", call.place)
    site = replace(call.site, positional=arguments[1:])
    return TEXTS["format"](replace(call, value=arguments[0], site=site), "braces")


def _concat(call: Call) -> Value:
    """``string.Concat`` of several values, or of the elements of a list."""
    return TEXTS["join"](replace(call, value=Const("")))


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    CSharpHabits(),
    {
        "add-or-update": _add_or_update,
        "concat": _concat,
        "format-text": _format,
        "key": lambda call: UnknownValue("the key of a group", call.place),
    },
)


def elements(run: Machine, value: Value) -> Value:
    """What a loop goes through: the pairs of a dictionary, else the value itself."""
    entries = BUILTINS.habits.entries
    found = [entries(option, Place("")) if isinstance(option, Object) else option for option in options(value)]
    return join(*found)


def member(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a text, a list or a dictionary; None where it has none of this name that is followed."""
    if isinstance(value, Sequence) and name.startswith("Item") and is_count(name[4:]) and len(name) < 7:
        position = int(name[4:]) - 1
        return value.items[position] if 0 <= position < len(value.items) else value.rest
    return BUILTINS.member(value, name, run, place)
