"""``scopedown project``: what was understood of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scopedown.cli.forms import format_option, show
from scopedown.cli.output import output_option
from scopedown.cli.projects import Outcome, Request, project_options, read_projects
from scopedown.cli.terminal import progress

if TYPE_CHECKING:
    from scopedown.project.model import Project

_EXAMPLES = """
\b
Examples:
  scopedown project                               # the project in this folder
  scopedown project template.yaml --param Stage=prod
  scopedown project services --recursive --format json > projects.json
  scopedown project --compiled .serverless/cloudformation-template-update-stack.json
"""


@click.command(epilog=_EXAMPLES)
@project_options
@format_option("projects", "text or JSON (docs/json.md).")
@output_option
def project_command(request: Request, form: str) -> None:
    """Show what scopedown read from the project in PATH: functions, roles, events, resources and unresolved values.

    PATH is a project's folder or its configuration file: a serverless.yml, a SAM or CloudFormation template, or the
    cdk.out of a CDK application.
    """
    outcome = Outcome()
    projects: list[Project] = []
    with progress() as tell:
        for prefix, project in read_projects(request, outcome):
            tell(prefix, "")
            projects.append(project)
    from scopedown.scan.forms import Projects

    show("projects", form, Projects(projects, outcome.errors, outcome.base))
    outcome.name_unread()
    if outcome.base and form != "json":
        from scopedown.core.words import count

        functions = count(sum(len(one.functions) for one in projects), "function")
        read = f"{count(len(projects), 'project')} read, {len(outcome.errors)} not read"
        click.echo(f"\n{read}, {outcome.others} of other clouds, {functions}")
