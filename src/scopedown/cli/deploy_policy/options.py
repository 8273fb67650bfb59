"""The options of ``deploy-policy`` for what stands around the policy, and which of them go together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from scopedown.cli.forms import format_option
from scopedown.cli.options import bundled, fail_on_option
from scopedown.core.finding import ScopedownError
from scopedown.core.gates import FailOn

if TYPE_CHECKING:
    from scopedown.project.model import Project

Command = TypeVar("Command", bound=Callable[..., Any])
IDENTITY = ""
"""What ``--audit`` without an argument is: the identity of the profile."""

_OPTIONS = (
    click.option(
        "--ask", is_flag=True, help="Without a project: ask for the service's parts (on a terminal or a pipe)."
    ),
    format_option(
        "deployment",
        "json prints policy documents (the default); cloudformation, terraform and cdk "
        "(TypeScript) print them as resources. With --audit: json, otherwise text.",
        default=None,
    ),
    click.option(
        "--trust",
        metavar="PIPELINE",
        help="Add a role that this pipeline can assume with OpenID Connect: "
        "github:ORG/REPO[:ref:REF|:environment:NAME], gitlab:GROUP/PROJECT[:ref:REF], "
        "bitbucket:WORKSPACE/UUID/UUID, circleci:ORG-ID/PROJECT-ID.",
    ),
    click.option(
        "--boundary",
        metavar="NAME|ARN",
        help="Allow creating roles only with this permissions boundary. A NAME instead of an ARN also "
        "prints a boundary policy that allows what the template grants its roles today.",
    ),
    click.option("--strict", is_flag=True, help="Add conditions on aws:CalledVia and aws:RequestedRegion."),
    click.option(
        "--audit",
        is_flag=False,
        flag_value=IDENTITY,
        metavar="[FILE|ARN]",
        help="Compare an existing policy, user or role with what is needed. Without a value: the "
        "identity of --profile, provider.profile, AWS_PROFILE or default. Changes nothing.",
    ),
    fail_on_option("deploy-policy", "With --audit: "),
    click.option(
        "--used",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="With --audit ARN: a table of uses that scopedown observe --save-used made; says what was used.",
    ),
    click.option(
        "--apply", is_flag=True, help="Create or update the managed policies in the account, after confirmation."
    ),
    click.option("--user", metavar="NAME", help="With --apply: attach them to this user."),
    click.option("--role", metavar="NAME", help="With --apply: attach them to this role."),
    click.option("--create-user", metavar="NAME", help="With --apply: create this user with one access key."),
    click.option("--save-profile", metavar="PROFILE", help="With --create-user: save the key in the credentials file."),
    click.option("--profile", metavar="PROFILE", help="The AWS profile to use (--audit, --apply)."),
    click.option("--yes", is_flag=True, help="With --apply: do not ask for confirmation."),
)


@dataclass(frozen=True, slots=True)
class Around:
    """The values of :func:`around_options`."""

    ask: bool
    form: str | None
    trust: str | None
    boundary: str | None
    strict: bool
    audit: str | None
    fail_on: FailOn
    used: Path | None
    apply: bool
    user: str | None
    role: str | None
    create_user: str | None
    save_profile: str | None
    profile: str | None
    yes: bool

    def check(self, output: str | None, service_role: bool, explain: bool, inline: bool) -> None:
        """Raises ScopedownError for options that mean nothing together."""
        holders = [name for name in (self.user, self.role, self.create_user) if name is not None]
        if self.apply and len(holders) != 1:
            raise ScopedownError(
                "--apply needs a user or role", remedy="add --user NAME, --role NAME or --create-user NAME"
            )
        if holders and not self.apply:
            raise ScopedownError("--user, --role and --create-user need --apply", remedy="add --apply")
        if self.save_profile is not None and self.create_user is None:
            raise ScopedownError("--save-profile needs --create-user", remedy="add --create-user NAME")
        if self.yes and not self.apply:
            raise ScopedownError("--yes needs --apply", remedy="add --apply, or leave it out")
        said = click.get_current_context().get_parameter_source("fail_on")
        if self.audit is None and said is ParameterSource.COMMANDLINE:
            raise ScopedownError("--fail-on needs --audit", remedy="add --audit, or leave it out")
        if self.audit is not None and (self.apply or self.trust is not None or explain or output is not None):
            raise ScopedownError("--audit only compares", remedy="remove --apply, --trust, --explain and --output")
        if self.audit is not None and self.form not in (None, "json"):
            raise ScopedownError(f"an audit has no form {self.form}", remedy="leave --format out")
        if self.apply and (self.trust is not None or self.form not in (None, "json") or service_role or inline):
            raise ScopedownError(
                "--apply creates managed policies of one user or role",
                remedy="create roles with --format cloudformation, terraform or cdk",
            )
        if self.profile is not None and not self.apply and self.audit is None:
            raise ScopedownError("--profile needs --audit or --apply", remedy="add --audit or --apply, or leave it out")
        if inline and self.form not in (None, "json"):
            raise ScopedownError("--inline documents are for users' inline policies", remedy="leave --format out")


def around_options(command: Command) -> Command:
    """Give a command the options, as its argument ``around``."""
    return bundled(command, "around", Around, _OPTIONS)


def in_partition(project: Project, partition: str | None) -> Project:
    """The project in the partition that ``--partition`` names. Raises ScopedownError for what is none."""
    if partition is None:
        return project
    if not re.fullmatch(r"aws(-[a-z]+)*", partition):
        raise ScopedownError(f"{partition!r} is not a partition", remedy="write aws, aws-cn or aws-us-gov")
    return replace(project, partition=partition)


def with_bucket(project: Project, name: str) -> Project:
    """The project, whose code goes into the bucket of ``--s3-bucket``. Raises ScopedownError where that cannot be."""
    if project.framework not in ("sam", "cloudformation"):
        raise ScopedownError(
            "--s3-bucket is an option of SAM and of aws cloudformation package",
            remedy="name the bucket in the project's own configuration",
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ScopedownError(
            f"{name!r} is not the name of a bucket", remedy="use lower-case letters, digits and hyphens"
        )
    return replace(project, provider={**project.provider, "deploymentBucket": {"name": name}})
