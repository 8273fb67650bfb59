"""AWS's cache of Secrets Manager for Java.

Read from aws-secretsmanager-caching-java (``SecretCacheItem.executeRefresh``): the secret is described first, then the
value of a version is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, UnknownValue, Value, join
from scopedown.core.place import Place
from scopedown.languages.java.natives import JavaClass, Library, bound, computed, given

LANGUAGE = "java"
PACKAGES = ("com.amazonaws.secretsmanager.caching",)

SDK: Final = "secretsmanager-caching"


def module(name: str) -> Value | None:
    """A class of the package."""
    return CacheClass(name) if name.rpartition(".")[2] in ("SecretCache", "AWSSecretCache") else Library(name)


class CacheClass(JavaClass):
    """``new SecretCache(client)``."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A cache."""
        owners = [one.target.credentials for one in site.positional if isinstance(one, ServiceObject)]
        known = [one for one in owners if one is not None]
        return Cache(join(*known) if known else None)


@dataclass(frozen=True, slots=True, eq=False)
class Cache(Native):
    """A cache."""

    label = "a cache of secrets"
    client_of = "secretsmanager"
    credentials: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods that read a secret."""
        if name not in ("getSecretString", "getSecretBinary", "refreshNow"):
            return computed(name)
        return bound(self, name, self._read)

    def _read(self, site: CallSite, run: Machine) -> Value:
        named = {"SecretId": given(site, 0)}
        for operation in ("DescribeSecret", "GetSecretValue"):
            run.emit("secretsmanager", operation, named, site.place, SDK, self.credentials)
        return UnknownValue("a secret", site.place, inert=True)
