"""``scopedown deploy-policy --apply``: show what would change in the account, ask, and change it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from scopedown.account.users import AccessKey
    from scopedown.cli.deploy_policy.options import Around
    from scopedown.deploy.account_resources import Bundle


def account_of(around: Around, known: str | None, region: str) -> tuple[Any, str]:
    """A session, and the account that it acts in. Raises ScopedownError where the project names another one."""
    from scopedown.account.session import open_session, told

    session = open_session(around.profile, region)
    with told("look up the owner of the credentials"):
        account = str(session.client("sts").get_caller_identity()["Account"])
    if known is not None and known != account:
        raise ScopedownError(
            f"the policy is for the account {known}, and the credentials are of {account}",
            remedy="name the right profile with --profile",
        )
    return session, account


def run_apply(session: Any, whole: Bundle, around: Around, partition: str) -> None:
    """Make the policies and attach them. Nothing is changed before a yes; without one the exit code is 1."""
    from scopedown.account.apply import Holder, Wanted, apply, changes, difference
    from scopedown.account.users import create_key, create_user, require_free, require_new_profile
    from scopedown.deploy.account_resources import BOUNDARY

    new = around.create_user
    if new is not None:
        require_free(session, new)
        if around.save_profile is not None:
            require_new_profile(around.save_profile)
    holder = Holder("role" if around.role is not None else "user", new or around.user or around.role or "")
    wanted = [
        Wanted(policy.name, policy.description, policy.document, policy.title != BOUNDARY) for policy in whole.policies
    ]
    found = changes(session, holder, wanted, whole.name, partition, new is not None)
    if new is not None:
        click.echo(printable(f"create the user {new}"))
    for line in difference(found):
        click.echo(printable(line))
    if new is not None:
        where = f"put it into the credentials file as {around.save_profile}" if around.save_profile else "show it once"
        click.echo(printable(f"create one access key of {new}, and {where}"))
    if not found.any and new is None:
        return
    if not around.yes and not _yes():
        click.echo("scopedown: nothing was changed", err=True)
        click.get_current_context().exit(1)
    if new is not None:
        create_user(session, new, whole.name)
        click.echo(printable(f"created the user {new}"))
    for line in apply(session, found):
        click.echo(printable(line))
    if new is not None:
        _keep(create_key(session, new), around.save_profile)


def _keep(key: AccessKey, profile: str | None) -> None:
    """Put the key into the credentials file; where that fails, or none is asked for, show it: it is told only once."""
    from scopedown.account.users import save_profile

    if profile is not None:
        try:
            file = save_profile(profile, key)
        except ScopedownError as error:
            click.echo(f"scopedown: {printable(str(error.finding('')))}; the key is shown instead", err=True)
        else:
            click.echo(printable(f"saved the access key {key.id} in {file} as profile {profile}"))
            return
    click.echo("the access key, which AWS shows only once:")
    click.echo(printable(f"  AWS_ACCESS_KEY_ID={key.id}"))
    click.echo(printable(f"  AWS_SECRET_ACCESS_KEY={key.secret}"))


def _yes() -> bool:
    """Whether the answer is yes; nothing else is, and neither is the end of the input."""
    click.echo("Do this? [y/N]: ", nl=False, err=True)
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line.endswith("\n"):
        click.echo(err=True)
    return line.strip().lower() in ("y", "yes")
