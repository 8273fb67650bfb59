"""``scopedown check`` as a user runs it: forms, gates, what is left out, and what --fix does to the files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from command_line import run
from scopedown.cli.main import cli

CODE = """\
import boto3
table = boto3.resource("dynamodb").Table("notes")
def read(event, context):
    return table.get_item(Key=event)
def purge(event, context):
    boto3.client("sqs").purge_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/jobs")
"""
SERVICE = """\
service: notes
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        # the table
        - Effect: Allow
          Action:
            - dynamodb:GetItem  # reads
            - dynamodb:DeleteTable
          Resource: arn:aws:dynamodb:us-east-1:*:table/notes
        - Effect: Allow
          Action: sqs:*
          Resource: '*'
functions:
  read:
    handler: app.read
  purge:
    handler: app.purge
"""
DENIED = """\
service: notes
provider: {name: aws, runtime: python3.12}
functions:
  read: {handler: app.read}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "serverless.yml").write_text(SERVICE)
    return tmp_path


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run(*options, command="check", cwd=folder)


def found(folder: Path, *options: str) -> list[tuple[str, int]]:
    report = json.loads(check(folder, "--format", "json", *options).stdout)
    return [(one["rule"], one["place"]["line"]) for one in report["problems"]]


def test_problems_are_told_with_their_place_rule_and_remedy(folder: Path) -> None:
    ran = check(folder)
    assert "serverless.yml:9:11: warning SD201 unused-action: dynamodb:DeleteTable" in ran.stdout
    assert "    remedy: Remove it, or keep it" in ran.stdout
    assert "1 project, 2 functions: 3 warnings, 1 note" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert ran.returncode == 0  # nothing is denied


def test_a_denied_call_fails_by_default_and_names_the_call(folder: Path) -> None:
    (folder / "serverless.yml").write_text(DENIED)
    ran = check(folder)
    assert ran.returncode == 1
    assert "error SD101" in ran.stdout and "app.py:4:12: dynamodb.GetItem" in ran.stdout
    assert check(folder, "--fail-on", "none").returncode == 0


@pytest.mark.parametrize(("level", "code"), [("missing", 0), ("error", 0), ("warning", 1), ("note", 1), ("none", 0)])
def test_fail_on_decides_the_exit_code(folder: Path, level: str, code: int) -> None:
    assert check(folder, "--fail-on", level).returncode == code


def test_select_and_ignore_choose_rules_by_id_name_or_group(folder: Path) -> None:
    assert found(folder, "--select", "unused-action") == [("SD201", 9)]
    assert found(folder, "--select", "SD20", "--ignore", "SD203", "--ignore", "SD205") == [("SD201", 9), ("SD204", 14)]
    wrong = check(folder, "--select", "SD999")
    assert wrong.returncode == 2 and "no rule is named 'SD999'" in wrong.stderr


def test_a_comment_with_a_reason_leaves_a_problem_out(folder: Path) -> None:
    text = SERVICE.replace("        # the table\n", "        # scopedown: ignore SD201 dropped by hand, see #12\n")
    (folder / "serverless.yml").write_text(text)
    assert found(folder, "--select", "SD201", "--select", "SD501") == []
    assert "1 ignored" in check(folder).stdout


def test_a_comment_behind_the_statement_counts_too(folder: Path) -> None:
    text = SERVICE.replace("- Effect: Allow\n          Action:\n", "- Effect: Allow # scopedown: ignore SD201 why\n"
                           "          Action:\n")  # fmt: skip
    (folder / "serverless.yml").write_text(text)
    assert found(folder, "--select", "SD201", "--select", "SD501") == []


@pytest.mark.parametrize("comment", ["ignore SD201", "ignore", "ignore SD999 because", "ignore it is fine"])
def test_a_comment_without_a_reason_or_a_rule_leaves_nothing_out_and_is_told(folder: Path, comment: str) -> None:
    (folder / "serverless.yml").write_text(SERVICE.replace("# the table", f"# scopedown: {comment}"))
    assert found(folder, "--select", "SD201", "--select", "SD501") == [("SD501", 8), ("SD201", 9)]


def test_the_same_words_in_a_text_are_no_comment(folder: Path) -> None:
    text = SERVICE.replace("service: notes\n", 'service: notes\ncustom: {a: "x # scopedown: ignore SD201 why"}\n')
    (folder / "serverless.yml").write_text(text)
    assert found(folder, "--select", "SD501") == []


def test_what_a_baseline_knows_does_not_count_even_where_lines_move(folder: Path) -> None:
    written = check(folder, "--write-baseline", "--baseline", "known.json")
    assert written.returncode == 0, written.stderr
    (folder / "serverless.yml").write_text("# a line\n\n" + SERVICE)
    ran = check(folder, "--baseline", "known.json", "--fail-on", "note")
    assert ran.returncode == 0 and "4 in the baseline" in ran.stdout
    (folder / "serverless.yml").write_text(SERVICE.replace("DeleteTable", "CreateTable"))
    assert [rule for rule, _ in found(folder, "--baseline", "known.json")] == ["SD201"]


@pytest.mark.parametrize("text", ["[]", "{", '{"schema": "scopedown.check-baseline/1", "problems": [1]}'])
def test_what_is_no_baseline_is_told_as_one_line(folder: Path, text: str) -> None:
    (folder / "known.json").write_text(text)
    ran = check(folder, "--baseline", "known.json")
    assert ran.returncode == 2 and "known.json" in ran.stderr and "Traceback" not in ran.stderr


def test_annotations_of_github_are_one_escaped_line_each(folder: Path) -> None:
    lines = check(folder, "--format", "github").stdout.splitlines()
    assert lines[0].startswith("::notice file=serverless.yml,line=9") or lines[0].startswith("::")
    assert any(
        line.startswith("::warning file=serverless.yml,line=9,col=11,title=SD201 unused-action::") for line in lines
    )


def test_junit_is_well_formed_and_counts_what_a_gate_objects_to(folder: Path) -> None:
    root = ElementTree.fromstring(check(folder, "--format", "junit", "--fail-on", "warning").stdout)
    (suite,) = root.findall("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "3", "1")
    assert len(root.findall(".//failure")) == 3


def test_markdown_is_one_table_that_nothing_in_it_breaks(folder: Path) -> None:
    text = check(folder, "--format", "markdown").stdout
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 4
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)
    assert "sqs:\\*" in text


def test_json_says_what_failed(folder: Path) -> None:
    report = json.loads(check(folder, "--format", "json", "--fail-on", "warning").stdout)
    assert report["schema"] == "scopedown.check/1" and report["failed"] is True
    assert {one["fixable"] for one in report["problems"] if one["rule"] == "SD201"} == {True}


def test_output_goes_to_a_file(folder: Path) -> None:
    ran = check(folder, "--format", "sarif", "--output", "out.sarif")
    assert ran.stdout == "" and json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"


def test_one_run_prints_one_form_and_writes_others(folder: Path) -> None:
    ran = check(folder, "--format", "github", "-o", "sarif=a.sarif", "-o", "junit=a.xml", "-o", "text=a=b.txt")
    assert ran.stdout == check(folder, "--format", "github").stdout
    for form, name in (("sarif", "a.sarif"), ("junit", "a.xml"), ("text", "a=b.txt")):
        assert (folder / name).read_text() == check(folder, "--format", form).stdout, form


def test_a_name_with_an_equals_sign_that_is_no_form_is_a_file(folder: Path) -> None:
    assert check(folder, "--format", "json", "-o", "./yaml=x.json").stdout == ""
    assert json.loads((folder / "yaml=x.json").read_text())["schema"] == "scopedown.check/1"


def test_gitlab_reads_an_array_of_issues(folder: Path) -> None:
    text = check(folder, "--format", "gitlab").stdout
    assert text.startswith("[")  # no byte order mark
    issues = json.loads(text)
    for one in issues:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
    (first,) = (one for one in issues if one["check_name"] == "SD201 unused-action")
    assert (first["severity"], first["location"]) == ("major", {"path": "serverless.yml", "lines": {"begin": 9}})
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    assert json.loads(check(folder, "--format", "gitlab", "--select", "SD301").stdout) == []


def test_fix_mends_statements_and_nothing_else_and_only_once(folder: Path) -> None:
    ran = check(folder, "--fix", "--yes", "--ignore", "SD205")
    assert ran.returncode == 0, ran.stderr
    text = (folder / "serverless.yml").read_text()
    assert "        # the table\n" in text and "- dynamodb:GetItem  # reads\n" in text
    assert "DeleteTable" not in text and "sqs:*" not in text and "sqs:PurgeQueue" in text
    assert text.startswith(SERVICE[: SERVICE.index("        # the table")])
    assert text.endswith(SERVICE[SERVICE.index("functions:") :])
    assert found(folder, "--ignore", "SD205") == []
    again = check(folder, "--fix", "--yes", "--ignore", "SD205")
    assert "nothing to fix" in again.stderr and (folder / "serverless.yml").read_text() == text


def test_fix_adds_what_is_missing(folder: Path) -> None:
    (folder / "serverless.yml").write_text(DENIED)
    ran = check(folder, "--fix", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert "dynamodb:GetItem" in (folder / "serverless.yml").read_text()
    assert check(folder).returncode == 0


def test_fix_shows_the_change_and_writes_nothing_without_a_yes(folder: Path) -> None:
    ran = check(folder, "--fix")
    assert ran.returncode == 1 and "-            - dynamodb:DeleteTable" in ran.stdout
    assert (folder / "serverless.yml").read_text() == SERVICE


def test_statements_that_cover_each_other_are_not_both_taken_away(folder: Path) -> None:
    both = "        - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}\n"
    text = SERVICE.replace("        # the table\n", both + both.replace("dynamodb:*", "dynamodb:Get*"))
    (folder / "serverless.yml").write_text(text)
    assert check(folder, "--fix", "--yes").returncode == 0
    assert check(folder, "--fail-on", "missing").returncode == 0
    assert "dynamodb:GetItem" in (folder / "serverless.yml").read_text()


def test_a_statement_that_several_roles_have_is_left_to_a_person(folder: Path) -> None:
    text = """\
service: notes
plugins: [serverless-iam-roles-per-function]
provider: {name: aws, runtime: python3.12}
functions:
  read:
    handler: app.read
    iamRoleStatements: &both
      - Effect: Allow
        Action: [dynamodb:GetItem, 'sqs:PurgeQueue']
        Resource: '*'
  purge:
    handler: app.purge
    iamRoleStatements: *both
"""
    (folder / "serverless.yml").write_text(text)
    ran = check(folder, "--fix", "--yes", "--select", "SD201")
    assert "several roles have this statement" in ran.stderr
    assert (folder / "serverless.yml").read_text() == text


def test_places_are_relative_to_where_one_stands_and_to_the_repository_for_machines(folder: Path) -> None:
    (folder / ".git").mkdir()
    service = folder / "services" / "notes"
    service.mkdir(parents=True)
    for name in ("app.py", "serverless.yml"):
        (folder / name).rename(service / name)
    assert "\nserverless.yml:9:11" in "\n" + check(service).stdout
    assert {one["place"]["file"] for one in json.loads(check(service, "--format", "json").stdout)["problems"]} == {
        "services/notes/serverless.yml"
    }


def test_several_projects_are_one_report_and_an_unreadable_one_is_no_success(folder: Path) -> None:
    (folder / "bad").mkdir()
    (folder / "bad" / "serverless.yml").write_text("service: [")
    ran = check(folder, ".", "--recursive")
    assert ran.returncode == 2 and "not read: " in ran.stderr and "SD201" in ran.stdout


@pytest.mark.parametrize(
    "options",
    [["--yes"], ["--format", "html"], ["--function", "nobody"], ["-o", "a", "-o", "b"],
     ["-o", "sarif=a", "-o", "json=a"], ["-o", "sarif="], ["-o", "sariff=a"]],
)  # fmt: skip
def test_options_without_sense_are_usage_errors(folder: Path, options: list[str]) -> None:
    assert check(folder, *options).returncode == 2


def test_a_sam_template_is_checked_and_mended(folder: Path) -> None:
    (folder / "serverless.yml").unlink()
    (folder / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Read:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Handler: app.read\n      Runtime: python3.12\n      Policies:\n        - Statement:\n"
        "            - Effect: Allow\n              Action: [dynamodb:GetItem, dynamodb:PutItem]\n"
        "              Resource: arn:aws:dynamodb:us-east-1:*:table/notes\n"
    )
    assert found(folder) == [("SD201", 10)]
    assert check(folder, "--fix", "--yes").returncode == 0
    assert "PutItem" not in (folder / "template.yaml").read_text() and found(folder) == []


def test_the_help_has_examples() -> None:
    printed = CliRunner().invoke(cli, ["check", "--help"]).output
    assert "scopedown check --fix" in printed and "--fail-on" in printed
