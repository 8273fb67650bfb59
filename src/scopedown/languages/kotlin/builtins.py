"""Kotlin's own functions, and what it adds to collections: rows of ``builtins.tsv``. Coroutines are transparent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import Call
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.text_effects import Builder
from scopedown.calls.interpreter import trail
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.languages.java import functional
from scopedown.languages.java.holders import Entry, JavaHabits
from scopedown.languages.java.natives import NOTHING, Body, Library, first_of, function, given
from scopedown.languages.kotlin.names import COMPONENT, ELEMENTS, PERHAPS, REFERENCE
from scopedown.languages.kotlin.scoping import component, with_this

PACKAGES: Final = (
    "kotlin", "kotlin.collections", "kotlin.text", "kotlin.io", "kotlin.ranges", "kotlin.sequences",
    "kotlin.comparisons", "kotlin.annotation", "kotlin.jvm", "java.lang",
)  # fmt: skip
"""Packages of which every file knows the names (https://kotlinlang.org/spec/packages-and-imports.html)."""


class KotlinHabits(JavaHabits):
    """A callback comes last; that of a map may take key and value apart."""

    callback_at = -1
    maps_are_lists = True

    def perhaps(self, value: Value) -> Value:
        """What is not found is null."""
        return value

    def arguments(self, call: Call, callback: Value, item: Value, position: Value) -> tuple[Value, ...]:
        """An element, or the parts of an entry."""
        takes = [len(option.function.parameters) for option in options(callback) if isinstance(option, FunctionValue)]
        if isinstance(item, Entry) and takes and max(takes) == 2:
            return item.key, item.value
        return (item,)


def _with(site: CallSite, run: Machine) -> Value:
    return with_this(run, given(site, 1), first_of(site), (), site.place)


def _perhaps(site: CallSite, run: Machine) -> Value:
    """The function runs by what is written as no call."""
    trail.given(run.trail, site.positional)
    return NOTHING


def _built(call: Call, kind: str) -> Value:
    """``buildList { add(x) }``."""
    born = call.run.position.conditional
    made: Sequence | Object | Builder = Sequence() if kind == "list" else Object(born=born)
    if kind == "text":
        made = Builder(Const(""), born, BUILTINS)
    with_this(call.run, call.argument(-1) or NOTHING, made, (), call.place)
    return made.text if isinstance(made, Builder) else made


def _list_by(call: Call) -> Value:
    """``List(n) { … }``, ``Array(n) { … }``."""
    function = call.argument(1)
    index = UnknownValue("an index", call.place, inert=True)
    return Sequence() if function is None else Sequence([], call.run.call(function, (index,), call.place))


def _timed(call: Call) -> Value:
    """``measureTimedValue { … }``: the value and how long it took."""
    made = call.run.call(call.argument(-1) or NOTHING, (), call.place)
    return Sequence([made, UnknownValue("a duration", call.place, inert=True)])


def _component(site: CallSite, run: Machine) -> Value:
    at = given(site, 1)
    position = at.value if isinstance(at, Const) and isinstance(at.value, int) else 0
    return component(run, first_of(site), position, site.place)


def _elements(site: CallSite, run: Machine) -> Value:
    """What a loop goes through: of a map its entries."""
    entries = BUILTINS.habits.entries
    found = [entries(one, site.place) if isinstance(one, Object) else one for one in options(first_of(site))]
    return join(*found)


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    KotlinHabits(),
    {"built": _built, "list-by": _list_by, "timed": _timed},
)


@cache
def _known() -> Mapping[str, Value]:
    bodies: dict[str, Body] = {
        COMPONENT: _component,
        ELEMENTS: _elements,
        PERHAPS: _perhaps,
        REFERENCE: functional.reference,
        "with": _with,
        **BUILTINS.functions("kotlin"),
    }
    found: dict[str, Value] = {name: function(name, body) for name, body in bodies.items()}
    return found | {name: Library(name) for name in _LIBRARY.split()}


_LIBRARY: Final = """
    Int Long Short Byte Double Float Boolean Char String Any Unit Nothing Number CharSequence Comparable Enum Throwable
    Exception RuntimeException IllegalArgumentException IllegalStateException Error NullPointerException
    UnsupportedOperationException IndexOutOfBoundsException NoSuchElementException ArithmeticException
    NumberFormatException AssertionError Regex Dispatchers GlobalScope CoroutineScope
    CoroutineName Job SupervisorJob Duration Random Iterable Collection MutableMap Map Set MutableSet Sequence Lazy
    LazyThreadSafetyMode Result AutoCloseable Closeable maxOf minOf compareBy compareByDescending error TODO Mutex
    Semaphore CompletableDeferred NonCancellable Deferred Channel MutableStateFlow
"""


def builtin(name: str) -> Value | None:
    """A name that every file knows."""
    return _known().get(name)


def standard_module(name: str) -> Value | None:
    """A name of the standard library or of coroutines by its package."""
    if not name.startswith(("kotlin.", "kotlinx.")):
        return None
    own = name.rpartition(".")[2]
    if name.startswith(("kotlin.", "kotlinx.coroutines.")) and own in _known():
        return _known()[own]
    return Library(name) if name.startswith(("kotlin.", "kotlinx.")) else None
