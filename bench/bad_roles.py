# ruff: noqa: E501  (the rows of kinds are as long as they are)
"""``scopedown check`` on templates and configurations with one bad role, user or policy that no function uses.

    python bench/bad_roles.py [--cases 60] [--seed 1] [--keep FOLDER] [--only KIND]

The kinds come from AWS's documentation (the controls of Security Hub, the checks of IAM Access Analyzer, the service
roles of each guide), not from scopedown's rules. Each seed draws the project's kind (CloudFormation, SAM, Serverless
Framework, Terraform, a CDK assembly), the spelling and the place of the policy. A case is found if an error or a
warning names the role or policy and why it is bad. Each case has a control: the same project, where the same role or
policy allows a few named things. Every error or warning of a control is a false one.

Prints what was missed and what was false. Exit code 1 if there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.cli.main import main as main_of_scopedown

Json = dict[str, Any]

ACCOUNT = "111122223333"
PROJECTS = ("cloudformation", "sam", "serverless", "terraform", "cdk")
HANDLER = "def handler(event, context):\n    return {}\n"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
READS = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
EVERYTHING = r"every action|everything|dministrator"
OPEN = r"anybody|anyone|everyone|public"


@dataclass(frozen=True)
class Identity:
    """A role, user, group, managed policy or permission set."""

    form: str
    service: str = ""
    statements: tuple[Json, ...] = ()
    managed: tuple[str, ...] = ()
    trust: Json | None = None


@dataclass(frozen=True)
class Resource:
    """The policy of a resource: one of ``HOSTS``, with its statement."""

    host: str
    statement: Json


Thing = Identity | Resource


@dataclass(frozen=True)
class Kind:
    """One kind of fault: the bad form, the good form, what a message must say, and where AWS describes it."""

    bad: Callable[[random.Random], Thing]
    good: Callable[[random.Random], Thing]
    why: str
    source: str


def allow(actions: Any, resources: Any = "*", **more: Any) -> Json:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(service: str, *statements: Json, managed: tuple[str, ...] = (), trust: Json | None = None) -> Identity:
    """A role that a service assumes."""
    return Identity("role", service, statements, managed, trust)


def wildcard(service: str, action: str, good: Json) -> Kind:
    """A service role that may do all of another service anywhere."""

    def bad(rng: random.Random) -> Thing:
        actions = rng.choice([action, [action], [good["Action"][0], action]])
        return role(service, allow(actions, rng.choice(["*", ["*"]])))

    return Kind(bad, lambda _: role(service, good), re.escape(action), "Security Hub IAM.21")


def everything(rng: random.Random) -> Json:
    """A statement that allows all, in one of its spellings."""
    return allow(rng.choice(["*", ["*"], "*:*", ["s3:GetObject", "*"]]), rng.choice(["*", ["*"]]))


def public(host: str, source: str) -> Kind:
    """A resource that everybody may use."""
    actions, resource, good = HOSTS[host].actions, HOSTS[host].resource, HOSTS[host].good

    def statement(principal: Any, **more: Any) -> Json:
        found: Json = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": resource, **more}
        return found if resource else {key: value for key, value in found.items() if key != "Resource"}

    def bad(rng: random.Random) -> Thing:
        principal = rng.choice(["*", {"AWS": "*"}, {"AWS": ["*"]}])
        found = statement(principal)
        if rng.random() < 0.2 and host not in {"layer", "function"}:
            found = {**found, "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/intern"}}
            found.pop("Principal")
        elif rng.random() < 0.2 and host not in {"layer", "function"}:
            found["Condition"] = rng.choice(
                [
                    {"Bool": {"aws:SecureTransport": "true"}},
                    {"StringLike": {"aws:PrincipalArn": "*"}},
                    {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}},
                    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
                ]
            )
        return Resource(host, found)

    def well(rng: random.Random) -> Thing:
        own = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        within: Json = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
        if host in {"layer", "function", "api"}:
            return Resource(host, statement(good))
        return Resource(host, rng.choice([statement(own), statement(good), statement("*", Condition=within)]))

    return Kind(bad, well, OPEN, source)


@dataclass(frozen=True)
class Host:
    """A resource that has a policy: its actions, its name in its policy, who may use it in the control, and its forms."""

    actions: tuple[str, ...]
    resource: str
    good: Any
    cloudformation: Callable[[Json], dict[str, Json]]
    terraform: Callable[[str], str]
    """Of the document as an expression."""


def _doc(statement: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": [statement]}


def _own(kind: str, properties: Json, policy: str) -> Callable[[Json], dict[str, Json]]:
    """The policy is a property of the resource."""
    return lambda s: {"Subject": {"Type": kind, "Properties": {**properties, policy: _doc(s)}}}


def _other(
    kind: str, properties: Json, host: str = "", policy: str = "PolicyDocument"
) -> Callable[[Json], dict[str, Json]]:
    """The policy is a resource of its own."""
    first: dict[str, Json] = {"Host": {"Type": host}} if host else {}
    return lambda s: {**first, "Subject": {"Type": kind, "Properties": {**properties, policy: _doc(s)}}}


def _tf(kind: str, lines: str, attribute: str = "policy", first: str = "") -> Callable[[str], str]:
    return lambda document: f'{first}\nresource "{kind}" "subject" {{\n{lines}\n  {attribute} = {document}\n}}\n'


def _who(statement: Json) -> str:
    principal = statement["Principal"]
    while not isinstance(principal, str):
        principal = next(iter(principal.values())) if isinstance(principal, dict) else principal[0]
    return principal


def _principal_of(statement: str) -> str:
    return _who(json.loads(statement[statement.index("{") : statement.rindex("}") + 1])["Statement"][0])


SOMEBODY = {"AWS": "arn:aws:iam::444455556666:role/reader"}
_BUS = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/orders"
HOSTS: dict[str, Host] = {
    "bucket": Host(
        ("s3:GetObject",), "arn:aws:s3:::orders-data/*", SOMEBODY,
        _other("AWS::S3::BucketPolicy", {"Bucket": "orders-data"}),
        _tf("aws_s3_bucket_policy", '  bucket = "orders-data"'),
    ),
    "queue": Host(
        ("sqs:SendMessage", "sqs:ReceiveMessage"), f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", SOMEBODY,
        _other("AWS::SQS::QueuePolicy", {"Queues": [{"Ref": "Host"}]}, "AWS::SQS::Queue"),
        _tf("aws_sqs_queue", '  name = "orders"'),
    ),
    "topic": Host(
        ("sns:Publish", "sns:Subscribe"), f"arn:aws:sns:us-east-1:{ACCOUNT}:orders", SOMEBODY,
        _other("AWS::SNS::TopicPolicy", {"Topics": [{"Ref": "Host"}]}, "AWS::SNS::Topic"),
        _tf("aws_sns_topic_policy", "  arn = aws_sns_topic.host.arn", first='resource "aws_sns_topic" "host" {\n}\n'),
    ),
    "key": Host(
        ("kms:Decrypt",), "*", SOMEBODY,
        _own("AWS::KMS::Key", {}, "KeyPolicy"), _tf("aws_kms_key", "", ),
    ),
    "secret": Host(
        ("secretsmanager:GetSecretValue",), "*", SOMEBODY,
        _other("AWS::SecretsManager::ResourcePolicy", {"SecretId": {"Ref": "Host"}}, "AWS::SecretsManager::Secret", "ResourcePolicy"),
        _tf("aws_secretsmanager_secret_policy", '  secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-a1b2c3"'),
    ),
    "repository": Host(
        ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), "", SOMEBODY,
        _own("AWS::ECR::Repository", {}, "RepositoryPolicyText"),
        _tf("aws_ecr_repository_policy", '  repository = "orders"'),
    ),
    "event bus": Host(
        ("events:PutEvents",), _BUS, SOMEBODY,
        lambda s: {"Subject": {"Type": "AWS::Events::EventBusPolicy", "Properties": {
            "EventBusName": "orders", "StatementId": "s", "Statement": s}}},
        _tf("aws_cloudwatch_event_bus_policy", '  event_bus_name = "orders"'),
    ),
    "layer": Host(
        ("lambda:GetLayerVersion",), "", {"AWS": "444455556666"},
        lambda s: {"Subject": {"Type": "AWS::Lambda::LayerVersionPermission", "Properties": {
            "Action": "lambda:GetLayerVersion", "Principal": _who(s),
            "LayerVersionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:tools:1"}}},
        lambda d: f'resource "aws_lambda_layer_version_permission" "subject" {{\n  layer_name = "tools"\n  version_number = 1\n'
        f'  statement_id = "s"\n  action = "lambda:GetLayerVersion"\n  principal = "{_principal_of(d)}"\n}}\n',
    ),
    "function": Host(
        ("lambda:InvokeFunction",), "", {"AWS": "444455556666"},
        lambda s: {"Subject": {"Type": "AWS::Lambda::Permission", "Properties": {
            "Action": "lambda:InvokeFunction", "Principal": _who(s),
            "FunctionName": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders"}}},
        lambda d: f'resource "aws_lambda_permission" "subject" {{\n  function_name = "orders"\n'
        f'  action = "lambda:InvokeFunction"\n  principal = "{_principal_of(d)}"\n}}\n',
    ),
    "api": Host(
        ("execute-api:Invoke",), "execute-api:/*", SOMEBODY,
        _own("AWS::ApiGateway::RestApi", {"Name": "orders", "EndpointConfiguration": {"Types": ["PRIVATE"]}}, "Policy"),
        _tf("aws_api_gateway_rest_api", '  name = "orders"\n  endpoint_configuration {\n    types = ["PRIVATE"]\n  }'),
    ),
    "search domain": Host(
        ("es:ESHttpGet", "es:ESHttpPut"), f"arn:aws:es:us-east-1:{ACCOUNT}:domain/orders/*", SOMEBODY,
        _own("AWS::OpenSearchService::Domain", {"DomainName": "orders"}, "AccessPolicies"),
        _tf("aws_opensearch_domain", '  domain_name = "orders"', "access_policies"),
    ),
    "file system": Host(
        ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"), "*", SOMEBODY,
        _own("AWS::EFS::FileSystem", {}, "FileSystemPolicy"),
        _tf("aws_efs_file_system_policy", '  file_system_id = "fs-0123456789abcdef0"'),
    ),
    "backup vault": Host(
        ("backup:CopyIntoBackupVault",), "*", SOMEBODY,
        _own("AWS::Backup::BackupVault", {"BackupVaultName": "orders"}, "AccessPolicy"),
        _tf("aws_backup_vault_policy", '  backup_vault_name = "orders"'),
    ),
}  # fmt: skip

_FUNCTIONS = {"function": ("function orders",)}
"""A permission is part of the policy of its function, by whose name a message may call it."""
_TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
_SEND = allow(["sqs:SendMessage"], f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders")
_READ = allow(["s3:GetObject"], "arn:aws:s3:::orders-data/*")
_OF_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def _assume(principal: Any, condition: Json | None = None, action: str = "sts:AssumeRole") -> Json:
    found: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return found if condition is None else {**found, "Condition": condition}


_GITHUB = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
_AUD = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
_POOL = {"Federated": "cognito-identity.amazonaws.com"}
_WEB = "sts:AssumeRoleWithWebIdentity"


def _pool_trust(state: str) -> Json:
    audience = {"cognito-identity.amazonaws.com:aud": "us-east-1:01234567-89ab-cdef-0123-456789abcdef"}
    amr = {"cognito-identity.amazonaws.com:amr": state}
    return _assume(_POOL, {"StringEquals": audience, "ForAnyValue:StringLike": amr}, _WEB)


ESCALATIONS = (
    "iam:*", "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy",
    "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:PutRolePolicy", "iam:SetDefaultPolicyVersion",
)  # fmt: skip


def _escalation(rng: random.Random) -> Thing:
    return role(
        "codebuild.amazonaws.com", allow(rng.choice([*ESCALATIONS, ["iam:ListRoles", rng.choice(ESCALATIONS)]]))
    )


KINDS: dict[str, Kind] = {
    "ECS task role, everything": Kind(
        lambda rng: role("ecs-tasks.amazonaws.com", everything(rng)), lambda _: role("ecs-tasks.amazonaws.com", _SEND),
        EVERYTHING, "Security Hub IAM.1"),
    "state machine role, a whole service": wildcard("states.amazonaws.com", "sqs:*", _SEND),
    "instance profile's role, administrator": Kind(
        lambda _: role("ec2.amazonaws.com", managed=(ADMIN,)), lambda _: role("ec2.amazonaws.com", managed=(READS,)),
        EVERYTHING, "Security Hub IAM.1"),
    "user, administrator": Kind(
        lambda rng: Identity("user", managed=(ADMIN,)) if rng.random() < 0.5 else Identity("user", "", (everything(rng),)),
        lambda _: Identity("user", "", (_READ,)), EVERYTHING, "Security Hub IAM.1"),
    "group, everything": Kind(
        lambda rng: Identity("group", "", (everything(rng),)), lambda _: Identity("group", "", (_READ,)),
        EVERYTHING, "Security Hub IAM.1"),
    "passes any role": Kind(
        lambda rng: role("codepipeline.amazonaws.com", allow(rng.choice(["iam:PassRole", ["iam:PassRole"], "iam:Pass*"]))),
        lambda _: role("codepipeline.amazonaws.com", allow("iam:PassRole", _ROLE, Condition=_OF_ECS)),
        "PassRole|passing a role", "Access Analyzer PASS_ROLE_WITH_STAR_IN_RESOURCE"),
    "managed policy, everything": Kind(
        lambda rng: Identity("managed", "", (everything(rng),)), lambda _: Identity("managed", "", (_READ,)),
        EVERYTHING, "Security Hub IAM.1"),
    "permission set, everything": Kind(
        lambda rng: Identity("set", managed=(ADMIN,)) if rng.random() < 0.5 else Identity("set", "", (everything(rng),)),
        lambda _: Identity("set", "", (_READ,)), EVERYTHING, "IAM Identity Center: predefined permission sets"),
    "CodeBuild role, a whole service": wildcard("codebuild.amazonaws.com", "s3:*", _READ),
    "Glue role, a whole service": wildcard("glue.amazonaws.com", "s3:*", _READ),
    "Firehose role, a whole service": wildcard("firehose.amazonaws.com", "kinesis:*", _READ),
    "AppSync role, a whole service": wildcard(
        "appsync.amazonaws.com", "dynamodb:*", allow(["dynamodb:GetItem"], _TABLE)),
    "identity pool's role, a whole service": Kind(
        lambda rng: role("", allow("dynamodb:*"), trust=_pool_trust(rng.choice(["unauthenticated", "authenticated"]))),
        lambda _: role("", allow("dynamodb:GetItem", _TABLE), trust=_pool_trust("authenticated")),
        r"dynamodb:\*", "Cognito guide: role trust and permissions"),
    "all but some actions": Kind(
        lambda rng: role("ec2.amazonaws.com", {"Effect": "Allow", "NotAction": rng.choice(["iam:*", ["iam:*", "organizations:*"]]),
            "Resource": "*"}),
        lambda _: role("ec2.amazonaws.com", _READ), r"NotAction|everything|except|all but|every action", "IAM guide: NotAction with Allow"),
    "all but some resources": Kind(
        lambda rng: role("ec2.amazonaws.com", {"Effect": "Allow", "Action": rng.choice(["s3:*", ["s3:GetObject", "s3:PutObject"]]),
            "NotResource": "arn:aws:s3:::payroll/*"}),
        lambda _: role("ec2.amazonaws.com", _READ), r"NotResource|everything|except|all but|every resource",
        "IAM guide: NotResource with Allow"),
    "role that anybody may assume": Kind(
        lambda rng: role("", _READ, trust=_assume(rng.choice(["*", {"AWS": "*"}, {"AWS": ["*"]}]))),
        lambda _: role("", _READ, trust=_assume({"AWS": "arn:aws:iam::444455556666:root"}, {"StringEquals": {"sts:ExternalId": "e"}})),
        OPEN, "IAM guide: Principal"),
    "role that any repository of GitHub may assume": Kind(
        lambda rng: role("", _READ, trust=_assume(_GITHUB, {"StringEquals": _AUD, **rng.choice(
            [{}, {"StringLike": {"token.actions.githubusercontent.com:sub": "*"}}])}, _WEB)),
        lambda _: role("", _READ, trust=_assume(_GITHUB, {"StringEquals": _AUD, "StringLike": {
            "token.actions.githubusercontent.com:sub": "repo:example/orders:*"}}, _WEB)),
        OPEN, "IAM guide: role for GitHub OIDC, condition on sub"),
    "may give itself rights": Kind(
        _escalation, lambda _: role("codebuild.amazonaws.com", allow(["iam:ListRoles", "iam:GetRole"])),
        r"iam:", "IAM guide: Security Hub IAM.21, privilege escalation"),
    "public bucket": public("bucket", "Security Hub S3.2"),
    "public queue": public("queue", "Security Hub SQS.3"),
    "public topic": public("topic", "Security Hub SNS.4"),
    "public key": public("key", "Security Hub KMS.5"),
    "public secret": public("secret", "Secrets Manager guide: BlockPublicPolicy"),
    "public repository": public("repository", "Access Analyzer: supported resource types"),
    "public event bus": public("event bus", "EventBridge guide: resource-based policies"),
    "public layer": public("layer", "Access Analyzer: Lambda layer versions"),
    "public function": public("function", "Security Hub Lambda.1"),
    "private API, open": public("api", "API Gateway guide: resource policies of private APIs"),
    "public search domain": public("search domain", "Security Hub Opensearch.2"),
    "public file system": public("file system", "Access Analyzer: EFS file systems"),
    "public backup vault": public("backup vault", "Backup guide: vault access policies"),
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ the projects


def _trust(thing: Identity) -> Json:
    return _doc(thing.trust or _assume({"Service": thing.service}))


def cloudformation(thing: Thing, rng: random.Random) -> tuple[dict[str, Json], set[str]]:
    """The resources, and the names of which a message must have one."""
    if isinstance(thing, Resource):
        return HOSTS[thing.host].cloudformation(thing.statement), {"Subject", *_FUNCTIONS.get(thing.host, ())}
    document = {"Version": "2012-10-17", "Statement": list(thing.statements)}
    if thing.form == "managed":
        return {"Subject": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}, {"Subject"}
    if thing.form == "set":
        more: Json = {"ManagedPolicies": list(thing.managed)} if thing.managed else {"InlinePolicy": document}
        of = {"InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef", "Name": "people"}
        return {"Subject": {"Type": "AWS::SSO::PermissionSet", "Properties": {**of, **more}}}, {"Subject"}
    kind = {"role": "Role", "user": "User", "group": "Group"}[thing.form]
    properties: Json = {"AssumeRolePolicyDocument": _trust(thing)} if thing.form == "role" else {}
    if thing.managed:
        properties["ManagedPolicyArns"] = list(thing.managed)
    found: dict[str, Json] = {"Subject": {"Type": f"AWS::IAM::{kind}", "Properties": properties}}
    if thing.statements:
        place = rng.choice(["inline", "inline", "Policy", "ManagedPolicy", f"{kind}Policy"])
        if place == "inline":
            properties["Policies"] = [{"PolicyName": "p", "PolicyDocument": document}]
        elif place == f"{kind}Policy":
            own: Json = {"PolicyName": "p", f"{kind}Name": {"Ref": "Subject"}, "PolicyDocument": document}
            found["SubjectPolicy"] = {"Type": f"AWS::IAM::{place}", "Properties": own}
        else:
            name = {"PolicyName": "p"} if place == "Policy" else {}
            shared: Json = {**name, f"{kind}s": [{"Ref": "Subject"}], "PolicyDocument": document}
            found["SubjectPolicy"] = {"Type": f"AWS::IAM::{place}", "Properties": shared}
    return found, {"Subject", "SubjectPolicy"}


def _block(statement: Json) -> str:
    """A statement of ``aws_iam_policy_document``."""
    lines = [f'    effect = "{statement["Effect"]}"']
    for key, word in (
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ):
        if key in statement:
            value = statement[key]
            lines.append(f"    {word} = {json.dumps(value if isinstance(value, list) else [value])}")
    for key, word in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
        for kind, names in ({"*": "*"} if statement.get(key) == "*" else statement.get(key, {})).items():
            listed = json.dumps(names if isinstance(names, list) else [names])
            lines.append(f'    {word} {{\n      type = "{kind}"\n      identifiers = {listed}\n    }}')
    for test, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            listed = json.dumps(values if isinstance(values, list) else [values])
            lines.append(
                f'    condition {{\n      test = "{test}"\n      variable = "{key}"\n      values = {listed}\n    }}'
            )
    return "  statement {\n" + "\n".join(lines) + "\n  }\n"


def terraform(thing: Thing, rng: random.Random) -> tuple[str, set[str]]:
    """The configuration, and the names of which a message must have one."""
    statements = [thing.statement] if isinstance(thing, Resource) else list(thing.statements)
    direct = f"jsonencode({json.dumps({'Version': '2012-10-17', 'Statement': statements}, indent=2)})"
    if isinstance(thing, Resource) and thing.host in {"layer", "function"}:
        return HOSTS[thing.host].terraform(direct), {"subject", *_FUNCTIONS.get(thing.host, ())}
    document, head = direct, ""
    if statements and rng.random() < 0.5:
        blocks = "".join(_block(each) for each in statements)
        document, head = "data.aws_iam_policy_document.p.json", f'data "aws_iam_policy_document" "p" {{\n{blocks}}}\n'
    if isinstance(thing, Resource):
        return head + HOSTS[thing.host].terraform(document), {"subject"}
    if thing.form == "managed":
        return head + f'resource "aws_iam_policy" "subject" {{\n  policy = {document}\n}}\n', {"subject"}
    if thing.form == "set":
        of = "  instance_arn = aws_ssoadmin_permission_set.subject.instance_arn\n  permission_set_arn = aws_ssoadmin_permission_set.subject.arn\n"
        head += 'resource "aws_ssoadmin_permission_set" "subject" {\n  name = "people"\n  instance_arn = "arn:aws:sso:::instance/ssoins-0123456789abcdef"\n}\n'
        for each in thing.managed:
            head += f'resource "aws_ssoadmin_managed_policy_attachment" "subject" {{\n{of}  managed_policy_arn = "{each}"\n}}\n'
        if statements:
            head += f'resource "aws_ssoadmin_permission_set_inline_policy" "subject" {{\n{of}  inline_policy = {document}\n}}\n'
        return head, {"subject"}
    kind = thing.form
    trust = f"  assume_role_policy = jsonencode({json.dumps(_trust(thing))})\n" if kind == "role" else ""
    text = head + f'resource "aws_iam_{kind}" "subject" {{\n  name = "subject"\n{trust}}}\n'
    for each in thing.managed:
        text += f'resource "aws_iam_{kind}_policy_attachment" "subject" {{\n  {kind} = aws_iam_{kind}.subject.name\n  policy_arn = "{each}"\n}}\n'
    if statements and rng.random() < 0.5:
        text += f'resource "aws_iam_{kind}_policy" "subject" {{\n  {kind} = aws_iam_{kind}.subject.name\n  policy = {document}\n}}\n'
    elif statements:
        text += f'resource "aws_iam_policy" "subject" {{\n  policy = {document}\n}}\n'
        text += f'resource "aws_iam_{kind}_policy_attachment" "subject" {{\n  {kind} = aws_iam_{kind}.subject.name\n  policy_arn = aws_iam_policy.subject.arn\n}}\n'
    return text, {"subject"}


def write(folder: Path, project: str, thing: Thing, rng: random.Random) -> set[str]:
    """Write a project of a kind with the thing; the names of which a message must have one."""
    folder.mkdir(parents=True)
    if project == "terraform":
        text, names = terraform(thing, rng)
        (folder / "main.tf").write_text(text, encoding="utf-8")
        return names
    resources, names = cloudformation(thing, rng)
    template: Json = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    if project == "cdk":
        (folder / "cdk.json").write_text('{"app": "node app.js"}', encoding="utf-8")
        out = folder / "cdk.out"
        out.mkdir()
        for name, resource in resources.items():
            resource["Metadata"] = {"aws:cdk:path": f"Shop/{name}/Resource"}
        artifact = {"type": "aws:cloudformation:stack", "environment": f"aws://{ACCOUNT}/us-east-1",
            "properties": {"templateFile": "Shop.template.json"}, "displayName": "Shop"}  # fmt: skip
        (out / "manifest.json").write_text(
            json.dumps({"version": "36.0.0", "artifacts": {"Shop": artifact}}), encoding="utf-8"
        )
        (out / "Shop.template.json").write_text(json.dumps(template, indent=1), encoding="utf-8")
        return names
    if project == "serverless":
        function = {"hello": {"handler": "app.handler"}}
        service = {"service": "shop", "provider": {"name": "aws", "runtime": "python3.12"}, "functions": function,
            "resources": {"Resources": resources}}  # fmt: skip
        (folder / "app.py").write_text(HANDLER, encoding="utf-8")
        (folder / "serverless.yml").write_text(json.dumps(service, indent=2), encoding="utf-8")
        return names
    if project == "sam":
        template["Transform"] = "AWS::Serverless-2016-10-31"
        of = {"Handler": "app.handler", "Runtime": "python3.12", "CodeUri": "."}
        resources["Hello"] = {"Type": "AWS::Serverless::Function", "Properties": of}
        (folder / "app.py").write_text(HANDLER, encoding="utf-8")
    (folder / "template.yaml").write_text(json.dumps(template, indent=2), encoding="utf-8")
    return names


def problems(folder: Path) -> list[Json]:
    """The errors and warnings of ``scopedown check``."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(printed):
        try:
            main_of_scopedown(["check", str(folder), "--format", "json"])
        except SystemExit as ended:
            code = ended.code
    printed.flush()
    text = printed.buffer.getvalue().decode()
    if code not in (0, 1):
        return [{"severity": "crash", "rule": "", "message": f"exit code {code} {text[-300:]}"}]
    return [each for each in json.loads(text)["problems"] if each["severity"] in ("error", "warning")]


@dataclass
class Result:
    """What the run counts."""

    found: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    projects: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)


def run(name: str, number: int, seed: int, folder: Path, result: Result) -> None:
    """Make one case with its control, and count."""
    kind = KINDS[name]
    project = PROJECTS[(number + seed) % len(PROJECTS)]
    place = folder / f"{number:03}-{project}"
    names = write(
        place / "bad", project, kind.bad(random.Random(f"{seed} {number} bad")), random.Random(f"{seed} {number}")
    )
    write(place / "good", project, kind.good(random.Random(f"{seed} {number} good")), random.Random(f"{seed} {number}"))
    seen = problems(place / "bad")
    said = [
        each for each in seen
        if any(re.search(rf"\b{word}\b", f"{each['message']} {each.get('role') or ''}") for word in names)
        and re.search(kind.why, each["message"])
    ]  # fmt: skip
    result.projects[project] += 1
    if said:
        result.found += 1
        result.rules[said[0]["rule"]] += 1
    else:
        result.missed.append(
            f"{place.name}: {name}: " + "; ".join(f"{each['rule']} {each['message']}" for each in seen)
        )
    result.false += [f"{place.name}: {name}: {each['rule']} {each['message']}" for each in problems(place / "good")]


def main() -> int:
    """Run the cases and print what was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the projects here and leave them")
    parser.add_argument("--only", help="only the kinds with this text in their name")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    kinds = [name for name in KINDS if not options.only or options.only in name]
    drawn = [*kinds, *(rng.choice(kinds) for _ in range(options.cases))][: options.cases]
    rng.shuffle(drawn)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="bad-roles-"))
    result = Result()
    for number, name in enumerate(drawn):
        run(name, number, options.seed, folder, result)
    if not options.keep:
        shutil.rmtree(folder)
    for text in result.missed:
        print("missed:", text)
    for text in result.false:
        print("false:", text)
    print(
        f"seed {options.seed}: {len(set(drawn))} kinds; "
        + ", ".join(f"{n} {p}" for p, n in sorted(result.projects.items()))
    )
    print(f"found {result.found} of {len(drawn)}; {len(drawn)} controls, {len(result.false)} false; rules: "
          + ", ".join(f"{rule} {n}" for rule, n in sorted(result.rules.items())))  # fmt: skip
    return 1 if result.missed or result.false else 0


if __name__ == "__main__":
    sys.exit(main())
