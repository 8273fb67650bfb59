"""What ``check --fix`` and ``denied --fix`` share: show what :mod:`scopedown.repair` would change, ask, and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.projects import Outcome, Request, options_of
from scopedown.cli.scanning import How, scanned
from scopedown.cli.write import agreed, as_read, require_as_read, show

if TYPE_CHECKING:
    from scopedown.checks.model import Problem
    from scopedown.scan import ProjectScan


def repaired_files(
    scans: list[ProjectScan],
    request: Request,
    how: How,
    outcome: Outcome,
    *,
    chosen: frozenset[str] = frozenset(),
    find: Callable[[ProjectScan, Mapping[Path, str] | None], tuple[Problem, ...]] | None = None,
    nothing: str,
    yes: bool,
) -> bool:
    """Show what would be changed of every project and change it; whether nothing that can be repaired was left.

    ``chosen`` are the rules whose problems are repaired, or ``find`` finds others. ``nothing`` is said where there is
    nothing to change.
    """
    from scopedown.emit.splice.edits import replace_files
    from scopedown.project.load import load_project
    from scopedown.project.stand_ins import spelled_out
    from scopedown.repair.project import SYNTHESIZED, UNVERIFIED, Repairing, repaired
    from scopedown.repair.uncertain_grants import UNSURE
    from scopedown.write.every_deployment import of_every_deployment

    given = options_of(request)
    opened = [of_every_deployment(scan.project, given) for scan in scans]
    options = {(project.root, project.config): chosen for project, chosen in opened}
    repairing = Repairing(
        lambda project, texts: load_project(
            Path(project.root) / project.config, options[project.root, project.config], texts
        ),
        lambda project: scanned(project, how),
        chosen,
        unseen=yes,
        find=find,
    )
    found = repaired([scanned(project, how) for project, _ in opened], repairing, outcome.base)
    if any(finding.code == UNVERIFIED for repair in found for finding in repair.findings):
        require_as_read([scan.project for scan in scans], request)
    changes = tuple(change for repair in found for change in repair.changes)
    show(changes, waits=not yes)
    refused = False
    for finding in dict.fromkeys(finding for repair in found for finding in repair.findings):
        unsure = finding.code == UNSURE
        refused |= finding.code not in (UNSURE, SYNTHESIZED)  # check calls nothing of a CDK app fixable
        click.echo(f"{'unsure' if unsure else 'not fixed'}: {spelled_out(str(finding))}", err=True)
    if not changes:
        click.echo(f"scopedown: {'nothing was fixed' if refused else nothing}", err=True)
        return not refused
    if not yes and not agreed():
        click.echo("scopedown: nothing was written (--yes writes without asking)", err=True)
        return False
    projects = [scan.project for scan, one in zip(scans, found, strict=True) if one.changes]
    replace_files(
        [(one.path, one.before, one.after) for one in changes],
        [Path(one.root) for one in projects],
        lambda: as_read(projects, request),
    )
    count = sum(repair.mended for repair in found)
    problems = f"{count} problem{'' if count == 1 else 's'}"
    click.echo(f"scopedown: fixed {problems} in {', '.join(one.name for one in changes)}", err=True)
    return not refused
