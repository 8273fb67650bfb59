"""Whose credentials a library calls with: those of the SDK client, session or settings that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import RoleCredentials, Target
from scopedown.calls.sdks.results import named_region
from scopedown.calls.sdks.shapes.credentials import credentials_of, owner_of_key
from scopedown.calls.values import Const, Object, Text, TextValue, Value, options
from scopedown.core.place import Place

_ACCESS_KEYS = ("aws_access_key_id", "aws_access_key", "awsAccessKey", "key")
"""How libraries name an access key among their settings; the SDK's own names are the SDK's matter."""
_REGIONS = ("region", "region_name", "awsRegion")
_API_KEYS = ("api_key", "apiKey")
"""A key of Bedrock's, which stands for a user (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The role (None: the function's own) and the region (None: the function's own); ``elsewhere``: another vendor's
    service."""

    credentials: Value | None = None
    region: Const | TextValue | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Auth(Native):
    """What signs requests for a service, perhaps with another's keys."""

    label = "a request's signature"
    service: Value
    credentials: Value | None

    callable_when_escaped = False

    @property
    def kept(self) -> Mapping[str, Value]:
        """As the rows of another library read it."""
        return {"service": self.service, "client": self}


@runtime_checkable
class _Keeping(Protocol):
    """An object of a library that was given a client itself."""

    @property
    def kept(self) -> Mapping[str, Value]: ...


def owner_of(given: Value | None, run: Machine, place: Place) -> Owner | None:
    """The owner of the calls of a library that was given this; None where it tells nothing."""
    for option in options(given) if given is not None else ():
        found = _owner(option, run, place)
        if found is not None:
            return found
    return None


def _owner(given: Value, run: Machine, place: Place) -> Owner | None:
    target = getattr(given, "target", None)
    if isinstance(target, Target):
        return Owner(target.credentials, target.region, target.elsewhere)
    if isinstance(given, Auth):
        return Owner(given.credentials)
    if isinstance(given, RoleCredentials):
        return Owner(given.role)
    if isinstance(given, _Keeping):
        return owner_of(given.kept.get("client"), run, place)
    if isinstance(given, Object):
        if isinstance(target := run.position.language.settings_target(given), Target):
            return Owner(target.credentials, target.region, target.elsewhere)
        if any(_is_there(given.fields.get(name)) for name in _API_KEYS):
            return Owner(TextValue(Text.unknown("the owner of an API key", place)))
        key = next((given.fields[name] for name in _ACCESS_KEYS if name in given.fields), None)
        owner = owner_of_key(key, None) if key is not None else credentials_of(given, run, place)
        region = next((given.fields[name] for name in _REGIONS if name in given.fields), None)
        return Owner(owner, named_region(region))
    return None


def _is_there(value: Value | None) -> bool:
    """Whether a setting is given: one that may be empty is taken as not given."""
    return value is not None and not any(isinstance(option, Const) and not option.value for option in options(value))
