"""Calls, functions and projects in few words, for the tests of permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.calls.model import Alternatives, SdkCall
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.model import DeclaredResource, Event, Function, Project

PLACE = Place("app.py", 7, 3)


def argument(value: Any) -> Any:
    """Plain Python as an argument: strings become texts, symbolic parts texts of that part."""
    if isinstance(value, Text | Alternatives) or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: argument(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(argument(item) for item in value)
    return Text.of(value)


def sdk_call(operation: str, arguments: Mapping[str, Any]) -> SdkCall:
    service, _, name = operation.partition(".")
    return SdkCall(service, name, argument(arguments), PLACE, ("handler",), "boto3")


def short(arn: Text) -> str:
    """An ARN with P, R and A for the partition, the region and the account of the deployment."""
    text = str(arn)
    for name, letter in (("Partition", "P"), ("Region", "R"), ("AccountId", "A")):
        text = text.replace(f"${{AWS::{name}}}", letter)
    return text


def a_function(
    environment: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    events: list[tuple[str, Any]] | None = None,
    key: str = "hello",
) -> Function:
    return Function(
        key=key,
        name=Text.of(f"shop-dev-{key}"),
        logical_id=f"{key.capitalize()}LambdaFunction",
        runtime="python3.12",
        language="python",
        handler=None,
        environment={name: argument(value) for name, value in (environment or {}).items()},
        role="IamRoleLambdaExecution",
        place=Place("serverless.yml", 10, 3),
        events=tuple(
            Event(kind, event, Place("serverless.yml", 20 + number, 7))
            for number, (kind, event) in enumerate(events or [])
        ),
        settings=settings or {},
        setting_places={name: Place("serverless.yml", 15, 5) for name in settings or {}},
    )


def a_project(
    resources: Mapping[str, tuple[str, Mapping[str, Any]] | str] | None = None,
    functions: tuple[Function, ...] = (),
    **more: Any,
) -> Project:
    declared = {}
    for id, what in (resources or {}).items():
        type_name, properties = (what, {}) if isinstance(what, str) else what
        declared[id] = DeclaredResource(id, type_name, properties, Place("serverless.yml", 40, 5))
    return Project(
        root="/project",
        config="serverless.yml",
        framework="serverless",
        service="shop",
        stage="dev",
        region="eu-west-1",
        functions=functions,
        resources=declared,
        **more,
    )
