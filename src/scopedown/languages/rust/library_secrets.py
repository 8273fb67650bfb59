"""Caches in front of AWS Secrets Manager (https://docs.rs/aws_secretsmanager_caching).

A value that is not in the cache, or has expired there, is asked for with GetSecretValue; before that, DescribeSecret
says whether the one in the cache is still the newest (awslabs/aws-secretsmanager-caching-rust, src/lib.rs, unverified).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.values import CallSite, Object, Value
from scopedown.core.place import Place
from scopedown.languages.rust.configuration import SDK
from scopedown.languages.rust.natives import NOTHING, Function, Item, RustNative, first, settled

LANGUAGE = "rust"
PACKAGES = ("aws_secretsmanager_caching",)

_OPERATIONS: Final = ("DescribeSecret", "GetSecretValue")


@dataclass(frozen=True, slots=True, eq=False)
class SecretsCache(RustNative):
    """A client that keeps the secrets that it read."""

    label = "a cache of secrets"

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``get_secret_value(id, version, stage, refresh)``."""
        return Function(name, self._read, self) if name.startswith("get_secret_value") else None

    def _read(self, site: CallSite, run: Machine) -> Value:
        result: Value = NOTHING
        for name in _OPERATIONS:
            operation = run.catalog.operation("secretsmanager", name)
            if operation is not None:
                asked = Object({"SecretId": settled(first(site), run, site.place)})
                result = emit(run, Target("secretsmanager", SDK), operation, asked, site.place)
        return result


def module(name: str) -> Value | None:
    """What a path into the crate means."""
    last = name.rpartition(".")[2]
    if last != "SecretsManagerCachingClient":
        return Item(name.replace(".", "::"))
    made = Function(last, lambda site, run: SecretsCache())
    return Item(last, dict.fromkeys(("new", "default", "from_builder"), made))
