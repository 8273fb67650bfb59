"""Whose credentials a client of an SDK has, and where it speaks to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, emit, endpoint_is_local, squeezed, with_own
from scopedown.calls.sdks.results import is_elsewhere, is_local, named_region
from scopedown.calls.values import Const, FunctionValue, Object, TextValue, UnknownValue, Unset, Value, join, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text

_OWN_KEY: Final = ("AWS_ACCESS_KEY_ID",)
"""The variable that Lambda sets to the function's own access key
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys(Native):
    """Credentials that a program makes of an access key."""

    key: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A part of them."""
        is_key = squeezed(name).removeprefix("get") == "accesskeyid"
        return Function(name, lambda site, run: self.key if is_key else UnknownValue("a key"))


def owner_of(credentials: Value | None, other: Callable[[Value], Value | None] = lambda one: None) -> Value | None:
    """The owner of credentials as a :class:`~scopedown.calls.sdks.emitting.Target` has it: None for the function's own
    role. ``other`` says whose credentials of another kind are."""
    found: list[Value] = []
    for option in options(credentials) if credentials is not None else ():
        match option:
            case RoleCredentials():
                found += options(option.role)
            case Keys():
                found += owners(option.key)
            case _:
                owner = other(option)
                found += [NOTHING] if owner is None else options(owner)
    return with_own(found)


def owners(key: Value, own: tuple[str, ...] = _OWN_KEY, stand_in: bool = False) -> list[Value]:
    """The owners of an access key; nothing (``Const(None)``) means the function's own role, ``own`` are variables that
    hold its key. ``stand_in``: under a condition the client speaks to a stand-in, for which code makes keys up."""
    return [owner for option in options(key) for owner in _owners(option, own, stand_in)]


def _owners(key: Value, own: tuple[str, ...], stand_in: bool) -> list[Value]:
    match key:
        case RoleCredentials():
            return list(options(key.role))
        case TextValue(text=Text(parts=(EnvVar(name=name), *_))) if not (stand_in or name in own):
            return [TextValue(Text.unknown(f"the owner of the access key in {name}"))]
        case Const(value=value) if value and not stand_in:
            return [TextValue(Text.unknown("the owner of an access key written in the code"))]
        case UnknownValue(reason=reason, place=place) if not isinstance(key, Unset):
            return [TextValue(Text.unknown(f"the owner of an access key ({reason})", place))]
        case _:
            return [NOTHING]


def owner_of_key(key: Value | None, session: Value | None, stand_in: bool = False) -> Value | None:
    """Whose credentials an access key is: None for the function's own, else the role (or why it is not known). Where
    it may be the function's own too (under a condition), nothing (``Const(None)``) is one of the choices.

    An unknown key may be absent, which means the function's own; one that the code or a setting gives is another's,
    unless the client speaks to a ``stand_in`` on the developer's machine, for which keys are made up.
    """
    if key is None:
        return session
    own = session if session is not None else Const(None)
    found: list[Value] = []
    for option in options(key):
        match option:
            case RoleCredentials():
                found += options(option.role)
            case Const(str() as text) if text and not stand_in:
                found.append(UnknownValue("an access key given in the code"))
            case TextValue(text=Text(parts=(EnvVar(name=name),))) if not name.startswith("AWS_") and not stand_in:
                found.append(UnknownValue(f"an access key given in env:{name}"))
            case _:
                found += options(own)
    return None if all(isinstance(owner, Const) and owner.value is None for owner in found) else join(*found)


def credentials_of(settings: Value | None, run: Machine, place: Place) -> Value | None:
    """The role (or what is known of the keys' owner) where a client's options bring credentials of their own. Where
    they may be the function's own too (under a condition), nothing (``Const(None)``) is one of the choices."""
    if not isinstance(settings, Object):
        return settings.role if isinstance(settings, RoleCredentials) else None
    endpoint = address_of(settings.fields.get("endpoint"))
    if endpoint_is_local(endpoint):
        return None
    stand_in = endpoint is not None and any(is_local(option) for option in options(endpoint))
    credentials = settings.fields.get("credentials")
    if isinstance(credentials, FunctionValue):
        credentials = run.call(credentials, (), place)
    found: list[Value] = []
    for option in options(credentials) if credentials is not None else (settings,):
        if isinstance(option, RoleCredentials):
            found += options(option.role)
        else:
            fields = option.fields if isinstance(option, Object) else settings.fields
            key = fields.get("accessKeyId") or fields.get("AccessKeyId") or NOTHING
            found += owners(key, stand_in=stand_in)
    return with_own(found)


@runtime_checkable
class Addressed(Protocol):
    """An object of an SDK that holds an endpoint's address."""

    @property
    def address(self) -> Value: ...


def address_of(endpoint: Value | None) -> Value | None:
    """An endpoint's address, where it is an object."""
    if endpoint is None:
        return None
    return join(*(option.address if isinstance(option, Addressed) else option for option in options(endpoint)))


def target(
    service: str, sdk: str, credentials: Value | None, endpoint: Value | None = None, region: Value | None = None
) -> Target:
    """Whom a client speaks to by the settings that it is made with. A stand-in on the developer's machine takes any
    credentials: the deployed code has its role's."""
    local = endpoint_is_local(endpoint)
    owner, address = (None, None) if local else (credentials, endpoint)
    return Target(service, sdk, None, owner, address, named_region(region), is_elsewhere(endpoint))


def assume(run: Machine, asker: Target, params: Value, place: Place, name: str = "AssumeRole") -> RoleCredentials:
    """Credentials of a role that the SDK assumes by itself, with the parameters of the operation."""
    operation = run.catalog.operation("sts", name)
    if operation is not None:
        emit(run, asker, operation, params, place)
    found = [option.fields.get("RoleArn") for option in options(params) if isinstance(option, Object)]
    return RoleCredentials(next((one for one in found if one is not None), UnknownValue("a role", place)))
