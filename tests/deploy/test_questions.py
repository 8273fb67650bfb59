"""The questions of ``--ask``: the project that answers describe gets its policy from the same tables."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.around import ACCOUNT, planned, policies, project
from scopedown.deploy.questions import QUESTIONS, Question, answered, asked_project, generalised
from scopedown.iam import Caller, PolicySet, Request, evaluate, parse_policy

NOTHING = {one.key: False if isinstance(one.default, bool) else one.default for one in QUESTIONS}
PARTS = [one.key for one in QUESTIONS if isinstance(one.default, bool)]


def answers(**given: Any) -> dict[str, Any]:
    return {**NOTHING, "service": "shop", "region": "eu-west-1", "account": ACCOUNT, **given}


def allows(found: dict[str, Any], action: str, resource: str) -> bool:
    plan = generalised(planned(asked_project(found)), found)
    identity = tuple(parse_policy(one) for one in policies(plan))
    request = Request(Caller.user(ACCOUNT, "ci"), action, resource, ACCOUNT)
    return evaluate(request, PolicySet(identity=identity)).allowed


def head(service: str) -> str:
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}"


@pytest.mark.parametrize(
    ("part", "action", "resource"),
    [
        ("httpApi", "apigateway:POST", "arn:aws:apigateway:eu-west-1::/apis/abc/routes"),
        ("http", "apigateway:PUT", "arn:aws:apigateway:eu-west-1::/restapis/abc/resources/def/methods/PATCH"),
        ("websocket", "apigateway:POST", "arn:aws:apigateway:eu-west-1::/apis/abc/routes"),
        ("dynamodb", "dynamodb:CreateTable", f"{head('dynamodb')}:table/shop-dev-orders"),
        ("s3", "s3:PutLifecycleConfiguration", "arn:aws:s3:::shop-dev-uploads"),
        ("sqs", "sqs:CreateQueue", f"{head('sqs')}:shop-dev-Jobs-1ABCDEF"),
        ("sns", "sns:CreateTopic", f"{head('sns')}:shop-dev-news"),
        ("kinesis", "kinesis:CreateStream", f"{head('kinesis')}:stream/shop-dev-clicks"),
        ("schedule", "events:PutRule", f"{head('events')}:rule/shop-dev-TidyEventsRuleSchedule2-1ABC"),
        ("eventBridge", "events:PutRule", f"{head('events')}:rule/shop-dev-tidy-rule-3"),
        ("layers", "lambda:PublishLayerVersion", f"{head('lambda')}:layer:shop-dev-tools"),
        ("vpc", "ec2:DescribeSubnets", "*"),
        ("tracing", "lambda:CreateFunction", f"{head('lambda')}:function:shop-dev-sell"),
    ],
)
def test_a_part_is_allowed_where_it_is_answered_with_yes(part: str, action: str, resource: str) -> None:
    assert allows(answers(**{part: True}), action, resource)
    if part != "tracing":  # which asks for nothing of whoever deploys
        assert not allows(answers(), action, resource)


def test_functions_are_any_of_the_stage_or_those_that_are_named() -> None:
    function = f"{head('lambda')}:function:shop-dev"
    assert allows(answers(), "lambda:UpdateFunctionCode", f"{function}-anything")
    assert not allows(answers(), "lambda:UpdateFunctionCode", f"{head('lambda')}:function:shop-prod-anything")
    named = answers(functions="sell, buy")
    assert allows(named, "lambda:UpdateFunctionCode", f"{function}-buy")
    assert not allows(named, "lambda:UpdateFunctionCode", f"{function}-anything")


def test_it_is_what_the_project_itself_would_get() -> None:
    """No second table of permissions: named functions and no parts give the policy of that serverless.yml."""
    found = answers(functions="sell")
    assert policies(planned(asked_project(found))) == policies(planned(project()))


def test_all_parts_together_are_one_project() -> None:
    found = asked_project(answers(**dict.fromkeys(PARTS, True)))
    types = {one.type for one in found.deployed.values()}
    assert {
        "AWS::DynamoDB::Table",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::Kinesis::Stream",
    } <= types
    told = [str(one) for one in found.findings if not one.code.startswith("handler-")]
    assert told == []
    assert [str(one) for one in planned(found).unresolved] == []


def question(key: str) -> Question:
    return next(one for one in QUESTIONS if one.key == key)


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("service", "shop\n", "shop"), ("service", "\n", None), ("service", "../x", None), ("service", "9a", None),
        ("stage", "", "dev"), ("stage", "*", None), ("region", "eu-west-1", "eu-west-1"), ("region", "Frankfurt", None),
        ("account", "", ""), ("account", "12", None), ("functions", "a , b", "a , b"), ("functions", "a;b", None),
        ("s3", "YES", True), ("s3", " n ", False), ("s3", "", False), ("httpApi", "", True), ("s3", "maybe", None),
    ],
)  # fmt: skip
def test_an_answer_is_taken_or_not(key: str, written: str, meant: str | bool | None) -> None:
    assert answered(question(key), written) == meant
