"""``scopedown check``: what roles declare against what their functions need."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.checks.forms import FORMS
from scopedown.cli.check.outputs import Outputs, outputs
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, require_functions, scan_options, scan_projects
from scopedown.core.coverage import Verdict
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.checks.results import Report, Result
    from scopedown.checks.settings import Settings
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  scopedown check                                        # the project in this folder
  scopedown check --fail-on warning --ignore SD205       # a stricter gate
  scopedown check services --recursive --format sarif -o scopedown.sarif
  scopedown check --format github -o sarif=a.sarif -o markdown=a.md  # several forms of one run
  scopedown check --write-baseline --baseline known.json # what is known does not count from now on
  scopedown check --fix                                  # show the fixes, and ask
"""


@click.command(epilog=_EXAMPLES)
@project_options
@scan_options
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="text", show_default=True,
    help="Text to read, JSON (docs/json.md), SARIF 2.1.0 for code scanning, workflow commands of GitHub Actions, a "
    "Code Quality report for GitLab, JUnit XML, or Markdown for a comment under a pull request.",
)  # fmt: skip
@click.option(
    "--output", "-o", multiple=True, type=click.Path(dir_okay=False), metavar="[FORM=]FILE",
    help="Write to this file; FORM=FILE (sarif=scopedown.sarif) writes one form more, and is repeatable.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["missing", "error", "warning", "note", "none"]),
    help="Exit 1 at problems of this severity or a greater one; missing: where a function will be denied something "
    "(SD101, SD102, SD103).  [default: missing]",
)  # fmt: skip
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule (SD201, unused-action, SD2); repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not this rule; repeatable.")
@click.option(
    "--baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Problems that FILE knows do not count.",
)  # fmt: skip
@click.option("--write-baseline", is_flag=True, help="Write the problems that there are now to the baseline's file.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed in the project's files; the change is shown first.")
@click.option("--yes", is_flag=True, help="With --fix: write without a question.")
@click.option("--require-whole", is_flag=True, help="Exit 1 where the code of a function was not seen whole, too.")
def check_command(
    functions: tuple[str, ...],
    no_cache: bool,
    jobs: int | None,
    form: str,
    output: tuple[str, ...],
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    write_baseline: bool,
    fix: bool,
    yes: bool,
    require_whole: bool,
    **request: Any,
) -> None:
    """Compare what the roles of the project in PATH allow with what their functions need.

    Problems are what a function will be denied, what nobody needs, what is wider than needed, and what is wrong with
    the statements themselves. .scopedown.toml or [tool.scopedown.check] in pyproject.toml may say --fail-on, --select,
    --ignore and --baseline; a comment "# scopedown: ignore RULE reason" leaves out one problem. Exit code 1 where
    --fail-on objects, 2 where no function's code was read.
    """
    asked, how, wanted = Request(**request), How(functions, no_cache, jobs), outputs(form, output)
    given = _settings(asked, fail_on, select, ignore, baseline, write_baseline)
    if yes and not fix:
        raise ScopedownError("--yes has no meaning without --fix", remedy="leave it out")
    if write_baseline and given.baseline is None:
        raise ScopedownError("--write-baseline does not say where to", remedy="name the file: --baseline FILE")
    outcome, unread = Outcome(), False
    scans = scan_projects(asked, outcome, how)
    require_functions(functions, {function.key for shown in scans for function in shown.project.functions})
    if fix:
        from scopedown.cli.check.fix import mended

        failed = not mended(scans, asked, how, given.chosen, yes, outcome)
    else:
        from scopedown.checks.results import repository_of

        base = repository_of(asked.folder)
        report = _report(scans, base, given, write_baseline, require_whole)
        _tell(report, base, wanted)
        failed = report.failed and not write_baseline
        unread = report.read_nothing
    for error in outcome.errors:
        click.echo(f"not read: {error.finding('project-unreadable')}", err=True)
    if outcome.errors or unread:
        click.get_current_context().exit(2)
    if failed:
        click.get_current_context().exit(1)


def _settings(
    asked: Request,
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    baseline: Path | None,
    write_baseline: bool,
) -> Settings:
    """What the command line says, and what it leaves to the project's own settings."""
    from scopedown.checks.results import repository_of
    from scopedown.checks.settings import Settings, baseline_to_write, chosen, settings

    top = repository_of(asked.folder)
    own = settings(asked.folder, top)
    if baseline is None and write_baseline:
        baseline = baseline_to_write(own, top)
    return Settings(
        fail_on or own.fail_on or "missing",
        chosen(select, None) if select else own.select,
        chosen(ignore, None) if ignore else own.ignore,
        baseline or own.baseline,
    )


def _report(scans: list[ProjectScan], base: Path, given: Settings, write_baseline: bool, require_whole: bool) -> Report:
    """What was found, its places relative to the repository."""
    from scopedown.catalog.load import catalog
    from scopedown.checks.baseline import gone, known_of, text_of
    from scopedown.checks.results import Report, config_of, results
    from scopedown.checks.run import check
    from scopedown.checks.settings import failing
    from scopedown.cli.files import write_file

    chosen, ignored = given.chosen, 0
    found: list[Result] = []
    for scan in scans:
        one = check(scan, catalog(), chosen)
        ignored += len(one.ignored)
        found += results(one.problems, scan.project, base)
    known, lost = frozenset[str](), 0
    if write_baseline and given.baseline:
        write_file(given.baseline, text_of(found))
        click.echo(f"scopedown: wrote {given.baseline}", err=True)
    elif given.baseline:
        listed = known_of(given.baseline)
        known = frozenset(one.fingerprint for one in listed)
        whole = [scan.project for scan in scans if len(scan.functions) == len(scan.project.functions)]
        lost = gone(listed, found, {config_of(project, base) for project in whole}, chosen)
    left = [result for result in found if result.fingerprint not in known]
    return Report(
        tuple(left), ignored, len(found) - len(left), len(scans), sum(len(one.functions) for one in scans),
        failing(given.fail_on or "missing"), lost, _verdicts(scans, Verdict.PARTLY), _verdicts(scans, Verdict.NONE),
        require_whole,
    )  # fmt: skip


def _verdicts(scans: list[ProjectScan], verdict: Verdict) -> int:
    return sum(function.coverage.verdict is verdict for scan in scans for function in scan.functions)


def _tell(report: Report, base: Path, wanted: Outputs) -> None:
    """Write the files, then print. Text is for who stands here: its places are relative to the working directory."""
    from scopedown.checks.forms import form
    from scopedown.checks.forms.text import render
    from scopedown.checks.results import seen_from
    from scopedown.cli.files import write_file

    here = seen_from(report, base, Path.cwd().resolve())
    for path, name in wanted.files:
        write_file(path, form(name)(here if name == "text" else report))
    if wanted.printed == "text":
        click.echo(render(here, _coloured()), nl=False)
    elif wanted.printed is not None:
        click.echo(form(wanted.printed)(report), nl=False)


def _coloured() -> bool:
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
