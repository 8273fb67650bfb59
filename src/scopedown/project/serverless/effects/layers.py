"""Plugins that add layers to functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text, Unknown
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.layers import layer_id
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect, Given, add_layer, nodes
from scopedown.project.serverless.service import Service, noded
from scopedown.project.serverless.template import Template

_SETTINGS: Final = "serverless-layers"


def _layers(service: Service, given: Given) -> None:
    """serverless-layers 2.8.5 (MIT), ``lib/index.js``: layers of the project's packages, which the plugin publishes
    itself.

    ``custom.serverless-layers`` is one layer, or a list of layers by their names. Each is added to every function, or
    to those in its ``functions``; one with an ``arn`` is there already. Without ``localDir`` and ``artifact`` it holds
    what package.json, requirements.txt or the Gemfile lists: the code is then read as if the packages were in the
    project.
    """
    for name, settings in _listed_layers(service):
        arn = settings.get("arn")
        layer = arn if arn else _published(service, name)
        if not (arn or settings.get("localDir") or settings.get("artifact")):
            service.package_layers.append(layer)
        wanted = settings.get("functions")
        for key, function in service.functions.items():
            if isinstance(function, dict) and (not wanted or key in as_list(wanted)):
                add_layer(service, function, *([] if layer in as_list(function.get("layers")) else [layer]))
        if not service.functions and isinstance(service.provider, dict):
            service.provider["layers"] = [*as_list(service.provider.get("layers")), layer]
        called = _name(service, name)
        if isinstance(called, str):
            output = f"{layer_id(called)}QualifiedArn"
            nodes(service.resources, "Outputs")[output] = MapNode(
                {"Value": layer, "Export": MapNode({"Name": output}, service.place)}, service.place
            )


def _listed_layers(service: Service) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The layers of the settings, each with its name (``default`` where it has none)."""
    written = service.custom.get(_SETTINGS)
    if isinstance(written, list):
        for item in written:
            yield from ((name, as_map(settings)) for name, settings in as_map(item).items())
    else:
        yield "default", as_map(written)


def _name(service: Service, name: str) -> Name:
    """What a layer is called: after the stack, the runtime and its own name, in lower case."""
    runtime = re.match(r"[a-z]+", str(service.provider.get("runtime") or "nodejs"))
    text = concat(service.stack, f"-{runtime[0] if runtime else 'nodejs'}-{name}")
    return re.sub(r"[^a-z0-9-]", "", text.lower()) if isinstance(text, str) else text


def _published(service: Service, name: str) -> Text:
    """The ARN of a layer that the plugin publishes: its account and its version are known when it has done so."""
    reason = "the plugin serverless-layers publishes the layer"
    return Text.of(
        f"arn:aws:lambda:{service.region}:", Unknown(reason), ":layer:", _name(service, name), ":", Unknown(reason)
    )


_LATEST: Final = re.compile(r"^(arn:.*:)latest$", re.IGNORECASE)


def _latest_layer_version(template: Template) -> None:
    """serverless-latest-layer-version 2.1.2 (MIT), ``index.js``: ``latest`` as the version of a layer.

    The plugin asks AWS for the version, so that it is not known here.
    """
    for id, resource in template.all().items():
        layers = as_list(resource.properties.get("Layers"))
        if resource.type == "AWS::Lambda::Function" and any(_is_latest(layer) for layer in layers):
            template.change(id, Layers=[_versioned(layer) for layer in layers])


def _is_latest(layer: Any) -> bool:
    return isinstance(layer, str) and _LATEST.match(layer) is not None


def _versioned(layer: Any) -> Any:
    found = _LATEST.match(layer) if isinstance(layer, str) else None
    if found is None:
        return layer
    return concat(found[1], Text.unknown("the plugin asks AWS for the latest version of the layer"))


_REFERENCE: Final = {"Ref": "GemLambdaLayer"}


def _ruby_layer(service: Service, given: Given) -> None:
    """serverless-ruby-layer 1.7.0 (MIT), ``lib/bundle.js``: a layer of the project's gems for all functions.

    The layer holds what the Gemfile lists: the code is read as if the gems were in the project. The plugin runs bundler
    when it packages the service.
    """
    settings = as_map(service.custom.get("rubyLayer"))
    place = service.place_in(service.custom, "rubyLayer")
    layer = {
        "package": {"artifact": ".serverless/ruby_layer/gemLayer.zip"},
        "name": concat(service.name, f"-{service.stage}-ruby-bundle"),
        "description": "Ruby gem generated by serverless-ruby-bundler",
        "compatibleRuntimes": [service.provider.get("runtime")],
        **as_map(settings.get("layer")),
    }
    if isinstance(service.layers, MapNode):
        service.layers["gem"] = noded(layer, place)
        service.layers.keys_at["gem"] = place
    service.package_layers.append(_REFERENCE)
    included, excluded = settings.get("include_functions"), as_list(settings.get("exclude_functions"))
    for key, function in service.functions.items():
        if not isinstance(function, MapNode) or key in excluded or (included and key not in as_list(included)):
            continue
        nodes(function, "environment")["GEM_PATH"] = Text.unknown("bundler names the folder after Ruby's version")
        add_layer(service, function, dict(_REFERENCE))


_INSIGHTS_ACCOUNT: Final = "580247275435"
_POLICY: Final = "arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy"


def _lambda_insights(service: Service, given: Given) -> None:
    """serverless-plugin-lambda-insights 2.0.0 (MIT-0), ``index.js``: the layer of Lambda Insights, and its policy.

    Functions get AWS's layer with ``lambdaInsights: true``, or ``custom.lambdaInsights.defaultLambdaInsights``; the
    shared role gets CloudWatchLambdaInsightsExecutionRolePolicy unless ``attachPolicy`` is false. Which version of the
    layer that is, the plugin's release tells, or AWS.
    """
    custom = as_map(service.custom.get("lambdaInsights"))
    everywhere = custom.get("defaultLambdaInsights")
    found = False
    for function in service.functions.values():
        own = function.get("lambdaInsights")
        if own is False or not (own or everywhere) or not isinstance(function, dict):
            continue
        architecture = function.get("architecture") or service.provider.get("architecture")
        add_layer(service, function, _layer(service, architecture == "arm64", custom.get("lambdaInsightsVersion")))
        found = True
    if found and custom.get("attachPolicy", True) is not False and isinstance(service.provider, MapNode):
        place = service.place_in(service.custom, "lambdaInsights")
        service.provider["iamManagedPolicies"] = ListNode(
            [*as_list(service.provider.get("iamManagedPolicies")), _POLICY], place
        )


def _layer(service: Service, is_arm: bool, version: Any) -> Any:
    name = "LambdaInsightsExtension-Arm64" if is_arm else "LambdaInsightsExtension"
    which = str(version) if isinstance(version, int) else Text.unknown("the plugin knows the version of the layer")
    return concat(f"arn:aws:lambda:{service.region}:{_INSIGHTS_ACCOUNT}:layer:{name}:", which)


_PLUGIN: Final = "serverless-lumigo"
_LUMIGO_ACCOUNT: Final = "114300393969"
_IN_LAYER: Final = {"nodejs": "lumigo-auto-instrument.handler", "python": "/opt/python/lumigo_tracer._handler"}
_LAYERS: Final = {
    "nodejs": ("lumigo-node-tracer", "nodeLayerVersion"),
    "python": ("lumigo-python-tracer", "pythonLayerVersion"),
}


def _lumigo(service: Service, given: Given) -> None:
    """serverless-lumigo 1.14.6 (Apache-2.0), ``src/index.js``: Lumigo's tracer around handlers, as a layer or as code.

    With ``useLayers`` (or the plugin serverless-esbuild) a layer and its handler come before the project's. Else the
    plugin writes a file below ``_lumigo`` for each function, which hands Lumigo the project's handler.
    """
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
    name, pinned = _LAYERS.get(family, ("", ""))
    version = settings.get(pinned)
    if version is None:
        version = Text.unknown("Lumigo says which version of its layer is the newest")
    arn: Name = concat(f"arn:aws:lambda:{service.region}:{_LUMIGO_ACCOUNT}:layer:{name}:", _text(version))
    add_layer(service, function, *([arn] if name else []), by_default=service.provider.get("layers"))


def _text(value: Any) -> Name:
    return value if isinstance(value, Text) else str(value)


EFFECTS: Final = {
    "layers": Effect(configure=_layers, settings="serverless-layers"),
    "latest_layer_version": Effect(finish=_latest_layer_version),
    "ruby_layer": Effect(configure=_ruby_layer, settings="rubyLayer"),
    "lambda_insights": Effect(configure=_lambda_insights, settings="lambdaInsights"),
    "lumigo": Effect(configure=_lumigo, settings="lumigo"),
}
