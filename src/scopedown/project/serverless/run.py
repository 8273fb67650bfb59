"""Ask the project's own Serverless Framework for the template, where the user asked for that.

``package`` loads the configuration, its plugins and whatever they run. As with every ``package``, the framework itself
empties the service's ``.serverless`` folder first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.project.framework_command import LIMIT, failure, installed, ran
from scopedown.project.options import Options
from scopedown.project.serverless.compiled import TEMPLATE
from scopedown.project.serverless.frameworks import RUNNING

NAMES: Final = ("osls", "serverless", "sls")
"""What the framework's command is called, in the order that it is looked for."""


def framework_of(root: Path) -> Path | None:
    """The framework's command: installed in the folder or one above it, else on the PATH; None where there is none."""
    return installed(root, NAMES)


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
    environment = {**os.environ, **options.environment, "SLS_NOTIFICATIONS_MODE": "off", "CI": "1", RUNNING: "1"}
    ended = ran(command, root, environment, limit)
    template = folder / TEMPLATE
    if ended.code == 0 and template.is_file():
        return template
    raise failure(
        f"{tool.name} package", ended, TEMPLATE,
        "fix the project until the framework's package command works, or leave --run-framework out", limit,
    )  # fmt: skip


def _arguments(options: Options, config: str | None) -> list[str]:
    """The user's options as the framework takes them."""
    given = options.command_line()
    words = [f"--{name}={value}" for name, value in given.items()]
    words += [f"--param={name}={value}" for name, value in options.params.items()]
    return [*words, *([f"--config={config}"] if config is not None else [])]
