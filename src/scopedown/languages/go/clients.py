"""What the clients of both versions of the SDK share: the structures of requests, and emitting a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks import emitting
from scopedown.calls.sdks.emitting import NOTHING, Target
from scopedown.calls.sdks.shapes.objects import CLIENT, Sdk, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.values import CallSite, Const, Instance, Object, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.natives import Results, Thing, data, error, first, results, with_error


@dataclass(frozen=True, slots=True, eq=False)
class Structure(Native):
    """A structure of the SDK: the type of a request, of a part of one, of a result. ``service``: whose, of which
    ``make`` makes a client."""

    name: str
    service: str = ""
    sdk: str = ""
    make: Callable[[Target], Native] | None = None

    label = "{self.name}"

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


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(Native):
    """The type of a service's clients, and the interfaces that they have."""

    target: Target
    make: Callable[[Target], Native]

    label = "the client of {self.target.service}"
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
            named = emitting.parameters(
                operation, {name: without_nothing(value) for name, value in params.fields.items()}
            )
            return Object(named.fields, params.rest, symbolic=params.symbolic)
        case Instance():
            return emitting.parameters(
                operation, {name: without_nothing(value) for name, value in params.fields.items()}
            )
        case _:
            return params


def without_nothing(value: Value) -> Value:
    """A value without the choice of nothing."""
    some = [one for one in options(value) if not (isinstance(one, Const) and one.value in (None, ""))]
    return join(*some) if some else value


def argument(site: CallSite, index: int) -> Value:
    """An argument; one that may follow is not known, one that is missing is nothing."""
    if index < len(site.positional):
        return site.positional[index]
    return NOTHING if site.complete else UnknownValue("a request", site.place)


class GoSdk(Sdk):
    """A version of the SDK; ``root`` is what its packages' names begin with."""

    clients = frozenset({CLIENT, "presigner", "transfers"})
    settings_run = False

    def __init__(self, name: str, root: str, column: str) -> None:
        super().__init__(name, Path(__file__).parent, column)
        self.root = root

    @cached_property
    def services(self) -> Mapping[str, str]:
        """Those that version 1 names otherwise are in its column; the others are named as in version 2."""
        newer = Sdk(self.name, Path(__file__).parent, "v2").services
        own = Sdk(self.name, Path(__file__).parent, self.column).services
        return {**newer, **own}

    def opened(self, owner: ServiceObject, row: Row, site: CallSite, run: Machine) -> Value:
        """``dynamodb.New(session, configuration…)``, ``s3.NewFromConfig(cfg, func(o *s3.Options) {…})``,
        ``s3.NewPresignClient(client)``."""
        service = owner.target.service
        if row.gives != CLIENT:
            return join(
                *(replace(owner, kind=row.gives, target=one) for one, _ in target_in(first(site), service, self.name))
            )
        functions = site.positional[1:] if self is V2 else ()
        made = [
            config.merged(one) for one in config.alternatives(site.positional[:1] if self is V2 else site.positional)
        ]
        held = [config.optioned(run, one, functions, site.place) for one in made]
        return join(*(self.client(config.target(service, self.name, one)) for one in held))

    def quiet(self, name: str) -> Value:
        """A part of a client that calls nothing."""
        return Thing(name)

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """A structure."""
        return argument(site, at)

    def emit(
        self, owner: ServiceObject, operation: Operation, params: Value | None, place: Place, run: Machine
    ) -> Value:
        """A call at once, or through the object of the code that stands for the client."""
        return through(run, owner.through, owner.target, operation, params, place)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """The result and an error; pages are handed to a function, each with whether it is the last."""
        match row.gives:
            case "error":
                return error(site.place)
            case "url":
                return with_error(data("Presign", site.place), site.place)
            case "url and headers":
                return results(data("Presign", site.place), data("Presign", site.place), error(site.place))
            case "object":
                return with_error(Object({}, data("a request", site.place)), site.place)
            case "pages":
                at = (row.request or 0) + 1
                if at < len(site.positional):
                    last = UnknownValue("whether it is the last page", site.place, inert=True)
                    run.call_value(site.positional[at], CallSite((found, last), {}, site.place))
                return error(site.place)
            case _:
                return found if isinstance(found, Results) else with_error(found, site.place)

    def hands(self, made: ServiceObject, site: CallSite) -> Value:
        """A request with its result, which is filled when it is sent; a paginator and a waiter of a client."""
        if made.kind == "request" and made.operation is not None:
            return results(made, Object({}, data(made.operation.name, site.place)))
        clients = target_in(first(site), made.target.service, self.name)
        return join(*(replace(made, target=target, through=through) for target, through in clients))


V1: Final = GoSdk("go-v1", "github.com/aws/aws-sdk-go/", "v1")
V2: Final = GoSdk("go-v2", "github.com/aws/aws-sdk-go-v2/", "v2")


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
    run: Machine, owner: Value | None, target: Target, operation: Operation, params: Value | None, place: Place
) -> Value:
    """A call by a helper of the SDK: through the object of the code that stands for a client, else at once."""
    if owner is None:
        return emit(run, target, operation, params, place)
    method = run.attribute(owner, operation.name, place)
    return run.call_value(method, CallSite((data("context", place), params or NOTHING), {}, place, complete=False))
