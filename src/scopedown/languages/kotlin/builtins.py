"""Kotlin's own functions: of the standard library, and of coroutines, which are transparent
(https://kotlinlang.org/api/core/kotlin-stdlib/, https://kotlinlang.org/api/kotlinx.coroutines/)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from scopedown.calls.interpreter import trail
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value
from scopedown.languages.java import functional
from scopedown.languages.java.natives import NOTHING, Body, Library, first_of, function, given, quiet
from scopedown.languages.kotlin.collections_of import all_entries, map_of
from scopedown.languages.kotlin.names import COMPONENT, ELEMENTS, PERHAPS, REFERENCE
from scopedown.languages.kotlin.scoping import component, with_this

PACKAGES: Final = (
    "kotlin", "kotlin.collections", "kotlin.text", "kotlin.io", "kotlin.ranges", "kotlin.sequences",
    "kotlin.comparisons", "kotlin.annotation", "kotlin.jvm", "java.lang",
)  # fmt: skip
"""Packages of which every file knows the names (https://kotlinlang.org/spec/packages-and-imports.html)."""


def _called(site: CallSite, run: Machine) -> Value:
    """A lambda behind the other arguments runs; its value is what is given."""
    found: Value = NOTHING
    for value in site.positional[-1:]:
        found = run.call(value, (), site.place)
    return found


def _with(site: CallSite, run: Machine) -> Value:
    return with_this(run, given(site, 1), first_of(site), (), site.place)


def _first(site: CallSite, run: Machine) -> Value:
    return first_of(site)


def _perhaps(site: CallSite, run: Machine) -> Value:
    """The function runs by what is written as no call."""
    trail.given(run.trail, site.positional)
    return NOTHING


def _list(site: CallSite, run: Machine) -> Value:
    return Sequence(list(site.positional), None if site.complete else UnknownValue("an element", site.place))


def _map(site: CallSite, run: Machine) -> Value:
    return map_of(run, list(site.positional), site.place)


def _built_list(site: CallSite, run: Machine) -> Value:
    """``buildList { add(x) }``."""
    made = Sequence()
    with_this(run, given(site, len(site.positional) - 1), made, (), site.place)
    return made


def _built_map(site: CallSite, run: Machine) -> Value:
    made = map_of(run, [], site.place)
    with_this(run, given(site, len(site.positional) - 1), made, (), site.place)
    return made


def _made_list(site: CallSite, run: Machine) -> Value:
    """``List(n) { … }``, ``Array(n) { … }``."""
    if len(site.positional) < 2:
        return Sequence()
    return Sequence([], run.call(given(site, 1), (UnknownValue("an index", site.place, inert=True),), site.place))


def _repeated(site: CallSite, run: Machine) -> Value:
    run.call(given(site, 1), (UnknownValue("an index", site.place, inert=True),), site.place)
    return NOTHING


def _sequence(site: CallSite, run: Machine) -> Value:
    """``generateSequence(first) { … }``, ``flow { emit(x) }``: what the lambda gives, again and again."""
    seed = first_of(site) if len(site.positional) > 1 else None
    last = site.positional[-1] if site.positional else NOTHING
    made = run.call(last, () if seed is None else (seed,), site.place)
    return Sequence([] if seed is None else [seed], made)


def _timed(site: CallSite, run: Machine) -> Value:
    """``measureTimedValue { … }``: the value and how long it took."""
    return Sequence([_called(site, run), UnknownValue("a duration", site.place, inert=True)])


def _component(site: CallSite, run: Machine) -> Value:
    at = given(site, 1)
    position = at.value if isinstance(at, Const) and isinstance(at.value, int) else 0
    return component(run, first_of(site), position, site.place)


def _elements(site: CallSite, run: Machine) -> Value:
    return all_entries(first_of(site), site.place)


@cache
def _known() -> Mapping[str, Value]:
    bodies: dict[str, Body] = {
        COMPONENT: _component,
        ELEMENTS: _elements,
        PERHAPS: _perhaps,
        REFERENCE: functional.reference,
        "with": _with,
    }
    for names, body in _BODIES:
        bodies |= dict.fromkeys(names.split(), body)
    found: dict[str, Value] = {name: function(name, body) for name, body in bodies.items()}
    found |= {name: quiet(name) for name in _QUIET.split()}
    found |= {name: Library(name) for name in _LIBRARY.split()}
    return found


_BODIES: Final = (
    ("run runBlocking runTest coroutineScope supervisorScope withContext withTimeout withTimeoutOrNull launch async "
     "synchronized lazy suspend runCatching measureTimeMillis measureNanoTime measureTime thread timeout "
     "suspendCoroutine suspendCancellableCoroutine runInterruptible callbackFlow channelFlow trace also", _called),
    ("measureTimedValue", _timed),
    ("requireNotNull checkNotNull lazyOf flowOf produce", _first),
    ("listOf mutableListOf arrayListOf setOf mutableSetOf hashSetOf linkedSetOf arrayOf emptyList emptySet emptyArray "
     "listOfNotNull setOfNotNull sequenceOf intArrayOf longArrayOf Pair Triple emptySequence ArrayList HashSet "
     "LinkedHashSet emptyFlow awaitAll byteArrayOf arrayOfNulls", _list),
    ("mapOf mutableMapOf hashMapOf linkedMapOf emptyMap sortedMapOf HashMap LinkedHashMap", _map),
    ("buildList buildSet", _built_list),
    ("buildMap", _built_map),
    ("List Array MutableList", _made_list),
    ("repeat", _repeated),
    ("generateSequence sequence flow iterator", _sequence),
)  # fmt: skip
_QUIET: Final = "println print require check delay readLine readln yield ensureActive joinAll"
_LIBRARY: Final = """
    Int Long Short Byte Double Float Boolean Char String Any Unit Nothing Number CharSequence Comparable Enum Throwable
    Exception RuntimeException IllegalArgumentException IllegalStateException Error NullPointerException
    UnsupportedOperationException IndexOutOfBoundsException NoSuchElementException ArithmeticException
    NumberFormatException AssertionError Regex StringBuilder buildString Dispatchers GlobalScope CoroutineScope
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
