"""The AWS SDK for Go, both versions: the libraries above the clients.

Transfers to and from S3 (https://docs.aws.amazon.com/sdk-for-go/api/service/s3/s3manager/,
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/s3/manager), DynamoDB's attributes and expressions, tokens of
databases (https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/rds/auth,
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/feature/dsql/auth).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.clients import V1, V2, ClientType, GoSdk, Structure, argument, emit, target_in
from scopedown.languages.go.natives import (
    Body,
    Package,
    data,
    filled,
    first,
    function,
    results,
    with_error,
)

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
    match name.removeprefix(f"{V1.root}service/").removeprefix(f"{V2.root}feature/"):
        case "s3/s3manager" | "s3/s3manager/s3manageriface":
            return _package("s3manager", _transfers(V1))
        case "s3/manager" | "s3/transfermanager":
            return _package("manager", _transfers(V2))
        case "dynamodb/dynamodbattribute" | "dynamodb/attributevalue" | "dynamodbstreams/attributevalue":
            return _package("attributevalue", _attributes())
        case "dynamodb/expression":
            return Expressions("expression")
        case "rds/rdsutils":
            return ServiceObject(V1, Target("rds", V1.name), "tokens")
        case "rds/auth" | "dsql/auth" as below:
            return ServiceObject(V2, Target(below.partition("/")[0], V2.name), "tokens")
        case _:
            return Package(name)


def _package(name: str, members: Mapping[str, Value | Body]) -> Package:
    return Package(
        name,
        {key: one if isinstance(one, Value) else function(f"{name}.{key}", one) for key, one in members.items()},
    )


# transfers


def _transfers(sdk: GoSdk) -> Mapping[str, Value | Body]:
    """``s3manager.NewUploader(session)``, ``manager.NewDownloader(client)``; ``sdk.tsv`` says what these do."""

    def make(site: CallSite, run: Machine) -> Value:
        given = first(site)
        if isinstance(given, Object):  # a session
            return _of_target(config.target("s3", sdk.name, config.merged((given,))))
        return join(*(replace(_of_target(one), through=through) for one, through in target_in(given, "s3", sdk.name)))

    def _of_target(target: Target) -> ServiceObject:
        return ServiceObject(sdk, target, "transfers")

    kinds = ("Uploader", "Downloader", "BatchDelete")
    made = ("New", *(f"New{kind}{end}" for kind in kinds for end in ("", "WithClient")))
    types = ("Client", *(f"{kind}{end}" for kind in kinds for end in ("", "API", "WithIterator")))
    structures = ("BatchDeleteIterator", "UploadInput", "UploadObject", "DownloadObject", "BatchDeleteObject")
    return {
        **{name: Structure(name) for name in structures},
        **dict.fromkeys(made, make),
        **dict.fromkeys(types, ClientType(Target("s3", sdk.name), _of_target)),
        "GetBucketRegion": lambda site, run: _bucket_region(sdk.name, site, run),
    }


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

    label = "{self.name}"
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
