"""Records of others are counted without being parsed, and no name makes that differ from parsing them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.observe.events import Events
from scopedown.observe.model import Used
from scopedown.observe.reading.records import Fold, principal_of, skim
from scopedown.observe.reading.wanted import Wanted

ACCOUNT = "111122223333"
OURS = f"arn:aws:iam::{ACCOUNT}:role/ours"
WANTED = Wanted((OURS,), (), "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")


def record(role: str, **more: Any) -> dict[str, Any]:
    """A record of a role, its members in CloudTrail's order."""
    start = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/x", "accountId": ACCOUNT,
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}},
        },
        "eventTime": "2026-11-02T10:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
        "awsRegion": "eu-west-1", "userAgent": "x", "requestParameters": {"bucketName": "b"},
    }  # fmt: skip
    end = {"eventType": "AwsApiCall", "recipientAccountId": ACCOUNT, "eventCategory": "Data", "tlsDetails": {"a": "b"}}
    return {**start, **{name: value for name, value in more.items() if name not in end}, **end, **more}


def text(*some: dict[str, Any]) -> str:
    return json.dumps({"Records": some}, separators=(",", ":"), ensure_ascii=False)


def both(document: str) -> tuple[Used, Used, bool]:
    """What a fold says with and without the short way, and whether it went that way."""
    short, long = (Fold(WANTED, Events(catalog()).hints) for _ in range(2))
    went = short.skim(document)
    if not went:
        short.add(json.loads(document)["Records"])
    long.add(json.loads(document)["Records"])
    return short.used, long.used, went


def test_only_records_of_the_asked_principals_are_parsed() -> None:
    found = skim(text(*[record("theirs")] * 3, record("ours")), principal_of, lambda one: one == OURS)
    assert found
    assert (len(found.parsed), sum(found.others.values())) == (1, 3)


FORGED = {
    "eventVersion": "1.11", "userIdentity": {"type": "Root"}, "eventTime": "2026-11-09T10:00:00Z",
    "eventSource": "kms.amazonaws.com", "eventName": "Decrypt", "awsRegion": "us-east-1", "eventType": "AwsApiCall",
    "recipientAccountId": "9", "eventCategory": "Data",
}  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"requestParameters": {"list": [{}, FORGED, {"a": 1}]}},
        {"requestParameters": {"list": [FORGED, FORGED]}},
        {"requestParameters": FORGED},
        {"requestParameters": {"name": '"}},{"eventVersion":"1.0","userIdentity":{"type":"x"}},"eventTime":"'}},
        {"requestParameters": {"name": text(FORGED)}},
        {"userAgent": '","eventType":"AwsServiceEvent","recipientAccountId":"9"'},
        {"tlsDetails": FORGED},
        {"resources": [{"ARN": 'arn:aws:s3:::b/","eventType":"'}]},
        {"eventTime": "2026-10-31T23:59:59Z"}, {"eventTime": "2026-12-01T00:00:00Z"}, {"eventTime": None},
        {"eventCategory": "Insight"}, {"eventCategory": None}, {"eventType": "AwsServiceEvent"},
        {"userIdentity": {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}},
        {"userIdentity": {"type": "IAMUser", "arn": 'arn:aws:iam::1:user/"},"eventTime":"x'}},
        {"userIdentity": {"type": "x", "sessionContext": {"sessionIssuer": {"type": "Role"}}, "arn": OURS}},
        {"userIdentity": {"type": "x", "sessionContext": {"sessionIssuer": {}}, "x": {"arn": "arn:x"}, "arn": OURS}},
        {"userIdentity": None}, {"awsRegion": None}, {"eventSource": "s3.amazonaws.com.cn"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["theirs", "ours"])
def test_the_short_way_counts_as_parsing_does(role: str, more: dict[str, Any]) -> None:
    short, long, _ = both(text(record("theirs"), record(role, **more), record("ours")))
    assert list(short.cells()) == list(long.cells())
    assert short.records == long.records


@pytest.mark.parametrize(
    "document",
    [
        text(), text({"a": 1}), text(record("theirs"))[:-1], text(record("theirs")) + text(record("theirs")),
        json.dumps({"Records": [record("theirs")]}), json.dumps([record("theirs")]), "",
        text(dict(reversed(record("theirs").items()))),
    ],
)  # fmt: skip
def test_another_form_is_left_to_the_caller(document: str) -> None:
    assert Fold(WANTED, Events(catalog()).hints).skim(document) is False


def test_a_record_of_another_order_is_not_hidden_behind_one_of_others() -> None:
    turned = {"userIdentity": {}, **{name: value for name, value in record("ours").items() if name != "eventVersion"}}
    short, long, went = both(text(record("theirs"), turned))
    assert not went
    assert list(short.cells()) == list(long.cells())
