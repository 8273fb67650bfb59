"""What a hint comes to: the permission that it asks for, or what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from permission_words import a_function, a_project, short

from scopedown.calls.model import Hint
from scopedown.catalog.load import SqliteCatalog, catalog
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text, Unknown
from scopedown.permissions.hints import required_by
from scopedown.permissions.model import Origin, RequiredPermission

PLACE = Place("app.py", 3, 5)
RESOURCES: dict[str, Any] = {
    "Table": "AWS::DynamoDB::Table",
    "Named": ("AWS::DynamoDB::Table", {"TableName": "orders"}),
    "Bucket": "AWS::S3::Bucket",
    "Queue": "AWS::SQS::Queue",
    "Topic": "AWS::SNS::Topic",
    "Key": "AWS::KMS::Key",
    "Group": "AWS::Logs::LogGroup",
    "Secret": "AWS::SecretsManager::Secret",
    "Setting": ("AWS::SSM::Parameter", {"Name": "/app/key"}),
    "Machine": "AWS::StepFunctions::StateMachine",
    "Role": "AWS::IAM::Role",
    "Bus": "AWS::Events::EventBus",
    "Stream": "AWS::Kinesis::Stream",
}
ENVIRONMENT = {
    "TABLE": Ref("Table"),
    "TABLE_ARN": Att("Table", "Arn"),
    "NAME": "orders",
    "OTHER": "elsewhere",
    "BUCKET": "uploads",
    "OWN_BUCKET": Ref("Bucket"),
    "QUEUE": Ref("Queue"),
    "QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
    "SECRET": "db/password",
    "PATH_OF": "/app/key",
    "FUNCTION": "shop-dev-other",
    "OPEN": Unknown("the framework does not know ${ssm:/x}"),
}


def of(actions: str, target: str, **more: Any) -> tuple[tuple[RequiredPermission, ...], tuple[Finding, ...]]:
    function = a_function(ENVIRONMENT)
    project = a_project(RESOURCES, (function,), **more)
    return required_by(Hint(tuple(actions.split(", ")), target, PLACE), function, project, catalog())


GRANTED = [
    # action, target, its ARN with P, R, A for the deployment's partition, region and account
    ("dynamodb:GetItem", "ref:Table", "${Table.Arn}"),
    ("dynamodb:getitem", "ref:Table", "${Table.Arn}"),
    ("dynamodb:Query", "ref:Table/index/*", "${Table.Arn}/index/*"),
    ("dynamodb:Query", "ref:Table/index/byDate", "${Table.Arn}/index/byDate"),
    ("dynamodb:GetRecords", "ref:Table/stream/*", "${Table.Arn}/stream/*"),
    ("s3:ListBucket", "ref:Bucket", "arn:P:s3:::${Bucket}"),
    ("s3:GetObject", "ref:Bucket/*", "arn:P:s3:::${Bucket}/*"),
    ("s3:GetObject", "ref:Bucket/in/*.csv", "arn:P:s3:::${Bucket}/in/*.csv"),
    ("sqs:SendMessage", "ref:Queue", "${Queue.Arn}"),
    ("sns:Publish", "ref:Topic", "${Topic}"),
    ("kms:Decrypt", "ref:Key", "${Key.Arn}"),
    ("logs:PutLogEvents", "ref:Group", "arn:P:logs:R:A:log-group:${Group}:*"),
    ("logs:PutLogEvents", "ref:Group:log-stream:a", "arn:P:logs:R:A:log-group:${Group}:log-stream:a"),
    ("secretsmanager:GetSecretValue", "ref:Secret", "${Secret}"),
    ("ssm:GetParameter", "ref:Setting", "arn:P:ssm:R:A:parameter/app/key"),
    ("states:StartExecution", "ref:Machine", "${Machine}"),
    ("iam:PassRole", "ref:Role", "${Role.Arn}"),
    ("events:PutEvents", "ref:Bus", "${Bus.Arn}"),
    ("kinesis:PutRecord", "ref:Stream", "${Stream.Arn}"),
    ("dynamodb:GetItem", "env:TABLE", "${Table.Arn}"),
    ("dynamodb:GetItem", "env:TABLE_ARN", "${Table.Arn}"),
    ("dynamodb:Query", "env:TABLE_ARN/index/*", "${Table.Arn}/index/*"),
    ("dynamodb:Query", "env:TABLE/index/*", "${Table.Arn}/index/*"),
    ("dynamodb:GetItem", "env:NAME", "${Named.Arn}"),
    ("dynamodb:GetItem", "env:OTHER", "arn:P:dynamodb:R:A:table/elsewhere"),
    ("s3:PutObject", "env:BUCKET/*", "arn:P:s3:::uploads/*"),
    ("s3:PutObject", "env:OWN_BUCKET/*", "arn:P:s3:::${Bucket}/*"),
    ("s3:ListBucket", "env:BUCKET", "arn:P:s3:::uploads"),
    ("sqs:SendMessage", "env:QUEUE", "${Queue.Arn}"),
    ("sqs:SendMessage", "env:QUEUE_URL", "arn:P:sqs:eu-central-1:123456789012:jobs"),
    ("secretsmanager:GetSecretValue", "env:SECRET", "arn:P:secretsmanager:R:A:secret:db/password-??????"),
    ("ssm:GetParameter", "env:PATH_OF", "arn:P:ssm:R:A:parameter/app/key"),
    ("lambda:InvokeFunction", "env:FUNCTION", "arn:P:lambda:R:A:function:shop-dev-other"),
    ("lambda:InvokeFunction", "env:AWS_LAMBDA_FUNCTION_NAME", "arn:P:lambda:R:A:function:shop-dev-hello"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-2:1:table/x", "arn:aws:dynamodb:us-east-2:1:table/x"),
    ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/x*", "arn:aws:dynamodb:*:*:table/x*"),
    (
        "dynamodb:GetItem",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}",
        "${Table.Arn}",
    ),
    ("s3:ListAllMyBuckets", "*", "*"),
    ("dynamodb:GetItem", "*", "*"),
]


@pytest.mark.parametrize(("action", "target", "arn"), GRANTED)
def test_a_hint_is_a_permission_on_what_its_target_names(action: str, target: str, arn: str) -> None:
    found, findings = of(action, target)
    assert findings == ()
    (one,) = found
    assert [short(resource.arn) for resource in one.resources] == [arn]
    assert (one.origin, one.because) == (Origin.HINT, (Hint((action,), target, PLACE),))
    assert one.action.lower() == action.lower()


def test_a_hint_of_two_actions_is_two_permissions() -> None:
    found, findings = of("dynamodb:GetItem, dynamodb:PutItem", "ref:Table")
    assert [one.action for one in found] == ["dynamodb:GetItem", "dynamodb:PutItem"]
    assert findings == ()


def test_what_the_user_says_of_the_deployment_stands_in_the_arn() -> None:
    found, _ = of("dynamodb:GetItem", "env:OTHER", account="111111111111", given_region="eu-west-3", partition="aws")
    assert str(found[0].resources[0].arn) == "arn:aws:dynamodb:eu-west-3:111111111111:table/elsewhere"


def test_a_target_that_is_not_known_is_told_like_that_of_a_call() -> None:
    found, findings = of("dynamodb:GetItem", "env:OPEN")
    assert findings == ()
    (resource,) = found[0].resources
    assert (short(resource.arn), resource.certainty.value) == ("arn:P:dynamodb:R:A:table/*", "unknown")
    assert resource.reason == "the framework does not know ${ssm:/x}"


WRONG = [
    # actions, target, code, in the message, in the remedy
    ("dynamodb:GetItme", "ref:Table", "hint-action", "no action dynamodb:GetItme", "dynamodb:GetItem?"),
    ("dynamo:GetItem", "ref:Table", "hint-action", "service prefix 'dynamo'", "dynamodb:GetItem?"),
    ("s3:ListObjectsV2", "ref:Bucket", "hint-action", "an operation of s3", "s3:ListBucket"),
    ("sts:Nothing", "*", "hint-action", "no action sts:Nothing", ""),
    ("dynamodb:GetItem", "ref:Tabel", "hint-target", "no resource 'Tabel'", "Table?"),
    ("dynamodb:GetItem", "ref:Bucket", "hint-target", "Bucket, an AWS::S3::Bucket", "table (arn:"),
    ("s3:GetObject", "ref:Bucket", "hint-target", "ref:Bucket", "${BucketName}/${ObjectName}"),
    ("s3:ListBucket", "ref:Bucket/*", "hint-target", "ref:Bucket/*", "bucket (arn:"),
    ("s3:GetObject", "env:BUCKET", "hint-target", "env:BUCKET", "object (arn:"),
    ("dynamodb:GetItem", "env:QUEUE", "hint-target", "env:QUEUE", "table (arn:"),
    ("dynamodb:GetItem", "env:TABEL", "hint-target", "TABEL is not set", "TABLE?"),
    ("dynamodb:GetItem", "arn:aws:s3:::x", "hint-target", "arn:aws:s3:::x", "table (arn:"),
    ("dynamodb:GetItem", "arn:${AWS::Partition}:s3:::${Nope}", "hint-target", "no resource 'Nope'", ""),
    ("dynamodb:GetItem", "arn:aws:dynamodb", "hint-target", "arn:aws:dynamodb", "table (arn:"),
    ("s3:ListAllMyBuckets", "ref:Bucket", "hint-target", "supports no resource", "s3:ListAllMyBuckets on *"),
]


@pytest.mark.parametrize(("action", "target", "code", "message", "remedy"), WRONG)
def test_a_wrong_hint_grants_nothing_and_says_why(
    action: str, target: str, code: str, message: str, remedy: str
) -> None:
    found, (finding,) = of(action, target)
    assert found == ()
    assert (finding.code, finding.place) == (code, PLACE)
    assert message in finding.message
    assert remedy in finding.remedy


def test_a_wrong_action_leaves_the_right_one_of_the_same_hint() -> None:
    found, (finding,) = of("dynamodb:GetItem, dynamodb:Gte", "ref:Table")
    assert [one.action for one in found] == ["dynamodb:GetItem"]
    assert finding.code == "hint-action"


def test_a_parameter_of_the_template_names_a_resource() -> None:
    parameters = {"TableName": {"Type": "String"}, "TopicArn": {"Type": "String"}}
    found, findings = of("dynamodb:GetItem", "ref:TableName", parameters=parameters)
    assert (short(found[0].resources[0].arn), findings) == ("arn:P:dynamodb:R:A:table/${TableName}", ())
    found, _ = of("sns:Publish", "ref:TopicArn", parameters=parameters)
    assert short(found[0].resources[0].arn) == "${TopicArn}"


def test_a_nested_stack_names_its_own_resources(facts: SqliteCatalog) -> None:
    from dataclasses import replace

    function = replace(a_function(), logical_id="Shop/Hello")
    project = a_project({"Shop/Table": "AWS::DynamoDB::Table"}, (function,))
    found, findings = required_by(Hint(("dynamodb:GetItem",), "ref:Table", PLACE), function, project, facts)
    assert findings == ()
    assert found[0].resources[0].arn == Text.of(Att("Shop/Table", "Arn"))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["s3:GetObject", "sqs:SendMessage", "logs:PutLogEvents", "apigateway:GET", "x:y"]),
    st.one_of(
        st.text(max_size=40).map("arn:".__add__),
        st.text("*?:/${}AB.", max_size=60).map("arn:aws:".__add__),
        st.tuples(st.sampled_from(["ref:Bucket", "env:QUEUE_URL", "env:OPEN", "ref:Topic"]), st.text(max_size=20)).map(
            "/".join
        ),
    ),
)
def test_any_target_is_a_permission_or_a_finding(action: str, target: str) -> None:
    found, findings = of(action, target)
    assert len(found) + len(findings) == 1
