"""The interpreters that functions run with: the one of the function's runtime where it is here, else the nearest.

In: a Lambda runtime's name. Out: :class:`Interpreter`, or the reason why there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

_ITSELF: Final = "import sys; print(sys.version.split()[0]); print(sys.executable)"
"""Of pyenv's shims, the program behind: a shim needs more of the user's environment than a function is given."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A program that runs functions."""

    program: str
    language: str
    """``python`` or ``node``."""
    version: str
    note: str = ""
    """Where it is not the release that the runtime's name asks for."""

    def __str__(self) -> str:
        return f"{self.language} {self.version}"


def interpreter_of(runtime: str | None, language: str | None) -> Interpreter | str:
    """The interpreter for a function; a sentence where there is none."""
    if language == "python":
        return _python(runtime or "")
    if language in ("javascript", "typescript"):
        return _node(runtime or "")
    return f"{runtime or language or 'its runtime'} was not run, because prove runs only Python and Node functions"


@cache
def _python(runtime: str) -> Interpreter:
    own = ".".join(str(part) for part in sys.version_info[:3])
    found = re.fullmatch(r"python(3)\.(\d+)", runtime)
    if found is None or (3, int(found[2])) == sys.version_info[:2]:
        note = f"python {own} instead of {runtime}" if runtime and found is None else ""
        return Interpreter(sys.executable, "python", own, note)
    if int(found[2]) >= _oldest():
        wanted = f"python3.{found[2]}"
        kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        for program in (shutil.which(wanted), *map(str, sorted(kept.glob(f"3.{found[2]}.*/bin/{wanted}")))):
            told = _version(program, "-c", _ITSELF).splitlines() if program else []
            if len(told) == 2:
                return Interpreter(told[1], "python", told[0])
    return Interpreter(sys.executable, "python", own, f"python {own} instead of {runtime}")


def _oldest() -> int:
    """The oldest Python 3 that this installation's boto3 runs with."""
    try:
        found = re.search(r">=\s*3\.(\d+)", metadata.metadata("boto3")["Requires-Python"] or "")
    except metadata.PackageNotFoundError:
        return 8
    return int(found[1]) if found else 8


@cache
def _node(runtime: str) -> Interpreter | str:
    program = shutil.which("node")
    if program is None:
        return "node is not on PATH: install Node.js to run Node functions"
    version = _version(program, "--version").lstrip("v")
    if not version:
        return f"{program} --version fails: repair Node.js"
    found = re.match(r"nodejs(\d+)", runtime)
    is_other = found is not None and found[1] != version.partition(".")[0]
    return Interpreter(program, "node", version, f"node {version} instead of {runtime}" if is_other else "")


def _version(*command: str) -> str:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""
