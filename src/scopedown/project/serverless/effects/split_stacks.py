"""serverless-plugin-split-stacks 1.15.0 (MIT), ``lib/migration-strategy``: resources that move to nested stacks.

Resources keep their logical ids, types and values, so that they stay where they are here; what is added are the nested
stacks. ``custom.splitStacks`` says by what they are split; a mapping of the project itself (``stacks-map.js``) is a
program, and is not read: which of the stacks there are is then not known, which no function depends on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_BY_TYPE: Final = {
    "AWS::CloudWatch::Alarm": "Alarms",
    "AWS::Logs::MetricFilter": "Filters",
    "AWS::Logs::SubscriptionFilter": "Filters",
    "AWS::ApiGateway::Resource": "API",
    "AWS::ApiGateway::RestApi": "API",
    "AWS::Lambda::Version": "Versions",
    "AWS::Lambda::Permission": "Permissions",
    "AWS::SNS::Subscription": "Subscriptions",
    "AWS::SNS::TopicPolicy": "Policies",
    "AWS::S3::BucketPolicy": "Policies",
    "AWS::SQS::QueuePolicy": "Policies",
}
_OF_API: Final = ("AWS::ApiGateway::Method", "AWS::ApiGateway::Resource")


def _finish(template: Template) -> None:
    settings = as_map(template.service.custom.get("splitStacks"))
    stacks: dict[str, None] = {}
    for id, resource in template.all().items():
        stack = next((one for one in _stacks(template, settings, id, resource.type) if one), None)
        if stack is not None:
            stacks[f"{stack}NestedStack"] = None
    place = template.service.place_in(template.service.custom, "splitStacks")
    unknown = Text.unknown("the nested stack's template is uploaded when the service is deployed")
    for id in stacks:
        properties = {"TemplateURL": unknown, "Parameters": unknown}
        template.add(id, "AWS::CloudFormation::Stack", properties, place)


def _stacks(template: Template, settings: Mapping[str, Any], id: str, type: str) -> Iterator[str | None]:
    """What each way of splitting makes of a resource; the first that makes anything of it decides."""
    if settings.get("perFunction"):
        yield _function(template, id, type)
    if settings.get("perType") or settings.get("perType") is None:
        yield _BY_TYPE.get(type)
    if settings.get("perGroupFunction") and (function := _function(template, id, type)):
        digest = hashlib.sha1(function.encode(), usedforsecurity=False).hexdigest()
        count = settings.get("nestedStackCount")
        yield str(int(digest[:10], 16) % count + 1) if isinstance(count, int) and count > 0 else None


def _function(template: Template, id: str, type: str) -> str | None:
    """The function that a resource belongs to: by how its logical id begins, or what the REST API serves by it."""
    names = sorted((normalized(key) for key in template.service.functions), key=len, reverse=True)
    if type not in _OF_API:
        return next((name for name in names if id.startswith(name)), None)
    served = _served(template).get(id, set())
    return next(iter(served)) if len(served) == 1 else None


def _served(template: Template) -> dict[str, set[str]]:
    """The functions that methods and resources of the REST API lead to; OPTIONS leads where its path does."""
    served: dict[str, set[str]] = {}
    methods = {id: one for id, one in template.resources.items() if one.type == "AWS::ApiGateway::Method"}
    options = [id for id, one in methods.items() if one.properties.get("HttpMethod") == "OPTIONS"]
    for id, resource in methods.items():
        if id in options:
            continue
        text = str(resource.properties.get("Integration"))
        names = {normalized(key) for key in template.service.functions if f"'{normalized(key)}LambdaFunction'" in text}
        served.setdefault(id, set()).update(names)
        above = as_map(resource.properties.get("ResourceId")).get("Ref")
        seen: set[str] = set()
        while isinstance(above, str) and above in template.resources and above not in seen:
            seen.add(above)
            served.setdefault(above, set()).update(names)
            above = as_map(template.resources[above].properties.get("ParentId")).get("Ref")
    for id in options:
        at = methods[id].properties.get("ResourceId")
        for other, one in methods.items():
            if other not in options and one.properties.get("ResourceId") == at:
                served.setdefault(id, set()).update(served.get(other, set()))
    return served


EFFECT: Final = Effect(finish=_finish)
