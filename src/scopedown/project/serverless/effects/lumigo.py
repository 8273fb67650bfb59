"""serverless-lumigo 1.14.6 (Apache-2.0), ``src/index.js``: Lumigo's tracer around handlers, as a layer or as code.

With ``useLayers`` (or the plugin serverless-esbuild) a layer and its handler come before the project's. Else the plugin
writes a file below ``_lumigo`` for each function, which hands Lumigo the project's handler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-lumigo"
_ACCOUNT: Final = "114300393969"
_IN_LAYER: Final = {"nodejs": "lumigo-auto-instrument.handler", "python": "/opt/python/lumigo_tracer._handler"}
_LAYERS: Final = {
    "nodejs": ("lumigo-node-tracer", "nodeLayerVersion"),
    "python": ("lumigo-python-tracer", "pythonLayerVersion"),
}


def _configure(service: Service, given: Given) -> None:
    settings = as_map(service.custom.get("lumigo"))
    family = _family(service.provider.get("runtime"), "nodejs", "python3")
    if not family:
        return
    layered = truthy(settings.get("useLayers")) or service.has_plugin("serverless-esbuild")
    for key, function in _functions(service):
        handler = function.get("handler")
        if not isinstance(handler, str):
            continue
        if layered:
            own = _family(function.get("runtime") or family, "nodejs", "python")
            _add_layer(service, settings, function, own)
            environment = nodes(function, "environment")
            environment["LUMIGO_ORIGINAL_HANDLER"] = handler
            environment["LUMIGO_TRACER_TOKEN"] = settings.get("token")
            function["handler"] = _IN_LAYER.get(own, handler)
        else:
            service.wrapped[key] = handler
            function["handler"] = f"_lumigo/{key}.{handler.rpartition('/')[2].rpartition('.')[2]}"


def _family(runtime: Any, *families: str) -> str:
    """``nodejs`` or ``python``, where a runtime begins with one of the names; else empty."""
    found = next((one for one in families if isinstance(runtime, str) and runtime.startswith(one)), "")
    return found.rstrip("3")


def _functions(service: Service) -> Iterator[tuple[str, MapNode]]:
    for key, function in service.functions.items():
        enabled = as_map(function.get("lumigo")).get("enabled")
        if isinstance(function, MapNode) and (enabled is None or enabled is True):
            yield key, function


def _add_layer(service: Service, settings: Mapping[str, Any], function: MapNode, family: str) -> None:
    listed = as_list(function.get("layers")) or as_list(service.provider.get("layers"))
    name, pinned = _LAYERS.get(family, ("", ""))
    version = settings.get(pinned)
    if version is None:
        version = Text.unknown("Lumigo says which version of its layer is the newest")
    arn: Name = concat(f"arn:aws:lambda:{service.region}:{_ACCOUNT}:layer:{name}:", _text(version))
    function["layers"] = ListNode([*listed, *([arn] if name else [])], service.place_in(function, "layers"))


def _text(value: Any) -> Name:
    return value if isinstance(value, Text) else str(value)


EFFECT: Final = Effect(configure=_configure, settings="lumigo")
