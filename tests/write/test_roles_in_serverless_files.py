"""``scopedown write`` puts least-privilege roles into a serverless.yml, and nothing else changes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.project.load import Options, load_project

CODE = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
"""
HEAD = """\
service: notes   # the name stays
provider:
  name: aws
  runtime: python3.12
  environment:
    TABLE: ${self:service}-${sls:stage}-notes
"""
SHARED = """\
  iam:
    role:
      statements:
        # everything
        - Effect: Allow
          Action: dynamodb:*
          Resource: '*'
        - Effect: Deny
          Action: dynamodb:DeleteTable
          Resource: '*'
"""
FUNCTIONS = """\
functions:
  put:
    handler: app.put   # writes
  read: {handler: app.read}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def service(folder: Path, text: str) -> Path:
    (folder / "serverless.yml").write_text(text)
    return folder


def actions(folder: Path, function: str, **options: str) -> set[str]:
    """The actions that the role of a function allows, as the project's file says."""
    project = load_project(folder, Options(**options))  # type: ignore[arg-type]
    role = project.roles[next(one.role for one in project.functions if one.key == function)]
    found: set[str] = set()
    for one in role.statements:
        if one.statement["Effect"] == "Allow":
            listed = one.statement["Action"]
            found.update([listed] if isinstance(listed, str) else listed)  # type: ignore[arg-type]
    return found


def written(folder: Path, *options: str) -> str:
    ran = run("--yes", *options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return (folder / "serverless.yml").read_text()


def test_each_function_gets_a_role_of_its_own(folder: Path) -> None:
    written(service(folder, HEAD + FUNCTIONS))
    assert {one for one in actions(folder, "put") if one.startswith("dynamodb:")} == {"dynamodb:PutItem"}
    assert {one for one in actions(folder, "read") if one.startswith("dynamodb:")} == {"dynamodb:GetItem"}


def test_what_the_framework_would_have_added_is_in_the_role(folder: Path) -> None:
    written(service(folder, HEAD + FUNCTIONS))
    logs = {one for one in actions(folder, "put") if one.startswith("logs:")}
    assert logs == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_everything_but_roles_stays_byte_for_byte(folder: Path) -> None:
    before = HEAD + FUNCTIONS
    after = written(service(folder, before))
    lines = after.splitlines(keepends=True)
    for line in before.splitlines(keepends=True):
        assert line in lines or line.replace("}", ", role: ReadRole}") in lines
    assert after.startswith(HEAD)


def test_the_second_time_nothing_changes(folder: Path) -> None:
    first = written(service(folder, HEAD + SHARED + FUNCTIONS))
    assert written(folder) == first


def test_names_with_the_stage_hold_for_every_stage(folder: Path) -> None:
    assert "table/notes-${sls:stage}-notes" in written(service(folder, HEAD + FUNCTIONS))
    project = load_project(folder, Options(stage="prod"))
    role = project.roles["PutRole"]
    assert "table/notes-prod-notes" in str([one.statement for one in role.statements])


def test_with_shared_the_providers_statements_are_what_all_functions_need(folder: Path) -> None:
    text = written(service(folder, HEAD + SHARED + FUNCTIONS), "--shared")
    assert "role: " not in text.split("functions:")[1]
    found = {one for one in actions(folder, "put") if one.startswith("dynamodb:")}
    assert found == {"dynamodb:PutItem", "dynamodb:GetItem"}


def test_the_only_function_keeps_the_frameworks_role_and_its_statements_are_narrowed_in_place(folder: Path) -> None:
    before = HEAD + SHARED.split("        - Effect: Deny")[0] + "functions:\n  put: {handler: app.put}\n"
    text = written(service(folder, before))
    assert "AWS::IAM::Role" not in text and "role: " not in text.split("functions:")[1]
    assert {one for one in actions(folder, "put") if one.startswith("dynamodb:")} == {"dynamodb:PutItem"}
    assert len({*text.splitlines()} ^ {*before.splitlines()}) <= 6
    assert written(folder) == text


def test_the_only_function_gets_a_role_if_its_statements_cannot_be_written_where_they_are(folder: Path) -> None:
    shared = SHARED.replace("statements:", "statements: &all").split("        - Effect: Deny")[0]
    service(folder, HEAD + shared + "custom: {again: *all}\nfunctions:\n  put: {handler: app.put}\n")
    assert run("--yes", command="write", cwd=folder).returncode == 1
    assert "role: PutRole" in (folder / "serverless.yml").read_text()


def test_a_statement_that_is_not_judged_stays_and_is_told(folder: Path) -> None:
    service(folder, HEAD + SHARED + FUNCTIONS)
    ran = run("--yes", "--shared", command="write", cwd=folder)
    assert (
        "kept: serverless.yml:14:11: a statement of IamRoleLambdaExecution: it is not an Allow statement" in ran.stderr
    )
    assert "dynamodb:DeleteTable" in (folder / "serverless.yml").read_text()


def test_the_plugins_notation_is_used_where_the_plugin_is(folder: Path) -> None:
    text = written(service(folder, HEAD + "plugins:\n  - serverless-iam-roles-per-function\n" + FUNCTIONS))
    assert "    iamRoleStatements:\n" in text and "AWS::IAM::Role" not in text
    assert {one for one in actions(folder, "put") if one.startswith("dynamodb:")} == {"dynamodb:PutItem"}


def test_functions_of_an_included_file_are_written_there(folder: Path) -> None:
    (folder / "functions.yml").write_text("# mine\nput:\n  handler: app.put\n")
    text = written(service(folder, HEAD + "functions: ${file(functions.yml)}\n"))
    assert "functions: ${file(functions.yml)}" in text
    assert (folder / "functions.yml").read_text() == "# mine\nput:\n  handler: app.put\n  role: PutRole\n"


def test_a_role_that_the_project_wrote_itself_is_brought_to_what_is_needed(folder: Path) -> None:
    own = FUNCTIONS.replace("# writes", "\n    role: Mine") + (
        "resources:\n  Resources:\n    Mine:\n      Type: AWS::IAM::Role\n      Properties:\n"
        "        AssumeRolePolicyDocument: {}\n        Policies:\n        - PolicyName: mine\n"
        "          PolicyDocument:\n            Statement:\n            - Effect: Allow\n"
        "              Action: ['dynamodb:*']\n              Resource: ['*']\n"
    )
    written(service(folder, HEAD + own))
    assert {one for one in actions(folder, "put") if one.startswith("dynamodb:")} == {"dynamodb:PutItem"}


def test_only_the_named_function_is_written(folder: Path) -> None:
    text = written(service(folder, HEAD + FUNCTIONS), "--function", "put")
    assert "role: PutRole" in text and "ReadRole" not in text


def test_nothing_is_written_without_a_yes(folder: Path) -> None:
    service(folder, HEAD + FUNCTIONS)
    ran = run(command="write", cwd=folder)
    assert ran.returncode == 1 and "nothing was written" in ran.stderr
    assert "+    role: PutRole" in ran.stdout
    assert (folder / "serverless.yml").read_text() == HEAD + FUNCTIONS


def test_a_difference_alone_is_shown_with_diff(folder: Path) -> None:
    service(folder, HEAD + FUNCTIONS)
    ran = run("--diff", command="write", cwd=folder)
    assert ran.returncode == 0 and "+    role: PutRole" in ran.stdout
    assert (folder / "serverless.yml").read_text() == HEAD + FUNCTIONS


def test_line_ends_of_windows_and_a_byte_order_mark_stay(folder: Path) -> None:
    text = (HEAD + FUNCTIONS).replace("\n", "\r\n").encode()
    (folder / "serverless.yml").write_bytes(b"\xef\xbb\xbf" + text)
    assert run("--yes", command="write", cwd=folder).returncode == 0
    after = (folder / "serverless.yml").read_bytes()
    assert after.startswith(b"\xef\xbb\xbf") and after.count(b"\n") == after.count(b"\r\n")


def test_a_function_whose_code_is_not_found_is_left_as_it_is(folder: Path) -> None:
    service(folder, HEAD + "functions:\n  go:\n    handler: main\n    runtime: go1.x\n")
    ran = run("--yes", command="write", cwd=folder)
    assert "go was not changed: scopedown did not find the source of its handler" in ran.stderr and ran.returncode == 0


def test_code_without_a_project_file_is_refused_with_what_to_do(folder: Path) -> None:
    ran = run("--yes", "app.py:put", command="write", cwd=folder)
    assert ran.returncode == 2 and "write --format" in ran.stderr
