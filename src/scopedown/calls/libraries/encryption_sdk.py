"""The AWS Encryption SDK for Python, before and with the material providers library: data keys that KMS keys wrap.

Read from the sources of aws-encryption-sdk 4.0.7 (``key_providers/kms.py``): to encrypt, the first key gives a data key
(GenerateDataKey) and the others wrap it (Encrypt); to decrypt, the key that the message names unwraps it (Decrypt), of
those listed where the provider is strict
(https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/required-permissions.html).
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function, Library
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_encryption_sdk",)

SDK = "encryption-sdk"

_PROVIDERS = (
    "StrictAwsKmsMasterKeyProvider",
    "DiscoveryAwsKmsMasterKeyProvider",
    "MRKAwareStrictAwsKmsMasterKeyProvider",
    "MRKAwareDiscoveryAwsKmsMasterKeyProvider",
    "KMSMasterKeyProvider",
)


def module(name: str) -> Value | None:
    """The package or a module of it."""
    members: dict[str, Value] = {one: Function(one, _provider) for one in _PROVIDERS}
    members["EncryptionSDKClient"] = Function("EncryptionSDKClient", lambda site, run: Client())
    members["encrypt"], members["decrypt"] = Function("encrypt", _encrypt), Function("decrypt", _decrypt)
    members["CachingCryptoMaterialsManager"] = Function("CachingCryptoMaterialsManager", _inner)
    members["DefaultCryptoMaterialsManager"] = Function("DefaultCryptoMaterialsManager", _inner)
    return Library(name, members)


class Client(Native):
    """``EncryptionSDKClient(…)``."""

    __slots__ = ()
    label = "an encryption client"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``encrypt``, ``decrypt``, ``stream``."""
        body = {"encrypt": _encrypt, "decrypt": _decrypt, "stream": _stream}.get(name)
        return Function(name, body, self) if body is not None else Library(f"EncryptionSDKClient.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Provider(Native):
    """A provider of KMS keys."""

    keys: tuple[Value, ...]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Nothing that calls."""
        return Library(f"KMSMasterKeyProvider.{name}")


def _provider(site: CallSite, run: Machine) -> Value:
    listed = site.argument(-1, "key_ids")
    keys: list[Value] = []
    for option in options(listed) if listed is not None else ():
        if isinstance(option, Sequence):
            keys += option.held()
        else:
            keys.append(UnknownValue("key_ids", site.place))
    return Provider(tuple(keys))


def _inner(site: CallSite, run: Machine) -> Value:
    """A manager of materials stands for its provider."""
    found = site.argument(0, "master_key_provider")
    return found if found is not None else UnknownValue("a key provider", site.place)


def _providers(site: CallSite) -> tuple[Provider, ...]:
    given = site.argument(-1, "key_provider", "materials_manager")
    return tuple(option for option in options(given) if isinstance(option, Provider)) if given is not None else ()


def _encrypt(site: CallSite, run: Machine) -> Value:
    for provider in _providers(site):
        for number, key in enumerate(provider.keys):
            run.emit("kms", "Encrypt" if number else "GenerateDataKey", {"KeyId": key}, site.place, SDK)
    return _result(site)


def _decrypt(site: CallSite, run: Machine) -> Value:
    for provider in _providers(site):
        key = join(*provider.keys) if provider.keys else UnknownValue("the key that a message names", site.place)
        run.emit("kms", "Decrypt", {"KeyId": key}, site.place, SDK)
    return _result(site)


def _stream(site: CallSite, run: Machine) -> Value:
    """``stream(mode="e"|"d", …)``: either, where the mode is not known."""
    mode = site.argument(0, "mode")
    words = {str(getattr(option, "value", "?"))[:1].lower() for option in options(mode)} if mode is not None else {"?"}
    if words & {"e", "?"}:
        _encrypt(site, run)
    if words & {"d", "?"}:
        _decrypt(site, run)
    return UnknownValue("a stream", site.place)


def _result(site: CallSite) -> Value:
    return Sequence([UnknownValue("a message", site.place), UnknownValue("a header", site.place)])
