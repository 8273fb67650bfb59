"""What the clients of both versions of the SDK share: the structures of requests, and emitting a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks import emitting
from scopedown.calls.sdks.emitting import NOTHING, Target
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Instance, Object, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.go.natives import Callback, Function, Results, Thing, data, first, with_error


@dataclass(frozen=True, slots=True, eq=False)
class Structure(Native):
    """A structure of the SDK: the type of a request, of a part of one, of a result. ``service``: whose, of which
    ``make`` makes a client."""

    name: str
    service: str = ""
    sdk: str = ""
    make: Callable[[Target], Native] | None = None

    def client(self) -> Value | None:
        """A client of its service."""
        return self.make(Target(self.service, self.sdk)) if self.make is not None else None

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An empty one."""
        return Object(born=run.position.conditional)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A conversion."""
        return first(site)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """With its types."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of an enumeration's value (``Values``)."""
        return Thing(f"{self.name}.{name}")

    def describe(self) -> str:
        """Its name."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(Native):
    """The type of a service's clients, and the interfaces that they have."""

    target: Target
    make: Callable[[Target], Native]

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client of this type; a conversion gives the value."""
        return site.positional[0] if site.positional else self.make(self.target)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A variable that holds no client yet."""
        return NOTHING

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method that an interface of the code has from this one."""
        return None

    def describe(self) -> str:
        """How a message names it."""
        return f"the client of {self.target.service}"


def emit(run: Machine, target: Target, operation: Operation, params: Value | None, place: Place) -> Value:
    """Record a call for each alternative of its request; gives the result."""
    found = [
        emitting.emit(run, target, operation, prepared(operation, option), place)
        for option in options(params if params is not None else NOTHING)
    ]
    return join(*found)


def prepared(operation: Operation, params: Value) -> Value:
    """A request by the API's names. A name that may be empty is one that was not set yet: no call has it."""
    match params:
        case Object():
            named = emitting.parameters(operation, {name: _set(value) for name, value in params.fields.items()})
            return Object(named.fields, params.rest, symbolic=params.symbolic)
        case Instance():
            return emitting.parameters(operation, {name: _set(value) for name, value in params.fields.items()})
        case _:
            return params


def _set(value: Value) -> Value:
    """A value without the choice of nothing."""
    some = [one for one in options(value) if not (isinstance(one, Const) and one.value in (None, ""))]
    return join(*some) if some else value


def argument(site: CallSite, index: int) -> Value:
    """An argument; one that may follow is not known, one that is missing is nothing."""
    if index < len(site.positional):
        return site.positional[index]
    return NOTHING if site.complete else UnknownValue("a request", site.place)


def sending(client: Value, target: Target, operation: Operation, index: int) -> Callback:
    """A method that sends a request, which is the argument at ``index``."""

    def body(site: CallSite, run: Machine) -> Results:
        return with_error(emit(run, target, operation, argument(site, index), site.place), site.place)

    return Callback(f"{target.service}.{operation.name}", body, client)


def unknown_method(service: str, name: str) -> Value:
    """A method of a client that is none of its operations."""
    return Function(f"{service}.{name}", unknown_operation(service, name))


def target_in(value: Value | None, service: str, sdk: str) -> list[tuple[Target, Value | None]]:
    """Whom the client speaks to that a paginator, a waiter or a manager is given: for each alternative the target, or
    the object of the code that stands for a client."""
    found: list[tuple[Target, Value | None]] = []
    for option in options(value) if value is not None else ():
        held = getattr(option, "target", None)
        if isinstance(held, Target) and held.service == service:
            found.append((held, None))
        elif isinstance(option, Instance):
            found.append((Target(service, sdk), option))
        elif not (isinstance(option, Const) and option.value is None):
            found.append((Target(service, sdk), None))
    return found or [(Target(service, sdk), None)]


def through(
    run: Machine, owner: Value | None, target: Target, operation: Operation, params: Value, place: Place
) -> Value:
    """A call by a helper of the SDK: through the object of the code that stands for a client, else at once."""
    if owner is not None:
        method = run.attribute(owner, operation.name, place)
        return run.call_value(method, CallSite((data("context", place), params), {}, place, complete=False))
    return with_error(emit(run, target, operation, params, place), place)
