"""A baseline whose problems are not there any more is told of, and fails nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.checks.baseline import known_of, usual_baseline
from scopedown.core.finding import ScopedownError

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - {Effect: Allow, Action: sqs:PurgeQueue, Resource: 'arn:aws:sqs:us-east-1:123456789012:jobs'}
        - {Effect: Allow, Action: sns:Publish, Resource: 'arn:aws:sns:us-east-1:123456789012:news'}
functions: {f: {handler: app.f}, g: {handler: app.g}}
"""
LEFT = SERVICE.replace("        - {Effect: Allow, Action: sns:Publish, Resource: 'arn:aws:sns:us-east-1:123456789012:"
                       "news'}\n", "")  # fmt: skip
HINT = "not found any more: write it again (--write-baseline)"


def said(folder: Path, *options: str) -> str:
    ran = run("--baseline", "known.json", "--fail-on", "note", *options, command="check", cwd=folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two services and a baseline of both."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "serverless.yml").write_text(SERVICE)
        (tmp_path / name / "app.py").write_text("def f(event, context): pass\ndef g(event, context): pass\n")
    said(tmp_path, ".", "--recursive", "--write-baseline")
    return tmp_path


def test_as_long_as_all_is_there_nothing_is_told(folder: Path) -> None:
    assert "any more" not in said(folder, ".", "--recursive")


def test_what_is_not_there_any_more_is_counted(folder: Path) -> None:
    (folder / "one" / "serverless.yml").write_text(LEFT)
    assert said(folder, ".", "--recursive").endswith(f"\n1 problem of the baseline {HINT}\n")


def test_what_was_not_looked_at_is_not_missed(folder: Path) -> None:
    (folder / "one" / "serverless.yml").write_text(LEFT)
    assert "any more" not in said(folder, "two")
    assert "any more" not in said(folder, ".", "--recursive", "--select", "SD204")
    assert "any more" not in said(folder, "one", "--function", "f")


def test_the_usual_baseline_is_written_and_read_without_being_named(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "serverless.yml").write_text(SERVICE)
    (tmp_path / "one" / "app.py").write_text("def f(event, context): pass\ndef g(event, context): pass\n")
    strict = ("one", "--fail-on", "note")
    assert run(*strict, command="check", cwd=tmp_path).returncode == 1
    assert run("one", "--write-baseline", command="check", cwd=tmp_path).returncode == 0
    assert (tmp_path / "one" / ".scopedown-baseline.json").is_file()
    assert run(*strict, command="check", cwd=tmp_path).returncode == 0


def test_the_usual_baseline_of_the_repository_counts_and_a_link_does_not(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    service = tmp_path / "service"
    service.mkdir()
    (tmp_path / ".scopedown-baseline.json").write_text("")
    assert usual_baseline(service, tmp_path) == tmp_path / ".scopedown-baseline.json"
    (tmp_path / ".scopedown-baseline.json").rename(tmp_path / "other.json")
    (tmp_path / ".scopedown-baseline.json").symlink_to(tmp_path / "other.json")
    assert usual_baseline(service, tmp_path) is None


@pytest.mark.parametrize("text", ["1" * 5000, "[" * 100_000])
def test_a_baseline_of_hostile_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(ScopedownError, match="baseline cannot be read"):
        known_of(tmp_path / "known.json")
