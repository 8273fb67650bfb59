"""Credentials of the AWS SDK for Kotlin: keys that the code has, or those of a role that is assumed
(https://docs.aws.amazon.com/sdk-for-kotlin/latest/developer-guide/credential-providers.html)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit
from scopedown.calls.values import CallSite, FunctionValue, Object, UnknownValue, Value
from scopedown.languages.java.credentials import OWN, credentials_class
from scopedown.languages.java.natives import NOTHING, JavaClass
from scopedown.languages.java.shapes import Shape
from scopedown.languages.kotlin.scoping import with_this

SDK: Final = "kotlin"
_KEYS: Final = "software.amazon.awssdk.auth.credentials.AwsBasicCredentials"
"""Java's class of keys, which says whose they are."""
_ASSUMING: Final = {
    "StsAssumeRoleCredentialsProvider": "AssumeRole",
    "StsWebIdentityCredentialsProvider": "AssumeRoleWithWebIdentity",
}


class CredentialsClass(JavaClass):
    """``StaticCredentialsProvider { … }``, ``StsAssumeRoleCredentialsProvider(…)``, ``Credentials(…)``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """What has the keys, or assumes the role."""
        kind = self.name.rpartition(".")[2]
        if kind in _ASSUMING:
            return _assumed(_ASSUMING[kind], site, run)
        if kind == "Credentials":
            return _of_key(site.argument(0, "accessKeyId") or NOTHING, site, run)
        if kind != "StaticCredentialsProvider":
            return OWN
        given = site.argument(0, "credentials") or NOTHING
        if not isinstance(given, FunctionValue):
            return given
        made = Shape(kind, {}, run.position.conditional)
        with_this(run, given, made, (), site.place)
        return _of_key(made.fields.get("accessKeyId") or NOTHING, site, run)


def _of_key(key: Value, site: CallSite, run: Machine) -> Value:
    keys = credentials_class(_KEYS)
    if keys is None:
        return OWN
    return run.call(run.attribute(keys, "create", site.place), (key, NOTHING), site.place)


def _assumed(name: str, site: CallSite, run: Machine) -> Value:
    """The role is the first argument that is a text, or the one of its name."""
    role = site.keywords.get("roleArn")
    if role is None and (assume := site.keywords.get("assumeRoleParameters")) is not None:
        role = run.attribute(assume, "roleArn", site.place)
    if role is None:
        role = next((one for one in site.positional if one.is_plain), UnknownValue("a role", site.place))
    operation = run.catalog.operation("sts", name)
    if operation is not None:
        emit(run, Target("sts", SDK), operation, Object({"RoleArn": role}), site.place)
    return RoleCredentials(role)
