"""Records of CloudTrail become rows of the table, and rows become actions on resources."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from scopedown.observe.actions import Evidence
from scopedown.observe.model import joined, parted
from scopedown.observe.reading.cloudtrail import read
from scopedown.observe.reading.files import UnreadableError, log_files, records
from scopedown.observe.reading.wanted import Wanted
from trail_records import ACCOUNT, ROLE, folded, meant, record


@pytest.mark.parametrize(
    ("source", "event", "parameters", "action", "resource"),
    [
        ("dynamodb", "DescribeTable", {"tableName": "todos"}, "dynamodb:DescribeTable",
         f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/todos"),
        ("lambda", "UpdateFunctionCode20150331v2", {"functionName": "f"}, "lambda:UpdateFunctionCode",
         f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"),
        ("monitoring", "PutMetricAlarm", {"alarmName": "a"}, "cloudwatch:PutMetricAlarm",
         f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:a"),
        ("s3", "DeleteBucketPublicAccessBlock", {"bucketName": "b"}, "s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b"),
        ("ssm", "GetParameters", {"names": ["/a/b"]}, "ssm:GetParameters",
         f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/a/b"),
    ],
)  # fmt: skip
def test_an_event_means_an_action_on_the_resource_that_its_parameters_name(
    source: str, event: str, parameters: dict[str, Any], action: str, resource: str
) -> None:
    [found] = meant(record(source, event, requestParameters=parameters))
    assert (found.action, found.resource, found.evidence) == (action, resource, Evidence.PARAMETER)


def test_of_a_bucket_and_an_object_an_action_is_on_the_one_that_it_can_be_on() -> None:
    both = [{"ARN": "arn:aws:s3:::photos/2026/a/b.jpg"}, {"ARN": "arn:aws:s3:::photos"}]
    [found] = meant(record("s3", "GetObject", eventCategory="Data", resources=both))
    assert (found.resource, found.count) == ("arn:aws:s3:::photos/2026/*", 1)


def test_a_role_that_a_request_passes_is_implied() -> None:
    parameters = {"functionName": "f", "role": f"arn:aws:iam::{ACCOUNT}:role/x"}
    by_action = {
        one.action: one for one in meant(record("lambda", "CreateFunction20150331", requestParameters=parameters))
    }
    assert by_action["iam:PassRole"].evidence is Evidence.IMPLIED
    assert by_action["iam:PassRole"].resource == f"arn:aws:iam::{ACCOUNT}:role/x"


def test_a_denial_is_no_use_and_names_its_action_and_policy() -> None:
    message = (
        f"User: {ROLE} is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:{ACCOUNT}:q "
        "with an explicit deny in a service control policy"
    )
    denied = record("sqs", "SendMessage", errorCode="AccessDenied", errorMessage=message)
    [found] = meant(denied)
    assert (found.action, found.count, found.denied) == ("sqs:SendMessage", 0, 1)
    assert found.resource == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
    assert found.denied_by == "explicit deny in a service control policy"


def test_an_error_after_the_authorisation_is_a_use() -> None:
    [found] = meant(record("dynamodb", "DescribeTable", errorCode="ResourceNotFoundException"))
    assert (found.count, found.denied) == (1, 0)


def test_what_asks_for_no_permission_is_covered_and_no_use() -> None:
    used = folded(record("signin", "ConsoleLogin", eventType="AwsConsoleSignIn"))
    assert not used.rows
    assert [one.day for one in used.covered] == ["2026-11-01"]


def test_an_event_that_two_accounts_have_counts_in_the_principals() -> None:
    theirs = record("s3", "ListObjects", sharedEventID="1", recipientAccountId="444455556666")
    ours = record("s3", "ListObjects", sharedEventID="1")
    assert [did.account for did in folded(theirs, ours).rows] == [ACCOUNT]


def test_a_session_without_its_issuer_is_its_roles() -> None:
    shortened = record("s3", "ListBuckets")
    del shortened["userIdentity"]["sessionContext"]
    assert [did.principal for did in folded(shortened).rows] == [ROLE]


def test_other_principals_leave_no_name() -> None:
    used = folded(record("s3", "ListBuckets"), wanted=Wanted(("arn:aws:iam::*:role/other",)))
    assert not used.rows
    assert used.records == 1


def test_a_hint_is_read_as_it_was_written() -> None:
    pairs = {"a": "x=1&y", "b": "100%25"}
    assert dict(parted(joined(pairs.items()))) == pairs


@pytest.mark.parametrize(
    "text",
    [
        lambda one: json.dumps({"Records": [one, one]}),
        lambda one: json.dumps([one, one]),
        lambda one: f"{json.dumps(one)}\n{json.dumps(one)}\n",
        lambda one: json.dumps({"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(one)}] * 2}),
        lambda one: "\n".join([json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": one})] * 2),
        lambda one: json.dumps({"Records": [one, one]}, indent=2),
        lambda one: json.dumps({"Records": [one]}) * 2,
        lambda one: json.dumps({"Records": [one]}, separators=(",", ":")) * 2,
        lambda one: "\n".join([json.dumps({"Records": [one]}, indent=2)] * 2),
        lambda one: f"{json.dumps([one])}\n{json.dumps({'a': 1, 'Records': [one], 'b': [12]})}\n{json.dumps([])}",
        lambda one: json.dumps({"a": {"b": [1]}, "Records": [one], "c": "]", "d": 7}) * 2,
    ],
)
@pytest.mark.parametrize("whole", [64 * 1024 * 1024, 100])
@pytest.mark.parametrize("piece", [1, 1024])
def test_every_form_of_a_log_is_read_whole_or_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: Any, whole: int, piece: int
) -> None:
    monkeypatch.setattr("scopedown.observe.reading.files.WHOLE", whole)
    monkeypatch.setattr("scopedown.observe.reading.files._PIECE", piece)
    (tmp_path / "a.json").write_text(text(record("s3", "ListBuckets")))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(text(record("s3", "ListBuckets")).encode()))
    used = read(log_files([tmp_path]), Wanted())
    assert [times.count for times in used.rows.values()] == [4]
    assert not used.unreadable


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\x1f\x8b\x08broken",
        b'{"Records": [{"a": 1}, {"b',
        b"[" * 100_000,
        b'{"Records": [{"a": 1}]}{"Records": [{"a": 2}',
        b'{"Records": [{"a": 1}]} x',
    ],
)
@pytest.mark.parametrize("whole", [64 * 1024 * 1024, 10])
def test_a_damaged_file_is_named_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, whole: int
) -> None:
    monkeypatch.setattr("scopedown.observe.reading.files.WHOLE", whole)
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(UnreadableError):
        list(records(tmp_path / "a.json"))
    used = read(log_files([tmp_path]), Wanted())
    assert [*used.unreadable] == [str(tmp_path / "a.json")]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refused(path: str) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    unreadable: dict[str, str] = {}
    assert log_files([tmp_path], unreadable) == []
    assert unreadable == {str(tmp_path / "closed"): "Permission denied"}


@pytest.mark.parametrize("day", ["2026-99-01", "2026-00-10", "2026-01-32", "2026-01-00"])
def test_a_day_that_no_calendar_has_counts_for_nothing(day: str) -> None:
    used = folded(record("s3", "ListBuckets", eventTime=f"{day}T10:00:00Z"))
    assert (used.rows, used.covered, used.records) == ({}, {}, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b" " * 18_000_000, "over 300 times as large", id="blanks"),
        pytest.param(b'{"a":"' + b"x" * 18_000_000, "longer than 8 MB", id="one text"),
    ],
)
def test_a_compressed_file_that_only_grows_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "a.json.gz"
    file.write_bytes(gzip.compress(content, 9 if "times" in why else 0))
    with pytest.raises(UnreadableError, match=why):
        list(records(file))


@pytest.mark.parametrize(
    ("text", "count", "why"),
    [
        ('{"items": [RECORD]}', 0, "not records"),
        ('{"Records": [RECORD], "Records": [RECORD]}', 2, ""),
        ('{"Records": [RECORD]}\n{"Record": [RECORD]}', 1, "not records"),
        ('{"Events": [{"CloudTrailEvent": "{"}, RECORD]}', 1, "not records"),
        ('// a comment\n{"Records": [RECORD]}', 1, "lines are not JSON"),
    ],
)
def test_what_is_no_record_is_reported(tmp_path: Path, text: str, count: int, why: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text.replace("RECORD", json.dumps(record("s3", "ListBuckets"))))
    used = read([file], Wanted())
    assert used.records == count
    assert why in used.unreadable.get(str(file), "") and bool(why) == bool(used.unreadable)


def test_files_with_other_endings_are_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.JSON", "b.gz", "c.jsonc", "sub/d.json", "sub/e.txt", ".hidden", "README.md", "used.csv"):
        (tmp_path / name).write_text("{}")
    unreadable: dict[str, str] = {}
    found = log_files([tmp_path], unreadable)
    assert [one.name for one in found] == ["a.JSON", "d.json"]
    assert sorted(Path(one).name for one in unreadable) == ["b.gz", "c.jsonc", "e.txt"]
