"""What the holder could still do: each answer against a policy for which it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deploy.around import ACCOUNT, planned, policies, project, table, target
from scopedown.catalog.load import catalog
from scopedown.deploy.arn_formats import Formats
from scopedown.deploy.boundary import boundary_document
from scopedown.deploy.escalations import open_ways, ways
from scopedown.deploy.guard_rails import bounded, strict, with_boundary
from scopedown.deploy.residual_access import Answer, Remains, what_remains
from scopedown.iam import parse_policy
from scopedown.project.model import Project

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/shop-roles"


def remaining(found: Project, boundary: bool = False, narrow: bool = False) -> Remains:
    plan, document, arn = planned(found), None, ""
    if boundary:
        plan, arn = bounded(planned(with_boundary(found, BOUNDARY)), BOUNDARY), BOUNDARY
        document, _ = boundary_document(found, catalog())
    if narrow:
        plan = strict(plan, target(found), catalog())
    return what_remains(policies(plan), target(found), catalog(), document, arn)


def answer(found: Remains, question: str) -> Answer:
    return next(one for one in found.answers if question in one.question)


def statement(*actions: str, resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]}


def of(*documents: dict[str, Any]) -> Remains:
    return what_remains(documents, target(project()), catalog())


def test_who_deploys_functions_becomes_administrator_through_their_role() -> None:
    told = answer(remaining(project()), "administrator")
    assert told.value == "yes"
    assert "iam:PutRolePolicy on arn:aws:iam::123456789012:role/shop-dev-eu-west-1-lambdaRole" in told.because
    assert "--boundary" in told.remedy


def test_under_a_boundary_nobody_does() -> None:
    told = answer(remaining(project(), boundary=True), "administrator")
    assert told.value == "no" and BOUNDARY in told.because


def test_a_role_of_the_project_is_not_any_role_where_the_account_is_unknown() -> None:
    own = statement(
        "iam:PassRole",
        resource="arn:aws:iam::*:role/shop-Role-*",
        Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    )
    create = statement("lambda:CreateFunction", resource="arn:aws:lambda:eu-west-1:*:function:shop-*")
    unknown = replace(target(project()), account="*")
    assert answer(what_remains([own, create], unknown, catalog()), "administrator").value == "no"


def test_a_boundary_that_lets_roles_go_further_is_told() -> None:
    everything = {"iam": {"role": {"statements": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}
    told = answer(remaining(project(provider=everything), boundary=True), "administrator")
    assert told.value == "yes, through a function"


def test_a_boundary_that_is_not_known_is_no_promise() -> None:
    plan = bounded(planned(with_boundary(project(), BOUNDARY)), BOUNDARY)
    told = answer(what_remains(policies(plan), target(project()), catalog(), None, BOUNDARY), "administrator")
    assert told.value not in ("yes", "no") and "does not know" in told.remedy


@pytest.mark.parametrize(
    ("document", "way"),
    [
        (statement("iam:PutUserPolicy", resource=f"arn:aws:iam::{ACCOUNT}:user/ci"), "users"),
        (statement("iam:AttachUserPolicy"), "attached-users"),
        (statement("iam:Create*"), "keys"),
        (statement("iam:AddUserToGroup"), "groups"),
        (statement("iam:CreatePolicyVersion"), "policies"),
        (statement("sts:AssumeRole"), "assume"),
        (statement("iam:PassRole", "ecs:RunTask"), "passing"),
        (statement("lambda:*"), "code"),
        (statement("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"), "attached"),
        (statement("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"), "roles"),
        (statement("iam:DeleteRolePermissionsBoundary", "iam:PutRolePolicy"), "boundary"),
    ],
)
def test_each_way_to_become_administrator_is_found(document: dict[str, Any], way: str) -> None:
    found = [one.way.name for one in open_ways([parse_policy(document)], target(project()))]
    assert way in found
    assert answer(of(document), "administrator").value == "yes"


def test_every_way_has_a_test() -> None:
    marks = test_each_way_to_become_administrator_is_found.pytestmark  # type: ignore[attr-defined]
    assert {way for _, way in marks[0].args[1]} == {one.name for one in ways()}


def test_every_action_of_a_way_is_an_action() -> None:
    formats = Formats(catalog())
    for way in ways():
        for need in way.needs:
            assert [action for action in need.actions if formats.action(action) is None] == [], way.name


@pytest.mark.parametrize(
    "document",
    [
        statement("iam:PutRolePolicy"),  # a role that nothing takes
        statement("iam:PassRole"),  # to nothing that runs
        statement(
            "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy",
            Condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}},
        ),
        statement(
            "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy",
            Condition={"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/service-role/*"}},
        ),
        {"Statement": [*statement("iam:*", "sts:*", "lambda:*")["Statement"],
                       {"Effect": "Deny", "Action": ["iam:*", "sts:*", "lambda:Update*"], "Resource": "*"}]},
    ],
)  # fmt: skip
def test_what_comes_close_is_no_way(document: dict[str, Any]) -> None:
    assert open_ways([parse_policy(document)], target(project())) == []


def test_what_is_allowed_by_exception_is_found() -> None:
    """Allow with NotAction or NotResource."""
    spared = {"Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]}
    elsewhere = {"Statement": [{"Effect": "Allow", "Action": "iam:*", "NotResource": f"arn:aws:iam::{ACCOUNT}:role/a"}]}
    for document in (spared, elsewhere):
        assert "roles" in [one.way.name for one in open_ways([parse_policy(document)], target(project()))]


def test_writing_one_role_and_passing_another_is_no_way() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/"
    apart = [statement("iam:PutRolePolicy", resource=f"{role}a"), statement("iam:PassRole", resource=f"{role}b")]
    together = [statement("iam:PutRolePolicy", resource=[f"{role}a", f"{role}b"]), apart[1]]
    assert open_ways([parse_policy(one) for one in apart], target(project())) == []
    [way] = open_ways([parse_policy(one) for one in together], target(project()))
    assert dict(way.by) == {"iam:PutRolePolicy": f"{role}b", "iam:PassRole": f"{role}b"}


def test_other_services_are_reached_where_a_service_makes_the_ids() -> None:
    found = remaining(project(function={"events": [{"httpApi": "GET /"}]}))
    told = answer(found, "other services")
    assert told.value == "partly" and "apigateway:DELETE" in told.because
    assert any(
        one.resource == "arn:aws:apigateway:eu-west-1::/apis/*" and "chooses the id" in one.reason for one in found.wide
    )
    assert answer(remaining(project()), "other services").value == "no, only look at them"


def test_what_aws_limits_to_no_resource_is_listed_with_that_reason() -> None:
    reasons = {action: one.reason for one in remaining(project()).wide for action in one.actions}
    assert reasons["cloudformation:ValidateTemplate"] == "AWS does not limit this action to a resource"
    assert "lambda:CreateFunction" not in reasons


def test_names_that_hold_the_stage_are_the_stages_alone() -> None:
    assert answer(remaining(project(resources=table("shop-dev-orders"))), "other stages").value == "no"


def test_a_pattern_that_begins_with_the_stage_takes_in_stages_that_begin_alike() -> None:
    told = answer(
        of(statement("dynamodb:DeleteTable", resource=f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/shop-dev-*")),
        "other stages",
    )
    assert told.value == "those that begin alike"


def test_a_pattern_over_the_stage_reaches_every_stage() -> None:
    wide = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/*-dev-*"
    both = of(statement("dynamodb:DeleteTable", resource=[wide, wide.replace("dev", "prod")]))
    assert answer(both, "other stages").value == "yes"


def test_other_regions_are_closed_by_strict() -> None:
    assert "cloudformation:ValidateTemplate" in answer(remaining(project()), "other regions").because
    assert answer(remaining(project(), narrow=True), "other regions").value == "no"


def test_a_policy_that_reaches_itself_is_told() -> None:
    told = answer(of(statement("iam:PutUserPolicy")), "own permissions")
    assert told.value == "yes"
    assert answer(remaining(project()), "own permissions").value == "no"


def test_who_changes_code_has_what_the_functions_have() -> None:
    assert "shop-dev-sell" in answer(remaining(project()), "own data").because
    assert answer(of(statement("logs:FilterLogEvents")), "own data").value == "no"


def test_what_is_free_of_names_altogether_is_no_matter_of_stages() -> None:
    """Told once, of other services: a stage's own name beside it changes nothing."""
    stage = statement("apigateway:PATCH", resource="arn:aws:apigateway:eu-west-1::/restapis/*/stages/dev")
    every = statement("apigateway:PATCH", resource="arn:aws:apigateway:eu-west-1::/restapis/*")
    assert answer(of(stage, every), "other stages").value == "no"
    assert answer(of(stage, every), "other services").value == "partly"


def test_what_is_in_no_region_is_no_matter_of_regions() -> None:
    assert answer(of(statement("cloudfront:CreateDistribution")), "other regions").value == "no"
    assert answer(of(statement("acm:RequestCertificate")), "other regions").value == "partly"


def test_a_role_is_passed_to_the_service_that_is_told_what_to_do() -> None:
    """To API Gateway alone, no function gets it."""
    passing = {"StringEquals": {"iam:PassedToService": "apigateway.amazonaws.com"}}
    role = statement("iam:PassRole", Condition=passing)
    assert open_ways([parse_policy(role), parse_policy(statement("lambda:CreateFunction"))], target(project())) == []
    [way] = open_ways([parse_policy(role), parse_policy(statement("apigateway:PUT"))], target(project()))
    assert "that trusts apigateway" in way.way.told
