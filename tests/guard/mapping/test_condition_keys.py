"""Each row of the table of condition keys: a request that sets it, and the value that IAM then sees."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from guard.mapping.model_requests import arrived
from scopedown.guard.checks import checks
from scopedown.guard.context import ApiCall, context_of, rows

ACCOUNT, REGION = "123456789012", "eu-west-1"
CASES = [json.loads(line) for line in Path(__file__).with_name("condition_keys.jsonl").read_text().splitlines()]
BY_STATE = {
    "s3:ExistingObjectTag/", "s3:BucketTag/", "kms:ResourceAliases", "lambda:VpcIds", "iam:ResourceTag/",
    "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:ResourceTag/", "ssm:resourceTag/",
    "ec2:ResourceTag/", "ecr:ResourceTag/", "aws:ResourceTag/", "dynamodb:FullTableScan",
}  # fmt: skip
"""Keys whose value stands in no request: the tests below make the resource first."""
OF_TIME = {"aws:CurrentTime", "aws:EpochTime"}


def plain(value: Any) -> Any:
    """A case's parameter: ``{"time": …}`` is a time."""
    if isinstance(value, dict) and set(value) == {"time"}:
        return datetime.fromisoformat(value["time"])
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['key']} of {case['action']}")
def test_the_request_sets_the_key(case: dict[str, Any]) -> None:
    request = None
    if "headers" in case or "query" in case:
        request = arrived("GET", f"http://127.0.0.1/?{case.get('query', '')}", case.get("headers", {}))
    given = {name: plain(value) for name, value in case["given"].items()}
    call = ApiCall(case.get("service", ""), case.get("operation", ""), given, ACCOUNT, REGION, request)
    found = context_of(call, case["action"], case.get("resource", "*"))
    if case.get("listed") is False:  # the reference lists it for none of the actions whose requests give it
        assert case["key"] not in found
    else:
        assert found[case["key"]] == case["value"]


def test_every_row_has_a_case() -> None:
    named = {case["key"] for case in CASES} | BY_STATE | OF_TIME
    assert [row.key for row in rows() if not any(one.startswith(row.key) for one in named)] == []


def test_every_row_has_a_source_of_aws() -> None:
    assert [row.key for row in rows() if not row.source.startswith("https://docs.aws.amazon.com/")] == []


def test_time_is_now() -> None:
    found = context_of(ApiCall("", "", {}, ACCOUNT, REGION), "sqs:SendMessage")
    assert abs(int(str(found["aws:EpochTime"])) - time.time()) < 5
    assert str(found["aws:CurrentTime"])[:13] == time.strftime("%Y-%m-%dT%H", time.gmtime())


def test_a_key_that_the_request_does_not_set_is_not_there() -> None:
    found = context_of(ApiCall("", "", {"Bucket": "pail"}, ACCOUNT, REGION), "s3:ListBucket")
    assert "s3:prefix" not in found
    assert "aws:SourceIp" not in found


def test_a_key_of_another_action_is_not_there() -> None:
    assert "s3:prefix" not in context_of(ApiCall("", "", {"Prefix": "a"}, ACCOUNT, REGION), "s3:GetObject")


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION, aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                        aws_secret_access_key="x")  # fmt: skip


TAGS = [{"Key": "team", "Value": "a"}]


def context(service: str, operation: str, action: str, /, **parameters: Any) -> dict[str, object]:
    """The context of one of the checks of a request."""
    found = checks(service, operation, parameters, ACCOUNT, REGION)
    return dict(next(one.context for one in found if one.action == action))


@pytest.mark.usefixtures("aws")
class TestWhatTheLocalAwsKnows:
    """What the request does not say and AWS looks up."""

    def test_tags_of_a_table(self) -> None:
        client("dynamodb").create_table(
            TableName="t", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], Tags=TAGS,
        )  # fmt: skip
        given = {"TableName": "t", "Item": {"other": {"S": "x"}, "id": {"S": "me"}}}
        found = context("dynamodb", "PutItem", "dynamodb:PutItem", **given)
        assert (found["aws:ResourceTag/team"], found["dynamodb:LeadingKeys"]) == ("a", ["me"])
        for statement, whole in (("SELECT * FROM t", "true"), ("SELECT * FROM t WHERE id = 'me'", "false")):
            found = context("dynamodb", "ExecuteStatement", "dynamodb:PartiQLSelect", Statement=statement)
            assert found["dynamodb:FullTableScan"] == whole
        assert found["dynamodb:LeadingKeys"] == ["me"]

    def test_tags_of_an_object_and_its_bucket(self) -> None:
        s3 = client("s3")
        s3.create_bucket(Bucket="pail", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="pail", Key="k", Body=b"", Tagging="team=a")
        s3.put_bucket_tagging(Bucket="pail", Tagging={"TagSet": TAGS})
        assert context("s3", "GetObject", "s3:GetObject", Bucket="pail", Key="k")["s3:ExistingObjectTag/team"] == "a"

    def test_tags_and_aliases_of_a_key_that_an_alias_names(self) -> None:
        kms = client("kms")
        key = kms.create_key(Tags=[{"TagKey": "team", "TagValue": "a"}])["KeyMetadata"]
        kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyId"])
        (one,) = checks("kms", "Encrypt", {"KeyId": "alias/app", "Plaintext": b"x"}, ACCOUNT, REGION)
        assert one.resource == key["Arn"]
        assert one.context["kms:ResourceAliases"] == ["alias/app"]
        assert one.context["kms:RequestAlias"] == "alias/app"
        assert one.context["kms:KeySpec"] == "SYMMETRIC_DEFAULT"
        assert one.context["aws:ResourceTag/team"] == "a"

    def test_a_secret_that_a_name_means(self) -> None:
        made = client("secretsmanager").create_secret(Name="db", SecretString="x", Tags=TAGS)
        (one,) = checks("secretsmanager", "GetSecretValue", {"SecretId": "db"}, ACCOUNT, REGION)
        assert one.resource == made["ARN"]
        assert one.context["secretsmanager:SecretId"] == made["ARN"]
        assert one.context["secretsmanager:ResourceTag/team"] == "a"

    def test_the_boundary_of_a_role_that_gets_a_policy(self) -> None:
        iam = client("iam")
        document = json.dumps({"Version": "2012-10-17", "Statement": []})
        boundary = iam.create_policy(PolicyName="b", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        ))["Policy"]["Arn"]  # fmt: skip
        iam.create_role(RoleName="r", AssumeRolePolicyDocument=document, PermissionsBoundary=boundary, Tags=TAGS)
        found = context("iam", "PutRolePolicy", "iam:PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument="{}")
        assert (found["iam:PermissionsBoundary"], found["aws:ResourceTag/team"]) == (boundary, "a")

    @pytest.mark.parametrize(
        ("service", "make", "operation", "action", "given"),
        [
            ("sqs", ("create_queue", {"QueueName": "q", "tags": {"team": "a"}}), "SendMessage", "sqs:SendMessage",
             {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q", "MessageBody": "x"}),
            ("sns", ("create_topic", {"Name": "t", "Tags": TAGS}), "Publish", "sns:Publish",
             {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t", "Message": "x"}),
            ("ssm", ("put_parameter", {"Name": "/a/b", "Value": "x", "Type": "String", "Tags": TAGS}), "GetParameter",
             "ssm:GetParameter", {"Name": "/a/b"}),
            ("ecr", ("create_repository", {"repositoryName": "images", "tags": TAGS}), "DescribeImages",
             "ecr:DescribeImages", {"repositoryName": "images"}),
            ("logs", ("create_log_group", {"logGroupName": "/g", "tags": {"team": "a"}}), "DescribeLogStreams",
             "logs:DescribeLogStreams", {"logGroupName": "/g"}),
            ("events", ("put_rule", {"Name": "r", "ScheduleExpression": "rate(1 day)", "Tags": TAGS}), "DescribeRule",
             "events:DescribeRule", {"Name": "r"}),
        ],
    )  # fmt: skip
    def test_tags_of_other_resources(
        self, service: str, make: tuple[str, Any], operation: str, action: str, given: dict[str, Any]
    ) -> None:
        getattr(client(service), make[0])(**make[1])
        assert context(service, operation, action, **given)["aws:ResourceTag/team"] == "a"
