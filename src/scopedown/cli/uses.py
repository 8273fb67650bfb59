"""The option ``--used``: what logs show of roles, for every command that says something of their rights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scopedown.observe.said import Uses
    from scopedown.scan import ProjectScan

Command = TypeVar("Command", bound=Callable[..., Any])


def used_option(command: Command) -> Command:
    """Give a command the option; its value is the file of a table, or None."""
    return click.option(
        "--used", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="A table of uses that scopedown observe --save-used made: says what was used, and when for the last time.",
    )(command)  # fmt: skip


def uses_of(file: Path | None, scans: Sequence[ProjectScan], deployer: str = "") -> Uses | None:
    """What a table shows of the roles of projects; None without a table. Raises ScopedownError."""
    if file is None:
        return None
    from scopedown.catalog.load import catalog
    from scopedown.observe.names import Names
    from scopedown.observe.reading.table import read_table
    from scopedown.observe.result import observe
    from scopedown.observe.said import Uses

    facts, table = catalog(), read_table(file)
    found = [observe(scan, Names(scan.project, facts), table, (), deployer, facts) for scan in scans]
    for line in dict.fromkeys(one.account.said for one in found if one.account.said):
        click.echo(f"scopedown: {line}", err=True)
    return Uses(found)
