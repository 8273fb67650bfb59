"""Whose credentials a client of the SDKs for the JVM has: the function's own, a role's, or keys' of the code.

Sources: https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-explicit.html,
https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/auth/package-summary.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials
from scopedown.calls.sdks.shapes import credentials
from scopedown.calls.values import CallSite, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import Function, JavaClass, bound, first_of
from scopedown.languages.java.shapes import Shape, filled


@dataclass(frozen=True, slots=True, eq=False)
class Credentials(Native):
    """Credentials or what provides them; ``owner`` is nothing (``Const(None)``) where they are the function's own."""

    label = "credentials"
    owner: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What they resolve to are they themselves."""
        return bound(self, name, lambda site, run: self)


OWN = Credentials(NOTHING)


def owner_of(value: Value | None) -> Value | None:
    """The owner of a client's credentials as :class:`~scopedown.calls.sdks.emitting.Target` has it: None where they are
    the function's own in any case."""
    return credentials.owner_of(value, lambda one: one.owner if isinstance(one, Credentials) else None)


def _of_key(key: Value) -> Value:
    """Whose an access key is."""
    found: list[Value] = []
    for option in options(key):
        found += options(option.owner) if isinstance(option, Credentials) else credentials.owners(option)
    return join(*found)


def _keys(site: CallSite, run: Machine) -> Value:
    """``AwsBasicCredentials.create(key, secret)`` and its like; a provider of credentials is as they are."""
    first = first_of(site)
    kept = [option for option in options(first) if isinstance(option, Credentials | RoleCredentials)]
    if kept:
        return join(*kept)
    return Credentials(_of_key(first))


class _Static(JavaClass):
    """A class of keys, or of what provides them."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create(…)``; ``builder()`` takes the key by its name."""
        if name == "builder":
            return Function(name, lambda site, run: _Keys("credentials", {}, run.position.conditional))
        return Function(f"{self.name}.{name}", _keys)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new BasicAWSCredentials(key, secret)``."""
        return _keys(site, run)


class _Keys(Shape):
    """A builder of credentials."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``accessKeyId(x)``, ``build()``."""
        if name == "build":
            return bound(self, name, lambda site, run: self._built())
        return Shape.attribute(self, name, run, place)

    def _built(self) -> Value:
        held = self.fields.get("credentials") or self.fields.get("credentialsProvider")
        kept = [option for option in options(held) if isinstance(option, Credentials)] if held is not None else []
        return join(*kept) if kept else Credentials(_of_key(self.fields.get("accessKeyId") or NOTHING))


class _Own(JavaClass):
    """A class that provides the function's own credentials."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()…build()``, ``getInstance()``."""
        return Function(f"{self.name}.{name}", lambda site, run: OWN)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """Version 1's ``new DefaultAWSCredentialsProviderChain()``."""
        return OWN


class _Assuming(JavaClass):
    """A class that provides the credentials of a role, which it assumes."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``; of version 1, ``Builder`` is a class."""
        if name == "builder":
            return Function(name, lambda site, run: RoleBuilder("role", {}, run.position.conditional))
        return self

    def construct(self, site: CallSite, run: Machine) -> Value:
        """Version 1: ``new STSAssumeRoleSessionCredentialsProvider.Builder(role, session)``."""
        made = RoleBuilder("role", {}, run.position.conditional)
        if site.positional:
            made.fields["roleArn"] = first_of(site)
        return made


class RoleBuilder(Shape):
    """A builder of a provider that assumes a role."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``refreshRequest(…)``, ``stsClient(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, self._built)
        return Shape.attribute(self, name, run, place)

    def _built(self, site: CallSite, run: Machine) -> Value:
        request = self.fields.get("refreshRequest")
        held: Value | None = self.fields.get("roleArn")
        for option in options(filled(request, run, site.place)) if request is not None else ():
            if isinstance(option, Shape):
                held = option.fields.get("roleArn", held)
        role = held or UnknownValue("a role", site.place)
        run.emit("sts", "AssumeRole", {"RoleArn": role}, site.place, "java")
        return Credentials(role)


_OWN_CLASSES = (
    "DefaultCredentialsProvider", "EnvironmentVariableCredentialsProvider", "ContainerCredentialsProvider",
    "InstanceProfileCredentialsProvider", "ProfileCredentialsProvider", "SystemPropertyCredentialsProvider",
    "AnonymousCredentialsProvider", "AwsCredentialsProviderChain", "DefaultAWSCredentialsProviderChain",
    "EC2ContainerCredentialsProviderWrapper", "WebIdentityTokenFileCredentialsProvider", "AWSCredentialsProviderChain",
)  # fmt: skip
_KEY_CLASSES = (
    "AwsBasicCredentials", "AwsSessionCredentials", "StaticCredentialsProvider", "BasicAWSCredentials",
    "BasicSessionCredentials", "AWSStaticCredentialsProvider",
)  # fmt: skip
_ROLE_CLASSES = ("StsAssumeRoleCredentialsProvider", "STSAssumeRoleSessionCredentialsProvider")


def credentials_class(name: str) -> Value | None:
    """A class of credentials by its full name; None for other classes."""
    kind = name.rpartition(".")[2]
    if kind in _OWN_CLASSES:
        return _Own(name)
    if kind in _KEY_CLASSES:
        return _Static(name)
    return _Assuming(name) if kind in _ROLE_CLASSES else None
