"""``scopedown check --fix`` in Terraform files: what it changes, and what it must leave."""

from __future__ import annotations

import json
from pathlib import Path

import hcl2
import pytest

from command_line import run
from terraform_folder import ATTACHED, BASE, DOCUMENTS, POLICY, Folder, function

NEEDED = '{ Effect = "Allow", Action = ["dynamodb:PutItem"], Resource = [aws_dynamodb_table.orders.arn] }'
TRUSTED = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
LOGS = '{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["*"] }'


def fix(config: Folder, *options: str, code: int = 0) -> str:
    """Fix a folder. A second time must change nothing, and python-hcl2 must read all files."""
    ran = run("--fix", "--yes", *options, command="check", cwd=config.path)
    assert ran.returncode == code, ran.stdout + ran.stderr
    after = {file: file.read_bytes() for file in config.path.rglob("*.tf")}
    run("--fix", "--yes", *options, command="check", cwd=config.path)
    assert {file: file.read_bytes() for file in config.path.rglob("*.tf")} == after
    for data in after.values():
        hcl2.loads(data.decode("utf-8-sig"))
    return ran.stderr


def test_an_unused_action_goes_and_a_missing_one_comes(tmp_path: Path) -> None:
    old = '{ Effect = "Allow", Action = ["dynamodb:DeleteTable", "sqs:ListQueues"], Resource = ["*"] }'
    config = Folder(tmp_path, BASE + POLICY.replace("STATEMENTS", f"{old}, {LOGS}") + function())
    assert "fixed" in fix(config)
    assert "DeleteTable" not in config.text() and "ListQueues" not in config.text()
    assert config.allowed()["dynamodb:PutItem"] == ["${aws_dynamodb_table.orders.Arn}"]
    assert not config.text("scopedown.tf")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_wildcard_is_narrowed_in_any_notation(tmp_path: Path, kind: str) -> None:
    config = Folder(tmp_path, BASE + DOCUMENTS[kind] + function())
    fix(config)
    allowed = config.allowed()
    assert "dynamodb:*" not in allowed
    assert allowed["dynamodb:PutItem"] == ["${aws_dynamodb_table.orders.Arn}"]


def test_what_no_fix_names_stays_byte_for_byte(tmp_path: Path) -> None:
    deny = '{ Effect = "Deny", Action = "s3:*", Resource = "*" }  # never'
    unused = '    { Effect = "Allow", Action = ["sqs:TagQueue"], Resource = ["*"] },  # once\n'
    listed = f"\n    {NEEDED},\n    {LOGS},\n{unused}    {deny}\n  "
    text = BASE + POLICY.replace("[STATEMENTS]", f"[{listed}]") + function()
    config = Folder(tmp_path, text)
    fix(config, "--select", "SD201")
    assert config.text() == text.replace(unused, "")


def test_a_policy_of_which_nothing_is_left_goes_with_its_attachment(tmp_path: Path) -> None:
    unused = DOCUMENTS["an attached policy"].replace("dynamodb:*", "sqs:TagQueue").replace('"fn"', '"old"')
    unused = unused.replace("aws_iam_policy.fn", "aws_iam_policy.old")
    text = BASE + POLICY.replace("STATEMENTS", f"{NEEDED}, {LOGS}") + function()
    config = Folder(tmp_path, text + unused)
    fix(config, "--select", "SD201")
    assert config.text().strip() == text.strip()


def test_a_role_without_a_policy_gets_one_in_a_new_file(tmp_path: Path) -> None:
    config = Folder(tmp_path, BASE + function())
    fix(config)
    assert config.text() == BASE + function()
    assert "dynamodb:PutItem" in config.text("scopedown.tf")


def test_a_policy_of_two_roles_is_not_changed(tmp_path: Path) -> None:
    other = BASE.partition('resource "aws_iam_role"')[2].partition("\n\n")[0]
    second = f'resource "aws_iam_role"{other}\n'.replace('"fn"', '"other"')
    shared = DOCUMENTS["a data source"] + (
        'resource "aws_iam_role_policy" "other" {\n  role   = aws_iam_role.other.name\n'
        "  policy = data.aws_iam_policy_document.fn.json\n}\n"
    )
    text = BASE + second + shared + function()
    config = Folder(tmp_path, text)
    assert "not fixed" in fix(config, code=1)
    assert config.text() == text


def test_actions_that_an_expression_gives_are_not_replaced(tmp_path: Path) -> None:
    actions = 'locals { actions = ["dynamodb:PutItem", "sqs:TagQueue"] }\n'
    document = DOCUMENTS["a data source"].replace('["dynamodb:*"]', "local.actions")
    text = BASE + actions + document + function()
    config = Folder(tmp_path, text)
    assert "not fixed: " in fix(config, "--select", "SD201", code=1)
    assert config.text() == text


def test_a_role_of_a_function_in_another_region_is_not_changed(tmp_path: Path) -> None:
    text = (
        BASE
        + POLICY.replace("STATEMENTS", NEEDED.replace("PutItem", "DeleteTable"))
        + function(more="provider = aws.other")
    )
    config = Folder(tmp_path, text)
    assert "sets another region or account" in fix(config, code=1)
    assert config.text() == text


def test_a_policy_that_aws_manages_is_reported_and_stays(tmp_path: Path) -> None:
    text = BASE + ATTACHED + POLICY.replace("STATEMENTS", f"{NEEDED}, {LOGS}") + function()
    config = Folder(tmp_path, text)
    fix(config)
    assert ATTACHED in config.text()


def test_a_plan_is_never_changed(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    values = {
        "aws_iam_role": {"name": "fn", "assume_role_policy": json.dumps({"Statement": [TRUSTED]})},
        "aws_iam_role_policy": {"role": "fn", "policy": json.dumps({"Statement": [statement]})},
        "aws_lambda_function": {
            "function_name": "fn", "filename": "app.zip", "handler": "app.handler", "runtime": "python3.12",
            "role": "arn:aws:iam::123456789012:role/fn",
        },
    }  # fmt: skip
    resources = [
        {"address": f"{type}.fn", "mode": "managed", "type": type, "name": "fn", "values": one}
        for type, one in values.items()
    ]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}))
    before = file.read_bytes()
    ran = run("plan.json", "--fix", "--yes", command="check", cwd=tmp_path)
    assert file.read_bytes() == before
    assert "fixed " not in ran.stderr
