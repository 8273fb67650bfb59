"""The AWS SDK for Java, version 2.

Clients, synchronous and asynchronous, are made by ``create()`` or a builder; each method is an operation, which takes a
request or a function that fills one. ``…Paginator`` is the same operation, a waiter asks another one again and again, a
presigned request needs what its operation needs.

Sources: https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/,
https://sdk.amazonaws.com/java/api/latest/, the API reference of the classes named below.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.shapes.objects import ServiceClass
from scopedown.calls.values import Const, Value
from scopedown.core.place import Place
from scopedown.languages.java.clients import JAVA_V2, UnknownService
from scopedown.languages.java.credentials import credentials_class
from scopedown.languages.java.natives import Function, JavaClass, Library, computed, given
from scopedown.languages.java.shapes import ShapeClass
from scopedown.languages.java.signers import signing_class
from scopedown.languages.java.unmodelled import unmodelled

LANGUAGE = "java"
PACKAGES = ("software.amazon.awssdk",)

_SERVICES: Final = "software.amazon.awssdk.services."
_PARTS: Final = frozenset(
    {"model", "waiters", "paginators", "presigner", "internal", "transform", "endpoints", "auth", "batchmanager", "crt"}
)
"""Packages inside of a service's."""


def module(name: str) -> Value | None:
    """A class of the SDK by its full name."""
    if (found := credentials_class(name)) is not None:
        return found
    if name.startswith(_SERVICES):
        return _of_service(name)
    if (signing := signing_class(name)) is not None:
        return signing
    kind = name.rpartition(".")[2]
    if name.startswith("software.amazon.awssdk.transfer."):
        if kind == "S3TransferManager":
            return ServiceClass(JAVA_V2, "s3", "transfers")
        return ShapeClass(name) if kind.endswith("Request") else Library(name)
    if name.startswith("software.amazon.awssdk.regions.") and kind == "Region":
        return _REGION
    if name.startswith("software.amazon.awssdk.core.") or name.startswith("software.amazon.awssdk.utils."):
        return Library(name)
    if name.startswith("software.amazon.awssdk.arns.") or name.startswith("software.amazon.awssdk.policybuilder."):
        return ShapeClass(name)
    return Library(name)


def _of_service(name: str) -> Value:
    parts = name.removeprefix(_SERVICES).split(".")
    first = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts))
    package = [part for part in parts[:first] if part not in _PARTS]
    inside = [part for part in parts[:first] if part in _PARTS]
    service = JAVA_V2.services.get(".".join(package)) or JAVA_V2.services.get(package[0] if package else "")
    if first == len(parts):
        return Library(name)
    kind = parts[first]
    found: Value
    if service is None:
        found = UnknownService(".".join(package)) if kind.endswith("Client") else Library(name)
    elif not inside and kind.endswith("AsyncClient"):
        found = ServiceClass(JAVA_V2, service, "async")
    elif not inside and kind.endswith("Client") and not kind.endswith("ServiceClient"):
        found = ServiceClass(JAVA_V2, service)
    elif "waiters" in inside and kind.endswith("Waiter"):
        found = ServiceClass(JAVA_V2, service, "async-waiter" if kind.endswith("AsyncWaiter") else "waiter")
    elif kind.endswith("Presigner"):
        found = ServiceClass(JAVA_V2, service, "presigner")
    elif kind == "RdsUtilities":
        found = ServiceClass(JAVA_V2, service, "utilities")
    elif inside or kind.endswith(("Configuration", "Request")):
        found = ShapeClass(".".join((*parts[:first], kind)))
    else:
        found = unmodelled(name, service)
    for part in parts[first + 1 :]:
        found = ShapeClass(f"{kind}.{part}")
    return found


class _Region(JavaClass):
    """``Region``: a region is its text."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Region.EU_WEST_1``, ``Region.of("eu-west-1")``."""
        if name == "of":
            return Function("Region.of", lambda site, run: given(site, 0))
        return Const(name.lower().replace("_", "-")) if name.isupper() else computed(name)


_REGION: Final = _Region("software.amazon.awssdk.regions.Region")
