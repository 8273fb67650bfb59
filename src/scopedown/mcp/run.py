"""One command of scopedown, run for a client: in a process of its own, confined, bounded, and killed with its call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio.abc import ByteReceiveStream, Process

from scopedown.core.finding import ScopedownError

MAX_OUTPUT = 64 * 1024 * 1024
"""Bytes that a command may print."""
MAX_NOTES = 64 * 1024
"""Bytes of what it says beside (stderr) that are kept."""
_KEPT = (
    "APPDATA", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOCALAPPDATA", "LOGNAME", "PATH", "PYTHONHOME", "PYTHONPATH",
    "PYTHONUSERBASE", "SCOPEDOWN_CACHE", "SCOPEDOWN_CACHE_KEY", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP",
    "TMPDIR", "USER", "USERNAME", "USERPROFILE", "VIRTUAL_ENV", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
)  # fmt: skip
"""What Python, the cache and the platform need to begin; the command itself sees none of them (confined.py), for a
project file could name one (``${env:HOME}``)."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line without the program's name, and files (name → text) that it finds in its working directory."""

    arguments: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    code: int
    output: str
    notes: str


@dataclass(frozen=True, slots=True)
class Runner:
    """How commands are run: the folders that they may read, their seconds, environment variables that they may see."""

    readable: tuple[Path, ...]
    seconds: float
    variables: tuple[str, ...] = ()

    async def run(self, command: Command) -> Done:
        """Run it to its end. Raises ScopedownError where its time or its room runs out."""
        with tempfile.TemporaryDirectory(prefix="scopedown-mcp-") as folder:
            for name, text in command.files.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            process = await self._started(command, folder)
            try:
                with anyio.fail_after(self.seconds):
                    return await _ended(process)
            except TimeoutError:
                raise ScopedownError(
                    f"it took more than {self.seconds:g} seconds and was stopped",
                    remedy="ask for one function of the project, or start the server with a greater --timeout",
                ) from None
            finally:
                # Also when the client cancels: nothing goes on for an answer that nobody waits for.
                with anyio.CancelScope(shield=True):
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.aclose()

    async def _started(self, command: Command, folder: str) -> Process:
        readable, seen = json.dumps([*map(str, self.readable), folder]), json.dumps(self.variables)
        return await anyio.open_process(
            # -P: a project's click.py beside its serverless.yml is no module of ours.
            [sys.executable, "-P", "-m", "scopedown.mcp.confined", readable, seen, *command.arguments],
            # The other end of its standard input is ours: it ends when we do (confined.py).
            stdin=subprocess.PIPE,
            cwd=folder,
            env=self.environment(os.environ),
        )

    def environment(self, present: Mapping[str, str]) -> dict[str, str]:
        """The command's environment: what is needed and what was asked for, no AWS identity, UTF-8."""
        kept = {name: present[name] for name in (*_KEPT, *self.variables) if name in present}
        if modules := kept.get("PYTHONPATH"):
            # Relative to where we were started, which is not where the command is.
            kept["PYTHONPATH"] = os.pathsep.join(
                str(Path(part).absolute()) for part in modules.split(os.pathsep) if part
            )
        return {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            **kept,
            "NO_COLOR": "1",
            "PYTHONSAFEPATH": "1",
            "PYTHONUTF8": "1",
        }


async def _ended(process: Process) -> Done:
    output, notes = bytearray(), bytearray()
    assert process.stdout is not None and process.stderr is not None
    try:
        async with anyio.create_task_group() as both:
            both.start_soon(_read, process.stdout, output, MAX_OUTPUT, True)
            both.start_soon(_read, process.stderr, notes, MAX_NOTES, False)
    except* _TooMuchError:
        raise ScopedownError(
            f"it printed more than {MAX_OUTPUT // 1024 // 1024} MB and was stopped",
            remedy="ask for one function of the project",
        ) from None
    code = await process.wait()
    return Done(code, output.decode("utf-8", "replace"), notes.decode("utf-8", "replace"))


class _TooMuchError(Exception):
    """More was printed than is taken."""


async def _read(stream: ByteReceiveStream, into: bytearray, most: int, strict: bool) -> None:
    async for chunk in stream:
        into += chunk[: max(0, most - len(into))]
        if strict and len(into) >= most:
            raise _TooMuchError
