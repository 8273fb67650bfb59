"""Ask the project's own framework for the template: the one place where a project's code is run.

Only ever called where the user asked for it (``--run-framework``): ``package`` loads the configuration, its plugins and
whatever they run. Nothing is deployed; the output goes to a folder that the caller names. As with every ``package``,
the framework itself empties the service's ``.serverless`` folder first.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Final

from scopedown.core.finding import ScopedownError
from scopedown.project.options import Options
from scopedown.project.serverless.compiled import TEMPLATE
from scopedown.project.serverless.frameworks import RUNNING

NAMES: Final = ("osls", "serverless", "sls")
"""What the framework's command is called, in the order that it is looked for."""
LIMIT: Final = 600.0
"""Seconds that packaging may take (a bundler may compile a large project)."""
_SHOWN: Final = 2000
_LINES: Final = 15


def framework_of(root: Path) -> Path | None:
    """The framework's command: installed in the folder or one above it, else on the PATH; None where there is none."""
    for folder in (root, *root.parents):
        for name in NAMES:
            found = shutil.which(name, path=str(folder / "node_modules" / ".bin"))
            if found is not None:
                return Path(found)
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None


def run_framework(root: Path, options: Options, folder: Path, config: str | None = None, limit: float = LIMIT) -> Path:
    """Package the service in ``root`` into ``folder``; the path of the compiled template.

    ``config`` names its configuration file where the framework would take another one. Raises ScopedownError where no
    framework is installed, where it fails (with the end of its output) or takes longer than ``limit`` seconds.
    """
    tool = framework_of(root)
    if tool is None:
        raise ScopedownError(
            f"no framework is installed in {root} ({', '.join(NAMES[:-1])} or {NAMES[-1]})", None,
            "run npm install in the project's folder, or pass the compiled template with --compiled",
        )  # fmt: skip
    command = [str(tool), "package", "--package", str(folder), *_arguments(options, config)]
    with tempfile.TemporaryFile() as output:
        code = _run(command, root, options, output, limit)
        template = folder / TEMPLATE
        if code == 0 and template.is_file():
            return template
        shown = _end_of(output)
    name = f"{tool.name} package"
    if code is None:
        message = f"{name} did not end within {limit:g} seconds"
    elif code == 0:
        message = f"{name} did not write {TEMPLATE}"
    else:
        message = f"{name} failed with exit code {code}"
    raise ScopedownError(
        f"{message}: {shown}" if shown else message, None,
        "fix the project until the framework's package command works, or leave --run-framework out",
    )  # fmt: skip


def _arguments(options: Options, config: str | None) -> list[str]:
    """The user's options as the framework takes them."""
    given = options.command_line()
    words = [f"--{name}={value}" for name, value in given.items()]
    words += [f"--param={name}={value}" for name, value in options.params.items()]
    return [*words, *([f"--config={config}"] if config is not None else [])]


def _run(command: list[str], root: Path, options: Options, output: IO[bytes], limit: float) -> int | None:
    """The exit code; None where time ran out (everything that was started has then been ended)."""
    environment = {**os.environ, **options.environment, "SLS_NOTIFICATIONS_MODE": "off", "CI": "1", RUNNING: "1"}
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
