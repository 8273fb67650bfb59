"""``scopedown deploy-policy``: the policy of whoever deploys the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.files import write_file
from scopedown.cli.projects import COMPILERS, Outcome, Request, project_options, read_projects
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
  scopedown deploy-policy --explain                     # why each action is there; writes nothing
  scopedown deploy-policy --service-role                # one policy for the user, one for CloudFormation's role
"""
_TEMPLATES = ("sam", "cdk", "cloudformation")
_STDOUT = "-"
_OF_CODE = ("handler-", "image-", "runtime-", "environment-", "source-", "module-", "analysis-", "hint-", "legacy-")
"""Findings about the functions' code, which is no matter of who deploys it."""
_framework = click.option(
    "--framework",
    type=click.Choice([*COMPILERS, *_TEMPLATES]),
    help="The tool that is run: of a Serverless project osls, v3 or v4 (by default as in scan), of a template sam, cdk "
    "or cloudformation (by default what the template is written for).",
)


@click.command(epilog=_EXAMPLES)
@partial(project_options, framework=_framework)
@click.option("--partition", help="aws, aws-cn, aws-us-gov …; by default that of the region.")
@click.option("--stack-name", help="What the stack is called: a template does not say it.")
@click.option(
    "--commands",
    default="all",
    show_default=True,
    metavar="NAME,…",
    help="The commands that are to be run: deploy, remove, info, logs, invoke, metrics, rollback, deploy-function …",
)
@click.option(
    "--output",
    metavar="FILE",
    help="Where to write; - prints. By default {service}-{stage}-{region}-policy.json in this folder; where it takes "
    "several documents, …-policy-1.json, …-policy-2.json.",
)
@click.option("--inline", is_flag=True, help="Documents of at most 2,048 characters, for inline policies of a user.")
@click.option("--service-role", is_flag=True, help="Split it: the user's policy, and that of CloudFormation's role.")
@click.option("--explain", is_flag=True, help="Print why each action is needed; write only where --output says so.")
def deploy_policy_command(
    partition: str | None,
    stack_name: str | None,
    commands: str,
    output: str | None,
    inline: bool,
    service_role: bool,
    explain: bool,
    **request: Any,
) -> None:
    """Work out the policy of the user or role that deploys the project in PATH (this folder, where none is given).

    What the framework's commands call themselves, and what CloudFormation does in the caller's name for every resource
    of the compiled template, on exact ARNs or patterns of generated names. What is not known is told, and is never
    silently everything.
    """
    from scopedown.catalog.load import catalog
    from scopedown.deploy.commands import asked_commands
    from scopedown.deploy.plan import split_plan, whole

    if explain and output == _STDOUT:
        raise ScopedownError("--explain and --output - both print", remedy="leave one of them out")
    if stack_name is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", stack_name):
        raise ScopedownError(f"{stack_name!r} is no name of a stack", remedy="letters, digits and hyphens")
    project, framework = _project(request, partition)
    names = asked_commands(commands, framework)
    if service_role:
        parts = split_plan(project, catalog(), framework, names, True, stack_name)
        plans = {"policy": parts.user, "cloudformation-role-policy": parts.role}
    else:
        parts = split_plan(project, catalog(), framework, names, False, stack_name)
        plans = {"policy": whole(parts)}
        if parts.role_arn:
            click.echo(
                f"note: CloudFormation acts with the role {parts.role_arn}; --service-role writes its policy too",
                err=True,
            )
    _print(project, plans, explain)
    if output is not None or not explain:
        _write(project, plans, output, inline)


def _project(request: dict[str, Any], partition: str | None) -> tuple[Project, str]:
    """The one project that is meant, and the framework whose commands deploy it."""
    from scopedown.deploy.settings import framework_of

    wanted = request["framework"]
    is_compiled = request["compiled"] is not None or request["run_framework"]
    asked = Request(**{**request, "framework": wanted if wanted in COMPILERS and not is_compiled else None})
    if asked.recursive or len(asked.paths) > 1:
        raise ScopedownError("a policy is for one project", remedy="name one PATH, without --recursive")
    project = _read(asked)
    if project.framework == "none":
        raise ScopedownError("code without a project deploys nothing", remedy="name the project's folder")
    own = COMPILERS if project.framework == "serverless" else _TEMPLATES
    if wanted is not None and wanted not in own:
        raise ScopedownError(f"{project.config} is no project of {wanted}", remedy=f"--framework {' or '.join(own)}")
    if partition is not None:
        if not re.fullmatch(r"aws(-[a-z]+)*", partition):
            raise ScopedownError(f"{partition!r} is no partition", remedy="write aws, aws-cn or aws-us-gov")
        project = replace(project, partition=partition)
    return project, wanted or framework_of(project)


def _read(asked: Request) -> Project:
    """The project; where no template can be compiled, what its file says plainly, which is told."""
    from scopedown.deploy.uncompiled import uncompiled
    from scopedown.project.load import NotAwsError, Options

    try:
        return next(iter(read_projects(asked, Outcome())))[1]
    except NotAwsError:
        raise
    except ScopedownError as error:
        options = Options(stage=asked.stage, region=asked.region, account=asked.account, framework=asked.framework)
        is_of_file = error.place is not None and not asked.compiled and not asked.run_framework
        if not is_of_file or (project := uncompiled(asked.path, options)) is None:
            raise
        click.echo(
            printable(f"no template could be compiled: {error.finding('')}; only the commands' own calls are allowed"),
            err=True,
        )
        return project


def _print(project: Project, plans: dict[str, Plan], explain: bool) -> None:
    """The explanation on stdout where it is asked for; what is not resolved always on stderr."""
    from scopedown.core.finding import Severity
    from scopedown.emit.deploy_explanation import explanation, unresolved_lines

    if explain:
        for title, plan in plans.items():
            if len(plans) > 1:
                click.echo(f"{title}:")
            for line in explanation(plan):
                click.echo(line)
    for finding in project.findings:
        if finding.severity is not Severity.NOTE and not finding.code.startswith(_OF_CODE):
            click.echo(f"{finding.severity}: {finding}", err=True)
    for line in unresolved_lines(plans.values()):
        click.echo(line, err=True)
    for fact in dict.fromkeys(fact for plan in plans.values() for fact in plan.read_only_facts):
        click.echo(f"note: what its commands call was {fact}", err=True)


def _write(project: Project, plans: dict[str, Plan], output: str | None, inline: bool) -> None:
    from scopedown.deploy.documents import INLINE_CHARACTERS, MANAGED_CHARACTERS, documents, written

    limit = INLINE_CHARACTERS if inline else MANAGED_CHARACTERS
    found = {title: [written(part) for part in documents(plan.permissions, limit)] for title, plan in plans.items()}
    if output == _STDOUT:
        click.echo("".join(text for texts in found.values() for text in texts), nl=False)
        return
    for path, text in _files(project, found, output):
        write_file(path, text)
        click.echo(printable(f"written: {path}"))


def _files(project: Project, found: dict[str, list[str]], output: str | None) -> Iterator[tuple[Path, str]]:
    """Each document with the file that it goes to."""
    for title, texts in found.items():
        if output is None:
            path = Path(f"{_safe(project.service)}-{_safe(project.stage)}-{_safe(project.region)}-{title}.json")
        else:
            path = Path(output)
            path = path if title == "policy" else path.with_stem(f"{path.stem}-{title}")
        for number, text in enumerate(texts, 1):
            yield (path if len(texts) == 1 else path.with_stem(f"{path.stem}-{number}")), text


def _safe(name: str) -> str:
    """A name from the project file as a part of a file's name, which leads into no other folder."""
    return re.sub(r"[^0-9A-Za-z._-]+", "-", name).strip("-.") or "project"
