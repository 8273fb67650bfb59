"""The command as a user runs it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "import sys; from scopedown.cli.main import main; main(sys.argv[1:])"]


def run(*arguments: str, cwd: Path, command: str = "scan", **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [*PROGRAM, *([command] if command else []), *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**variables, **environment},
        timeout=60,
        check=False,
    )
