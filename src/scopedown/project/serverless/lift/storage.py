"""``storage`` and ``database/dynamodb-single-table``: a bucket, and a table with its indexes.

Sources: ``constructs/aws/Storage.js`` and ``constructs/aws/DatabaseDynamoDBSingleTable.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.serverless.lift.model import RETAINED, Construct, attribute, below
from scopedown.project.serverless.names import Name, concat

_OBJECTS: Final = (
    "s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetObjectAcl", "s3:PutObjectAcl",
    "s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging", "s3:GetObjectAttributes",
    "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:ListBucketMultipartUploads", "s3:RestoreObject",
)  # fmt: skip
_ITEMS: Final = (
    "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem",
    "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem",
)  # fmt: skip


def make_storage(construct: Construct) -> None:
    """Add what a storage makes."""
    settings, bucket = construct.settings, construct.id("Bucket")
    public, acl = public_objects(settings), settings.get("allowAcl") is True
    encryption = {"kms": "aws:kms"}.get(str(settings.get("encryption")), "AES256")
    by_default = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": encryption}}
    construct.add(bucket, "AWS::S3::Bucket", {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]},
        "LifecycleConfiguration": {"Rules": [{"Status": "Enabled"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": public is None or not acl, "BlockPublicPolicy": public is None,
            "IgnorePublicAcls": True, "RestrictPublicBuckets": public is None,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]} if acl else None,
        "CorsConfiguration": None if settings.get("cors") is None else {"CorsRules": [settings["cors"]]},
    }, RETAINED)  # fmt: skip
    arn = attribute(bucket)
    statements: list[dict[str, Any]] = [
        {
            "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Effect": "Deny",
            "Principal": {"AWS": "*"}, "Resource": [arn, below(arn)],
        }
    ]  # fmt: skip
    if public is not None:
        resource = {"Fn::Join": ["", [arn, concat("/", public)]]}
        statements.append(
            {"Action": "s3:GetObject", "Effect": "Allow", "Principal": {"AWS": "*"}, "Resource": resource}
        )
    policy = {"Statement": statements, "Version": "2012-10-17"}
    construct.add(
        construct.id("Bucket/Policy"), "AWS::S3::BucketPolicy", {"Bucket": {"Ref": bucket}, "PolicyDocument": policy}
    )
    construct.allows.append((list(_OBJECTS), [arn, {"Fn::Join": ["/", [arn, "*"]]}]))
    construct.extensible["bucket"] = bucket


def public_objects(settings: Mapping[str, Any]) -> Name | None:
    """The objects that everybody may read, as a pattern; None where nobody may."""
    written = settings.get("publicPath")
    if written is None:
        return None
    if not isinstance(written, str):
        return Text.unknown("the public path of a storage is not known")
    path = re.sub(r"^/+|/+$", "", written)
    return "*" if path in ("", "*") else f"{path}/*"


def make_table(construct: Construct) -> None:
    """Add what a single table makes."""
    settings, table = construct.settings, construct.id("Table")
    count = settings.get("gsiCount")
    local = [f"LSI-{number}" for number in range(1, 6)] if settings.get("localSecondaryIndexes") else []
    everywhere = [f"GSI-{number}" for number in range(1, min(count, 20) + 1)] if isinstance(count, int) else []
    keys = ["PK", "SK", *(f"{name}-SK" for name in local)]
    keys += [f"{name}-{kind}" for name in everywhere for kind in ("PK", "SK")]
    construct.add(table, "AWS::DynamoDB::Table", {
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
        "KeySchema": _schema("PK", "SK"),
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": "TimeToLive", "Enabled": True},
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "LocalSecondaryIndexes": [_index(name, "PK") for name in local] or None,
        "GlobalSecondaryIndexes": [_index(name, f"{name}-PK") for name in everywhere] or None,
    }, RETAINED)  # fmt: skip
    construct.allows.append((list(_ITEMS), [attribute(table), {"Fn::Join": ["/", [attribute(table), "index", "*"]]}]))
    construct.extensible["table"] = table


def _schema(hashed: str, sorted_: str) -> list[dict[str, Any]]:
    return [{"AttributeName": hashed, "KeyType": "HASH"}, {"AttributeName": sorted_, "KeyType": "RANGE"}]


def _index(name: str, hashed: str) -> dict[str, Any]:
    keys = _schema(hashed, f"{name}-SK")
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
