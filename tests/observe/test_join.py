"""What logs show beside what the code needs, and what other commands say of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import trail_records
from command_line import run as run_in
from scopedown.observe.model import USED_COLUMNS

ACCOUNT = "111122223333"
ROLE = "todos-dev-eu-west-1-lambdaRole"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/todos-dev-TodosTable-1ABC"
SERVICE = """
service: todos
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
  environment: {TABLE: !Ref TodosTable}
  iam: {role: {statements: [
    {Effect: Allow, Resource: '*',
     Action: ['dynamodb:PutItem', 'dynamodb:DescribeTable', 'iam:PassRole', 'sns:ListTopics']}]}}
functions: {save: {handler: app.save}, other: {handler: app.other}}
resources: {Resources: {TodosTable: {Type: AWS::DynamoDB::Table, Properties: {}}}}
"""
CODE = """
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
client = boto3.client("dynamodb")


def save(event, context):
    table.put_item(Item={"id": "1"})


def other(event, context):
    client.describe_table(TableName=os.environ["TABLE"])
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_in(*arguments, cwd=Path.cwd(), command="")


def record(source: str, event: str, day: int = 1, session: str = "todos-dev-save", **more: Any) -> dict[str, Any]:
    return trail_records.record(source, event, ROLE, session, eventTime=f"2026-11-{day:02}T10:00:00Z", **more)


def put_item(**more: Any) -> dict[str, Any]:
    return record("dynamodb", "PutItem", **{"eventCategory": "Data", "resources": [{"ARN": TABLE}], **more})


READ = record("s3", "ListBuckets")
"""A read, which shows that the trail has reads."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "serverless.yml").write_text(SERVICE)
    (folder / "app.py").write_text(CODE)
    return folder


def observed(project: Path, *records: dict[str, Any], options: tuple[str, ...] = ()) -> dict[tuple[str, str], Any]:
    """Each row by its class and action."""
    logs = project.parent / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "log.json").write_text(json.dumps({"Records": records}))
    result = run("observe", str(logs), "--project", str(project), "--format", "json", *options)
    assert result.returncode == 0, result.stdout + result.stderr
    roles = json.loads(result.stdout)["projects"][0]["roles"]
    return {(row["class"], row["action"]): row for role in roles for row in role["rows"]}


def test_a_need_that_was_used_is_confirmed_by_the_pattern_of_a_generated_name(project: Path) -> None:
    row = observed(project, put_item(), put_item(day=3))["confirmed", "dynamodb:PutItem"]
    assert (row["count"], row["last"], row["byPattern"]) == (2, "2026-11-03T10:00:00Z", True)
    assert row["functions"] == ["save"]


def test_the_names_of_the_stack_make_it_exact(project: Path) -> None:
    stack = project.parent / "stack.json"
    names = [{"LogicalResourceId": "TodosTable", "PhysicalResourceId": "todos-dev-TodosTable-1ABC"}]
    stack.write_text(json.dumps({"StackResources": names}))
    options = ("--stack-resources", str(stack))
    assert not observed(project, put_item(), options=options)["confirmed", "dynamodb:PutItem"]["byPattern"]
    other = put_item(resources=[{"ARN": TABLE.replace("1ABC", "2DEF")}])
    assert ("used-not-found", "dynamodb:PutItem") in observed(project, other, options=options)


def test_a_need_without_a_use_is_idle_where_the_logs_would_show_it(project: Path) -> None:
    assert ("idle", "dynamodb:DescribeTable") in observed(project, put_item(), READ)


def test_without_data_events_a_need_is_not_observable(project: Path) -> None:
    row = observed(project, record("sts", "GetCallerIdentity"))["not-observable", "dynamodb:PutItem"]
    assert "data events of dynamodb" in row["reason"]


def test_days_that_the_logs_lack_leave_nothing_idle(project: Path) -> None:
    rows = observed(project, READ, put_item(day=5))
    assert rows["not-observable", "dynamodb:DescribeTable"]["reason"] == "the logs lack 3 of 5 days"


def test_what_is_granted_and_neither_needed_nor_used_is_removable(project: Path) -> None:
    rows = observed(project, put_item(), READ)
    assert ("removable", "sns:ListTopics") in rows
    assert ("not-observable", "iam:PassRole") in rows


def test_a_use_that_the_code_does_not_show_names_its_origin(project: Path) -> None:
    rows = observed(project, record("sns", "ListTopics"), record("ssm", "GetParameter", session="a-person"))
    assert rows["used-not-found", "sns:ListTopics"]["granted"] is True
    assert "a person" not in rows["used-not-found", "sns:ListTopics"]["reason"]
    assert "a person" in rows["used-not-found", "ssm:GetParameter"]["reason"]
    assert rows["used-not-found", "ssm:GetParameter"]["granted"] is False


def elsewhere(one: dict[str, Any], account: str) -> dict[str, Any]:
    return dict(json.loads(json.dumps(one).replace(ACCOUNT, account)))


def test_a_role_of_the_same_name_in_another_account_is_another_role(project: Path) -> None:
    other = elsewhere(record("sns", "ListTopics"), "444455556666")
    rows = observed(project, put_item(), put_item(day=2), READ, other)
    assert ("confirmed", "dynamodb:PutItem") in rows and ("used-not-found", "sns:ListTopics") not in rows
    logs = str(project.parent / "logs")
    said = run("observe", logs, "--project", str(project)).stdout
    assert f"account {ACCOUNT}: it has most" in said and "444455556666 does not count (pass --account" in said
    said = run("observe", logs, "--project", str(project), "--account", "444455556666").stdout
    assert "sns:ListTopics on *: 1 time" in said and "does not count" not in said


def test_the_stack_names_the_account(project: Path) -> None:
    stack = project.parent / "stack.json"
    there = "arn:aws:cloudformation:eu-west-1:444455556666:stack/todos-dev/1"
    stack.write_text(json.dumps({"StackResources": [{"LogicalResourceId": "X", "StackId": there}]}))
    other = elsewhere(record("sns", "ListTopics"), "444455556666")
    rows = observed(project, put_item(), READ, other, options=("--stack-resources", str(stack)))
    assert ("used-not-found", "sns:ListTopics") in rows and ("confirmed", "dynamodb:PutItem") not in rows


def test_what_any_account_uses_stays(project: Path) -> None:
    observed(project, put_item(), READ, elsewhere(record("sns", "ListTopics"), "444455556666"))
    said = run("write", str(project), "--diff", "--observed", str(project.parent / "logs")).stderr
    assert "kept: sns:ListTopics" in said


def test_gates_fail_the_command(project: Path) -> None:
    observed(project, record("ssm", "GetParameter"))
    logs = str(project.parent / "logs")
    assert run("observe", logs, "--project", str(project)).returncode == 0
    assert run("observe", logs, "--project", str(project), "--fail-on", "used-not-found").returncode == 1
    assert run("observe", logs, "--project", str(project), "--fail-on", "denied").returncode == 0


def saved(project: Path, *records: dict[str, Any]) -> Path:
    table = project.parent / "used.csv"
    observed(project, *records, options=("--save-used", str(table)))
    return table


def test_a_table_of_uses_says_the_same_as_its_logs(project: Path) -> None:
    records = (put_item(), record("ssm", "GetParameter"))
    table = saved(project, *records)
    assert table.read_text().split("\n")[0] == ",".join(USED_COLUMNS)
    result = run("observe", "--used", str(table), "--project", str(project), "--format", "json")
    [role] = json.loads(result.stdout)["projects"][0]["roles"]
    assert {(row["class"], row["action"]): row for row in role["rows"]} == observed(project, *records)


def said_by(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    table = saved(project, put_item(), record("ssm", "GetParameter"))
    return run(*arguments, str(project), "--used", str(table))


def test_check_says_what_was_used_and_fails_at_its_gates(project: Path) -> None:
    result = said_by(project, "check")
    assert "SD701 used-not-found: ssm:GetParameter" in result.stdout + result.stderr
    assert "sns:ListTopics: not used" in result.stdout + result.stderr
    assert said_by(project, "check", "--fail-on", "used-not-found").returncode == 1


def test_uses_and_denials_are_counted_once(project: Path) -> None:
    table = saved(project, put_item(), put_item(day=2), put_item(errorCode="AccessDenied"))
    rows = observed(project, *json.loads((project.parent / "logs" / "log.json").read_text())["Records"])
    assert [(rows[kind, "dynamodb:PutItem"]["count"], rows[kind, "dynamodb:PutItem"]["denied"])
            for kind in ("confirmed", "denied")] == [(2, 0), (0, 1)]  # fmt: skip
    explained = run("explain", "dynamodb:PutItem", str(project), "--used", str(table)).stdout
    assert "used 2 times, last 2026-11-02, denied once" in explained
    checked = run("check", str(project), "--used", str(table))
    assert "was denied (once," in checked.stdout + checked.stderr


def test_projects_of_one_folder_keep_their_own_uses(project: Path) -> None:
    for name in ("a", "b"):
        (project / f"serverless-{name}.yml").write_text(SERVICE.replace("service: todos", f"service: todos{name}"))
    (project / "serverless.yml").unlink()
    log, table = project.parent / "log.json", project.parent / "used.csv"
    log.write_text(json.dumps({"Records": [record("sns", "ListTopics")]}).replace("todos-dev", "todosa-dev"))
    both = [str(project / f"serverless-{name}.yml") for name in ("a", "b")]
    run("observe", str(log), "--project", both[0], "--save-used", str(table))
    result = run("check", *both, "--used", str(table))
    found = [line for line in (result.stdout + result.stderr).splitlines() if "SD701" in line]
    assert [line.split(":")[0] for line in found] == [both[0]]


def test_explain_and_report_say_when_an_action_was_last_used(project: Path) -> None:
    assert "by the logs: used once, last 2026-11-01" in said_by(project, "explain", "dynamodb:PutItem").stdout
    assert "By the logs: used once, last 2026-11-01" in said_by(project, "report").stdout


def test_the_settings_name_the_table(project: Path) -> None:
    saved(project, put_item())
    (project / ".scopedown.toml").write_text('used = "../used.csv"\n')
    assert "used once" in run("explain", "dynamodb:PutItem", str(project)).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "lacks the columns"),
        (f"{','.join(USED_COLUMNS)}\n1,2\n", "has 2 cells"),
        (f"{','.join(USED_COLUMNS)}\n{',' * 13}yesterday,today,1,0\n", "a time of this row"),
        (f"{','.join(USED_COLUMNS)}\n{',' * 13}2026-11-01T10:00:00Z,2026-11-01T10:00:00Z,many,0\n", "a count"),
        (f"{','.join(USED_COLUMNS)}\n{',' * 13}2026-11-01T10:00:00Z,2026-11-01T10:00:00Z,-1,0\n", "a count"),
        (f"{','.join(USED_COLUMNS)}\n{',' * 13}2026-99-01T10:00:00Z,2026-99-01T10:00:00Z,1,0\n", "a time of this row"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_line(project: Path, text: str, said: str) -> None:
    (project / "used.csv").write_text(text)
    result = run("observe", "--used", str(project / "used.csv"), "--project", str(project))
    assert result.returncode == 2
    assert said in result.stdout + result.stderr


def test_a_table_of_uses_says_how_many_records_its_logs_had(project: Path) -> None:
    table = saved(project, put_item(), put_item(), record("sts", "GetCallerIdentity", day=2))
    result = run("observe", "--used", str(table), "--project", str(project))
    assert "Logs: 1 file, 3 records" in result.stdout


def test_days_do_not_apply_to_a_table_of_uses(project: Path) -> None:
    table = saved(project, put_item())
    result = run("observe", "--used", str(table), "--since", "2026-11-01", "--project", str(project))
    assert result.returncode == 2
    assert "--since and --until do not apply to a table of uses" in result.stderr


def test_a_policy_of_iamlive_needs_the_principal(project: Path) -> None:
    policy = project.parent / "policy.json"
    statement = {"Effect": "Allow", "Action": ["sns:ListTopics"], "Resource": ["*"]}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    result = run("observe", str(policy), "--project", str(project))
    assert (result.returncode, "--deployer ARN" in result.stderr) == (2, True)
    deployer = ("--deployer", "arn:aws:iam::111122223333:user/deploy")
    assert "sns:ListTopics" in run("observe", str(policy), "--project", str(project), *deployer).stdout


@pytest.mark.parametrize("wrong", [{"NotAction": "iam:*"}, {"Action": "s3:*", "Effect": "Deny"}])
def test_a_policy_that_iamlive_did_not_write_is_refused(project: Path, wrong: dict[str, str]) -> None:
    policy = project.parent / "policy.json"
    statement = {"Effect": "Allow", "Resource": "*", **wrong}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    result = run("observe", str(policy), "--project", str(project), "--deployer", "arn:aws:iam::111122223333:user/x")
    assert (result.returncode, "statement 1 does not list actions" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there are no log files"),
        ({"a.json": '{"Records": []}'}, "the log files have no records"),
        ({"a.json": '{"Records": []}', "b.bin": "x"}, "b.bin for instance"),
    ],
)
def test_logs_without_records_end_with_2(project: Path, files: dict[str, str], said: str) -> None:
    logs = project.parent / "logs"
    logs.mkdir()
    for name, text in files.items():
        (logs / name).write_text(text)
    result = run("observe", str(logs), "--project", str(project))
    assert (result.returncode, said in result.stderr) == (2, True)


def test_one_unread_file_does_not_hide_the_records_of_another(project: Path) -> None:
    logs = project.parent / "logs"
    logs.mkdir()
    (logs / "a.json").write_text(json.dumps({"Records": [put_item()]}))
    (logs / "notes.bin").write_text("x")
    result = run("observe", str(logs), "--project", str(project))
    assert (result.returncode, "notes.bin" in result.stdout) == (0, True)


def test_a_pipe_among_the_logs_is_named_and_not_opened(project: Path) -> None:
    logs = project.parent / "logs"
    logs.mkdir()
    os.mkfifo(logs / "a.json")
    result = run("observe", str(logs), "--project", str(project))
    assert "a.json for instance: it is not a regular file" in result.stderr
    result = run("observe", str(logs / "a.json"), "--project", str(project))
    assert (result.returncode, "neither a file nor a folder" in result.stderr) == (2, True)


COPYING = """
service: copies
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
functions: {copy: {handler: app.copy}}
resources: {Resources: {
  From: {Type: AWS::S3::Bucket, Properties: {BucketName: from}},
  To: {Type: AWS::S3::Bucket, Properties: {BucketName: to}}}}
"""
COPY = """
import boto3


def copy(event, context):
    boto3.client("s3").copy_object(Bucket="to", Key=event["key"], CopySource=f"from/{event['key']}")
"""


def copy_object(*buckets: str, **parameters: str) -> dict[str, Any]:
    listed = [{"ARN": f"arn:aws:s3:::{bucket}/a.jpg"} for bucket in buckets]
    made = record("s3", "CopyObject", session="copies-dev-copy", eventCategory="Data", resources=listed,
                  requestParameters=parameters)  # fmt: skip
    text = json.dumps(made).replace(ROLE, "copies-dev-eu-west-1-lambdaRole")
    return dict(json.loads(text))


@pytest.mark.parametrize(
    "parameters", [{}, {"bucketName": "to", "key": "a.jpg", "x-amz-copy-source": "from/a.jpg"}], ids=["none", "all"]
)
def test_a_copy_writes_to_no_bucket_that_it_only_reads(project: Path, parameters: dict[str, str]) -> None:
    (project / "serverless.yml").write_text(COPYING)
    (project / "app.py").write_text(COPY)
    rows = observed(project, copy_object("from", "to", **parameters))
    assert not [row for row in rows if row[0] in ("used-not-found", "denied")]
    assert rows["confirmed", "s3:PutObject"]["count"] == 1


def test_a_use_on_one_of_several_is_reported_once_where_none_is_needed(project: Path) -> None:
    (project / "serverless.yml").write_text(COPYING)
    (project / "app.py").write_text(COPY)
    rows = observed(project, copy_object("other", "third"))
    row = rows["used-not-found", "s3:PutObject"]
    assert (row["resource"], row["count"]) == ("arn:aws:s3:::other/* or arn:aws:s3:::third/*", 1)
    assert row["uses"][0]["oneOf"] == ["arn:aws:s3:::other/*", "arn:aws:s3:::third/*"]


def test_a_role_with_a_path_is_found_by_its_sessions(project: Path) -> None:
    """A record without sessionIssuer, as the guard's, has the session's ARN alone, which lacks the path."""
    text = SERVICE.replace("iam: {role: {", "iam: {role: {path: /teams/, ")
    (project / "serverless.yml").write_text(text)
    bare = put_item()
    del bare["userIdentity"]["sessionContext"]
    assert ("confirmed", "dynamodb:PutItem") in observed(project, bare)
