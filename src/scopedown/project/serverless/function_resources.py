"""Functions as they deploy: the function, its version and alias, its URL, and what becomes of asynchronous calls.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/functions.js``. Logical ids of versions end in a hash of the
function's content there, which is left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.additions import custom_role, is_existing_role
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.deployment import stored
from scopedown.project.serverless.event_kinds import event_kind
from scopedown.project.serverless.events.parts.targets import Target, target_of
from scopedown.project.serverless.frameworks import V3, V4, condition_beside, default_runtime
from scopedown.project.serverless.layers import layers_of
from scopedown.project.serverless.log_groups import log_groups_of
from scopedown.project.serverless.names import SHARED_ROLE, function_id, function_role_id, normalized
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

# URLs of functions, and who may call them.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/functions.js``.


def compile_url(template: Template, key: str) -> None:
    """The URL of a function that asks for one, and the permissions to call it where anybody may."""
    service = template.service
    function = service.functions[key]
    url = function.get("url")
    if not truthy(url):
        return
    settings = as_map(url)
    place, condition = service.place_in(function, "url"), condition_beside(service, function)
    kind = "AWS_IAM" if settings.get("authorizer") == "aws_iam" else "NONE"
    target = target_of(service, key)
    properties = {"AuthType": kind, "TargetFunctionArn": target.arn}
    template.add(f"{normalized(key)}LambdaFunctionUrl", "AWS::Lambda::Url", properties, place, Condition=condition)
    if kind != "NONE":
        return
    permissions: list[tuple[str, str, dict[str, Any]]] = [
        ("FnUrl", "lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": kind}),
        ("FnUrlInvokeFunction" if service.framework == V4 else "Fn", "lambda:InvokeFunction",
         {"InvokedViaFunctionUrl": True}),
    ]  # fmt: skip
    for suffix, action, more in permissions[: 1 if service.framework == V3 else 2]:
        permission = {"FunctionName": target.arn, "Action": action, "Principal": "*", **more}
        template.add(
            f"{normalized(key)}LambdaPermission{suffix}", "AWS::Lambda::Permission", permission, place,
            Condition=condition,
        )  # fmt: skip


_UPDATES: Final = {"onFunctionUpdate": "FunctionUpdate", "manual": "Manual"}


def compile_functions(template: Template) -> None:
    """Everything that the settings of each function make."""
    for key in template.service.functions:
        _function(template, key)
        _version(template, key)
        compile_url(template, key)
        _invocations(template, key)


def role_of_function(template: Template, key: str) -> Any:
    """The role that a function is given: an ARN, or an intrinsic that gives one."""
    service = template.service
    function = service.functions[key]
    if template.roles.get(key) == (own := function_role_id(key)):
        return {"Fn::GetAtt": [own, "Arn"]}
    existing = as_map(function.get("iam")).get("role")
    if "role" in function or not is_existing_role(existing):
        existing = custom_role(service, function) or SHARED_ROLE
    if isinstance(existing, str) and not existing.startswith("arn:"):
        return {"Fn::GetAtt": [existing, "Arn"]}
    return existing


def _function(template: Template, key: str) -> None:
    service = template.service
    function, provider = service.functions[key], service.provider

    tags = {**as_map(provider.get("tags")), **as_map(function.get("tags"))}
    files = as_map(function.get("fileSystemConfig"))
    own_logs = function.get("logs")
    logs = as_map(own_logs if truthy(own_logs) else as_map(provider.get("logs")).get("lambda"))
    properties: dict[str, Any] = {
        **_code(service, function),
        "FunctionName": service.function_name(key),
        "Tags": [{"Key": name, "Value": value} for name, value in tags.items()]
        if truthy(function.get("tags")) or truthy(provider.get("tags")) else None,
        "RecursiveLoop": function.get("recursiveLoop") or None,
        "KmsKeyArn": function.get("kmsKeyArn") or provider.get("kmsKeyArn") or None,
        "Environment": _environment(service, function),
        "Role": role_of_function(template, key),
        "VpcConfig": _network(service, function),
        "FileSystemConfigs": [{"Arn": files.get("arn"), "LocalMountPath": files.get("localMountPath")}]
        if files else None,
        "ReservedConcurrentExecutions": function.get("reservedConcurrency"),
        "Layers": layers_of(service, function),
        "LoggingConfig": {"LogGroup": logs["logGroup"]} if logs.get("logGroup") else None,
    }  # fmt: skip
    if service.framework == V4:
        from scopedown.project.serverless.v4_functions import logging, with_capacity

        properties = with_capacity(service, key, properties | {"LoggingConfig": logging(service, key)})
    template.add(
        function_id(key), "AWS::Lambda::Function", properties, service.place_in(service.functions, key),
        Condition=function.get("condition"), DependsOn=_dependencies(template, key, properties["Role"]) or None,
    )  # fmt: skip


def _dependencies(template: Template, key: str, role: Any) -> list[Any]:
    """What has to be there before a function: its log groups, a role that it names, and what it says itself."""
    more = template.service.functions[key].get("dependsOn") or []
    named = as_list(as_map(role).get("Fn::GetAtt"))[:1]
    return [
        *log_groups_of(template.service, key),
        *(name for name in named if name != SHARED_ROLE),
        *(more if isinstance(more, list) else [more]),
    ]


def _environment(service: Service, function: Mapping[str, Any]) -> dict[str, Any] | None:
    """The provider's variables and the function's own over them."""
    own, shared = function.get("environment"), service.provider.get("environment")
    if not truthy(own) and not truthy(shared):
        return None
    return {"Variables": {**as_map(shared), **as_map(own)}}


def _network(service: Service, function: Mapping[str, Any]) -> dict[str, Any] | None:
    """The network of a function: each part its own or the provider's, and nothing unless both lists are there."""
    own = function.get("vpc", {})
    if own is None or own is False:
        return None
    shared = service.provider.get("vpc")

    def part(name: str) -> Any:
        return as_map(own).get(name) or as_map(shared).get(name)

    if not part("securityGroupIds") or not part("subnetIds"):
        return None
    return {
        "Ipv6AllowedForDualStack": part("ipv6AllowedForDualStack"),
        "SecurityGroupIds": part("securityGroupIds"),
        "SubnetIds": part("subnetIds"),
    }


# Code


def _code(service: Service, function: Mapping[str, Any]) -> dict[str, Any]:
    image = function.get("image")
    if image and not function.get("handler"):
        return {"Code": {"ImageUri": image_uri(service, image)}}
    return {
        "Code": stored(service),
        "Handler": function.get("handler"),
        "Runtime": function.get("runtime") or service.provider.get("runtime") or default_runtime(service),
        "RuntimeManagementConfig": _runtime_management(service, function),
    }


def image_uri(service: Service, image: Any) -> Any:
    """The URI of a function's image, where the configuration tells it."""
    name = image
    if isinstance(image, Mapping):
        if image.get("uri"):
            return image["uri"]
        name = image.get("name")
    if isinstance(name, str) and ".dkr.ecr." not in name:
        declared = as_map(as_map(service.provider.get("ecr")).get("images")).get(name)
        uri = declared if is_text(declared) else as_map(declared).get("uri")
        if uri and ".dkr.ecr." in str(uri):
            return uri
        return Text.unknown(f"the image {name} is built at deployment")
    return name


def _runtime_management(service: Service, function: Mapping[str, Any]) -> dict[str, Any] | None:
    settings: dict[str, Any] = {}
    for written in (service.provider.get("runtimeManagement"), function.get("runtimeManagement")):
        if is_text(written):
            settings["mode"] = written
        else:
            settings.update({name: value for name, value in as_map(written).items() if value is not None})
    mode = settings.get("mode", "auto")
    if not isinstance(mode, str) or mode not in _UPDATES:
        return None
    manual = {"RuntimeVersionArn": settings.get("arn")} if mode == "manual" else {}
    return {"UpdateRuntimeOn": _UPDATES[mode], **manual}


# Versions, aliases, asynchronous calls


def at_edge(service: Service, key: str) -> bool:
    """Whether CloudFront calls a function: such a one is versioned, and has less memory and time unless it says so."""
    return any(event_kind(event.kind).at_edge and event.settings for event in service.events(key))


def is_versioned(service: Service, key: str) -> bool:
    """Whether every deployment publishes a version that is kept."""
    function = service.functions[key]
    if function.get("durableConfig") or at_edge(service, key):
        return True
    own = function.get("versionFunction")
    if own is None:
        own = service.provider.get("versionFunctions")
    return True if own is None else bool(own)


def _has_version(service: Service, key: str) -> bool:
    function = service.functions[key]
    return is_versioned(service, key) or bool(function.get("provisionedConcurrency") or function.get("snapStart"))


def _version(template: Template, key: str) -> None:
    service = template.service
    function = service.functions[key]
    versioned = is_versioned(service, key)
    concurrency = function.get("provisionedConcurrency")
    if not _has_version(service, key):
        return
    if service.framework == V4 and isinstance(concurrency, Mapping):
        concurrency = concurrency.get("executions")
    place, condition = service.place_in(service.functions, key), condition_beside(service, function)
    id, reference = f"{normalized(key)}LambdaVersion", {"Ref": function_id(key)}
    target = target_of(service, key)
    template.add(
        id, "AWS::Lambda::Version",
        {"FunctionName": reference}, place,
        DeletionPolicy="Retain" if versioned or target.alias is None else None, Condition=condition,
    )  # fmt: skip
    if target.alias is None or target.alias_id is None:
        return
    alias = {
        "FunctionName": reference,
        "Name": target.alias,
        "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": concurrency} if concurrency else None,
    }
    template.add(target.alias_id, "AWS::Lambda::Alias", alias, place, Condition=condition)


def _invocations(template: Template, key: str) -> None:
    """What becomes of asynchronous calls: destinations, and how long and how often they are tried."""
    service = template.service
    function = service.functions[key]
    destinations = function.get("destinations")
    age, attempts = function.get("maximumEventAge"), function.get("maximumRetryAttempts")
    if not truthy(destinations) and not age and attempts is None:
        return
    config = {
        name: {"Destination": _destination(service, key, as_map(destinations)[outcome])}
        for outcome, name in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure"))
        if as_map(destinations).get(outcome)
    }
    target: Target = target_of(service, key)
    properties = {
        "FunctionName": {"Ref": function_id(key)},
        "DestinationConfig": config,
        "Qualifier": target.alias or "$LATEST",
    }
    place: Place = service.place_in(function, "destinations")
    template.add(
        f"{normalized(key)}LambdaEvConf", "AWS::Lambda::EventInvokeConfig", properties, place,
        Condition=condition_beside(service, function),
    )  # fmt: skip


def _comes_later(service: Service, target: str, key: str) -> bool:
    """Whether v4 does not know a function's alias yet where it compiles what becomes of another's calls.

    It compiles all functions at once, each as far as to the hash of its archive, which versions only need.
    """
    names = list(service.functions)
    return target in names[names.index(key) + 1 :] or not _has_version(service, key)


def _destination(service: Service, key: str, written: Any) -> Any:
    if isinstance(written, Mapping):
        return written.get("arn")
    if isinstance(written, str) and not written.startswith("arn:"):
        if service.framework == V3:  # it calls the function itself, never its alias
            return {"Fn::GetAtt": [function_id(written), "Arn"]}
        if service.framework == V4 and _comes_later(service, written, key):
            return {"Fn::GetAtt": [function_id(written), "Arn"]}
        return target_of(service, written).arn
    return written if is_text(written) else as_list(written) or None
