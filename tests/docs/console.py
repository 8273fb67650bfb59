"""The commands of a page: its files are written, its commands run in bash, and what they print compared.

A page's fenced blocks are read in order. One with a title (```json title="p.json") is a file; a ```console block
holds commands (lines that begin with ``$ ``) and what each prints. In what is printed ``…`` stands for anything
within a line, and, alone on a line, for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"<!-- commands run in (\S+) -->")
_MARK = "\x1e"
_PROGRESS = re.compile(r"^scopedown: now at .*\n", re.MULTILINE)
"""What a command on a slow machine says on stderr while it works; no page shows it."""


@dataclass(frozen=True)
class File:
    """A file that the page shows, to be there from here on."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command as it is typed, and the lines that the page says it prints."""

    typed: str
    printed: str


def steps(page: str) -> list[File | Command]:
    """The files and commands of a page, in its order."""
    found: list[File | Command] = []
    for language, title, text in _BLOCK.findall(page):
        if title:
            found.append(File(title, text))
        elif language == "console":
            found.extend(_commands(text))
    return found


def _commands(text: str) -> list[Command]:
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        last = next(index for index, line in enumerate(lines) if not line.endswith("\\"))
        found.append(Command("\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :]).strip("\n")))
    return found


def folder_for(page: str, made: Path) -> Path:
    """Where a page's commands run: in a copy of the example that the page names, else beside a copy of all examples."""
    shutil.copytree(ROOT / "examples", made / "examples", ignore=shutil.ignore_patterns("node_modules"))
    place = _PLACE.search(page)
    return made / place[1] if place else made


def differences(
    page: str, folder: Path, timeout: float = 120, program: Path | None = None, **variables: str
) -> list[str]:
    """Run all of a page's commands, one after another; what is not as the page says, each as text.

    ``program`` is the scopedown that runs; without one it is the tests' own.
    """
    own = f'{sys.executable} -c "import sys; from scopedown.cli.main import main; main(sys.argv[1:])"'
    with tempfile.TemporaryDirectory() as beside:
        entry = Path(beside) / "scopedown"
        entry.write_text(f'#!/bin/sh\nexec {program or own} "$@"\n')
        entry.chmod(0o755)
        return _compared(steps(page), folder, Path(beside), timeout, variables)


def _compared(
    found: list[File | Command], folder: Path, beside: Path, timeout: float, variables: dict[str, str]
) -> list[str]:
    commands = [one for one in found if isinstance(one, Command)]
    printed = _run(found, folder, beside, timeout, {**_environment(beside), **variables}).split(_MARK)
    wrong = []
    for command, text in zip(commands, [*printed, *[""] * len(commands)], strict=False):
        said, seen = _lines(command.printed), _lines(_PROGRESS.sub("", text))
        if not re.fullmatch(_pattern(said), seen):
            wrong.append(f"$ {command.typed}\n--- the page says\n{said}\n--- printed\n{seen}")
    return wrong


def _run(found: list[File | Command], folder: Path, beside: Path, timeout: float, environment: dict[str, str]) -> str:
    script = []
    for number, one in enumerate(found):
        if isinstance(one, File):
            kept = beside / f"file-{number}"
            kept.write_text(one.text, encoding="utf-8")
            script.append(f'__code=$?; mkdir -p "$(dirname {one.name})"; cp {kept} {one.name}; (exit $__code)')
        else:
            script.append(f"{one.typed}\n__code=$?; printf '\\036'; (exit $__code)")
    return subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment,
        timeout=timeout,
        check=False,
    ).stdout


def _environment(beside: Path) -> dict[str, str]:
    """The caller's, without what changes the look of the output or leads to an AWS account."""
    left_out = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    kept = {key: value for key, value in os.environ.items() if key not in left_out and not key.startswith("AWS_")}
    return {**kept, "PATH": f"{beside}{os.pathsep}{kept['PATH']}"}


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def _pattern(said: str) -> str:
    """``…`` alone on a line is any lines, elsewhere anything within its line."""
    pattern = ""
    for line in said.splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*"
        else:
            pattern += re.escape(line).replace("…", ".*") + r"\n"
    return pattern.removesuffix(r"\n") + (r".*" if said.endswith("…") else "")
