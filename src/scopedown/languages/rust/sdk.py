"""AWS SDK for Rust.

Sources: https://docs.rs/aws-config, https://docs.rs/aws-sdk-s3.

``aws_sdk_dynamodb::Client`` is a client of the service that ``services.tsv`` has for the crate's name; its methods are
the operations. What else a service's crate has are structures with builders, enumerations, and errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, find_operation
from scopedown.calls.sdks.unknown_names import unknown_operation, unknown_service
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.rust.configuration import (
    SDK,
    Configuration,
    assumed,
    configuration,
    credentials,
    keys_builder,
)
from scopedown.languages.rust.natives import Function, Item, RustNative, first, function, gives_first, settled
from scopedown.languages.rust.requests import Builder

LANGUAGE = "rust"
PACKAGES = ("aws_config", "aws_types", "aws_credential_types")
PREFIXES = ("aws_sdk_", "aws_smithy_")

_CRATE: Final = "aws_sdk_"
_SETTINGS: Final = frozenset({"Builder", "Config", "SdkConfig", "ConfigLoader"})


@cache
def services() -> Mapping[str, str]:
    """botocore's names of the services by the crates' names without ``aws_sdk_``."""
    return {row["crate"]: row["service"] for row in read_rows(Path(__file__).with_name("services.tsv"))}


def module(name: str) -> Value | None:
    """What a path into the SDK means."""
    parts = name.split(".")
    crate, inside = parts[0], tuple(parts[1:])
    if crate.startswith(_CRATE):
        return _of_service(crate.removeprefix(_CRATE), inside)
    return _of_settings(inside) or Item("::".join(parts))


def _of_settings(inside: tuple[str, ...]) -> Value | None:
    """What ``aws_config`` and the crates under it have."""
    name = inside[-1] if inside else ""
    if name in ("load_from_env", "from_env", "load_defaults", "defaults"):
        return Function(f"aws_config::{name}", lambda site, run: Configuration())
    if name in _SETTINGS:
        return _settings(name)
    if name == "Credentials":
        return Item(name, {"new": function("new", credentials), "builder": function("builder", keys_builder),
                           "from_keys": function("from_keys", credentials)})  # fmt: skip
    if name in ("SharedCredentialsProvider", "Region", "RegionProviderChain", "Cow"):
        same = ("new", "from_static", "first_try", "from", "or_else", "static_provider")
        return Item(name, {one: gives_first(one) for one in same}, lambda site, run: first(site))
    if name == "AssumeRoleProvider":
        return Item(name, {"builder": function("builder", assumed)})
    if not inside:
        return Item("aws_config", {"from_env": function("from_env", lambda site, run: Configuration())})
    return None


def _settings(name: str) -> Item:
    """A configuration's type, or its builder's."""
    made = {one: function(one, configuration) for one in ("new", "from", "builder", "default", "from_env")}
    return Item(name, {**made, "defaults": function("defaults", lambda site, run: Configuration())})


def _of_service(crate: str, inside: tuple[str, ...]) -> Value | None:
    """What a service's crate has."""
    service = services().get(crate)
    name = inside[-1] if inside else ""
    if service is None:
        return Function(f"aws_sdk_{crate}", unknown_service(f"aws_sdk_{crate}"))
    if not inside:
        return Crate(crate)
    if name == "Client" and inside in (("Client",), ("client", "Client")):
        return ClientType(service)
    if "operation" in inside or inside[0] == "input":
        return OperationItem(service, name)
    if inside[0] in ("config", "Config") or inside[-1] in ("Config", "Region", "Credentials"):
        return _of_settings(inside) or Item("::".join((crate, *inside)))
    if inside[0] in ("types", "model") or (len(inside) == 1 and name[:1].isupper()):
        return Structure(service, name) if name[:1].isupper() or len(inside) == 1 else None
    return Item("::".join((f"aws_sdk_{crate}", *inside)))


@dataclass(frozen=True, slots=True, eq=False)
class Crate(RustNative):
    """``aws_sdk_dynamodb`` itself, which code gave a shorter name."""

    label = "aws_sdk_{self.crate}"
    crate: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What it has under a name."""
        return _of_service(self.crate, (name,))


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(RustNative):
    """``aws_sdk_dynamodb::Client``."""

    label = "the client of {self.service}"
    service: str

    names_a_client = True

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What makes a client; an operation as a function (``Client::list_tables(&client)``)."""
        if name in ("new", "from_conf", "from_conf_conn", "from_conf_conn_with_retry", "with_config"):
            return Function(name, self.call)
        if find_operation(run, self.service, name) is not None:
            return Function(
                name, lambda site, run: run.call(run.attribute(first(site), name, site.place), (), site.place)
            )
        return None

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client for each configuration that may arrive."""
        found: list[Value] = []
        for option in options(settled(first(site), run, site.place)):
            settings = option if isinstance(option, Configuration) else Configuration()
            found.append(Client(settings.target(self.service), settings))
        return join(*found)


@dataclass(frozen=True, slots=True, eq=False)
class Client(RustNative):
    """A client."""

    client_of = "{self.target.service}"
    label = "{self.target.service}"
    target: Target
    settings: Configuration

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """An operation's request, a waiter, or the configuration."""
        service = self.target.service
        if name in ("config", "conf"):
            return Function(name, lambda site, run: self.settings, self)
        if name.startswith("wait_until_"):
            operation = run.catalog.waiter_operation(service, name.removeprefix("wait_until_"))
            if operation is not None:
                return Function(name, lambda site, run: Builder({}, name, operation, self.target, site.place), self)
        operation = find_operation(run, service, name)
        if operation is None:
            return None
        return Function(name, lambda site, run: Builder({}, name, operation, self.target, site.place), self)

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """An operation that the data does not know."""
        return Function(f"{self.target.service}.{name}", unknown_operation(self.target.service, name))


@dataclass(frozen=True, slots=True, eq=False)
class OperationItem(RustNative):
    """``operation::put_item::PutItemInput``: a request that is built without a client."""

    label = "{self.name}"
    service: str
    name: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``builder``."""
        ending = next((one for one in ("Input", "InputBuilder", "FluentBuilder") if self.name.endswith(one)), None)
        if ending is None or name not in ("builder", "default", "new"):
            return None
        operation = find_operation(run, self.service, self.name.removesuffix(ending))
        target = Target(self.service, SDK) if ending == "FluentBuilder" else None
        return Function(name, lambda site, run: Builder({}, self.name, operation, target, site.place))

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same: errors, outputs."""
        return Item(f"{self.name}::{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Structure(RustNative):
    """A structure or an enumeration of a service (``PutRequest``, ``AttributeValue``)."""

    label = "{self.name}"
    service: str
    name: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its builder, or one of its variants."""
        if name in ("builder", "default"):
            return Function(name, lambda site, run: Builder({}, self.name))
        if name[:1].isupper():
            return Variant(name)
        return Function(name, lambda site, run: self._made(site), self)

    def _made(self, site: CallSite) -> Value:
        """``ReturnValue::from("ALL_NEW")``."""
        given = first(site)
        return given if isinstance(given, Const) else UnknownValue(f"a value of {self.name}", site.place, inert=True)


@dataclass(frozen=True, slots=True, eq=False)
class Variant(RustNative):
    """A variant of an enumeration: a constant, or, called, a structure with this one member."""

    label = "{self.name}"
    name: str

    def call(self, site: CallSite, run: Machine) -> Value:
        """``AttributeValue::S(x)``."""
        return Object({self.name: settled(first(site), run, site.place)})
