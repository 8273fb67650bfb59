"""``scopedown scan``: the permissions that each function needs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.gates import fail_on_option
from scopedown.cli.output import ROW_FORMS, output_option, print_content, require_parquet_output
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, require_functions, scan_options, scan_projects
from scopedown.cli.shard import shard_option
from scopedown.cli.terminal import drawn, prints_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from scopedown.checks.gates import FailOn
    from scopedown.emit.rows import Cell
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  scopedown scan                                  # the project in this folder, as tables
  scopedown scan --explain --function create      # one function, with every reason
  scopedown scan --format yaml                    # statements to paste into serverless.yml
  scopedown scan services --recursive --format json > scan.json
  scopedown scan --stage prod --param-file values.yml
  scopedown scan --fail-on unresolved,unseen      # exit 1 where something is not known
  scopedown scan repos --recursive --shard 1/8 --format ndjson -o scan-1.ndjson
  scopedown scan worker/main.py jobs/clean.py:run # code without a project file
"""


@click.command(epilog=_EXAMPLES)
@project_options
@shard_option
@scan_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "yaml", "json", *ROW_FORMS]),
    default="text",
    show_default=True,
    help="Tables, statements to paste, JSON (docs/json.md), or rows of many projects (docs/fleet.md).",
)
@click.option("--explain", is_flag=True, help="Show every reason, with the chain of functions to each call.")
@click.option("--all", "everything", is_flag=True, help="Also show the functions' permissions on their own log groups.")
@fail_on_option("scan")
@output_option
def scan_command(
    functions: tuple[str, ...],
    no_cache: bool,
    jobs: int | None,
    form: str,
    explain: bool,
    everything: bool,
    fail_on: FailOn,
    **request: Any,
) -> None:
    """Show the permissions that each function of the project in PATH needs (default: this folder).

    PATH is a project's folder or its configuration file: a serverless.yml, a SAM or CloudFormation template, or the
    cdk.out of a CDK application. A source file, FILE or FILE:SYMBOL, is scanned as a program without a project.
    scopedown reads the code and the configuration and never runs them.
    """
    require_parquet_output(form)
    outcome = Outcome()
    scans = scan_projects(Request(**request), outcome, How(functions, no_cache, jobs))
    known = {function.key for scan in scans for function in scan.project.functions}
    require_functions(functions, known)
    from scopedown.scan.in_app import in_app

    _print(form, [*map(in_app, scans)], outcome, outcome.base, explain, everything)
    if _fails(scans, fail_on):
        click.get_current_context().exit(1)


def _fails(scans: list[ProjectScan], gates: FailOn) -> bool:
    """Whether a gate fails at the scans."""
    if "unseen" in gates.names and not all(one.coverage.is_whole for scan in scans for one in scan.functions):
        return True
    return any(
        gates.is_grave(finding.severity) or ("unresolved" in gates.names and finding.code.startswith("variable"))
        for scan in scans
        for finding in scan.findings
    )


def _print(
    form: str, scans: list[ProjectScan], outcome: Outcome, base: Path | None, explain: bool, everything: bool
) -> None:  # fmt: skip
    if form == "json":
        from scopedown.emit.json_text import indented
        from scopedown.scan.forms.report import report, reports

        shown = reports(scans, outcome.errors, base.resolve()) if base else report(scans[0])
        click.echo(indented(shown, ensure_ascii=not prints_unicode()))
    elif form in ROW_FORMS:
        from scopedown.emit.rows import rendered
        from scopedown.scan.forms.rows import COLUMNS

        print_content(rendered(form, COLUMNS, scan_rows(scans, outcome)))
    elif form == "yaml":
        from scopedown.scan.forms.statements import statements_yaml

        for scan in scans:
            click.echo(statements_yaml(scan), nl=False)
    else:
        click.echo(drawn(partial(_tables, scans, explain, everything)), nl=False)
    for error in outcome.errors:
        click.echo(f"not read: {error.finding('project-unreadable')}", err=True)
    if base and form != "json":
        functions = sum(len(scan.functions) for scan in scans)
        click.echo(
            f"\n{len(scans)} projects read, {len(outcome.errors)} not read, {outcome.others} of other clouds, "
            f"{functions} functions",
            err=form != "text",
        )


def scan_rows(scans: list[ProjectScan], outcome: Outcome) -> Iterator[dict[str, Cell]]:
    """Scans as flat rows, with the ARNs that resources have in the account."""
    from scopedown.catalog.load import catalog
    from scopedown.observe.names import Names
    from scopedown.scan.forms.rows import rows

    return rows(scans, outcome.unread, outcome.base, lambda project: Names(project, catalog()).pattern)


def _tables(scans: list[ProjectScan], explain: bool, everything: bool, console: Console) -> None:
    from scopedown.scan.forms.table import print_scan

    for number, one in enumerate(scans):
        if number:
            console.print()
        print_scan(one, console, explain, everything)
