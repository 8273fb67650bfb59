"""Plugins that deploy further stacks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map, clone, place_of
from scopedown.project.cloudformation.choose import Budget
from scopedown.project.cloudformation.namespace import Namespace
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service, merge
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-plugin-additional-stacks"
_SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources")


def _additional_stacks(service: Service, given: Given) -> None:
    """serverless-plugin-additional-stacks 1.6.0 (MIT), ``index.js``: further stacks, each a template of its own.

    Below ``custom.additionalStacks`` each name stands for a stack, ``STACK-NAME`` unless it has a ``StackName``. Its
    resources, parameters, mappings and conditions are read with the stack's name before theirs; its outputs are not the
    service's. The plugin deploys the stacks itself, so nothing of them is in the service's own template.
    """
    written = service.custom.get("additionalStacks")
    budget = Budget(service.place_in(service.custom, "additionalStacks"))
    for key, stack in as_map(written).items():
        place = service.place_in(written, key)
        whole = _whole(stack, place)
        name = _name(service, key, whole)
        if not isinstance(name, str) or whole.get("Transform"):
            why = "it has a transform" if isinstance(name, str) else "its name is not known"
            service.report("plugin-stack further", place, key=key, plugin=_PLUGIN, why=why)
            continue
        _put(service, name, whole, budget)


def _whole(stack: Any, place: Place) -> MapNode:
    """A stack as one mapping; the plugin merges a list of them."""
    found = MapNode(None, place)
    for part in stack if isinstance(stack, list) else [stack]:
        merge(found, clone(as_map(part)))
    return found


def _name(service: Service, key: str, stack: Mapping[str, Any]) -> Name:
    own = stack.get("StackName")
    if isinstance(own, str | Text) and own:
        return own
    return concat(service.stack, f"-{key}")


def _put(service: Service, stack: str, written: Mapping[str, Any], budget: Budget) -> None:
    """Put what a stack declares beside what the service does, under names that begin with the stack's."""
    given = {
        str(as_map(one).get("ParameterKey")): as_map(one).get("ParameterValue")
        for one in as_list(written.get("DeployParameters"))
    }
    ids = frozenset(as_map(written.get("Resources"))) | (frozenset(as_map(written.get("Parameters"))) - set(given))
    names = Namespace(
        f"{stack}/",
        ids,
        frozenset(as_map(written.get("Conditions"))),
        frozenset(as_map(written.get("Mappings"))),
        budget,
        {"AWS::StackName": stack, **given},
    )
    for kind in _SECTIONS:
        section = written.get(kind)
        into = nodes(service.resources, kind) if section else MapNode()
        for name, value in as_map(section).items():
            new = names.renamed(value)
            if kind == "Resources" and isinstance(new, MapNode):
                _beside(new, names)
            into[f"{stack}/{name}"] = new
            into.keys_at[f"{stack}/{name}"] = into.values_at[f"{stack}/{name}"] = place_of(section, name) or into.place


def _beside(resource: MapNode, names: Namespace) -> None:
    """Rename what stands beside the properties of a resource."""
    if isinstance(resource.get("Condition"), str):
        resource["Condition"] = names.name(resource["Condition"], names.conditions)
    depends = resource.get("DependsOn")
    if isinstance(depends, str):
        resource["DependsOn"] = names.name(depends, names.ids)
    elif isinstance(depends, list):
        resource["DependsOn"] = [names.name(one, names.ids) for one in depends]


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


def _split_stacks(template: Template) -> None:
    """serverless-plugin-split-stacks 1.15.0 (MIT), ``lib/migration-strategy``: resources that move to nested stacks.

    Resources keep their logical ids, types and values, so that they stay where they are here; what is added are the
    nested stacks. ``custom.splitStacks`` says by what they are split; a mapping of the project itself
    (``stacks-map.js``) is a program, and is not read: which of the stacks there are is then not known, which no
    function depends on.
    """
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


EFFECTS: Final = {
    "additional_stacks": Effect(configure=_additional_stacks, settings="additionalStacks"),
    "split_stacks": Effect(finish=_split_stacks),
}
