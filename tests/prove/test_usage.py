"""What the record says of each statement: used, needed, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.guard.model import ACCOUNT, Check, Decided
from scopedown.iam import Caller
from scopedown.prove.local_aws import Holder
from scopedown.prove.model import ActionUse
from scopedown.prove.usage import allowed_elsewhere, reduced, uses

WHO = Caller.user(ACCOUNT, "deployer")
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}


def asked(action: str, resource: str, during: str = "deploy", modelled: bool = False, **context: object) -> Decided:
    return Decided(during, "x.Y", Check(action, resource, context), True, principal=WHO.arn, modelled=modelled)


def actions(*statements: dict[str, Any], record: list[Decided]) -> list[ActionUse]:
    holder = Holder("the framework user", WHO, {"policy": document(*statements)})
    return [action for one in uses(holder, record, lambda action, statement: "never") for action in one.actions]


def test_an_action_is_used_by_what_asked_for_it_and_needed_where_nothing_else_allows_it() -> None:
    record = [
        asked("dynamodb:GetItem", TABLE), asked("dynamodb:GetItem", TABLE, "info"),
        asked("dynamodb:PutItem", TABLE, modelled=True),
    ]  # fmt: skip
    got, put, query = actions(
        {"Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "Resource": [TABLE]}, record=record
    )
    assert (got.real, got.modelled, got.by, got.needed) == (2, 0, ("deploy", "info"), True)
    assert (put.real, put.modelled, put.needed) == (0, 1, True)
    assert (query.used, query.needed, query.why) == (False, False, "never")


def test_of_two_statements_that_allow_the_same_neither_is_needed() -> None:
    both = [{"Action": ["sns:Publish"], "Resource": ["*"]}, {"Action": ["sns:*"], "Resource": ["*"]}]
    record = [asked("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:t")]
    for one in actions(*both, record=record):
        assert one.used and not one.needed
        assert one.why == "another statement allows the same requests"


def test_a_statement_on_another_resource_or_under_another_condition_is_not_used() -> None:
    record = [asked("s3:ListBucket", "arn:aws:s3:::pail", **{"s3:prefix": "mine/a"})]
    other, wrong, right = actions(
        {"Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::other"]},
        {
            "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::pail"],
            "Condition": {"StringLike": {"s3:prefix": ["theirs/*"]}},
        },
        {
            "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::pail"],
            "Condition": {"StringLike": {"s3:prefix": ["mine/*"]}},
        },
        record=record,
    )  # fmt: skip
    assert [one.used for one in (other, wrong, right)] == [False, False, True]
    assert right.needed


def test_a_call_through_cloudformation_is_decided_again_with_its_context() -> None:
    through = {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}}
    check = Check("sns:CreateTopic", f"arn:aws:sns:us-east-1:{ACCOUNT}:t")
    record = [Decided("deploy", "sns.CreateTopic", check, True, "cloudformation.amazonaws.com", WHO.arn, modelled=True)]
    (only,) = actions({"Action": ["sns:CreateTopic"], "Resource": ["*"], "Condition": through}, record=record)
    assert only.needed


def test_a_denied_request_uses_nothing() -> None:
    denied = Decided("deploy", "x.Y", Check("sns:Publish", "*"), False, principal=WHO.arn)
    (only,) = actions({"Action": ["sns:Publish"], "Resource": ["*"]}, record=[denied])
    assert not only.used


@pytest.mark.parametrize(("deleted", "left"), [({"a"}, [["b"], ["a"]]), ({"a", "b"}, [["a"]])])
def test_deleting_an_action_leaves_the_other_statements_as_they_are(deleted: set[str], left: list[list[str]]) -> None:
    documents = {"p": document({"Action": ["a", "b"], "Resource": "*"}, {"Action": ["a"], "Resource": "*"})}
    made = reduced(documents, {("p", 0, one) for one in deleted})
    assert [one["Action"] for one in made["p"]["Statement"]] == left


def test_what_the_resources_policy_allowed_is_told_apart() -> None:
    holder = Holder("greet", WHO, {"policy": document({"Action": ["sns:Publish"], "Resource": ["*"]})})
    record = [
        asked("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:t"),
        asked("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"),
    ]
    assert allowed_elsewhere(holder, record) == (f"sqs:SendMessage on arn:aws:sqs:us-east-1:{ACCOUNT}:q",)


def test_a_deny_is_used_by_what_it_denied() -> None:
    denied = Decided("deploy", "x.Y", Check("sns:Publish", "*"), False, principal=WHO.arn)
    both = [
        {"Effect": "Deny", "Action": ["sns:Publish", "sns:CreateTopic"], "Resource": "*"},
        {"Action": "*", "Resource": "*"},
    ]
    publish, create, everything = actions(*both, record=[denied])
    assert (publish.used, create.used, everything.used) == (True, False, False)
