"""Shells complete commands, options and their values, by the script that ``scopedown completion`` prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import PROGRAM, run

SHELLS = ("bash", "zsh", "fish")
COMPLETE = """
words() {
  COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
  _scopedown_completion "$1"
  echo "${COMPREPLY[*]}"
}
compopt() { local IFS=' '; echo "compopt $*"; }
"""
"""bash's own compopt works only where bash itself calls the function."""
ZSH = """
compdef() { print "compdef $*"; }
compadd() { print -r -- $completions; }
_path_files() { print "files $*"; }
_describe() { print -r -- ${completions_with_descriptions%%:*}; }
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder for PATH with the command in it."""
    entry = tmp_path / "bin" / "scopedown"
    entry.parent.mkdir()
    entry.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{PROGRAM[2]}" "$@"\n')
    entry.chmod(0o755)
    return entry.parent


def script(shell: str, folder: Path) -> Path:
    ran = run(shell, command="completion", cwd=folder)
    assert ran.returncode == 0 and ran.stderr == ""
    path = folder / f"completion.{shell}"
    path.write_text(ran.stdout)
    return path


def shell(name: str, text: str, program: Path) -> list[str]:
    """The lines that a shell prints, with the command in its PATH."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    options = {"bash": ["--norc", "--noprofile", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]}[name]
    environment = {**os.environ, "PATH": f"{program}{os.pathsep}{os.environ['PATH']}", "HOME": str(program.parent)}
    ran = subprocess.run(
        [name, *options, text], cwd=program.parent, env=environment, capture_output=True, encoding="utf-8", timeout=60,
        check=True,
    )  # fmt: skip
    assert ran.stderr == ""
    return ran.stdout.splitlines()


def test_bash_completes_commands_options_values_and_paths(program: Path) -> None:
    asked = ["scopedown dep", "scopedown check --fo", "scopedown check --format s", "scopedown scan ''"]
    text = "\n".join([f"source {script('bash', program.parent)}", COMPLETE, *(f"words {one}" for one in asked)])
    assert shell("bash", text, program) == ["deploy-policy", "--format", "sarif", "compopt -o default", ""]


def test_bash_is_told_which_command_is_completed(program: Path) -> None:
    told = shell("bash", f"source {script('bash', program.parent)}; complete -p scopedown", program)
    assert told == ["complete -o nosort -F _scopedown_completion scopedown"]


def test_zsh_completes_commands_options_values_and_paths(program: Path) -> None:
    asked = ["scopedown dep", "scopedown check --fo", "scopedown check --format s", "scopedown scan ''"]
    each = (f"words=({one}); CURRENT=$#words; _scopedown_completion" for one in asked)
    told = shell("zsh", "\n".join([ZSH, f"source {script('zsh', program.parent)}", *each]), program)
    assert told == ["compdef _scopedown_completion scopedown", "deploy-policy", "--format", "sarif", "files -f"]


def test_fish_completes_commands_options_and_values(program: Path) -> None:
    asked = ["scopedown dep", "scopedown check --fo", "scopedown check --format s"]
    each = (f'complete -C "{one}"' for one in asked)
    told = shell("fish", "\n".join([f"source {script('fish', program.parent)}", *each]), program)
    assert [one.split("\t")[0] for one in told] == ["deploy-policy", "--format", "sarif"]


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_is_right_for_its_shell(name: str, program: Path) -> None:
    options = {"bash": "-n", "zsh": "-n", "fish": "--no-execute"}
    path = script(name, program.parent)
    assert shell(name, f"{name} {options[name]} {path} && echo right", program) == ["right"]


def test_a_shell_that_click_does_not_know_is_a_usage_error(tmp_path: Path) -> None:
    ran = run("nushell", command="completion", cwd=tmp_path)
    assert ran.returncode == 2
    assert "'bash', 'zsh', 'fish'" in ran.stderr


def test_names_of_commands_are_completed_without_loading_the_commands(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom scopedown.cli.main import main\ntry: main([])\n"
        "finally: print(sorted(one for one in sys.modules if one.startswith('scopedown.cli.')))"
    )
    asked = {"_SCOPEDOWN_COMPLETE": "bash_complete", "COMP_WORDS": "scopedown s", "COMP_CWORD": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={**os.environ, **asked}, capture_output=True,
        encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines() == [
        "plain,scan",
        "plain,simulate",
        "['scopedown.cli.commands', 'scopedown.cli.main', 'scopedown.cli.terminal']",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "at"), [("scopedown ", 1), ("scopedown check --", 2), ("scopedown check --format ", 3)]
)
def test_a_key_is_answered_before_one_wonders(words: str, at: int, tmp_path: Path) -> None:
    asked = {"_SCOPEDOWN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    taken = []
    for _ in range(5):
        before = _used()
        subprocess.run(PROGRAM, cwd=tmp_path, env={**os.environ, **asked}, capture_output=True, timeout=60, check=True)
        taken.append(_used() - before)
    assert min(taken) <= 0.3, taken


def _used() -> float:
    """Seconds of a processor that ended children have used: other load does not count."""
    used = os.times()
    return used.children_user + used.children_system


def test_powershell_is_offered_what_may_follow(tmp_path: Path) -> None:
    asked = {
        "_SCOPEDOWN_COMPLETE": "powershell_complete",
        "COMP_WORDS": "scopedown\ncheck\n--fail-on",
        "COMP_WORD": "n",
    }
    done = run(cwd=tmp_path, command="", **asked)
    assert {"plain\tnote\t", "plain\tnone\t"} <= set(done.stdout.splitlines())
    assert (
        "Register-ArgumentCompleter -Native -CommandName scopedown"
        in run("powershell", cwd=tmp_path, command="completion").stdout
    )
