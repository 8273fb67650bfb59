"""Powertools' parameters (Python): which operations its functions and providers call.

Read from the sources of aws-lambda-powertools 3.37.0 (``utilities/parameters``). AppConfig is read through its data
plane since 2.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scopedown.calls.builtins.python_native import Function, Library, listed
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.boto3 import Session
from scopedown.calls.sdks.boto3_client import Client
from scopedown.calls.sdks.tokens import of_token
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place

SDK = "powertools"

Emit = Callable[[str, str, Mapping[str, Value]], None]
Reader = Callable[[CallSite, Machine, Emit], None]


def owner_of(site: CallSite) -> Value | None:
    """Whose credentials a constructor is given (``boto3_session``, ``boto3_client``): None for the function's own."""
    for name in ("boto3_client", "boto3_session"):
        for option in options(site.argument(-1, name) or Const(None)):
            if isinstance(option, Client):
                return option.scope.credentials
            if isinstance(option, Session):
                return option.credentials
    return None


def _given(site: CallSite, *names: str, index: int = 0) -> Value:
    return site.argument(index, *names) or UnknownValue(names[0], site.place)


# Systems Manager


def _parameter(site: CallSite, run: Machine, emit: Emit) -> None:
    name = _given(site, "name")
    emit("ssm", "GetParameter", {"Name": name, "WithDecryption": site.argument(-1, "decrypt") or Const(False)})


def _parameters(site: CallSite, run: Machine, emit: Emit) -> None:
    emit("ssm", "GetParametersByPath", {"Path": _given(site, "path")})


def _parameters_by_name(site: CallSite, run: Machine, emit: Emit) -> None:
    """GetParameters, and GetParameter for each that is to be decrypted where not all of them are."""
    wanted = _given(site, "parameters")
    names = Sequence([], UnknownValue("a parameter's name", site.place))
    for option in options(wanted):
        if isinstance(option, Object) and option.rest is None and not option.symbolic:
            names = Sequence([Const(name) for name in option.fields])
            for name, settings in option.fields.items():
                if isinstance(settings, Object) and "decrypt" in settings.fields:
                    emit("ssm", "GetParameter", {"Name": Const(name), "WithDecryption": settings.fields["decrypt"]})
        elif isinstance(option, Object):
            names = Sequence([], UnknownValue("a parameter's name", site.place))
            emit("ssm", "GetParameter", {"Name": UnknownValue("a parameter's name", site.place)})
    emit("ssm", "GetParameters", {"Names": names})


def _set_parameter(site: CallSite, run: Machine, emit: Emit) -> None:
    emit("ssm", "PutParameter", {"Name": _given(site, "name")})


# Secrets Manager


def _secret(site: CallSite, run: Machine, emit: Emit) -> None:
    emit("secretsmanager", "GetSecretValue", {"SecretId": _given(site, "name")})


def _secrets_by_name(site: CallSite, run: Machine, emit: Emit) -> None:
    """One batch, whose caller needs GetSecretValue for each secret as well
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_batch.html)."""
    names = listed(run, _given(site, "names"), site.place)
    emit("secretsmanager", "BatchGetSecretValue", {"Filters": Sequence([Object({"Key": Const("name")})])})
    for name in names.held():
        emit("secretsmanager", "GetSecretValue", {"SecretId": name})


def _set_secret(site: CallSite, run: Machine, emit: Emit) -> None:
    name = _given(site, "name")
    emit("secretsmanager", "PutSecretValue", {"SecretId": name})
    emit("secretsmanager", "CreateSecret", {"Name": name})


# AppConfig


def _configuration(emit: Emit, application: Value, environment: Value, name: Value, place: Place) -> None:
    named = {
        "ApplicationIdentifier": application,
        "EnvironmentIdentifier": environment,
        "ConfigurationProfileIdentifier": name,
    }
    emit("appconfigdata", "StartConfigurationSession", named)
    token = UnknownValue("a session's token", place)
    emit("appconfigdata", "GetLatestConfiguration", {"ConfigurationToken": token, **of_token(named)})


def _app_config(site: CallSite, run: Machine, emit: Emit) -> None:
    _configuration(
        emit,
        _given(site, "application", index=2),
        _given(site, "environment", index=1),
        _given(site, "name"),
        site.place,
    )


_FUNCTIONS: dict[str, Reader] = {
    "get_parameter": _parameter,
    "get_parameters": _parameters,
    "get_parameters_by_name": _parameters_by_name,
    "set_parameter": _set_parameter,
    "get_secret": _secret,
    "get_secrets_by_name": _secrets_by_name,
    "set_secret": _set_secret,
    "get_app_config": _app_config,
}
_PROVIDERS: dict[str, dict[str, Reader]] = {
    "SSMProvider": {
        "get": _parameter,
        "get_multiple": _parameters,
        "get_parameters_by_name": _parameters_by_name,
        "set": _set_parameter,
        "set_parameter": _set_parameter,
    },
    "SecretsProvider": {"get": _secret, "get_multiple": _secrets_by_name, "set": _set_secret},
}


def parameters() -> Library:
    """``aws_lambda_powertools.utilities.parameters``."""
    members: dict[str, Value] = {name: _method(name, reader, None) for name, reader in _FUNCTIONS.items()}
    for name, methods in _PROVIDERS.items():
        members[name] = Function(name, _provider(name, methods))
    members["AppConfigProvider"] = Function("AppConfigProvider", _app_config_provider)
    members["DynamoDBProvider"] = Function("DynamoDBProvider", _table_provider)
    parts: dict[str, Value] = {
        name: Library(f"parameters.{name}", members) for name in ("ssm", "secrets", "appconfig", "dynamodb")
    }
    return Library("aws_lambda_powertools.utilities.parameters", {**members, **parts})


def _method(name: str, reader: Reader, credentials: Value | None) -> Function:
    def body(site: CallSite, run: Machine) -> Value:
        def emit(service: str, operation: str, arguments: Mapping[str, Value]) -> None:
            run.emit(service, operation, arguments, site.place, SDK, credentials)

        reader(site, run, emit)
        return UnknownValue(f"result of {name}()", site.place)

    return Function(name, body)


@dataclass(frozen=True, slots=True, eq=False)
class Provider(Native):
    """A provider: its methods, with the credentials that it was given."""

    kind: str
    methods: Mapping[str, Reader]
    credentials: Value | None = None
    identity: tuple[Value, ...] = field(default=())

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that reads or writes; the rest is the cache."""
        reader = self.methods.get(name)
        return _method(name, reader, self.credentials) if reader else Library(f"{self.kind}.{name}")


def _provider(kind: str, methods: Mapping[str, Reader]) -> Callable[[CallSite, Machine], Value]:
    return lambda site, run: Provider(kind, methods, owner_of(site))


def _app_config_provider(site: CallSite, run: Machine) -> Value:
    environment, application = _given(site, "environment"), _given(site, "application", index=1)

    def get(site: CallSite, run: Machine, emit: Emit) -> None:
        _configuration(emit, application, environment, _given(site, "name"), site.place)

    return Provider("AppConfigProvider", {"get": get}, owner_of(site), (environment, application))


def _table_provider(site: CallSite, run: Machine) -> Value:
    table = _given(site, "table_name")

    def get(site: CallSite, run: Machine, emit: Emit) -> None:
        emit("dynamodb", "GetItem", {"TableName": table})

    def get_multiple(site: CallSite, run: Machine, emit: Emit) -> None:
        emit("dynamodb", "Query", {"TableName": table})

    return Provider("DynamoDBProvider", {"get": get, "get_multiple": get_multiple}, owner_of(site), (table,))


@dataclass(frozen=True, slots=True, eq=False)
class AppConfigStore(Native):
    """``AppConfigStore(environment, application, name)`` of the feature flags."""

    named: tuple[Value, Value, Value]
    credentials: Value | None
    place: Place

    @staticmethod
    def made(site: CallSite, run: Machine) -> Value:
        """Its constructor; the Lambda extension needs the same permissions, as the role of the function."""
        environment, application = _given(site, "environment"), _given(site, "application", index=1)
        return AppConfigStore((application, environment, _given(site, "name", index=2)), owner_of(site), site.place)

    def emit(self, run: Machine) -> None:
        """One read of the configuration."""

        def emit(service: str, operation: str, arguments: Mapping[str, Value]) -> None:
            run.emit(service, operation, arguments, self.place, SDK, self.credentials)

        _configuration(emit, *self.named, self.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get_configuration`` and ``get_raw_configuration``."""

        def read(site: CallSite, run: Machine) -> Value:
            self.emit(run)
            return UnknownValue("a configuration", site.place)

        return Function(name, read)
