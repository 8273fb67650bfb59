"""The local AWS as far as ``sam`` and ``cdk`` ask more of it: SAM's transform, managed policies, buckets, roles.

Who signs a request is told by its access key: an assumed role has its own, and what that may do is no matter of the
caller's policy (:attr:`WithTransforms.by_roles` keeps what it asked for).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from samtranslator.yaml_helper import yaml_parse

from deploy.enforcement.local_aws import USER, DeniedError, Handler, LocalAws, NotThereError, Stack, _result, event
from deploy.enforcement.template import ACCOUNT, RANDOM, REGION, arn
from scopedown.iam import Kind, Policy, Request, evaluate, parse_policy
from scopedown.project.sam.engine import translate

TRANSFORM = "AWS::Serverless-2016-10-31"
TRANSFORM_ARN = f"arn:aws:cloudformation:{REGION}:aws:transform/Serverless-2016-10-31"
"""Its owner ``aws`` has no policy for it: the caller's alone decides."""
TRUST = parse_policy({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
}]}, Kind.TRUST)  # fmt: skip
"""Whom cdk's roles trust: their account, as ``cdk bootstrap`` makes them."""
BUCKET = {
    "VersioningConfiguration": "s3:PutBucketVersioning",
    "PublicAccessBlockConfiguration": "s3:PutBucketPublicAccessBlock",
    "BucketEncryption": "s3:PutEncryptionConfiguration",
    "Tags": "s3:PutBucketTagging",
}
"""What a property of a bucket makes CloudFormation call: each operation's page says which action it needs."""


class WithTransforms(LocalAws):
    """Also transforms templates, and knows who asks. ``calls`` are (caller, action, ARN), in order, each kept once."""

    def __init__(self, policies: tuple[Policy, ...], without: str = "") -> None:
        super().__init__(policies, without)
        self.caller = ""
        self.by_roles: set[tuple[str, str]] = set()
        self.calls: dict[tuple[str, str, str], None] = {}
        self.offered: dict[str, str] = {}  # a stack's newest template as its author wrote it
        self.written: dict[str, str] = {}  # and the one that it was brought to
        self.gone: dict[str, Stack] = {}  # by ARN: a deleted stack is still found by that
        self.acting: dict[str, str] = {}  # the role that CloudFormation acts with, by stack

    def authorise(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> None:
        """As the user; what an assumed role asks for is kept, and allowed."""
        self.calls[self.caller, action, resource] = None
        if self.caller:
            self.by_roles.add((self.caller, action))
        elif resource == TRANSFORM_ARN or action == "sts:AssumeRole":
            self.used.add(action)
            request = Request(USER, action, resource, ACCOUNT, context={"aws:RequestedRegion": REGION})
            trust = TRUST if action == "sts:AssumeRole" else None
            allowed = evaluate(request, replace(self.policies, resource=trust)).value == "allowed"
            if not allowed or action == self.without:
                self.denied.append((action, resource))
                raise DeniedError(f"User: {USER.arn} is not authorized to perform: {action} on resource: {resource}")
        else:
            super().authorise(action, resource, context)

    def stack(self, name: str) -> Stack:
        found = self.gone.get(name)
        return found if found and found.name not in self.stacks else super().stack(name)

    def template_of(self, form: Mapping[str, str]) -> dict[str, Any]:
        text = form.get("TemplateBody", "")
        if not text:
            bucket, _, key = unquote(urlsplit(form["TemplateURL"]).path).lstrip("/").partition("/")
            self.authorise("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}")
            text = self.buckets[bucket][key].decode()
        name = form.get("StackName", "").partition("stack/")[2].partition("/")[0] or form.get("StackName", "")
        self.offered[name] = text
        tree: dict[str, Any] = json.loads(json.dumps(yaml_parse(text), default=str))
        if tree.get("Transform") == TRANSFORM:
            self.authorise("cloudformation:CreateChangeSet", TRANSFORM_ARN)
            tree = translate(tree, {}, "aws", lambda *_: None).tree or {}
        for id, resource in tree.get("Resources", {}).items():
            if resource["Type"] == "AWS::Lambda::Function":
                resource.setdefault("Properties", {}).setdefault("FunctionName", f"{name}-{id}-{RANDOM}")
        tree["Resources"] = {
            id: one for id, one in tree.get("Resources", {}).items() if one["Type"] != "AWS::CDK::Metadata"
        }
        return tree

    def execute(self, stack: Stack, template: dict[str, Any] | None) -> None:
        old, role, caller = deepcopy(stack.template["Resources"]), self.acting.get(stack.name, ""), self.caller
        self.written[stack.name] = self.offered[stack.name]
        self.caller = role or caller
        try:
            super().execute(stack, template)
            for id, resource in {**old, **(template or {"Resources": {}})["Resources"]}.items():
                self.further(stack, id, resource, id in old, template is None)
        finally:
            self.caller = caller

    def further(self, stack: Stack, id: str, resource: Mapping[str, Any], known: bool, removing: bool) -> None:
        """What a type needs beside the calls of :mod:`.template`."""
        properties, name = resource.get("Properties", {}), stack.physical[id]
        if resource["Type"] == "AWS::IAM::Role" and known == removing:
            action = "iam:DetachRolePolicy" if removing else "iam:AttachRolePolicy"
            for policy in properties.get("ManagedPolicyArns", ()):
                policy = (
                    policy
                    if isinstance(policy, str)
                    else "arn:aws:iam::aws:policy/" + policy["Fn::Join"][1][-1].partition("policy/")[2]
                )
                self.authorise(action, f"arn:aws:iam::{ACCOUNT}:role/{name}", {"iam:PolicyARN": policy})
        if resource["Type"] == "AWS::S3::Bucket" and not known:
            for key in properties:
                if key in BUCKET:
                    self.authorise(BUCKET[key], f"arn:aws:s3:::{name}")

    def cloudformation(self, form: Mapping[str, str]) -> str:
        action, name = form["Action"], form.get("StackName", "")
        short = name.partition("stack/")[2].partition("/")[0] or name
        where = arn("cloudformation", f"stack/{short or '*'}/x")
        if action == "CreateChangeSet" and form.get("RoleARN"):
            self.acting[short] = form["RoleARN"].rpartition("/")[2]
        if action == "GetTemplateSummary":
            self.authorise("cloudformation:GetTemplateSummary", where if short else "*")
            if not short:
                self.template_of(form)
            else:
                self.stack(short)
            return "<Parameters/>"
        if action == "GetTemplate":
            self.authorise("cloudformation:GetTemplate", where)
            self.stack(short)
            return f"<TemplateBody>{escape(self.written[short])}</TemplateBody>"
        if action == "ListChangeSets":
            self.authorise("cloudformation:ListChangeSets", where)
            return "<Summaries/>"
        if action == "DescribeStacks" and not name:
            self.authorise("cloudformation:DescribeStacks", where)
            return "<Stacks/>"
        if action == "DescribeChangeSet" and short in self.stacks and self.stacks[short].change_set is None:
            self.authorise("cloudformation:DescribeChangeSet", where)
            raise NotThereError("ChangeSetNotFound", f"ChangeSet [{form['ChangeSetName']}] does not exist")
        found = super().cloudformation(form)
        if action == "DeleteChangeSet":
            self.stacks[short].change_set = None
        if action == "CreateChangeSet" and not self.stacks[short].events:  # as a stack in review has it
            stack = self.stacks[short]
            event(stack, short, stack.id, "AWS::CloudFormation::Stack", "REVIEW_IN_PROGRESS")
        if action == "DeleteStack" and (gone := self.stacks.pop(short, None)):
            self.gone[gone.id] = gone
        if action == "DescribeStacks":
            stack = self.stack(name)
            tags = (
                "<member><Key>ManagedStackSource</Key><Value>AwsSamCli</Value></member>" if "sam-cli" in short else ""
            )
            more = f"<EnableTerminationProtection>false</EnableTerminationProtection><Tags>{tags}</Tags>"
            found = found.replace("<StackStatus>", f"{more}<StackStatus>")
            for key, output in stack.template.get("Outputs", {}).items():
                value = output.get("Value")
                shown = stack.physical.get(value.get("Ref", ""), "x") if isinstance(value, dict) else str(value)
                found = found.replace(
                    f"<OutputKey>{key}</OutputKey><OutputValue>x<",
                    f"<OutputKey>{key}</OutputKey><OutputValue>{shown}<",
                )
        return found


class TransformingHandler(Handler):
    """The further requests of ``sam`` and ``cdk``."""

    aws: WithTransforms

    def answer(self) -> None:
        match = re.search(r"Credential=ROLE([^/]+)/", self.headers.get("Authorization", ""))
        with self.aws.lock:
            self.aws.caller = match[1] if match else ""
            super().answer()
            self.aws.caller = ""

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

    def _sts(self, body: bytes) -> tuple[int, str, bytes]:
        form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        if form["Action"] != "AssumeRole":
            return super()._sts(body)
        self.aws.authorise("sts:AssumeRole", form["RoleArn"])
        name = form["RoleArn"].rpartition("/")[2]
        inner = (
            f"<Credentials><AccessKeyId>ROLE{name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
            f"<SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>"
            f"<AssumedRoleUser><Arn>arn:aws:sts::{ACCOUNT}:assumed-role/{name}/s</Arn>"
            f"<AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>"
        )
        return 200, "text/xml", _result("AssumeRole", inner)

    def _ssm(self, body: bytes) -> tuple[int, str, bytes]:
        action = (self.headers.get("X-Amz-Target") or "").partition(".")[2]
        name = json.loads(body)["Name"]
        self.aws.authorise(f"ssm:{action}", arn("ssm", f"parameter{name}"))
        value = {"Parameter": {"Name": name, "Type": "String", "Value": "30"}}
        return 200, "application/x-amz-json-1.1", json.dumps(value).encode()

    def _lambda(self, body: bytes) -> tuple[int, str, bytes]:
        match = re.match(r"/\d{4}-\d\d-\d\d/functions/([^/]+)/(configuration|url)", unquote(self.path))
        if self.command != "GET" or match is None:
            return super()._lambda(body)
        action = {"configuration": "GetFunctionConfiguration", "url": "GetFunctionUrlConfig"}[match[2]]
        self.aws.authorise(f"lambda:{action}", arn("lambda", f"function:{match[1]}"))
        if action == "GetFunctionUrlConfig":
            raise NotThereError("ResourceNotFoundException", match[1])
        group = {"LoggingConfig": {"LogGroup": f"/aws/lambda/{match[1]}"}}
        return 200, "application/json", json.dumps({"FunctionName": match[1], "Version": "1", **group}).encode()

    def _cloudcontrolapi(self, body: bytes) -> tuple[int, str, bytes]:
        asked = json.loads(body)
        self.aws.authorise("cloudformation:GetResource", "*")
        self.aws.authorise("lambda:GetFunctionUrlConfig", arn("lambda", f"function:{asked['Identifier']}"))
        raise NotThereError("ResourceNotFoundException", asked["Identifier"])

    def _s3(self, body: bytes) -> tuple[int, str, bytes]:
        url = urlsplit(self.path)
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        query, where = parse_qs(url.query, keep_blank_values=True), f"arn:aws:s3:::{bucket}"
        for part, action, shown in (
            ("location", "s3:GetBucketLocation", "<LocationConstraint/>"),
            ("encryption", "s3:GetEncryptionConfiguration", "<ServerSideEncryptionConfiguration/>"),
        ):
            if not key and part in query:
                self.aws.authorise(action, where)
                return 200, "application/xml", shown.encode()
        if self.command == "DELETE" and key:
            self.aws.authorise("s3:DeleteObject", f"{where}/{key}")
            self.aws.buckets.get(bucket, {}).pop(key, None)
            return 204, "application/xml", b""
        if key and set(query) - {"x-id", "versionId", "list-type"}:
            return self._unknown(body)
        return super()._s3(body)


def serve(aws: WithTransforms) -> tuple[ThreadingHTTPServer, str]:
    """Start serving on a free port of 127.0.0.1; the server and its address."""
    handler = type("Bound", (TransformingHandler,), {"aws": aws})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
