"""``scopedown denied --fix``: the statement that a denial asks for, in the project's files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.projects import Outcome, Request, options_of
from scopedown.cli.scanning import How, scanned, scanned_elsewhere
from scopedown.cli.write import agreed, as_read, show

if TYPE_CHECKING:
    from scopedown.denied.explained import Explained
    from scopedown.scan import ProjectScan


def fixed(
    found: Sequence[Explained], scans: list[ProjectScan], request: Request, how: How, yes: bool
) -> bool:  # fmt: skip
    """Show the change of the files and make it; whether every denial is one that a role of the project can allow."""
    from scopedown.catalog.load import catalog
    from scopedown.denied.fixes import mendable, problems
    from scopedown.emit.splice.edits import replace_files
    from scopedown.project.load import load_project
    from scopedown.repair.project import Repairing, repaired

    left = [one for one in found if not mendable(one)]
    for one in left:
        denial = one.advice.denial
        click.echo(f"not fixed: {denial.action or denial.operation} does not concern a role of this project", err=True)
    options = options_of(request)
    repairing = Repairing(
        lambda project, texts: load_project(Path(project.root) / project.config, options, texts),
        lambda project: scanned(project, how),
        lambda project: scanned_elsewhere(project, options, how),
        frozenset(),
        unseen=yes,
        find=lambda scan, texts: problems(scan, found, catalog(), texts),
    )
    made = repaired(scans, repairing, Outcome().base)
    changes = tuple(change for one in made for change in one.changes)
    show(changes, waits=not yes)
    for finding in dict.fromkeys(finding for one in made for finding in one.findings):
        click.echo(f"not fixed: {finding}", err=True)
    if not changes:
        click.echo("scopedown: nothing was changed", err=True)
        return not left and not any(one.findings for one in made)
    if not yes and not agreed():
        click.echo("scopedown: nothing was written (--yes writes without asking)", err=True)
        return False
    projects = [scan.project for scan, one in zip(scans, made, strict=True) if one.changes]
    replace_files(
        [(one.path, one.before, one.after) for one in changes],
        [Path(one.root) for one in projects],
        lambda: as_read(projects, request),
    )
    click.echo(f"scopedown: fixed {', '.join(one.name for one in changes)}", err=True)
    return not left
