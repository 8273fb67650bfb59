"""From an operation and its parameters to what AWS checks: (action, ARN, context), through scopedown's catalog.

The same code that the scanner takes for a call in a program (:func:`scopedown.permissions.require.require`): a request
is a call of which every argument is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.calls.model import Argument, SdkCall
from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.core.text import AnyText, Literal, Part, Pseudo, Text, Unknown
from scopedown.guard.model import Check
from scopedown.permissions.require import require

KEYS_OF_PARAMETERS = (
    ("s3:prefix", "Prefix"),
    ("s3:delimiter", "Delimiter"),
    ("iam:PolicyARN", "PolicyArn"),
    ("iam:PermissionsBoundary", "PermissionsBoundary"),
    ("cloudformation:ChangeSetName", "ChangeSetName"),
    ("cloudformation:RoleArn", "RoleARN"),
    ("cloudformation:TemplateUrl", "TemplateURL"),
    ("lambda:FunctionArn", "FunctionName"),
)
"""Condition keys whose value is a parameter (Service Authorization Reference, each service's condition keys); those of
an action are told apart by the catalog."""
STAND_INS = {"logs": "log-stream:"}
"""What AWS puts in the place of a part of an ARN that no parameter names, by service: so its messages show it."""
STAND_IN = "6f1e1a52-7f0e-4cb0-a7c5-2c4b8f3d9e10"


class UnmappedError(Exception):
    """Nothing says what AWS checks for an operation: it is refused, and told."""


def checks(service: str, operation: str, parameters: Mapping[str, Any], account: str, region: str) -> list[Check]:
    """All that must be allowed for one request. Raises UnmappedError."""
    return [
        one
        for single in _singles(operation, parameters)
        for one in _checks(service, operation, single, account, region)
    ]


def _singles(operation: str, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """DeleteObjects is checked key by key
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)."""
    if operation != "DeleteObjects":
        yield parameters
        return
    for one in parameters["Delete"]["Objects"]:
        yield {**parameters, "Delete": {"Objects": [one]}}


def _checks(service: str, operation: str, parameters: Mapping[str, Any], account: str, region: str) -> Iterator[Check]:
    known = catalog().operation(service, operation)
    if known is None or (known.authorised and not known.actions):
        raise UnmappedError(f"{service}.{operation}")
    arguments = {name: argument(value) for name, value in parameters.items()}
    pseudo = {"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account}
    for needed in require(SdkCall(service, operation, arguments, Place(""), (), "request"), catalog()):
        given = {
            key: values[0].replace("*", region) for keys in needed.conditions.values() for key, values in keys.items()
        }
        context = {**context_of(needed.action, parameters, account, region), **given}
        for resource in needed.resources:
            yield Check(needed.action, _shown(resource.arn, pseudo), context)


def context_of(action: str, parameters: Mapping[str, Any], account: str, region: str) -> dict[str, object]:
    """The condition keys that an action has and that the request's parameters set."""
    known = catalog().action(action)
    keys = {key.lower() for key in known.condition_keys} if known else set()
    found: dict[str, object] = {"aws:RequestedRegion": region, "aws:CurrentTime": "2026-01-01T00:00:00Z"}
    for key, parameter in KEYS_OF_PARAMETERS:
        if key.lower() in keys and parameters.get(parameter):
            found[key] = parameters[parameter]
    if function := found.get("lambda:FunctionArn"):
        whole = str(function).startswith("arn:")
        found["lambda:FunctionArn"] = function if whole else f"arn:aws:lambda:{region}:{account}:function:{function}"
    tags = _tags(parameters)
    if tags and "aws:tagkeys" in keys:
        found["aws:TagKeys"] = list(tags)
        found |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return found


def _tags(parameters: Mapping[str, Any]) -> dict[str, str]:
    given = parameters.get("Tags") or parameters.get("tags") or {}
    if isinstance(given, Mapping):
        return dict(given)
    return {one["Key"]: one.get("Value", "") for one in given if isinstance(one, Mapping) and "Key" in one}


def argument(value: Any) -> Argument:
    """A parameter as call analysis would have it."""
    match value:
        case str():
            return Text.of(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {str(name): argument(one) for name, one in value.items()}
        case list() | tuple():
            return tuple(argument(one) for one in value)
        case _:
            return Text.of("(data)")


def _shown(arn: Text, pseudo: Mapping[str, str]) -> str:
    """The ARN as AWS would have it in the request: a part that no parameter names stays ``*``, and matches no name."""
    service = str(arn).split(":")[2] if str(arn).count(":") > 2 else ""

    def part(one: Part) -> str:
        match one:
            case Literal(value):
                return value
            case Pseudo(name):
                return pseudo.get(name, "")
            case AnyText() | Unknown(reason="no argument names its Id"):
                return STAND_INS.get(service, STAND_IN)
            case _:
                return "*"

    return "*" if arn == Text.of("*") else "".join(map(part, arn.parts))
