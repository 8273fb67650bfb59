"""What was asked becomes the least policy that allows it."""

from __future__ import annotations

from typing import Any

from scopedown.guard.learn import KEYS_OF_A_BUCKET, RESOURCES_OF_AN_ACTION, Learner
from scopedown.guard.local_names import SECRET_STAND_IN, STAND_IN
from scopedown.guard.model import Check, Decided
from scopedown.iam import Caller, Kind, PolicySet, Request, evaluate, parse_policy

ME = "arn:aws:sts::123456789012:assumed-role/app/session-1"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"


def asked(action: str, resource: str, allowed: bool = True, who: str = ME, **context: object) -> Decided:
    named = {key.replace("__", ":"): value for key, value in context.items()}
    return Decided("", "", Check(action, resource, named), allowed, principal=who)


def learned(*decisions: Decided, only_allowed: bool = False) -> list[Any]:
    learner = Learner(only_allowed)
    for one in decisions:
        learner(one)
    return learner.learned()


def statements(*decisions: Decided) -> list[dict[str, Any]]:
    (one,) = learned(*decisions)
    return list(one.policies[0]["Statement"])


def test_actions_on_one_resource_are_one_statement() -> None:
    assert statements(asked("sqs:SendMessage", QUEUE), asked("sqs:ReceiveMessage", QUEUE)) == [
        {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:SendMessage"], "Resource": [QUEUE]}
    ]


def test_a_session_is_its_role() -> None:
    other = "arn:aws:sts::123456789012:assumed-role/app/session-2"
    (one,) = learned(asked("sqs:SendMessage", QUEUE), asked("sqs:SendMessage", QUEUE, who=other))
    assert (one.principal, one.decisions) == ("arn:aws:iam::123456789012:role/app", 2)


def test_each_principal_has_its_own() -> None:
    user = "arn:aws:iam::123456789012:user/u"
    found = learned(asked("sqs:SendMessage", QUEUE), asked("sqs:PurgeQueue", QUEUE, who=user))
    assert [(one.principal.rsplit(":")[-1], one.policies[0]["Statement"][0]["Action"]) for one in found] == [
        ("role/app", ["sqs:SendMessage"]),
        ("user/u", ["sqs:PurgeQueue"]),
    ]


def test_to_whom_a_role_is_passed_is_a_condition() -> None:
    role = "arn:aws:iam::123456789012:role/r"
    (one,) = statements(
        asked("iam:PassRole", role, iam__PassedToService="lambda.amazonaws.com", aws__RequestedRegion="x")
    )
    assert one["Condition"] == {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com"]}}


def test_few_keys_of_a_bucket_stand_as_they_are_and_many_are_all() -> None:
    few = [asked("s3:GetObject", f"arn:aws:s3:::b/a/{n}") for n in range(KEYS_OF_A_BUCKET)]
    assert len(statements(*few)[0]["Resource"]) == KEYS_OF_A_BUCKET
    (one,) = learned(*few, asked("s3:GetObject", "arn:aws:s3:::b/other"), asked("s3:GetObject", "arn:aws:s3:::c/k"))
    assert one.policies[0]["Statement"][0]["Resource"] == ["arn:aws:s3:::b/*", "arn:aws:s3:::c/k"]
    assert one.notes == ("arn:aws:s3:::b/* replaces the many resources that were used",)


def test_memory_is_bounded_whatever_is_asked() -> None:
    learner = Learner()
    for n in range(10 * RESOURCES_OF_AN_ACTION):
        learner(asked("sqs:SendMessage", f"{QUEUE}-{n}"))
    (one,) = learner.learned()
    assert one.policies[0]["Statement"][0]["Resource"] == ["arn:aws:sqs:us-east-1:123456789012:*"]


def test_what_has_no_resource_is_told_of_by_nothing() -> None:
    (one,) = learned(asked("s3:ListAllMyBuckets", "*"), asked("s3:ListAllMyBuckets", "*"))
    assert one.notes == ()


def test_a_variable_in_a_name_stays_text_and_an_id_that_is_to_be_made_is_any() -> None:
    key = "arn:aws:s3:::b/${aws:username}"
    (first, second) = statements(
        asked("apigateway:POST", f"arn:aws:apigateway:us-east-1::/restapis/{STAND_IN}/stages"),
        asked("s3:GetObject", key),
    )
    assert first["Resource"] == ["arn:aws:apigateway:us-east-1::/restapis/*/stages"]
    policies = PolicySet(identity=(parse_policy({"Version": "2012-10-17", "Statement": [second]}, Kind.IDENTITY),))
    caller = Caller.user("123456789012", "u")
    context = {"aws:username": "u"}
    assert evaluate(Request(caller, "s3:GetObject", key, context=context), policies).allowed
    assert not evaluate(Request(caller, "s3:GetObject", "arn:aws:s3:::b/u", context=context), policies).allowed


def test_a_secret_that_is_not_there_yet_may_have_any_ending() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"
    (one,) = statements(asked("secretsmanager:CreateSecret", arn + SECRET_STAND_IN))
    assert one["Resource"] == [f"{arn}-??????"]


def test_of_a_guard_that_enforced_what_was_denied_is_told_and_not_granted() -> None:
    (one,) = learned(asked("sqs:SendMessage", QUEUE), asked("sqs:PurgeQueue", QUEUE, False), only_allowed=True)
    assert one.policies[0]["Statement"][0]["Action"] == ["sqs:SendMessage"]
    assert one.notes == ("denied, and left out of the policy: sqs:PurgeQueue",)


def test_nobody_has_no_policy() -> None:
    assert learned(asked("s3:GetObject", "arn:aws:s3:::b/k", who="")) == []


def test_a_policy_that_is_too_large_comes_in_parts() -> None:
    (one,) = learned(
        *(asked("sqs:SendMessage", f"arn:aws:sqs:us-east-1:123456789012:{n}{'x' * 70}") for n in range(100))
    )
    assert len(one.policies) > 1
    assert "too large" in one.notes[0]
