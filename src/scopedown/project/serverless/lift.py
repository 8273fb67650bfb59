"""The constructs of the plugin serverless-lift: the resources, functions and permissions that they bring.

A construct under ``constructs`` becomes CloudFormation resources with the CDK's logical ids, and may bring a worker
function; ``${construct:NAME.property}`` refers to it; the shared role gets the construct's permissions. Sources:
serverless-lift 1.37.7 (MIT), ``src/plugin`` and ``src/constructs/aws``; ids as aws-cdk's ``makeUniqueId`` makes them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, place_of
from scopedown.project.model import DeclaredResource, DeclaredStatement
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service

PLUGIN: Final = "serverless-lift"

_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "queue": {"Queue": "AWS::SQS::Queue", "Dlq": "AWS::SQS::Queue"},
    "storage": {"Bucket": "AWS::S3::Bucket", "Bucket/Policy": "AWS::S3::BucketPolicy"},
    "database/dynamodb-single-table": {"Table": "AWS::DynamoDB::Table"},
    "webhook": {"Bus": "AWS::Events::EventBus"},
}
"""The resources of each type of construct: their CDK names and types."""

_ENCRYPTED: Final = {
    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
}
_STORAGE: Final[Mapping[str, Any]] = {
    "BucketEncryption": _ENCRYPTED,
    "LifecycleConfiguration": {
        "Rules": [
            {"Status": "Enabled", "Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0}]},
            {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        ]
    },
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True,
    },
    "VersioningConfiguration": {"Status": "Enabled"},
}  # fmt: skip
_SINGLE_TABLE: Final[Mapping[str, Any]] = {
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    "BillingMode": "PAY_PER_REQUEST",
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    "TimeToLiveSpecification": {"AttributeName": "TimeToLive", "Enabled": True},
    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
}
_RETAINED: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
"""What the CDK puts beside the properties of buckets and tables."""

_PROPERTIES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "queue": {
        "queueUrl": ("Queue", ""), "queueArn": ("Queue", "Arn"), "dlqUrl": ("Dlq", ""), "dlqArn": ("Dlq", "Arn"),
    },
    "storage": {"bucketName": ("Bucket", ""), "bucketArn": ("Bucket", "Arn")},
    "database/dynamodb-single-table": {
        "tableName": ("Table", ""), "tableArn": ("Table", "Arn"), "tableStreamArn": ("Table", "StreamArn"),
    },
    "webhook": {"busName": ("Bus", "")},
}  # fmt: skip
"""The properties of ``${construct:NAME.property}``: of which resource, and which attribute (none: its Ref)."""

_ACTIONS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "queue": ("Queue", "", ("sqs:SendMessage", "sqs:ChangeMessageVisibility")),
    "storage": (
        "Bucket", "*",
        (
            "s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetObjectAcl", "s3:PutObjectAcl",
        ),
    ),
    "database/dynamodb-single-table": (
        "Table", "index/*",
        (
            "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem",
            "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem",
        ),
    ),
}  # fmt: skip
"""What each type of construct allows: on which resource, on what below its ARN, and the actions."""


def logical_id(construct: str, name: str) -> str:
    """The logical id of a construct's resource; a name that ends in the next one's is written once.

    >>> logical_id("jobs", "Queue")
    'jobsQueueCEDBAE3E'
    >>> logical_id("inputBucket", "Bucket/Policy")
    'inputBucketPolicy6790AA37'
    """
    path = f"{construct}/{name}/Resource"
    digest = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()[:8].upper()
    words = [construct]
    for word in name.split("/"):
        if not words[-1].endswith(word):
            words.append(word)
    return "".join(re.sub(r"[^A-Za-z0-9]", "", word) for word in words) + digest


def variable(tree: Mapping[str, Any], address: str) -> Text | None:
    """The value of ``${construct:address}``; None where no construct has it."""
    name, _, wanted = address.partition(".")
    kind = as_map(as_map(tree.get("constructs")).get(name)).get("type")
    found = _PROPERTIES.get(kind, {}).get(wanted) if isinstance(kind, str) else None
    if found is None:
        return None
    id = logical_id(name, found[0])
    return Text.of(Att(id, found[1]) if found[1] else Ref(id))


def add_constructs(service: Service, constructs: Any, automatic: bool) -> dict[str, DeclaredResource]:
    """Add the constructs' functions, events and permissions to the service; gives their resources."""
    resources: dict[str, DeclaredResource] = {}
    for name, construct in as_map(constructs).items():
        place = place_of(constructs, name) or service.place
        kind = as_map(construct).get("type")
        if not isinstance(kind, str) or kind not in _TYPES:
            if kind not in ("static-website", "single-page-app", "server-side-website", "vpc"):
                service.tell(
                    "construct-unknown",
                    f"the construct {name} has an unknown type: {kind}",
                    place,
                    "correct its type",
                )
            continue
        for part, type in _TYPES[kind].items():
            id = logical_id(name, part)
            properties = _properties(service, construct, name, part)
            retained = _RETAINED if part in ("Bucket", "Table") else {}
            resources[id] = DeclaredResource(id, type, properties, place, retained)
        if kind == "queue":
            _worker(service, construct, name, place)
        if kind == "webhook" and isinstance(construct.get("authorizer"), Mapping):
            _add_function(service, f"{name}Authorizer", construct["authorizer"], place)
        if automatic and kind in _ACTIONS:
            service.added.append(_statement(kind, name, place))
    return resources


def _properties(service: Service, construct: Mapping[str, Any], name: str, part: str) -> Mapping[str, Any]:
    """The properties that decide what CloudFormation calls. Queues are named after the stack; the others get names
    from CloudFormation."""
    if part == "Bucket":
        return _bucket(construct)
    if part == "Bucket/Policy":
        return {"Bucket": {"Ref": logical_id(name, "Bucket")}, "PolicyDocument": {"Statement": []}}
    if part == "Table":
        return _SINGLE_TABLE
    if part not in ("Queue", "Dlq"):
        return {}
    stack = service.provider.get("stackName")
    if not isinstance(stack, str | Text) or not stack:
        stack = concat(service.name, f"-{service.stage}")
    suffix = "-dlq" if part == "Dlq" else ""
    return {"QueueName": concat(stack, f"-{name}{suffix}", ".fifo" if construct.get("fifo") is True else "")}


def _bucket(construct: Mapping[str, Any]) -> Mapping[str, Any]:
    found = dict(_STORAGE)
    if construct.get("encryption") == "kms":
        by_kms = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
        found["BucketEncryption"] = {"ServerSideEncryptionConfiguration": [by_kms]}
    if construct.get("allowAcl") is True:
        found["OwnershipControls"] = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    if construct.get("cors") is not None:
        found["CorsConfiguration"] = {"CorsRules": []}
    return found


def _worker(service: Service, construct: Mapping[str, Any], name: str, place: Place) -> None:
    worker = construct.get("worker")
    key = worker if isinstance(worker, str) else f"{name}Worker"
    if isinstance(worker, Mapping):
        _add_function(service, key, worker, place_of(construct, "worker") or place)
    function = service.functions.get(key)
    if not isinstance(function, MapNode):
        service.tell("construct-worker", f"the construct {name} has no worker function", place, "set its worker")
        return
    arn = MapNode({"Fn::GetAtt": [logical_id(name, "Queue"), "Arn"]}, place)
    event = MapNode({"sqs": MapNode({"arn": arn}, place)}, place)
    event.keys_at["sqs"] = event.values_at["sqs"] = place
    events = ListNode([*as_list(function.get("events")), event], place)
    events.items_at = [place_of(function.get("events"), index) or place for index in range(len(events) - 1)] + [place]
    function["events"] = events


def _add_function(service: Service, key: str, function: Mapping[str, Any], place: Place) -> None:
    node = MapNode(function, place)
    service.functions[key] = node
    if isinstance(service.functions, MapNode):
        service.functions.keys_at[key] = place


def _statement(kind: str, name: str, place: Place) -> DeclaredStatement:
    part, below, actions = _ACTIONS[kind]
    arn = {"Fn::GetAtt": [logical_id(name, part), "Arn"]}
    resource: list[Any] = [arn, {"Fn::Join": ["", [arn, f"/{below}"]]}] if below else [arn]
    return DeclaredStatement({"Effect": "Allow", "Action": list(actions), "Resource": resource}, place, PLUGIN)
