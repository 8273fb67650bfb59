"""Boundaries and strict conditions, each decided by the evaluator on the documents that are written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deploy.around import ACCOUNT, ROLE, planned, policies, project, target
from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.deploy.guard_rails import (
    BOUNDARY_KEY,
    GIVING,
    boundary_arn,
    boundary_notes,
    bounded,
    strict,
    with_boundary,
)
from scopedown.deploy.model import Plan
from scopedown.iam import Caller, PolicySet, Request, evaluate, parse_policy

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/shop-roles"
OTHER = f"arn:aws:iam::{ACCOUNT}:policy/other"
VIA = {"aws:CalledVia": ["cloudformation.amazonaws.com"]}


def allows(plan: Plan, action: str, resource: str, **context: Any) -> bool:
    given = {key.replace("__", ":"): value for key, value in context.items()}
    found = PolicySet(identity=tuple(parse_policy(one) for one in policies(plan)))
    return evaluate(Request(Caller.user(ACCOUNT, "ci"), action, resource, ACCOUNT, given), found).allowed


def under_boundary(**changes: Any) -> Plan:
    return bounded(planned(with_boundary(project(**changes), BOUNDARY)), BOUNDARY)


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"])
def test_roles_are_given_permissions_under_the_boundary_alone(action: str) -> None:
    plan = under_boundary()
    assert allows(plan, action, ROLE, iam__PermissionsBoundary=BOUNDARY)
    assert not allows(plan, action, ROLE, iam__PermissionsBoundary=OTHER)
    assert not allows(plan, action, ROLE)
    assert allows(planned(project()), action, ROLE)  # without it, nothing is asked for


def test_policies_are_attached_under_the_boundary_alone() -> None:
    vpc = {"vpc": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]}}
    managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    plan = under_boundary(provider=vpc)
    given = {"iam__PolicyARN": managed, "iam__PermissionsBoundary": BOUNDARY}
    assert allows(plan, "iam:AttachRolePolicy", ROLE, **given)
    assert not allows(plan, "iam:AttachRolePolicy", ROLE, iam__PolicyARN=managed)
    assert not allows(plan, "iam:AttachRolePolicy", ROLE, **{**given, "iam__PolicyARN": OTHER})


def test_nobody_takes_a_boundary_off() -> None:
    assert not allows(under_boundary(), "iam:DeleteRolePermissionsBoundary", ROLE, iam__PermissionsBoundary=BOUNDARY)


def test_roles_are_still_removed_and_passed_as_before() -> None:
    plan = under_boundary()
    assert allows(plan, "iam:DeleteRole", ROLE)
    assert allows(plan, "iam:DeleteRolePolicy", ROLE)
    assert allows(plan, "iam:PassRole", ROLE, iam__PassedToService="lambda.amazonaws.com")


def test_a_role_whose_boundary_the_project_names_keeps_to_that_one() -> None:
    plan = under_boundary(provider={"iam": {"role": {"permissionsBoundary": OTHER}}})
    assert allows(plan, "iam:PutRolePolicy", ROLE, iam__PermissionsBoundary=OTHER)
    assert not allows(plan, "iam:PutRolePolicy", ROLE, iam__PermissionsBoundary=BOUNDARY)


def test_every_action_that_gives_permissions_knows_the_condition_key() -> None:
    """By the service authorization reference, an action without the key would be denied forever."""
    for action in GIVING:
        known = catalog().action(action)
        assert known is not None and BOUNDARY_KEY in known.condition_keys, action


def test_a_project_that_sets_no_boundary_is_told_to() -> None:
    [told] = boundary_notes(project(), BOUNDARY)
    assert "provider.iam.role.permissionsBoundary" in told.remedy
    assert list(boundary_notes(project(provider={"iam": {"role": {"permissionsBoundary": BOUNDARY}}}), BOUNDARY)) == []


def test_a_boundary_is_named_by_its_arn_or_within_the_account() -> None:
    where = target(project())
    assert boundary_arn("shop-roles", where) == BOUNDARY
    assert boundary_arn(OTHER, where) == OTHER
    for wrong in ("a/b", "a b", "*", "", f"arn:aws:iam::{ACCOUNT}:role/x", f"arn:aws:iam::{ACCOUNT}:policy/*"):
        with pytest.raises(ScopedownError):
            boundary_arn(wrong, where)
    with pytest.raises(ScopedownError, match="account"):
        boundary_arn("shop-roles", target(project(account=None)))


def strictly(**changes: Any) -> Plan:
    found = project(**changes)
    return strict(planned(found), target(found), catalog())


def test_what_cloudformation_does_is_only_done_through_it() -> None:
    plan = strictly()
    assert allows(plan, "iam:CreateRole", ROLE, **{"aws__CalledVia": VIA["aws:CalledVia"]})
    assert allows(plan, "iam:CreateRole", ROLE, **{"aws__CalledVia": [*VIA["aws:CalledVia"], "lambda.amazonaws.com"]})
    assert not allows(plan, "iam:CreateRole", ROLE)


def test_what_a_command_calls_itself_is_not_asked_to_come_through_cloudformation() -> None:
    stack = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/shop-dev/1"
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:shop-dev-sell"
    assert allows(strictly(), "cloudformation:CreateChangeSet", stack)
    assert allows(strictly(), "lambda:UpdateFunctionCode", function)  # deploy function calls it, and so does the stack
    assert allows(strictly(), "iam:PassRole", ROLE, iam__PassedToService="lambda.amazonaws.com")


def test_what_has_no_region_in_its_arn_keeps_to_the_region() -> None:
    plan = strictly()
    assert allows(plan, "cloudformation:ValidateTemplate", "*", aws__RequestedRegion="eu-west-1")
    assert not allows(plan, "cloudformation:ValidateTemplate", "*", aws__RequestedRegion="us-east-1")


def test_a_role_of_cloudformations_own_is_called_through_nothing() -> None:
    found = project()
    plan = strict(planned(found), target(found), catalog(), as_caller=False)
    assert allows(plan, "iam:CreateRole", ROLE)


def test_a_variable_that_nothing_resolves_is_never_written_into_a_policy() -> None:
    """IAM would read it as a variable of its own."""
    found = replace(project(), service="shop-${file(there.yml):name, ${opt:x}}-a")
    assert target(found).stack == "shop-*-a-dev"
    assert "${file" not in str(policies(planned(found)))
