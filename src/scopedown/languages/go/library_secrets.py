"""AWS's cache of secrets for Go.

Read from aws/aws-secretsmanager-caching-go secretcache/cacheItem.go: a secret is described first, then the version with
the wanted stage is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, Object, Value
from scopedown.core.place import Place
from scopedown.languages.go.clients import ClientType, argument, emit, target_in
from scopedown.languages.go.natives import Function, Package, Thing, data, function, with_error

LANGUAGE = "go"
PACKAGES = ("github.com/aws/aws-secretsmanager-caching-go",)
SDK = "secretsmanager-caching"


def module(name: str) -> Value | None:
    """``secretcache``."""
    made = ClientType(Target("secretsmanager", SDK), Cache)
    known: dict[str, Value] = {"New": function("secretcache.New", _cache), "Cache": made}
    return Package(name, known)


def _cache(site: CallSite, run: Machine) -> Value:
    """``secretcache.New(func(c *secretcache.Cache) { c.Client = client })``."""
    made = Cache(Target("secretsmanager", SDK))
    for value in site.positional:
        held = Object()
        run.call_value(value, CallSite((held,), {}, site.place))
        if (client := held.fields.get("Client")) is not None:
            made = Cache(target_in(client, "secretsmanager", SDK)[0][0])
    return with_error(made, site.place)


@dataclass(frozen=True, slots=True, eq=False)
class Cache(Native):
    """A cache."""

    label = "a cache of secrets"
    ignores_assignments = True
    client_of = "secretsmanager"
    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``GetSecretString`` and its like."""
        if not name.startswith("GetSecret"):
            return Thing(f"secretcache.{name}")
        index = 1 if name.endswith("Context") else 0
        return Function(name, lambda site, run: self._read(name, index, site, run), self)

    def _read(self, name: str, index: int, site: CallSite, run: Machine) -> Value:
        for written in ("DescribeSecret", "GetSecretValue"):
            operation = run.catalog.operation("secretsmanager", written)
            if operation is not None:
                emit(run, self.target, operation, Object({"SecretId": argument(site, index)}), site.place)
        return with_error(data(name, site.place), site.place)
        """Settings do not matter."""
