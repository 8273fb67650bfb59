"""A policy of a resource or a role that lets anybody in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.access.model import Subject as Access
from scopedown.compare.access.tell import actions_and_resources
from scopedown.compare.arn_normalization import texts
from scopedown.core.finding import Severity
from scopedown.iam.document import Kind
from scopedown.iam.newaccess import Row
from scopedown.iam.newaccess.checks import no_public_access

_OF_URLS = frozenset({"lambda:functionurlauthtype", "lambda:invokedviafunctionurl"})
"""Condition keys of the statements that make a function's URL public, which its setting AuthType does
(https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html)."""
_PUBLIC_ANYWAY = ("execute-api:invoke",)
"""What an API allows everybody who passes its authorizers, with a policy or without
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html)."""


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Statements of resources and trust policies that allow callers whom they do not name."""
    names = access.catalog.action_names()
    for subject in access.subjects:
        policies = subject.layers[0] if subject.layers else ()
        if subject.kind not in (Kind.RESOURCE, Kind.TRUST) or not policies:
            continue
        # Each statement of a project is a policy with its place; only together do they say who is denied.
        statements = tuple((one, policy) for policy in policies for one in policy.statements)
        whole = replace(policies[0], statements=tuple(one for one, _ in statements))
        for row in no_public_access(whole, names).rows:
            if _is_meant(row, is_private=_is_private(subject, access)):
                continue
            what = actions_and_resources(row, subject.shown)
            words = f"{_named(subject)} allows anybody {what}"
            yield problem(RULE.id, access, subject, statements[row.place.number][1], words, what)


def _is_meant(row: Row, is_private: bool) -> bool:
    keys = {one.key.lower() for one in row.place.statement.condition}
    public_anyway = not is_private and all(action.lower() in _PUBLIC_ANYWAY for action in row.actions)
    return bool(keys & _OF_URLS) or public_anyway


def _is_private(subject: Access, access: ProjectAccess) -> bool:
    """Whether it is the policy of a private API: without a VPC or an endpoint in it, any VPC of any account gets in
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html)."""
    id = subject.keys[0].split(":")[-2] if subject.keys and subject.keys[0].count(":") >= 2 else ""
    resource = access.project.deployed.get(id)
    endpoints = resource.properties.get("EndpointConfiguration") if resource is not None else None
    types = endpoints.get("Types") if isinstance(endpoints, Mapping) else endpoints
    return "PRIVATE" in texts(types)


def _named(subject: Access) -> str:
    return f"the {subject.name}" if subject.name.startswith("trust policy") else subject.name


_SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: app.f}}
resources:
  Resources:
    Site:
      Type: AWS::S3::Bucket
    SitePolicy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: {Ref: Site}
        PolicyDocument:
          Statement:
            - Effect: Allow
              Principal: PRINCIPAL
              Action: s3:GetObject
              Resource: {'Fn::Sub': '${Site.Arn}/*'}
"""
RULE = Rule(
    id="SD213",
    name="public-policy",
    severity=Severity.WARNING,
    summary="The policy of a resource or a role lets anybody in.",
    explanation="The statement allows callers of accounts that it does not name, and nothing limits where they call "
    "from. That may be meant for a website's files. Otherwise anybody who knows the name of the resource can read, and "
    "with other actions change, what is there.",
    remedy="Name the callers, or limit the statement to your organization, a distribution or a VPC endpoint; if it is "
    "meant to be public, say so in a comment (# scopedown: ignore SD213 REASON).",
    bad=Example(_SERVICE.replace("PRINCIPAL", "'*'")),
    good=Example(_SERVICE.replace("PRINCIPAL", "{AWS: '111122223333'}")),
    of_project=of_project,
    security=8.0,
)
