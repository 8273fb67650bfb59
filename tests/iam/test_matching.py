"""Rules 21 to 35: actions, resources and variables."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iam.ask import OBJECT, allow, allowed, policy, value
from scopedown.iam import PolicyError, parse_policy
from scopedown.iam.wildcard import glob, matcher


def on(pattern: object, resource: str = OBJECT, **more: object) -> bool:
    return allowed(allow(resource=pattern), resource=resource, **more)


@pytest.mark.parametrize(
    ("action", "matches"),
    [
        ("S3:getobject", True),
        ("s3:*Obj*", True),
        ("s3:Get?bject", True),
        ("s3:G?Object", False),
        ("s3:GetObject?", False),
        ("s3:Get.bject", False),
        ("sqs:*", False),
        ("*", True),
    ],
)
def test_rule_21_actions_are_matched_without_case_and_with_wildcards_anywhere(action: str, matches: bool):
    assert allowed(allow(action)) is matches


def test_rule_21_not_action_is_everything_else_of_every_service():
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert allowed(statement)
    assert allowed(statement, action="sqs:SendMessage", resource="*")
    assert not allowed(statement, action="iam:CreateUser", resource="*")


@pytest.mark.parametrize(
    ("pattern", "resource", "matches"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::b/*/c", "arn:aws:s3:::b/x/y/c", True),
        ("arn:aws:s3:::?/?", OBJECT, True),
        ("arn:aws:lambda:us-east-1:1:function:f", "arn:aws:lambda:us-east-1:1:function:f:prod", False),
        ("arn:aws:lambda:us-east-1:1:function:f*", "arn:aws:lambda:us-east-1:1:function:f:prod", True),
        ("arn:aws:lambda:us-*-1:1:function:f", "arn:aws:lambda:us-east-1:1:function:f", True),
        ("arn:aws:lambda:us-*-1:1:function:f", "arn:aws:lambda:us-x:y-1:1:function:f", False),
        ("arn:aws:lambda:us-east-?:1:function:f", "arn:aws:lambda:us-east-1:1:function:f", True),
        ("arn:aws:s3:::b/a.c", "arn:aws:s3:::b/abc", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a\nb", True),
    ],
)
def test_rule_22_resources_are_matched_field_by_field(pattern: str, resource: str, matches: bool):
    assert on(pattern, resource) is matches


def test_rule_23_a_star_at_the_end_of_a_segment_goes_beyond_the_colon_and_no_other_does():
    resource = "arn:aws:sqs:us-east-1:111122223333:q"
    assert on("arn:aws:sqs:*:q", resource)
    assert on("arn:aws:sqs:us-*", resource)
    assert not on("arn:aws:sqs:*1:q", resource)


def test_rule_23_a_star_stays_in_its_field_where_the_pattern_has_all_six():
    assert on("arn:aws:cloudformation:*:*:stack/A/*", "arn:aws:cloudformation:r:111122223333:stack/A/1")
    assert not on("arn:aws:cloudformation:*:*:stack/B/*", "arn:aws:cloudformation:r:1:stack/A/:stack/B/1")


def test_rule_24_the_type_of_a_resource_may_be_a_wildcard_and_the_service_not():
    assert on("arn:aws:ec2:us-east-1:123456789012:*/*", "arn:aws:ec2:us-east-1:123456789012:instance/i")
    with pytest.raises(PolicyError, match="wildcard in its service"):
        parse_policy(policy(allow(resource="arn:aws:*:us-east-1:123456789012:x")))
    with pytest.raises(PolicyError, match="wildcard in its service"):
        parse_policy(policy(allow("s*:GetObject")))


def test_rule_25_resources_are_case_sensitive():
    assert not on("arn:aws:s3:::B/k")
    assert not on("arn:aws:iam::111122223333:user/Alice", "arn:aws:iam::111122223333:user/alice")


def test_rule_26_not_resource_is_everything_else():
    statement = {"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}
    assert not allowed(statement)
    assert allowed(statement, resource="arn:aws:s3:::c/k")
    assert allowed(statement, action="sqs:ListQueues", resource="*")


def test_rule_27_a_request_for_star_matches_only_star():
    assert allowed(allow("s3:ListAllMyBuckets", "*"), action="s3:ListAllMyBuckets", resource="*")
    assert not allowed(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"), action="s3:ListAllMyBuckets", resource="*")


def test_rule_28_a_short_arn_is_filled_up_in_identity_policies_only():
    assert on("arn:aws:s3")
    assert not on("arn:aws:sqs")
    with pytest.raises(PolicyError):
        parse_policy(policy(allow(resource="arn:aws:s3")), "scp")
    assert parse_policy(policy(allow(resource="arn:aws:s3*")), "scp")
    with pytest.raises(PolicyError):
        parse_policy(policy(allow(resource="arn:aws:s3*", Principal="*")), "rcp")


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_rule_29_older_versions_have_no_variables(version: str | None):
    own = allow(resource="arn:aws:s3:::b/${aws:username}/*")
    context = {"aws:username": "alice"}
    assert value(own, version=version, context=context, resource="arn:aws:s3:::b/alice/k") == "implicitDeny"
    assert value(own, version=version, context=context, resource="arn:aws:s3:::b/${aws:username}/k") == "allowed"


def test_rule_30_variables_stand_after_the_fifth_colon_and_in_text_and_arn_conditions():
    context = {"aws:username": "1"}
    assert not on(
        "arn:aws:sqs:us-east-${aws:username}:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", context=context
    )
    is_number = allow(Condition={"NumericEquals": {"s3:max-keys": "${aws:username}"}})
    assert not allowed(is_number, context={**context, "s3:max-keys": "1"})
    is_arn = allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:${aws:username}"}})
    assert allowed(is_arn, context={**context, "aws:SourceArn": "arn:aws:sns:r:a:1"})
    is_flag = allow(Condition={"Bool": {"aws:SecureTransport": "${aws:flag}"}})
    assert allowed(is_flag, context={"aws:flag": "true", "aws:SecureTransport": "true"})


def test_rule_31_names_of_variables_have_no_case_and_lists_no_value():
    own = "arn:aws:s3:::b/${AWS:UserName}/k"
    assert on(own, "arn:aws:s3:::b/alice/k", context={"aws:username": "alice"})
    assert not on(own, "arn:aws:s3:::b/alice/k", context={"aws:username": ["alice"]})


def test_rule_32_a_default_stands_in_for_a_key_that_is_missing():
    own = "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/k"
    assert on(own, "arn:aws:s3:::b/all/k")
    assert on(own, "arn:aws:s3:::b/red/k", context={"aws:PrincipalTag/team": "red"})
    assert not on(own, "arn:aws:s3:::b/all/k", context={"aws:PrincipalTag/team": "red"})
    assert not on("arn:aws:s3:::b/${aws:PrincipalTag/team,'all'}/k", "arn:aws:s3:::b/all/k")


@pytest.mark.parametrize("char", ["*", "?", "$"])
def test_rule_33_escapes_are_the_characters_themselves(char: str):
    assert on(f"arn:aws:s3:::b/a${{{char}}}c", f"arn:aws:s3:::b/a{char}c")
    assert not on(f"arn:aws:s3:::b/a${{{char}}}c", "arn:aws:s3:::b/abc")


def test_rule_34_the_value_of_a_variable_is_no_pattern():
    own = "arn:aws:s3:::b/${aws:username}"
    assert not on(own, "arn:aws:s3:::b/anyone", context={"aws:username": "*"})
    assert on(own, "arn:aws:s3:::b/*", context={"aws:username": "*"})


def test_rule_35_a_variable_without_value_matches_nothing_and_excludes_nothing():
    own = "arn:aws:s3:::b/${aws:username}"
    assert not on(own, "arn:aws:s3:::b/${aws:username}")
    assert allowed({"Effect": "Allow", "Action": "*", "NotResource": own})
    key = "s3:prefix"
    for operator, expected in (("StringEquals", False), ("StringLike", False), ("StringNotEquals", True)):
        statement = allow(Condition={operator: {key: "${aws:username}"}})
        assert allowed(statement, context={key: "x"}) is expected


SMALL = st.text("ab*?:\n", max_size=8)


@given(SMALL, st.text("ab:\n", max_size=8))
def test_a_wildcard_matches_what_its_regular_expression_matches(pattern: str, text: str):
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    assert matcher(glob(pattern))(text) == (re.fullmatch(expression, text, re.DOTALL) is not None)


@pytest.mark.parametrize("pattern", ["*a" * 30 + "b", "*a?" * 30 + "b", "arn:aws:s3:a*b:*:" + "*a" * 30 + "b"])
def test_a_pattern_of_many_stars_stays_linear(pattern: str):
    started = time.process_time()
    assert not on(pattern, "arn:aws:s3:::" + "a" * 100_000)
    assert time.process_time() - started < 5
