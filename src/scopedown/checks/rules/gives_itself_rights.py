"""A role that may give itself, or somebody whom it may become, any right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scopedown.checks.access import Granted, ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule
from scopedown.core.finding import Severity
from scopedown.core.words import some_of
from scopedown.iam.wildcard import matching

ACTIONS: Final = (
    "iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy",
    "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:PutGroupPolicy",
    "iam:PutRolePolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile", "sso:AttachManagedPolicyToPermissionSet", "sso:CreateAccountAssignment",
    "sso:PutInlinePolicyToPermissionSet",
)  # fmt: skip
"""Actions that write a policy, a trust policy or a credential, with the resources of
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html. On any user, role or
policy, each comes to administrator rights: the holder writes its own policies or becomes who has them."""
_ANY = re.compile(r"\*|arn:[^:]*:(?:iam|sso)::[^:]*:(?:\*|(?:role|user|group|policy|permissionSet)/\*)")
"""Every resource, or every one of a type."""


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Such actions on any user, role or policy, allowed to roles that no function has, to users, groups and by
    policies of the project."""
    for granted in access.without_functions:
        found = [] if granted.managed or granted.is_everything else _escalating(granted)
        if found:
            words = f"{granted.subject.name} may give itself any right with {some_of(found)}; no function uses it"
            yield problem(RULE.id, access, granted.subject, granted.policy, words, ", ".join(found))


def _escalating(granted: Granted) -> list[str]:
    """The patterns of actions; ``iam:*`` on every resource is a whole service (unused-wide-access)."""
    if not any(map(_ANY.fullmatch, granted.statement.resource or ())):
        return []
    return [
        pattern
        for pattern in granted.actions
        if not (granted.is_everywhere and pattern.endswith(":*")) and any(map(matching(pattern.lower()), _LOWER))
    ]


_LOWER = tuple(action.lower() for action in ACTIONS)
_SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: app.f}}
resources:
  Resources:
    BuildRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: 'sts:AssumeRole'}]
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement: [{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: RESOURCE}]
"""
RULE = Rule(
    id="SD214",
    name="gives-itself-rights",
    severity=Severity.WARNING,
    summary="A role, user or policy that no function uses may change any policy, trust or credential.",
    explanation="Who may write the policies of any role, or make keys of any user, may do everything: it writes its "
    "own policy, or becomes an administrator.",
    remedy="Name the roles, users or policies that it may change, or require a permissions boundary with a condition "
    "on iam:PermissionsBoundary.",
    bad=Example(_SERVICE.replace("RESOURCE", "'*'")),
    good=Example(_SERVICE.replace("RESOURCE", "'arn:aws:iam::111122223333:role/app/*'")),
    of_project=of_project,
    security=8.0,
)
