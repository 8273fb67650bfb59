"""``--output``: what a command prints goes to the file that is named, and to no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

COMMANDS = [
    ("scan",),
    ("scan", "--format", "json"),
    ("explain", "sqs:ListQueues"),
    ("project",),
    ("write", "--format", "terraform"),
    ("write", "--diff"),
    ("check", "--format", "json"),
    ("deploy-policy",),
    ("catalog", "s3:GetObject"),
    ("simulate", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(
        "service: notes\nprovider: {name: aws, runtime: python3.12}\nfunctions:\n  list: {handler: app.list}\n"
    )
    (tmp_path / "app.py").write_text('import boto3\n\ndef list(e, c):\n    boto3.client("sqs").list_queues()\n')
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_prints_and_saves_the_same_where_it_is_asked_to(words: tuple[str, ...], folder: Path) -> None:
    printed = run(*words[1:], command=words[0], cwd=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "serverless.yml"]
    saved = run(*words[1:], "-o", "out.txt", command=words[0], cwd=folder)
    assert saved.returncode == printed.returncode
    assert (folder / "out.txt").read_text(encoding="utf-8") == printed.stdout


def test_a_gate_that_fails_saves_its_result_and_an_error_saves_nothing(folder: Path) -> None:
    assert run("--check", "-o", "change.patch", command="write", cwd=folder).returncode == 1
    assert "+++ b/serverless.yml" in (folder / "change.patch").read_text()
    assert run("--function", "nobody", "-o", "scan.txt", cwd=folder).returncode == 2
    assert not (folder / "scan.txt").exists()


def test_a_folder_that_does_not_exist_is_an_error(folder: Path) -> None:
    ran = run("-o", "no/such/file", cwd=folder)
    assert ran.returncode == 2 and "cannot be written" in ran.stderr
