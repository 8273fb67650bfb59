"""The commands, in the groups and with the summaries of ``scopedown --help``; each is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MOST = 45
"""Characters of a summary: so many fit beside the longest name in 80 columns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its group, its summary, and where it is (``module:attribute``)."""

    group: str
    summary: str
    where: str


COMMANDS = {
    "scan": Entry("Analyse", "Show the permissions that functions need", "scopedown.cli.scan:scan_command"),
    "explain": Entry("Analyse", "Show why a function needs an action", "scopedown.cli.explain:explain_command"),
    "check": Entry("Analyse", "Report problems of the functions' roles", "scopedown.cli.check.command:check_command"),
    "compare": Entry("Analyse", "Show what a change newly allows", "scopedown.cli.compare:compare_command"),
    "denied": Entry("Analyse", "Explain a denial, and what to change", "scopedown.cli.denied:denied_command"),
    "observe": Entry("Analyse", "Show what roles did, by CloudTrail's logs", "scopedown.cli.observe:observe_command"),
    "report": Entry("Analyse", "Make an HTML page of all results", "scopedown.cli.report:report_command"),
    "project": Entry("Analyse", "Show how scopedown reads the project", "scopedown.cli.project:project_command"),
    "write": Entry("Change", "Write least-privilege roles into the project", "scopedown.cli.write:write_command"),
    "deploy-policy": Entry(
        "Change", "Print the policy of the deploying user", "scopedown.cli.deploy_policy.command:deploy_policy_command"
    ),
    "prove": Entry("Prove", "Deploy and run the project on a local AWS", "scopedown.cli.prove:prove_command"),
    "guard": Entry("Prove", "Run a local AWS that enforces policies", "scopedown.cli.guard:guard_command"),
    "simulate": Entry("Prove", "Decide whether policies allow a request", "scopedown.cli.simulate:simulate_command"),
    "validate": Entry("Prove", "Report what is wrong with policies", "scopedown.cli.validate:validate_command"),
    "test": Entry("Prove", "Run your own tests of policies", "scopedown.cli.policy_tests:test_command"),
    "catalog": Entry("Look up", "Show AWS's facts about an action or type", "scopedown.cli.catalog:catalog_command"),
    "rule": Entry("Look up", "Explain a rule of scopedown check", "scopedown.cli.rule:rule_command"),
    "mcp": Entry("Look up", "Serve results to an assistant or editor", "scopedown.cli.mcp:mcp_command"),
    "completion": Entry("Look up", "Print a shell's completion script", "scopedown.cli.completion:completion_command"),
}
"""Name → entry, in the order of the help."""


class Commands(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command, imported now; None where there is none of the name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A section for each group. click would import every command for its summary, and cut that at the width."""
        for group in dict.fromkeys(entry.group for entry in COMMANDS.values()):
            with formatter.section(group):
                formatter.write_dl(
                    [(name.ljust(_LONGEST), entry.summary) for name, entry in COMMANDS.items() if entry.group == group]
                )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; an error says which names resemble it."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            unknown(ctx, name)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names with their summaries."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=entry.summary) for name, entry in COMMANDS.items() if name.startswith(incomplete)
        ]
        return named + click.Command.shell_complete(self, ctx, incomplete)


_LONGEST = max(map(len, COMMANDS))


def unknown(ctx: click.Context, name: str) -> NoReturn:
    """End with the commands that may be meant."""
    meant = list(_meant(name))
    hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
    raise click.UsageError(f"No such command '{name}'.{hint}", ctx)


def _meant(name: str) -> Iterator[str]:
    """What a name that is no command may stand for, quoted."""
    from difflib import get_close_matches  # only where a name is wrong

    other = _OTHERS.get(name.lower())
    if other is not None:
        yield f"'{other}'"
    elif close := get_close_matches(name.lower().replace("_", "-"), COMMANDS, n=2):
        yield from (f"'{one}'" for one in close)
    elif ":" in name:
        yield from (f"'explain {name}'", f"'catalog {name}'")
    elif Path(name).exists():
        yield f"'scan {name}'"


_OTHERS = {
    "apply": "write",
    "fix": "check --fix",
    "generate": "scan",
    "lint": "check",
    "verify": "prove",
    "why": "explain",
}
"""What other tools call it."""


def with_suggestion(error: click.BadParameter) -> click.BadParameter:
    """The same error; where a value is none of a fixed set, with the value that resembles it."""
    from difflib import get_close_matches

    given = error.message.split("'")[1:2]
    kind = error.param.type if error.param is not None else None
    choices = [str(choice) for choice in kind.choices] if isinstance(kind, click.Choice) else []
    if not given or not (close := get_close_matches(given[0].lower(), choices, n=1)):
        return error
    message = f"{error.message} Did you mean '{close[0]}'?"
    return click.BadParameter(message, error.ctx, error.param, error.param_hint)
