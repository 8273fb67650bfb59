"""What the project's ``resources`` and ``extensions`` change about the resources that deploy.

``resources.Resources`` is merged into the generated template (mappings by key, lists by position),
``resources.extensions`` then replaces single properties of a generated or a declared resource. At last the framework
removes every property that is null. Sources: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-custom-provider-resources``
and ``strip-null-props-from-template-resources``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.documents.nodes import MapNode, as_list, as_map, clone, place_of
from scopedown.project.model import DeclaredResource
from scopedown.project.serverless.service import Service, merge, noded

_ATTRIBUTES: Final = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy",
)  # fmt: skip
"""What may stand beside a resource's type and properties."""


def declared_resources(service: Service) -> dict[str, DeclaredResource]:
    """The resources that the project writes itself, whole, with its extensions of them."""
    section = service.resources.get("Resources")
    declared: dict[str, DeclaredResource] = {}
    for id, written in as_map(section).items():
        kind = as_map(written).get("Type")
        if isinstance(kind, str):
            attributes = {name: written[name] for name in _ATTRIBUTES if written.get(name) is not None}
            place = place_of(section, id) or service.place
            resource = DeclaredResource(id, kind, as_map(written.get("Properties")), place, attributes)
            declared[id] = _without_nulls(_extended(service, resource))
    return declared


def overridden(service: Service, resource: DeclaredResource) -> DeclaredResource:
    """A generated resource with what the project changes about it."""
    written = as_map(as_map(service.resources.get("Resources")).get(resource.logical_id))
    if written:
        properties = noded(resource.properties, resource.place)
        own = written.get("Properties")
        if isinstance(own, Mapping):
            merge(properties, own)
        attributes = {**resource.attributes, **{name: written[name] for name in _ATTRIBUTES if name in written}}
        if both := _dependencies(resource, written.get("DependsOn")):
            attributes["DependsOn"] = both
        kind = written.get("Type")
        resource = replace(
            resource,
            type=kind if isinstance(kind, str) else resource.type,
            properties=properties,
            attributes={name: value for name, value in attributes.items() if value is not None},
        )
    return _without_nulls(_extended(service, resource))


def _dependencies(resource: DeclaredResource, written: Any) -> list[Any]:
    """What a generated resource depends on with what the project writes, by position as all lists. Empty where one of
    the two has none or is a single name, which the project's then replaces."""
    before = resource.attributes.get("DependsOn")
    if not isinstance(before, list) or not written:
        return []
    return [*written, *before[len(written) :]] if isinstance(written, list) else []


def unknown_extensions(service: Service, known: Mapping[str, DeclaredResource]) -> None:
    """Tell of extensions of resources that are not there: the framework refuses them."""
    extensions = service.resources.get("extensions")
    for id in as_map(extensions):
        if id not in known:
            service.report("extension-unknown", place_of(extensions, id), id=id)


def _extended(service: Service, resource: DeclaredResource) -> DeclaredResource:
    extension = as_map(as_map(service.resources.get("extensions")).get(resource.logical_id))
    if not extension:
        return resource
    properties: Mapping[str, Any] = resource.properties
    if isinstance(own := extension.get("Properties"), Mapping):
        changed = MapNode(properties, resource.place)
        changed.update(clone(own))
        if isinstance(own, MapNode):
            changed.keys_at.update(own.keys_at)
            changed.values_at.update(own.values_at)
        properties = changed
    attributes = dict(resource.attributes)
    for name in _ATTRIBUTES:
        if extension.get(name) is None:
            continue
        if name == "DependsOn":
            before = attributes.get(name, [])
            attributes[name] = [*([before] if isinstance(before, str) else as_list(before)), *as_list(extension[name])]
        elif name == "Metadata":
            attributes[name] = {**as_map(attributes.get(name)), **as_map(extension[name])}
        else:
            attributes[name] = extension[name]
    return replace(resource, properties=properties, attributes=attributes)


def _without_nulls(resource: DeclaredResource) -> DeclaredResource:
    if not _has_null(resource.properties):
        return resource
    return replace(resource, properties=_stripped(resource.properties))


def _has_null(value: Mapping[str, Any]) -> bool:
    waiting: list[Any] = [value]
    for node in waiting:
        is_mapping = isinstance(node, Mapping)
        for item in node.values() if is_mapping else node:
            if item is None and is_mapping:
                return True
            if not isinstance(item, str) and isinstance(item, Mapping | list):
                waiting.append(item)
    return False


def _stripped(value: Any) -> Any:
    """A copy without the keys of mappings that are null; items of lists stay, since their order has a meaning."""
    if isinstance(value, Mapping):
        copy = MapNode(value) if not isinstance(value, MapNode) else MapNode(value, value.place)
        for key, item in value.items():
            if item is None:
                del copy[key]
            elif isinstance(item, Mapping | list):
                copy[key] = _stripped(item)
        return copy
    if isinstance(value, list):
        copied = clone(value)
        copied[:] = [_stripped(item) if isinstance(item, Mapping | list) else item for item in value]
        return copied
    return value
