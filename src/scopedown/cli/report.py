"""``scopedown report``: one page that tells everything of the projects, for people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.options import used_option, uses_of
from scopedown.cli.output import STDOUT
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, scan_options, scan_projects
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.observe.said import Uses
    from scopedown.report.model import Page
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  scopedown report -o report.html                   # the page of the project in this folder
  scopedown report services/orders -o orders.html   # another project, another file
  scopedown report services --recursive             # many projects, one page
  scopedown report --stage prod > report.html       # the same, by the shell
"""


@click.command(epilog=_EXAMPLES)
@project_options
@scan_options
@used_option
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
    help="Write the page to FILE; - prints it. Without this option the page is printed if the "
"output is piped.",
)  # fmt: skip
def report_command(
    request: Request, how: How, used: Path | None, output: Path | None
) -> None:  # fmt: skip
    """Make one HTML page about the project in PATH, with a graph of its functions and resources.

    It shows what each function's calls and settings need and why, what its role allows before and after, the problems
    that check reports, and unknown values. The page is one file, needs no network, and works without JavaScript. Rules
    that .scopedown.toml ignores are left out; problems of the baseline are marked.
    """
    if output is None and sys.stdout.isatty():
        raise ScopedownError("the page is HTML, for a browser", remedy="choose a file: scopedown report -o report.html")
    output = None if str(output) == STDOUT else output
    outcome = Outcome()
    scans = scan_projects(request, outcome, how)
    from scopedown.report.page import page

    told = _told(scans, request, outcome, uses_of(used, scans))
    text = page(told)
    if output is None:
        click.echo(text, nl=False)
    else:
        from scopedown.cli.output import write_file

        write_file(output, text)
    outcome.name_unread()
    if output is not None:
        click.echo(f"scopedown: wrote {output} ({_amount(told)}, {len(text.encode()) / 1e6:.1f} MB)", err=True)


def _amount(told: Page) -> str:
    from scopedown.core.words import count

    functions = count(sum(len(project.functions) for project in told.projects), "function")
    return functions if len(told.projects) == 1 else f"{count(len(told.projects), 'project')}, {functions}"


def _told(scans: list[ProjectScan], asked: Request, outcome: Outcome, uses: Uses | None) -> Page:
    from scopedown import __version__
    from scopedown.catalog.load import catalog
    from scopedown.checks.baseline import known_of
    from scopedown.checks.registry import rules
    from scopedown.cli.repositories import repository_of
    from scopedown.cli.settings.defaults import read_settings
    from scopedown.report.collect import not_read, project_part
    from scopedown.report.model import Page
    from scopedown.scan.forms.report import path_below

    repository = repository_of(asked.folder)
    own = read_settings()
    chosen = frozenset(own.of("check", "select") or (rule.id for rule in rules())) - {
        *(own.of("check", "ignore") or ())
    }
    baseline = own.of("check", "baseline")
    known = frozenset(one.fingerprint for one in known_of(Path(baseline))) if baseline else frozenset()
    base = outcome.base.resolve() if outcome.base else None
    parts = tuple(
        project_part(scan, catalog(), chosen, known, repository, path_below(base, scan.project) if base else "", uses)
        for scan in scans
    )
    return Page(__version__, parts, not_read(outcome.errors))
