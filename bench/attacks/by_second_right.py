"""Attacks by who lacks the second right of a request: tagging what is made, replicas, connections, limits of IAM.

Sources: the dependent actions and condition keys of the service authorization reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from attacks.lacking import Row, asked_by, but, user, without
from attacks.operations import Attack, family
from attacks.wire import Wire
from attacks.world import World, arn, document, statement

PAIRS = [{"Key": "t", "Value": "x"}]
MAP = {"t": "x"}
OWN_ROLE = arn("iam", "role/own-role", "")
EVERYTHING = json.dumps(document(statement("*", "*")))


@family("second: tags on what is made")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    specification = [{"ResourceType": "instance", "Tags": PAIRS}]
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    table = {"TableName": "own-t", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}  # fmt: skip
    rows: list[tuple[str | list[str], str, str, dict[str, Any]]] = [
        ("ec2:CreateTags", "ec2", "RunInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "TagSpecifications": specification}),
        ("ec2:CreateTags", "ec2", "CreateVolume", {"AvailabilityZone": "us-east-1a", "Size": 1, "TagSpecifications": [{"ResourceType": "volume", "Tags": PAIRS}]}),
        ("ec2:CreateTags", "ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": PAIRS}]}),
        ("ec2:CreateTags", "ec2", "CreateSecurityGroup", {"GroupName": "g", "Description": "d", "TagSpecifications": [{"ResourceType": "security-group", "Tags": PAIRS}]}),
        ("sqs:TagQueue", "sqs", "CreateQueue", {"QueueName": "own-q", "tags": MAP}), ("sns:TagResource", "sns", "CreateTopic", {"Name": "own-t", "Tags": PAIRS}),
        ("dynamodb:TagResource", "dynamodb", "CreateTable", {**table, "Tags": PAIRS}), ("kms:TagResource", "kms", "CreateKey", {"Tags": [{"TagKey": "t", "TagValue": "x"}]}),
        ("secretsmanager:TagResource", "secretsmanager", "CreateSecret", {"Name": "own-n", "SecretString": "x", "Tags": PAIRS}),
        ("ssm:AddTagsToResource", "ssm", "PutParameter", {"Name": "/own/q", "Value": "x", "Type": "String", "Tags": PAIRS}),
        ("lambda:TagResource", "lambda", "CreateFunction", {"FunctionName": "own-f", "Role": OWN_ROLE, "Runtime": "python3.12", "Handler": "i.h", "Code": {"ZipFile": b"x"}, "Tags": MAP}),
        ("states:TagResource", "stepfunctions", "CreateStateMachine", {"name": "own-m", "definition": definition, "roleArn": OWN_ROLE, "tags": [{"key": "t", "value": "x"}]}),
        ("iam:TagRole", "iam", "CreateRole", {"RoleName": "own-x", "AssumeRolePolicyDocument": EVERYTHING, "Tags": PAIRS}),
        ("iam:TagUser", "iam", "CreateUser", {"UserName": "own-x", "Tags": PAIRS}), ("iam:TagPolicy", "iam", "CreatePolicy", {"PolicyName": "own-x", "PolicyDocument": EVERYTHING, "Tags": PAIRS}),
        ("events:TagResource", "events", "PutRule", {"Name": "own-r", "ScheduleExpression": "rate(1 day)", "Tags": PAIRS}),
        ("ecr:TagResource", "ecr", "CreateRepository", {"repositoryName": "own-e", "tags": PAIRS}), (["logs:TagResource", "logs:TagLogGroup"], "logs", "CreateLogGroup", {"logGroupName": "own-l", "tags": MAP}),
        ("ecs:TagResource", "ecs", "CreateCluster", {"clusterName": "own-c", "tags": [{"key": "t", "value": "x"}]}),
        ("cloudwatch:TagResource", "cloudwatch", "PutMetricAlarm", {"AlarmName": "own-a", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Tags": PAIRS}),
        ("s3:PutObjectTagging", "s3", "PutObject", {"Bucket": "own-bucket", "Key": "k", "Body": b"x", "Tagging": "t=x"}), ("firehose:TagDeliveryStream", "firehose", "CreateDeliveryStream",
         {"DeliveryStreamName": "own-d", "S3DestinationConfiguration": {"RoleARN": OWN_ROLE, "BucketARN": "arn:aws:s3:::own-bucket"}, "Tags": PAIRS}),
    ]  # fmt: skip
    for action, service, operation, parameters in rows:
        yield from without(world, action, [Row(service, operation, parameters)])


@family("second: tags through the tagging API")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html"""
    arns = {
        "s3:PutBucketTagging": ["arn:aws:s3:::own-bucket", "arn:aws:s3:::victim-bucket"], "sqs:TagQueue": [arn("sqs", "own"), arn("sqs", "victim")],
        "sns:TagResource": [arn("sns", "own"), arn("sns", "victim")], "dynamodb:TagResource": [arn("dynamodb", "table/own"), arn("dynamodb", "table/victim")],
        "lambda:TagResource": [arn("lambda", "function:own")], "kms:TagResource": [arn("kms", "key/" + world.ids["own key"])], "ec2:CreateTags": [arn("ec2", "instance/" + world.ids["own instance"]), arn("ec2", "vpc/vpc-1")],
        "secretsmanager:TagResource": [world.ids["own secret"]], "states:TagResource": [arn("states", "stateMachine:own")], "rds:AddTagsToResource": [arn("rds", "db:own")],
        "events:TagResource": [arn("events", "rule/own")], "logs:TagResource": [arn("logs", "log-group:own")], "kinesis:TagResource": [arn("kinesis", "stream/own")],
    }  # fmt: skip
    for action, names in arns.items():
        for name in names:
            yield from without(
                world,
                action,
                [Row("resourcegroupstaggingapi", "TagResources", {"ResourceARNList": [name], "Tags": MAP})],
            )
            two = ["arn:aws:s3:::shared-bucket" if "sns" in name else arn("sns", "own"), name]
            yield from without(
                world, action, [Row("resourcegroupstaggingapi", "TagResources", {"ResourceARNList": two, "Tags": MAP})]
            )


@family("second: replicas, connections, sources")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    sealed = world.client("kms").encrypt(KeyId=world.ids["own key"], Plaintext=b"x")["CiphertextBlob"]
    replica = {"TableName": "own", "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}
    key_auth = {"ApiKeyAuthParameters": {"ApiKeyName": "n", "ApiKeyValue": "v"}}
    connection = {"Name": "own-c", "AuthorizationType": "API_KEY", "AuthParameters": key_auth}
    target = {"Bucket": "own-bucket", "Key": "copy", "CopySource": "shared-bucket/own/x"}
    code = {
        "FunctionName": "own-f",
        "Role": OWN_ROLE,
        "Runtime": "python3.12",
        "Handler": "i.h",
        "Code": {"S3Bucket": "victim-bucket", "S3Key": "code.zip"},
    }
    layer = {"FunctionName": "own", "Layers": [world.ids["victim layer"]]}
    rows: list[tuple[str, str, str, dict[str, Any]]] = [
        ("dynamodb:CreateTableReplica", "dynamodb", "UpdateTable", replica), ("secretsmanager:CreateSecret", "events", "CreateConnection", connection),
        ("secretsmanager:PutSecretValue", "events", "CreateConnection", connection), ("secretsmanager:UpdateSecret", "events", "UpdateConnection", {"Name": "own-c", "AuthParameters": key_auth}),
        ("s3:GetObject", "s3", "CopyObject", target), ("s3:GetObject", "lambda", "CreateFunction", code), ("s3:GetObject", "lambda", "UpdateFunctionCode", {"FunctionName": "own", "S3Bucket": "victim-bucket", "S3Key": "code.zip"}),
        ("lambda:GetLayerVersion", "lambda", "UpdateFunctionConfiguration", layer), ("iam:PassRole", "iam", "AddRoleToInstanceProfile", {"InstanceProfileName": "victim-profile", "RoleName": "own-role"}),
        ("s3:PutObjectAcl", "s3", "PutObject", {"Bucket": "own-bucket", "Key": "k", "ACL": "public-read"}), ("s3:PutObjectRetention", "s3", "PutObject", {"Bucket": "own-bucket", "Key": "k", "ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2030-01-01T00:00:00Z"}),
        ("s3:PutObjectLegalHold", "s3", "PutObject", {"Bucket": "own-bucket", "Key": "k", "ObjectLockLegalHoldStatus": "ON"}), ("s3:GetObjectVersion", "s3", "GetObject", {"Bucket": "victim-bucket", "Key": "secret", "VersionId": "v"}),
        ("s3:DeleteObjectVersion", "s3", "DeleteObject", {"Bucket": "own-bucket", "Key": "k", "VersionId": "v"}), ("s3:BypassGovernanceRetention", "s3", "DeleteObject", {"Bucket": "own-bucket", "Key": "k", "VersionId": "v", "BypassGovernanceRetention": True}),
        ("kms:ReEncryptFrom", "kms", "ReEncrypt", {"CiphertextBlob": sealed, "SourceKeyId": world.ids["own key"], "DestinationKeyId": world.ids["own key"]}),
        ("kms:ReEncryptTo", "kms", "ReEncrypt", {"CiphertextBlob": sealed, "SourceKeyId": world.ids["own key"], "DestinationKeyId": world.ids["own key"]}),
        ("dynamodb:PartiQLSelect", "dynamodb", "ExecuteStatement", {"Statement": 'SELECT * FROM "own"'}), ("dynamodb:ConditionCheckItem", "dynamodb", "TransactWriteItems",
         {"TransactItems": [{"ConditionCheck": {"TableName": "own", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_exists(id)"}}]}),
    ]  # fmt: skip
    for action, service, operation, parameters in rows:
        yield from without(world, action, [Row(service, operation, parameters)])


@family("second: limits that IAM's own requests must keep")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html (delegating with boundaries)"""
    limit, other = "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"
    makes = ["iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"]
    key = user(world, *but(makes, "*", Condition={"StringEquals": {"iam:PermissionsBoundary": limit}}))
    requests: list[tuple[str, dict[str, Any]]] = [
        ("CreateRole", {"RoleName": "own-b", "AssumeRolePolicyDocument": EVERYTHING}), ("CreateUser", {"UserName": "own-b"}),
        ("PutRolePermissionsBoundary", {"RoleName": "own-role"}), ("PutUserPermissionsBoundary", {"UserName": "own-reader"}),
    ]  # fmt: skip
    for operation, given in requests:
        for boundary in (
            None,
            other,
            limit.lower(),
            limit + " ",
            limit.replace("aws:policy", "aws:Policy"),
            world.ids["victim policy"],
        ):
            if boundary is not None or operation.startswith("Create"):
                more = {} if boundary is None else {"PermissionsBoundary": boundary}
                yield asked_by(key, f"{operation} {boundary}", Wire.of("iam", operation, **given, **more))
        yield asked_by(
            key, f"{operation} control", Wire.of("iam", operation, **given, PermissionsBoundary=limit), control=True
        )
    attaches = ["iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:DetachRolePolicy"]
    key = user(world, *but(attaches, "*", Condition={"ArnEquals": {"iam:PolicyARN": limit}}))
    for operation, given in (
        ("AttachRolePolicy", {"RoleName": "own-role"}),
        ("AttachUserPolicy", {"UserName": "own-reader"}),
        ("AttachGroupPolicy", {"GroupName": "victim-group"}),
        ("DetachRolePolicy", {"RoleName": "own-role"}),
    ):
        for policy in (
            other,
            limit.replace("ReadOnly", "readonly"),
            limit + "2",
            world.ids["victim policy"],
            "arn:aws:iam::aws:policy/*",
        ):
            yield asked_by(key, f"{operation} {policy[-20:]}", Wire.of("iam", operation, **given, PolicyArn=policy))
        yield asked_by(key, f"{operation} control", Wire.of("iam", operation, **given, PolicyArn=limit), control=True)
