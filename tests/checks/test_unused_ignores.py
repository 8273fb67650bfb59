"""Comments of ignore that leave nothing out are told, and only where that is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import problems_of
from scopedown.catalog.load import catalog
from scopedown.checks.ignores import Ignore, Ignores
from scopedown.checks.run import check, problems
from scopedown.core.place import Place
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
    found = problems_of(folder, text.replace("RULES", rules), code, only=only)
    return [problem.message for problem in found if problem.rule == "SD502"]


def test_a_comment_that_leaves_something_out_is_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, "SD201") == []


def test_of_several_rules_those_are_named_that_find_nothing(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "SD201, SD204, SD206")
    assert message == "the comment ignores SD204, SD206, but no such problem is reported here"


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


STATEMENT = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action:
            - dynamodb:GetItem
            - sqs:PurgeQueue  # scopedown: ignore RULES the queue is purged by hand
          Resource: '*'
        - Effect: Allow
          Action:
            - sqs:DeleteQueue
          Resource:
            - arn:aws:sqs:us-east-1:*:jobs
functions: {f: {handler: app.f}}
"""


def remaining(folder: Path, service: str) -> list[tuple[str, int]]:
    """The problems of SD201, SD501 and SD502 that comments do not leave out."""
    (folder / "serverless.yml").write_text(service)
    (folder / "app.py").write_text("def f(event, context): pass\n")
    found = check(scan(load_project(folder, Options()), catalog()), catalog(), frozenset({"SD201", "SD501", "SD502"}))
    return [(one.rule, one.place.line) for one in found.problems]


@pytest.mark.parametrize(
    "named", ["SD201", "unused-action", "SD2", "sd20", "SD201, SD2,", "SD2,,", "SD203,unused-action"]
)
def test_a_comment_names_rules_as_the_command_line_does(tmp_path: Path, named: str) -> None:
    found = remaining(tmp_path, STATEMENT.replace("RULES", named))
    assert [one for one in found if one[0] != "SD502"] == [("SD201", 13)]


def test_a_comment_on_an_actions_line_is_about_its_statement_and_no_other(tmp_path: Path) -> None:
    assert remaining(tmp_path, STATEMENT.replace("RULES", "SD201")) == [("SD201", 13)]
    last = STATEMENT.replace("# scopedown: ignore RULES", "#").replace(
        "jobs\n", "jobs  # scopedown: ignore SD201 kept\n"
    )
    assert remaining(tmp_path, last) == [("SD201", 8)]


@pytest.mark.parametrize(("comment", "rule"), [("SD3", "SD3"), ("unresolved-call", "unresolved-call")])
def test_a_group_that_leaves_nothing_out_is_told(tmp_path: Path, comment: str, rule: str) -> None:
    (tmp_path / "serverless.yml").write_text(STATEMENT.replace("RULES", comment))
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    found = check(scan(load_project(tmp_path, Options()), catalog()), catalog(), frozenset({"SD502"}))
    assert [one.message for one in found.problems] == [
        f"the comment ignores {rule}, but no such problem is reported here"
    ]


@pytest.mark.parametrize("comment", ["unused-acton because", "SD201,", "because, SD201"])
def test_what_is_no_rule_is_none(tmp_path: Path, comment: str) -> None:
    found = remaining(tmp_path, STATEMENT.replace("RULES the queue is purged by hand", comment))
    assert [one for one in found if one[0] == "SD501"] == [("SD501", 11)]


def test_comments_are_read_in_the_text_that_a_project_was_loaded_with(tmp_path: Path) -> None:
    file = tmp_path / "serverless.yml"
    file.write_text(SERVICE.replace("RULES", "SD204"))
    (tmp_path / "app.py").write_text(CODE)
    moved = {file: "# a line more\n" + SERVICE.replace("RULES", "SD206").replace(" for a reason", "")}
    found = problems(scan(load_project(tmp_path, Options(), moved), catalog()), catalog(), moved)
    assert [(one.rule, one.place.line) for one in found if one.rule.startswith("SD5")] == [("SD501", 9)]
    moved = {file: "# a line more\n" + SERVICE.replace("RULES", "SD201")}
    found = problems(scan(load_project(tmp_path, Options(), moved), catalog()), catalog(), moved)
    assert [one.rule for one in found if one.rule.startswith("SD5")] == []


def test_each_rule_looks_at_each_role_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from scopedown.checks.registry import rules

    asked: list[str] = []
    counted = tuple(
        replace(rule, find=lambda subject, rule=rule: asked.append(rule.id) or rule.find(subject)) for rule in rules()
    )
    monkeypatch.setattr("scopedown.checks.run.rules", lambda: counted)
    monkeypatch.setattr("scopedown.checks.rules.unused_ignore.rules", lambda: counted)
    assert len(told(tmp_path, "SD204")) == 1
    assert sorted(asked) == sorted({one.id for one in counted})


def test_comments_are_found_by_their_line_and_not_one_after_another() -> None:
    class Counted(Ignore):
        asked = 0

        @property
        def ids(self) -> tuple[str, ...]:
            Counted.asked += 1
            return self.rules

    comments = tuple(Counted(Place("a.yml", line, 20), line, ("SD201",), "known") for line in range(1, 501))
    ignores = Ignores({"a.yml": comments}, {Place("a.yml", line, 5): line + 1 for line in range(1, 501, 2)})
    assert all(ignores.leaves_out("SD201", Place("a.yml", line, 9)) for line in range(1, 501))
    assert not ignores.leaves_out("SD201", Place("a.yml", 600, 9))
    assert Counted.asked <= 1000
