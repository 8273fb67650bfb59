"""Run the tool that a project deploys with: the one place where a project's code is run.

Only ever called where the user asked for it (``--run-framework``): the tool loads the project's configuration, or its
app, and whatever that runs. Nothing is deployed; the output goes to a folder that the caller names.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from scopedown.core.finding import ScopedownError

LIMIT: Final = 600.0
"""Seconds that a tool may take (a bundler may compile a large project)."""
_SHOWN: Final = 2000
_LINES: Final = 15


@dataclass(frozen=True, slots=True)
class Ran:
    """How a tool ended: its exit code (None where time ran out), and the last lines of its output, in one."""

    code: int | None
    shown: str


def installed(root: Path, names: Sequence[str]) -> Path | None:
    """A tool that npm installed in the folder or one above it, else one on the PATH; None where there is none.
    ``names`` is what it is called, in the order that it is looked for."""
    for folder in (root, *root.parents):
        for name in names:
            found = shutil.which(name, path=str(folder / "node_modules" / ".bin"))
            if found is not None:
                return Path(found)
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None


def ran(command: Sequence[str], root: Path, environment: Mapping[str, str], limit: float = LIMIT) -> Ran:
    """Run a tool in a folder, without input. Raises ScopedownError where it cannot be started."""
    with tempfile.TemporaryFile() as output:
        code = _run(command, root, environment, output, limit)
        return Ran(code, _end_of(output))


def failure(name: str, ended: Ran, missing: str, remedy: str, limit: float = LIMIT) -> ScopedownError:
    """Why a tool's run came to nothing; ``missing`` is the file that it should have written."""
    if ended.code is None:
        message = f"{name} did not end within {limit:g} seconds"
    elif ended.code == 0:
        message = f"{name} did not write {missing}"
    else:
        message = f"{name} failed with exit code {ended.code}"
    return ScopedownError(f"{message}: {ended.shown}" if ended.shown else message, None, remedy)


def _run(
    command: Sequence[str], root: Path, environment: Mapping[str, str], output: IO[bytes], limit: float
) -> int | None:
    """The exit code; None where time ran out (everything that was started has then been ended)."""
    try:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ScopedownError(
            f"scopedown cannot run {command[0]}: {error.strerror or error}", None, "install the framework again"
        ) from error
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started (it leads a group of its own)."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    else:
        process.kill()
    process.wait()


def _end_of(output: IO[bytes]) -> str:
    """The last lines of an output, in one."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - 4 * _SHOWN))
    text = output.read().decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-_LINES:])[-_SHOWN:]
