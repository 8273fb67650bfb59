"""Samples of what calls a function beside its own triggers: authorizers, its URL, custom resources, mail, AppSync,
rotation of secrets.

In: a :class:`~.sample.Setting`. Out: samples, found in the settings of all functions and in the template's resources.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredResource, Tree
from scopedown.prove.events.setting import Sample, Setting
from scopedown.prove.events.triggers import function_url


def called_by(setting: Setting) -> list[Sample]:
    """The samples; none where nothing of these calls the function."""
    found = list(_authorizers(setting))
    if setting.function.settings.get("url"):
        found.append(function_url(setting))
    for resource in setting.project.deployed.values():
        found += _of_resource(resource, setting)
    return list({sample.name: sample for sample in found}.values())


def _authorizers(setting: Setting) -> Iterator[Sample]:
    """What asks this function whether a request may pass."""
    key = setting.function.key
    for other in setting.project.functions:
        for event in other.events:
            if event.kind not in ("http", "httpApi", "websocket") or not isinstance(event.settings, Mapping):
                continue
            given = event.settings.get("authorizer")
            own = given if isinstance(given, Mapping) else {"name": given}
            name, kind = own.get("name"), str(own.get("type", "TOKEN")).upper()
            if event.kind == "httpApi":
                declared = as_map(as_map(setting.project.provider.get("httpApi")).get("authorizers"))
                if as_map(declared.get(str(name))).get("functionName") == key:
                    yield Sample("authorizer of httpApi", setting.filled("http_api_authorizer"))
            elif name == key or _names(own.get("arn"), setting):
                is_request = kind == "REQUEST" or event.kind == "websocket"
                shape = "request_authorizer" if is_request else "token_authorizer"
                yield Sample(f"authorizer of {event.kind}", setting.filled(shape))


def _of_resource(resource: DeclaredResource, setting: Setting) -> Iterator[Sample]:
    """How a resource of the template calls the function."""
    own = resource.properties
    if resource.type == "AWS::Lambda::Url" and _names(own.get("TargetFunctionArn"), setting):
        yield function_url(setting)
    elif "ServiceToken" in own and _names(own["ServiceToken"], setting):
        given = {name: _deployed(value, setting) for name, value in own.items()}
        event = setting.filled("custom_resource", logical_id=resource.logical_id, type=resource.type, properties=given)
        yield Sample(f"custom resource {resource.logical_id}", event)
    elif resource.type == "AWS::SES::ReceiptRule" and _names(own.get("Rule"), setting):
        arn = setting.arn("lambda", f"function:{setting.where.resolve(setting.function.name)}")
        yield Sample("ses", setting.filled("ses", function_arn=arn))
    elif resource.type == "AWS::AppSync::DataSource" and _names(own.get("LambdaConfig"), setting):
        yield Sample("appsync", setting.filled("appsync", type="Query", field="sample"))
    elif resource.type == "AWS::SecretsManager::RotationSchedule" and _names(own.get("RotationLambdaARN"), setting):
        arn = setting.text(own.get("SecretId"))
        yield Sample("rotation of a secret", setting.filled("secret_rotation", arn=arn))


def _names(tree: Tree, setting: Setting) -> bool:
    """Whether a value of the template names this function."""
    if tree is None:
        return False
    written = json.dumps(tree, default=str)
    id = setting.function.logical_id
    return f'"{id}"' in written or f"${{{id}." in written or f"${{{id}}}" in written


def _deployed(tree: Tree, setting: Setting) -> Any:
    """A property as the function is told it: every text deployed, numbers as text."""
    if isinstance(tree, Mapping) and not (
        len(tree) == 1 and (next(iter(tree)) == "Ref" or next(iter(tree)).startswith("Fn::"))
    ):
        return {key: _deployed(value, setting) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_deployed(one, setting) for one in tree]
    return setting.text(tree)
