"""What the two JavaScript SDKs share: clients, whose credentials they have, callbacks, and operations by their names.

What the members of clients call is in ``sdk.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import (
    Target,
)
from scopedown.calls.sdks.shapes import credentials as credentials_shape
from scopedown.calls.sdks.shapes.objects import CLIENT, Body, Sdk, ServiceClass, ServiceObject
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import (
    CallSite,
    FunctionValue,
    Object,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    Callback,
    Function,
    JavaScriptNative,
    Quiet,
    error,
    function,
    given,
    silent,
    universal,
)


def target_of(service: str, sdk: str, site_options: Value | None, run: Machine, place: Place) -> Target:
    """A client's target from its constructor's options."""
    fields = site_options.fields if isinstance(site_options, Object) else {}
    endpoint = credentials_shape.address_of(fields.get("endpoint"))
    owner = credentials_shape.credentials_of(site_options, run, place)
    target = credentials_shape.target(service, sdk, owner, endpoint, fields.get("region"))
    return replace(target, bound=fields.get("params"))


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint(JavaScriptNative):
    """``new AWS.Endpoint(address)``."""

    label = "an endpoint"
    ignores_assignments = True
    address: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``host`` and its like."""
        whole = name in ("host", "hostname", "href")
        return self.address if whole else UnknownValue("a part of an endpoint", place, inert=True)


def is_function(value: Value | None) -> bool:
    """Whether an argument is a callback."""
    return isinstance(value, FunctionValue | Function)


def call_back(callback: Value | None, value: Value, run: Machine, place: Place) -> None:
    """Call a Node style callback: an error or nothing, and the result."""
    if callback is not None and given(callback) and (is_function(callback) or not isinstance(callback, Native)):
        run.call(callback, (error(place), value), place)


def find_operation(run: Machine, service: str, name: str) -> Operation | None:
    """The operation of a JavaScript method or command: its own name, its first letter small in methods.

    aws-sdk v2 keeps API versions in a few names that botocore drops (``createDistribution2020_05_31``).
    """
    if not name or not name[0].isalpha():
        return None
    upper = name[0].upper() + name[1:]
    found = run.catalog.operation(service, upper)
    if found is None and upper[-1].isdigit() and len(upper) > 10 and upper[-3] == "_":
        found = run.catalog.operation(service, upper[:-10])
    return found


class JavaScriptSdk(Sdk):
    """A version of the SDK for JavaScript."""

    clients = frozenset({CLIENT, "aggregated", "documents"})
    settings_run = False

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """A client for each alternative of the options."""
        given_options = site.argument(0)
        alternatives = options(given_options) if given_options is not None else (NOTHING,)
        targets = [self.target_of(cls, alternative, run, site.place) for alternative in alternatives]
        return join(*(ServiceObject(self, target, cls.kind) for target in targets))

    def target_of(self, cls: ServiceClass, given_options: Value, run: Machine, place: Place) -> Target:
        """Whom a client speaks to that is made with some options."""
        return target_of(cls.service, self.name, given_options, run, place)

    def find(self, service: str, name: str, run: Machine) -> Operation | None:
        """``putObject``."""
        return find_operation(run, service, name)

    def quiet(self, name: str) -> Value:
        """Settings are looked at; a request that is not signed needs no right."""
        last = name.rpartition(".")[2]
        return silent(last) if last in ("destroy", "makeUnauthenticatedRequest") else Quiet(name)

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """The parameters; none where a callback stands there. A waiter's own settings are no parameters."""
        value = site.argument(at)
        if value is None:
            return None if site.complete else UnknownValue("parameter")
        if isinstance(value, Object) and "$waiter" in value.fields:
            return Object({name: one for name, one in value.fields.items() if name != "$waiter"}, value.rest)
        return None if is_function(value) else value

    def method(self, name: str, body: Body, owner: Native | None = None, calls: bool = False) -> Native:
        """A method that code may call which is not seen."""
        return Callback(name, body, owner)

    def missing(self, owner: ServiceObject, name: str, run: Machine, place: Place) -> Value:
        """What every value has; a method that the data does not know."""
        if self.is_operation(owner, name):
            return function(f"{owner.target.service}.{name}", unknown_operation(owner.target.service, name))
        found = universal(owner, name) or stored.get(run, name)
        return found if found is not None else UnknownValue(f"{owner.target.service}.{name}", place)

    def is_operation(self, owner: ServiceObject, name: str) -> bool:
        """Whether a member that is not known can be nothing but an operation."""
        raise NotImplementedError


def document_operations(sdk: Sdk) -> Mapping[str, str]:
    """The operations of DynamoDB by the methods of the client of documents."""
    return sdk.table.operations("documents")
