"""The AWS SDK for .NET: clients, their requests and configurations"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Object, Value
from scopedown.core.tables import read_rows
from scopedown.languages.csharp import credentials
from scopedown.languages.csharp.clients import NET, ClientType
from scopedown.languages.csharp.natives import Type
from scopedown.languages.csharp.requests import RequestType, attribute_value, bare

LANGUAGE = "csharp"
PACKAGES = ("Amazon",)
_RUNTIME = ("Amazon", "Amazon.Runtime", "Amazon.Runtime.CredentialManagement", "Amazon.Util", "Amazon.Runtime.Internal")


@cache
def _services() -> Mapping[str, Mapping[str, str]]:
    """By the namespace, the services by the names of their clients."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(Path(__file__).with_name("services.tsv"), ("service", "namespace", "name")):
        found.setdefault(f"Amazon.{row['namespace']}", {}).setdefault(row["name"], row["service"])
    return found


@cache
def namespaces() -> frozenset[str]:
    """The namespaces of the SDK."""
    found = {name for namespace in _services() for name in (namespace, f"{namespace}.Model")}
    return frozenset({*found, *_RUNTIME})


@cache
def module(name: str) -> Value | None:
    """A class of the SDK by its whole name."""
    namespace, _, written = name.rpartition(".")
    if namespace in ("Amazon", "Amazon.Util") and written == "RegionEndpoint":
        return credentials.Region(written)
    if namespace == "Amazon.Runtime":
        return credentials.TYPES.get(written)
    if namespace in _services():
        return _of_service(_services()[namespace], written)
    if namespace.endswith(".Model") and namespace.removesuffix(".Model") in _services():
        return _of_model(_services()[namespace.removesuffix(".Model")], written)
    return None


def structure(name: str) -> Value | None:
    """A structure in a request by its whole name, which is not guessed: its members are what code writes to it."""
    namespace, _, written = name.rpartition(".")
    known = namespace.endswith(".Model") and namespace.removesuffix(".Model") in _services()
    return RequestType(written) if known and written.isidentifier() else None


def types_of(client: Value) -> list[Value]:
    """The class and the interface of a client."""
    service = client.service_of_client() if isinstance(client, Native) else None
    found: list[Value] = []
    for namespace, services in _services().items():
        for name, one in services.items():
            if one == service:
                named = (module(f"{namespace}.Amazon{name}Client"), module(f"{namespace}.IAmazon{name}"))
                found += [value for value in named if value is not None]
    return found


def _of_service(services: Mapping[str, str], written: str) -> Value | None:
    """A client, its interface or configuration; else the names of choices."""
    for start, end in (("Amazon", "Client"), ("IAmazon", "")):
        if written.startswith(start) and written.endswith(end):
            service = services.get(written.removeprefix(start).removesuffix(end))
            if service is not None:
                return ClientType(NET, service, name=written)
    if written.startswith("Amazon") and written.endswith("Config"):
        return Type(written, make=_configuration)
    if written.endswith("Exception") or not written:
        return Type(written)
    return RequestType(written) if _is_choice(written) else None


def _is_choice(written: str) -> bool:
    """Whether a name may be one of the SDK's classes of choices (``ReturnValue``)."""
    return written in _CHOICES


_CHOICES = frozenset(
    {
        "HttpVerb", "S3CannedACL", "S3StorageClass", "ReturnValue", "ScalarAttributeType", "KeyType", "AttributeAction",
        "ComparisonOperator", "InvocationType", "ServerSideEncryptionMethod", "StandardUnit", "ParameterType",
        "ConditionalOperator", "Select", "BillingMode", "ReturnConsumedCapacity", "LogType", "DetectMode",
        "AuthFlowType", "ChallengeNameType", "QueueAttributeName", "MessageSystemAttributeName", "StatusCode",
    }
)  # fmt: skip


def _configuration(site: CallSite, run: Machine) -> Value:
    return Object(born=run.position.conditional)


def _of_model(services: Mapping[str, str], written: str) -> Value | None:
    """A request. Of the structures in one, only those count whose constructors take something."""
    if written == "AttributeValue":
        return Type(written, make=attribute_value)
    operation = written.removesuffix("Request")
    for service in services.values():
        if (parameters := bare().get((service, operation))) is not None:
            return RequestType(written, parameters=parameters)
    return RequestType(written) if written.endswith("Request") else None
