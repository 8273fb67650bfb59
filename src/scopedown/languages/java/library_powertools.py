"""Powertools for AWS Lambda (Java): parameters and idempotency.

Read from the library's sources: powertools-parameters (``SSMProvider.getValue``, ``getMultipleValues``;
``SecretsProvider.getValue``; ``DynamoDbProvider``; ``AppConfigProvider``) and powertools-idempotency
(``DynamoDBPersistenceStore``: PutItem, GetItem, UpdateItem, DeleteItem).
Reference: https://docs.powertools.aws.dev/lambda/java/latest/.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import Function, JavaClass, Library, bound, computed, given
from scopedown.languages.java.shapes import Shape
from scopedown.languages.java.tables import on

LANGUAGE = "java"
PACKAGES = ("software.amazon.lambda.powertools.idempotency", "software.amazon.lambda.powertools.parameters")

SDK: Final = "powertools"
_SERVICES: Final = {
    "ssm": "ssm", "secrets": "secretsmanager", "appconfig": "appconfigdata", "dynamodb": "dynamodb",
}  # fmt: skip


def module(name: str) -> Value | None:
    """A class of one of the packages."""
    kind = name.rpartition(".")[2]
    if kind in ("DynamoDBPersistenceStore",):
        return _StoreClass(name)
    if kind == "ParamManager":
        return _Manager(name)
    provider = kind.removesuffix("Provider").lower()
    if kind.endswith("Provider") and provider in _SERVICES:
        return ProviderClass(name, provider=provider)
    return Library(name)


class _Manager(JavaClass):
    """``ParamManager.getSsmProvider()`` and its like."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A provider by its name."""
        provider = name.removeprefix("get").removesuffix("Provider").lower()
        if provider not in _SERVICES:
            return computed(name)
        return Function(name, lambda site, run: _provider(provider, site))


def _provider(kind: str, site: CallSite) -> Value:
    """A provider on a client; that of DynamoDB is given a table, that of AppConfig an environment and an
    application."""
    clients = [one.target for one in site.positional if isinstance(one, ServiceObject)]
    others = tuple(one for one in site.positional if not isinstance(one, ServiceObject))
    target = clients[0] if clients else Target(_SERVICES[kind], SDK)
    return Provider(kind, target, others)


@dataclass(frozen=True, slots=True, eq=False)
class ProviderClass(JavaClass):
    """``SSMProvider``."""

    provider: str = ""

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()…build()``."""
        if name == "builder":
            builder = lambda site, run: _Builder(self.provider, run.position.conditional)  # noqa: E731
            return Function(name, builder)
        return Function(name, lambda site, run: _provider(self.provider, site))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A provider."""
        return _provider(self.provider, site)


class _Builder(Shape):
    __slots__ = ("provider",)

    def __init__(self, provider: str, born: int) -> None:
        super().__init__("builder", {}, born)
        self.provider = provider

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``withClient(…)``, ``withTable(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, lambda site, run: _provider(self.provider, self._given(site)))
        return Shape.attribute(self, name, run, place)

    def _given(self, site: CallSite) -> CallSite:
        names = ("client", "table", "environment", "application")
        held = tuple(value for name in names if (value := self.fields.get(name)) is not None)
        return CallSite(held, {}, site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Provider(Native):
    """What reads parameters."""

    label = "a provider of parameters"
    client_of = "{self.target.service}"
    kind: str
    target: Target
    given: tuple[Value, ...]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get``, ``getMultiple``, and what says how."""
        if name in ("get", "getMultiple"):
            return bound(self, name, lambda site, run: self._read(name == "getMultiple", site, run))
        return bound(self, name, lambda site, run: self)

    def _read(self, several: bool, site: CallSite, run: Machine) -> Value:
        key = given(site, 0)
        if self.kind == "ssm":
            self._emit(
                run, "GetParametersByPath" if several else "GetParameter", "Path" if several else "Name", key, site
            )
        elif self.kind == "secrets":
            self._emit(run, "GetSecretValue", "SecretId", key, site)
        elif self.kind == "dynamodb":
            table = self.given[0] if self.given else UnknownValue("a table", site.place)
            on(run, self.target, table, ("Query" if several else "GetItem",), site.place)
        else:
            names = ("EnvironmentIdentifier", "ApplicationIdentifier")
            fields = {**dict(zip(names, self.given, strict=False)), "ConfigurationProfileIdentifier": key}
            calls: dict[str, dict[str, Value]] = {"StartConfigurationSession": fields, "GetLatestConfiguration": {}}
            for operation, params in calls.items():
                known = run.catalog.operation("appconfigdata", operation)
                if known is not None:
                    emit(run, self.target, known, Object(params), site.place)
        return UnknownValue("a parameter", site.place)

    def _emit(self, run: Machine, operation: str, member: str, key: Value, site: CallSite) -> None:
        known = run.catalog.operation(self.target.service, operation)
        if known is not None:
            emit(run, self.target, known, Object({member: key}), site.place)


class _StoreClass(JavaClass):
    """``DynamoDBPersistenceStore``: it is made where functions are idempotent, and called around them."""

    __slots__ = ()

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``."""
        return Function(name, lambda site, run: _Store("builder", {}, run.position.conditional))


class _Store(Shape):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``withTableName(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, self._built)
        return Shape.attribute(self, name, run, place)

    def _built(self, site: CallSite, run: Machine) -> Value:
        clients = [
            one for one in options(self.fields.get("dynamoDbClient") or Const(None)) if isinstance(one, ServiceObject)
        ]
        target = replace(clients[0].target, sdk=SDK) if clients else Target("dynamodb", SDK)
        table = self.fields.get("tableName") or UnknownValue("a table", site.place)
        on(run, target, table, ("PutItem", "GetItem", "UpdateItem", "DeleteItem"), site.place)
        return Library("DynamoDBPersistenceStore")
