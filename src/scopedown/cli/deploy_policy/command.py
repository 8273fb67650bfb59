"""``scopedown deploy-policy``: the policy of whoever deploys the project."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from scopedown.cli.deploy_policy.files import bundle_of, documents_of, write
from scopedown.cli.deploy_policy.options import Around, around_options, in_partition, with_bucket
from scopedown.cli.output import STDOUT
from scopedown.cli.projects import Outcome, Request, project_options, read_projects
from scopedown.cli.settings.defaults import is_of_settings
from scopedown.cli.settings.table import COMPILERS
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from scopedown.deploy.model import Plan
    from scopedown.project.model import Project

_EXAMPLES = """
\b
Examples:
  scopedown deploy-policy                               # prints the policy
  scopedown deploy-policy -o policy.json                # writes it to a file
  scopedown deploy-policy --account 123456789012 --stage prod
  scopedown deploy-policy --commands deploy,info
  scopedown deploy-policy --explain                     # why each action is there
  scopedown deploy-policy --service-role                # one policy for the user, one for CloudFormation's role
  scopedown deploy-policy --ask                         # no project yet: questions instead
  scopedown deploy-policy --trust github:acme/shop:ref:main --account 123456789012 --format terraform
  scopedown deploy-policy --bootstrap cdk --account 123456789012   # the user who runs cdk bootstrap
  scopedown deploy-policy --audit policy.json           # what it lacks, and what it grants beyond need
  scopedown deploy-policy --apply --user deployer --boundary shop-functions
"""
_TEMPLATES = ("sam", "cdk", "cloudformation")
_OF_CODE = ("handler-", "image-", "runtime-", "environment-", "source-", "module-", "analysis-", "hint-", "legacy-")
"""Findings about the functions' code, which is no matter of who deploys it."""
_framework = click.option(
    "--framework",
    type=click.Choice([*COMPILERS, *_TEMPLATES]),
    help="The tool that deploys. For a Serverless project: osls, v3 or v4 (default: as in scan). "
    "For a template: sam, cdk or cloudformation (default: what the template was written for).",
)


@click.command(epilog=_EXAMPLES)
@partial(project_options, framework=_framework)
@click.option("--partition", help="aws, aws-cn or aws-us-gov. Default: the region's partition.")
@click.option("--stack-name", help="The stack's name, for templates.")
@click.option(
    "--s3-bucket", metavar="NAME",
    help="The bucket of sam deploy --s3-bucket, or of aws cloudformation package. Default: as in samconfig.toml, else "
    "the bucket that SAM manages.",
)  # fmt: skip
@click.option(
    "--bootstrap",
    type=click.Choice(["cdk", "sam-pipeline"]),
    help="Instead of a project: the user who runs cdk bootstrap, or sam pipeline bootstrap. PATH may be the template "
    "that cdk bootstrap --show-template prints.",
)
@click.option(
    "--commands",
    default="all",
    show_default=True,
    metavar="NAME,…",
    help="The framework commands to allow: deploy, remove, info, logs, invoke, metrics, rollback, deploy-function …",
)
@click.option(
    "--output", "-o", metavar="FILE|FOLDER/",
    help="Write the policy to FILE instead of printing it. Several documents become FILE-1, "
"FILE-2; in a folder the names are {service}-{stage}-{region}-policy.json. - prints.",
)  # fmt: skip
@click.option(
    "--inline", is_flag=True, help="Split into documents of at most 2,048 characters, for inline policies of a user."
)
@click.option(
    "--service-role", is_flag=True, help="Print two policies: the user's, and the one of CloudFormation's service role."
)
@click.option("--explain", is_flag=True, help="Print why each action is needed; the policy goes to --output.")
@around_options
def deploy_policy_command(
    partition: str | None,
    stack_name: str | None,
    s3_bucket: str | None,
    bootstrap: str | None,
    commands: str,
    output: str | None,
    inline: bool,
    service_role: bool,
    explain: bool,
    around: Around,
    request: Request,
) -> None:
    """Print the policy of the user or role that deploys the project in PATH (default: this folder).

    It covers the calls of the framework's commands, and the calls that CloudFormation makes with the caller's
    permissions for every resource of the compiled template. Resources are exact ARNs, or patterns of generated names.
    What scopedown does not know is reported and never granted as a silent wildcard.
    """
    from scopedown.catalog.load import catalog
    from scopedown.cli.deploy_policy.apply import account_of, run_apply
    from scopedown.cli.deploy_policy.ask import asked, asked_answers
    from scopedown.cli.deploy_policy.audit import present, run_audit
    from scopedown.cli.deploy_policy.bootstrap import bootstrapped, tell_roles
    from scopedown.cli.deploy_policy.guard_rails import guarded, rails_of, tell_rails, tell_remains
    from scopedown.deploy.commands import asked_commands
    from scopedown.deploy.plan import split_plan, whole
    from scopedown.deploy.questions import generalised
    from scopedown.deploy.target import target_of

    around.check(output, service_role, explain, inline)
    output = None if output == STDOUT else output
    if stack_name is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", stack_name):
        raise ScopedownError(f"{stack_name!r} is not a valid stack name", remedy="use letters, digits and hyphens")
    answers = asked_answers(request) if around.ask and bootstrap is None else None
    if bootstrap is not None:
        if around.ask:
            raise ScopedownError("--bootstrap and --ask exclude each other", remedy="remove one of them")
        project, framework = bootstrapped(bootstrap, request, partition)
    else:
        project, framework = _project(request, partition) if answers is None else asked(request, answers)
    if s3_bucket is not None:
        project = with_bucket(project, s3_bucket)
    there = present(project, around) if around.audit is not None else None
    session = None
    if there is not None and project.account is None:
        project = replace(project, account=there.account or None)
    if around.apply:
        session, account = account_of(around, project.account, project.region)
        project = replace(project, account=account)
    names = asked_commands(commands, framework, project.plugins)
    stack_name = stack_name or (project.service if bootstrap is not None else None)
    target = target_of(project, stack_name)
    bounded, rails = rails_of(project, around, target)
    parts = split_plan(bounded, catalog(), framework, names, service_role, stack_name)
    plans = (
        {"policy": parts.user, "cloudformation-role-policy": parts.role} if service_role else {"policy": whole(parts)}
    )
    if parts.role_arn and not service_role:
        click.echo(
            f"note: CloudFormation acts with the role {parts.role_arn}; --service-role writes its policy too", err=True
        )
    plans = guarded(plans, rails, around, not parts.role_arn)
    if answers is not None:
        plans = {title: generalised(plan, answers) for title, plan in plans.items()}
    if there is not None:
        run_audit(plans, there, target, f"{project.service}, stage {project.stage}", around)
        return
    _print(project, plans, explain)
    tell_rails(rails)
    documents = documents_of(plans, inline)
    made = bundle_of(project, documents, rails, around, parts.role_arn)
    if session is not None:
        run_apply(session, made, around, target.partition)
    elif output is not None or not explain:
        write(project, made, around.form or "json", output)
    tell_remains(documents, rails, explain, output is None and not explain and session is None)
    if bootstrap is not None:
        tell_roles(bootstrap, project)


def _project(request: Request, partition: str | None) -> tuple[Project, str]:
    """The one project that is meant, and the framework whose commands deploy it."""
    from scopedown.deploy.settings import framework_of

    wanted = request.framework
    is_compiled = request.compiled is not None or request.run_framework
    asked = replace(request, framework=wanted if wanted in COMPILERS and not is_compiled else None)
    if asked.recursive or len(asked.paths) > 1:
        raise ScopedownError("deploy-policy reads one project", remedy="pass one PATH, without --recursive")
    project = _read(asked)
    if project.framework == "none":
        raise ScopedownError(
            "a source file is not a project, so nothing is deployed", remedy="pass the project's folder"
        )
    if project.framework == "terraform":
        raise ScopedownError(
            "scopedown does not know yet what the user who runs terraform apply needs",
            remedy="run scopedown scan or check, which read the roles of the functions",
        )
    own = COMPILERS if project.framework == "serverless" else _TEMPLATES
    if wanted is not None and wanted not in own and is_of_settings("framework"):
        wanted = None
    if wanted is not None and wanted not in own:
        raise ScopedownError(f"{project.config} is not a project of {wanted}", remedy=f"--framework {' or '.join(own)}")
    return in_partition(project, partition), wanted or framework_of(project)


def _read(asked: Request) -> Project:
    """The project; where no template can be compiled, what its file says plainly, which is told."""
    from scopedown.deploy.fallback_plan import uncompiled
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
    from scopedown.deploy.forms.explanation import explanation, unresolved_lines

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
