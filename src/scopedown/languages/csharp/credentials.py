"""Whose credentials a client of the AWS SDK for .NET has, and where it speaks to: what its constructor is given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import RoleCredentials, Target
from scopedown.calls.sdks.results import is_local
from scopedown.calls.sdks.shapes.credentials import owner_of, owners, target
from scopedown.calls.values import CallSite, Const, Object, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.csharp.natives import Model, Type, given, method

SDK = "aws-sdk-net"
_REGION = re.compile(r"(US|EU|AP|CA|SA|CN|ME|AF|IL|MX)(Gov[Cc]loud)?([A-Za-z]+?)(\d)")


@dataclass(frozen=True, slots=True, eq=False)
class Keys(Model):
    """Credentials that code makes of an access key."""

    label = "an access key"
    key: Value


class Region(Type):
    """``Amazon.RegionEndpoint``."""

    __slots__ = ()

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """``RegionEndpoint.EUWest1`` is the text ``eu-west-1``."""
        if name == "GetBySystemName":
            return method(name, lambda site, run: given(site, 0, "systemName") or Const(None))
        found = _REGION.fullmatch(name)
        if found is None:
            return None
        return Const(f"{found[1].lower()}{'-gov' if found[2] else ''}-{found[3].lower()}-{found[4]}")


def _keys(site: CallSite, run: Machine) -> Value:
    """``new BasicAWSCredentials(key, secret)``, ``new SessionAWSCredentials(key, secret, token)``."""
    first = given(site, 0, "accessKey", "awsAccessKeyId") or UnknownValue("an access key", site.place)
    roles = [option for option in options(first) if isinstance(option, RoleCredentials)]
    return join(*roles) if roles else Keys(first)


def _assumed(site: CallSite, run: Machine) -> Value:
    """``new AssumeRoleAWSCredentials(source, roleArn, session)``: the SDK assumes the role itself."""
    role = given(site, 1, "roleArn") or UnknownValue("a role", site.place)
    run.emit("sts", "AssumeRole", {"RoleArn": role}, site.place, SDK)
    return RoleCredentials(role)


def _own(site: CallSite, run: Machine) -> Value:
    """The credentials that the function has."""
    return Const(None)


TYPES = {
    "BasicAWSCredentials": Type("BasicAWSCredentials", make=_keys),
    "SessionAWSCredentials": Type("SessionAWSCredentials", make=_keys),
    "AssumeRoleAWSCredentials": Type("AssumeRoleAWSCredentials", make=_assumed),
    "EnvironmentVariablesAWSCredentials": Type("EnvironmentVariablesAWSCredentials", make=_own),
    "InstanceProfileAWSCredentials": Type("InstanceProfileAWSCredentials", make=_own),
    "ECSTaskCredentials": Type("ECSTaskCredentials", make=_own),
    "FallbackCredentialsFactory": Type(
        "FallbackCredentialsFactory", {"GetCredentials": method("FallbackCredentialsFactory.GetCredentials", _own)}
    ),
    "DefaultAWSCredentialsIdentityResolver": Type(
        "DefaultAWSCredentialsIdentityResolver", {"GetCredentials": method("GetCredentials", _own)}
    ),
}
"""Classes of ``Amazon.Runtime``
(https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/Runtime/NRuntime.html)."""


def target_of(service: str, site: CallSite, run: Machine) -> Target:
    """Whom a client speaks to: of an access key's texts, credentials, a region, a configuration."""
    values = list(site.positional)
    credentials: Value | None = None
    region: Value | None = None
    config: Object | None = None
    if len(values) > 1 and _is_text(values[0]) and _is_text(values[1]):
        credentials, values = Keys(values[0]), values[2:]
    for value in values:
        for option in options(value):
            match option:
                case Keys() | RoleCredentials():
                    credentials = option
                case Const(value=str()) | TextValue():
                    region = option
                case Object():
                    config = option
                case _:
                    pass
    fields = {} if config is None else config.fields
    endpoint = fields.get("ServiceURL") or fields.get("ServiceUrl")
    region = region or fields.get("RegionEndpoint") or fields.get("Region")
    stand_in = endpoint is not None and any(is_local(option) for option in options(endpoint))

    def of_keys(option: Value) -> Value | None:
        return join(*owners(option.key, stand_in=stand_in)) if isinstance(option, Keys) else None

    return target(service, SDK, owner_of(credentials, of_keys), endpoint, region)


def _is_text(value: Value) -> bool:
    return all(
        isinstance(option, TextValue) or (isinstance(option, Const) and isinstance(option.value, str))
        for option in options(value)
    )
