"""Powertools for AWS Lambda (.NET): parameters and idempotency

Reference: https://docs.powertools.aws.dev/lambda/dotnet/; the operations of idempotency are those of
DynamoDBPersistenceStore.cs (aws-powertools/powertools-lambda-dotnet), lines 142, 201, 245 and 256.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scopedown.calls.builtins.python_native import Function, first_of
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, FunctionValue, TextValue, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.csharp.credentials import SDK
from scopedown.languages.csharp.natives import Model, Passing, Type, arguments, method, run_functions, type_argument

LANGUAGE = "csharp"
PACKAGES = (
    "AWS.Lambda.Powertools.Parameters", "AWS.Lambda.Powertools.Parameters.SimpleSystemsManagement",
    "AWS.Lambda.Powertools.Parameters.SecretsManager", "AWS.Lambda.Powertools.Parameters.DynamoDB",
    "AWS.Lambda.Powertools.Parameters.AppConfig", "AWS.Lambda.Powertools.Idempotency",
    "AWS.Lambda.Powertools.Idempotency.Persistence", "AWS.Lambda.Powertools.Parameters.Configuration",
    "AWS.Lambda.Powertools.Parameters.Cache", "AWS.Lambda.Powertools.Parameters.Transform",
    "AWS.Lambda.Powertools.Parameters.Provider", "AWS.Lambda.Powertools.Idempotency.Internal",
)  # fmt: skip

_STORED = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
_PROVIDERS: dict[str, tuple[str, str | None, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = {
    "SsmProvider": ("ssm", "Name", (("GetParameter", "Name"),), (("GetParametersByPath", "Path"),)),
    "SecretsProvider": ("secretsmanager", "SecretId", (("GetSecretValue", "SecretId"),), ()),
    "AppConfigProvider": (
        "appconfigdata", None, (("StartConfigurationSession", ""), ("GetLatestConfiguration", "")), (),
    ),
    "DynamoDBProvider": ("dynamodb", None, (("GetItem", ""),), (("Query", ""),)),
}  # fmt: skip
"""By provider: the service, and the operations of ``Get`` and of ``GetMultiple`` with the parameter that takes the
key."""


@dataclass(slots=True, eq=False)
class Provider(Model):
    """A provider of parameters; ``table`` is that of DynamoDB's."""

    label = "{self.kind}"
    kind: str
    table: Value | None = None

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What gets a value; other methods configure it."""
        plain = name.removesuffix("Async")
        if plain in ("Get", "GetMultiple"):
            return Function(f"{self.kind}.{name}", partial(self._get, plain == "GetMultiple"))
        return Function(f"{self.kind}.{name}", partial(self._told, name))

    def _told(self, name: str, site: CallSite, run: Machine) -> Value:
        if name == "UseTable":
            self.table = first_of(site)
        return self

    def _get(self, many: bool, site: CallSite, run: Machine) -> Value:
        service, _, one, several = _PROVIDERS[self.kind]
        for operation, parameter in several if many else one:
            given: dict[str, Value] = {parameter: first_of(site)} if parameter else {}
            if service == "dynamodb":
                given["TableName"] = self.table if self.table is not None else UnknownValue("a table", site.place)
            run.emit(service, operation, given, site.place, SDK)
        return UnknownValue("a parameter", site.place, inert=True)


class ProviderType(Type):
    """A class of providers, or its interface."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A provider."""
        return Provider(_kind(self.name))

    def call(self, site: CallSite, run: Machine) -> Value:
        """A provider."""
        return Provider(_kind(self.name))


def _kind(name: str) -> str:
    plain = name.removeprefix("I") if name.startswith("I") else name
    return plain if plain in _PROVIDERS else "SsmProvider"


def _created(site: CallSite, run: Machine) -> Value:
    """``ParametersManager.CreateProvider<T>()``."""
    token = type_argument(site)
    for option in options(token) if token is not None else ():
        return run.call_value(option, CallSite((), {}, site.place), new=True)
    return UnknownValue("a provider", site.place)


class Manager(Type):
    """``ParametersManager``."""

    __slots__ = ()

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its providers."""
        if name in _PROVIDERS:
            return Provider(name)
        return method(name, _created) if name == "CreateProvider" else None


# idempotency


class Store(Model):
    """What builds the store of idempotency: a table of DynamoDB."""

    __slots__ = ()
    label = "the store of idempotency"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """The name of the table; other methods configure it."""
        if name in ("UseDynamoDb", "WithTableName", "UseDynamoDB"):
            return Function(name, self._stored)
        return Function(name, self._told)

    def _stored(self, site: CallSite, run: Machine) -> Value:
        for value in arguments(site):
            for option in options(value):
                if isinstance(option, TextValue | UnknownValue) or (
                    isinstance(option, Const) and isinstance(option.value, str)
                ):
                    for operation in _STORED:
                        run.emit("dynamodb", operation, {"TableName": option}, site.place, SDK)
                elif isinstance(option, FunctionValue):
                    run.call(option, (self,), site.place)
        return self

    def _told(self, site: CallSite, run: Machine) -> Value:
        for value in arguments(site):
            for option in options(value):
                if isinstance(option, FunctionValue):
                    run.call(option, (self,), site.place)
        return self


def _configured(site: CallSite, run: Machine) -> Value:
    """``Idempotency.Configure(builder => builder.UseDynamoDb(table))``."""
    for option in options(first_of(site)):
        run.call(option, (Store(),), site.place)
    return Const(None)


def _handled(site: CallSite, run: Machine) -> Value:
    run_functions(site, run)
    return Passing("Idempotency")


_TYPES: dict[str, Value] = {
    **{name: ProviderType(name) for kind in _PROVIDERS for name in (kind, f"I{kind}")},
    "ParametersManager": Manager("ParametersManager"),
    "Idempotency": Type("Idempotency", {"Configure": method("Idempotency.Configure", _configured)}),
    "DynamoDBPersistenceStoreBuilder": Type("DynamoDBPersistenceStoreBuilder", make=lambda site, run: Store()),
    "DynamoDBPersistenceStore": Type("DynamoDBPersistenceStore", make=lambda site, run: Store()),
}


def module(name: str) -> Value | None:
    """A class by its whole name."""
    return _TYPES.get(name.rpartition(".")[2])
