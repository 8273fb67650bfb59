"""The command as a user runs it: in this process, where nothing but its answer is asked, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scopedown.cli.main import main

PROGRAM = [sys.executable, "-c", "import sys; from scopedown.cli.main import main; main(sys.argv[1:])"]
_OF_TERMINALS = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")


def run(*arguments: str, cwd: Path, command: str = "scan", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this process: no second interpreter starts, and tables are loaded once for all tests."""
    words = [*([command] if command else []), *arguments]
    printed, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open() as nothing:
        patch.chdir(cwd)
        for name in _OF_TERMINALS:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", nothing)
        patch.setattr(sys, "stdout", printed)
        patch.setattr(sys, "stderr", errors)
        with pytest.raises(SystemExit) as ended:
            main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        texts = [stream.buffer.getvalue().decode() for stream in (printed, errors)]
    return subprocess.CompletedProcess(words, ended.value.code, *texts)


def run_program(
    *arguments: str, cwd: Path, command: str = "scan", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own: for what an interpreter's start, its limits or its end decide."""
    variables = {key: value for key, value in os.environ.items() if key not in _OF_TERMINALS}
    return subprocess.run(
        [*PROGRAM, *([command] if command else []), *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**variables, **environment},
        timeout=60,
        check=False,
    )
