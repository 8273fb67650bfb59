"""Conditions around a plan: a permissions boundary for every role that it makes, and the narrow mode of ``--strict``.

``docs/decisions/005-guard-rails.md`` says what of this is always there, what is asked for, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scopedown.catalog.model import Catalog
from scopedown.core.arn import parse_arn
from scopedown.core.finding import ScopedownError
from scopedown.core.words import some_of
from scopedown.deploy.arn_formats import EVERYTHING, PASS_ROLE
from scopedown.deploy.model import DeployPermission, Plan, ResourceProperty, Unresolved
from scopedown.deploy.target import Target
from scopedown.project.model import DeclaredResource, Project

ROLE = "AWS::IAM::Role"
PROPERTY = "PermissionsBoundary"
BOUNDARY_KEY = "iam:PermissionsBoundary"
GIVING = ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy",
          "iam:PutRolePermissionsBoundary")  # fmt: skip
"""Actions that give a role permissions, or say who may take it. Each knows ``iam:PermissionsBoundary``
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html); what
only takes permissions away stays free, so that roles from before can be removed."""
REMOVING = "iam:DeleteRolePermissionsBoundary"
"""What would undo the boundary; nobody who deploys may."""
CALLED_VIA = {"ForAnyValue:StringEquals": {"aws:CalledVia": ("cloudformation.amazonaws.com",)}}
"""What CloudFormation does in the caller's name (forward access sessions:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html)."""
GLOBAL = ("iam", "sts", "route53", "route53domains", "cloudfront", "organizations", "waf", "shield", "support",
          "health", "globalaccelerator", "networkmanager", "account", "billing", "budgets", "ce")  # fmt: skip
"""Services that are in no region: their requests name us-east-1, or that of an endpoint
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion).
"""
ELSEWHERE = ("acm", "s3", "tag")
"""Services of which a stack may use another region: certificates of CloudFront's, and buckets, which have their own."""


def boundary_arn(asked: str, target: Target) -> str:
    """The ARN of the policy that ``--boundary NAME|ARN`` names.

    Raises ScopedownError where it can name no managed policy, or the account is not known.
    """
    arn = parse_arn(asked) if asked.startswith("arn:") else None
    if arn is not None:
        if arn.service != "iam" or not arn.resource.startswith("policy/") or set(asked) & set("*?$"):
            raise ScopedownError(f"{asked} is not a managed policy", remedy="write arn:aws:iam::ACCOUNT:policy/NAME")
        return asked
    if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,128}", asked):
        raise ScopedownError(
            f"{asked!r} is not a valid name of a managed policy", remedy="use only letters, digits and _+=,.@-"
        )
    if target.account == EVERYTHING:
        raise ScopedownError("the boundary's ARN needs the account, which is unknown", remedy="pass --account")
    return f"arn:{target.partition}:iam::{target.account}:policy/{asked}"


def with_boundary(project: Project, arn: str) -> Project:
    """The project with the boundary on every role that has none, so that the tables ask for it."""

    def bounded(resources: Mapping[str, DeclaredResource]) -> dict[str, DeclaredResource]:
        return {
            id: replace(one, properties={**one.properties, PROPERTY: arn})
            if one.type == ROLE and not one.properties.get(PROPERTY)
            else one
            for id, one in resources.items()
        }

    return replace(project, resources=bounded(project.resources), generated=bounded(project.generated))


def roles_without_boundary(project: Project) -> list[str]:
    """The logical ids of roles for which the project itself names no boundary."""
    return [one.logical_id for one in project.of_type(ROLE) if not one.properties.get(PROPERTY)]


def bounded(plan: Plan, arn: str) -> Plan:
    """A plan that gives roles nothing but under a boundary, which it cannot take off.

    A role whose own boundary the project names keeps to that one; a role of which no resource tells keeps to ``arn``.
    """
    own: dict[str, tuple[str, ...]] = {}
    for one in plan.permissions:
        if one.action == "iam:CreateRole" and (values := _values(one)):
            own.update({because.logical_id: values for because in one.because if isinstance(because, ResourceProperty)})

    def conditions(one: DeployPermission) -> DeployPermission:
        if one.action not in GIVING or _values(one):
            return one
        named = [
            own.get(because.logical_id, (arn,)) for because in one.because if isinstance(because, ResourceProperty)
        ]
        values = tuple(dict.fromkeys(value for several in named for value in several)) or (arn,)
        equals = {**one.conditions.get("StringEquals", {}), BOUNDARY_KEY: values}
        return replace(one, conditions={**one.conditions, "StringEquals": equals})

    kept = tuple(conditions(permission) for permission in plan.permissions if permission.action != REMOVING)
    return replace(plan, permissions=kept)


def _values(one: DeployPermission) -> tuple[str, ...]:
    return tuple(value for keys in one.conditions.values() for value in keys.get(BOUNDARY_KEY, ()))


def boundary_notes(project: Project, arn: str) -> Iterator[Unresolved]:
    """What has to be true of the project for a bounded plan to suffice."""
    without = roles_without_boundary(project)
    if not without:
        return
    remedy = f"set PermissionsBoundary: {arn} on them"
    if project.framework == "serverless":
        remedy = f"set provider.iam.role.permissionsBoundary to {arn}, and PermissionsBoundary on roles under resources"
    elif project.framework == "sam":
        remedy = f"set Globals.Function.PermissionsBoundary to {arn}, and the property on declared roles"
    elif project.framework == "cdk":
        remedy = f"call PermissionsBoundary.of(app).apply with {arn}"
    shown = some_of(without)
    yield Unresolved(
        "boundary", f"{shown} {'has' if len(without) == 1 else 'have'} no permissions boundary in the project",
        "a deployment could not create them", None, remedy,
    )  # fmt: skip


def strict(plan: Plan, target: Target, catalog: Catalog, as_caller: bool = True) -> Plan:
    """A plan under ``aws:CalledVia`` and ``aws:RequestedRegion`` wherever they do not stand in a deployment's way.

    ``as_caller``: CloudFormation acts with the caller's permissions. With those of its own role no call comes *via* it.
    Roles are passed without ``aws:CalledVia``: whether the check of a passed role carries the key is not documented.
    """
    found: list[DeployPermission] = []
    for permission in plan.permissions:
        via = permission
        is_resource = all(isinstance(because, ResourceProperty) for because in permission.because)
        if as_caller and is_resource and permission.because and permission.action != PASS_ROLE:
            via = replace(permission, conditions={**permission.conditions, **CALLED_VIA})
        found += _in_region(via, target, catalog)
    return replace(plan, permissions=tuple(found))


def _in_region(one: DeployPermission, target: Target, catalog: Catalog) -> Iterator[DeployPermission]:
    """The permission, with what has no region in its ARN under a condition."""
    if EVERYTHING not in one.resources or one.action.partition(":")[0] in (*GLOBAL, *ELSEWHERE):
        yield one
        return
    if rest := tuple(arn for arn in one.resources if arn != EVERYTHING):
        yield replace(one, resources=rest)
    equals = {**one.conditions.get("StringEquals", {}), "aws:RequestedRegion": target.regions}
    yield replace(one, resources=(EVERYTHING,), conditions={**one.conditions, "StringEquals": equals})
