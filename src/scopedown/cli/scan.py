"""``scopedown scan``: the permissions that each function needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.options import fail_on_option, shard_option
from scopedown.cli.output import output_option, require_parquet_output
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, scan_options, scan_projects

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopedown.core.gates import FailOn
    from scopedown.core.text import Text
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan
    from scopedown.scan.forms import Scans

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
@format_option("scans", "Tables, statements to paste, JSON (docs/json.md), or rows of many projects (docs/fleet.md).")
@click.option("--explain", is_flag=True, help="Show every reason, with the chain of functions to each call.")
@click.option("--all", "everything", is_flag=True, help="Also show the functions' permissions on their own log groups.")
@fail_on_option("scan")
@output_option
def scan_command(
    request: Request, how: How, form: str, explain: bool, everything: bool, fail_on: FailOn
) -> None:  # fmt: skip
    """Show the permissions that each function of the project in PATH needs (default: this folder).

    PATH is a project's folder or its configuration file: a serverless.yml, a SAM or CloudFormation template, or the
    cdk.out of a CDK application. A source file, FILE or FILE:SYMBOL, is scanned as a program without a project.
    scopedown reads the code and the configuration and never runs them.
    """
    require_parquet_output(form)
    outcome = Outcome()
    scans = scan_projects(request, outcome, how)
    from scopedown.scan.in_app import in_app

    shown = scans_of([*map(in_app, scans)], outcome)
    show("scans", form, shown, explain=explain, everything=everything)
    outcome.name_unread()
    if outcome.base and form != "json":
        functions_read = sum(len(scan.functions) for scan in scans)
        click.echo(
            f"\n{len(scans)} projects read, {len(outcome.errors)} not read, {outcome.others} of other clouds, "
            f"{functions_read} functions",
            err=form != "text",
        )
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


def scans_of(scans: list[ProjectScan], outcome: Outcome) -> Scans:
    """Scans as the forms take them, with the ARNs that resources have in the account."""
    from scopedown.catalog.load import catalog
    from scopedown.scan.forms import Scans

    def names(project: Project) -> Callable[[Text], str]:
        from scopedown.observe.names import Names

        return Names(project, catalog()).pattern

    return Scans(scans, outcome.unread, outcome.base, names)
