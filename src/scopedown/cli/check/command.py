"""``scopedown check``: what roles declare against what their functions need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.check.baseline import Rules, baseline_of, baseline_options, without_known
from scopedown.cli.check.limits import project_limits
from scopedown.cli.check.outputs import form_options, outputs, show_report
from scopedown.cli.options import fail_on_option, shard_option, used_option, uses_of
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, observed_option, scan_options, scan_projects
from scopedown.core.coverage import Verdict
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.checks.results import Report, Result
    from scopedown.compare.access.limits import Limits
    from scopedown.core.gates import FailOn
    from scopedown.observe.said import Uses
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  scopedown check                                        # the project in this folder
  scopedown check --fail-on warning --ignore SD205       # a stricter gate
  scopedown check --fail-on missing,admin,unseen,SD203   # gates of your choice
  scopedown check services --recursive --format sarif -o scopedown.sarif
  scopedown check --format github -o sarif=a.sarif -o markdown=a.md  # several forms of one run
  scopedown check --write-baseline                       # these problems do not count from now on
  scopedown check --fix                                  # show the fixes, and ask
  scopedown check --observed logs                        # what CloudTrail shows in use is not called unused
"""


@click.command(epilog=_EXAMPLES)
@project_options
@shard_option
@scan_options
@form_options
@fail_on_option("check")
@click.option(
    "--select", multiple=True, metavar="RULE", help="Check only this rule (SD201, unused-action, SD2); repeatable."
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Skip this rule; repeatable.")
@baseline_options
@click.option(
    "--never", multiple=True, metavar="ACTIONS[@ARNS]",
    help="Report a role or policy that grants these actions (on these resources); repeatable (docs/compare.md).",
)  # fmt: skip
@click.option("--may-not-grow", is_flag=True, help="Report what roles and policies allow and did not allow at --base.")
@click.option(
    "--base",
    metavar="REF",
    default="origin/HEAD",
    show_default=True,
    help="The Git commit, branch or tag of --may-not-grow.",
)
@used_option
@observed_option
@click.option("--fix", is_flag=True, help="Fix what can be fixed in the project's files; shows the change first.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
def check_command(
    request: Request,
    how: How,
    form: str,
    output: tuple[str, ...],
    fail_on: FailOn,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    write_baseline: bool,
    never: tuple[str, ...],
    may_not_grow: bool,
    base: str,
    used: Path | None,
    fix: bool,
    yes: bool,
) -> None:
    """Compare the roles of the project in PATH with what their functions need.

    check reports calls that AWS will deny, permissions that no function needs, wildcards, and errors in statements. A
    comment "# scopedown: ignore RULE reason" hides one problem; .scopedown.toml sets defaults (docs/settings.md).
    Exit code 1: a gate of --fail-on was met. Exit code 2: no function's code could be read.
    """
    wanted = outputs(form, output)
    rules = _chosen(select, ignore)
    if yes and not fix:
        raise ScopedownError("--yes works only with --fix", remedy="add --fix or remove --yes")
    if write_baseline and request.shard:
        raise ScopedownError(
            "--write-baseline writes the problems of all projects, and --shard reads a part", remedy="remove --shard"
        )
    baseline = baseline_of(baseline, request.folder, write=write_baseline)
    outcome, unread = Outcome(), False
    scans = scan_projects(request, outcome, how)
    if fix:
        from scopedown.cli.repairing import repaired_files

        nothing = "nothing to fix automatically (scopedown check lists what to change by hand)"
        failed = not repaired_files(scans, request, how, outcome, chosen=rules, nothing=nothing, yes=yes)
    else:
        from scopedown.cli.repositories import repository_of

        top = repository_of(request.folder)
        with project_limits(request, never, may_not_grow, base) as limits_of:
            uses = uses_of(used, scans)
            report = _report(scans, top, rules, baseline, fail_on, write_baseline, limits_of, uses)
            report = replace(report, scans=tuple(scans), unread_projects=tuple(outcome.unread), base=top)
        show_report(report, top, wanted)
        failed = report.failed and not write_baseline
        unread = report.read_nothing
    outcome.name_unread()
    if outcome.errors or unread:
        click.get_current_context().exit(2)
    if failed:
        click.get_current_context().exit(1)


def _chosen(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """The ids of the rules that are looked for."""
    from scopedown.checks.registry import chosen, rules

    every = chosen(select, None) if select else tuple(rule.id for rule in rules())
    return frozenset(every) - frozenset(chosen(ignore, None))


def _report(
    scans: list[ProjectScan], base: Path, chosen: frozenset[str], baseline: Path | None, gates: FailOn,
    write_baseline: bool, limits_of: Callable[[Project], Limits], uses: Uses | None = None,
) -> Report:  # fmt: skip
    """What was found, its places relative to the repository."""
    from scopedown.catalog.load import catalog
    from scopedown.checks.access import roles_not_compared
    from scopedown.checks.gates import failing
    from scopedown.checks.registry import rules
    from scopedown.checks.results import Report, config_of, results
    from scopedown.checks.run import check

    ignored = 0
    found: list[Result] = []
    for scan in scans:
        one = check(scan, catalog(), chosen, limits=limits_of(scan.project), uses=uses)
        ignored += len(one.ignored)
        found += results(one.problems, scan.project, base)
    whole = [scan.project for scan in scans if len(scan.functions) == len(scan.project.functions)]
    files = {config_of(project, base) for project in whole}
    looked_for = Rules(frozenset(rule.id for rule in rules()), chosen)
    left, lost = without_known(found, baseline, looked_for, files, write=write_baseline)
    left_out = tuple(role for scan in scans for role in roles_not_compared(scan.project))
    return Report(
        tuple(left), ignored, len(found) - len(left), len(scans), sum(len(one.functions) for one in scans),
        failing(gates), lost, _verdicts(scans, Verdict.PARTLY), _verdicts(scans, Verdict.NONE),
        "unseen" in gates.names, not_compared=left_out,
    )  # fmt: skip


def _verdicts(scans: list[ProjectScan], verdict: Verdict) -> int:
    return sum(function.coverage.verdict is verdict for scan in scans for function in scan.functions)
