"""The AWS SDK for Go, both versions: values (``aws.String``), sessions, configurations, credentials.

Sources: https://docs.aws.amazon.com/sdk-for-go/api/aws/, https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws,
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/config, https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials
from scopedown.calls.sdks.shapes.credentials import assume
from scopedown.calls.values import CallSite, FunctionValue, Object, TextValue, UnknownValue, Value, join, options
from scopedown.core.text import Text
from scopedown.languages.go import config
from scopedown.languages.go.clients import V1, V2, Structure, argument, target_in, without_nothing
from scopedown.languages.go.natives import (
    Body,
    Package,
    first,
    function,
    given,
    hand_over,
    passed_on,
    with_error,
)
from scopedown.languages.go.standard_text import context

LANGUAGE = "go"
PACKAGES = ("github.com/aws/aws-sdk-go", "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go")

_SCALARS = (
    "String", "Bool", "Byte", "Int", "Int8", "Int16", "Int32", "Int64", "Uint", "Uint8", "Uint16", "Uint32", "Uint64",
    "Float32", "Float64", "Time", "Duration", "Rune", "SecondsTime", "MillisecondsTime",
)  # fmt: skip
"""Types whose pointers ``aws`` makes and reads; all of it is transparent."""
_STRUCTURES = ("Config", "Options", "Endpoint", "Credentials", "Value", "NopRetryer", "AnonymousCredentials")


def module(name: str) -> Value | None:
    """A package of the SDK; those of services have models of their own."""
    if name.startswith((f"{V1.root}service/", f"{V2.root}service/", f"{V2.root}feature/")):
        return None
    return _packages().get(name) or Package(name)


@cache
def _packages() -> Mapping[str, Value]:
    return {
        f"{V1.root}aws": _package("aws", _values()),
        f"{V2.root}aws": _package("aws", _values()),
        f"{V1.root}aws/session": _package("session", _session()),
        f"{V1.root}aws/credentials": _package("credentials", _credentials_v1()),
        f"{V1.root}aws/credentials/stscreds": _package("stscreds", _roles_v1()),
        f"{V1.root}aws/endpoints": _package("endpoints", {}),
        f"{V2.root}config": _package("config", _config()),
        f"{V2.root}credentials": _package("credentials", _credentials_v2()),
        f"{V2.root}credentials/stscreds": _package("stscreds", _roles_v2()),
    }


def _package(name: str, members: Mapping[str, Value | Body]) -> Package:
    structures: dict[str, Value | Body] = {one: Structure(f"{name}.{one}") for one in _STRUCTURES}
    every = {**structures, **members}
    return Package(
        name,
        {key: one if isinstance(one, Value) else function(f"{name}.{key}", one) for key, one in every.items()},
    )


def _values() -> Mapping[str, Value | Body]:
    """``aws``: pointers and what they point to are the same here."""
    found: dict[str, Value | Body] = {}
    for kind in _SCALARS:
        for name in (kind, f"{kind}Value", f"To{kind}", f"{kind}Slice", f"{kind}ValueSlice", f"To{kind}Slice"):
            found[name] = given()
        for name in (f"{kind}Map", f"{kind}ValueMap", f"To{kind}Map"):
            found[name] = given()
    return {
        **found,
        "NewConfig": lambda site, run: config.merged(site.positional),
        "BackgroundContext": lambda site, run: context(),
        "NewCredentialsCache": given(),
        "CredentialsProviderFunc": _by_function,
        "EndpointResolverFunc": given(),
        "EndpointResolverWithOptionsFunc": given(),
        "ReadSeekCloser": given(),
    }


# sessions and configurations


def _session() -> Mapping[str, Value | Body]:
    return {
        "NewSession": lambda site, run: with_error(config.loaded(site.positional, site.place), site.place),
        "New": lambda site, run: config.loaded(site.positional, site.place),
        "NewSessionWithOptions": lambda site, run: with_error(config.loaded(site.positional, site.place), site.place),
        "Must": lambda site, run: passed_on(list(site.positional))[0] if site.positional else Object(),
        "Session": Structure("session.Session"),
    }


_FIELDS = {
    "WithRegion": "Region",
    "WithDefaultRegion": "Region",
    "WithCredentialsProvider": "Credentials",
    "WithBaseEndpoint": "BaseEndpoint",
    "WithEndpointResolver": "EndpointResolver",
    "WithEndpointResolverWithOptions": "EndpointResolver",
}
"""Options of ``LoadDefaultConfig``, and the fields of the configuration that they set."""


def _config() -> Mapping[str, Value | Body]:
    def option(field: str) -> Body:
        return lambda site, run: Object({field: first(site)})

    loading = dict.fromkeys(("LoadDefaultConfig", "LoadDefaultAWSConfig"), _load)
    return {**loading, **{name: option(field) for name, field in _FIELDS.items()}}


def _load(site: CallSite, run: Machine) -> Value:
    """``config.LoadDefaultConfig(ctx, config.WithRegion(…))``."""
    given_options = site.positional[1:]
    for value in given_options:
        for one in options(value):
            if not isinstance(one, FunctionValue):
                continue
            held = Object()
            run.call_value(one, CallSite((held,), {}, site.place))
            given_options = (*given_options, held)
    return with_error(config.loaded(given_options, site.place), site.place)


# credentials


def _credentials_v1() -> Mapping[str, Value | Body]:
    from_keys: Body = lambda site, run: config.static_credentials(first(site))  # noqa: E731
    return {
        "NewStaticCredentials": from_keys,
        "NewStaticCredentialsFromCreds": _from_value,
        "NewCredentials": given(),
        "NewChainCredentials": _chain,
        "NewEnvCredentials": lambda site, run: NOTHING,
        "NewSharedCredentials": lambda site, run: NOTHING,
        "StaticProvider": Structure("credentials.StaticProvider"),
    }


def _credentials_v2() -> Mapping[str, Value | Body]:
    return {
        "NewStaticCredentialsProvider": lambda site, run: config.static_credentials(first(site)),
        "StaticCredentialsProvider": Structure("credentials.StaticCredentialsProvider"),
    }


def _from_value(site: CallSite, run: Machine) -> Value:
    found: list[Value] = []
    for option in options(first(site)):
        key = option.fields.get("AccessKeyID") if isinstance(option, Object) else None
        found.append(config.static_credentials(key) if key is not None else NOTHING)
    return join(*found)


def _chain(site: CallSite, run: Machine) -> Value:
    """The first of several that has credentials: any of them."""
    return UnknownValue("credentials of a chain", site.place)


def _by_function(site: CallSite, run: Machine) -> Value:
    for value in site.positional:
        hand_over(run, value, site.place)
    return RoleCredentials(TextValue(Text.unknown("the owner of credentials that the code makes", site.place)))


def _roles_v1() -> Mapping[str, Value | Body]:
    return {
        "NewCredentials": lambda site, run: _assumed("go-v1", site, run),
        "NewCredentialsWithClient": lambda site, run: _assumed("go-v1", site, run),
        "NewWebIdentityCredentials": lambda site, run: RoleCredentials(argument(site, 1)),
        "AssumeRoleProvider": Structure("stscreds.AssumeRoleProvider"),
    }


def _roles_v2() -> Mapping[str, Value | Body]:
    return {
        "NewAssumeRoleProvider": lambda site, run: _assumed("go-v2", site, run),
        "NewWebIdentityRoleProvider": lambda site, run: RoleCredentials(argument(site, 1)),
        "AssumeRoleOptions": Structure("stscreds.AssumeRoleOptions"),
    }


def _assumed(sdk: str, site: CallSite, run: Machine) -> Value:
    """Credentials of a role: the first call that needs them assumes it."""
    params = Object({"RoleArn": without_nothing(argument(site, 1))})
    return join(*(assume(run, target, params, site.place) for target, _ in target_in(first(site), "sts", sdk)))
