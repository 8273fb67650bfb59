"""What stands around the plans of ``deploy-policy``: a permissions boundary, strict conditions, what remains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from scopedown.core.finding import printable

if TYPE_CHECKING:
    from scopedown.cli.deploy_policy.options import Around
    from scopedown.deploy.model import Plan, Unresolved
    from scopedown.deploy.target import Target
    from scopedown.project.model import Project


@dataclass(slots=True)
class Rails:
    """The boundary of one run: ``arn`` is empty where none was asked for, ``document`` None where it is there."""

    target: Target
    arn: str = ""
    name: str = ""
    document: dict[str, Any] | None = None
    notes: list[Unresolved] = field(default_factory=list)


def rails_of(project: Project, around: Around, target: Target) -> tuple[Project, Rails]:
    """The project as its roles stand under the boundary, and the boundary."""
    if around.boundary is None:
        return project, Rails(target)
    from scopedown.catalog.load import catalog
    from scopedown.deploy.boundary import boundary_document
    from scopedown.deploy.guard_rails import boundary_arn, boundary_notes, with_boundary

    rails = Rails(target, boundary_arn(around.boundary, target))
    if not around.boundary.startswith("arn:"):
        rails.name = around.boundary
        rails.document, open_values = boundary_document(project, catalog())
        rails.notes += open_values
    rails.notes += boundary_notes(project, rails.arn)
    return with_boundary(project, rails.arn), rails


def guarded(plans: Mapping[str, Plan], rails: Rails, around: Around, as_caller: bool) -> dict[str, Plan]:
    """The plans under what was asked for. ``as_caller``: CloudFormation acts with the caller's permissions."""
    from scopedown.catalog.load import catalog
    from scopedown.deploy.guard_rails import bounded, strict

    found = dict(plans)
    if rails.arn:
        found = {title: bounded(plan, rails.arn) for title, plan in found.items()}
    if around.strict:
        found = {title: strict(plan, rails.target, catalog(), as_caller) for title, plan in found.items()}
    return found


def tell_rails(rails: Rails) -> None:
    """What has to be done for the boundary to hold, on stderr."""
    for note in rails.notes:
        click.echo(printable(f"not resolved: {note}"), err=True)


def tell_remains(documents: Mapping[str, list[dict[str, Any]]], rails: Rails, whole: bool, err: bool) -> None:
    """What the holder of the documents could still do; through CloudFormation's role too, where it has one."""
    from scopedown.catalog.load import catalog
    from scopedown.deploy.forms.explanation import remains_lines
    from scopedown.deploy.residual_access import what_remains

    every = [part for title, parts in documents.items() if title.endswith("policy") for part in parts]
    found = what_remains(every, rails.target, catalog(), rails.document, rails.arn)
    for line in remains_lines(found, whole):
        click.echo(line, err=err)
