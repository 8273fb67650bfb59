"""``scopedown deploy-policy --ask`` as it is typed, and as it is piped."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from scopedown.cli.main import main

ALL = ["shop", "", "eu-west-1", "123456789012", "", *[""] * 14]
"""The name, and the default of everything else."""


class Terminal(io.StringIO):
    """A terminal at which somebody types; ``None`` is Ctrl-C."""

    def __init__(self, lines: list[str | None]) -> None:
        super().__init__()
        self.lines = iter(lines)

    def readline(self, size: int | None = -1, /) -> str:
        line = next(self.lines, "")
        if line is None:
            raise KeyboardInterrupt
        return line

    def isatty(self) -> bool:
        return True


def run(stdin: io.StringIO, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(SystemExit) as ended:
        main(["deploy-policy", "--ask", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def piped(*lines: str) -> io.StringIO:
    return io.StringIO("".join(f"{line}\n" for line in lines))


def test_piped_answers_write_the_same_file_name_as_a_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(piped(*ALL), monkeypatch, "-o", ".") == 0
    [path] = folder.iterdir()
    assert path.name == "shop-dev-eu-west-1-policy.json"
    actions = [action for one in json.loads(path.read_text())["Statement"] for action in one["Action"]]
    assert {"cloudformation:CreateChangeSet", "dynamodb:CreateTable"} <= set(actions)
    assert "sqs:CreateQueue" not in actions


def test_options_answer_their_questions(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--stage", "prod", "--region", "us-east-1", "--account", "123456789012", "-o", ".")
    assert run(piped("shop", *[""] * 15), monkeypatch, *options) == 0
    assert [path.name for path in folder.iterdir()] == ["shop-prod-us-east-1-policy.json"]
    assert "Stage" not in capsys.readouterr().err


def test_the_end_of_the_answers_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(piped("shop", "dev"), monkeypatch) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_piped_answers_stand_behind_their_questions_a_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(piped(*ALL), monkeypatch) == 0
    asked = capsys.readouterr().err.splitlines()
    assert asked[:3] == ["Name of the service: shop", "Stage [dev]: ", "Region [us-east-1]: eu-west-1"]
    assert all(line.count("]: ") <= 1 for line in asked)


def test_on_a_terminal_nothing_is_said_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Terminal([f"{line}\n" for line in ALL]), monkeypatch) == 0
    assert "Name of the service: Stage" in capsys.readouterr().err


def test_ctrl_c_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(Terminal(["shop\n", None]), monkeypatch) == 130
    assert list(folder.iterdir()) == []


def test_on_a_terminal_a_wrong_answer_is_asked_for_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["\n", "my shop\n", *(f"{line}\n" for line in ALL)]
    assert run(Terminal(list(typed)), monkeypatch, "-o", ".") == 0
    assert capsys.readouterr().err.count("Name of the service") == 3
    assert [path.name for path in folder.iterdir()] == ["shop-dev-eu-west-1-policy.json"]


def test_a_wrong_piped_answer_is_an_error_that_names_the_question(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(piped("shop", "*"), monkeypatch) == 2
    assert "'Stage'" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arguments", [("somewhere",), ("--framework", "sam"), ("--compiled", "x.json")])
def test_there_is_no_project_to_be_read(
    arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(piped(*ALL), monkeypatch, *arguments) == 2
    assert list(folder.iterdir()) == []


def test_the_prompts_stay_out_of_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(piped(*ALL), monkeypatch, "--output", "-") == 0
    assert json.loads(capsys.readouterr().out)["Version"] == "2012-10-17"
