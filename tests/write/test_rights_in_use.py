"""A right that logs show in use is kept and not called unused, whatever the code shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from trail_records import record

ROLE = "jobs-dev-eu-west-1-lambdaRole"
SERVICE = """
service: jobs
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
  iam: {role: {statements: [
    {Effect: Allow, Resource: '*', Action: ['s3:ListAllMyBuckets', 'sns:ListTopics', 'sqs:ListQueues']}]}}
functions: {save: {handler: app.save}}
"""
CODE = """
import boto3

def save(event, context):
    return boto3.client("s3").list_buckets()
"""


def list_topics(role: str = ROLE) -> dict[str, Any]:
    return record("sns", "ListTopics", role, "jobs-dev-save", eventTime="2026-11-03T10:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "serverless.yml").write_text(SERVICE)
    (folder / "app.py").write_text(CODE)
    return folder


def logs(project: Path, *records: dict[str, Any]) -> str:
    file = project.parent / "log.json"
    file.write_text(json.dumps({"Records": records}))
    return str(file)


def test_write_keeps_what_the_logs_show_and_says_so(project: Path) -> None:
    seen = logs(project, list_topics())
    result = run("--yes", "--no-cache", "--observed", seen, cwd=project, command="write")
    text = (project / "serverless.yml").read_text()
    assert "sns:ListTopics" in text and "sqs:ListQueues" not in text
    assert "kept: sns:ListTopics of save: the logs show it on *, used once, last 2026-11-03" in result.stderr


def test_check_does_not_call_it_unused(project: Path) -> None:
    seen = logs(project, list_topics())
    result = run("--no-cache", "--observed", seen, cwd=project, command="check")
    assert "sns:ListTopics" not in result.stdout and "sqs:ListQueues" in result.stdout


def test_fix_leaves_it(project: Path) -> None:
    seen = logs(project, list_topics())
    run("--fix", "--yes", "--no-cache", "--observed", seen, cwd=project, command="check")
    text = (project / "serverless.yml").read_text()
    assert "sns:ListTopics" in text and "sqs:ListQueues" not in text


def test_a_saved_table_of_uses_serves_as_well(project: Path) -> None:
    seen = logs(project, list_topics())
    table = str(project.parent / "used.csv")
    run(seen, "--project", str(project), "--save-used", table, cwd=project, command="observe")
    run("--yes", "--no-cache", "--observed", table, cwd=project, command="write")
    assert "sns:ListTopics" in (project / "serverless.yml").read_text()


def test_what_another_role_did_keeps_nothing(project: Path) -> None:
    seen = logs(project, list_topics("someone"))
    result = run("--yes", "--no-cache", "--observed", seen, cwd=project, command="write")
    assert "sns:ListTopics" not in (project / "serverless.yml").read_text()
    assert "the logs show no call of a role of serverless.yml" in result.stderr


def test_logs_of_which_none_can_be_read_change_nothing(project: Path) -> None:
    (project.parent / "log.json").write_text("{")
    result = run("--yes", "--no-cache", "--observed", str(project.parent / "log.json"), cwd=project, command="write")
    assert result.returncode == 2
    assert (project / "serverless.yml").read_text() == SERVICE
