"""The 65 services that cover every event and setting: their commands' recorded calls are allowed, and each of their
compiled types is covered by the table.

``framework-calls.json`` holds what the commands of osls 4.3.1 and serverless 3.40.0 were measured to call. When a call
happens is said here once more, independently of the tables: by the text of the service's own serverless.yml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.documents import documents
from scopedown.deploy.plan import plan
from scopedown.deploy.resources import covered
from scopedown.iam import Caller, Policy, PolicySet, Request, evaluate, parse_policy
from scopedown.project.load import Options, load_project

SHARED = Path(__file__).resolve().parents[3] / "shared"
SERVICES = SHARED / "cases" / "event-services"
CALLS = SHARED / "reference" / "framework-calls.json"
ACCOUNT = "123456789012"
USER = Caller.of(f"arn:aws:iam::{ACCOUNT}:user/deployer")
RANDOM = "1p6f52dnzsq77"
"""The end of a name that CloudFormation makes."""

pytestmark = pytest.mark.skipif(not SERVICES.is_dir() or not CALLS.is_file(), reason="the recorded services are absent")
NAMES = sorted(path.name for path in SERVICES.iterdir()) if SERVICES.is_dir() else []


class Service:
    """A service's own serverless.yml, unread by scopedown."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.yaml: dict[str, Any] = yaml.safe_load((SERVICES / name / "serverless.yml").read_text())
        self.provider: dict[str, Any] = self.yaml["provider"]
        self.functions: dict[str, Any] = self.yaml.get("functions") or {}
        self.bucket: Any = self.provider.get("deploymentBucket") or {}

    def events(self, kind: str) -> bool:
        return any(kind in event for function in self.functions.values() for event in function.get("events") or ())

    @property
    def rest_hack(self) -> bool:
        api, logs = self.provider.get("apiGateway") or {}, self.provider.get("logs") or {}
        tracing = (self.provider.get("tracing") or {}).get("apiGateway")
        asked = self.provider.get("tags") or self.provider.get("stackTags") or tracing or logs.get("restApi")
        return self.events("http") and bool(asked or api.get("metrics"))

    @property
    def bucket_name(self) -> str:
        named = self.bucket if isinstance(self.bucket, str) else self.bucket.get("name")
        return named or f"test-service-dev-serverlessdeploymentbucket-{RANDOM}"

    @property
    def has_own_bucket(self) -> bool:
        return not (isinstance(self.bucket, str) or self.bucket.get("name"))

    @property
    def has_deployment_role(self) -> bool:
        return bool((self.provider.get("iam") or {}).get("deploymentRole"))

    @property
    def api_keys(self) -> bool:
        return bool((self.provider.get("apiGateway") or {}).get("apiKeys"))


def never(service: Service) -> bool:
    return False


def always(service: Service) -> bool:
    return True


WHEN: dict[str | None, Callable[[Service], bool]] = {
    None: always,
    "always; needs no permission": always,
    "both; in osls 4 also used for a custom deploymentBucket": always,
    "deploymentMethod: changesets (default)": always,
    "changesets": always,
    "changesets: always called before an UPDATE change set (so even on 1st deploy, 2nd phase), and if empty": always,
    "changesets; direct -> UpdateStack": always,
    "deploymentMethod: direct, stack absent": lambda s: s.provider.get("deploymentMethod") == "direct",
    "deploymentMethod: direct": lambda s: s.provider.get("deploymentMethod") == "direct",
    "post-deploy `aws:info`": always,
    "no provider.deploymentBucket (finds ServerlessDeploymentBucket); also per cloudwatchLog filter check": (
        lambda s: s.has_own_bucket or s.events("cloudwatchLog")
    ),
    "no custom bucket": lambda s: s.has_own_bucket,
    "ValidateTemplate/CreateChangeSet/Create|UpdateStack with TemplateURL": always,
    "provider.iam.deploymentRole; iam:PassedToService=cloudformation.amazonaws.com": lambda s: s.has_deployment_role,
    "deploymentRole": lambda s: s.has_deployment_role,
    "provider.deploymentBucket given": lambda s: not s.has_own_bucket,
    "prefix {deploymentPrefix}/{service}/{stage}/ (osls) or without trailing slash (sls3)": always,
    "previous deployment exists and not --force": always,
    "artifact > 5 MiB": always,
    "failed multipart upload": never,  # read, not measured; it only cleans up
    "more than maxPreviousDeploymentArtifacts (5) old deployments, or cleanup of an empty change set": always,
    "deploymentBucket.serverSideEncryption aws:kms": (
        lambda s: isinstance(s.bucket, dict) and bool(s.bucket.get("sseKMSKeyId"))
    ),
    "each function; not with --force; AccessDenied tolerated (no skip of unchanged)": always,
    "event cloudwatchLog": lambda s: s.events("cloudwatchLog"),
    "event cloudwatchLog, filter of this stack changed": lambda s: s.events("cloudwatchLog"),
    "existing stack has no ServerlessDeploymentBucket (custom bucket setting removed)": never,
    "provider.stackPolicy with changesets (with direct: StackPolicyBody in UpdateStack)": (
        lambda s: bool(s.provider.get("stackPolicy"))
    ),
    "provider.deletionProtection set": lambda s: bool(s.provider.get("deletionProtection")),
    "apiGateway.apiKeys (deploy+info)": lambda s: s.api_keys,
    "apiGateway.apiKeys": lambda s: s.api_keys,
    "http event AND any of provider.tags/stackTags, tracing.apiGateway, logs.restApi, apiGateway.metrics (osls)": (
        lambda s: s.rest_hack
    ),
    "same": lambda s: s.rest_hack,
    "same, stage missing": lambda s: s.rest_hack,
    "tracing/logs/metrics": lambda s: s.rest_hack,
    "tags/stackTags": lambda s: s.rest_hack and bool(s.provider.get("tags") or s.provider.get("stackTags")),
    "tag removed": lambda s: s.rest_hack,
    "same hack, logs.restApi not (any more) enabled": (
        lambda s: s.rest_hack and not (s.provider.get("logs") or {}).get("restApi")
    ),
    "provider.httpApi.id (deploy+info)": lambda s: bool((s.provider.get("httpApi") or {}).get("id")),
    "httpApi.id: !ImportValue": never,
    "provider.ecr.images built from a path": never,
    "ecr.maxImageCount": never,
    "images built locally and docker not logged in": never,
    "images built locally (by docker, not the SDK)": never,
    "function image URI with tag (no digest)": (
        lambda s: any(re.search(r"/[^@]+:\w+$", str(f.get("image", ""))) for f in s.functions.values())
    ),
    "package.artifact: s3://...": never,
    "provider.pruneFunctionVersions": lambda s: bool(s.provider.get("pruneFunctionVersions")),
    "pruneFunctionVersions + layers": lambda s: bool(s.provider.get("pruneFunctionVersions") and s.yaml.get("layers")),
    "layers defined (only; otherwise package makes no call)": lambda s: bool(s.yaml.get("layers")),
    "code changed or --force, not --update-config": always,
    "config changed": always,
    "role in configuration update": always,
    "role given as Fn::GetAtt": lambda s: s.name != "iam_role_arn",
    "image functions": never,
    "env has Ref": never,
    "env has Fn::ImportValue": never,
    "--docker with layers": never,
    "deletion-protection check; AccessDenied tolerated": always,
    "deploymentBucket.versioning": lambda s: isinstance(s.bucket, dict) and bool(s.bucket.get("versioning")),
    "always called; AccessDenied tolerated": always,
    "repository exists": never,
    "apiKeys / httpApi.id": always,
}  # fmt: skip
"""When a call happens, by the condition as ``framework-calls.json`` writes it."""


def recorded(service: Service, framework: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """(command, action, ARN, context) of every call that the commands make for a service."""
    for command, calls in json.loads(CALLS.read_text()).items():
        if command.startswith("("):
            continue  # variables, of which the services have none: see test_settings.py
        for call in calls:
            of = {"both": ("osls", "v3"), "osls": ("osls",), "sls3": ("v3",)}[call["framework"]]
            if framework not in of or not WHEN[call["condition"]](service) or call["iam"] is None:
                continue
            if call["resource"] == "-" or call["resource"].startswith("(same") or call["call"] == "ecr.*":
                continue  # what the row above says
            actions = call["iam"] if isinstance(call["iam"], list) else [call["iam"]]
            to = "lambda" if command == "deploy function" else "cloudformation"
            passed = {"iam:PassedToService": f"{to}.amazonaws.com"}
            for number, action in enumerate(actions):
                for arn in arns(call["resource"], number, service):
                    yield command, action, arn, passed if action == "iam:PassRole" else {}


def arns(written: str, number: int, service: Service) -> Iterator[str]:
    """The ARNs of a call's resource as AWS would see them. ``A / B``, ``A[/*]`` are those of several actions."""
    written = written.replace("usageplans[/*]", "usageplans / arn:aws:apigateway:{region}::/usageplans/*")
    parts = written.split(" / ")
    template = parts[min(number, len(parts) - 1)]
    if template.startswith("repository/"):
        template = "arn:aws:ecr:{region}:{account}:" + template
    template = template.replace("{deploymentPrefix=serverless}", "serverless").replace("stages/{stage}", "stages/dev")
    values = {
        "region": "us-east-1", "account": ACCOUNT, "stackName": "test-service-dev", "service": "test-service",
        "stage": "dev", "bucket": service.bucket_name, "logGroup": "/aws/lambda/test-service-dev-fn",
        "iam.deploymentRole": f"arn:aws:iam::{ACCOUNT}:role/cfn", "deploymentRole": f"arn:aws:iam::{ACCOUNT}:role/cfn",
        "role": f"arn:aws:iam::{ACCOUNT}:role/{role_of(service)}", "sseKMSKeyId": "key",
        "version": "3", "repo": "repo",
    }  # fmt: skip
    if "{sseKMSKeyId}" in template:
        template = str(service.bucket["sseKMSKeyId"])
    if "{logGroup}" in template and service.events("cloudwatchLog"):
        values["logGroup"] = next(
            event["cloudwatchLog"] if isinstance(event["cloudwatchLog"], str) else event["cloudwatchLog"]["logGroup"]
            for function in service.functions.values() for event in function.get("events") or ()
            if "cloudwatchLog" in event
        )  # fmt: skip
    if "repository/{repo}" in template:
        uri = next(str(one["image"]) for one in service.functions.values() if "image" in one)
        account, region, name = re.match(r"(\d+)\.dkr\.ecr\.([^.]+)\.[^/]+/([^:@]+)", uri).groups()  # type: ignore[union-attr]
        values |= {"account": account, "region": region, "repo": name}
    qualified = ["[:version]", "[:qualifier]", "[/*]", "[:*]"]
    ends = [""] if not any(end in template for end in qualified) else ["", ":3"]
    for end in qualified:
        template = template.replace(end, "")
    names = [function.get("name", f"test-service-dev-{key}") for key, function in service.functions.items()]
    for name in names if "{functionName}" in template else [""]:
        for end in ends if "lambda" in template else [""]:
            known = {**values, "functionName": name}
            filled = re.sub(r"\{([\w.]+)\}", partial(_value, known), template)
            yield filled.replace("/*", "/x") + end


def _value(known: dict[str, str], match: re.Match[str]) -> str:
    return known[match[1]]


def role_of(service: Service) -> str:
    role = (service.provider.get("iam") or {}).get("role")
    if isinstance(role, str):
        return role.partition("role/")[2]
    return (role or {}).get("name") or "test-service-dev-us-east-1-lambdaRole"


def policies_of(name: str, framework: str) -> tuple[Policy, ...]:
    project = load_project(SERVICES / name, Options(account=ACCOUNT, framework=framework))
    made = plan(project, catalog(), framework, commands_of(framework))
    return tuple(parse_policy(document) for document in documents(made.permissions))


@pytest.mark.parametrize("framework", ["osls", "v3"])
@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_call_of_the_commands_is_allowed(name: str, framework: str) -> None:
    service = Service(name)
    policies = PolicySet(identity=policies_of(name, framework))
    calls = list(recorded(service, framework))
    assert len(calls) > 30
    denied = [
        (command, action, arn)
        for command, action, arn, context in calls
        if evaluate(Request(USER, action, arn, context=context), policies).value != "allowed"
    ]
    assert not denied


@pytest.mark.parametrize("name", NAMES)
def test_every_compiled_type_is_covered_by_the_table(name: str) -> None:
    project = load_project(SERVICES / name, Options(account=ACCOUNT))
    assert project.deployed
    assert not [resource.type for resource in project.deployed.values() if not covered(resource.type)]


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_allow_every_permission_of_the_plan(name: str) -> None:
    """Minimizing, factoring, putting conditions together and splitting lose nothing, and IAM takes every ARN."""
    project = load_project(SERVICES / name, Options(account=ACCOUNT))
    made = plan(project, catalog(), "osls", commands_of("osls"))
    policies = PolicySet(identity=tuple(parse_policy(one) for one in documents(made.permissions, 2048)))
    for one in made.permissions:
        context = {
            key: values[0].replace("*", "x") for keys in one.conditions.values() for key, values in keys.items()
        }  # fmt: skip
        for arn in one.resources:
            assert arn == "*" or arn.startswith("arn:aws:")
            if one.action.startswith("kms:"):
                continue  # the key's own policy has to allow it too
            shown = arn if arn == "*" else arn.replace("*", "x")
            request = Request(USER, one.action.rstrip("*"), shown, context=context)
            assert evaluate(request, policies).value == "allowed", one
