"""The layers that a service makes, who may use them, and which of them a function uses.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/layers.js``. A kept layer (``retain``) has a hash of its content
at the end of its logical id, which is left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.core.text import Text
from scopedown.project.nodes import MapNode
from scopedown.project.scalars import js_text
from scopedown.project.serverless.deployment import stored
from scopedown.project.serverless.events.conversions import truthy
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.service import Service, as_list, as_map, is_text
from scopedown.project.serverless.template import Template


def layer_id(name: str) -> str:
    """The logical id of a layer.

    >>> layer_id("common-code")
    'CommonDashcodeLambdaLayer'
    """
    return f"{normalized(name)}LambdaLayer"


def declared_layers(section: Any) -> Mapping[str, Mapping[str, Any]]:
    """The layers of the section ``layers``: those that are mappings."""
    layers = MapNode(None, section.place) if isinstance(section, MapNode) else MapNode()
    if isinstance(section, MapNode):
        layers.keys_at, layers.values_at = section.keys_at, section.values_at
        layers.update({name: layer for name, layer in section.items() if isinstance(layer, Mapping)})
    return layers


def compile_layers(template: Template) -> None:
    """A version of each layer, and a permission for each account that it is shared with."""
    service = template.service
    for name, layer in service.layers.items():
        place = service.place_in(service.layers, name)
        kept = "Retain" if layer.get("retain") else None
        id = layer_id(name)
        properties = {
            "Content": stored(service),
            "LayerName": layer.get("name") or name,
            "Description": layer.get("description") or None,
            "LicenseInfo": layer.get("licenseInfo") or None,
            "CompatibleRuntimes": _list(layer.get("compatibleRuntimes")),
            "CompatibleArchitectures": _list(layer.get("compatibleArchitectures")),
        }
        template.add(id, "AWS::Lambda::LayerVersion", properties, place, DeletionPolicy=kept)
        for account in _list(layer.get("allowedAccounts")) or ():
            given = js_text(account) if not isinstance(account, Text) else account
            permission = {"Action": "lambda:GetLayerVersion", "LayerVersionArn": {"Ref": id}, "Principal": given}
            template.add(
                f"{normalized(name)}{str(given).replace('*', 'Wild', 1)}LambdaLayerPermission",
                "AWS::Lambda::LayerVersionPermission", permission, place, DeletionPolicy=kept,
            )  # fmt: skip
        template.outputs[f"{id}QualifiedArn"] = {
            "Description": "Current Lambda layer version", "Value": {"Ref": id},
        }  # fmt: skip
        for suffix, what in (("Hash", "hash"), ("S3Key", "S3Key")):
            template.outputs[f"{id}{suffix}"] = {
                "Description": f"Current Lambda layer {what}",
                "Value": Text.unknown("it is known when the layer is packed"),
            }


def layers_of(service: Service, function: Mapping[str, Any]) -> Any:
    """The layers of a function as they are compiled: its own, else the provider's; None where there are none."""
    own, shared = function.get("layers"), service.provider.get("layers")
    return own if truthy(own) else shared if truthy(shared) else None


def folders_of(service: Service, layers: Any) -> tuple[str, ...]:
    """The folders of the layers that the service itself makes, among those that a function uses."""
    own = {layer_id(name): layer for name, layer in service.layers.items()}
    folders: list[str] = []
    for used in as_list(layers):
        reference = as_map(used).get("Ref")
        path = as_map(own.get(reference) if isinstance(reference, str) else None).get("path")
        if isinstance(path, str) and path:
            folders.append(path.replace("\\", "/").removeprefix("./").rstrip("/") or ".")
    return tuple(dict.fromkeys(folders))


def _list(value: Any) -> list[Any] | None:
    """A list, a single text as one; None where it is neither, or empty."""
    if is_text(value) and value:
        return [value]
    return as_list(value) or None
