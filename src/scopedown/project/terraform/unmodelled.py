"""The arguments of resources that give access and that no property of the template holds.

In: the instances of a configuration. Out: by logical id a resource of Terraform's own type with these arguments,
for types with a row of CloudFormation's too. Nothing that is worked out here is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scopedown.documents.nodes import MapNode
from scopedown.project.grants import grant_rows
from scopedown.project.model import DeclaredResource
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.resource import Resource
from scopedown.project.terraform.rows import resource_rows
from scopedown.project.terraform.shapes import put, read_arguments
from scopedown.project.terraform.values import decoded, plain

_META: Final = ("count", "for_each", "provider", "depends_on", "lifecycle", "timeouts", "tags", "tags_all")


def unmodelled(context: Context, instances: Sequence[Resource]) -> dict[str, DeclaredResource]:
    """What instances give, by logical id."""
    findings, unread = len(context.findings), dict(context.unread)
    found = {}
    for instance in instances:
        rows = grant_rows().get(instance.type, ())
        if instance.is_data or not rows:
            continue
        properties = _arguments(instance, any(row.keys[:1] in ((), ("**",)) for row in rows))
        found[instance.id] = DeclaredResource(instance.id, instance.type, properties, instance.place)
    del context.findings[findings:]
    context.unread.clear()
    context.unread.update(unread)
    return found


def _arguments(instance: Resource, all_of_them: bool) -> MapNode:
    rows = grant_rows()[instance.type]
    row = resource_rows().get(instance.type)
    modelled = {*(row.arguments if row is not None else ()), *read_arguments(instance.type)}
    policies = {one.keys[0] for one in rows if one.holds == "policy" and len(one.keys) == 1}
    is_whole = any(one.keys == () for one in rows)
    found = MapNode(None, instance.place)
    written = instance.arguments() if all_of_them else None
    for name in dict.fromkeys(one.keys[0] for one in rows if one.keys) if written is None else written:
        if name in _META:
            continue
        value = instance.argument(name) if written is None else written[name]
        if value is None:
            continue
        document = decoded(value, instance.text_place(name)) if name in policies else value
        # a policy that is read is one of the template's resource
        if name in modelled and not is_whole and (name not in policies or isinstance(document, Mapping)):
            continue
        put(found, name, plain(document), instance.place_of(name))
    return found
