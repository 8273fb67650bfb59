"""The building blocks of Rust's built-ins: functions, types, values that are made when they are needed.

Methods that give their receiver in another form (``clone``, ``unwrap``, ``as_ref``) are the receiver itself, on every
value (:data:`SAME`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from scopedown.calls import machine
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import first_of
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    FunctionValue,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

_SAME: Final = """
    as_bytes as_deref as_deref_mut as_mut as_mut_slice as_mut_str as_os_str as_path as_ref as_slice as_str as_string
    borrow borrow_mut boxed boxed_local by_ref clone cloned compat context copied deref deref_mut downcast err_into
    expect expect_err from_ref fuse get_mut get_ref in_current_span inspect_err instrument into into_boxed_dyn_error
    into_boxed_slice into_boxed_str into_bytes into_future into_inner into_owned into_stream into_string leak
    left_future lock map_err ok ok_or ok_or_else read right_future shared to_owned to_str to_string to_string_lossy
    to_vec transpose try_into try_lock unwrap unwrap_or_default unwrap_unchecked upgrade with_context
    with_current_subscriber wrap_err wrap_err_with write
"""
SAME: Final = frozenset(_SAME.split())
"""Methods of the standard library, futures, anyhow and tracing that give what they are called on, in another form
(https://doc.rust-lang.org/std/, https://docs.rs/futures, https://docs.rs/anyhow, https://docs.rs/tracing)."""

_EXTENSION: Final = "<extension {}>"


def extend(run: Machine, name: str, value: Value) -> None:
    """A trait of the analysed code gives a method to a type that is not of it."""
    held = run.heap.globals.variables
    key = _EXTENSION.format(name)
    held[key] = value if key not in held else join(held[key], value)


def extension(run: Machine, value: Value, name: str) -> Value | None:
    """A method that the analysed code gave to other types, bound to a value; None where there is none of the name."""
    found = run.heap.globals.variables.get(_EXTENSION.format(name))
    if found is None:
        return None
    bound = [
        FunctionValue(one.function, one.frame, value, one.owner)
        for one in options(found)
        if isinstance(one, FunctionValue) and one.function.receiver == "first"
    ]
    return join(*bound) if bound else None


_APPLIED: Final = frozenset({"with", "map", "and_then", "map_ok", "pipe"})
"""Methods of what holds a value (a variable of the thread, an Option, a Result) that hand it to a function."""


_KEPT: Final = frozenset({"filter", "inspect", "or", "or_else", "take", "unwrap_or", "unwrap_or_else", "xor"})
"""Methods of an Option or a Result that give what it holds."""
MAX_FILES: Final = 20
"""Files that declare a method of one name; more are not loaded for it."""


def late_extension(run: Machine, value: Value, name: str) -> Value | None:
    """The same, where the file that gives the method was not loaded: nothing but ``use … as _`` leads to it."""
    return extension(run, value, name) if load_declaring(run, name) else None


def load_declaring(run: Machine, name: str) -> bool:
    """Load the files of the program that declare a name; whether one was not loaded before."""
    unit = run.sources.unit(run.position.file)
    files = unit.declared.get(name, ()) if unit is not None else ()
    late = [file for file in files if file not in run.heap.modules]
    if not late or len(files) > MAX_FILES:
        return False
    for file in late:
        run.load(file)
    return True


class RustNative(Native):
    """A native of Rust: what its type has, what every value has, what the analysed code adds."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A known member; else what every value has."""
        found = self.own(name, run, place)
        if found is None and name in SAME:
            return Function(name, lambda site, run: self, self)
        if found is None and name in _APPLIED:
            return Function(name, lambda site, run: run.call(first(site), (self,), site.place), self)
        if found is None and name in _KEPT:
            return Function(name, self._kept, self)
        if found is None:
            found = extension(run, self, name) or late_extension(run, self, name)
        return found if found is not None else self.missing(name, run, place)

    def _kept(self, site: CallSite, run: Machine) -> Value:
        for value in site.all():
            run.escape(value, site.place)
        return self

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """The members of this kind of value, or None."""
        return None

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """What an unknown member is."""
        return UnknownValue(f"{self.describe()}::{name}", place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``impl Trait for Type`` of a type that is not of the project: its methods."""
        if all(isinstance(option, FunctionValue) for option in options(value)):
            extend(run, name, value)
        else:
            super().assign(name, value, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class Function(RustNative, machine.Function):
    """A function; ``receiver`` is the value that it is a method of."""


@dataclass(frozen=True, slots=True, eq=False)
class Item(RustNative):
    """A type, module or function of the standard library or of a crate without calls: functions that are handed to it
    may run, and what it gives back is unknown."""

    label = "{self.name}"
    name: str
    members: Mapping[str, Value] = field(default_factory=dict)
    called: Body | None = None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A known member."""
        return self.members.get(name)

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Item(f"{self.name}::{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Unknown; functions among the arguments are taken as called, and it may start a program."""
        if self.called is not None:
            return self.called(site, run)
        run.overseen(self.name.replace("::", "."), site, sends=False)
        for value in site.all():
            run.escape(value, site.place)
        return UnknownValue(f"result of {self.name}()", site.place, inert=all(map(is_data, site.all())))


def is_data(value: Value) -> bool:
    """Whether nothing that could run is in a value."""
    return isinstance(value, Const | External) or value.is_plain or (isinstance(value, UnknownValue) and value.inert)


class Lazy(RustNative):
    """A value that a function makes when it is first needed (``LazyLock``, ``lazy_static!``)."""

    __slots__ = ("_making", "function", "made")
    label = "a lazy value"

    def __init__(self, function: Value) -> None:
        self.function = function
        self.made: Value | None = None
        self._making = False

    def force(self, run: Machine, place: Place) -> Value:
        """The value; while it is being made, it is not known."""
        if self.made is None:
            if self._making:
                return UnknownValue("a value that is being made", place)
            self._making = True
            before = run.position.conditional
            run.position.conditional = 0
            self.made = run.call(self.function, (), place)
            run.position.conditional = before
        return self.made

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member of what it holds."""
        return run.attribute(self.force(run, place), name, place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of what it holds."""
        return members.index(run, self.force(run, place), key, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of what it holds."""
        return members.iterate(run, self.force(run, place), place, False)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A call of what it holds."""
        return run.call_value(self.force(run, site.place), site)

    def escaped(self, run: Machine, place: Place) -> None:
        """Code that is not seen may need it."""
        run.escape(self.force(run, place), place)


class Cell(RustNative):
    """A value that is set once, or again and again, behind a shared reference (``OnceCell``, ``Mutex<Option<T>>``)."""

    __slots__ = ("held",)
    label = "a cell"

    def __init__(self) -> None:
        self.held = Object()

    def inside(self, place: Place) -> Value:
        """What it holds."""
        return self.held.fields.get("value") or UnknownValue("a value that is set later", place)

    def keep(self, value: Value) -> Value:
        """Set it, or add to what it may hold."""
        known = self.held.fields.get("value")
        self.held.fields["value"] = value if known is None else join(known, value)
        return value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``get_or_init`` and its like."""
        if name in ("get_or_init", "get_or_try_init", "get_or_insert_with", "call_once"):
            return Function(name, self._made, self)
        if name in ("set", "replace", "insert", "get_or_insert", "set_blocking"):
            return Function(name, lambda site, run: self.keep(settled(first(site), run, site.place)), self)
        if name in ("get", "get_unchecked", "wait", "take", "into_inner", "get_mut"):
            return Function(name, lambda site, run: self.inside(site.place), self)
        if name in SAME:
            return Function(name, lambda site, run: self, self)
        return run.attribute(self.inside(place), name, place)

    def _made(self, site: CallSite, run: Machine) -> Value:
        known = self.held.fields.get("value")
        return known if known is not None else self.keep(run.call(first(site), (), site.place))


def held_inside(site: CallSite, run: Machine) -> Value:
    """``RwLock::new(None)``: what is inside stands for the lock, except where it is set later."""
    held = first(site)
    return Cell() if isinstance(held, Const) and held.value is None and site.positional else held


def settled(value: Value, run: Machine, place: Place) -> Value:
    """A value as a request takes it: lazy ones are made, the fields of results read."""
    match value:
        case Union():
            return join(*(settled(option, run, place) for option in value.options))
        case Lazy():
            return settled(value.force(run, place), run, place)
        case Field():
            return value.value
        case Cell():
            return value.inside(place)
        case _:
            return value


@dataclass(frozen=True, slots=True, eq=False)
class Field(RustNative):
    """A member of a result, which code reads as a field or by a method of its name."""

    label = "a member of a result"
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member of the value. What every value has gives the same, also of values of no language (tokens)."""
        if name in SAME and self._is_common:
            return Function(name, lambda site, run: self, self)
        return run.attribute(self.value, name, place)

    @property
    def _is_common(self) -> bool:
        return isinstance(self.value, Native) and not isinstance(self.value, RustNative)

    def call(self, site: CallSite, run: Machine) -> Value:
        """The value."""
        return self if self._is_common else self.value

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of the value."""
        return members.index(run, self.value, key, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of the value."""
        return members.iterate(run, self.value, place, False)


def last(site: CallSite) -> Value:
    """The last argument."""
    return site.positional[-1] if site.positional else NOTHING


first = first_of
"""The first argument; nothing where there is none."""

function = Function
"""A function by name."""


def gives_first(name: str) -> Function:
    """A function that gives its first argument in another form (``Box::new``)."""
    return Function(name, lambda site, run: first(site))


def runs_first(name: str) -> Function:
    """A function that runs what it is given (``spawn_blocking``)."""
    return Function(name, lambda site, run: run.call(first(site), (), site.place))


def elements(value: Value, place: Place) -> Value:
    """What a loop over a collection gets: of a map its pairs."""
    if isinstance(value, Object):
        pairs: list[Value] = [Sequence([Const(key), one]) for key, one in value.fields.items()]
        unknown = UnknownValue("a key", place)
        return Sequence(pairs, None if value.rest is None else Sequence([unknown, value.rest]))
    return value
