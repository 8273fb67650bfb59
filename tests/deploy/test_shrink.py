"""Rewritings that save characters change nothing of what is granted."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scopedown.deploy.documents import any_value, factored
from scopedown.deploy.model import DeployPermission
from scopedown.generate.document import size
from scopedown.iam import Caller, PolicySet, Request, evaluate, parse_policy

ARNS = [f"arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-function-{number}" for number in range(6)]
STATEMENTS = st.lists(
    st.builds(
        lambda actions, resources, condition: {
            "Effect": "Allow", "Action": sorted(actions), "Resource": sorted(resources), **condition
        },
        st.sets(st.sampled_from([f"lambda:Action{letter}" for letter in "ABCDEFGH"]), min_size=1),
        st.sets(st.sampled_from(ARNS), min_size=1),
        st.sampled_from([{}, {"Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}}}]),
    ),
    max_size=8,
)  # fmt: skip


def granted(statements: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (action, arn, json.dumps(one.get("Condition"), sort_keys=True))
        for one in statements for action in one["Action"] for arn in one["Resource"]
    }  # fmt: skip


@given(STATEMENTS)
def test_factored_statements_grant_the_same_in_no_more_characters(statements: list[dict[str, Any]]) -> None:
    found = factored(statements)
    assert granted(found) == granted(statements)
    assert size({"Statement": found}) <= size({"Statement": statements})
    assert factored(found) == found


def test_what_two_statements_share_is_written_once() -> None:
    few, more = ["lambda:A", "lambda:B"], ["lambda:C"]
    statements = [
        {"Effect": "Allow", "Action": few, "Resource": ARNS[:4]},
        {"Effect": "Allow", "Action": more, "Resource": ARNS},
    ]
    assert [(one["Action"], one["Resource"]) for one in factored(statements)] == [
        ([*few, *more], ARNS[:4]),
        (more, ARNS[4:]),
    ]


def permission(action: str, arn: str, operator: str, **keys: str) -> DeployPermission:
    conditions = {operator: {name.replace("_", ":"): (value,) for name, value in keys.items()}} if keys else {}
    return DeployPermission(action, (arn,), (), conditions)


def test_values_of_one_condition_come_together() -> None:
    one = permission("lambda:CreateEventSourceMapping", "*", "ArnLike", lambda_FunctionArn=ARNS[0])
    other = permission("lambda:CreateEventSourceMapping", "*", "ArnLike", lambda_FunctionArn=ARNS[1])
    (both,) = any_value([one, other])
    assert both.conditions == {"ArnLike": {"lambda:FunctionArn": (ARNS[0], ARNS[1])}}


def test_several_conditions_and_those_that_negate_stay_apart() -> None:
    double = [
        permission("s3:GetObject", "*", "StringEquals", aws_RequestedRegion=region, s3_prefix=region)
        for region in ("a", "b")
    ]
    negated = [permission("s3:GetObject", "*", "StringNotEquals", s3_prefix=prefix) for prefix in ("a", "b")]
    free = [permission("s3:GetObject", "*", ""), permission("s3:GetObject", "*", "")]
    for some in (double, negated, free):
        assert any_value(some) == some


def test_any_of_the_values_is_allowed_and_no_other() -> None:
    some = [permission("lambda:CreateEventSourceMapping", "*", "ArnLike", lambda_FunctionArn=arn) for arn in ARNS[:3]]
    (one,) = any_value(some)
    conditions = {key: {name: list(values) for name, values in keys.items()} for key, keys in one.conditions.items()}
    document = {"Statement": {"Effect": "Allow", "Action": one.action, "Resource": "*", "Condition": conditions}}
    policies = PolicySet(identity=(parse_policy(document),))
    user = Caller.user("123456789012", "deployer")
    answers = [
        evaluate(Request(user, one.action, "*", context={"lambda:FunctionArn": arn}), policies).value for arn in ARNS
    ]
    assert [answer == "allowed" for answer in answers] == [True, True, True, False, False, False]
