"""What CloudFormation does in the caller's name for each resource of the template, from ``types/SERVICE.tsv``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scopedown.deploy.arns import fill
from scopedown.deploy.conditions import conditions_of
from scopedown.deploy.fallback import fallback_permissions
from scopedown.deploy.model import DeployPermission, Phase, ResourceProperty, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.rows import TypeRow, type_rows
from scopedown.deploy.when import holds
from scopedown.project.model import DeclaredResource

TAGS = "tags"
"""The term of ``when`` that holds where the resource is given tags, its own or the stack's."""
CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::*")
"""The types of custom resources: rows of ``Custom::*`` speak of every such type."""
NO_CALLS = ("AWS::CloudFormation::WaitConditionHandle", "AWS::CDK::Metadata")
"""Types for which CloudFormation calls nothing that the caller must be allowed."""


def covered(type_name: str) -> bool:
    """Whether the table speaks of a type."""
    return rows_of(type_name) is not None or type_name in NO_CALLS


def rows_of(type_name: str) -> tuple[TypeRow, ...] | None:
    """The rows of a type; None where the table does not speak of it."""
    if type_name.startswith("Custom::"):
        type_name = CUSTOM[1]
    return type_rows().get(type_name)


def resource_permissions(
    resource: DeclaredResource, phases: Sequence[Phase], stack_tags: bool, namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    """The permissions that a resource needs in these phases, and what of them is not known."""
    if resource.type in NO_CALLS:
        return
    rows = rows_of(resource.type)
    if rows is None:
        yield from fallback_permissions(resource, phases, namer)
        return
    properties: dict[str, Any] = dict(resource.properties)
    if stack_tags or any(name.endswith("Tags") and value for name, value in properties.items()):
        properties[TAGS] = True
    for row in rows:
        wanted = tuple(phase for phase in phases if phase in row.phases)
        told = holds(row.when, properties, namer.scope) if wanted else None
        if told is not None:
            yield from _permission(row, wanted, told, resource, namer)


def _permission(
    row: TypeRow, phases: tuple[Phase, ...], told: str, resource: DeclaredResource, namer: Namer
) -> Iterator[DeployPermission | Unresolved]:
    seen = len(namer.told)
    arns = tuple(dict.fromkeys(arn for template in row.resource.split() for arn in fill(template, resource, namer)))
    reasons = list(dict.fromkeys(namer.told[seen:]))
    if not arns:
        yield Unresolved(
            resource.logical_id,
            f"{row.action} needs a property that is not there ({row.resource})",
            "the policy does not allow it",
            resource.place,
        )
        return
    because = ResourceProperty(resource.logical_id, resource.type, told, phases, row.source, resource.place)
    yield DeployPermission(row.action, arns, (because,), conditions_of(row.condition, resource, namer))
    for reason in reasons:
        yield Unresolved(
            resource.logical_id, reason, f"{row.action} is allowed on {' and '.join(arns)}", resource.place
        )
