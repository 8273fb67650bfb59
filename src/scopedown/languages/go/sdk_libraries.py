"""The AWS SDK for Go, both versions: the libraries above the clients.

Transfers to and from S3 (https://docs.aws.amazon.com/sdk-for-go/api/service/s3/s3manager/,
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/s3/manager), DynamoDB's attributes and expressions, tokens of
databases (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/rds/auth,
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/dsql/auth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, in_parts
from scopedown.calls.values import CallSite, Object, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.clients import ClientType, Structure, argument, emit, target_in, through
from scopedown.languages.go.natives import (
    Body,
    Function,
    Package,
    Thing,
    data,
    filled,
    first,
    function,
    results,
    with_error,
)
from scopedown.languages.go.services import V1, V2

LANGUAGE = "go"
PACKAGES = (
    "github.com/aws/aws-sdk-go-v2/feature",
    "github.com/aws/aws-sdk-go/service/s3/s3manager",
    "github.com/aws/aws-sdk-go/service/dynamodb/dynamodbattribute",
    "github.com/aws/aws-sdk-go/service/dynamodb/expression",
    "github.com/aws/aws-sdk-go/service/rds/rdsutils",
)


def module(name: str) -> Value | None:
    """One of the packages."""
    match name.removeprefix(f"{V1}service/").removeprefix(f"{V2}feature/"):
        case "s3/s3manager" | "s3/s3manager/s3manageriface":
            return _package("s3manager", _transfers("go-v1"))
        case "s3/manager" | "s3/transfermanager":
            return _package("manager", _transfers("go-v2"))
        case "dynamodb/dynamodbattribute" | "dynamodb/attributevalue" | "dynamodbstreams/attributevalue":
            return _package("attributevalue", _attributes())
        case "dynamodb/expression":
            return Expressions("expression")
        case "rds/rdsutils":
            return _package("rdsutils", {"BuildAuthToken": _rds_token(0, 2)})
        case "rds/auth":
            return _package("auth", {"BuildAuthToken": _rds_token(1, 3)})
        case "dsql/auth":
            return _package("auth", _dsql_tokens())
        case _:
            return Package(name)


def _package(name: str, members: Mapping[str, Value | Body]) -> Package:
    return Package(
        name,
        {key: one if isinstance(one, Value) else function(f"{name}.{key}", one) for key, one in members.items()},
    )


# transfers


def _transfers(sdk: str) -> Mapping[str, Value | Body]:
    found: dict[str, Value | Body] = {
        "BatchDeleteIterator": Structure("BatchDeleteIterator"),
        "UploadInput": Structure("UploadInput"),
        "UploadObject": Structure("UploadObject"),
        "DownloadObject": Structure("DownloadObject"),
        "BatchDeleteObject": Structure("BatchDeleteObject"),
        "GetBucketRegion": lambda site, run: _bucket_region(sdk, site, run),
        "New": lambda site, run: Transfers(sdk, first(site)),
        "Client": ClientType(Target("s3", sdk), lambda target: Transfers(sdk, None)),
    }
    for kind in ("Uploader", "Downloader", "BatchDelete"):
        for name in (f"New{kind}", f"New{kind}WithClient"):
            found[name] = lambda site, run: Transfers(sdk, first(site))
        for name in (kind, f"{kind}API", f"{kind}WithIterator"):
            found[name] = ClientType(Target("s3", sdk), lambda target: Transfers(sdk, None))
    return found


_TRANSFERRED: Mapping[str, tuple[str, int]] = {
    "Upload": ("PutObject", 0), "UploadWithContext": ("PutObject", 1), "UploadObject": ("PutObject", 1),
    "Download": ("GetObject", 1), "DownloadWithContext": ("GetObject", 2), "DownloadObject": ("GetObject", 1),
    "GetObject": ("GetObject", 1),
}  # fmt: skip
"""Methods, with the operation and the position of the request; those of version 2 take a context first. Parts are sent
and fetched by the same actions (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class Transfers(Native):
    """``s3manager.NewUploader(session)``, ``manager.NewDownloader(client)``."""

    sdk: str
    client: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An upload, a download, a deletion of many objects."""
        if name in _TRANSFERRED:
            return Function(name, lambda site, run: self._transfer(name, site, run), self)
        if name == "Delete":
            return Function(name, self._delete, self)
        if name in ("UploadWithIterator", "DownloadWithIterator"):
            return Function(name, lambda site, run: self._unknown(name, site, run), self)
        return Thing(f"s3manager.{name}")

    def _targets(self) -> list[tuple[Target, Value | None]]:
        held = self.client
        if isinstance(held, Object):  # a session
            return [(config.target("s3", self.sdk, config.merged((held,))), None)]
        return target_in(held, "s3", self.sdk)

    def _transfer(self, name: str, site: CallSite, run: Machine) -> Value:
        written, index = _TRANSFERRED[name]
        if self.sdk == "go-v2" and name in ("Upload", "Download"):
            index += 1
        operation = run.catalog.operation("s3", written)
        if operation is None:
            return data(name, site.place)
        for target, owner in self._targets():
            whole = in_parts(target) if written == "PutObject" else target
            through(run, owner, whole, operation, argument(site, index), site.place)
        return with_error(Object({}, data(name, site.place)), site.place)

    def _unknown(self, name: str, site: CallSite, run: Machine) -> Value:
        """Many at once: of which, an iterator says."""
        operation = run.catalog.operation("s3", "PutObject" if name.startswith("Upload") else "GetObject")
        if operation is not None:
            for target, _ in self._targets():
                emit(run, target, operation, UnknownValue("an iterator's requests", site.place), site.place)
        return UnknownValue("an error", site.place, inert=True)

    def _delete(self, site: CallSite, run: Machine) -> Value:
        operation = run.catalog.operation("s3", "DeleteObjects")
        if operation is not None:
            for target, _ in self._targets():
                emit(run, target, operation, UnknownValue("an iterator's requests", site.place), site.place)
        return UnknownValue("an error", site.place, inert=True)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Settings (``PartSize``) do not matter."""

    def service_of_client(self) -> str:
        """S3."""
        return "s3"

    def describe(self) -> str:
        """For messages."""
        return "a transfer to or from s3"


def _bucket_region(sdk: str, site: CallSite, run: Machine) -> Value:
    operation = run.catalog.operation("s3", "HeadBucket")
    if operation is not None:
        emit(run, Target("s3", sdk), operation, Object({"Bucket": argument(site, 2)}), site.place)
    return with_error(data("GetBucketRegion", site.place), site.place)


# DynamoDB's attributes and expressions: they call nothing


def _attributes() -> Mapping[str, Value | Body]:
    def marshal(site: CallSite, run: Machine) -> Value:
        return with_error(UnknownValue("an item", site.place, inert=True), site.place)

    def unmarshal(site: CallSite, run: Machine) -> Value:
        filled(run, site.argument(1), site.place)
        return UnknownValue("an error", site.place, inert=True)

    found: dict[str, Value | Body] = {}
    for ending in ("", "Map", "List", "MapWithOptions", "WithOptions", "ListWithOptions"):
        found[f"Marshal{ending}"] = marshal
        found[f"Unmarshal{ending}"] = unmarshal
    return {**found, "UnmarshalListOfMaps": unmarshal, "UnmarshalListOfMapsWithOptions": unmarshal}


@dataclass(frozen=True, slots=True, eq=False)
class Expressions(Native):
    """``expression``: builders of expressions, which give more builders, and at last an expression."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Expressions(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """``Build`` gives the expression and an error."""
        name = self.name.rpartition(".")[2]
        if name == "Build":
            return results(Expressions("expression.Expression"), UnknownValue("an error", site.place, inert=True))
        if self.name.startswith("expression.Expression."):
            return data(self.name, site.place)
        return Expressions("expression.Builder")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A variable of a builder's type."""
        return Expressions("expression.Builder")

    def describe(self) -> str:
        """Its name."""
        return self.name


# tokens of databases


def _rds_token(host: int, user: int) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        arguments = {"DBHostname": argument(site, host), "DBUsername": argument(site, user)}
        run.emit("rds-db", "connect", arguments, site.place, "go-v2")
        return with_error(data("BuildAuthToken", site.place), site.place)

    return body


def _dsql_tokens() -> Mapping[str, Value | Body]:
    def token(operation: str) -> Body:
        def body(site: CallSite, run: Machine) -> Value:
            run.emit("dsql", operation, {"Hostname": argument(site, 1)}, site.place, "go-v2")
            return with_error(data(operation, site.place), site.place)

        return body

    return {
        "GenerateDbConnectAuthToken": token("DbConnect"),
        "GenerateDBConnectAdminAuthToken": token("DbConnectAdmin"),
        "GenerateDbConnectAdminAuthToken": token("DbConnectAdmin"),
    }
