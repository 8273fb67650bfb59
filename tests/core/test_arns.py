"""The fields of ARNs, of whole ones and of beginnings."""

from __future__ import annotations

import pytest

from scopedown.core.arn import account_of, parse_arn, resource_of, service_of


def test_an_arn_is_its_six_fields_and_joins_them_again() -> None:
    text = "arn:aws:lambda:eu-west-1:111122223333:function:f:prod"
    arn = parse_arn(text)
    assert arn is not None and arn.resource == "function:f:prod" and str(arn) == text
    assert str(arn._replace(account="")) == "arn:aws:lambda:eu-west-1::function:f:prod"


@pytest.mark.parametrize("text", ["", "*", "arn", "arn:aws:s3", "orders:a:b:c:d:e"])
def test_what_is_no_arn_has_no_fields(text: str) -> None:
    assert parse_arn(text) is None and account_of(text) is None


@pytest.mark.parametrize(
    ("text", "service"), [("arn:aws:sqs:", "sqs"), ("arn:aws:sqs", ""), ("arn:aws:s3:::b", "s3"), ("a:b:c:d", "")]
)
def test_the_service_is_known_of_a_beginning(text: str, service: str) -> None:
    assert service_of(text) == service


def test_the_resource_is_what_follows_the_fifth_colon() -> None:
    assert resource_of("arn:aws:logs:r:1:log-group:/a:*") == "log-group:/a:*" and resource_of("*") == "*"
