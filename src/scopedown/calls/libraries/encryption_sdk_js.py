"""The AWS Encryption SDK for JavaScript: data keys that KMS keys wrap.

Read from the sources of @aws-crypto/client-node 5.0.2 and @aws-crypto/kms-keyring 5.0.2: to encrypt, the generator key
gives a data key (GenerateDataKey) and every further key wraps it (Encrypt); to decrypt, one of the keys unwraps it
(Decrypt), which is asked of the key that the message names and the keyring lists
(https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/required-permissions.html). Keyrings of raw keys call
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import Function, JavaScriptNative, Quiet, given
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place

LANGUAGE = "javascript"
PACKAGES = ("@aws-crypto/client-node", "@aws-crypto/kms-keyring-node", "@aws-crypto/client-browser")

SDK = "encryption-sdk"

_KEYRINGS = ("KmsKeyringNode", "KmsKeyringBrowser", "AwsKmsMrkAwareSymmetricKeyringNode")


def module(name: str) -> Value | None:
    """One of the packages."""
    functions = {one: Function(one, body) for one, body in (("encrypt", _encrypt), ("decrypt", _decrypt))}
    client = Object(dict(functions))
    members: dict[str, Value] = {"buildClient": Function("buildClient", lambda site, run: client), **functions}
    for keyring in _KEYRINGS:
        members[keyring] = Function(keyring, _keyring, None, {}, _keyring)
    return Quiet(name, members)


@dataclass(frozen=True, slots=True, eq=False)
class Keyring(JavaScriptNative):
    """``new KmsKeyringNode({generatorKeyId, keyIds})``."""

    label = "a keyring"
    generator: Value | None
    others: tuple[Value, ...]

    def all(self) -> Value:
        """Any of its keys."""
        keys = (*(() if self.generator is None else (self.generator,)), *self.others)
        return join(*keys) if keys else UnknownValue("the key that a message names")


def _keyring(site: CallSite, run: Machine) -> Value:
    settings = site.argument(0)
    fields = settings.fields if isinstance(settings, Object) else {}
    generator = fields.get("generatorKeyId") or fields.get("keyId")
    listed = fields.get("keyIds")
    others: list[Value] = []
    for option in options(listed) if listed is not None else ():
        if isinstance(option, Sequence):
            others += option.held()
        elif given(option):
            others.append(UnknownValue("keyIds", site.place))
    return Keyring(generator if given(generator) else None, tuple(others))


def _keyrings(site: CallSite) -> tuple[Keyring, ...]:
    first = site.argument(0)
    return tuple(option for option in options(first) if isinstance(option, Keyring)) if first is not None else ()


def _encrypt(site: CallSite, run: Machine) -> Value:
    for keyring in _keyrings(site):
        if keyring.generator is not None:
            run.emit("kms", "GenerateDataKey", {"KeyId": keyring.generator}, site.place, SDK)
        for key in keyring.others:
            run.emit("kms", "Encrypt", {"KeyId": key}, site.place, SDK)
    return _result(site.place)


def _decrypt(site: CallSite, run: Machine) -> Value:
    for keyring in _keyrings(site):
        run.emit("kms", "Decrypt", {"KeyId": keyring.all()}, site.place, SDK)
    return _result(site.place)


def _result(place: Place) -> Value:
    return Object({}, UnknownValue("a message", place))
