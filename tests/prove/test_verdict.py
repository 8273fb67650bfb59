"""What is told of denials, and of calls that the scan had not named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scopedown.deploy.model import DeployPermission
from scopedown.guard.model import ACCOUNT, NO_OBJECT, Check, Decided
from scopedown.iam import Caller
from scopedown.prove.local_aws import Holder
from scopedown.prove.model import FRAMEWORK_USER
from scopedown.prove.usage import denials_of, unforeseen_by

USER = Holder(FRAMEWORK_USER, Caller.user(ACCOUNT, "u"), {})
GREET = Holder("greet", Caller.role_session(ACCOUNT, "role", "greet"), {})
HOLDERS = {one.caller.arn: one for one in (USER, GREET)}


def asked(holder: Holder, action: str, during: str, allowed: bool = False, operation: str = "x.Y") -> Decided:
    return Decided(during, operation, Check(action, "arn:aws:sns:us-east-1:1:t"), allowed, principal=holder.caller.arn)


def scan_of(*actions: str) -> Any:
    permissions = [SimpleNamespace(action=one) for one in actions]
    return SimpleNamespace(functions=[SimpleNamespace(function=SimpleNamespace(key="greet"), permissions=permissions)])


def test_equal_denials_are_one_with_all_that_asked_and_its_grant() -> None:
    record = [
        asked(USER, "sns:Publish", "deploy"),
        asked(USER, "sns:Publish", "info"),
        asked(USER, "sns:Publish", "info"),
    ]
    (only,) = denials_of(record, HOLDERS, [])
    assert (only.holder, only.during, only.times, only.harmless) == (FRAMEWORK_USER, ("deploy", "info"), 3, "")
    assert only.grant == {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": ["arn:aws:sns:us-east-1:1:t"]}


def test_what_a_command_tolerates_and_the_look_at_a_bucket_do_no_harm() -> None:
    tolerated = [DeployPermission("sns:GetTopicAttributes", ("*",), (), tolerated=True)]
    record = [
        asked(USER, "sns:GetTopicAttributes", "remove"),
        asked(GREET, "sns:GetTopicAttributes", "functions"),
        asked(GREET, "s3:ListBucket", "functions", operation=f"s3.GetObject{NO_OBJECT}"),
    ]
    assert [bool(one.harmless) for one in denials_of(record, HOLDERS, tolerated)] == [True, False, True]


def test_an_action_that_the_scan_had_not_named_is_a_fault_of_the_scanner_whether_or_not_it_was_allowed() -> None:
    record = [asked(GREET, "sns:Publish", "functions", True), asked(GREET, "sqs:SendMessage", "functions", True),
              asked(USER, "sns:CreateTopic", "deploy")]  # fmt: skip
    (only,) = unforeseen_by(record, HOLDERS, scan_of("sns:Publish"), True)
    assert (only.function, only.action, only.resource_only) == ("greet", "sqs:SendMessage", False)


def test_a_named_action_that_is_denied_was_named_on_other_resources() -> None:
    record = [asked(GREET, "sns:Publish", "functions")]
    (only,) = unforeseen_by(record, HOLDERS, scan_of("sns:Publish"), True)
    assert only.resource_only
    assert unforeseen_by(record, HOLDERS, scan_of("sns:Publish"), False) == ()
