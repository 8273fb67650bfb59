"""Alarms and notifications of state machines: what the plugin leaves out, and why.

What it compiles stands in ``golden/resources/step-functions-notices``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

SERVICE = """\
service: s
provider: {name: aws, runtime: nodejs20.x, region: eu-west-1}
plugins: [serverless-step-functions]
stepFunctions:
  stateMachines:
    m:
      definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
      SECTION
"""


def read(folder: Path, section: str) -> Project:
    (folder / "serverless.yml").write_text(SERVICE.replace("SECTION", section))
    return load_project(folder, Options())


@pytest.mark.parametrize(
    "section",
    [
        "alarms: []",
        "alarms: {}",
        "alarms: {metrics: [executionsFailed]}",
        "alarms: {topics: {ok: ''}, metrics: [executionsFailed]}",
        "alarms: {topics: {ok: !Sub x}, metrics: [executionsFailed]}",
        "alarms: {topics: {ok: !Join ['', [a, b]]}, metrics: [executionsFailed]}",
        "alarms: {topics: {ok: x, more: y}, metrics: [executionsFailed]}",
        "alarms: {topics: {ok: x}, metrics: []}",
        "alarms: {topics: {ok: x}, metrics: executionsFailed}",
        "alarms: {topics: {ok: x}, metrics: [{alarmName: a}]}",
        "alarms: {topics: {ok: x}, metrics: [executionsFailed], treatMissingData: 1}",
        "alarms: {topics: {ok: x}, metrics: [executionsFailed], nameTemplate: plain}",
        "alarms: {topics: {ok: x}, metrics: [executionsWon]}",
    ],
)
def test_alarms_that_the_plugin_leaves_out_are_told(tmp_path: Path, section: str) -> None:
    project = read(tmp_path, section)
    assert [finding.code for finding in project.findings] == ["alarms-left-out"]
    assert "AWS::CloudWatch::Alarm" not in {resource.type for resource in project.generated.values()}
    assert "MStepFunctionsStateMachine" in project.generated


@pytest.mark.parametrize(
    "section",
    [
        "notifications: []",
        "notifications: {DONE: [{sns: x}]}",
        "notifications: {FAILED: {sns: x}}",
        "notifications: {FAILED: [x]}",
        "notifications: {FAILED: [{}]}",
        "notifications: {FAILED: [{mail: x}]}",
        "notifications: {FAILED: [{sns: !Sub x}]}",
        "notifications: {FAILED: [{sns: !ImportValue x}]}",
        "notifications: {FAILED: [{sqs: {arn: x}}]}",
        "notifications: {FAILED: [{sqs: !Ref Queue}]}",
        "notifications: {FAILED: [{kinesis: {partitionKeyPath: x}}]}",
        "type: EXPRESS\n      notifications: {FAILED: [{sns: x}]}",
    ],
)
def test_notifications_that_the_plugin_leaves_out_are_told(tmp_path: Path, section: str) -> None:
    project = read(tmp_path, section)
    assert [finding.code for finding in project.findings] == ["notifications-left-out"]
    assert "AWS::Events::Rule" not in {resource.type for resource in project.generated.values()}


@pytest.mark.parametrize("section", ["alarms: none", "notifications: ~"])
def test_what_is_no_section_is_left_alone(tmp_path: Path, section: str) -> None:
    assert read(tmp_path, section).findings == ()


def test_a_topic_that_only_aws_knows_is_a_topic(tmp_path: Path) -> None:
    project = read(tmp_path, "notifications: {FAILED: [{sns: '${ssm:/topic}'}, {sqs: '${ssm:/queue}'}]}")
    assert [finding.code for finding in project.findings] == []
    types = [resource.type for resource in project.generated.values()]
    assert {"AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::Events::Rule"} <= set(types)


def test_the_role_of_notifications_is_one_of_the_project(tmp_path: Path) -> None:
    stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
    project = read(tmp_path, f"notifications: {{FAILED: [{{kinesis: '{stream}'}}]}}")
    role = project.roles["MStepFunctionsStateMachineNotificationsIamRole"]
    assert [item.statement for item in role.statements] == [
        {"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": stream}
    ]
