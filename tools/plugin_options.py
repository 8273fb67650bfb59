"""plugin/options.json, the commands of the npm plugin with their options, from the commands themselves; ``generate.py``
writes it.

Comes in: the click commands. Goes out: command → usage and options, as a plugin of the Serverless Framework declares
them (it refuses an option that is not declared). The framework reads ``--no-cache`` as ``cache: false``: such an option
is declared without its ``no-`` and ``negated``. An argument becomes a ``positional`` option, the project's path none.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import click

from scopedown.cli.main import cli

FILE = Path(__file__).resolve().parent.parent / "plugin" / "options.json"
COMMANDS = ("scan", "check", "write", "deploy-policy", "prove", "explain", "report")
"""Those that are about the service in the folder; one that is not there (yet) is left out."""
OF_THE_FRAMEWORK = frozenset({"stage", "region", "param", "help", "version"})
NOT_OF_A_SERVICE = frozenset({"recursive", "ask"})
SHORTCUTS = frozenset({"o"})
"""Short options that mean nothing else to the framework."""


def table() -> dict[str, Any]:
    """Command → its usage, and its options with their types."""
    context = click.Context(cli, info_name="scopedown")
    found = {name: cli.get_command(context, name) for name in COMMANDS}
    return {name: _command(name, one) for name, one in found.items() if one is not None}


def _command(name: str, command: click.Command) -> dict[str, Any]:
    context = click.Context(command, info_name=name)
    options: dict[str, Any] = {}
    for one in command.params:
        if isinstance(one, click.Option) and not one.hidden:
            key, declared = _option(one, context)
            if key not in OF_THE_FRAMEWORK | NOT_OF_A_SERVICE:
                options[key] = declared
        elif isinstance(one, click.Argument) and one.name not in ("path", "paths"):
            usage = f"The {one.human_readable_name.strip('[]').lower()} that is asked about"
            options[one.name or ""] = {"usage": usage, "type": "string", "required": one.required, "positional": True}
    about = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split()).removesuffix(".")
    return {
        "usage": about.replace(" in PATH (this folder, where none is given)", "").replace(" in PATH", ""),
        "options": options,
    }


def _option(option: click.Option, context: click.Context) -> tuple[str, dict[str, Any]]:
    long = next((name for name in option.opts if name.startswith("--")), "").removeprefix("--")
    record = option.get_help_record(context)
    usage = " ".join(record[1].split()) if record else ""
    kind = "boolean" if option.is_flag else "multiple" if option.multiple else "string"
    declared: dict[str, Any] = {"usage": usage, "type": kind}
    if isinstance(option.type, click.Choice):
        declared["usage"] += f" ({', '.join(option.type.choices)})"
    for short in (name.removeprefix("-") for name in option.opts if not name.startswith("--")):
        if short in SHORTCUTS:
            declared["shortcut"] = short
    if kind == "boolean" and long.startswith("no-"):
        declared["usage"] = f"--{long}: {usage}"
        return long.removeprefix("no-"), {**declared, "negated": True}
    return long, declared


def text() -> str:
    """The whole file."""
    return json.dumps(table(), indent=2, ensure_ascii=False) + "\n"


def files() -> dict[Path, str]:
    return {FILE: text()}
