"""Comments of ignore that leave nothing out are told, and only where that is certain."""

from __future__ import annotations

from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.checks.run import check, problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        # scopedown: ignore RULES for a reason
        - Effect: Allow
          Action: sqs:PurgeQueue
          Resource: arn:aws:sqs:us-east-1:123456789012:jobs
functions:
  f: {handler: app.f}
  g: {handler: app.g}
"""
CODE = "def f(event, context): pass\ndef g(event, context): pass\n"


def told(
    folder: Path, rules: str, code: str = CODE, only: frozenset[str] = frozenset(), text: str = SERVICE
) -> list[str]:
    (folder / "serverless.yml").write_text(text.replace("RULES", rules))
    (folder / "app.py").write_text(code)
    found = problems(scan(load_project(folder, Options()), catalog(), only), catalog())
    return [one.message for one in found if one.rule == "SD502"]


def test_a_comment_that_leaves_something_out_is_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, "SD201") == []


def test_of_several_rules_those_are_named_that_find_nothing(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "SD201, SD204, SD206")
    assert message == "the comment leaves out SD204, SD206: no such problem is here"


def test_a_comment_at_another_line_than_the_problem_is_told_and_the_problem_too(tmp_path: Path) -> None:
    text = "# scopedown: ignore SD201 for a reason\n" + SERVICE.replace("# scopedown: ignore RULES for a reason", "#")
    assert told(tmp_path, "", text=text)
    left = check(scan(load_project(tmp_path, Options()), catalog()), catalog()).problems
    assert [(one.rule, one.place.line) for one in left] == [("SD502", 1), ("SD201", 10)]


def test_nothing_is_told_where_only_some_functions_were_looked_at(tmp_path: Path) -> None:
    assert told(tmp_path, "SD204", only=frozenset({"f"})) == []
    assert len(told(tmp_path, "SD204")) == 1


def test_nothing_is_told_of_a_rule_that_does_not_know_enough(tmp_path: Path) -> None:
    unread = "import amazon_queue_driver\n" + CODE
    assert told(tmp_path, "SD201", unread) == []  # unused-action is silent: the package may purge
    assert len(told(tmp_path, "SD206", unread)) == 1


def test_a_comment_without_a_reason_or_of_a_rule_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path, "SD999") == []
    assert told(tmp_path, "SD204", text=SERVICE.replace(" for a reason", "")) == []


def test_a_comment_in_a_file_of_several_projects_is_not_told(tmp_path: Path) -> None:
    own = tmp_path / "service"
    own.mkdir()
    (tmp_path / "shared.yml").write_text(
        "# scopedown: ignore SD204 another service needs it\n- {Effect: Allow, Action: sqs:PurgeQueue, "
        "Resource: 'arn:aws:sqs:us-east-1:123456789012:jobs'}\n"
    )
    text = SERVICE[: SERVICE.index("      statements:")] + "      statements: ${file(../shared.yml)}\n"
    assert told(own, "", text=text + SERVICE[SERVICE.index("functions:") :]) == []


def test_a_comment_may_leave_the_rule_itself_out(tmp_path: Path) -> None:
    told(tmp_path, "SD204, SD502")
    left = check(scan(load_project(tmp_path, Options()), catalog()), catalog()).problems
    assert [one.rule for one in left] == ["SD201"]
