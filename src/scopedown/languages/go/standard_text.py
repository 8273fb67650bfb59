"""Texts, and objects that keep values, in Go's standard library: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call, Habits, joined
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.object_effects import VERBS as OBJECTS
from scopedown.calls.builtins.object_effects import LibraryObject, held
from scopedown.calls.builtins.system_effects import VERBS as SYSTEM
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.functions import silent
from scopedown.calls.values import Const, Value
from scopedown.core.place import Place
from scopedown.languages.go.natives import Thing, first, plain, results, with_error


class _Habits(Habits):
    """A text may be of a defined type."""

    def plain(self, value: Value, run: Machine, place: Place) -> Value:
        """The value without the name of its type."""
        return plain(value)

    def unlisted(self, value: Native, name: str, place: Place) -> Value:
        """More of the package."""
        return Thing(f"{value.describe()}.{name}")


# objects that keep values


def _with_value(call: Call) -> Value:
    """A context that has the values of its parent, too."""
    parent, value = call.argument(0), call.argument(2)
    before = parent.value if isinstance(parent, LibraryObject) else None
    return LibraryObject("context.Context", call.habits, joined(before, value))


def _load(call: Call) -> Value:
    """What may be in it, and whether there is something."""
    return results(held(call) or NOTHING, call.data())


def _hold_and_load(call: Call) -> Value:
    OBJECTS["hold"](call)
    return _load(call)


def _range(call: Call) -> Value:
    """A function gets any key and any value."""
    call.run.call(call.argument(0) or NOTHING, (call.data(), held(call) or call.data()), call.place)
    return NOTHING


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    _Habits(),
    {
        "hold-and-load": _hold_and_load,
        "find-variable": lambda call: results(SYSTEM["variable"](call), call.data()),
        "line": lambda call: concatenate((*map(plain, call.site.positional), Const("\n"))),
        "load": _load,
        "quote": lambda call: concatenate((Const('"'), plain(first(call.site)), Const('"'))),
        "range": _range,
        "with-cancel": lambda call: results(first(call.site), silent("cancel")),
        "with-error": lambda call: with_error(first(call.site), call.place),
        "with-value": _with_value,
    },
)


def context() -> Value:
    """An empty context."""
    return LibraryObject("context.Context", BUILTINS.habits)
