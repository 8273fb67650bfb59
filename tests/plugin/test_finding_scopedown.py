"""Where the plugin looks for scopedown, in which order, and what it takes for a program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from .asking import ForUserError, ask, needs_node

pytestmark = [
    pytest.mark.oracle,
    needs_node,
    pytest.mark.skipif(os.name == "nt", reason="the programs on the PATH are shell scripts"),
]


def program(folder: Path, name: str, script: str = "exit 0", mode: int = 0o755) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(mode)
    return str(path)


def find(folder: Path, command: str | list[str] | None = None, **env: str) -> list[str]:
    found: list[str] = ask("find.js", "find", command, {"PATH": "", **env}, str(folder))
    return found


def test_the_setting_goes_before_the_environment_and_that_before_the_path(tmp_path: Path) -> None:
    on_path, other, third = (program(tmp_path / name, "scopedown") for name in ("bin", "other", "third"))
    path = str(tmp_path / "bin")
    assert find(tmp_path, PATH=path) == [on_path]
    assert find(tmp_path, PATH=path, SCOPEDOWN=other) == [other]
    assert find(tmp_path, third, PATH=path, SCOPEDOWN=other) == [third]


def test_a_python_that_has_it_comes_last_and_looks_for_no_module_in_the_service(tmp_path: Path) -> None:
    without = program(tmp_path / "bin", "python3", "exit 1")
    with_it = program(tmp_path / "bin", "python", f'exec {sys.executable} "$@"')
    assert find(tmp_path, PATH=str(tmp_path / "bin")) == [with_it, "-P", "-m", "scopedown"]
    Path(with_it).write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "scopedown.py").write_text("")
    Path(without).write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')  # a Python without scopedown
    with pytest.raises(ForUserError, match="scopedown was not found"):
        find(tmp_path, PATH=str(tmp_path / "bin"))


def test_a_path_with_spaces_is_one_program_and_other_text_is_words(tmp_path: Path) -> None:
    spaced = program(tmp_path / "my tools", "scopedown")
    assert find(tmp_path, spaced) == [spaced]
    python = program(tmp_path / "bin", "python3")
    assert find(tmp_path, "python3 -m  scopedown", PATH=str(tmp_path / "bin")) == [python, "-m", "scopedown"]
    assert find(tmp_path, [spaced, "a b"]) == [spaced, "a b"]


def test_a_relative_path_is_that_of_the_service(tmp_path: Path) -> None:
    inner = program(tmp_path / ".venv" / "bin", "scopedown")
    assert find(tmp_path, ".venv/bin/scopedown") == [inner]


@pytest.mark.parametrize("given", ["scopedown", "./none", "   ", ["/"], ["python3 -m scopedown"]])
def test_what_was_named_and_is_no_program_is_told_and_nothing_else_is_taken(
    tmp_path: Path, given: str | list[str]
) -> None:
    program(tmp_path / "bin", "scopedown", mode=0o644)
    python = program(tmp_path / "bin", "python3")
    with pytest.raises(ForUserError, match=r"custom\.scopedown\.command says .* not a program"):
        find(tmp_path, given, PATH=str(Path(python).parent))


def test_no_program_of_the_working_directory_is_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "scopedown")
    monkeypatch.chdir(tmp_path)
    for path in ("", ".", os.pathsep):
        with pytest.raises(ForUserError, match="scopedown was not found"):
            find(tmp_path, PATH=path)


def test_a_program_that_cannot_be_started_is_told_with_the_reason(tmp_path: Path) -> None:
    broken = tmp_path / "scopedown"
    broken.write_text("#!/nowhere/python\n")
    broken.chmod(0o755)
    with pytest.raises(ForUserError, match=rf"{broken} cannot be started \(ENOENT\)"):
        ask("find.js", "run", [str(broken)], ["check"], str(tmp_path), {})


def test_its_exit_code_comes_back(tmp_path: Path) -> None:
    assert ask("find.js", "run", [program(tmp_path, "scopedown", "exit 7")], [], str(tmp_path), {}) == 7
    assert ask("find.js", "run", [program(tmp_path, "killed", "kill -9 $$")], [], str(tmp_path), {}) == 130


def test_on_windows_what_needs_a_shell_is_not_taken_for_a_program(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    shim, py = program(folder, "scopedown.cmd"), program(folder, "py.exe")
    env = {"PATH": str(folder)}
    assert ask("find.js", "find", None, env, str(tmp_path), platform="win32") == [py, "-3", "-P", "-m", "scopedown"]
    with pytest.raises(ForUserError, match="not a program that can be started"):
        ask("find.js", "find", shim, env, str(tmp_path), platform="win32")
    there = program(folder, "scopedown.exe")
    assert ask("find.js", "find", None, env, str(tmp_path), platform="win32") == [there]
    assert ask("find.js", "find", there, env, str(tmp_path), platform="win32") == [there]
