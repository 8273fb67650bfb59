"""Operations on one resource, to be asked for the attacker's own or for the victim's, and what an attack is.

In the parameters, ``$name`` is replaced by what the resource is called: see :func:`names`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from attacks.wire import Answer, Wire
from attacks.world import World, arn

Send = Callable[[World], "Answer | list[Answer]"]


@dataclass(frozen=True)
class Attack:
    """``send`` asks it, and returns the answers. It came through where an answer contains the victim's content, or the
    victim's resources of ``service`` changed, or, with ``strict``, where the last answer is a success, or, with
    ``denied``, where the last answer is anything but a denial. A ``control`` must not be denied."""

    title: str
    service: str
    send: Send
    strict: bool = False
    denied: bool = False
    control: bool = False


Family = Callable[[World, random.Random], Iterator[Attack]]
FAMILIES: dict[str, Family] = {}


def family(name: str) -> Callable[[Family], Family]:
    """Registers a family of attacks."""

    def register(made: Family) -> Family:
        assert name not in FAMILIES, name
        FAMILIES[name] = made
        return made

    return register


def ask(title: str, wire: Wire, strict: bool = False, who: str = "key", service: str = "") -> Attack:
    """The attack that is one request, signed by the attacker (``who`` names another key of the world)."""
    return Attack(
        title, service or wire.service, lambda w: wire.signed(getattr(w, who), w.address).send(w.address), strict
    )


def call(title: str, service: str, operation: str, strict: bool = False, who: str = "key", **parameters: Any) -> Attack:
    """The attack that is one operation."""
    return ask(f"{operation} {title}", Wire.of(service, operation, **parameters), strict, who)


@dataclass(frozen=True)
class Op:
    """An operation on one resource. ``reads``: its answer contains the content; else it changes the resource."""

    service: str
    name: str
    parameters: dict[str, Any]
    reads: bool = False

    def of(self, world: World, whose: str) -> dict[str, Any]:
        """The parameters for ``own`` or ``victim``."""
        filled: dict[str, Any] = _filled(self.parameters, names(world, whose))
        return filled

    def wire(self, world: World, whose: str) -> Wire:
        """The request for ``own`` or ``victim``."""
        return Wire.of(self.service, self.name, **self.of(world, whose))


def names(world: World, whose: str) -> dict[str, str]:
    """What stands for ``$name`` in parameters."""
    ids = world.ids
    return {
        "name": whose, "bucket": f"{whose}-bucket", "object": "secret" if whose == "victim" else "mine",
        "table": arn("dynamodb", f"table/{whose}"), "url": ids[f"{whose} url"], "topic": ids[f"{whose} topic"],
        "key": ids[f"{whose} key"], "keyarn": arn("kms", "key/" + ids[f"{whose} key"]), "alias": f"alias/{whose}",
        "parameter": f"/{whose}/p", "secret": ids[f"{whose} secret"], "function": arn("lambda", f"function:{whose}"),
        "role": f"{whose}-role", "rolearn": arn("iam", f"role/{whose}-role", ""),
        "machine": arn("states", f"stateMachine:{whose}"), "group": arn("logs", f"log-group:{whose}"),
        "stream": arn("kinesis", f"stream/{whose}"), "api": ids[f"{whose} api"], "root": ids[f"{whose} root"],
        "instance": ids[f"{whose} instance"], "pool": ids[f"{whose} pool"], "rule": arn("events", f"rule/{whose}"),
    }  # fmt: skip


def _filled(value: Any, by: dict[str, str]) -> Any:
    if isinstance(value, str):
        return by[value[1:]] if value.startswith("$") else value
    if isinstance(value, dict):
        return {name: _filled(one, by) for name, one in value.items()}
    return [_filled(one, by) for one in value] if isinstance(value, list) else value


ID = {"id": {"S": "1"}}
TAGS = [{"Key": "t", "Value": "attack"}]
OPS = [
    Op("dynamodb", "GetItem", {"TableName": "$name", "Key": ID}, True),
    Op("dynamodb", "PutItem", {"TableName": "$name", "Item": {"id": {"S": "attack"}}}),
    Op("dynamodb", "DeleteItem", {"TableName": "$name", "Key": ID}),
    Op("dynamodb", "UpdateItem", {"TableName": "$name", "Key": ID, "UpdateExpression": "SET z = :z",
                                  "ExpressionAttributeValues": {":z": {"S": "attack"}}}),
    Op("dynamodb", "Scan", {"TableName": "$name"}, True),
    Op("dynamodb", "Query", {"TableName": "$name", "KeyConditionExpression": "id = :i",
                             "ExpressionAttributeValues": {":i": {"S": "1"}}}, True),
    Op("dynamodb", "TagResource", {"ResourceArn": "$table", "Tags": TAGS}),
    Op("dynamodb", "UpdateTimeToLive", {"TableName": "$name",
                                        "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "t"}}),
    Op("sqs", "SendMessage", {"QueueUrl": "$url", "MessageBody": "attack"}),
    Op("sqs", "ReceiveMessage", {"QueueUrl": "$url", "WaitTimeSeconds": 0}, True),
    Op("sqs", "SetQueueAttributes", {"QueueUrl": "$url", "Attributes": {"DelaySeconds": "3"}}),
    Op("sqs", "TagQueue", {"QueueUrl": "$url", "Tags": {"t": "attack"}}),
    Op("sns", "Publish", {"TopicArn": "$topic", "Message": "attack"}),
    Op("sns", "GetTopicAttributes", {"TopicArn": "$topic"}, True),
    Op("sns", "SetTopicAttributes", {"TopicArn": "$topic", "AttributeName": "DisplayName", "AttributeValue": "x"}),
    Op("sns", "Subscribe", {"TopicArn": "$topic", "Protocol": "email", "Endpoint": "attack@example.com"}),
    Op("kms", "UpdateKeyDescription", {"KeyId": "$key", "Description": "attack"}),
    Op("kms", "TagResource", {"KeyId": "$key", "Tags": [{"TagKey": "t", "TagValue": "attack"}]}),
    Op("kms", "EnableKeyRotation", {"KeyId": "$keyarn"}),
    Op("kms", "CreateGrant", {"KeyId": "$keyarn", "GranteePrincipal": "$rolearn", "Operations": ["Decrypt"]}),
    Op("ssm", "GetParameter", {"Name": "$parameter", "WithDecryption": True}, True),
    Op("ssm", "GetParameters", {"Names": ["$parameter"], "WithDecryption": True}, True),
    Op("ssm", "PutParameter", {"Name": "$parameter", "Value": "attack", "Overwrite": True}),
    Op("ssm", "AddTagsToResource", {"ResourceType": "Parameter", "ResourceId": "$parameter", "Tags": TAGS}),
    Op("secretsmanager", "GetSecretValue", {"SecretId": "$secret"}, True),
    Op("secretsmanager", "PutSecretValue", {"SecretId": "$secret", "SecretString": "attack"}),
    Op("secretsmanager", "TagResource", {"SecretId": "$name", "Tags": TAGS}),
    Op("lambda", "GetFunctionConfiguration", {"FunctionName": "$name"}, True),
    Op("lambda", "GetFunction", {"FunctionName": "$function"}, True),
    Op("lambda", "UpdateFunctionConfiguration", {"FunctionName": "$name", "Description": "attack"}),
    Op("lambda", "AddPermission", {"FunctionName": "$name", "StatementId": "s", "Action": "lambda:InvokeFunction",
                                   "Principal": "s3.amazonaws.com"}),
    Op("lambda", "TagResource", {"Resource": "$function", "Tags": {"t": "attack"}}),
    Op("iam", "TagRole", {"RoleName": "$role", "Tags": TAGS}),
    Op("iam", "PutRolePolicy", {"RoleName": "$role", "PolicyName": "p", "PolicyDocument": '{"Version": "2012-10-17"'
       ', "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'}),
    Op("iam", "UpdateRole", {"RoleName": "$role", "Description": "attack"}),
    Op("stepfunctions", "DescribeStateMachine", {"stateMachineArn": "$machine"}, True),
    Op("stepfunctions", "StartExecution", {"stateMachineArn": "$machine", "name": "attack", "input": "{}"}),
    Op("logs", "FilterLogEvents", {"logGroupName": "$name"}, True),
    Op("logs", "GetLogEvents", {"logGroupName": "$name", "logStreamName": "s", "startFromHead": True}, True),
    Op("logs", "PutRetentionPolicy", {"logGroupName": "$name", "retentionInDays": 7}),
    Op("logs", "CreateLogStream", {"logGroupName": "$name", "logStreamName": "attack"}),
    Op("kinesis", "PutRecord", {"StreamName": "$name", "Data": b"attack", "PartitionKey": "1"}),
    Op("kinesis", "AddTagsToStream", {"StreamName": "$name", "Tags": {"t": "attack"}}),
    Op("kinesis", "IncreaseStreamRetentionPeriod", {"StreamName": "$name", "RetentionPeriodHours": 48}),
    Op("events", "DescribeRule", {"Name": "$name"}, True),
    Op("events", "DisableRule", {"Name": "$name"}),
    Op("events", "PutTargets", {"Rule": "$name", "Targets": [{"Id": "1", "Arn": "$function"}]}),
    Op("apigateway", "GetRestApi", {"restApiId": "$api"}, True),
    Op("apigateway", "CreateResource", {"restApiId": "$api", "parentId": "$root", "pathPart": "attack"}),
    Op("ec2", "StopInstances", {"InstanceIds": ["$instance"]}),
    Op("ec2", "CreateTags", {"Resources": ["$instance"], "Tags": TAGS}),
    Op("cognito-idp", "AdminGetUser", {"UserPoolId": "$pool", "Username": "u"}, True),
    Op("cognito-idp", "AdminDisableUser", {"UserPoolId": "$pool", "Username": "u"}),
    Op("s3", "GetObject", {"Bucket": "$bucket", "Key": "$object"}, True),
    Op("s3", "PutObject", {"Bucket": "$bucket", "Key": "attack", "Body": b"x"}),
    Op("s3", "PutObjectTagging", {"Bucket": "$bucket", "Key": "$object", "Tagging": {"TagSet": TAGS}}),
    Op("s3", "GetBucketTagging", {"Bucket": "$bucket"}, True),
    Op("s3", "DeleteObject", {"Bucket": "$bucket", "Key": "$object"}),
]  # fmt: skip
JSON_OPS = [op for op in OPS if op.service not in ("sns", "iam", "ec2", "s3", "lambda", "apigateway")]
QUERY_OPS = [op for op in OPS if op.service in ("sns", "iam", "ec2")]
REST_OPS = [op for op in OPS if op.service in ("lambda", "apigateway", "s3")]
