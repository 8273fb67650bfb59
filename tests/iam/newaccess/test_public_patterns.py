"""A pattern that any stranger can fit makes a policy public; a name, an account or an organization does not."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.iam.document import Kind
from scopedown.iam.newaccess.checks import no_public_access
from scopedown.iam.parse import parse_policy

ACTIONS = ("s3:GetObject", "sts:AssumeRole")


def is_public(principal: Any, **conditions: dict[str, Any]) -> bool:
    """Whether a bucket's policy with this principal and these conditions is public."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }
    document = {
        "Version": "2012-10-17",
        "Statement": [{**statement, "Condition": conditions} if conditions else statement],
    }
    return bool(no_public_access(parse_policy(document, Kind.RESOURCE), ACTIONS).rows)


FIT_BY_ANYBODY: dict[str, dict[str, dict[str, Any]]] = {
    "a role's name in any account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    "the same as a text": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    "a user's name in any account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/deploy"}},
    "a path in any account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci/*"}},
    "a path of users in any account": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ci/*"}},
    "an account with a question mark": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::????????????:role/admin"}},
    "every principal": {"StringLike": {"aws:PrincipalArn": "arn:aws:*"}},
    "a beginning of a user's name": {"StringLike": {"aws:username": "ci-*"}},
    "a user's name": {"StringEquals": {"aws:username": "deploy"}},
    "every organization": {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    "a unit of any organization": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}},
    "every endpoint": {"StringLike": {"aws:SourceVpce": "vpce-*"}},
    "everybody but one account": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
    "everybody but a role": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/intern"}},
    "a tag, which whoever asks gives himself": {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    "any value of several": {
        "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::*:role/b"]}
    },
}  # fmt: skip


@pytest.mark.parametrize("conditions", FIT_BY_ANYBODY.values(), ids=FIT_BY_ANYBODY.keys())
def test_a_pattern_that_a_stranger_fits_is_public(conditions: dict[str, dict[str, Any]]) -> None:
    assert is_public("*", **conditions)


FIXED: dict[str, dict[str, dict[str, Any]]] = {
    "a role of an account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}},
    "all of an account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}},
    "an account": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
    "an organization": {"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}},
    "all units of an organization": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abc1234567/*"}},
    "an endpoint": {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    "a name of any account, and an account": {
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
        "StringEquals": {"aws:PrincipalAccount": "111122223333"},
    },
}


@pytest.mark.parametrize("conditions", FIXED.values(), ids=FIXED.keys())
def test_a_fixed_account_organization_or_endpoint_is_not_public(conditions: dict[str, dict[str, Any]]) -> None:
    assert not is_public("*", **conditions)
