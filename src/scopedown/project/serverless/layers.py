"""The layers that a service makes, who may use them, and which of them a function uses.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/layers.js``. A kept layer (``retain``) has a hash of its content
at the end of its logical id, which is left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.code.handler_files import Sources
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import ForeignLayer
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.deployment import stored
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.service import Service, is_text
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
        }
        template.add(id, "AWS::Lambda::LayerVersion", properties, place, DeletionPolicy=kept)
        for account in _list(layer.get("allowedAccounts")) or ():
            given = js_text(account) if not isinstance(account, Text) else account
            permission = {"Action": "lambda:GetLayerVersion", "LayerVersionArn": {"Ref": id}, "Principal": given}
            template.add(
                f"{normalized(name)}{str(given).replace('*', 'Wild', 1)}LambdaLayerPermission",
                "AWS::Lambda::LayerVersionPermission", permission, place, DeletionPolicy=kept,
            )  # fmt: skip


def layers_of(service: Service, function: Mapping[str, Any]) -> Any:
    """The layers of a function as they are compiled: its own, else the provider's; None where there are none."""
    own, shared = function.get("layers"), service.provider.get("layers")
    return own if truthy(own) else shared if truthy(shared) else None


def layers_used(
    service: Service, layers: Any, scope: Scope, sources: Sources, place: Place
) -> tuple[tuple[str, ...], tuple[ForeignLayer, ...], tuple[Unseen, ...]]:
    """The layers that a function uses: the folders of those that the service makes, those of others, and what is not
    here of the service's own."""
    own = {layer_id(name): (name, layer) for name, layer in service.layers.items()}
    folders: list[str] = []
    foreign: list[ForeignLayer] = []
    unread: list[Unseen] = []
    for number, used in enumerate(as_list(layers)):
        at = place_of(layers, number) or place
        reference = as_map(used).get("Ref")
        named = own.get(reference) if isinstance(reference, str) else None
        if reference in _PLUGINS_LAYERS or used in service.package_layers:
            continue
        if named is None:
            foreign.append(ForeignLayer(Text.of(used) if isinstance(used, str) else to_text(used, scope), at))
            continue
        path = named[1].get("path")
        if isinstance(path, str) and path:
            folder = path.replace("\\", "/").removeprefix("./").rstrip("/") or "."
            folders.append(folder)
            if not sources.is_folder(folder) and not _holds_only_packages(sources, folder):
                what = f"{folder}, the folder of the layer {named[0]}, is not in the repository"
                unread.append(
                    Unseen(Cause.LAYER, what, at, remedy="correct the layer's path, or run the build that makes it")
                )
        else:
            what = f"the layer {named[0]} is a built package, which scopedown cannot read"
            unread.append(Unseen(Cause.LAYER, what, at, remedy="set the layer's path to the folder of its source"))
    return tuple(dict.fromkeys(folders)), tuple(foreign), tuple(unread)


_PLUGINS_LAYERS: Final = ("PythonRequirementsLambdaLayer",)
"""Layers of plugins that hold packages of PyPI alone (https://github.com/serverless/serverless-python-requirements)."""


def _list(value: Any) -> list[Any] | None:
    """A list, a single text as one; None where it is neither, or empty."""
    if is_text(value) and value:
        return [value]
    return as_list(value) or None


def _holds_only_packages(sources: Sources, folder: str) -> bool:
    from scopedown.project.code.installed import holds_only_packages

    return holds_only_packages(sources, folder)
