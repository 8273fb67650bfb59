"""Parts of the AWS SDK for .NET that sign: tokens of databases; helpers for buckets

Reference: https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/RDS/TRDSAuthTokenGenerator.html.
"""

from __future__ import annotations

from functools import partial

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import CallSite, Const, TextValue, UnknownValue, Value, options
from scopedown.languages.csharp.credentials import SDK
from scopedown.languages.csharp.natives import Type, arguments, method

LANGUAGE = "csharp"
PACKAGES = (
    "Amazon.RDS.Util", "Amazon.DSQL.Util", "Amazon.S3.Util", "Amazon.SQS.Util",
    "Amazon.SimpleNotificationService.Util",
)  # fmt: skip


def _token(site: CallSite, run: Machine) -> Value:
    """``GenerateAuthToken([credentials, region,] host, port, user)``: the last three name the database's user."""
    values = [one for one in site.positional if not all(isinstance(option, ServiceObject) for option in options(one))]
    host, port, user = ([UnknownValue("a database", site.place)] * 3 + values)[-3:]
    run.emit("rds-db", "connect", {"DBHostname": host, "Port": port, "DBUsername": user}, site.place, SDK)
    return UnknownValue("a signed token", site.place, inert=True)


def _cluster(admin: bool, site: CallSite, run: Machine) -> Value:
    """A token of Aurora DSQL."""
    texts = [one for one in arguments(site) if any(isinstance(option, Const | TextValue) for option in options(one))]
    given = {"Hostname": texts[-1] if texts else UnknownValue("a cluster", site.place)}
    run.emit("dsql", "DbConnectAdmin" if admin else "DbConnect", given, site.place, SDK)
    return UnknownValue("a signed token", site.place, inert=True)


def _bucket(operations: tuple[str, ...], site: CallSite, run: Machine) -> Value:
    """A method of ``AmazonS3Util``: its client and bucket are arguments."""
    clients = [option for value in arguments(site) for option in options(value) if isinstance(option, ServiceObject)]
    texts = [one for one in arguments(site) if not all(isinstance(option, ServiceObject) for option in options(one))]
    bucket = texts[0] if texts else UnknownValue("a bucket", site.place)
    target = clients[0].target if clients else Target("s3", SDK)
    for operation in operations:
        run.emit("s3", operation, {"Bucket": bucket}, site.place, SDK, target.credentials)
    return UnknownValue("a result", site.place, inert=True)


_TYPES: dict[str, Value] = {
    "AmazonS3Util": Type(
        "AmazonS3Util",
        {
            "DoesS3BucketExistAsync": method("DoesS3BucketExistAsync", partial(_bucket, ("ListObjects",))),
            "DoesS3BucketExistV2Async": method("DoesS3BucketExistV2Async", partial(_bucket, ("GetBucketAcl",))),
            "DeleteS3BucketWithObjectsAsync": method(
                "DeleteS3BucketWithObjectsAsync",
                partial(_bucket, ("ListObjectVersions", "DeleteObjects", "DeleteBucket")),
            ),
        },
    ),
    "RDSAuthTokenGenerator": Type(
        "RDSAuthTokenGenerator",
        {
            name: method(f"RDSAuthTokenGenerator.{name}", _token)
            for name in ("GenerateAuthToken", "GenerateAuthTokenAsync")
        },
    ),
    "DSQLAuthTokenGenerator": Type(
        "DSQLAuthTokenGenerator",
        {
            name: method(f"DSQLAuthTokenGenerator.{name}", partial(_cluster, "Admin" in name))
            for name in (
                "GenerateDbConnectAuthToken",
                "GenerateDbConnectAdminAuthToken",
                "GenerateDbConnectAuthTokenAsync",
                "GenerateDbConnectAdminAuthTokenAsync",
            )
        },
    ),
}


def module(name: str) -> Value | None:
    """A class by its whole name."""
    return _TYPES.get(name.rpartition(".")[2])
