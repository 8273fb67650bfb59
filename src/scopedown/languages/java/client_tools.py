"""What the SDK for Java has beside clients, version 2: waiters, presigned requests, tokens for databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.database_tokens import connect
from scopedown.calls.sdks.emitting import Target, find_operation, squeezed
from scopedown.calls.values import CallSite, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.java.emission import TargetBuilder, emitted, send
from scopedown.languages.java.natives import Function, bound, computed, given
from scopedown.languages.java.shapes import Shape, filled, request

SDK: Final = "java-v2"


class HasTarget(Native):
    """What speaks to a service: a client."""

    __slots__ = ()

    target: Target


@dataclass(frozen=True, slots=True, eq=False)
class WaiterClass(Native):
    """``S3Waiter``: it is made of a client, or with one of its own."""

    service: str
    is_async: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder().client(…).build()``."""
        if name == "create":
            return Function(name, lambda site, run: Waiter(Target(self.service, SDK), self.is_async))
        return Function(name, lambda site, run: _WaiterBuilder(self.service, self.is_async, run.position.conditional))

    def describe(self) -> str:
        """For messages."""
        return f"the waiter's class of {self.service}"


class _WaiterBuilder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name == "build":
            return bound(self, name, self._built)
        return Shape.attribute(self, name, run, place)

    def _built(self, site: CallSite, run: Machine) -> Value:
        held = self.fields.get("client")
        targets = [one.target for one in options(held) if isinstance(one, HasTarget)] if held is not None else []
        return join(*(Waiter(one, self.is_async) for one in targets or [Target(self.service, SDK)]))


@dataclass(frozen=True, slots=True, eq=False)
class Waiter(Native):
    """What asks an operation until it gives what is waited for."""

    target: Target
    is_async: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``waitUntilTableExists(request)``."""
        state = name.removeprefix("waitUntil")
        operation = run.catalog.waiter_operation(self.target.service, state) if state != name else None
        if operation is None:
            return computed(name)
        return bound(self, name, lambda site, run: self._wait(operation, site, run))

    def _wait(self, operation: Operation, site: CallSite, run: Machine) -> Value:
        alone = CallSite(site.positional[:1], {}, site.place, site.complete)
        return send(run, self.target, operation, alone, self.is_async)

    def describe(self) -> str:
        """For messages."""
        return f"a waiter of {self.target.service}"


@dataclass(frozen=True, slots=True, eq=False)
class PresignerClass(Native):
    """``S3Presigner``."""

    service: str

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``."""
        if name == "create":
            return Function(name, lambda site, run: self.call(site, run))
        return Function(name, lambda site, run: _PresignerBuilder(self.service, False, run.position.conditional))

    def call(self, site: CallSite, run: Machine) -> Value:
        """A presigner with all defaults."""
        return Presigner(Target(self.service, SDK))

    def describe(self) -> str:
        """For messages."""
        return f"the presigner's class of {self.service}"


class _PresignerBuilder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name == "build":
            return bound(self, name, lambda site, run: Presigner(self.target(SDK)))
        return Shape.attribute(self, name, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class Presigner(Native):
    """What signs requests for others to send, who then act with the signer's rights
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html)."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``presignPutObject(…)``: the request to sign is a member of its argument."""
        operation = find_operation(run, self.target.service, name.removeprefix("presign"))
        if operation is None or not name.startswith("presign"):
            return computed(name)
        return bound(self, name, lambda site, run: self._sign(operation, site, run))

    def _sign(self, operation: Operation, site: CallSite, run: Machine) -> Value:
        wanted = squeezed(operation.name) + "request"
        for option in options(filled(given(site, 0), run, site.place)):
            held: Value = UnknownValue("a request", site.place)
            if isinstance(option, Shape):
                named = [value for name, value in option.fields.items() if squeezed(name) == wanted]
                held = named[0] if named else held
            emitted(run, self.target, operation, request(held, run, site.place), site.place)
        return UnknownValue("a presigned request", site.place, inert=True)

    def service_of_client(self) -> str | None:
        """The service."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"a presigner of {self.target.service}"


@dataclass(frozen=True, slots=True, eq=False)
class UtilitiesClass(Native):
    """``RdsUtilities``."""

    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()…build()``."""
        return Function(name, lambda site, run: _UtilitiesBuilder(self.service, False, run.position.conditional))

    def describe(self) -> str:
        """For messages."""
        return f"the utilities of {self.service}"


class _UtilitiesBuilder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name == "build":
            return bound(self, name, lambda site, run: Utilities(self.target(SDK)))
        return Shape.attribute(self, name, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class Utilities(Native):
    """What a client has beside its operations; tokens for databases are worth a permission."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``generateAuthenticationToken(…)``, ``generateDbConnectAuthToken(…)``."""
        if name == "generateAuthenticationToken":
            return bound(self, name, self._rds)
        dsql = {"generateDbConnectAuthToken": "DbConnect", "generateDbConnectAdminAuthToken": "DbConnectAdmin"}.get(
            name
        )
        return computed(name) if dsql is None else bound(self, name, lambda site, run: self._dsql(dsql, site, run))

    def _rds(self, site: CallSite, run: Machine) -> Value:
        for option in options(filled(given(site, 0), run, site.place)):
            fields = option.fields if isinstance(option, Shape) else {}
            connect(run, fields, site.place, SDK, self.target.credentials)
        return UnknownValue("a database's token", site.place, inert=True)

    def _dsql(self, operation: str, site: CallSite, run: Machine) -> Value:
        for option in options(filled(given(site, 0), run, site.place)):
            fields = option.fields if isinstance(option, Shape) else {}
            host = fields.get("hostname") or UnknownValue("a cluster's host", site.place)
            run.emit("dsql", operation, {"Hostname": host}, site.place, SDK, self.target.credentials)
        return UnknownValue("a database's token", site.place, inert=True)

    def describe(self) -> str:
        """For messages."""
        return f"the utilities of {self.target.service}"
