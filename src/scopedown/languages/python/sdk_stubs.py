"""Type stubs of boto3: what an annotation with one of their classes says about a value.

``mypy_boto3_s3``, ``types_boto3_s3``, ``types_aiobotocore_s3`` and their like have a package for each service, with
``S3Client``, ``S3ServiceResource`` and the service's resources as classes
(https://youtype.github.io/boto3_stubs_docs/mypy_boto3_s3/). At run time they are never called.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.python.natives import Library
from scopedown.languages.python.sdk_client import BOTO3, SDK
from scopedown.languages.python.sdk_resources import Resource, service_resource

LANGUAGE = "python"
PREFIXES = ("mypy_boto3_", "types_boto3_", "types_aiobotocore_", "types_aioboto3_")

_CLASSES_IN = ("", "client", "service_resource")
"""The modules of a package that hold clients and resources; the others hold literals, dictionaries, paginators."""


def module(name: str) -> Value | None:
    """The value of importing one of the packages or a module inside of it."""
    package, _, inside = name.partition(".")
    prefix = next((one for one in PREFIXES if package.startswith(one)), None)
    if prefix is None:
        return None
    return StubModule(name, package[len(prefix) :].replace("_", "-"), inside)


@dataclass(frozen=True, slots=True, eq=False)
class StubModule(Native):
    """A package of stubs, or a module of it."""

    label = "{self.name}"
    name: str
    service: str
    inside: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A class of a client or resource, a module, or a type of which nothing follows."""
        if self.inside not in _CLASSES_IN or run.catalog.service(self.service) is None:
            return Library(f"{self.name}.{name}")
        if name in ("client", "service_resource") and not self.inside:
            return StubModule(f"{self.name}.{name}", self.service, name)
        if name.endswith("Client"):
            return StubClass(self.service, None)
        kind = "ServiceResource" if name.endswith("ServiceResource") else name
        if run.catalog.resource_model(self.service, kind) is not None:
            return StubClass(self.service, kind)
        return Library(f"{self.name}.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class StubClass(Native):
    """The type of a client (``resource`` is None) or of a resource."""

    service: str
    resource: str | None

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """What a value of this type is; which one (which table) is not known."""
        target = Target(self.service, SDK)
        if self.resource is None:
            return BOTO3.client(target)
        if self.resource == "ServiceResource":
            return service_resource(target, run, site.place)
        model = run.catalog.resource_model(self.service, self.resource)
        if model is None:
            return UnknownValue(f"a {self.service} {self.resource}", site.place)
        reason = f"of a {self.resource} by its type"
        names = {name: UnknownValue(f"{name} {reason}", site.place) for name in model.identifiers}
        return Resource(target, model, names)

    def describe(self) -> str:
        """For messages."""
        return f"the type of a {self.service} {self.resource or 'client'}"
