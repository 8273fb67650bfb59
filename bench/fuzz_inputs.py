"""Further inputs of ``bench/fuzz.py``: cloud assemblies, Terraform's plans, test files, settings, documents and sets.

:data:`INPUTS` maps a kind to its files, whole and valid; :data:`FIXED` names those that a case does not change, and
:data:`COMMANDS` the commands that read them. :func:`altered` changes a JSON tree and leaves it JSON, so that a case
gets past the parser.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_HASH = "a1" * 32
_ARN = "arn:aws:iam::111122223333:role/app"
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**400, "", "*", "${", "${aws:username", "a" * 40_000, "\x1b[31m\u202e\x00", "../../x",
    [], {}, [[]], [None], {"": {}}, {"Ref": []}, {"Fn::GetAtt": [{}]}, {"Fn::Sub": ["${a}", {"a": None}]},
    {"Fn::Join": [1, {}]}, {"Fn::If": []}, ["*"] * 300, {"AWS": ["*", None, {}]}, {"Statement": {"Effect": []}},
    {"StringLike": {"aws:x": [None, 1, []]}}, {"references": [None, 1, "a.b[0]..", "module."]}, {"constant_value": {}},
)  # fmt: skip


def _document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: Any, resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


_OLD = _document(
    _allow(["s3:Get*", "s3:ListBucket"], "arn:aws:s3:::b/${aws:username}/*",
           Condition={"StringLike": {"aws:PrincipalTag/team": ["a*", "b?"]}, "Bool": {"aws:SecureTransport": "true"}}),
    {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::c/*"]},
)  # fmt: skip
_NEW = _document(_allow(["s3:Get*", "s3:PutObject"]), _allow("iam:PassRole", [_ARN]))
_OF_BUCKET = _document(_allow("s3:*", "arn:aws:s3:::b/*", Principal={"AWS": [_ARN, "111122223333"]}))
_RCP = _document(_allow("*", Principal="*"), {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*", "Principal": "*"})
_SET: Json = {
    "identity": [_OLD], "groups": {"g": [_NEW]}, "boundary": _NEW, "session": [_NEW], "resource": _OF_BUCKET,
    "scp": [{"level": "root", "policies": [_NEW]}], "rcp": [{"level": "root", "policies": [_RCP]}],
    "vpce": _OF_BUCKET,
}  # fmt: skip
_FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"S3Bucket": {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}"}, "S3Key": f"{_HASH}.zip"},
        "Handler": "index.handler", "Runtime": "python3.12", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
    },
    "Metadata": {"aws:cdk:path": "Shop/Fn/Resource", "aws:asset:path": f"asset.{_HASH}"},
}  # fmt: skip
_STACK = {
    "Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/x/version"}},
    "Resources": {
        "Fn": _FUNCTION,
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}, "Metadata": {"aws:cdk:path": "Shop/T/Resource"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": _OF_BUCKET}},
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": {
            "PolicyDocument": _document(_allow("dynamodb:PutItem", {"Fn::GetAtt": ["Table", "Arn"]})),
            "Roles": [{"Ref": "Role"}]}},
        "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": [
            "", ["https://s3.amazonaws.com/", {"Fn::Sub": "b"}, f"/{'b2' * 32}.json"]]}}},
    },
}  # fmt: skip
_MANIFEST = {
    "version": "48.0.0",
    "artifacts": {
        "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}},
        "Shop": {
            "type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
            "properties": {"templateFile": "Shop.template.json", "stackName": "shop"}, "dependencies": ["Shop.assets"],
            "metadata": {"/Shop/Fn": [{"type": "aws:cdk:logicalId", "data": "Fn"}]},
        },
        "assembly-Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
    },
}  # fmt: skip
_ASSETS = {
    "version": "48.0.0",
    "files": {
        _HASH: {"source": {"path": f"asset.{_HASH}", "packaging": "zip"},
                "destinations": {"x": {"bucketName": "b", "objectKey": f"{_HASH}.zip", "assumeRoleArn": _ARN}}},
        "b2" * 32: {"source": {"path": "Inner.nested.template.json", "packaging": "file"}},
    },
    "dockerImages": {"c3" * 32: {"source": {"directory": f"asset.{_HASH}", "dockerFile": "Dockerfile"}}},
}  # fmt: skip


def _planned(address: str, **values: Any) -> Json:
    kind, name = address.split(".")[-2:]
    mode = "data" if address.startswith("data.") else "managed"
    return {"address": address, "mode": mode, "type": kind, "name": name, "values": values}


def _refers(*references: str) -> Json:
    return {"references": list(references)}


_PLAN = {
    "format_version": "1.2", "terraform_version": "1.9.0", "variables": {"stage": {"value": "dev"}},
    "planned_values": {"root_module": {
        "resources": [
            _planned("aws_dynamodb_table.t", name="orders"),
            _planned("aws_iam_role.fn", name="fn", assume_role_policy=json.dumps(_OF_BUCKET)),
            _planned("aws_lambda_function.fn", function_name="orders", handler="app.handler", runtime="python3.12",
                     filename="app.zip", environment=[{"variables": {"TABLE": "orders"}}]),
            _planned("aws_iam_role_policy.fn", role="fn", policy=json.dumps(_OLD)),
            _planned("data.aws_iam_policy_document.fn",
                     statement=[{"actions": ["dynamodb:GetItem"], "resources": [None], "effect": "Allow"}]),
            _planned("aws_s3_bucket_policy.b", bucket="b", policy=json.dumps(_OF_BUCKET)),
        ],
        "child_modules": [{"address": 'module.api["a"]', "resources": [
            _planned('module.api["a"].aws_lambda_function.fn', function_name="inner", handler="app.handler"),
            _planned('module.api["a"].aws_iam_role.fn', name="inner")]}],
    }},
    "resource_changes": [{
        "address": "aws_lambda_function.fn", "mode": "managed", "type": "aws_lambda_function", "name": "fn",
        "change": {"actions": ["update"], "before": {"role": "x"}, "after": {}, "after_unknown": {"role": True}}}],
    "prior_state": {"values": {"root_module": {"resources": [
        _planned("data.archive_file.app", type="zip", source_dir="./src", output_path="./app.zip")]}}},
    "configuration": {
        "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}},
        "root_module": {
            "resources": [
                {"address": "aws_lambda_function.fn", "expressions": {"role": _refers("aws_iam_role.fn.arn")}},
                {"address": "aws_iam_role_policy.fn",
                 "expressions": {"policy": _refers("data.aws_iam_policy_document.fn.json")}},
                {"address": "data.aws_iam_policy_document.fn", "expressions": {"statement": [{
                    "actions": {"constant_value": ["dynamodb:GetItem"]},
                    "resources": _refers("aws_dynamodb_table.t.arn")}]}}],
            "module_calls": {"api": {"expressions": {"queue": _refers("aws_dynamodb_table.t.arn")}, "module": {
                "resources": [{"address": "aws_lambda_function.fn", "expressions": {
                    "role": _refers("aws_iam_role.fn.arn"), "kms_key_arn": _refers("var.queue")}}]}}},
        },
    },
}  # fmt: skip
_TESTS = """\
policies: &p
  identity: [old.json, {Version: 2012-10-17, Statement: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]}]
  boundary: new.json
principal: arn:aws:iam::111122223333:role/orders
resource_account: 111122223333
context:
  aws:SecureTransport: "true"
  aws:TagKeys: [a, b]
tests:
  - name: reads its own objects
    action: [s3:GetObject, s3:PutObject]
    resource: ["arn:aws:s3:::b/k", "arn:aws:s3:::c/k"]
    principal_tags: {team: a1}
    expect: allowed
  - name: the organisation denies it
    action: iam:PassRole
    policies: {<<: *p, scp: [{level: root, policies: [new.json]}]}
    context: {"aws:CurrentTime": "2026-01-01T00:00:00Z"}
    expect: denied
"""
_YAML = """\
Version: "2012-10-17"
Statement:
  - Effect: Allow  # scopedown: ignore STAR known
    Action: [sqs:*]
    Resource: "*"
"""
_SETTINGS = """\
stage = "dev"
region = "eu-west-1"
account = "111122223333"
logs = "needed"
param-file = "values.yml"

[parameters]
team = "orders"

[scan]
fail-on = ["unresolved"]

[check]
fail-on = ["error"]
select = ["SD1", "SD207"]
ignore = ["SD101"]
baseline = "known.json"
never = ["iam:*", "s3:DeleteBucket on arn:aws:s3:::prod*"]

[write]
as = "inline"
shared = true

[validate]
ignore = ["SUGGESTION"]

[[limits]]
roles = ["app*"]
never = ["kms:*"]
"""
_BASELINE = json.dumps({"schema": "scopedown.check-baseline/1", "problems": []})
_PROJECT = {
    "serverless.yml": "service: s\nprovider: {name: aws, runtime: python3.12}\n"
    "functions: {f: {handler: app.handler}}\n",
    "app.py": "import boto3\ndef handler(event, context):\n    boto3.client('sqs').send_message(QueueUrl='q')\n",
}
_PAIR = {"old.json": json.dumps(_OLD), "new.json": json.dumps(_NEW)}
_CHANGED_SET = {**_SET, "identity": [_NEW, _OLD], "rcp": []}
INPUTS: dict[str, dict[str, str]] = {
    "assembly": {
        "cdk.json": '{"app": "npx ts-node app.ts"}', "cdk.out/manifest.json": json.dumps(_MANIFEST),
        "cdk.out/Shop.template.json": json.dumps(_STACK), "cdk.out/Shop.assets.json": json.dumps(_ASSETS),
        "cdk.out/Inner.nested.template.json": json.dumps({"Resources": {"Fn": _FUNCTION}}),
        "cdk.out/assembly-Stage/manifest.json": json.dumps(_MANIFEST),
        "cdk.out/assembly-Stage/Shop.template.json": json.dumps(_STACK),
        f"cdk.out/asset.{_HASH}/index.py": _PROJECT["app.py"],
    },
    "plan": {"plan.json": json.dumps(_PLAN), "src/app.py": _PROJECT["app.py"]},
    "tests": {"a.test.yml": _TESTS, **_PAIR},
    "settings": {".scopedown.toml": _SETTINGS, **_PROJECT, "values.yml": "a: b\n", "known.json": _BASELINE},
    "documents": {**_PAIR, "limit.json": json.dumps(_NEW), "bucket.json": json.dumps(_OF_BUCKET)},
    "sets": {"old.json": json.dumps(_SET), "new.json": json.dumps(_CHANGED_SET)},
    "pairs": {"pairs.jsonl": json.dumps({"id": "a", "check": "no-new-access", "old": _SET, "new": _CHANGED_SET,
                                         "expected": "new access"})},
    "folder": {"a.json": json.dumps(_OLD), "b.yml": _YAML, "c.json": json.dumps({"Role": {
        "AssumeRolePolicyDocument": _OF_BUCKET}, "Policies": [_OLD]}), "t.json": json.dumps(_STACK)},
}  # fmt: skip
FIXED = frozenset({"serverless.yml", "app.py", "src/app.py", f"cdk.out/asset.{_HASH}/index.py"})
"""Files that have kinds of their own."""
_PROJECTS = (("scan",), ("check",), ("write", "--diff"))


def _with_path(*path: str) -> tuple[tuple[str, ...], ...]:
    return tuple((*command, *path, "--no-cache", "--jobs", "1") for command in _PROJECTS)


_ASKED = ("--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "assembly": _with_path(),
    "plan": _with_path("plan.json"),
    "tests": (("test", "a.test.yml"), ("test", "a.test.yml", "--format", "json")),
    "settings": (*_with_path(), ("validate", ".")),
    "documents": (
        ("compare", "old.json", "new.json"), ("compare", "old.json", "new.json", "--equivalent", "--format", "json"),
        ("compare", "old.json", "new.json", "--scp", "limit.json", "--boundary", "limit.json"),
        ("compare", "bucket.json", "--no-public"), ("compare", "new.json", "--reference", "old.json"),
        ("compare", "new.json", "--not-granted", "iam:*,s3:DeleteBucket@arn:aws:s3:::prod*"),
        ("validate", "old.json", "bucket.json"), ("validate", "new.json", "--type", "scp"),
        ("simulate", "--policy", "old.json", "--scp", "limit.json", "--resource-policy", "bucket.json", *_ASKED),
    ),
    "sets": (("compare", "old.json", "new.json"), ("compare", "old.json", "new.json", "--equivalent")),
    "pairs": (("compare", "--cases", "pairs.jsonl"),),
    "folder": (("validate", "."), ("validate", ".", "--format", "json")),
}  # fmt: skip


def altered(text: str, chance: random.Random) -> str:
    """A JSON text with one to three of its values, keys or members changed; another text as it is."""
    try:
        tree = json.loads(text)
    except ValueError:
        return text
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = list(_places(tree))
        if not places:
            break
        parent, key = chance.choice(places)
        _alter(parent, key, chance, chance.choice(places))
    return json.dumps(tree)


def _alter(parent: Any, key: Any, chance: random.Random, other: tuple[Any, Any]) -> None:
    way = chance.randrange(7)
    if way == 0:
        del parent[key]
    elif way == 1:
        parent[key] = copy.deepcopy(other[0].get(other[1]) if isinstance(other[0], dict) else other[0])
    elif way == 2 and isinstance(parent, dict):
        parent[chance.choice(("", "Fn::Sub", "Ref", "${x}", key.lower(), "\u202e", key + "s"))] = parent.pop(key)
    elif way == 3 and isinstance(parent, list):
        parent.extend(copy.deepcopy(parent[key]) for _ in range(chance.choice((1, 30, 300))))
    elif way == 4:
        for _ in range(chance.choice((1, 30, 200))):
            parent[key] = [parent[key]] if chance.random() < 0.5 else {"a": parent[key]}
    elif way == 5:
        parent[key] = json.dumps(parent[key])
    else:
        parent[key] = copy.deepcopy(chance.choice(_VALUES))


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every value but the root, as its parent and its key."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            yield node, key
            waiting.append(node[key])
