"""The AWS SDK for Java, version 1.

Source: https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/. What stands on its clients (the document API and the
object mapper of DynamoDB, transfers of S3) is in files of its own.
"""

from __future__ import annotations

import re
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.shapes.objects import ServiceClass
from scopedown.calls.values import Const, Value
from scopedown.core.place import Place
from scopedown.languages.java import v1_mapper
from scopedown.languages.java.credentials import credentials_class
from scopedown.languages.java.natives import Function, JavaClass, Library, computed, given
from scopedown.languages.java.shapes import ShapeClass
from scopedown.languages.java.signers import signing_class
from scopedown.languages.java.unmodelled import unmodelled
from scopedown.languages.java.v1_clients import JAVA_V1, EndpointConfiguration, RequestClass

LANGUAGE = "java"
PACKAGES = ("com.amazonaws",)

_SERVICES: Final = "com.amazonaws.services."
_PARTS: Final = frozenset(
    {
        "model", "waiters", "document", "datamodeling", "util", "transfer", "internal", "iterable", "metrics", "event",
        "transform", "auth", "policy", "streamsadapter", "runtime", "serialization", "sign", "presign", "request",
    }
)  # fmt: skip
"""Packages inside of a service's; others are a project's that has put its classes there."""
_CLIENT: Final = re.compile(r"(?:Amazon|AWS)\w*?(Async)?(?:Client)?(ClientBuilder)?")
_SHARING: Final = (
    ("dynamodbv2", "AmazonDynamoDBStreams", "dynamodbstreams"),
    ("kinesisvideo", "AmazonKinesisVideoArchivedMedia", "kinesis-video-archived-media"),
    ("kinesisvideo", "AmazonKinesisVideoMedia", "kinesis-video-media"),
    ("waf", "AWSWAFRegional", "waf-regional"),
)
"""Clients that share a package with another service's, by how their names begin.

Source: aws/aws-sdk-java, the folders of these packages (tests/languages/sdk_names_checked.tsv)."""
_NO_CLIENTS: Final = frozenset({"AmazonS3URI", "AmazonS3ClientOptions", "AmazonS3Exception"})
_CORE: Final = re.compile(
    r"com\.amazonaws\.(?:[A-Z]\w*|(?:annotation|arn|auth|cache|client|event|function|handlers|http|internal|jmespath|log|"
    r"metrics|monitoring|partitions|profile|protocol|regions|retry|transform|util|waiters)\..*)"
)
"""The packages of the SDK's own core (com.amazonaws:aws-java-sdk-core)."""


def module(name: str) -> Value | None:
    """A class of the SDK by its full name; None for a package that is none of it."""
    if (found := credentials_class(name)) is not None and name.startswith(("com.amazonaws.auth.", _SERVICES)):
        return found
    if (signing := signing_class(name)) is not None:
        return signing
    kind = name.rpartition(".")[2]
    if kind in ("EndpointConfiguration", "AwsClientBuilder"):
        return EndpointConfiguration("EndpointConfiguration")
    if kind == "WaiterParameters":
        return RequestClass(name)
    if name.startswith("com.amazonaws.regions."):
        return _Regions(name) if kind in ("Regions", "Region", "RegionUtils") else Library(name)
    if name == "com.amazonaws.HttpMethod":
        return ShapeClass(name)
    if name.startswith(_SERVICES):
        return _of_service(name)
    return Library(name) if _CORE.fullmatch(name) else None


def _of_service(name: str) -> Value | None:
    parts = name.removeprefix(_SERVICES).split(".")
    first = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts))
    service = JAVA_V1.services.get(parts[0])
    if service is None:
        return None
    if first == len(parts):
        return Library(name) if parts[0] != "lambda" or parts[1:2] == ["model"] else None
    kind, inside = parts[first], parts[1:first]
    if inside and inside[0] not in _PARTS:
        return None
    if parts[0] == "dynamodbv2":
        if inside[:1] == ["document"]:
            return _of_documents(name, kind)
        if inside[:1] == ["datamodeling"]:
            return v1_mapper.mapper_class(name, parts[first:])
    for package, beginning, own in _SHARING:
        if parts[0] == package and kind.startswith(beginning):
            service = own
    if parts[0] == "s3" and inside[:1] == ["transfer"]:
        return ServiceClass(JAVA_V1, "s3", "transfers") if kind.startswith("TransferManager") else Library(name)
    if parts[0] == "lambda" and inside[:1] in (["runtime"], ["serialization"]):
        return None
    client = _CLIENT.fullmatch(kind) if not inside and kind not in _NO_CLIENTS else None
    found: Value
    if client is not None:
        found = ServiceClass(JAVA_V1, service)
    elif inside[:1] == ["model"]:
        found = RequestClass(".".join((*parts[:first], kind)), service=service)
    else:
        found = unmodelled(name, service)
    for part in parts[first + 1 :]:
        found = RequestClass(f"{kind}.{part}", service=service)
    return found


def _of_documents(name: str, kind: str) -> Value:
    """A class of the document interface of DynamoDB
    (https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/dynamodbv2/document/package-summary.html)."""
    if kind in ("DynamoDB", "Table", "Index"):
        return ServiceClass(JAVA_V1, "dynamodb", "document" if kind == "DynamoDB" else "table")
    if kind in ("TableWriteItems", "TableKeysAndAttributes"):
        return RequestClass(name)
    return ShapeClass(name) if kind in ("Item", "PrimaryKey") or kind.endswith("Spec") else Library(name)


class _Regions(JavaClass):
    """``Regions`` and ``Region``: a region is its text."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Regions.EU_WEST_1``, ``Regions.fromName("eu-west-1")``, ``Region.getRegion(…)``."""
        if name in ("fromName", "getRegion"):
            return Function(name, lambda site, run: given(site, 0))
        return Const(name.lower().replace("_", "-")) if name.isupper() else computed(name)
