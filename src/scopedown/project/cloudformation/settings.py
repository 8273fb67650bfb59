"""A function's properties as settings, by the Serverless Framework's names for them.

One vocabulary for all project files: what the permissions stage reads of a function (``vpc``, ``tracing``,
``kmsKeyArn``, ``onError``, ``destinations``, ``fileSystemConfig``) is named and shaped alike whichever tool deploys it.
Names: https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml; properties:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredResource, Tree

_RENAMED: Final = {
    "MemorySize": "memorySize", "Timeout": "timeout", "KmsKeyArn": "kmsKeyArn", "Layers": "layers",
    "ReservedConcurrentExecutions": "reservedConcurrency", "Description": "description",
}  # fmt: skip
"""Properties that only bear another name."""


def settings_of(stack: Stack, function: DeclaredResource) -> tuple[dict[str, Tree], dict[str, Place]]:
    """A function's settings and where each is written."""
    settings: dict[str, Tree] = {}
    places: dict[str, Place] = {}

    def take(name: str, value: Tree, holder: object, key: str | int) -> None:
        if value not in (None, {}, []):
            settings[name] = value
            places[name] = place_of(holder, key) or function.place

    properties = function.properties
    for key, name in _RENAMED.items():
        take(name, properties.get(key), properties, key)
    for key, (name, shape) in _SHAPED.items():
        if properties.get(key) is not None:
            take(name, shape(stack, function, properties[key]), properties, key)
    for config in stack.of_type("AWS::Lambda::EventInvokeConfig"):
        if function.logical_id in stack.functions_in(config.properties.get("FunctionName")):
            written = stack.mapping(config.properties, "DestinationConfig", config.logical_id)
            outcomes = {
                name: as_map(written.get(key)).get("Destination")
                for key, name in (("OnSuccess", "onSuccess"), ("OnFailure", "onFailure"))
            }
            take(
                "destinations", {name: arn for name, arn in outcomes.items() if arn is not None},
                config.properties, "DestinationConfig",
            )  # fmt: skip
    for url in stack.of_type("AWS::Lambda::Url"):
        if function.logical_id in stack.functions_in(url.properties.get("TargetFunctionArn")):
            authorizer = url.properties.get("AuthType")
            take("url", {"authorizer": "aws_iam"} if authorizer == "AWS_IAM" else True, url.properties, "AuthType")
    return settings, places


def _vpc(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    """A network, unless both of its lists are empty: so a function leaves one."""
    if not isinstance(written, Mapping):
        stack.wrong(function.properties, "VpcConfig", function.logical_id, "a mapping")
        return None
    if is_intrinsic(written):  # a condition that the deployment decides
        return dict(written)
    lists = {
        name: written.get(key)
        for key, name in (("SecurityGroupIds", "securityGroupIds"), ("SubnetIds", "subnetIds"))
        if written.get(key) not in (None, [])
    }
    return lists if "subnetIds" in lists else None


def _tracing(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    """``PassThrough`` samples only what another service has sampled: Lambda then sends no segments of its own will."""
    if not isinstance(written, Mapping):
        stack.wrong(function.properties, "TracingConfig", function.logical_id, "a mapping")
        return None
    mode = written.get("Mode")
    known = stack.text(mode).literal if mode is not None else None
    if known in ("PassThrough", ""):
        return None
    return known or mode or (dict(written) if is_intrinsic(written) else None)


def _dead_letters(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    config: Mapping[str, Tree] = stack.mapping(function.properties, "DeadLetterConfig", function.logical_id)
    return config.get("TargetArn")


def _files(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    for config in stack.sequence(function.properties, "FileSystemConfigs", function.logical_id):
        if isinstance(config, Mapping) and config.get("Arn") is not None:
            return {"arn": config["Arn"], "localMountPath": config.get("LocalMountPath")}
    return None


def _logging(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    config = stack.mapping(function.properties, "LoggingConfig", function.logical_id)
    names = (("LogGroup", "logGroup"), ("LogFormat", "logFormat"))
    found: dict[str, Tree] = {name: config[key] for key, name in names if config.get(key) is not None}
    return found


def _durable(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    return dict(written) if isinstance(written, Mapping) else None


def _architecture(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    first: Tree = (as_list(written) or [None])[0]
    return first


def _storage(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    size: Tree = as_map(written).get("Size")
    return size


def _snapshot(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    return stack.text(as_map(written).get("ApplyOn")).literal == "PublishedVersions" or None


def _tags(stack: Stack, function: DeclaredResource, written: Tree) -> Tree:
    pairs = [tag for tag in as_list(written) if isinstance(tag, Mapping) and isinstance(tag.get("Key"), str)]
    return {tag["Key"]: tag.get("Value") for tag in pairs}


_SHAPED: Final[Mapping[str, tuple[str, Callable[[Stack, DeclaredResource, Any], Any]]]] = {
    "VpcConfig": ("vpc", _vpc),
    "TracingConfig": ("tracing", _tracing),
    "DeadLetterConfig": ("onError", _dead_letters),
    "FileSystemConfigs": ("fileSystemConfig", _files),
    "LoggingConfig": ("logs", _logging),
    "DurableConfig": ("durableConfig", _durable),
    "Architectures": ("architecture", _architecture),
    "EphemeralStorage": ("ephemeralStorageSize", _storage),
    "SnapStart": ("snapStart", _snapshot),
    "Tags": ("tags", _tags),
}
"""Properties whose settings are shaped otherwise: (the setting, how)."""
