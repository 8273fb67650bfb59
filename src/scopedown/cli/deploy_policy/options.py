"""The options of ``deploy-policy`` for what stands around the policy, and which of them go together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from scopedown.checks.gates import FailOn
from scopedown.cli.gates import fail_on_option
from scopedown.core.finding import ScopedownError
from scopedown.deploy.forms import FORMS

Command = TypeVar("Command", bound=Callable[..., Any])
IDENTITY = ""
"""What ``--audit`` without an argument is: the identity of the profile."""

_OPTIONS = (
    click.option("--ask", is_flag=True, help="No project yet: ask for the service's parts, on a terminal or a pipe."),
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help="Policies as documents (json, the default), or with what holds them as a CloudFormation template, "
        "Terraform, or CDK (TypeScript). With --audit: json, else text.",
    ),
    click.option(
        "--trust",
        metavar="PIPELINE",
        help="Also a role for CI, which this pipeline may take by OpenID Connect: "
        "github:ORG/REPO[:ref:REF|:environment:NAME], gitlab:GROUP/PROJECT[:ref:REF], "
        "bitbucket:WORKSPACE/UUID/UUID, circleci:ORG-ID/PROJECT-ID.",
    ),
    click.option(
        "--boundary",
        metavar="NAME|ARN",
        help="Roles are only made under this permissions boundary; with a NAME, one that allows what the template's "
        "roles are given today is written too.",
    ),
    click.option("--strict", is_flag=True, help="Ask for aws:CalledVia and aws:RequestedRegion too."),
    click.option(
        "--audit",
        is_flag=False,
        flag_value=IDENTITY,
        metavar="[FILE|ARN]",
        help="Compare a policy, user or role that is there with what is needed; without a value the identity of "
        "--profile, else of provider.profile, else of AWS_PROFILE or default. Writes nothing.",
    ),
    fail_on_option("deploy-policy", "With --audit: "),
    click.option("--apply", is_flag=True, help="Make or change the managed policies in the account, after a yes."),
    click.option("--user", metavar="NAME", help="With --apply: the user that they are attached to."),
    click.option("--role", metavar="NAME", help="With --apply: the role that they are attached to."),
    click.option("--create-user", metavar="NAME", help="With --apply: make this user, with one access key."),
    click.option(
        "--save-profile", metavar="PROFILE", help="With --create-user: put the key into the credentials file."
    ),
    click.option("--profile", metavar="PROFILE", help="The profile whose credentials ask AWS (--audit, --apply)."),
    click.option("--yes", is_flag=True, help="With --apply: do not ask."),
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
                "--apply needs one holder", remedy="add --user NAME, --role NAME or --create-user NAME"
            )
        if holders and not self.apply:
            raise ScopedownError("--user, --role and --create-user say where to apply", remedy="add --apply")
        if self.save_profile is not None and self.create_user is None:
            raise ScopedownError("--save-profile keeps the key of a new user", remedy="add --create-user NAME")
        if self.yes and not self.apply:
            raise ScopedownError("--yes answers what --apply asks", remedy="add --apply, or leave it out")
        said = click.get_current_context().get_parameter_source("fail_on")
        if self.audit is None and said is ParameterSource.COMMANDLINE:
            raise ScopedownError("--fail-on is a gate of --audit", remedy="add --audit, or leave it out")
        if self.audit is not None and (self.apply or self.trust is not None or explain or output is not None):
            raise ScopedownError(
                "--audit compares and writes nothing", remedy="leave --apply, --trust, --explain and --output out"
            )
        if self.audit is not None and self.form not in (None, "json"):
            raise ScopedownError(f"an audit has no form {self.form}", remedy="leave --format out")
        if self.apply and (self.trust is not None or self.form not in (None, "json") or service_role or inline):
            raise ScopedownError(
                "--apply makes managed policies for one holder",
                remedy="make roles with --format cloudformation, terraform or cdk",
            )
        if self.profile is not None and not self.apply and self.audit is None:
            raise ScopedownError("--profile says who asks AWS", remedy="add --audit or --apply, or leave it out")
        if inline and self.form not in (None, "json"):
            raise ScopedownError("--inline documents are for users' inline policies", remedy="leave --format out")


def around_options(command: Command) -> Command:
    """Give a command the options, which arrive as the one argument ``around`` (:class:`Around`)."""

    def collected(**values: Any) -> Any:
        own = {name: values.pop(name) for name in Around.__dataclass_fields__}
        return command(around=Around(**own), **values)

    collected.__doc__, collected.__name__ = command.__doc__, command.__name__
    collected.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    made: Any = collected
    for option in reversed(_OPTIONS):
        made = option(made)
    return made  # type: ignore[no-any-return]
