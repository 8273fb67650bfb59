"""Java's collections and texts: lists, sets, queues, arrays and streams are sequences, maps and properties are objects.

``builtins.tsv`` says what their methods do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import NOTHING, Call
from scopedown.calls.builtins.builtin_table import Builtins, Effect
from scopedown.calls.builtins.list_effects import VERBS
from scopedown.calls.builtins.object_effects import LibraryObject, held
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, Sequence, Value, join
from scopedown.core.place import Place
from scopedown.languages.java import holders, resources, texts
from scopedown.languages.java.environment import environment_variable
from scopedown.languages.java.holders import HABITS, Entry, Future
from scopedown.languages.java.natives import Body, JavaClass, bound, computed, first_of, function, given, otherwise

ENTRY = JavaClass("java.util.Map.Entry", {}, lambda site, run: Entry(first_of(site), given(site, 1)))


@dataclass(frozen=True, slots=True, eq=False)
class Collector(Native):
    """What ``Collectors`` gives: an effect on the elements of the stream that gets it."""

    label = "a collector"

    effect: Effect
    site: CallSite


def _collect(call: Call) -> Value:
    """By a collector, or by a supplier, an accumulator and a combiner."""
    if isinstance(collector := call.argument(0), Collector):
        return collector.effect.of(replace(call, site=collector.site))
    if len(call.site.positional) != 3:
        return call.value
    supplier, accumulator, _ = call.site.positional
    made = call.run.call(supplier, (), call.place)
    for item in call.list.held():
        call.run.call(accumulator, (made, item), call.place)
    return made


def _then(call: Call, what: str) -> Value:
    """A collector around another, of what a callback gives for the elements or before it."""
    inner = next((one for one in call.site.positional if isinstance(one, Collector)), None)
    value = call.value if what == "after" else VERBS[what](call)
    made = value if inner is None else inner.effect.of(replace(call, value=value, site=inner.site))
    return call.run.call(given(call.site, 1), (made,), call.place) if what == "after" else made


def or_else(call: Call) -> Value:
    """A value, or another one where it is null: an empty text where there is none."""
    return otherwise(first_of(call.site), call.argument(1) or Const(""))


def _or_call(call: Call) -> Value:
    return otherwise(first_of(call.site), call.run.call(given(call.site, 1), (), call.place))


def _all_started(call: Call) -> Value:
    results = [Future(call.run.call(one, (), call.place)) for one in call.elements(first_of(call.site)).held()]
    return Sequence([], join(*results)) if results else Sequence()


def _start(call: Call) -> Value:
    """A thread that runs the function at once."""
    call.run.call(first_of(call.site), (), call.place)
    return LibraryObject("Thread", call.habits, first_of(call.site))


def _initialize(call: Call) -> Value:
    """A thread's own value is read, so that a function gives it, or set, before that."""
    made = call.argument(0) or call.run.call(held(call) or NOTHING, (), call.place)
    if isinstance(into := call.value, LibraryObject):
        into.kind, into.value = "Reference", made
    return made


def _variable(call: Call) -> Value:
    """``System.getenv(name)``, ``getenv().getOrDefault(name, value)``; without a name all variables."""
    if not call.site.positional:
        return LibraryObject("Environment", call.habits)
    found = environment_variable(call.plain(0), call.place)
    return found if (default := call.argument(1)) is None else otherwise(found, default)


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    HABITS,
    {
        "all-started": _all_started,
        "initialize": _initialize,
        "load": lambda call: resources.load(call.value, call.site, call.run),
        "collect": _collect,
        "then": _then,
        "entry": lambda call: Entry(first_of(call.site), given(call.site, 1)),
        "or-call": _or_call,
        "or-else": or_else,
        "start": _start,
        "variable": _variable,
        **holders.OWN_VERBS,
        **texts.OWN_VERBS,
    },
)


def member(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a text, a list, a set, a queue, an array or a stream."""
    found = BUILTINS.member(value, name, run, place)
    return found if found is not None else computed(name)


def object_method(value: Object, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a map or of properties."""
    found = BUILTINS.member(value, name, run, place)
    if found is not None:
        return found
    field = value.fields.get(name[3:4].lower() + name[4:]) if name.startswith("get") else None
    return None if field is None else bound(value, name, lambda site, run: field)


def _collector(effect: Effect) -> Value:
    return function("a collector", lambda site, run: Collector(effect, site))


def classes_of(table: Builtins) -> dict[str, JavaClass]:
    """The classes whose static members, or whose constructors (``package.*``), a table has, by their full names."""
    statics: dict[str, dict[str, Value]] = {}
    made: dict[str, Body] = {}
    for on in table.rows:
        package, dot, name = on.rpartition(".")
        for member, body in table.functions(on).items() if dot else ():
            if name == "*":
                made[f"{package}.{member}"] = body
            else:
                statics.setdefault(on, {})[member] = function(f"{name}.{member}", body)
    return {name: JavaClass(name, statics.get(name, {}), made.get(name)) for name in {**statics, **made}}


@cache
def classes() -> dict[str, JavaClass]:
    """The classes of collections, by their full names."""
    made = classes_of(BUILTINS)
    collectors = {name: _collector(effect) for name, effect in BUILTINS.rows["collector"].items()}
    entries = {"SimpleEntry": ENTRY, "SimpleImmutableEntry": ENTRY}
    others = (
        JavaClass("java.util.Map", {**made["java.util.Map"].statics, "Entry": ENTRY}),
        JavaClass("java.util.AbstractMap", entries),
        JavaClass("java.util.stream.Collectors", collectors),
        resources.BUNDLE,
        ENTRY,
    )
    return made | {one.name: one for one in others}
