"""serverless-layers 2.8.5 (MIT), ``lib/index.js``: layers of the project's packages, which the plugin publishes itself.

``custom.serverless-layers`` is one layer, or a list of layers by their names. Each is added to every function, or to
those in its ``functions``; one with an ``arn`` is there already. Without ``localDir`` and ``artifact`` it holds what
package.json, requirements.txt or the Gemfile lists: the code is then read as if the packages were in the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.layers import layer_id
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_SETTINGS: Final = "serverless-layers"


def _configure(service: Service, given: Given) -> None:
    for name, settings in _layers(service):
        arn = settings.get("arn")
        layer = arn if arn else _published(service, name)
        if not (arn or settings.get("localDir") or settings.get("artifact")):
            service.package_layers.append(layer)
        wanted = settings.get("functions")
        for key, function in service.functions.items():
            if isinstance(function, dict) and (not wanted or key in as_list(wanted)):
                layers = ListNode(as_list(function.get("layers")), service.place_in(function, "layers"))
                function["layers"] = layers if layer in layers else ListNode([*layers, layer], layers.place)
        if not service.functions and isinstance(service.provider, dict):
            service.provider["layers"] = [*as_list(service.provider.get("layers")), layer]
        called = _name(service, name)
        if isinstance(called, str):
            output = f"{layer_id(called)}QualifiedArn"
            nodes(service.resources, "Outputs")[output] = MapNode(
                {"Value": layer, "Export": MapNode({"Name": output}, service.place)}, service.place
            )


def _layers(service: Service) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The layers of the settings, each with its name (``default`` where it has none)."""
    written = service.custom.get(_SETTINGS)
    if isinstance(written, list):
        for item in written:
            yield from ((name, as_map(settings)) for name, settings in as_map(item).items())
    else:
        yield "default", as_map(written)


def _name(service: Service, name: str) -> Name:
    """What a layer is called: after the stack, the runtime and its own name, in lower case."""
    stack = service.provider.get("stackName")
    begin = stack if isinstance(stack, str | Text) and stack else concat(service.name, f"-{service.stage}")
    runtime = re.match(r"[a-z]+", str(service.provider.get("runtime") or "nodejs"))
    text = concat(begin, f"-{runtime[0] if runtime else 'nodejs'}-{name}")
    return re.sub(r"[^a-z0-9-]", "", text.lower()) if isinstance(text, str) else text


def _published(service: Service, name: str) -> Text:
    """The ARN of a layer that the plugin publishes: its account and its version are known when it has done so."""
    reason = "the plugin serverless-layers publishes the layer"
    return Text.of(
        f"arn:aws:lambda:{service.region}:", Unknown(reason), ":layer:", _name(service, name), ":", Unknown(reason)
    )


EFFECT: Final = Effect(configure=_configure, settings="serverless-layers")
