"""What the tests of places share: repositories to check, and the command under its own name in PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from command_line import PROGRAM

ROOT = Path(__file__).resolve().parent.parent.parent
DENIED = ("dynamodb:*", "dynamodb:Query")
"""What turns examples/todos into a project of which two functions will be denied a call."""


def program(folder: Path) -> Path:
    """A folder for PATH in which ``scopedown`` is this checkout's."""
    entry = folder / "programs" / "scopedown"
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{PROGRAM[2]}" "$@"\n')
    entry.chmod(0o755)
    return entry.parent


def repository(folder: Path, denied: bool = False, inside: str = ".") -> Path:
    """A git repository with a copy of examples/todos; with ``denied`` its role lacks two actions."""
    folder.mkdir(parents=True)
    project = folder / inside
    shutil.copytree(ROOT / "examples" / "todos", project, dirs_exist_ok=True)
    if denied:
        config = project / "serverless.yml"
        config.write_text(config.read_text().replace(*DENIED))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


def git(folder: Path, *arguments: str) -> None:
    """Run git there, without the user's own settings."""
    named = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *arguments], cwd=folder, env=environment(), check=True, timeout=60)


def environment(**variables: str) -> dict[str, str]:
    """The caller's, without what a pipeline or git would have put there."""
    foreign = ("GITHUB_", "CI_", "GIT_", "INPUT_", "RUNNER_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **variables}
