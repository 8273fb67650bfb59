"""The statements that the framework adds to the shared role by itself, in the order in which it adds them.

What functions' settings cause stands here, what their events cause in :mod:`.events`. Everything is as
osls 4.3.1 compiles it (``lib/plugins/aws/package/compile/functions.js``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.frameworks import V4, goes_on_from_v3
from scopedown.project.serverless.names import concat, function_arn
from scopedown.project.serverless.service import Service, is_text

_TRACING: Final = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def allow(
    actions: str | tuple[str, ...], resource: Any, place: Place | None, effect: str = "Allow"
) -> DeclaredStatement:
    """A statement as the framework writes one."""
    statement = {
        "Effect": effect,
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resource,
    }
    return DeclaredStatement(statement, place, "framework")


def for_functions(service: Service, own_roles: frozenset[str] = frozenset()) -> list[DeclaredStatement]:
    """What settings of functions add: dead letters, KMS, X-Ray, EFS, then destinations.

    Of the functions ``own_roles``, which have roles of their own in v4, only X-Ray is added to the shared role.

    The framework compiles all functions at once; destinations come after the first file is hashed for a version,
    so they stand last, but beside their function where it is not versioned.
    """
    first: list[DeclaredStatement] = []
    later: list[DeclaredStatement] = []
    last: list[DeclaredStatement] = []
    seen: list[Any] = []
    for key, function in service.functions.items():
        image = function.get("image")
        target = first
        if image:
            target = last if _is_built(service, image) else later
        for statement in _for_settings(service, function):
            if statement.added_by == "framework" and _repeats(statement, (*first, *later, *last)):
                continue
            if key not in own_roles or statement.statement["Action"] == _TRACING:
                target.append(statement)
        versioned = function.get("versionFunction")
        if versioned is None:
            versioned = service.provider.get("versionFunctions", True)
        versioned = versioned is not False or any(
            function.get(name) for name in ("durableConfig", "provisionedConcurrency", "snapStart")
        )
        if target is first and versioned:
            target = later
        if key not in own_roles:
            target.extend(for_destinations(service, key, seen))
    return first + later + last


def _is_built(service: Service, image: Any) -> bool:
    """Whether an image is built from a local folder (which takes longer than all else)."""
    name = image.get("name") if isinstance(image, Mapping) else image
    images = as_map(as_map(service.provider.get("ecr")).get("images"))
    declared = images.get(name) if isinstance(name, str) else None
    return isinstance(declared, str) or bool(as_map(declared).get("path"))


def _repeats(statement: DeclaredStatement, others: tuple[DeclaredStatement, ...]) -> bool:
    """KMS and X-Ray statements are added once, however many functions need them."""
    action = statement.statement["Action"]
    if action not in (["kms:Decrypt"], _TRACING):
        return False
    return any(other.statement == statement.statement for other in others)


def _for_settings(service: Service, function: Mapping[str, Any]) -> Iterator[DeclaredStatement]:
    provider = service.provider
    dead_letters = function.get("onError")
    if dead_letters and is_text(dead_letters):
        yield allow(("sns:Publish",), [dead_letters], service.place_in(function, "onError"))
    holder = function if function.get("kmsKeyArn") else provider
    key = holder.get("kmsKeyArn")
    if key and is_text(key):
        yield allow(("kms:Decrypt",), [key], service.place_in(holder, "kmsKeyArn"))
    traced_at = service.place_in(function, "tracing")
    tracing = function.get("tracing")
    if not tracing:
        tracing = as_map(provider.get("tracing")).get("lambda")
        traced_at = service.place_in(provider.get("tracing"), "lambda")
    if tracing:
        yield allow(tuple(_TRACING), ["*"], traced_at)
    files = function.get("fileSystemConfig")
    if files:
        yield allow(
            file_actions(service, as_map(files)), [as_map(files).get("arn")],
            service.place_in(function, "fileSystemConfig"),
        )  # fmt: skip


def file_actions(service: Service, files: Mapping[str, Any]) -> tuple[str, ...]:
    """What mounting a file system takes: EFS, or (in v4 only) S3 Files, by its type or its ARN."""
    arn = files.get("arn")
    kind = files.get("type") or ("s3files" if is_text(arn) and ":s3files:" in str(arn) else "efs")
    prefix = "s3files" if service.framework == V4 and kind == "s3files" else "elasticfilesystem"
    return (f"{prefix}:ClientMount", f"{prefix}:ClientWrite")


def for_destinations(service: Service, key: str, seen: list[Any] | None = None) -> Iterator[DeclaredStatement]:
    """What destinations of a function need, without those ``seen`` (None: in the function's own role of v4)."""
    function = service.functions[key]
    destinations = as_map(function.get("destinations"))
    if seen is not None and custom_role(service, function):
        return
    for outcome in ("onSuccess", "onFailure"):
        target = destinations.get(outcome)
        if not target or (seen is None and not isinstance(target, str | Text | Mapping)):
            continue
        place = service.place_in(destinations, outcome)
        if seen is not None and is_text(target):
            if target in seen:
                continue
            seen.append(target)
        action, resource = destination_of(service, target)
        if action is None:
            service.report("destination-unknown", place, outcome=outcome, key=key)
            continue
        yield allow(action, resource, place)


def destination_of(service: Service, target: Any) -> tuple[str | None, Any]:
    """The action that a destination needs, and its ARN."""
    if isinstance(target, Mapping):
        kinds = {
            "function": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish",
            "eventBus": "events:PutEvents",
        }  # fmt: skip
        return kinds.get(js_text(target.get("type"))), target.get("arn")
    written = str(target)
    known = written if isinstance(target, str) or str(target).startswith("arn:") else ""
    if known and not known.startswith("arn:"):
        if target in service.functions:
            return "lambda:InvokeFunction", function_arn(
                service.function_name(target),
                "" if goes_on_from_v3(service) else _alias(service.functions[target]),
            )
        return None, None
    for part, action in (
        (":function:", "lambda:InvokeFunction"), (":sqs:", "sqs:SendMessage"), (":sns:", "sns:Publish"),
        (":event-bus/", "events:PutEvents"),
    ):  # fmt: skip
        if part in known:
            return action, target
    return None, None


def _alias(function: Mapping[str, Any]) -> str:
    """The alias that calls of a function go to, as the suffix of its ARN (osls 4.3.1, naming)."""
    if function.get("durableConfig"):
        return ":durable"
    if function.get("provisionedConcurrency"):
        return ":provisioned"
    return ":snapstart" if function.get("snapStart") else ""


def custom_role(service: Service, function: Mapping[str, Any]) -> Any:
    """The role that a function is given instead of the shared one: its own, else the provider's; else None."""
    if function.get("role"):
        return function["role"]
    role = as_map(service.provider.get("iam")).get("role")
    return role if is_existing_role(role) else service.provider.get("role")


def is_existing_role(role: Any) -> bool:
    """Whether ``iam.role`` names a role (text, an intrinsic function) rather than describing one."""
    return is_text(role) or (isinstance(role, Mapping) and any("::" in key for key in role))


def durable(service: Service) -> Iterator[DeclaredStatement]:
    """What durable functions on the shared role need (in osls; v4 attaches a managed policy)."""
    if service.framework == V4:
        return
    keys = [
        key
        for key, function in service.functions.items()
        if function.get("durableConfig") and not custom_role(service, function)
    ]
    if keys:
        resources = [
            {"Fn::Sub": concat(function_arn(service.function_name(key))["Fn::Sub"], ":*/durable-execution/*/*")}
            for key in keys
        ]
        yield allow(
            ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"), resources,
            service.place_in(service.functions[keys[0]], "durableConfig"),
        )  # fmt: skip
