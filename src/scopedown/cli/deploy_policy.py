"""``scopedown deploy-policy``: the policy of whoever deploys the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.projects import Outcome, Request, project_options, read_projects
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from scopedown.deploy.model import Plan
    from scopedown.project.model import Project

_EXAMPLES = """
\b
Examples:
  scopedown deploy-policy                               # writes SERVICE-STAGE-REGION-policy.json here
  scopedown deploy-policy --account 123456789012 --stage prod
  scopedown deploy-policy --commands deploy,info --output -
  scopedown deploy-policy --explain --output -          # why each action is there
  scopedown deploy-policy --service-role                # one policy for the user, one for CloudFormation's role
"""


@click.command(epilog=_EXAMPLES)
@project_options
@click.option(
    "--commands",
    default="all",
    show_default=True,
    metavar="NAME,…",
    help="The commands that are to be run: deploy, remove, info, logs, invoke, metrics, rollback, 'deploy function' …",
)
@click.option("--output", metavar="FILE", help="Where to write; - prints. Several documents are numbered.")
@click.option("--inline", is_flag=True, help="Documents of 2,048 characters, for inline policies of a user.")
@click.option("--service-role", is_flag=True, help="Split it: the user's policy, and that of CloudFormation's role.")
@click.option("--explain", is_flag=True, help="For each action its command or resource, property and source.")
def deploy_policy_command(
    commands: str, output: str | None, inline: bool, service_role: bool, explain: bool, **request: Any
) -> None:
    """Work out the policy of the user or role that deploys the project in PATH (this folder, where none is given).

    What the framework's commands call themselves, and what CloudFormation does in the caller's name for every resource
    of the compiled template, on exact ARNs or patterns of generated names.
    """
    from scopedown.catalog.load import catalog
    from scopedown.deploy.commands import asked_commands
    from scopedown.deploy.plan import plan
    from scopedown.deploy.settings import framework_of

    asked = Request(**request)
    if asked.recursive or len(asked.paths) > 1:
        raise ScopedownError("a policy is for one project", remedy="name one PATH, without --recursive")
    project = next(iter(read_projects(asked, Outcome())))[1]
    framework = request.get("framework") or framework_of(project)
    made = plan(project, catalog(), framework, asked_commands(commands, framework))
    _write(project, made, output, inline)
    for one in made.unresolved:
        click.echo(printable(f"not resolved: {one}"), err=True)


def _write(project: Project, made: Plan, output: str | None, inline: bool) -> None:
    from scopedown.deploy.documents import INLINE_CHARACTERS, MANAGED_CHARACTERS, documents, written

    parts = documents(made.permissions, INLINE_CHARACTERS if inline else MANAGED_CHARACTERS)
    if output == "-":
        for part in parts:
            click.echo(written(part), nl=False)
        return
    path = Path(output or f"{project.service}-{project.stage}-{project.region}-policy.json")
    for number, part in enumerate(parts, 1):
        where = path if len(parts) == 1 else path.with_stem(f"{path.stem}-{number}")
        where.write_text(written(part), "utf-8")
        click.echo(f"written: {where}")
