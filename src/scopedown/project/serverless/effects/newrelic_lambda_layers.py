"""serverless-newrelic-lambda-layers 5.4.0 (Apache-2.0), ``dist/index.js``: New Relic's layer, variables and handler.

``custom.newRelic`` holds for every function that it does not leave out. The handler becomes New Relic's, which calls
the project's by ``NEW_RELIC_LAMBDA_HANDLER``. The plugin asks New Relic for the layer's ARN, unless ``layerArn`` names
it, and for the account's license key. With that key it makes a secret in a stack of its own, and attaches the policy
that reads the secret (``NewRelic-ViewLicenseKey-REGION``) to the shared role. It is read here as if New Relic answers.
Subscriptions of log groups are made after the deployment and are in no template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.names import SHARED_ROLE, concat
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.plugins import plain_name
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-newrelic-lambda-layers"
_AFTER: Final = ("serverless-webpack", "serverless-plugin-typescript")
"""Plugins that must be listed before this one, which does nothing otherwise."""
_NODE: Final = ("nodejs16.x", "nodejs18.x", "nodejs20.x")
_JAVA: Final = ("java8.al2", "java11", "java17", "java21")
_WRAPPABLE: Final = (
    *_NODE, *_JAVA, "python3.7", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12", "dotnet6",
    "dotnet7", "dotnet8", "provided.al2",
)  # fmt: skip
_DOTNET: Final = {
    "CORECLR_ENABLE_PROFILING": "1",
    "CORECLR_PROFILER": "{36032161-FFC0-4B61-B559-F6C5D41BAE5A}",
    "CORECLR_NEWRELIC_HOME": "/opt/lib/newrelic-dotnet-agent",
    "CORECLR_PROFILER_PATH": "/opt/lib/newrelic-dotnet-agent/libNewRelicProfiler.so",
}
_ACCOUNT: Final = "451483290750"
"""New Relic's account for layers (https://docs.newrelic.com/docs/serverless-function-monitoring/)."""


def _settings(service: Service) -> Mapping[str, Any] | None:
    """The settings; None where the plugin does nothing."""
    settings = as_map(service.custom.get("newRelic"))
    stages = settings.get("stages")
    if truthy(stages) and isinstance(stages, list) and service.stage not in stages:
        return None
    own = next((at for at, one in enumerate(service.plugins) if plain_name(one) == plain_name(_PLUGIN)), 0)
    if any(name in service.plugins[own:] for name in _AFTER):
        return None
    if not truthy(settings.get("apiKey")) or (as_list(settings.get("exclude")) and as_list(settings.get("include"))):
        return None
    return settings


def _off(settings: Mapping[str, Any], key: str) -> bool:
    return settings.get(key) in (False, "false")


def _on(settings: Mapping[str, Any], key: str) -> bool:
    return truthy(settings.get(key)) and settings.get(key) != "false"


def _configure(service: Service, given: Given) -> None:
    settings = _settings(service)
    if settings is None or not service.functions:
        return
    shared = _shared_layer(service, settings)
    if shared is not None and isinstance(service.provider, MapNode):
        listed = as_list(service.provider.get("layers"))
        service.provider["layers"] = ListNode([*listed, shared], service.place_in(service.custom, "newRelic"))
    for key, function in _functions(service, settings):
        _instrument(service, settings, key, function, shared is not None)


def _functions(service: Service, settings: Mapping[str, Any]) -> Iterator[tuple[str, MapNode]]:
    include, exclude = as_list(settings.get("include")), as_list(settings.get("exclude"))
    for key, function in service.functions.items():
        if not isinstance(function, MapNode):
            continue
        account = settings.get("accountId") or as_map(function.get("environment")).get("NEW_RELIC_ACCOUNT_ID")
        runtime = _runtime(service, function)
        known = isinstance(runtime, str) and (runtime in _WRAPPABLE or truthy(settings.get("enableExtension")))
        if account and known and (not include or key in include) and key not in exclude:
            yield key, function


def _runtime(service: Service, function: Mapping[str, Any]) -> Any:
    return function.get("runtime") or service.provider.get("runtime")


def _shared_layer(service: Service, settings: Mapping[str, Any]) -> Any:
    """The layer, where all functions are alike and so have it from the provider; else None."""
    functions = list(service.functions.values())
    include = as_list(settings.get("include"))
    alike = all(len({str(one.get(key)) for one in functions}) == 1 for key in ("runtime", "architecture"))
    everywhere = not as_list(settings.get("exclude")) and (not include or len(include) == len(functions))
    runtime = _runtime(service, functions[0])
    if not (alike and everywhere and settings.get("accountId") and runtime in _WRAPPABLE):
        return None
    return _layer(service, settings)


def _layer(service: Service, settings: Mapping[str, Any]) -> Any:
    named = Text.unknown("New Relic says which layer it is")
    return settings.get("layerArn") or concat(f"arn:aws:lambda:{service.region}:{_ACCOUNT}:layer:NewRelic", named)


def _instrument(service: Service, settings: Mapping[str, Any], key: str, function: MapNode, is_shared: bool) -> None:
    runtime, handler = str(_runtime(service, function)), function.get("handler")
    layer, own = _layer(service, settings), function.get("layers")
    if not is_shared or truthy(own):
        listed = as_list(own)
        if not any(isinstance(one, str) and isinstance(layer, str) and layer in one for one in listed):
            layers = [layer, *listed] if settings.get("prepend") is True else [*listed, layer]
            function["layers"] = ListNode(layers, service.place_in(function, "layers"))
    _variables(service, settings, key, function, runtime)
    if not _on(settings, "manualWrapping") and isinstance(handler, str):
        function["handler"] = _wrapper(runtime, settings) or handler


def _variables(service: Service, settings: Mapping[str, Any], key: str, function: MapNode, runtime: str) -> None:
    environment = nodes(function, "environment")
    environment["NEW_RELIC_LAMBDA_HANDLER"] = function.get("handler")
    if settings.get("logEnabled") in (True, "true"):
        everywhere = as_map(service.provider.get("environment")).get("NEW_RELIC_LOG_LEVEL")
        level = everywhere or settings.get("logLevel") or ("debug" if truthy(settings.get("debug")) else "error")
        _usual(environment, "NEW_RELIC_LOG_ENABLED", "true")
        _usual(environment, "NEW_RELIC_LOG", "stderr" if runtime.lower().startswith("python") else "stdout")
        _usual(environment, "NEW_RELIC_LOG_LEVEL", level)
    _usual(environment, "NEW_RELIC_NO_CONFIG_FILE", "true")
    _usual(environment, "NEW_RELIC_APP_NAME", service.function_name(key))
    _usual(environment, "NEW_RELIC_ACCOUNT_ID", settings.get("accountId"))
    if truthy(settings.get("enableDistributedTracing")):
        environment["NEW_RELIC_DISTRIBUTED_TRACING_ENABLED"] = "true"
    trusted = settings.get("trustedAccountKey") or environment["NEW_RELIC_ACCOUNT_ID"]
    _usual(environment, "NEW_RELIC_TRUSTED_ACCOUNT_KEY", trusted)
    if "python" in runtime:
        environment["NEW_RELIC_SERVERLESS_MODE_ENABLED"] = "true"
    if "dotnet" in runtime:
        environment.update(_DOTNET)
    if _off(settings, "enableExtension"):
        environment["NEW_RELIC_LAMBDA_EXTENSION_ENABLED"] = "false"
        return
    if settings.get("disableLicenseKeySecret") is True:
        environment["NEW_RELIC_LICENSE_KEY"] = Text.unknown("New Relic gives the license key")
    if _on(settings, "enableFunctionLogs"):
        environment["NEW_RELIC_EXTENSION_SEND_FUNCTION_LOGS"] = "true"
    if _off(settings, "enableExtensionLogs"):
        environment["NEW_RELIC_EXTENSION_LOGS_ENABLED"] = "false"


def _usual(environment: MapNode, name: str, value: Any) -> None:
    """Set a variable, unless it is there and not empty."""
    if not truthy(environment.get(name)):
        environment[name] = value


def _wrapper(runtime: str, settings: Mapping[str, Any]) -> str:
    """New Relic's handler for a runtime; empty where the project's stays."""
    if runtime in _NODE:
        return "newrelic-lambda-wrapper.handler"
    if "python" in runtime:
        return "newrelic_lambda_wrapper.handler"
    if runtime in _JAVA:
        streams = settings.get("javaNewRelicHandler") == "handleStreamsRequest"
        return f"com.newrelic.java.HandlerWrapper::{'handleStreamsRequest' if streams else 'handleRequest'}"
    return ""


def _finish(template: Template) -> None:
    settings = _settings(template.service)
    role = template.resources.get(SHARED_ROLE)
    if settings is None or role is None or settings.get("disableLicenseKeySecret") is True:
        return
    policy = {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:policy/NewRelic-ViewLicenseKey-{template.service.region}"}
    added = [] if _off(settings, "enableExtension") else [policy]
    attached = [*as_list(role.properties.get("ManagedPolicyArns")), *added]
    template.change(SHARED_ROLE, ManagedPolicyArns=attached)


EFFECTS: Final = {"newrelic_lambda_layers": Effect(configure=_configure, finish=_finish, settings="newRelic")}
