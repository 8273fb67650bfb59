"""What logs cannot show is never called unused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.iam.wildcard import matching
from scopedown.observe import observable
from scopedown.observe.actions import Evidence, Observed
from scopedown.observe.model import Covered
from scopedown.observe.observable import Observable

REGION = "eu-west-1"
ROWS = [*read_rows(Path(observable.__file__).with_name("observable.tsv"))]


ON = f"arn:aws:made:{REGION}:1:up/one"


def use(action: str, category: str = "Management", region: str = REGION, resource: str = "*") -> Observed:
    """That an action is in the logs."""
    times = ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z", 1, 0)
    return Observed("r", "", "1", region, action, resource, Evidence.EVENT, "", "", category, *times)


SEEN = [use(action, region=region) for region in (REGION, "us-east-1") for action in ("sqs:CreateQueue", "iam:GetRole")]
"""A read and a write by management events."""


def over(*data: str, uses: Sequence[Observed] = SEEN, account: str = "", unread: int = 0) -> Observable:
    """Of logs with management events of two days, and data events of these sources."""
    days = ("2026-11-01", "2026-11-02")
    kinds = [(REGION, source) for source in ("", *data)] + [("us-east-1", "")]
    covered = {Covered("1", region, day, source): 1 for day in days for region, source in kinds}
    return Observable(covered, catalog(), uses, account, unread)


@pytest.mark.parametrize(
    "action",
    [
        "s3:GetObject", "s3:PutObject", "s3:ListBucket", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:GetRecords",
        "lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage", "sqs:ReceiveMessage", "kinesis:PutRecord",
        "firehose:PutRecordBatch", "events:PutEvents", "ses:SendEmail", "cloudwatch:PutMetricData",
        "xray:PutTraceSegments", "rds-data:ExecuteStatement", "appsync:GraphQL", "appconfig:GetLatestConfiguration",
        "iot:Publish", "states:SendTaskSuccess", "cognito-identity:GetId", "sagemaker:InvokeEndpoint",
        "bedrock:InvokeModel", "timestream:WriteRecords", "personalize:GetRecommendations",
        "verifiedpermissions:IsAuthorized",
    ],
)  # fmt: skip
def test_what_only_data_events_show_is_not_observable_without_them(action: str) -> None:
    assert over().silence(action, REGION)


@pytest.mark.parametrize(
    ("action", "source"),
    [("s3:GetObject", "s3"), ("dynamodb:PutItem", "dynamodb"), ("sqs:SendMessage", "sqs"), ("sns:Publish", "sns")],
)
def test_data_events_of_its_source_show_it(action: str, source: str) -> None:
    same = use(action, "Data", resource=ON)
    assert over(source, uses=[same]).silence(action, REGION, [ON]) == ""
    assert over(source, uses=[same]).silence(action, REGION, [f"{ON}/other"])
    assert over(source).silence(action, "us-east-1") == f"the logs hold no data events of {source} in us-east-1"


@pytest.mark.parametrize(
    "action",
    ["iam:PassRole", "execute-api:Invoke", "execute-api:ManageConnections", "logs:PutLogEvents", "rds-db:connect",
     "es:ESHttpGet", "kms:Decrypt", "states:StartSyncExecution", "sts:TagSession"],
)  # fmt: skip
def test_what_no_event_surely_shows_is_not_observable(action: str) -> None:
    assert over("s3", "kms", "states").silence(action, REGION)


@pytest.mark.parametrize(
    "action",
    ["dynamodb:DescribeTable", "s3:GetBucketLocation", "secretsmanager:GetSecretValue", "ssm:GetParameter",
     "sts:AssumeRole", "lambda:GetFunction", "sqs:CreateQueue", "cognito-idp:AdminCreateUser", "iam:GetRole",
     "rekognition:DetectLabels", "comprehend:DetectSentiment", "states:StartExecution", "forecast:QueryForecast",
     "cognito-sync:UpdateRecords"],
)  # fmt: skip
def test_what_management_events_show_is_observable(action: str) -> None:
    assert over().silence(action, REGION) == ""


def test_a_trail_may_leave_out_reads_or_writes() -> None:
    writes = over(uses=[use("sqs:CreateQueue")])
    assert writes.silence("sqs:DeleteQueue", REGION) == ""
    assert (
        writes.silence("lambda:GetFunction", REGION)
        == "the logs show no reads of this role, and a trail may leave them out"
    )
    data = over("s3", uses=[use("s3:GetObject", "Data", resource=ON)])
    assert data.silence("s3:PutObject", REGION, [ON])


def test_logs_of_another_account_say_nothing() -> None:
    assert over(account="1").silence("sqs:CreateQueue", REGION) == ""
    said = over(account="2").silence("sqs:CreateQueue", REGION)
    assert said == f"the logs hold nothing of {REGION} in account 2"


def test_files_that_could_not_be_read_may_have_shown_it() -> None:
    assert over(unread=2).silence("sqs:CreateQueue", REGION) == "2 of the log files could not be read"


def test_a_day_that_no_calendar_has_is_passed_over() -> None:
    days = {Covered("1", REGION, day, ""): 1 for day in ("2026-11-01", "2026-02-31")}
    assert Observable(days, catalog(), SEEN).silence("sqs:CreateQueue", REGION) == ""


def test_a_missing_day_is_said() -> None:
    days = {Covered("1", REGION, day, ""): 1 for day in ("2026-11-01", "2026-11-03")}
    assert Observable(days, catalog(), SEEN).silence("sqs:CreateQueue", REGION) == "the logs lack 1 of 3 days"


@pytest.mark.parametrize("action", ["iam:GetRole", "cloudfront:CreateInvalidation", "sts:AssumeRole"])
def test_global_services_have_their_events_in_one_region(action: str) -> None:
    here = Observable({Covered("1", REGION, "2026-11-01", ""): 1}, catalog(), SEEN)
    assert ", where the events of " in here.silence(action, REGION)
    both = Observable({Covered("1", one, "2026-11-01", ""): 1 for one in (REGION, "us-east-1")}, catalog(), SEEN)
    assert both.silence(action, REGION) == ""


def test_a_pattern_is_as_observable_as_the_least_of_its_actions() -> None:
    assert over().silence_of("dynamodb:*", REGION)
    assert over().silence_of("dynamodb:Put*Item", REGION).startswith("dynamodb:PutItem: the logs hold no data events")
    assert over().silence_of("dynamodb:DescribeTable*", REGION) == ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['prefix']}-{row['why']}")
def test_every_row_is_of_actions_that_there_are_and_has_its_source(row: dict[str, str]) -> None:
    names = [one.name.partition(":")[2].lower() for one in catalog().actions_of(row["prefix"])]
    for pattern in row["actions"].split(","):
        assert any(map(matching(pattern.lower()), names)), pattern
    assert row["why"] in ("data", "never", "optional", "unsure")
    assert row["source"]
    assert row["reference"].startswith("https://")
