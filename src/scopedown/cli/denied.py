"""``scopedown denied``: what a denial that AWS reports means, and what to change."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.output import output_option
from scopedown.cli.projects import Outcome, Request, project_options
from scopedown.cli.scanning import How, require_functions, scan_options, scan_projects
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog
    from scopedown.denied.advice import Advice
    from scopedown.denied.explained import Explained
    from scopedown.scan import ProjectScan

_EXAMPLES = """
\b
Examples:
  scopedown denied --message "User: arn:aws:sts::111122223333:assumed-role/r/f is not authorized to perform: ..."
  aws cloudformation describe-stack-events --stack-name orders-dev | scopedown denied
  scopedown denied services/orders --from record.json   # a CloudTrail record, with the project's code
  aws sts decode-authorization-message --encoded-message TEXT | scopedown denied
  scopedown denied --from error.txt --fix               # add the statement to the project's files
"""


@click.command("denied", epilog=_EXAMPLES)
@project_options
@scan_options
@click.option("--message", "-m", metavar="TEXT", help="What AWS says. Default: read standard input.")
@click.option(
    "--from", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A file with what AWS says: a log, a CloudTrail record, CloudFormation's events, a decoded message.",
)  # fmt: skip
@click.option("--fix", is_flag=True, help="Add the statement to the project's files; shows the change first.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
@format_option("denials")
@output_option
def denied_command(
    request: Request, how: How, message: str | None, source: Path | None, fix: bool, yes: bool, form: str
) -> None:  # fmt: skip
    """Explain a denial: who was denied what, by which kind of policy, and what to change.

    The text may be AWS's sentence, an exception of an SDK, a CloudTrail record, events of CloudFormation, or a decoded
    authorization message. With a project in PATH, also which function and line, or which step of the deployment, asked.
    Exit code 1: no policy of the caller can allow a request of these. Exit code 2: the text has no denial.
    """
    from scopedown.catalog.load import catalog
    from scopedown.denied.advice import advised, with_action
    from scopedown.denied.records import denials

    paths = tuple(path for path in request.paths if str(path) != "-")  # Standard input is read anyway.
    request = replace(request, paths=paths)
    if yes and not fix:
        raise ScopedownError("--yes works only with --fix", remedy="add --fix or remove --yes")
    text = _text(message, source)
    facts = catalog()
    advices = [advised(with_action(one, facts), facts) for one in denials(text)]
    if not advices:
        raise ScopedownError(
            "the text has no denial that scopedown knows",
            remedy='pass AWS\'s whole message, such as "User: … is not authorized to perform: …"',
        )
    scans = _scans(request, how, fix)
    found = [_explained(one, scans, facts) for one in advices]
    show("denials", form, found)
    good = all(one.advice.mendable for one in found)
    if fix:
        good = _fixed(found, scans, request, how, yes)
    if not good:
        click.get_current_context().exit(1)


def _text(message: str | None, source: Path | None) -> str:
    """What AWS says: the option, a file, or standard input."""
    if message is not None and source is not None:
        raise click.UsageError("--message and --from exclude each other")
    if message is not None:
        return message
    if source is not None:
        from scopedown.documents.document import read_text

        return read_text(source, str(source)) or ""
    if sys.stdin is not None and sys.stdin.isatty():
        click.echo("paste what AWS says, then press Ctrl-D:", err=True)
    return sys.stdin.read() if sys.stdin is not None else ""


def _fixed(found: Sequence[Explained], scans: list[ProjectScan], asked: Request, how: How, yes: bool) -> bool:
    """Add the statements that denials ask for; whether every denial is one that a role of the project can allow."""
    from scopedown.catalog.load import catalog
    from scopedown.cli.repairing import repaired_files
    from scopedown.denied.fixes import mendable, problems

    left = [one for one in found if not mendable(one)]
    for one in left:
        denial = one.advice.denial
        click.echo(f"not fixed: {denial.action or denial.operation} does not concern a role of this project", err=True)
    good = repaired_files(
        scans, asked, how, Outcome(),
        find=lambda scan, texts: problems(scan, found, catalog(), texts), nothing="nothing was changed", yes=yes,
    )  # fmt: skip
    return good and not left


def _scans(asked: Request, how: How, needed: bool) -> list[ProjectScan]:
    """The scans of the project; none where no path was given and the folder has no project."""
    from scopedown.project.discovery import find_config

    if not asked.paths and not asked.compiled and not needed:
        try:
            find_config(Path())
        except ScopedownError:
            require_functions(how.functions, ())
            return []
    return scan_projects(asked, Outcome(), how)


def _explained(advice: Advice, scans: list[ProjectScan], facts: Catalog) -> Explained:
    """An advice with what the project says of it."""
    from scopedown.denied.explained import Explained
    from scopedown.denied.whereabouts import functions_of, steps_of
    from scopedown.deploy.commands import commands_of
    from scopedown.deploy.plan import plan
    from scopedown.deploy.settings import framework_of

    if not advice.denial.action:
        return Explained(advice)
    functions = functions_of(advice.denial, scans, facts)
    steps = []
    if not any(one.certain for one in functions):
        for scan in scans:
            framework = framework_of(scan.project)
            if framework:
                every = commands_of(framework, scan.project.plugins)
                steps += steps_of(advice.denial, plan(scan.project, facts, framework, every))
    if steps and not any(one.certain for one in functions):
        functions = [one for one in functions if not advice.denial.caller]
    return Explained(advice, tuple(functions), tuple(steps))
