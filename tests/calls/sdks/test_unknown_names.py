"""Operations and services that the data does not know: the call is not found, and the report says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.sources import Sources

Report = Callable[..., CallReport]


def unseen(report: CallReport) -> list[tuple[str, tuple[str, ...]]]:
    said = [one for one in report.unseen if one.cause is Cause.OPERATION]
    # The service's own actions; beside them stand other services' that its operations need.
    own = {"sqs:*", "logs:*", "dynamodb:*", "s3:*", "*"}
    return [
        (one.what.partition(" is not known")[0], tuple(name for name in one.may_call if name in own)[:1])
        for one in said
    ]


def javascript_report(folder: Path, body: str) -> CallReport:
    lines = [
        'import { SQSClient, SQS, SendMesageCommand, SendMessageCommnd } from "@aws-sdk/client-sqs"',
        'import { SendMessage, QueueDoesNotExist, QueueAttributeName } from "@aws-sdk/client-sqs"',
        'import { OrbitClient, LaunchCommand } from "@aws-sdk/client-orbit"',
        'import AWS from "aws-sdk"',
        'import Orbit from "aws-sdk/clients/orbit"',
        f"export const handler = async (event) => {{ {body} }}",
    ]
    (folder / "app.mjs").write_text("\n".join(lines))
    return find_calls(Sources(str(folder)), catalog(), {}, "app.mjs", "handler")


@pytest.mark.parametrize(
    ("line", "what", "may_call"),
    [
        ('boto3.client("sqs").send_mesage(QueueUrl="q")', "the operation sqs.send_mesage", ("sqs:*",)),
        ('boto3.client("logs").lauch(roleArn="r")', "the operation logs.lauch", ("logs:*",)),
        ('boto3.client("sqs").get_paginator("list_quues")', "the operation sqs.list_quues", ("sqs:*",)),
        ('boto3.client("dynamodb").get_waiter("tabel_exists")', "the operation dynamodb.tabel_exists", ("dynamodb:*",)),
        ('boto3.client("s3").generate_presigned_url("get_objet")', "the operation s3.get_objet", ("s3:*",)),
        ('boto3.client("orbit").launch()', "the service orbit", ("*",)),
        ('boto3.resource("orbit").Rocket("r")', "the service orbit", ("*",)),
    ],
)
def test_what_python_calls_by_an_unknown_name_is_said(
    python_report: Report, line: str, what: str, may_call: tuple[str, ...]
) -> None:
    assert unseen(python_report(f"import boto3\ndef handler(event, context):\n    {line}\n")) == [(what, may_call)]


@pytest.mark.parametrize(
    ("line", "what", "may_call"),
    [
        ("await new SQSClient({}).send(new SendMesageCommand({}))", "the operation sqs.SendMesageCommand", ("sqs:*",)),
        ("await new SQS({}).sendMesage({})", "the operation sqs.sendMesage", ("sqs:*",)),
        ("await new OrbitClient({}).send(new LaunchCommand({}))", "the service @aws-sdk/client-orbit", ("*",)),
        ("await new AWS.SQS().sendMesage({}).promise()", "the operation sqs.sendMesage", ("sqs:*",)),
        ("await new AWS.Orbit().launch({}).promise()", "the service AWS.Orbit", ("*",)),
        ("await new Orbit().launch({}).promise()", "the service aws-sdk/clients/orbit", ("*",)),
    ],
)
def test_what_javascript_calls_by_an_unknown_name_is_said(
    tmp_path: Path, line: str, what: str, may_call: tuple[str, ...]
) -> None:
    assert unseen(javascript_report(tmp_path, line)) == [(what, may_call)]


@pytest.mark.parametrize(
    "line",
    [
        'boto3.client("sqs").close()',
        'boto3.client("sqs").exceptions.QueueDoesNotExist()',
        'boto3.client("sqs").waiter_names',
        'boto3.client(event["service"])',
    ],
)
def test_other_members_of_clients_are_no_operations(python_report: Report, line: str) -> None:
    assert python_report(f"import boto3\ndef handler(event, context):\n    {line}\n").unseen == ()


def test_names_alike_are_suggested(python_report: Report) -> None:
    source = 'import boto3\ndef handler(event, context):\n    boto3.client("sqs").send_mesage(QueueUrl="q")\n'
    (found,) = python_report(source).unseen
    assert found.remedy.startswith("did you mean send_message")
    assert "newer than the data of 20" in found.what


@pytest.mark.parametrize(
    ("line", "suggested"),
    [
        ("new SQSClient({}).send(new SendMesageCommand({}))", "SendMessageCommand"),
        ("new SQSClient({}).send(new SendMessageCommnd({}))", "SendMessageCommand"),
        ("new SQSClient({}).send(new SendMessage({}))", "SendMessageCommand"),
        ("new SQS({}).sendMesage({})", "sendMessage"),
        ("new AWS.SQZ().sendMessage({})", "sqs"),
    ],
)
def test_suggestions_are_written_as_the_sdk_for_javascript_writes_them(
    tmp_path: Path, line: str, suggested: str
) -> None:
    found = javascript_report(tmp_path, line).unseen[0]
    assert f"did you mean {suggested}" in found.remedy


def test_errors_and_enumerations_of_a_package_are_no_misspelt_commands(tmp_path: Path) -> None:
    body = "throw new QueueDoesNotExist({message: QueueAttributeName.All, $metadata: {}})"
    assert unseen(javascript_report(tmp_path, body)) == []


def test_a_short_name_of_a_service_is_suggested(python_report: Report) -> None:
    source = 'import boto3\ndef handler(event, context):\n    boto3.client("s4").get_object(Bucket="b", Key="k")\n'
    assert any("did you mean s3" in one.remedy for one in python_report(source).unseen)


def test_what_runs_on_an_unknown_result_still_counts(python_report: Report) -> None:
    source = """
    import boto3
    def handler(event, context):
        for one in boto3.client("sqs").list_quues()["QueueUrls"]:
            boto3.client("sqs").purge_queue(QueueUrl=one)
    """
    assert [call.name for call in python_report(source).calls] == ["sqs.PurgeQueue"]
