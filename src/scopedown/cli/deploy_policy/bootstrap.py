"""``scopedown deploy-policy --bootstrap``: the user who runs ``cdk bootstrap`` or ``sam pipeline bootstrap``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scopedown.cli.deploy_policy.options import in_partition
from scopedown.cli.projects import Request, options_of
from scopedown.core.finding import ScopedownError
from scopedown.deploy.forms.explanation import wrapped

if TYPE_CHECKING:
    from scopedown.project.model import Project


def bootstrapped(name: str, request: Request, partition: str | None) -> tuple[Project, str]:
    """The stack that the tool makes, or the user's own template of it, and the framework whose commands make it."""
    from scopedown.deploy.bootstrap import bootstrap_project, bootstraps

    row = bootstraps()[name]
    if request.framework or request.compiled or request.run_framework or request.recursive:
        raise ScopedownError(
            "--bootstrap describes the stack that the tool makes",
            remedy="remove --framework, --compiled, --run-framework and --recursive",
        )
    if len(request.paths) > 1:
        raise ScopedownError("--bootstrap reads one template", remedy="pass one PATH, or none")
    if name == "sam-pipeline" and not request.stage:
        click.echo("note: any stage of the pipeline is allowed; --stage names one", err=True)
    options = options_of(request)
    project = bootstrap_project(row, options, next(iter(request.paths), None))
    return in_partition(project, partition), row.framework


def tell_roles(name: str, project: Project) -> None:
    """What the roles may do that the stack makes: whoever may assume them may do it too."""
    from scopedown.catalog.load import catalog
    from scopedown.deploy.bootstrap import bootstraps, roles_made

    row = bootstraps()[name]
    made = list(roles_made(row, project, catalog()))
    if not made:
        return
    tool = row.source.partition(",")[0]
    click.echo(f"What the roles that {row.command} makes can do, by the template of {tool}:", err=True)
    for shown, role in made:
        narrow = f" To narrow it: {role.narrow}." if role.narrow else ""
        for line in wrapped(f"- {shown} (assumed by {role.assumed_by}) may {role.may}.{narrow}", "  "):
            click.echo(line, err=True)
