"""Objects of SDKs by the rows of their tables: clients and what stands between a client and a call.

A language has a subclass of :class:`Sdk` for each of its SDKs: how arguments and results are written there. All else is
the same everywhere: an operation is found by the letters of its name, and a member that is none is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target, by_name, emit, find_operation, in_parts, parameters
from scopedown.calls.sdks.shapes.rows import UNKNOWN, Row, SdkTable
from scopedown.calls.sdks.unknown_names import named_operations, unknown_operation, unknown_service
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows

CLIENT: Final = "client"
Body = Callable[[CallSite, Machine], Value]


class Sdk:
    """One SDK: its name, as calls carry it, the rows of its table, and the services by the names of their packages.

    ``folder`` has both tables of the language; ``column`` is that of ``services.tsv`` which has these names.
    """

    clients = frozenset({CLIENT})
    """The kinds of objects that code which is not seen may use as a client."""
    settings_run = True
    """Whether a function that code gives a client as a setting may run."""

    def __init__(self, name: str, folder: Path, column: str) -> None:
        self.name = name
        self.folder = folder
        self.column = column

    @cached_property
    def table(self) -> SdkTable:
        """The rows of ``sdk.tsv``."""
        return SdkTable(self.folder / "sdk.tsv", self.name)

    @cached_property
    def services(self) -> Mapping[str, str]:
        """botocore's names of services; where two have one name, the first counts."""
        rows = [(row[self.column], row["service"]) for row in read_rows(self.folder / "services.tsv")]
        return dict(reversed([row for row in rows if row[0]]))

    def client(self, target: Target) -> ServiceObject:
        """A client."""
        return ServiceObject(self, target)

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """What the constructor of a class of clients gives."""
        raise NotImplementedError

    def static(self, cls: ServiceClass, name: str) -> Value:
        """A static member of a class of clients."""
        return self.quiet(f"{cls.service}.{name}")

    def inherited(self, cls: ServiceClass, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A member that a class of the analysed code inherits from a client's; None where there is none."""
        return Native.member(cls, owner, name, run, place)

    def quiet(self, name: str) -> Value:
        """A member that calls nothing."""
        raise NotImplementedError

    def opened(self, owner: ServiceObject, row: Row, site: CallSite, run: Machine) -> Value:
        """What a function or a static method gives that makes clients."""
        raise NotImplementedError

    def argument(self, site: CallSite, at: int) -> Value | None:
        """An argument by its position; None where there is none."""
        return site.positional[at] if at < len(site.positional) else None

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """The parameters of a call by the API's names, from the argument at a position; None where there are none."""
        raise NotImplementedError

    def taken(
        self, owner: ServiceObject, operation: Operation, takes: tuple[str, ...], site: CallSite, run: Machine
    ) -> Value:
        """The parameters of an operation among those that the arguments are, by a row."""
        found = self.named(owner, takes, site, run)
        return parameters(operation, {name: found[name] for name in found if name in operation.members})

    def named(self, owner: ServiceObject, takes: tuple[str, ...], site: CallSite, run: Machine) -> dict[str, Value]:
        """The parameters that the arguments are, by a row, with those of the object."""
        found = dict(owner.params.fields) if isinstance(owner.params, Object) else {}
        for at, written in enumerate(one for one in takes if one not in found):
            name = written.strip("*?")
            value = self.argument_named(site, at, name, run)
            unknown = UnknownValue(f"a {name.lower()}", site.place)
            if written.startswith("*"):
                for option in options(value) if value is not None else ():
                    found.update(option.fields if isinstance(option, Object) else {})
            elif written.endswith("*"):
                found.update({} if value is None else {"Prefix": value})
                found[name] = unknown if value in (None, NOTHING) else concatenate((value, unknown))
            elif written.endswith("?"):
                found[name] = unknown if value in (None, NOTHING) else value
            elif name != "-" and (value is not None or not site.complete):
                found[name] = value or UnknownValue(f"parameter {name}", site.place)
        return found

    def argument_named(self, site: CallSite, at: int, name: str, run: Machine) -> Value | None:
        """An argument that is a parameter, by its position or the name that it may have."""
        return self.argument(site, at)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """What code gets for a call of ``owner.operation``: ``found`` is its result, ``row.gives`` says how."""
        return found

    def hands(self, made: ServiceObject, site: CallSite) -> Value:
        """What code gets where an object is made."""
        return made

    def emit(
        self, owner: ServiceObject, operation: Operation, params: Value | None, place: Place, run: Machine
    ) -> Value:
        """Record a call; gives the operation's result."""
        return emit(run, owner.target, operation, params, place)

    def find(self, service: str, name: str, run: Machine) -> Operation | None:
        """The operation that a method's name means."""
        return find_operation(run, service, name)

    def method(self, name: str, body: Body, owner: Native | None = None, calls: bool = False) -> Native:
        """A function, which is a method of ``owner`` where there is one; ``calls``: it is an operation."""
        return Function(name, body, owner)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """A member that no row says; None where there is none of the name."""
        return None

    def missing(self, owner: ServiceObject, name: str, run: Machine, place: Place) -> Value:
        """A member that neither a row nor an operation is named by: calling it is noted of a client."""
        service = owner.target.service
        if owner.kind != CLIENT:
            return UnknownValue(f"{owner.describe()}.{name}", place)
        return self.method(f"{service}.{name}", unknown_operation(service, name))


@dataclass(frozen=True, slots=True, eq=False)
class ServiceObject(Native):
    """An object that speaks to a service: a client, or what one of the rows makes.

    ``operation`` and ``params`` are those of a call that it was made for; ``through`` is an object of the analysed code
    that stands for the client.
    """

    label = "{self.target.service} {self.kind}"
    sdk: Sdk
    target: Target
    kind: str = CLIENT
    operation: Operation | None = None
    params: Value | None = None
    through: Value | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member."""
        found = self.known(name, run)
        return self.sdk.missing(self, name, run, place) if found is None else found

    def known_member(self, name: str, run: Machine, place: Place) -> Value | None:
        """What a class of the analysed code has whose objects are this one."""
        return self.known(name, run)

    def known(self, name: str, run: Machine, quiet: bool = True) -> Value | None:
        """A member that calls something or, where ``quiet``, that surely calls nothing; None where there is none."""
        if (special := self.sdk.special(self, name, run)) is not None:
            return special
        for row, text in self.sdk.table.found(self.kind, self.target.service, name):
            if row.does == "part":
                return replace(self, kind=row.gives)
            if row.does == "nothing":
                return self.sdk.quiet(f"{self.target.service}.{name}") if quiet else None
            if (body := self._body(row, text, run)) is not None:
                return self.sdk.method(f"{self.target.service}.{name}", body, self, row.operation == "*")
        return None

    def _body(self, row: Row, text: str, run: Machine) -> Body | None:
        """What a row does when the member is called; None where it is the member of no operation."""
        if row.does == "self":
            return lambda site, run: self
        if row.does == "bind":
            return lambda site, run: self.binding(row.operation, self._argument(row, site), row.gives)
        if row.does == "read":
            return lambda site, run: self.parameter(row.operation) or UnknownValue(row.operation, site.place)
        if row.does == "make" and not row.operation:
            return lambda site, run: replace(self, kind=row.gives)
        if row.does == "new":
            return lambda site, run: self.sdk.opened(self, row, site, run)
        if row.does == "send":
            return lambda site, run: self._sent(row, site, run)
        if row.operation == "$0":
            return lambda site, run: self._done(row, self._named(row, site, run), site, run)
        if row.operation == "*" or row.waits:
            operations = [self.find(text if row.operation == "*" else row.operation, row.waits, run)]
        else:
            operations = [self._operation(name, run) for name in row.operation.split()]
        found = [one for one in operations if one is not None]
        return (lambda site, run: self._done(row, found, site, run)) if found else None

    def _operation(self, name: str, run: Machine) -> Operation | None:
        other, _, plain = name.rpartition(":")
        return self.operation if name == "@" else run.catalog.operation(other or self.target.service, plain)

    def find(self, name: str, waits: bool, run: Machine) -> Operation | None:
        """The operation that a name means, or that the waiter of the name asks."""
        if waits:
            found = run.catalog.waiter_operation(self.target.service, name)
            return found or run.catalog.waiter_operation(self.target.service, name[:1].upper() + name[1:])
        return self.sdk.find(self.target.service, name, run)

    def _named(self, row: Row, site: CallSite, run: Machine) -> list[Operation]:
        """The operations that the first argument names."""
        does = _COMPUTED.get(row.gives, _WAITING if row.waits else _CALLING)
        named = self.sdk.argument(site, 0)
        service, elsewhere = self.target.service, self.target.elsewhere
        return named_operations(
            run, service, named, lambda name: self.find(name, row.waits, run), does, site, elsewhere
        )

    def _done(self, row: Row, operations: list[Operation], site: CallSite, run: Machine) -> Value:
        found: list[Value] = []
        speaker = replace(self, target=in_parts(self.target)) if row.in_parts else self
        for operation in operations:
            params: Value | None = UnknownValue("a request", site.place)
            if row.takes:
                params = self.sdk.taken(self, operation, row.takes, site, run)
            elif row.request is None:
                params = self.own(operation)
            elif row.request != UNKNOWN:
                params = self.sdk.request(self, operation, site, row.request, run)
            if row.does == "make":
                made = replace(self, kind=row.gives, operation=operation, params=params)
                found.append(self.sdk.hands(made, site))
            else:
                result = self.sdk.emit(speaker, operation, params, site.place, run)
                found.append(self.sdk.gives(replace(self, operation=operation), row, result, site, run))
        if found or row.does == "make":
            return join(*found) if found else UnknownValue(f"result of {self.describe()}", site.place, inert=True)
        unknown = UnknownValue(f"result of {self.target.service}", site.place)
        return self.sdk.gives(replace(self, operation=None), row, unknown, site, run)

    def _argument(self, row: Row, site: CallSite) -> Value:
        found = self.sdk.argument(site, row.request or 0)
        return UnknownValue("an argument", site.place) if found is None else found

    def binding(self, name: str, value: Value, kind: str = "") -> ServiceObject:
        """The same, or an object of another kind, whose calls have a parameter."""
        held = self.params.fields if isinstance(self.params, Object) else {}
        return replace(self, kind=kind or self.kind, params=Object({**held, name: value}))

    def parameter(self, name: str) -> Value | None:
        """A parameter of its calls."""
        return self.params.fields.get(name) if isinstance(self.params, Object) else None

    def own(self, operation: Operation) -> Value | None:
        """Its parameters as an operation takes them: one on several tables has a map by their names."""
        table = self.parameter("TableName")
        many = table is not None and "RequestItems" in operation.members
        return Object({"RequestItems": by_name(table)}) if many and table is not None else self.params

    def _sent(self, row: Row, site: CallSite, run: Machine) -> Value:
        """The object's own call, or those of the commands at a position, alone or in lists."""
        given = self if row.request is None else self.sdk.argument(site, row.request)
        return self.sdk.gives(self, row, sent(given, site.place, run), site, run)

    def send(self, run: Machine, place: Place) -> Value:
        """The call that it was made for; gives the operation's result."""
        if self.operation is None:
            return UnknownValue("a result", place, inert=True)
        return self.sdk.emit(self, self.operation, self.params, place, run)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A member of a request that is not sent yet is one of its parameters; settings are not followed."""
        if self.params is None and self.sdk.settings_run:
            Native.assign(self, name, value, run, place)
        for option in options(self.params) if self.params is not None else ():
            if isinstance(option, Object):
                option.fields[name.removeprefix("$")] = value

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service if self.kind in self.sdk.clients else None

    def unsent(self) -> tuple[str, str] | None:
        """The call that it was made for."""
        return None if self.operation is None else (self.target.service, self.operation.name)


_CALLING: Final = "calls an operation whose name is computed"
_WAITING: Final = "waits for a state whose name is computed"
_COMPUTED: Final = {
    **dict.fromkeys(("pages", "paginator"), "makes a paginator whose name is computed"),
    "waiter": "makes a waiter whose name is computed",
    "url": "signs a request whose operation is computed",
}
"""What a message says of a client that is given the name of an operation which is not known."""


def sent(value: Value | None, place: Place, run: Machine) -> Value:
    """Commands that are sent, one or those of a list; gives the operations' results."""
    found: list[Value] = []
    for option in options(value) if value is not None else ():
        if isinstance(option, ServiceObject) and option.operation is not None:
            found.append(option.send(run, place))
        elif isinstance(option, Sequence | Object):
            found += [sent(one, place, run) for one in option.held()]
    return join(*found) if found else UnknownValue("a result", place, inert=True)


_SIGNED: Final = {"PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject"}
"""What a signed address of an object of S3 allows by its method, a GET if none is given
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html)."""


def signed_operations(owner: ServiceObject, method: Value | None, place: Place, run: Machine) -> list[Operation]:
    """The operations of S3 that addresses allow which are signed for a method of HTTP."""
    found: list[Operation | None] = []
    for option in options(method) if method is not None else (Const("GET"),):
        if not isinstance(option, Const) and not owner.target.elsewhere:
            on_service(run, "s3", "signs a request whose method is computed", place)
        name = str(option.value) if isinstance(option, Const) else ""
        found.append(run.catalog.operation("s3", _SIGNED.get(name, "GetObject")))
    return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True, eq=False)
class Method(Function):
    """An operation of a client as a value: code that is not seen and that has it has the client."""

    def service_of_client(self) -> str | None:
        """The client's."""
        return self.receiver.service_of_client() if isinstance(self.receiver, Native) else None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceClass(Native):
    """A class of clients of a service."""

    label = "the {self.service} {self.kind}"
    sdk: Sdk
    service: str
    kind: str = CLIENT

    @property
    def names_a_client(self) -> bool:  # type: ignore[override]
        """As a type it means an object of the class."""
        return self.kind in self.sdk.clients

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        return self.sdk.made(self, site, run)

    def call(self, site: CallSite, run: Machine) -> Value:
        """As a type it means a client."""
        return self.construct(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static member."""
        return self.sdk.static(self, name)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class of the analysed code inherits."""
        return self.sdk.inherited(self, owner, name, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class Class(Native):
    """A class that makes one thing, also by its static members of some names; other members call nothing."""

    label = "{self.name}"
    sdk: Sdk
    name: str
    make: Body
    makers: tuple[str, ...] = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """What it makes."""
        return self.make(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static member."""
        return self.sdk.method(name, self.make) if name in self.makers else self.sdk.quiet(f"{self.name}.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class UnknownClass(Native):
    """A class of clients of a service that the AWS data does not know: making a client is noted."""

    label = "{self.name}"
    name: str

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client of it."""
        return unknown_service(self.name)(site, run)


@dataclass(frozen=True, slots=True, eq=False)
class Methods(Native):
    """An object with a few methods; those that it does not have call nothing. ``target``: whom it speaks to."""

    label = "{self.name}"
    sdk: Sdk
    name: str
    methods: Mapping[str, Body]
    target: Target | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""
        body = self.methods.get(name)
        return self.sdk.quiet(f"{self.name}.{name}") if body is None else self.sdk.method(name, body, self)

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return None if self.target is None else self.target.service
