"""boto3's low-level clients: how arguments are written, whose credentials there are, and what some results tell.

A method's arguments are the API's parameters by name; ``sdk.tsv`` says what the methods call. Transfers need the
permissions of the operations that they make: an upload ``PutObject``, a download ``HeadObject`` and ``GetObject``, a
managed copy ``HeadObject`` of its source and ``CopyObject`` (s3transfer 0.10 ``copies.py``). A presigned request is
authorised with the signer's permissions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html). Facts without a source of their own
are from boto3's and botocore's documentation (https://boto3.amazonaws.com/v1/documentation/api/latest/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.dispatch import on_client
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, arguments, record
from scopedown.calls.sdks.results import named_result
from scopedown.calls.sdks.shapes import objects
from scopedown.calls.sdks.shapes.objects import CLIENT, Body, Sdk, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function, Library, silent

SDK: Final = "boto3"
_CONFIGURATION = ("PaginationConfig", "WaiterConfig")
"""Keywords of paginators and waiters that are no API parameters."""
_NO_OPERATIONS = frozenset({"waiter_names"})
"""Other members of every client (botocore/client.py)."""
_NAMES = (("operation_name", "waiter_name", "ClientMethod"), ("api_params", "Params"))
"""How the first arguments are named of methods that take an operation's name and its parameters."""
_COPY = ("CopySource", "Bucket", "Key", "*ExtraArgs", "-", "SourceClient")
_SETTINGS = ("region_name", "endpoint_url", "partition", "service_name")
_RESULTS: Final = {
    "url": "a presigned URL",
    "form": "a presigned form",
    "token": "a database's token",
}


class Boto3(Sdk):
    """boto3 and botocore."""

    clients = frozenset({CLIENT, "paginator", "object"})
    settings_run = False

    def find(self, service: str, name: str, run: Machine) -> Operation | None:
        """``put_item``."""
        return run.catalog.operation_of_method(service, name)

    def quiet(self, name: str) -> Value:
        """A method that calls nothing; the classes of errors."""
        return Library(name) if name.endswith(".exceptions") else silent(name)

    def argument(self, site: CallSite, at: int) -> Value | None:
        """An operation's name, or its parameters."""
        return site.argument(at, *_NAMES[at])

    def argument_named(self, site: CallSite, at: int, name: str, run: Machine) -> Value | None:
        """``S3Transfer``'s own methods name their parameters ``bucket``, ``key``, ``extra_args``."""
        return site.argument(at, name, "extra_args" if name == "ExtraArgs" else name.lower())

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """Keywords; of a presigned request, an argument."""
        if at == 0:
            return _request(parameters(operation, site))
        found: dict[str, Value] = {}
        for option in options(self.argument(site, at) or NOTHING):
            found.update(option.fields if isinstance(option, Object) else {})
        return Object(_with_required(operation, found, site.place))

    def emit(
        self, owner: ServiceObject, operation: Operation, params: Value | None, place: Place, run: Machine
    ) -> Value:
        """A call; some of its result follows from its arguments."""
        given = arguments(operation, params or NOTHING, {})
        record(run, replace(owner.target, service=operation.service), operation.name, given, place)
        return result(operation.service, operation.name, given, place)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """The result, pages of it, or what stands for a request that is signed."""
        match row.gives:
            case "nothing":
                return NOTHING
            case "pages" if owner.operation is not None:
                return Pages(f"result of {owner.target.service}.{owner.operation.name}")
            case "future":
                return Library("s3transfer.futures")
            case _:
                return UnknownValue(_RESULTS[row.gives], site.place) if row.gives in _RESULTS else found

    def hands(self, made: ServiceObject, site: CallSite) -> Value:
        """A waiter, or a paginator of an operation that has pages."""
        has_pages = made.kind != "paginator" or (made.operation is not None and made.operation.paginated)
        return made if has_pages else UnknownValue("a paginator", site.place)

    def method(self, name: str, body: Body, owner: Native | None = None, calls: bool = False) -> Native:
        """``client.put_item``."""
        return Method(name, body, owner) if calls else Function(name, body, owner)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """Copies between buckets, and what every method of a client calls."""
        if name == "copy" and owner.target.service == "s3" and owner.kind in (CLIENT, "object", "transfer"):
            return Function(name, lambda site, run: self._copy(owner, site, run), owner)
        if name == "_make_api_call" and owner.kind == CLIENT:
            return Function(name, lambda site, run: self._api_call(owner, site, run), owner)
        return None

    def missing(self, owner: ServiceObject, name: str, run: Machine, place: Place) -> Value:
        """A method of a client that is no operation; a setting."""
        service = owner.target.service
        if owner.kind == "meta":
            data = UnknownValue(f"the client's {name.replace('_', ' ')}", place)
            return data if name in _SETTINGS else Library(f"meta.{name}")
        if owner.kind == "transfer":
            return Library(f"s3transfer.{name}")
        if owner.kind != CLIENT:
            return UnknownValue(f"{owner.kind}.{name}", place)
        if name.startswith("_") or name in _NO_OPERATIONS or owner.target.elsewhere:
            return UnknownValue(f"{service}.{name}", place)
        return Function(f"{service}.{name}", unknown_operation(service, name))

    def _copy(self, owner: ServiceObject, site: CallSite, run: Machine) -> Value:
        """``copy(CopySource, Bucket, Key, ExtraArgs, Callback, SourceClient)``."""
        given = self.named(owner, _COPY, site, run)
        place, source, reader = site.place, given.get("CopySource"), given.pop("SourceClient", None)
        reading = reader.target if isinstance(reader, ServiceObject) else owner.target
        for option in options(source or UnknownValue("parameter CopySource", place)):
            fields = option.fields if isinstance(option, Object) else {}
            unknown = UnknownValue("the source of a copy", place)
            record(run, reading, "HeadObject", {one: fields.get(one, unknown) for one in ("Bucket", "Key")}, place)
        named = {name: value for name, value in given.items() if name != "CopySource"}
        record(run, owner.target, "CopyObject", {**named, "CopySource": source} if source else named, place)
        return Library("s3transfer.futures") if owner.kind == "transfer" else NOTHING

    def _api_call(self, owner: ServiceObject, site: CallSite, run: Machine) -> Value:
        """``client._make_api_call("SendMessage", {…})`` (botocore/client.py)."""
        named, given = self.argument(site, 0), self.argument(site, 1)
        found: list[Value] = []
        for option in options(named or NOTHING):
            name = option.value if isinstance(option, Const) and isinstance(option.value, str) else None
            operation = run.catalog.operation(owner.target.service, name) if name is not None else None
            if operation is None:
                on_client(run, owner, "calls an operation whose name is computed", site.place)
                found.append(UnknownValue(f"result of {owner.target.service}", site.place))
                continue
            fields = dict(given.fields) if isinstance(given, Object) else {}
            complete = isinstance(given, Object) and given.rest is None
            params = _request(parameters(operation, CallSite((), fields, site.place, complete)))
            found.append(self.emit(owner, operation, params, site.place, run))
        return join(*found)


BOTO3: Final = Boto3(SDK, Path(__file__).parent, "")


class Method(objects.Method):
    """``client.put_item``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``__name__`` and its like."""
        return Const(self.name.rpartition(".")[2]) if name == "__name__" else UnknownValue(name, place)


@dataclass(frozen=True, slots=True, eq=False)
class Pages(Native):
    """What ``paginate`` gives: results, one after another."""

    reason: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``search`` and ``build_full_result`` give what was read; nothing else calls."""
        if name == "search":
            return Function(name, lambda site, run: Sequence([], UnknownValue(self.reason, place)))
        if name == "result_key_iters":
            return Function(name, lambda site, run: Sequence([], Sequence([], UnknownValue(self.reason, place))))
        return Function(name, lambda site, run: UnknownValue(self.reason, place))

    def iterate(self, run: Machine, place: Place) -> Value:
        """A page."""
        return UnknownValue(self.reason, place)


def parameters(operation: Operation, site: CallSite) -> dict[str, Value]:
    """The API parameters of a call. Where unknown ``**arguments`` may follow, the required ones are there, unknown."""
    given = {name: value for name, value in site.keywords.items() if name not in _CONFIGURATION}
    if not site.complete:
        given = {**_with_required(operation, given, site.place), "*": UnknownValue("further arguments", site.place)}
    return given


def _with_required(operation: Operation, given: Mapping[str, Value], place: Place) -> dict[str, Value]:
    lacking = [name for name in operation.required if name not in given]
    return {**given, **{name: UnknownValue(f"parameter {name}", place) for name in lacking}}


def _request(given: dict[str, Value]) -> Value:
    return Object(given, given.pop("*", None))


# results


def result(service: str, operation: str, given: Mapping[str, Value], place: Place) -> Value:
    """What a call gives back: unknown, but for names and credentials that follow from the arguments."""
    reason = UnknownValue(f"result of {service}.{operation}", place, inert=True)
    match service, operation:
        case "sts", "AssumeRole" | "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity":
            return OtherCredentials(given.get("RoleArn") or UnknownValue("a role", place))
        case "sts", "GetFederationToken":
            return OtherCredentials(UnknownValue("credentials of a federated user", place))
        case "cognito-identity", "GetCredentialsForIdentity":
            return OtherCredentials(UnknownValue("the role of a Cognito identity", place))
        case _:
            named = named_result(service, operation, given)
            return Object(named, reason) if named else reason


# credentials


class OtherCredentials(RoleCredentials):
    """Credentials of another role, or any part of the response that carries them."""

    __slots__ = ()
    label = "credentials of another role"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``["Credentials"]["AccessKeyId"]``, ``.get("Credentials")``."""
        return Function(name, lambda site, run: self) if name == "get" else self


class OwnCredentials(Native):
    """``session.get_credentials()``: the function's own."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Any part of them."""
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """``get_frozen_credentials()``."""
        return self
