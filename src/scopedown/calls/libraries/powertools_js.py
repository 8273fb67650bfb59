"""Powertools for AWS Lambda (TypeScript): the parameters' operations, and the tracer that gives back what it captures.

Sources: https://docs.aws.amazon.com/powertools/typescript/latest/features/parameters/ (functions, providers, and the
permissions that they need) and https://docs.aws.amazon.com/powertools/typescript/latest/features/tracer/. Logger and
Metrics write to the log. The other packages are code that is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import NOTHING, Function, JavaScriptNative, Quiet, identity
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.js_v3 import Client
from scopedown.calls.sdks.tokens import of_token
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("@aws-lambda-powertools/parameters", "@aws-lambda-powertools/tracer")

SDK = "powertools"

Emit = Callable[[str, str, Mapping[str, Value]], None]
Reader = Callable[[CallSite, Emit], None]

_CAPTURING = frozenset({"captureAWS", "captureAWSClient", "captureAWSv3Client"})


def module(name: str) -> Value | None:
    """One of the packages, or a part of it."""
    if name == "@aws-lambda-powertools/tracer":
        return Quiet(name, {"Tracer": Function("Tracer", _tracer, None, {}, _tracer)})
    if name == "@aws-lambda-powertools/parameters":
        return Quiet(name)
    part = _PARTS.get(name.removeprefix("@aws-lambda-powertools/parameters/"))
    if part is None:
        return None
    functions, provider, made = part
    members: dict[str, Value] = {key: _method(key, reader, None) for key, reader in functions.items()}
    return Quiet(name, {**members, provider: Function(provider, made, None, {}, made)})


def _tracer(site: CallSite, run: Machine) -> Value:
    return Tracer()


@dataclass(frozen=True, slots=True, eq=False)
class Tracer(JavaScriptNative):
    """``new Tracer()``: clients that it captures stay what they are."""

    label = "Tracer"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its methods."""
        return identity(name) if name in _CAPTURING else Quiet(f"tracer.{name}")


# parameters


def _argument(site: CallSite, index: int, name: str) -> Value:
    return site.argument(index) or UnknownValue(name, site.place)


def _setting(site: CallSite, index: int, name: str) -> Value:
    """A field of an options object."""
    given = site.argument(index)
    found = given.fields.get(name, given.rest) if isinstance(given, Object) else None
    return found or UnknownValue(name, site.place)


def _parameter(site: CallSite, emit: Emit) -> None:
    given = site.argument(1)
    decrypt = given.fields.get("decrypt") if isinstance(given, Object) else None
    emit("ssm", "GetParameter", {"Name": _argument(site, 0, "name"), "WithDecryption": decrypt or Const(False)})


def _parameters(site: CallSite, emit: Emit) -> None:
    emit("ssm", "GetParametersByPath", {"Path": _argument(site, 0, "path")})


def _by_name(site: CallSite, emit: Emit) -> None:
    """GetParameters, and GetParameter for each that is to be decrypted where not all of them are."""
    names: Value = Sequence([], UnknownValue("a parameter's name", site.place))
    given = site.argument(0)
    if isinstance(given, Object):
        if given.rest is None:
            names = Sequence([Const(name) for name in given.fields])
        elif any(not isinstance(one, Object) or "decrypt" in one.fields for one in options(given.rest)):
            emit("ssm", "GetParameter", {"Name": UnknownValue("a parameter's name", site.place)})
        for name, settings in given.fields.items():
            if isinstance(settings, Object) and "decrypt" in settings.fields:
                emit("ssm", "GetParameter", {"Name": Const(name), "WithDecryption": settings.fields["decrypt"]})
    else:
        emit("ssm", "GetParameter", {"Name": UnknownValue("a parameter's name", site.place)})
    emit("ssm", "GetParameters", {"Names": names})


def _set_parameter(site: CallSite, emit: Emit) -> None:
    emit("ssm", "PutParameter", {"Name": _argument(site, 0, "name")})


def _secret(site: CallSite, emit: Emit) -> None:
    emit("secretsmanager", "GetSecretValue", {"SecretId": _argument(site, 0, "name")})


def _configuration(emit: Emit, application: Value, environment: Value, name: Value, place: Place) -> None:
    named = {
        "ApplicationIdentifier": application,
        "EnvironmentIdentifier": environment,
        "ConfigurationProfileIdentifier": name,
    }
    emit("appconfigdata", "StartConfigurationSession", named)
    token = UnknownValue("a session's token", place)
    emit("appconfigdata", "GetLatestConfiguration", {"ConfigurationToken": token, **of_token(named)})


def _app_config(site: CallSite, emit: Emit) -> None:
    _configuration(
        emit,
        _setting(site, 1, "application"),
        _setting(site, 1, "environment"),
        _argument(site, 0, "name"),
        site.place,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Provider(JavaScriptNative):
    """A provider: its methods, with the credentials of the client that it was given."""

    label = "{self.kind}"
    kind: str
    methods: Mapping[str, Reader]
    credentials: Value | None
    made: Place

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method that reads or writes; the rest is the cache."""
        reader = self.methods.get(name)
        return _method(name, reader, self.credentials) if reader else Quiet(f"{self.kind}.{name}")


def _method(name: str, reader: Reader, credentials: Value | None) -> Function:
    def body(site: CallSite, run: Machine) -> Value:
        def emit(service: str, operation: str, arguments: Mapping[str, Value]) -> None:
            run.emit(service, operation, arguments, site.place, SDK, credentials)

        reader(site, emit)
        return UnknownValue(f"result of {name}()", site.place)

    return Function(name, body)


def _owner(site: CallSite) -> Value | None:
    given = site.argument(0)
    client = given.fields.get("awsSdkV3Client") if isinstance(given, Object) else None
    owners = [option.target.credentials for option in options(client or NOTHING) if isinstance(option, Client)]
    return owners[0] if owners else None


def _provider(kind: str, methods: Mapping[str, Reader]) -> Callable[[CallSite, Machine], Value]:
    return lambda site, run: Provider(kind, methods, _owner(site), site.place)


def _app_config_provider(made: CallSite, run: Machine) -> Value:
    application, environment = _setting(made, 0, "application"), _setting(made, 0, "environment")

    def get(site: CallSite, emit: Emit) -> None:
        _configuration(emit, application, environment, _argument(site, 0, "name"), site.place)

    return Provider("AppConfigProvider", {"get": get}, _owner(made), made.place)


def _table_provider(made: CallSite, run: Machine) -> Value:
    table = _setting(made, 0, "tableName")

    def get(site: CallSite, emit: Emit) -> None:
        emit("dynamodb", "GetItem", {"TableName": table})

    def query(site: CallSite, emit: Emit) -> None:
        emit("dynamodb", "Query", {"TableName": table})

    return Provider("DynamoDBProvider", {"get": get, "getMultiple": query}, _owner(made), made.place)


_SSM: dict[str, Reader] = {
    "get": _parameter,
    "getMultiple": _parameters,
    "getParametersByName": _by_name,
    "set": _set_parameter,
}
_PARTS: dict[str, tuple[dict[str, Reader], str, Callable[[CallSite, Machine], Value]]] = {
    "ssm": (
        {
            "getParameter": _parameter,
            "getParameters": _parameters,
            "getParametersByName": _by_name,
            "setParameter": _set_parameter,
        },
        "SSMProvider",
        _provider("SSMProvider", _SSM),
    ),
    "secrets": ({"getSecret": _secret}, "SecretsProvider", _provider("SecretsProvider", {"get": _secret})),
    "appconfig": ({"getAppConfig": _app_config}, "AppConfigProvider", _app_config_provider),
    "dynamodb": ({}, "DynamoDBProvider", _table_provider),
}
