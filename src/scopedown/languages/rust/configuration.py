"""What clients of the AWS SDK for Rust are made with: regions, endpoints, credentials
(https://docs.rs/aws-config, https://docs.rs/aws-types, https://docs.rs/aws-credential-types).

A loader, a built configuration and a service's own configuration are one value here: each has the same settings, and
methods that change one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, emit, endpoint_is_local, with_own
from scopedown.calls.sdks.results import is_local
from scopedown.calls.sdks.shapes.credentials import owners as key_owners
from scopedown.calls.sdks.shapes.credentials import target
from scopedown.calls.values import (
    CallSite,
    External,
    Object,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.rust.natives import Function, RustNative, first, settled

SDK: Final = "rust"
_SETTERS: Final = {
    "region": "region", "set_region": "region", "endpoint_url": "endpoint", "set_endpoint_url": "endpoint",
    "endpoint_resolver": "endpoint", "credentials_provider": "credentials", "credentials_cache": "credentials_cache",
    "set_credentials_provider": "credentials",
}  # fmt: skip
"""Methods that set what matters (https://docs.rs/aws-config/latest/aws_config/struct.ConfigLoader.html)."""

_ANOTHERS: Final = TextValue(Text.unknown("the owner of an access key"))


@dataclass(frozen=True, slots=True, eq=False)
class Configuration(RustNative):
    """Settings for clients."""

    label = "a configuration"
    region: Value | None = None
    endpoint: Value | None = None
    credentials: Value | None = None

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method that changes a setting, or gives the settings in another form."""
        setting = _SETTERS.get(name)
        if setting is None:
            return Function(name, lambda site, run: self, self)

        def changed(site: CallSite, run: Machine) -> Value:
            if not site.positional:  # ``config.region()``
                return getattr(self, setting, None) or UnknownValue(f"the {setting} of a configuration", site.place)
            value = settled(first(site), run, site.place)
            if setting not in ("region", "endpoint", "credentials") or value == NOTHING:
                return self
            return replace(self, **{setting: value})

        return Function(name, changed, self)

    def target(self, service: str) -> Target:
        """Whom a client with these settings speaks to."""
        return target(service, SDK, self._owner(), self.endpoint, self.region)

    def _owner(self) -> Value | None:
        if self.credentials is None or endpoint_is_local(self.endpoint):
            return None
        stand_in = self.endpoint is not None and any(is_local(option) for option in options(self.endpoint))
        owners: list[Value] = []
        for option in options(self.credentials):
            if isinstance(option, RoleCredentials):
                owners += options(option.role)
            elif isinstance(option, Keys):
                for key in options(option.id):
                    named = isinstance(key, External) and not stand_in  # by code that is not followed
                    owners += [_ANOTHERS] if named else key_owners(key, stand_in=stand_in)
            else:
                owners.append(NOTHING)
        return with_own(owners)


@dataclass(frozen=True, slots=True, eq=False)
class Keys(RustNative):
    """Credentials made of keys that the code has."""

    label = "credentials"
    id: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Builders, and other forms of the same."""
        if name == "access_key_id":
            return Function(name, lambda site, run: Keys(first(site)) if site.positional else self, self)
        return Function(name, lambda site, run: self, self)


def credentials(site: CallSite, run: Machine) -> Value:
    """``Credentials::new(key, secret, token, …)``."""
    key = settled(first(site), run, site.place)
    return Keys(key)


def keys_builder(site: CallSite, run: Machine) -> Value:
    """``Credentials::builder()``."""
    return Keys(NOTHING)


def configuration(site: CallSite, run: Machine) -> Value:
    """A configuration; one that it is made from (``Builder::from(&config)``) is kept."""
    given = options(settled(first(site), run, site.place))
    return join(*(option if isinstance(option, Configuration) else Configuration() for option in given))


@dataclass(frozen=True, slots=True, eq=False)
class AssumedRole(RustNative):
    """``AssumeRoleProvider::builder(role)``: the role is assumed when a client first needs credentials."""

    label = "the credentials of a role"
    role: Value
    operation: str = "AssumeRole"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Settings, and what ends the building."""
        if name == "role_arn":
            return Function(name, lambda site, run: replace(self, role=settled(first(site), run, site.place)), self)
        if name in ("build", "build_from_provider"):
            return Function(name, self._built, self)
        return Function(name, lambda site, run: self, self)

    def _built(self, site: CallSite, run: Machine) -> Value:
        operation = run.catalog.operation("sts", self.operation)
        if operation is not None:
            emit(run, Target("sts", SDK), operation, Object({"RoleArn": self.role}), site.place)
        return RoleCredentials(self.role)


def assumed(site: CallSite, run: Machine) -> Value:
    """``AssumeRoleProvider::builder("arn:…")``."""
    return AssumedRole(settled(first(site), run, site.place))
