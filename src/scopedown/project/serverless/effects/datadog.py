"""serverless-plugin-datadog 5.134.1 (Apache-2.0), ``dist/src``: Datadog's layers, variables and handler for functions.

``custom.datadog`` holds for every function that is not in its ``exclude``. The handler becomes Datadog's, which calls
the project's by ``DD_LAMBDA_HANDLER``. The plugin grants nothing: a role that reads the API key from a secret needs
that in the project. Log groups are subscribed to ``forwarderArn``, as if none had other subscriptions; those of
executions and of state machines are not read. The versions of layers are those of the plugin's release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.log_groups import log_group_id
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.plugin_effects import Effect, Given, add_layer, nodes, variables_of
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-plugin-datadog"
_ACCOUNT: Final = "464622532012"
_DEFAULTS: Final[Mapping[str, Any]] = {
    "addLayers": True, "flushMetricsToLogs": True, "site": "datadoghq.com", "subdomain": "app",
    "enableXrayTracing": False, "enableDDTracing": True, "addExtension": True, "injectLogContext": True,
    "enableDDLogs": True, "subscribeToAccessLogs": True, "captureLambdaPayload": False,
    "redirectHandlers": True,
}  # fmt: skip
_WRAPPER: Final = "/opt/datadog_wrapper"
_HANDLERS: Final = {"python": "datadog_lambda.handler.handler"}
_API_LOGS: Final = {"api-gateway": "restApi", "http-api": "httpApi", "websocket": "websocket"}
"""The folders of log groups of APIs, and the settings of ``provider.logs`` for them."""
_IN_LAYER: Final = "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler"
_IN_PACKAGE: Final = "node_modules/datadog-lambda-js/dist/handler.handler"


def _configure(service: Service, given: Given) -> None:
    settings = {**_DEFAULTS, **as_map(service.custom.get("datadog"))}
    if settings.get("enabled") is False:
        return
    others = ("subscribeToExecutionLogs", "subscribeToStepFunctionLogs")
    if _forwarder(settings) and any(settings.get(key) for key in others):
        service.report("plugin-not-read logs", service.place_in(service.custom, "datadog"), plugin=_PLUGIN)
    for _, function in _functions(service, settings):
        runtime = function.get("runtime") or service.provider.get("runtime")
        _environment(function, settings, str(runtime))
        _layers(service, function, settings, str(runtime))
        _names(service, function, bool(settings["addExtension"]))
        nodes(function, "tags")["dd_sls_plugin"] = Text.unknown("it is the plugin's release")
        if not settings["addExtension"]:
            _tags(service, function)
        environment = nodes(function, "environment")
        if environment.get("DD_TRACE_ENABLED") in (False, "false"):
            environment["DD_MERGE_XRAY_TRACES"] = False
        _redirect(function, settings, str(runtime))
    if settings["enableXrayTracing"] and isinstance(service.provider, MapNode):
        existing = as_map(service.provider.get("apiGateway")).get("restApiId")
        tracing = MapNode({"lambda": True}, service.place_in(service.custom, "datadog"))
        service.provider["tracing"] = tracing
        if not existing:
            tracing["apiGateway"] = True


def _functions(service: Service, settings: Mapping[str, Any]) -> Iterator[tuple[str, MapNode]]:
    for key, function in service.functions.items():
        if key not in as_list(settings.get("exclude")) and isinstance(function, MapNode):
            yield key, function


def _environment(function: MapNode, settings: Mapping[str, Any], runtime: str) -> None:
    environment = nodes(function, "environment")
    for variable, key in variables_of("datadog"):
        if settings.get(key) is not None and variable not in environment:
            environment[variable] = settings[key]
    if settings["addExtension"]:
        environment["DD_LOGS_INJECTION"] = False
        if runtime.startswith(("dotnet", "java")):
            environment.setdefault("AWS_LAMBDA_EXEC_WRAPPER", _WRAPPER)
    else:
        environment.setdefault("DD_FLUSH_TO_LOG", settings["flushMetricsToLogs"])
        environment.setdefault("DD_LOGS_INJECTION", settings["injectLogContext"])


def _layers(service: Service, function: MapNode, settings: Mapping[str, Any], runtime: str) -> None:
    is_arm = (function.get("architecture") or service.provider.get("architecture")) == "arm64"
    account = settings.get("useLayersFromAccount") or _ACCOUNT
    names: list[str] = []
    if settings["addLayers"] and (name := _library(runtime, is_arm, settings["addExtension"])):
        names.append(name)
    if settings["addExtension"] and _family(runtime):
        government = settings.get("isFIPSEnabled", service.region.startswith("us-gov-"))
        names.append(f"Datadog-Extension{'-ARM' if is_arm else ''}{'-FIPS' if government else ''}")
    version = Text.unknown("the plugin knows the version of the layer")
    arns = [concat(f"arn:aws:lambda:{service.region}:{account}:layer:{name}:", version) for name in names]
    if arns:
        add_layer(service, function, *arns, by_default=service.provider.get("layers"))


def _family(runtime: str) -> str:
    """The beginning of a runtime's name that says what it runs; empty where Datadog has nothing for it."""
    families = ("nodejs", "python", "dotnet", "java", "ruby", "provided", "go")
    return next((one for one in families if runtime.startswith(one)), "")


def _library(runtime: str, is_arm: bool, with_extension: bool) -> str:
    """The layer with Datadog's library for a runtime; empty where there is none."""
    family, arm = _family(runtime), "-ARM" if is_arm else ""
    release = runtime.removeprefix(family)
    if family == "nodejs":
        return f"Datadog-Node{release.removesuffix('.x')}-x"
    if family == "python":
        return f"Datadog-Python{release.replace('.', '')}{arm}"
    if family == "ruby":
        return f"Datadog-Ruby{release.replace('.', '-')}{arm}"
    if family == "dotnet" and with_extension:
        return f"dd-trace-dotnet{arm}"
    return "dd-trace-java" if family == "java" and with_extension else ""


def _names(service: Service, function: MapNode, in_variables: bool) -> None:
    """The names that Datadog shows a function by, as far as the settings give them."""
    written = as_map(service.custom.get("datadog"))
    if not in_variables:
        for key in ("service", "env", "version"):
            if written.get(key):
                nodes(function, "tags").setdefault(key, written[key])
        return
    environment, everywhere = nodes(function, "environment"), nodes(service.provider, "environment")
    for key in ("service", "env", "version", "tags"):
        if written.get(key):
            variable = f"DD_{key.upper()}"
            environment.setdefault(variable, everywhere.get(variable, written[key]))
    environment.setdefault("DD_SERVICE", service.name)
    environment.setdefault("DD_ENV", service.stage)


def _tags(service: Service, function: MapNode) -> None:
    """The service and the stage as tags, unless all resources have such tags already."""
    shared = {**as_map(service.provider.get("tags")), **as_map(service.provider.get("stackTags"))}
    for key, value in (("service", service.name), ("env", service.stage)):
        if key not in shared:
            nodes(function, "tags").setdefault(key, value)


def _redirect(function: MapNode, settings: Mapping[str, Any], runtime: str) -> None:
    handler, family = function.get("handler"), _family(runtime)
    usual = (_IN_LAYER if settings["addLayers"] else _IN_PACKAGE) if family == "nodejs" else _HANDLERS.get(family)
    wrapper = (settings.get("customHandler") or usual) if family else None
    if settings["redirectHandlers"] and wrapper and isinstance(handler, str):
        nodes(function, "environment")["DD_LAMBDA_HANDLER"] = handler
        function["handler"] = wrapper


def _forwarder(settings: Mapping[str, Any]) -> Any:
    return settings.get("forwarderArn") or settings.get("forwarder")


def _extend(template: Template) -> None:
    """Subscribe the log groups of functions, where no extension sends their logs, and of the access of APIs."""
    service = template.service
    settings = {**_DEFAULTS, **as_map(service.custom.get("datadog"))}
    forwarder = _forwarder(settings)
    if settings.get("enabled") is False or not forwarder:
        return
    groups = {log_group_id(key) for key, _ in _functions(service, settings)}
    for id, resource in list(template.resources.items()):
        name = resource.properties.get("LogGroupName")
        if resource.type != "AWS::Logs::LogGroup" or not isinstance(name, str | Text):
            continue
        begin = str(name)
        if begin.startswith("/aws/vendedlogs/states/"):
            continue
        of_api = settings["subscribeToAccessLogs"] and any(
            begin.startswith(f"/aws/{folder}/") and _logged(service, key) for folder, key in _API_LOGS.items()
        )
        own = not settings["addExtension"] and (id in groups or not begin.startswith("/aws/lambda/"))
        if of_api or own:
            properties = {"DestinationArn": forwarder, "LogGroupName": {"Ref": id}}
            template.add(f"{id}Subscription", "AWS::Logs::SubscriptionFilter", properties, resource.place)


def _logged(service: Service, api: str) -> bool:
    """Whether the access of an API is logged."""
    written = as_map(service.provider.get("logs")).get(api)
    return written is True or as_map(written).get("accessLogging") is True


EFFECTS: Final = {"datadog": Effect(configure=_configure, extend=_extend, settings="datadog")}
