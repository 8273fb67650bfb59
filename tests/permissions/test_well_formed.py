"""No ARN leaves that IAM refuses or that names nothing."""

from __future__ import annotations

import pytest
from permission_words import short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import ANY, Att, Param, Pseudo, Text, Unknown
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource
from scopedown.permissions.well_formed import well_formed

HEAD = Text.of("arn:", Pseudo("AWS::Partition"), ":sqs:", Pseudo("AWS::Region"), ":", Pseudo("AWS::AccountId"), ":")

GOOD = [
    ("sqs:SendMessage", Text.of("*")),
    ("sqs:SendMessage", Text.of(HEAD, "jobs")),
    ("sqs:SendMessage", Text.of(HEAD, Param("Name"))),
    ("sqs:SendMessage", Text.of(HEAD, Unknown("event"))),
    ("sqs:SendMessage", Text.of(Att("Jobs", "Arn"))),
    ("sqs:SendMessage", Text.of("arn:aws:sqs:*:*:jobs-?")),
    ("s3:GetObject", Text.of("arn:aws:s3:::b/", ANY)),
    ("s3:GetObject", Text.of("arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/k")),
    ("s3:ListBucket", Text.of("arn:aws:s3:::b")),
    ("ssm:SendCommand", Text.of("arn:aws:ssm:eu-west-1::document/AWS-RunShellScript")),
    ("iam:PassRole", Text.of("arn:aws:iam::111122223333:role/path/r")),
    ("dynamodb:GetItem", Text.of(Param("TableArn"))),
    ("dynamodb:GetItem", Text.of("arn:", Param("RestOfTheArn"))),
    ("lambda:InvokeFunction", Text.of("arn:aws:lambda:eu-west-1:1:function:f:live")),
]

BAD = [
    ("s3:GetObject", Text.of("arn:aws:s3:::/k"), "arn:P:s3:::*/*", "has an empty name in it"),
    ("s3:GetObject", Text.of("arn:aws:s3:::b/"), "arn:P:s3:::*/*", "has an empty name in it"),
    ("s3:ListBucket", Text.of("arn:aws:s3:::"), "arn:P:s3:::*", "has no resource"),
    ("sqs:SendMessage", Text.of("jobs"), "arn:P:sqs:R:A:*", "'jobs' is not an ARN"),
    ("sqs:SendMessage", Text(), "arn:P:sqs:R:A:*", "an empty text is not an ARN"),
    ("sqs:SendMessage", Text.of("arn:aws:sqs:jobs"), "arn:P:sqs:R:A:*", "is not an ARN"),
    ("sqs:SendMessage", Text.of("arn:aws:sqs:a/b:1:jobs"), "arn:P:sqs:R:A:*", "is not an ARN"),
    ("sqs:SendMessage", Text.of("arn::sqs:eu-west-1:1:jobs"), "arn:P:sqs:R:A:*", "is not an ARN"),
    ("sqs:SendMessage", Text.of("https://sqs/", Param("P")), "arn:P:sqs:R:A:*", "is not an ARN"),
    ("sagemaker:InvokeEndpoint", Text.of("arn:aws:sagemaker:r:1:endpoint/"), "arn:P:sagemaker:R:A:endpoint/*", "empty"),
]


def needed(action: str, arn: Text) -> RequiredPermission:
    return RequiredPermission(action, (Resource(arn, Certainty.RESOLVED),), (), Origin.CODE)


@pytest.mark.parametrize(("action", "arn"), GOOD)
def test_an_arn_stays_as_it_is(facts: SqliteCatalog, action: str, arn: Text) -> None:
    assert well_formed(needed(action, arn), facts) == needed(action, arn)


@pytest.mark.parametrize(("action", "arn", "instead", "why"), BAD)
def test_what_is_no_arn_becomes_unknown(facts: SqliteCatalog, action: str, arn: Text, instead: str, why: str) -> None:
    (one,) = well_formed(needed(action, arn), facts).resources
    assert (short(one.arn), one.certainty) == (instead, Certainty.UNKNOWN)
    assert why in one.reason


def test_characters_that_no_policy_holds_are_unknown(facts: SqliteCatalog) -> None:
    (one,) = well_formed(needed("s3:GetObject", Text.of("arn:aws:s3:::b/\u8a18\u9332.txt")), facts).resources
    assert (str(one.arn), one.certainty) == ("arn:aws:s3:::b/*.txt", Certainty.PATTERN)
