"""What CloudFormation does in the caller's name for the six types of a hello-world, written down from AWS's pages.

This is no copy of the tables that the policies are generated from: each call is what the type's API needs, by the pages
of its operations, and the tagging calls are those whose denials people report.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"
RANDOM = "1p6f52dnzsq77"

Call = tuple[str, str, dict[str, str]]
"""(action, ARN, context)."""
Resolve = Callable[[Any], Any]


def physical_id(stack: str, logical_id: str, resource: Mapping[str, Any], resolve: Resolve) -> str:
    """What a resource is called."""
    properties = resolve(resource.get("Properties", {}))
    match resource["Type"]:
        case "AWS::S3::Bucket":
            return str(properties.get("BucketName") or f"{stack}-{logical_id}-{RANDOM}".lower()[:63])
        case "AWS::IAM::Role":
            return str(properties.get("RoleName") or f"{stack}-{logical_id}-{RANDOM}")
        case "AWS::Lambda::Function":
            return str(properties["FunctionName"])
        case "AWS::Logs::LogGroup":
            return str(properties["LogGroupName"])
        case "AWS::Lambda::Version":
            return f"{arn('lambda', 'function:' + name_of(properties['FunctionName']))}:1"
        case _:
            return f"{stack}-{logical_id}-{RANDOM}"


def arn(service: str, rest: str) -> str:
    """An ARN in the account and the region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def name_of(function: str) -> str:
    """A function's name in its ARN."""
    return function.partition("function:")[2].partition(":")[0] or function


def calls(phase: str, kind: str, name: str, properties: Mapping[str, Any], changed: set[str]) -> Iterator[Call]:
    """The calls for a resource, its properties resolved; ``changed`` names those that an update changes."""
    match kind:
        case "AWS::S3::Bucket":
            yield from _bucket(phase, f"arn:aws:s3:::{name}", properties)
        case "AWS::S3::BucketPolicy":
            action = "s3:DeleteBucketPolicy" if phase == "delete" else "s3:PutBucketPolicy"
            bucket = f"arn:aws:s3:::{properties['Bucket']}"
            yield "s3:GetBucketPolicy", bucket, {}  # in all handlers of the registry
            yield action, bucket, {}
        case "AWS::Logs::LogGroup":
            group = arn("logs", f"log-group:{name}")
            if phase == "create":
                yield "logs:CreateLogGroup", f"{group}:*", {}
                yield "logs:TagResource", group, {}
                yield "logs:DescribeLogGroups", "*", {}
            elif phase == "update":
                yield "logs:ListTagsForResource", group, {}
            else:
                yield "logs:DeleteLogGroup", f"{group}:*", {}
        case "AWS::IAM::Role":
            yield from _role(phase, f"arn:aws:iam::{ACCOUNT}:role/{name}", properties, changed)
        case "AWS::Lambda::Function":
            yield from _function(phase, arn("lambda", f"function:{name}"), properties, changed)
        case "AWS::Lambda::Version":
            function = arn("lambda", f"function:{name_of(properties['FunctionName'])}")
            if phase == "create":
                yield "lambda:ListVersionsByFunction", function, {}
                yield "lambda:PublishVersion", function, {}
                yield "lambda:GetFunctionConfiguration", f"{function}:1", {}
        case _:
            raise AssertionError(f"{kind} is no type of a hello-world")


def _bucket(phase: str, bucket: str, properties: Mapping[str, Any]) -> Iterator[Call]:
    if phase == "delete":
        yield "s3:DeleteBucket", bucket, {}
        return
    if phase == "create":
        yield "s3:CreateBucket", bucket, {}
        yield "s3:PutBucketTagging", bucket, {}
    if "BucketEncryption" in properties:
        yield "s3:PutEncryptionConfiguration", bucket, {}


def _role(phase: str, role: str, properties: Mapping[str, Any], changed: set[str]) -> Iterator[Call]:
    if phase == "create":
        yield "iam:CreateRole", role, {}
        yield "iam:TagRole", role, {}
        yield "iam:GetRole", role, {}
    if phase == "delete":
        yield "iam:ListRolePolicies", role, {}
        yield "iam:ListAttachedRolePolicies", role, {}
        if "Policies" in properties:
            yield "iam:DeleteRolePolicy", role, {}
        yield "iam:DeleteRole", role, {}
    elif "Policies" in (properties if phase == "create" else changed):
        yield "iam:PutRolePolicy", role, {}
        yield "iam:GetRolePolicy", role, {}
    if phase == "update" and "AssumeRolePolicyDocument" in changed:
        yield "iam:UpdateAssumeRolePolicy", role, {}


def _function(phase: str, function: str, properties: Mapping[str, Any], changed: set[str]) -> Iterator[Call]:
    if phase == "delete":
        yield "lambda:DeleteFunction", function, {}
        return
    code = properties["Code"]
    if phase == "create":
        yield "lambda:CreateFunction", function, {}
        yield "lambda:TagResource", function, {}
        yield "iam:PassRole", properties["Role"], {"iam:PassedToService": "lambda.amazonaws.com"}
    if phase == "create" or "Code" in changed:
        yield "s3:GetObject", f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}", {}
    if phase == "update" and "Code" in changed:
        yield "lambda:UpdateFunctionCode", function, {}
    if phase == "update" and changed - {"Code"}:
        yield "lambda:UpdateFunctionConfiguration", function, {}
    yield "lambda:GetFunction", function, {}


def resolver(physical: Mapping[str, str], kinds: Mapping[str, str], stack: str) -> Resolve:
    """Evaluates the intrinsic functions of a hello-world's template."""
    pseudo = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::StackName": stack}

    def attribute(logical_id: str, name: str) -> str:
        own = physical.get(logical_id, logical_id)
        match kinds.get(logical_id):
            case "AWS::IAM::Role":
                return f"arn:aws:iam::{ACCOUNT}:role/{own}"
            case "AWS::Lambda::Function":
                return arn("lambda", f"function:{own}")
            case _:
                return own

    def resolve(tree: Any) -> Any:
        if isinstance(tree, list):
            return [resolve(item) for item in tree]
        if not isinstance(tree, dict):
            return tree
        if len(tree) == 1:
            ((key, value),) = tree.items()
            if key == "Ref":
                return pseudo.get(value) or physical.get(value, value)
            if key == "Fn::GetAtt":
                return attribute(*(value if isinstance(value, list) else value.split(".", 1)))
            if key == "Fn::Join":
                return value[0].join(str(resolve(item)) for item in value[1])
            if key == "Fn::Sub":
                text = value if isinstance(value, str) else value[0]
                for name, shown in {**pseudo, **physical}.items():
                    text = text.replace(f"${{{name}}}", shown)
                return text
        return {key: resolve(value) for key, value in tree.items()}

    return resolve


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    """The properties in which two versions of a resource differ."""
    a, b = one.get("Properties", {}), other.get("Properties", {})
    return {key for key in {*a, *b} if json.dumps(a.get(key), sort_keys=True) != json.dumps(b.get(key), sort_keys=True)}
