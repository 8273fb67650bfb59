"""AWS's Secrets Manager cache for Python.

Read from the sources of aws-secretsmanager-caching 1.2.0 (``cache/items.py``): a secret is described first, then the
version with the wanted stage is read. Its decorators inject what was read.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function, Library, call
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.boto3_client import Client
from scopedown.calls.values import CallSite, Const, FunctionValue, Object, UnknownValue, Value, options
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_secretsmanager_caching",)

SDK = "secretsmanager-caching"

_READERS = frozenset({"get_secret_string", "get_secret_binary", "refresh_secret_now"})


def module(name: str) -> Value | None:
    """``aws_secretsmanager_caching`` or a module of it."""
    members: dict[str, Value] = {
        "SecretCache": Function("SecretCache", _cache),
        "InjectSecretString": Function("InjectSecretString", lambda site, run: _inject(site, keyworded=False)),
        "InjectKeywordedSecretString": Function(
            "InjectKeywordedSecretString", lambda site, run: _inject(site, keyworded=True)
        ),
    }
    return Library(name, members)


def _cache(site: CallSite, run: Machine) -> Value:
    credentials = None
    for option in options(site.argument(1, "client") or Const(None)):
        if isinstance(option, Client):
            credentials = option.scope.credentials
    return Cache(credentials)


@dataclass(frozen=True, slots=True, eq=False)
class Cache(Native):
    """``SecretCache(config, client)``."""

    credentials: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods that read a secret."""
        if name not in _READERS:
            return Library(f"SecretCache.{name}")
        return Function(name, lambda site, run: self.read(site.argument(0, "secret_id"), site.place, run), self)

    def read(self, secret: Value | None, place: Place, run: Machine) -> Value:
        """One secret, when the cache does not hold it."""
        named = {"SecretId": secret or UnknownValue("secret_id", place)}
        for operation in ("DescribeSecret", "GetSecretValue"):
            run.emit("secretsmanager", operation, named, place, SDK, self.credentials)
        return UnknownValue("a secret", place)


def _inject(made: CallSite, keyworded: bool) -> Value:
    """A decorator: the function gets the secret first, or parts of it by name."""
    secret = made.argument(0, "secret_id")
    caches = [option for option in options(made.argument(1, "cache") or Const(None)) if isinstance(option, Cache)]

    def apply(site: CallSite, run: Machine) -> Value:
        return Injecting(site.argument(0, "func") or Const(None), secret, tuple(caches), made, keyworded)

    return Function("InjectSecretString", apply)


@dataclass(frozen=True, slots=True, eq=False)
class Injecting(Native):
    """A function that gets a secret when it is called."""

    label = "a function with a secret"
    function: Value
    secret: Value | None
    caches: tuple[Cache, ...]
    made: CallSite
    keyworded: bool

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """Read the secret, then call."""
        found: Value = UnknownValue("a secret", self.made.place)
        for cache in self.caches:
            cache.read(self.secret, self.made.place, run)
        if self.keyworded:
            names = [name for name in self.made.keywords if name not in ("secret_id", "cache")]
            given = Object(dict.fromkeys(names, found))
            return call(
                run,
                self.function,
                CallSite(site.positional, {**site.keywords, **given.fields}, site.place, site.complete),
            )
        method = isinstance(self.function, FunctionValue) and self.function.function.receiver == "first"
        at = 1 if method else 0
        positional = (*site.positional[:at], found, *site.positional[at:])
        return call(run, self.function, CallSite(positional, site.keywords, site.place, site.complete))
