"""The option ``--fail-on``, which every command with a gate has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scopedown.checks.gates import DEFAULTS, NAMED, WITH_RULES, WITH_SEVERITIES, FailOn, fail_on, names_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


Command = TypeVar("Command", bound=Callable[..., Any])


def fail_on_option(command: str, note: str = "") -> Callable[[Command], Command]:
    """The option with the gates of a command; its value is a :class:`~scopedown.checks.gates.FailOn`."""
    meanings = "; ".join(f"{gate.name}: {gate.fails}" for gate in NAMED if command in gate.commands)
    severities = "; error, warning or note: a problem of at least that severity" if command in WITH_SEVERITIES else ""
    rules = "; a rule id: SD201, SD2" if command in WITH_RULES else ""
    return click.option(
        "--fail-on", metavar="GATE,…", default=DEFAULTS[command], show_default=True,
        callback=partial(_read, command), shell_complete=partial(_completed, command),
        help=f"{note}Exit 1 at any of these, comma-separated. {meanings}{severities}{rules}; none: never fail.",
    )  # fmt: skip


def _read(command: str, ctx: click.Context, param: click.Parameter, value: str) -> FailOn:
    return fail_on(command, value.split(","))


def _completed(command: str, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The words that the last of the list may become."""
    from click.shell_completion import CompletionItem

    before, comma, last = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{one}") for one in names_of(command) if one.startswith(last)]
