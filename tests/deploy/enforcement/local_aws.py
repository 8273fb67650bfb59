"""A local AWS on 127.0.0.1 that authorises each request of one user with :mod:`scopedown.iam`, and keeps what it needs.

It knows the operations that a hello-world's commands call, in their own protocols. CloudFormation carries out a change
set resource by resource, each call of :mod:`.template` authorised as the caller, and tells the result in stack events.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from deploy.enforcement.template import ACCOUNT, REGION, arn, calls, differing, physical_id, resolver
from scopedown.iam import Caller, Policy, PolicySet, Request, evaluate

USER = Caller.user(ACCOUNT, "deployer")
TIME = "2026-01-01T00:00:00.000Z"


class DeniedError(Exception):
    """The policy does not allow a call."""


class NotThereError(Exception):
    """What is asked for does not exist; the arguments are the error's code and its message."""


@dataclass
class Stack:
    """A stack as far as it was deployed."""

    name: str
    template: dict[str, Any] = field(default_factory=lambda: {"Resources": {}})
    physical: dict[str, str] = field(default_factory=dict)
    status: str = "REVIEW_IN_PROGRESS"
    events: list[dict[str, str]] = field(default_factory=list)
    change_set: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        return arn("cloudformation", f"stack/{self.name}/11111111-2222-3333-4444-555555555555")


class LocalAws:
    """The state, and who may do what. ``denied`` are the calls that were refused, ``used`` the actions asked for."""

    def __init__(self, policies: tuple[Policy, ...], without: str = "") -> None:
        self.policies = PolicySet(identity=policies)
        self.without = without
        self.denied: list[tuple[str, str]] = []
        self.used: set[str] = set()
        self.unknown: list[str] = []
        self.stacks: dict[str, Stack] = {}
        self.buckets: dict[str, dict[str, bytes]] = {}
        self.lock = threading.RLock()

    def authorise(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> None:
        """Raise DeniedError where the policy does not allow a call."""
        self.used.add(action)
        keys = {"aws:RequestedRegion": REGION, **(context or {})}
        allowed = evaluate(Request(USER, action, resource, context=keys), self.policies).value == "allowed"
        if not allowed or action == self.without:
            self.denied.append((action, resource))
            raise DeniedError(f"User: {USER.arn} is not authorized to perform: {action} on resource: {resource}")

    # CloudFormation

    def stack(self, name: str) -> Stack:
        name = name.partition("stack/")[2].partition("/")[0] or name
        if name not in self.stacks:
            raise NotThereError("ValidationError", f"Stack with id {name} does not exist")
        return self.stacks[name]

    def template_of(self, form: Mapping[str, str]) -> dict[str, Any]:
        if "TemplateBody" in form:
            return dict(json.loads(form["TemplateBody"]))
        url = urlsplit(form["TemplateURL"])
        host, path = (url.hostname or "").partition(".s3")[0], url.path.lstrip("/")
        bucket, key = (host, path) if ".s3" in (url.hostname or "") and host else path.split("/", 1)
        self.authorise("s3:GetObject", f"arn:aws:s3:::{bucket}/{unquote(key)}")
        return dict(json.loads(self.buckets[bucket][unquote(key)]))

    def execute(self, stack: Stack, template: dict[str, Any] | None) -> None:
        """Bring a stack to a template (None: to nothing), as the caller; a denial ends it."""
        old, new = stack.template["Resources"], (template or {"Resources": {}})["Resources"]
        verb = "DELETE" if template is None else "UPDATE" if old else "CREATE"
        event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", f"{verb}_IN_PROGRESS")
        kinds = {id: one["Type"] for id, one in {**old, **new}.items()}
        resolve = resolver(stack.physical, kinds, stack.name)
        for id in sorted(new, key=lambda id: ORDER.index(kinds[id])):
            stack.physical.setdefault(id, physical_id(stack.name, id, new[id], resolve))
        steps = [("create", id, new[id]) for id in new if id not in old]
        steps += [("update", id, new[id]) for id in new if id in old and differing(old[id], new[id])]
        steps.sort(key=lambda step: ORDER.index(kinds[step[1]]))
        gone = [id for id in old if id not in new and old[id].get("DeletionPolicy") != "Retain"]
        steps += [("delete", id, old[id]) for id in sorted(gone, key=lambda id: -ORDER.index(kinds[id]))]
        for phase, id, resource in steps:
            changed = differing(old[id], resource) if phase == "update" else set()
            try:
                for action, where, context in calls(phase, kinds[id], stack.physical[id], resolve(
                    resource.get("Properties", {})), changed):  # fmt: skip
                    self.authorise(action, where, context)
            except DeniedError as error:
                event(stack, id, stack.physical[id], kinds[id], f"{phase.upper()}_FAILED", str(error))
                stack.status = "ROLLBACK_COMPLETE" if verb == "CREATE" else f"{verb}_FAILED"
                event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", f"{verb}_FAILED", str(error))
                return
            event(stack, id, stack.physical[id], kinds[id], f"{phase.upper()}_COMPLETE")
            if kinds[id] == "AWS::S3::Bucket" and phase == "create":
                self.buckets.setdefault(stack.physical[id], {})
        stack.template = template or {"Resources": {}}
        stack.status = f"{verb}_COMPLETE"
        event(stack, stack.name, stack.id, "AWS::CloudFormation::Stack", stack.status)

    def cloudformation(self, form: Mapping[str, str]) -> str:
        """The answer to an operation, as the inside of its result."""
        action, name = form["Action"], form.get("StackName", "")
        short = name.partition("stack/")[2].partition("/")[0] or name
        if action == "ValidateTemplate":
            self.authorise("cloudformation:ValidateTemplate", "*")
            self.template_of(form)
            return "<Parameters/>"
        self.authorise(f"cloudformation:{action}", arn("cloudformation", f"stack/{short}/x"))
        if action == "CreateChangeSet":
            stack = self.stacks.setdefault(short, Stack(short))
            template = self.template_of(form)
            if form.get("RoleARN"):
                self.authorise("iam:PassRole", form["RoleARN"], {"iam:PassedToService": "cloudformation.amazonaws.com"})
            changes = template["Resources"] != stack.template["Resources"]
            stack.change_set = {"name": form["ChangeSetName"], "template": template, "changes": changes}
            set_id = arn("cloudformation", f"changeSet/{form['ChangeSetName']}/1")
            return f"<Id>{set_id}</Id><StackId>{stack.id}</StackId>"
        stack = self.stack(name)
        if action == "DescribeChangeSet":
            found = stack.change_set or {}
            reason = "" if found.get("changes") else "The submitted information didn't contain changes."
            status = "CREATE_COMPLETE" if found.get("changes") else "FAILED"
            return (
                f"<ChangeSetName>{found.get('name')}</ChangeSetName><StackName>{stack.name}</StackName>"
                f"<StackId>{stack.id}</StackId><Status>{status}</Status><StatusReason>{reason}</StatusReason>"
                "<ExecutionStatus>AVAILABLE</ExecutionStatus><Changes/>"
            )
        if action == "ExecuteChangeSet" and stack.change_set is not None:
            self.execute(stack, stack.change_set["template"])
        if action == "DeleteStack":
            self.execute(stack, None)
        if action == "DescribeStacks":
            outputs = "".join(
                f"<member><OutputKey>{key}</OutputKey><OutputValue>x</OutputValue></member>"
                for key in stack.template.get("Outputs", {})
            )
            return (
                f"<Stacks><member><StackName>{stack.name}</StackName><StackId>{stack.id}</StackId>"
                f"<StackStatus>{stack.status}</StackStatus><CreationTime>{TIME}</CreationTime>"
                f"<Outputs>{outputs}</Outputs></member></Stacks>"
            )
        if action == "DescribeStackEvents":
            return f"<StackEvents>{''.join(map(_members, reversed(stack.events)))}</StackEvents>"
        resources = [
            {
                "StackName": stack.name, "StackId": stack.id, "LogicalResourceId": id,
                "PhysicalResourceId": stack.physical[id], "ResourceType": one["Type"],
                "ResourceStatus": "CREATE_COMPLETE", "LastUpdatedTimestamp": TIME,
            }
            for id, one in stack.template["Resources"].items()
        ]  # fmt: skip
        if action == "ListStackResources":
            return f"<StackResourceSummaries>{''.join(map(_members, resources))}</StackResourceSummaries>"
        if action == "DescribeStackResource":
            wanted = form["LogicalResourceId"]
            found = next((one for one in resources if one["LogicalResourceId"] == wanted), None)
            if found is None:
                raise NotThereError("ValidationError", f"Resource {wanted} does not exist for stack {stack.name}")
            inner = _members(found).removeprefix("<member>").removesuffix("</member>")
            return f"<StackResourceDetail>{inner}</StackResourceDetail>"
        return ""


ORDER = [
    "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::Logs::LogGroup", "AWS::IAM::Role", "AWS::Lambda::Function",
    "AWS::Lambda::Version",
]  # fmt: skip


def event(stack: Stack, id: str, physical: str, kind: str, status: str, reason: str = "") -> None:
    """Note a stack event."""
    number = len(stack.events)
    stack.events.append({
        "StackId": stack.id, "EventId": f"event-{number}", "StackName": stack.name, "LogicalResourceId": id,
        "PhysicalResourceId": physical, "ResourceType": kind, "ResourceStatus": status,
        "ResourceStatusReason": reason, "Timestamp": f"2100-01-01T00:{number // 60:02}:{number % 60:02}.000Z",
    })  # fmt: skip


def _members(values: Mapping[str, str]) -> str:
    return "<member>" + "".join(f"<{key}>{escape(value)}</{key}>" for key, value in values.items()) + "</member>"


class Handler(BaseHTTPRequestHandler):
    """One request: who asks which service, the answer in the service's protocol."""

    aws: LocalAws
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = b"".join(_chunks(body))
        scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", self.headers.get("Authorization", ""))
        service = scope[1] if scope else ""
        with self.aws.lock:
            try:
                status, kind, data = getattr(self, f"_{service}", self._unknown)(body)
            except DeniedError as error:
                status, kind, data = self._error(service, 403, "AccessDenied", str(error))
            except NotThereError as error:
                status, kind, data = self._error(service, 404 if service in ("s3", "lambda") else 400, *error.args)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if kind == "application/cbor":
            self.send_header("smithy-protocol", "rpc-v2-cbor")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

    def _error(self, service: str, status: int, code: str, message: str) -> tuple[int, str, bytes]:
        if service == "s3":
            return (
                status,
                "application/xml",
                f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>".encode(),
            )
        if service in ("cloudformation", "sts"):
            inner = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
            text = f"<ErrorResponse><Error>{inner}</Error></ErrorResponse>"
            return status, "text/xml", text.encode()
        named = f"{code}Exception" if code == "AccessDenied" else code
        return status, "application/json", json.dumps({"__type": named, "code": named, "message": message}).encode()

    def _unknown(self, body: bytes) -> tuple[int, str, bytes]:
        self.aws.unknown.append(f"{self.command} {self.path} {self.headers.get('X-Amz-Target')} {body[:200]!r}")
        return 400, "application/json", b'{"__type": "UnknownOperationException"}'

    def _sts(self, body: bytes) -> tuple[int, str, bytes]:
        inner = f"<Arn>{USER.arn}</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>"
        return 200, "text/xml", _result("GetCallerIdentity", inner)

    def _cloudformation(self, body: bytes) -> tuple[int, str, bytes]:
        form = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        return 200, "text/xml", _result(form["Action"], self.aws.cloudformation(form))

    def _s3(self, body: bytes) -> tuple[int, str, bytes]:
        url = urlsplit(self.path)
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        query = parse_qs(url.query, keep_blank_values=True)
        where, objects = f"arn:aws:s3:::{bucket}", self.aws.buckets.get(bucket)
        if not key and "delete" in query:
            keys = re.findall(r"<Key>(.*?)</Key>", body.decode())
            for one in keys:
                self.aws.authorise("s3:DeleteObject", f"{where}/{one}")
                (objects or {}).pop(one, None)
            return 200, "application/xml", b"<DeleteResult/>"
        action = (
            {"HEAD": "s3:GetObject", "GET": "s3:GetObject", "PUT": "s3:PutObject"}[self.command]
            if key
            else "s3:ListBucket"
        )
        self.aws.authorise(action, f"{where}/{key}" if key else where)
        if objects is None:
            raise NotThereError("NoSuchBucket", bucket)
        if not key:
            prefix = query.get("prefix", [""])[0]
            found = "".join(
                f"<Contents><Key>{escape(name)}</Key><Size>{len(data)}</Size><LastModified>{TIME}</LastModified></Contents>"
                for name, data in sorted(objects.items())
                if name.startswith(prefix)
            )
            return (
                200,
                "application/xml",
                f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode(),
            )
        if self.command == "PUT":
            objects[key] = body
            return 200, "application/xml", b""
        if key not in objects:
            raise NotThereError("NoSuchKey", key)
        return 200, "application/octet-stream", objects[key]

    def _lambda(self, body: bytes) -> tuple[int, str, bytes]:
        path = urlsplit(self.path).path
        match = re.match(r"/2015-03-31/functions/([^/]+)(/\w+)?", unquote(path))
        if match is None:
            return self._unknown(body)
        name, rest = match[1], match[2] or ""
        action = {
            ("GET", ""): "GetFunction",
            ("PUT", "/code"): "UpdateFunctionCode",
            ("GET", "/versions"): "ListVersionsByFunction",
            ("POST", "/invocations"): "InvokeFunction",
            ("PUT", "/configuration"): "UpdateFunctionConfiguration",
        }.get((self.command, rest))  # fmt: skip
        if action is None:
            return self._unknown(body)
        self.aws.authorise(f"lambda:{action}", arn("lambda", f"function:{name}"))
        if not any(
            name in stack.physical.values() and stack.template["Resources"] for stack in self.aws.stacks.values()
        ):
            raise NotThereError("ResourceNotFoundException", name)
        configuration = {
            "FunctionName": name, "FunctionArn": arn("lambda", f"function:{name}"), "Runtime": "nodejs22.x",
            "State": "Active", "LastUpdateStatus": "Successful", "CodeSha256": "x", "Version": "1",
            "LastModified": "2026-01-01T00:00:00.000+0000", "Role": f"arn:aws:iam::{ACCOUNT}:role/r",
            "Handler": "h.h", "Timeout": 6, "MemorySize": 1024,
        }  # fmt: skip
        shown: dict[str, Any] = (
            {"Configuration": configuration, "Code": {}} if action == "GetFunction" else configuration
        )
        if action == "ListVersionsByFunction":
            shown = {"Versions": [configuration]}
        return 200, "application/json", json.dumps(shown).encode()

    def _logs(self, body: bytes) -> tuple[int, str, bytes]:
        action = (self.headers.get("X-Amz-Target") or "").partition(".")[2]
        group = json.loads(body)["logGroupName"]
        self.aws.authorise(f"logs:{action}", arn("logs", f"log-group:{group}:*"))
        streams = {"logStreams": [{"logStreamName": "2026/01/01/[$LATEST]x"}]}
        return (
            200,
            "application/x-amz-json-1.1",
            json.dumps(streams if action == "DescribeLogStreams" else {"events": []}).encode(),
        )

    def _monitoring(self, body: bytes) -> tuple[int, str, bytes]:
        self.aws.authorise("cloudwatch:GetMetricStatistics", "*")
        if "cbor" in self.headers.get("Content-Type", ""):
            return 200, "application/cbor", b"\xa2jDatapoints\x80eLabela-"
        if "json" in self.headers.get("Content-Type", ""):
            return 200, "application/json", b'{"Datapoints": [], "Label": "-"}'
        return 200, "text/xml", _result("GetMetricStatistics", "<Datapoints/><Label>-</Label>")

    def _ecr(self, body: bytes) -> tuple[int, str, bytes]:
        self.aws.authorise(
            "ecr:DescribeRepositories", arn("ecr", f"repository/{json.loads(body)['repositoryNames'][0]}")
        )
        raise NotThereError("RepositoryNotFoundException", "there is none")


def _result(action: str, inner: str) -> bytes:
    return f"<{action}Response><{action}Result>{inner}</{action}Result></{action}Response>".encode()


def _chunks(body: bytes) -> Iterator[bytes]:
    """The data of an aws-chunked body
    (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html)."""
    while body:
        head, _, rest = body.partition(b"\r\n")
        length = int(head.partition(b";")[0] or b"0", 16)
        if not length:
            return
        yield rest[:length]
        body = rest[length + 2 :]


def serve(aws: LocalAws) -> tuple[ThreadingHTTPServer, str]:
    """Start serving on a free port of 127.0.0.1; the server and its address."""
    handler = type("Bound", (Handler,), {"aws": aws})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
