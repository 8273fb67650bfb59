"""The bucket that an event tells: of a function that only buckets call, it is one of these."""

from __future__ import annotations

from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.calls.model import Alternatives
from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import Text, Unknown
from scopedown.permissions.bind import bind
from scopedown.permissions.require import require

EVENT = Unknown("event")
BY_REFERENCE = ("s3", {"bucket": {"Ref": "In"}, "existing": True})
BY_NAME = ("s3", "uploads")
CALLED = {"LambdaConfigurations": [{"Function": {"Fn::GetAtt": ["HelloLambdaFunction", "Arn"]}}]}


def by_event_bridge(name: Any, source: str = "aws.s3") -> tuple[str, dict[str, Any]]:
    return "eventBridge", {"pattern": {"source": [source], "detail": {"bucket": {"name": name}}}}


def needed(facts: SqliteCatalog, events: list[Any], call: str, arguments: Any, resources: Any = None) -> list[str]:
    """The objects that a call reads, of a function with these events."""
    function = a_function(events=events)
    project = a_project(resources or {"In": "AWS::S3::Bucket"}, (function,))
    bound = [bind(one, function, project, facts) for one in require(sdk_call(call, arguments), facts)]
    return [short(each.arn) for one in bound if one.action == "s3:GetObject" for each in one.resources]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("s3.GetObject", {"Bucket": EVENT, "Key": EVENT}),
        ("s3.GetObject", {"Bucket": Alternatives((Text.of(EVENT),)), "Key": EVENT}),
        ("s3.HeadObject", {"Bucket": EVENT, "Key": EVENT}),
        ("s3.CopyObject", {"Bucket": "out", "Key": "k", "CopySource": Text.of(EVENT, "/", EVENT)}),
        ("s3.CopyObject", {"Bucket": "out", "Key": "k", "CopySource": Text.of("/", EVENT, "/", EVENT)}),
        ("s3.CopyObject", {"Bucket": "out", "Key": "k", "CopySource": {"Bucket": EVENT, "Key": EVENT}}),
        ("rekognition.DetectLabels", {"Image": {"S3Object": {"Bucket": EVENT, "Name": EVENT}}}),
        ("textract.DetectDocumentText", {"Document": {"S3Object": {"Bucket": EVENT, "Name": EVENT}}}),
        ("transcribe.StartTranscriptionJob", {"Media": {"MediaFileUri": Text.of("s3://", EVENT, "/", EVENT)}}),
    ],
)
def test_what_the_event_names_is_the_bucket_that_calls(facts: SqliteCatalog, call: str, arguments: Any) -> None:
    assert needed(facts, [BY_REFERENCE], call, arguments) == ["arn:P:s3:::${In}/*"]


GET = ("s3.GetObject", {"Bucket": EVENT, "Key": EVENT})


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([BY_NAME], ["arn:P:s3:::uploads/*"]),
        ([BY_NAME, BY_REFERENCE], ["arn:P:s3:::${In}/*", "arn:P:s3:::uploads/*"]),
        ([by_event_bridge([{"Ref": "In"}])], ["arn:P:s3:::${In}/*"]),
        ([by_event_bridge(["a", "b"])], ["arn:P:s3:::a/*", "arn:P:s3:::b/*"]),
    ],
)
def test_a_bucket_is_told_by_any_of_its_events(facts: SqliteCatalog, events: list[Any], expected: list[str]) -> None:
    assert needed(facts, events, *GET) == expected


@pytest.mark.parametrize(
    "events",
    [
        [],
        [("http", "GET /x")],
        [BY_NAME, ("http", "GET /x")],
        [by_event_bridge(["a"], "aws.ec2")],
        [by_event_bridge([{"prefix": "in-"}])],
        [("eventBridge", {"schedule": "rate(1 day)"})],
        [("eventBridge", {"pattern": {"source": ["aws.s3"]}})],
        [("s3", {"bucket": Unknown("elsewhere")})],
    ],
)
def test_where_another_event_may_arrive_the_bucket_is_not_known(facts: SqliteCatalog, events: list[Any]) -> None:
    assert needed(facts, events, *GET) == ["arn:P:s3:::*/*"]


def test_only_what_comes_of_the_event_is_meant(facts: SqliteCatalog) -> None:
    other = {"Bucket": Unknown("result of choose()"), "Key": EVENT}
    assert needed(facts, [BY_NAME], "s3.GetObject", other) == ["arn:P:s3:::*/*"]
    in_part = {"Bucket": Text.of("archive-", EVENT), "Key": EVENT}
    assert needed(facts, [BY_NAME], "s3.GetObject", in_part) == ["arn:P:s3:::archive-*/*"]


def test_a_bucket_that_waits_for_its_function_is_told_by_its_name_alone(facts: SqliteCatalog) -> None:
    waiting = {"NotificationConfiguration": CALLED}
    event = ("s3", {"bucket": {"Ref": "In"}})
    generated = {"In": ("AWS::S3::Bucket", waiting)}
    assert needed(facts, [event], *GET, generated) == ["arn:P:s3:::*/*"]
    named = {"In": ("AWS::S3::Bucket", {**waiting, "BucketName": "uploads"})}
    assert needed(facts, [event], *GET, named) == ["arn:P:s3:::uploads/*"]
