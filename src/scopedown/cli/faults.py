"""Faults of scopedown in single functions: the command goes on without them, and ends as after a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scopedown.scan import ProjectScan

EXIT_CODE = 2
_met: list[str] = []


def note(scan: ProjectScan) -> ProjectScan:
    """Remember the faults of a scan, which is given back."""
    _met.extend(str(finding) for finding in scan.findings if finding.code == "internal-error")
    return scan


def exit_code(code: object) -> object:
    """The exit code of a command that ended with ``code``; its faults are printed and forgotten."""
    for fault in dict.fromkeys(_met):
        click.echo(f"scopedown: internal error: {fault}", err=True)
    met = bool(_met)
    _met.clear()
    return EXIT_CODE if met and code in (0, 1, None) else code
