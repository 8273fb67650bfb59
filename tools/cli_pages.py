"""docs/cli.md, the reference of every command, from the commands' own ``--help``; ``generate.py`` writes it.

Comes in: the click commands. Goes out: one page, a section for each command with its synopsis, what it does, its
examples and every option. What the page says is written in the command, once.
"""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from pathlib import Path

import click

from scopedown.cli.commands import COMMANDS
from scopedown.cli.main import cli

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """\
# The commands

<!-- Made by tools/cli_pages.py from the commands' own help; do not edit it by hand. -->

Exit codes of every command: 0 success, and no problem that fails; 1 a problem that fails (a finding, a denial, a
missing permission); 2 a wrong option or setting, a missing tool, or a fault of scopedown; 130 interrupted; 141 the
reader of the output has closed it. Results go to standard output, progress and logs to standard error.
[json.md](json.md) describes what `--format json` prints.
"""


def page() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="scopedown")
    commands = [(name, cli.get_command(context, name)) for name in COMMANDS]
    toc = [
        f"{group}:\n\n" + "\n".join(f"- [{name}](#{name}): {one.summary}" for name, one in entries)
        for group, entries in groupby(COMMANDS.items(), lambda item: item[1].group)
    ]
    sections = [section(name, one, context) for name, one in commands if one]
    return "\n\n".join([HEAD.rstrip(), *toc, *sections]) + "\n"


def section(name: str, command: click.Command, parent: click.Context) -> str:
    """One command: synopsis, description, examples, options."""
    context = click.Context(command, info_name=name, parent=parent)
    usage = command.get_usage(context).removeprefix("Usage: ")
    texts = [inspect.cleandoc(text) for text in (command.help, command.epilog) if text]
    paragraphs = [one for text in texts for one in re.split(r"\n\s*\n", text)]
    prose = [_in_markdown(one) for one in paragraphs if "Examples:" not in one]
    examples = [_in_markdown(one) for one in paragraphs if "Examples:" in one]
    parts = [f"## {name}", f"```text\n{' '.join(usage.split())}\n```", *prose, *examples]
    options = [_option(one, context) for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        parts.append("\n".join(["Options:", "", *options]))
    subcommands = command.commands if isinstance(command, click.Group) else {}
    parts.extend(section(f"{name} {key}", one, context).replace("## ", "### ", 1) for key, one in subcommands.items())
    return "\n\n".join(parts)


def _in_markdown(paragraph: str) -> str:
    """A paragraph of help; one that click leaves as it is (after ``\\b``) is preformatted text."""
    kept = paragraph.lstrip("\n").startswith("\b")
    lines = paragraph.replace("\b", "").strip("\n").splitlines()
    if not kept:
        return _escaped(" ".join(line.strip() for line in lines))
    if lines[0].strip() == "Examples:":
        return "Examples:\n\n```sh\n" + inspect.cleandoc("\n" + "\n".join(lines[1:])) + "\n```"
    return "```text\n" + inspect.cleandoc("\n" + "\n".join(lines)) + "\n```"


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    names, text = record if record else (", ".join(option.opts), "")
    text = re.sub(r"\s*\[([^\[\]]*)\]$", r" (\1)", " ".join(text.split()))
    return f"- `{names}`: {_escaped(text.strip())}".rstrip(": ")


def _escaped(text: str) -> str:
    """Text in which Markdown sees no HTML, no emphasis and no links; an underscore within a word is none."""
    return re.sub(r"(?<!\w)_|_(?!\w)|[<>*\[\]]", r"\\\g<0>", text)


def files() -> dict[Path, str]:
    return {PAGE: page()}
