"""The building blocks of C#'s standard library: methods, classes, and what is known of any value.

``await`` is transparent, so a ``Task<T>`` is the value that it gives: its members (``Result``, ``ContinueWith``) are
members of every value (:func:`awaited`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import bound, first_of
from scopedown.calls.machine.functions import data as data
from scopedown.calls.machine.functions import identity as identity
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Datum,
    FunctionValue,
    Instance,
    Object,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.csharp import extensions

TYPES = "<"
"""What the keywords of a call begin with that are its type arguments."""
_SAME = frozenset(
    {
        "GetAwaiter", "GetResult", "ConfigureAwait", "AsTask", "WaitAsync", "AsResult", "Unwrap", "WithCancellation",
        "ToAsyncEnumerable", "AsAsyncEnumerable",
    }
)  # fmt: skip
"""Members of a task that lead to its value."""
_TOLD = frozenset(
    {
        "IsCompleted", "IsCompletedSuccessfully", "IsFaulted", "IsCanceled", "Exception", "Status", "GetHashCode",
        "GetType", "Equals",
    }
)  # fmt: skip


def type_argument(site: CallSite, position: int = 0) -> Value | None:
    """A type argument of a call (``Get<Store>()``)."""
    return site.keywords.get(f"<{position}>")


def given(site: CallSite, index: int, *names: str) -> Value | None:
    """An argument by position or name."""
    return site.argument(index, *names)


def arguments(site: CallSite) -> list[Value]:
    """Every argument that is a value."""
    return [*site.positional, *(value for name, value in site.keywords.items() if not name.startswith(TYPES))]


def unknown(what: str, site: CallSite) -> UnknownValue:
    """What a call gives that is data."""
    return UnknownValue(f"result of {what}()", site.place, inert=True)


def of_class(what: str, cls: Value | None, place: Place) -> Value:
    """Data of a class, where that is one of the project."""
    found = [option for option in options(cls) if isinstance(option, ClassValue)] if cls is not None else []
    if found:
        return join(*(Datum(what, place, inert=True, cls=one) for one in found))
    return UnknownValue(what, place, inert=True)


def has_code(value: Value) -> bool:
    """Whether code of the project or of an SDK may run through a value."""
    return any(isinstance(option, FunctionValue | Instance | Native) for option in options(value))


def run_functions(site: CallSite, run: Machine) -> Value | None:
    """The functions among the arguments run; what they give."""
    made = [
        run.call_value(option, CallSite((), {}, site.place, complete=False))
        for value in arguments(site)
        for option in options(value)
        if isinstance(option, FunctionValue)
    ]
    return join(*made) if made else None


def awaited(value: Value, name: str, place: Place) -> Value | None:
    """A member of a task, or one that every object has; None where it is neither."""
    if name == "Result":
        return value
    if name in _SAME:
        return bound(value, name, lambda site, run: value)
    if name == "Wait":
        return bound(value, name, lambda site, run: Const(True))
    if name == "ContinueWith":
        return bound(value, name, lambda site, run: run.call(first_of(site), (value,), site.place))
    if name in _TOLD:
        return bound(value, name, lambda site, run: unknown(name, site))
    if name in ("Dispose", "DisposeAsync", "Close"):
        return bound(value, name, lambda site, run: NOTHING)
    return None


class Model(Native):
    """A value of a library or an SDK: what all such values answer."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member that the model knows, one of a task, else unknown."""
        found = self.member_named(name, run, place)
        if found is None:
            found = awaited(self, name, place)
        if found is None:
            found = extensions.method(run, self, name, place)
        return found if found is not None else self.other(name, run, place)

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A member that the model knows."""
        return None

    def known_member(self, name: str, run: Machine, place: Place) -> Value | None:
        """The same of an object of a derived class."""
        return self.member_named(name, run, place)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Any other member."""
        return UnknownValue(f"{self.describe()}.{name}", place)


@dataclass(frozen=True, slots=True, eq=False)
class Plain(Model):
    """An object of a library that keeps nothing: its methods run the functions that they are given, and give data or
    the object itself (``fluent``)."""

    label = "{self.name}"
    name: str
    fluent: bool = False
    members: Mapping[str, Value] = field(default_factory=dict)

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method."""
        return self.members.get(name)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A method or a property of which nothing more is known."""
        return Passing(f"{self.name}.{name}", self if self.fluent else None)


@dataclass(frozen=True, slots=True, eq=False)
class Passing(Model):
    """A method that runs what it is given; as a property it is data. It gives ``back``, or data."""

    label = "{self.name}"
    name: str
    back: Value | None = None

    def call(self, site: CallSite, run: Machine) -> Value:
        """Run the functions among the arguments."""
        run.overseen(self.name, site)
        run_functions(site, run)
        return self.back if self.back is not None else unknown(self.name, site)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A member of a property."""
        return Passing(f"{self.name}.{name}", self.back)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element is data."""
        return UnknownValue(f"element of {self.name}", place, inert=True)

    def iterate(self, run: Machine, place: Place) -> Value:
        """So is each in a loop."""
        return UnknownValue(f"element of {self.name}", place, inert=True)


@dataclass(frozen=True, slots=True, eq=False)
class Type(Model):
    """A class of the standard library or a library: its static members, and what ``new`` gives (data, where ``make`` is
    None)."""

    label = "{self.name}"
    name: str
    members: Mapping[str, Value] = field(default_factory=dict)
    make: Body | None = None

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A static member."""
        return self.members.get(name)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A static member of which nothing is known; a class inside of it."""
        return Passing(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """As a function it is its constructor."""
        return self.construct(site, run)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new``."""
        if self.make is not None:
            return self.make(site, run)
        run.overseen(self.name, site)
        run_functions(site, run)
        if any(has_code(value) for value in arguments(site)):
            for value in arguments(site):
                run.escape(value, site.place)
            return UnknownValue(f"a {self.name}", site.place)
        return Object(rest=UnknownValue(f"a member of {self.name}", site.place, inert=True))


_DATA = re.compile(
    r"(?:Results?|Response|Exception|Attribute|Dto|Details)$|^(?:Results|TypedResults)\."
    r"|^(?:Ok|Created|CreatedAtAction|CreatedAtRoute|NotFound|BadRequest|Json|Problem|StatusCode|Accepted|Conflict|View"
    r"|Content|File|Unauthorized|Forbid|NoContent|UnprocessableEntity|ValidationProblem|RedirectToAction|Page)$"
)
"""Names of what only holds data: responses, the results of ASP.NET Core and the methods that make them
(https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.mvc.controllerbase)."""


class UnseenType(Type):
    """A class or a namespace that nothing is known of: what stands in it is looked for by its whole name."""

    __slots__ = ()

    is_unseen = True

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What a name in the namespace means."""
        for around in ("", *_around(run)):
            whole = f"{around}{self.name}.{name}"
            if name[:1].isupper() and (found := run.qualified(whole, place, is_import=False)) is not None:
                return found
        return None

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A static member, or a class in it."""
        if name[:1].isupper() or is_namespace(run, f"{self.name}.{name}"):
            return UnseenType(f"{self.name}.{name}")
        return UnknownValue(f"{self.name}.{name}", place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of it: data, unless it holds code."""
        run.overseen(self.name, site)
        if _DATA.search(self.name):
            run_functions(site, run)
        elif any(has_code(value) for value in arguments(site)):
            for value in arguments(site):
                run.escape(value, site.place)
            return UnknownValue(f"a {self.name}", site.place)
        return Object(rest=UnknownValue(f"a member of {self.name}", site.place))

    def call(self, site: CallSite, run: Machine) -> Value:
        """A method of a base that is not seen, or of a class that is not."""
        run.overseen(self.name, site)
        if _DATA.search(self.name):
            run_functions(site, run)
        else:
            for value in arguments(site):
                run.escape(value, site.place)
        return UnknownValue(f"result of {self.name}()", site.place)


def is_namespace(run: Machine, name: str) -> bool:
    """Whether the program has a namespace of this name, or one in it."""
    unit = run.sources.unit(run.position.file) if run.position.file else None
    return unit is not None and unit.is_own(name, ".")


def _around(run: Machine) -> list[str]:
    """The namespaces around the running code, each with a dot."""
    module = run.sources.load(run.position.file) if run.position.file else None
    found = []
    for package in (module.package, *module.packages) if module is not None else ():
        parts = package.split(".") if package else []
        found += [".".join(parts[:length]) + "." for length in range(len(parts), 0, -1)]
    return found


method = Function
"""A static method."""
