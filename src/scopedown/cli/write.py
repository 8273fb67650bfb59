"""``scopedown write``: least-privilege roles in the project's own files."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scopedown.cli.forms import format_option, forms, rendered
from scopedown.cli.forms import show as show_form
from scopedown.cli.options import fail_on_option
from scopedown.cli.output import output_option
from scopedown.cli.projects import Outcome, Request, each_project, options_of, project_options
from scopedown.cli.scanning import (
    How,
    observed_option,
    require_functions,
    scan_options,
    scanned,
    scanned_elsewhere,
)
from scopedown.cli.settings.defaults import is_of_settings
from scopedown.cli.terminal import paged
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from scopedown.core.gates import FailOn
    from scopedown.project.model import Project
    from scopedown.write.model import FileChange, Form, WritePlan

_EXAMPLES = """
\b
Examples:
  scopedown write                       # show what would change, and ask
  scopedown write --diff                # only show it
  scopedown write --check               # the same in CI: exit 1 where the files would change
  scopedown write --yes --function list # one function's role, without a question
  scopedown write --observed logs       # keep what CloudTrail's logs show in use
  scopedown write --shared              # one role for all functions
  scopedown write --as managed          # statements as managed policies, which hold more
  scopedown write --format terraform    # print policy documents instead
  scopedown write --format cdk-python   # print grants for a CDK app in Python
"""
_POLICY = re.compile(r"arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy/[\w+=,.@/-]{1,640}", re.ASCII)
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(epilog=_EXAMPLES)
@project_options
@scan_options
@click.option(
    "--dialect",
    type=click.Choice(["auto", "inline", "plugin", "v4"]),
    default="auto",
    show_default=True,
    help="Where roles go: a role under resources for each function, iamRoleStatements of "
    "serverless-iam-roles-per-function, or iam.role of serverless 4. auto takes what the "
    "project uses.",
)
@click.option(
    "--shared", is_flag=True, help="Keep one role for all functions (in a template, the roles that they share)."
)
@click.option(
    "--as",
    "as_",
    type=click.Choice(["inline", "managed"]),
    default="inline",
    show_default=True,
    help="Write statements in the role, or in managed policies, which hold more.",
)
@click.option("--boundary", metavar="ARN", help="The ARN of a permissions boundary for the new roles.")
@format_option(
    "policies",
    "files writes the project's files; for a CDK app it prints grants in the app's language. The others print "
    "policies: Terraform documents, statements or grants for the CDK, CloudFormation roles or JSON.",
    default="files",
    more=("files",),
)
@click.option("--diff", "only_diff", is_flag=True, help="Show the change and write nothing.")
@click.option("--check", "only_check", is_flag=True, help="Like --diff, and exit 1 if files would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@observed_option
@fail_on_option("write")
@output_option
def write_command(
    request: Request,
    how: How,
    dialect: str,
    shared: bool,
    as_: str,
    boundary: str | None,
    form: str,
    only_diff: bool,
    only_check: bool,
    yes: bool,
    fail_on: FailOn,
) -> None:
    """Write least-privilege roles into the files of the project in PATH.

    Every function gets its own role with what its code and its settings need. write changes only statements and roles;
    comments, order and layout stay. It shows the change first. Exit code 1: a role was not written, or a gate of
    --fail-on was met.
    """
    if (only_diff or only_check) and yes:
        raise ScopedownError("--yes cannot be combined with --diff or --check", remedy="remove one of them")
    gates = fail_on.names | ({"pending"} if only_check else set())
    only_diff |= only_check
    outcome, refused = Outcome(), False
    if form != "files":
        said = {"shared": shared, "dialect": dialect != "auto", "as_": as_ != "inline", "boundary": boundary}
        if only_diff or yes or any(value and not is_of_settings(name) for name, value in said.items()):
            raise ScopedownError(
                f"--format {form} prints and changes no file: --diff, --check, --yes, --shared, --dialect, --as and "
                "--boundary have no meaning for it",
                remedy="remove them",
            )
        _print(request, outcome, how, form)
    else:
        written = _form(as_, boundary)
        writers: dict[Path, str] = {}
        for _, (project, plan) in each_project(
            request, outcome, lambda name, project: (project, _plan(request, how, dialect, shared, written, project))
        ):
            if isinstance(plan, str):
                click.echo(plan, nl=False)
                continue
            plan = _of_one_writer(plan, project, writers)
            folder = _folder(project, outcome.base)
            plan = plan.below(folder, project.config) if folder else plan
            of = f"{folder}/{project.config}: " if folder else ""
            refused |= not _written(plan, only_diff, yes, of, project, request, gates)
    outcome.name_unread()
    if refused:
        click.get_current_context().exit(1)


def _form(as_: str, boundary: str | None) -> Form:
    """The form that the options ask for. Raises ScopedownError for what is no ARN of a policy."""
    from scopedown.write.model import Form

    if boundary is not None and not _POLICY.fullmatch(boundary):
        raise ScopedownError(
            f"--boundary {printable(boundary)} is not the ARN of a managed policy",
            remedy="give it as arn:aws:iam::ACCOUNT:policy/NAME",
        )
    return Form(as_ == "managed", boundary or "")


def _plan(asked: Request, how: How, dialect: str, shared: bool, form: Form, project: Project) -> WritePlan | str:
    """What would be written, or what a person pastes where the project file is a program."""
    from scopedown.project.load import load_project
    from scopedown.write import serverless, templates
    from scopedown.write.every_deployment import of_every_deployment
    from scopedown.write.model import INLINE, Dialect

    require_functions(how.functions, (project,))
    options = options_of(asked)
    config = Path(project.root) / project.config

    def read(texts: Mapping[Path, str]) -> Project:
        return load_project(config, options, texts)

    if project.framework in ("sam", "cloudformation"):
        project, options = of_every_deployment(project, options)
        return templates.plan(scanned(project, how), read, shared, form)
    is_program = project.framework == "serverless" and not project.config.endswith((".yml", ".yaml", ".json"))
    if form != INLINE and (is_program or project.framework == "cdk"):
        raise ScopedownError(
            f"--as managed and --boundary write files, and {project.config} is a program, for which statements are "
            "printed",
            remedy="remove them, and put the statements in a managed policy in the program",
        )
    if project.framework == "cdk":
        from scopedown.project.cdk.program.files import language_of

        form_of_app = f"cdk-{language_of(Path(project.root))}"
        return str(
            rendered("policies", form_of_app if form_of_app in forms("policies") else "cdk", scanned(project, how))
        )
    if project.framework == "terraform":
        from scopedown.write import terraform

        if form != INLINE or project.config.endswith(".json"):
            what = (
                f"{project.config} is not an HCL file" if form == INLINE else "--as managed and --boundary do not apply"
            )
            raise ScopedownError(
                f"{what}, and scopedown write changes policies in Terraform's own files",
                remedy="print policy documents with scopedown write --format terraform",
            )
        project, options = of_every_deployment(project, options)
        return terraform.plan(scanned(project, how), read)
    if project.framework != "serverless":
        raise ScopedownError(
            f"{project.config} is not a project file that write can change",
            remedy="take the statements from scopedown write --format cloudformation (or terraform, cdk, json)",
        )
    chosen = None if dialect == "auto" else Dialect(dialect)
    if is_program:
        from scopedown.write.snippets import pasted

        scan = scanned(project, how)
        texts = pasted(scan, scanned_elsewhere(scan, options, how), chosen, shared)
        return "".join(f"{printable(line)}\n" for text in texts for line in text.split("\n"))
    project, options = of_every_deployment(project, options)
    return serverless.plan(scanned(project, how), read, chosen, shared, form)


def _of_one_writer(plan: WritePlan, project: Project, writers: dict[Path, str]) -> WritePlan:
    """A plan without its changes where it would change a file that was changed for another project of this run: what
    that one needs there, this one does not know. ``writers`` are the files so far."""
    from scopedown.core.finding import Finding
    from scopedown.core.place import Place
    from scopedown.write.model import WritePlan

    config = str(Path(project.root) / project.config)
    for change in plan.changes:
        if (other := writers.get(change.path.resolve(), config)) != config:
            why = f"nothing was written for {project.config}: {change.name} was changed for {Path(other).name} already"
            told = Finding("write-unverified", why, Place(change.name), "write the rest by hand")
            return WritePlan((), (), (*plan.findings, told))
    writers.update((change.path.resolve(), config) for change in plan.changes)
    return plan


def _folder(project: Project, base: Path | None) -> str:
    """The folder of one of several projects, from the one that was asked for; empty where they are the same."""
    if base is None:
        return ""
    root, base = Path(project.root).resolve(), base.resolve()
    found = root.relative_to(base).as_posix() if root.is_relative_to(base) else root.as_posix()
    return "" if found == "." else found


def _print(asked: Request, outcome: Outcome, how: How, form: str) -> None:
    """What the roles of every project need, in a form for another tool."""
    scans = [one for _, one in each_project(asked, outcome, lambda name, project: scanned(project, how))]
    require_functions(how.functions, (scan.project for scan in scans))
    if form == "json":
        show_form("policies", form, scans)
        return
    click.echo("\n".join(str(rendered("policies", form, scan)) for scan in scans), nl=False)


_LABELS = {
    "write-unsure": "unsure",
    "write-kept": "kept",
    "write-kept-policy": "kept",
    "write-own-role": "kept",
    "write-kept-need": "kept",
    "write-one-role": "kept",
    "write-plugin": "to do",
    "write-many-policies": "to do",
}


def _written(
    plan: WritePlan, only_diff: bool, yes: bool, of: str, project: Project, asked: Request, gates: Set[str]
) -> bool:
    """Show a plan and carry it out; whether no gate fails. ``of`` names the project among several."""
    from scopedown.emit.splice.edits import replace_files

    if plan.is_refused:
        require_as_read([project], asked)
    show(plan.changes, waits=not yes)
    for role in plan.roles:
        told = [f"kept: {kept.place}: a statement of {role.id}: {kept.reason}" for kept in role.kept]
        for line in dict.fromkeys(told):  # what Terraform's for makes several times is written once
            click.echo(line, err=True)
    for finding in plan.findings:
        click.echo(f"{_LABELS.get(finding.code, 'not written')}: {finding}", err=True)
    if not plan.changes:
        left = (
            "nothing was written: the roles listed above must be written by hand"
            if plan.is_refused
            else "nothing to change"
        )
        click.echo(f"scopedown: {of}{left}", err=True)
    is_passed = not ("left" in gates and plan.is_refused)
    if only_diff or not plan.changes:
        return is_passed and not ("pending" in gates and plan.changes)
    if not yes and not agreed():
        click.echo("scopedown: nothing was written (--yes writes without asking)", err=True)
        return False
    changes = [(change.path, change.before, change.after) for change in plan.changes]
    replace_files(changes, [Path(project.root)], lambda: as_read([project], asked))
    rest = "; the roles listed above must be written by hand" if plan.is_refused else ""
    click.echo(f"scopedown: wrote {', '.join(change.name for change in plan.changes)}{rest}", err=True)
    return is_passed


def as_read(projects: Sequence[Project], asked: Request) -> bool:
    """Whether the projects' files still say what they said when they were read."""
    from scopedown.project.load import load_project

    if asked.compiled or asked.run_framework:  # the framework has read them
        return True
    options = options_of(asked)
    try:
        return all(load_project(Path(project.root) / project.config, options) == project for project in projects)
    except ScopedownError:
        return False


def require_as_read(projects: Sequence[Project], asked: Request) -> None:
    """Raise where the projects' files were changed since they were read: what is refused is refused for that."""
    if not as_read(projects, asked):
        raise ScopedownError("another process changed the project in the meantime", remedy="run the command again")


def show(changes: tuple[FileChange, ...], waits: bool = True) -> None:
    """Print changes of files as a diff, with colours on a terminal; where it may wait, a long one through the pager."""
    import os

    from scopedown.emit.diff import diff

    colours = {} if os.environ.get("NO_COLOR") else _COLOURS
    lines = [
        click.style(printable(line), fg=colours.get(line[:1]), reset=bool(colours))
        for change in changes
        for line in diff(change.name, change.before, change.after)
    ]
    text = "".join(f"{line}\n" for line in lines)
    paged(text) if waits else click.echo(text, nl=False)


def agreed() -> bool:
    """Whether a person at a terminal agrees to the change that was shown."""
    return sys.stdin.isatty() and sys.stderr.isatty() and click.confirm("Write this?", err=True)
