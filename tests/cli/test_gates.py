"""``--fail-on``: one grammar for every command that has a gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.checks.gates import failing
from scopedown.cli.options import fail_on
from scopedown.core.finding import ScopedownError, Severity
from scopedown.core.gates import DEFAULTS, NAMED, names_of

SERVICE = """\
service: notes
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: ACTION, Resource: '*'}]}}
functions:
  list: {handler: app.list}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE.replace("ACTION", "sqs:ListQueues"))
    (tmp_path / "app.py").write_text('import boto3\n\ndef list(e, c):\n    boto3.client("sqs").list_queues()\n')
    return tmp_path


def code(folder: Path, command: str, *options: str) -> int:
    return run(*options, command=command, cwd=folder).returncode


@pytest.mark.parametrize("command", DEFAULTS)
def test_the_defaults_are_words_of_their_command(command: str) -> None:
    assert fail_on(command, DEFAULTS[command].split(",")).rules == frozenset()
    assert names_of(command)[-1] == "none"


def test_every_gate_belongs_to_a_command() -> None:
    assert all(set(gate.commands) <= set(DEFAULTS) for gate in NAMED)


def test_administrator_rights_fail_a_check_by_default(folder: Path) -> None:
    assert code(folder, "check") == 0
    (folder / "serverless.yml").write_text(SERVICE.replace("ACTION", "'*'"))
    ran = run(command="check", cwd=folder)
    assert ran.returncode == 1 and "error SD207 administrator" in ran.stdout
    assert code(folder, "check", "--fail-on", "missing") == 0
    assert code(folder, "check", "--fail-on", "admin") == 1


LIMITS = {"SD210", "SD211"}
"""What the settings forbid fails at every gate but none."""


def test_a_severity_takes_the_named_gates_along() -> None:
    assert {"SD101", "SD103", "SD207"} <= failing(fail_on("check", ["error"]))
    assert failing(fail_on("check", ["SD203", "unused-action"])) == {"SD203", "SD201", *LIMITS}
    assert failing(fail_on("check", ["none"])) == frozenset()
    assert fail_on("check", ["error", "note"]).severity is Severity.NOTE


@pytest.mark.parametrize(
    ("command", "words", "remedy"),
    [
        ("check", ["eror"], "did you mean error?"),
        ("check", ["pending"], "pending is a gate of write"),
        ("check", ["SD9"], "or a rule as scopedown rule lists it"),
        ("scan", ["SD101"], "name one of unseen, unresolved"),
        ("prove", ["error"], "name one of missing, unseen, none"),
        ("check", ["none", "missing"], "or none alone"),
        ("check", [""], "name one of"),
    ],
)
def test_a_word_that_a_command_does_not_take_is_refused(command: str, words: list[str], remedy: str) -> None:
    with pytest.raises(ScopedownError) as refused:
        fail_on(command, words)
    assert remedy in refused.value.remedy


def test_code_that_is_not_seen_is_a_gate_of_check_and_scan(folder: Path) -> None:
    (folder / "app.py").write_text("import helper\n\ndef list(e, c):\n    helper.run(e)\n")
    for command in ("check", "scan"):
        assert code(folder, command) == 0
        assert code(folder, command, "--fail-on", "unseen") == 1


def test_a_variable_that_is_not_resolved_is_a_gate_of_scan(folder: Path) -> None:
    assert code(folder, "scan", "--fail-on", "unresolved") == 0
    (folder / "serverless.yml").write_text(SERVICE + "custom: {a: '${env:NOWHERE_AT_ALL}'}\n")
    assert code(folder, "scan", "--fail-on", "unresolved") == 1


def test_write_check_fails_where_the_files_would_change_and_changes_nothing(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVICE.replace("ACTION", "[sqs:ListQueues, sqs:PurgeQueue]"))
    before = (folder / "serverless.yml").read_text()
    ran = run("--check", command="write", cwd=folder)
    assert ran.returncode == 1 and "+++ b/serverless.yml" in ran.stdout
    assert code(folder, "write", "--diff") == 0
    assert code(folder, "write", "--diff", "--fail-on", "pending") == 1
    assert (folder / "serverless.yml").read_text() == before
    assert code(folder, "write", "--yes") == 0
    assert code(folder, "write", "--check") == 0
    assert code(folder, "write", "--check", "--yes") == 2


def test_an_audit_has_the_same_gates(folder: Path) -> None:
    policy = folder / "policy.json"
    policy.write_text('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
    audit = ("deploy-policy", "--audit", "policy.json")
    assert code(folder, *audit) == 1
    assert code(folder, *audit, "--fail-on", "missing") == 0
    policy.write_text('{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}')
    assert code(folder, *audit, "--fail-on", "missing") == 1
    assert code(folder, *audit, "--fail-on", "admin") == 0
    assert code(folder, "deploy-policy", "--fail-on", "admin") == 2


def test_the_text_of_check_names_what_fails_it(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12, iam: {role: {statements: "
        "[{Effect: Allow, Action: '*', Resource: '*'}]}}}\nfunctions: {f: {handler: app.f}}\n"
    )
    (tmp_path / "app.py").write_text("def f(event, context):\n    pass\n")
    assert run(cwd=tmp_path, command="check").stdout.endswith("the check fails because of SD207\n")
    assert "the check fails" not in run("--fail-on", "missing", cwd=tmp_path, command="check").stdout
