"""``scopedown deploy-policy --audit``: the policies that are there, from a file or from AWS, and the comparison."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.forms import show
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scopedown.cli.deploy_policy.options import Around
    from scopedown.deploy.model import Plan
    from scopedown.deploy.target import Target
    from scopedown.iam import PolicySet
    from scopedown.project.model import Project


@dataclass(frozen=True, slots=True)
class Present:
    """What is audited: ``account`` is empty where nothing tells it."""

    who: str
    account: str
    policies: PolicySet
    note: str = ""


def present(project: Project, around: Around) -> Present:
    """The policies of the file, of the ARN, or of the profile's identity."""
    assert around.audit is not None
    if around.audit.startswith("arn:"):
        from scopedown.account.identity import identity_of

        return _of_identity(identity_of(_session(project, around), around.audit))
    if around.audit:
        return _of_file(Path(around.audit))
    from scopedown.account.identity import own_identity

    return _of_identity(own_identity(_session(project, around)))


def run_audit(plans: Mapping[str, Plan], found: Present, target: Target, project: str, around: Around) -> None:
    """Print the comparison; ends with exit code 1 where a command would fail, or the holder is an administrator, as far
    as the gates say."""
    from scopedown.catalog.load import catalog
    from scopedown.deploy.audit import audit

    result = audit(plans["policy"], found.policies, target, catalog())
    show("audit", around.form or "text", result, found.who, project, used=_use(found, around))
    if found.note:
        click.echo(printable(f"note: {found.note}"), err=True)
    gates = around.fail_on.names
    if ("missing" in gates and result.fails) or ("admin" in gates and (result.administrator or result.ways)):
        click.get_current_context().exit(1)


def _use(found: Present, around: Around) -> Callable[[str], str]:
    """What the logs show of a pattern of actions; nothing without a table, or without the ARN of the holder."""
    if around.used is None or not found.who.startswith("arn:"):
        return lambda pattern: ""
    from scopedown.catalog.load import catalog
    from scopedown.observe.reading.table import read_table
    from scopedown.observe.said import said_of_principal

    return said_of_principal(read_table(around.used), found.who, catalog())


def _session(project: Project, around: Around) -> Any:
    from scopedown.account.session import open_session
    from scopedown.deploy.settings import provider_of

    written = provider_of(project).get("profile")
    profile = around.profile or (written if isinstance(written, str) and written else None)
    return open_session(profile, project.region)


def _of_file(path: Path) -> Present:
    from scopedown.deploy.audit import account_in
    from scopedown.iam import PolicySet, parse_policy

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScopedownError(
            f"{path} cannot be read: {error.strerror or error}", remedy="--audit takes a policy's file, or an ARN"
        ) from error
    policy = parse_policy(_unwrapped(data), name=str(path))
    emitted = policy.emit()
    return Present(str(path), account_in([emitted]), PolicySet(identity=(policy,)))


def _unwrapped(data: bytes) -> bytes | dict[str, Any]:
    """A document by itself, or in what ``aws iam get-policy-version`` and ``get-role-policy`` print."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return data  # the strict reader says what is wrong, and where
    if isinstance(found, dict):
        for inner in (found.get("PolicyVersion"), found):
            document = inner.get("Document", inner.get("PolicyDocument")) if isinstance(inner, dict) else None
            if isinstance(document, dict):
                return document
    return data


def _of_identity(identity: Any) -> Present:
    names = ", ".join(name for name, _ in identity.policies) or "no policy"
    bounded = f"; its boundary is {identity.boundary[0]}" if identity.boundary is not None else ""
    note = f"looked at: {names}{bounded}"
    return Present(identity.arn, identity.account, identity.policy_set(), note)
