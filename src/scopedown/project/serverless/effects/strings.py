"""Plugins that replace strings of the template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.documents.nodes import ListNode, MapNode, as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_REFERENCE: Final = re.compile(r"#\{([^}]+)\}")
_MAX_DEPTH: Final = 100


def _cloudformation_sub_variables(template: Template) -> None:
    """serverless-cloudformation-sub-variables 0.2.1 (MIT), ``index.js``: ``#{Name}`` of any text is ``Fn::Sub``."""
    for id, resource in template.all().items():
        changed = _replaced(resource.properties, False, 0)
        if changed is not resource.properties:
            template.put(id, changed)


def _replaced(value: Any, in_sub: bool, depth: int) -> Any:
    """A copy with the plugin's references replaced; the value itself where it has none. ``in_sub``: it is an item of
    what stands below ``Fn::Sub``; a text that stands there alone is wrapped once more, as the plugin does it."""
    if isinstance(value, str) and _REFERENCE.search(value):
        text = _REFERENCE.sub(r"${\1}", value)
        return text if in_sub else {"Fn::Sub": text}
    if depth > _MAX_DEPTH or not isinstance(value, Mapping | list):
        return value
    if isinstance(value, Mapping):
        items = {key: _below(item, key == "Fn::Sub", in_sub, depth) for key, item in value.items()}
        return value if all(items[key] is item for key, item in value.items()) else items
    listed = [_below(item, False, in_sub, depth) for item in value]
    return value if all(mine is item for mine, item in zip(listed, value, strict=True)) else listed


def _below(item: Any, is_sub: bool, in_sub: bool, depth: int) -> Any:
    return _replaced(item, in_sub if isinstance(item, str) else is_sub, depth + 1)


def _bind_deployment_id(template: Template) -> None:
    """serverless-plugin-bind-deployment-id 2.0.2 (MIT), ``lib/index.js``: the REST API's deployment by its logical id.

    ``__deployment__`` in texts of ``resources`` becomes the deployment's logical id (which has no hash at its end
    here). Where the project declares a stage, the framework's own is not made.
    """
    service = template.service
    deployments = [id for id, one in template.resources.items() if one.type == "AWS::ApiGateway::Deployment"]
    pattern = as_map(service.custom.get("deploymentId")).get("variableSyntax") or "__deployment__"
    if not deployments or not isinstance(pattern, str) or re.escape(pattern) != pattern:
        return
    deployment = deployments[0]
    replace = _replacing(pattern, deployment)
    for section in ("Resources", "extensions"):
        written = service.resources.get(section)
        if isinstance(written, MapNode) and isinstance(service.resources, MapNode):
            service.resources[section] = replace(written)
    for id, resource in list(template.declared.items()):
        template.put(id, replace(resource.properties))
    if any(one.type == "AWS::ApiGateway::Stage" for one in template.declared.values()):
        template.change(deployment, StageName="__unused_stage__")


def _replacing(pattern: str, deployment: str) -> Callable[[Any], Any]:
    def replace(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(pattern, deployment)
        if isinstance(value, MapNode):
            copy = MapNode(value, value.place)
            for key in list(copy):
                copy[key] = replace(copy[key])
            return copy
        if isinstance(value, dict):
            return {key: replace(item) for key, item in value.items()}
        if isinstance(value, list):
            listed = ListNode([replace(item) for item in value])
            if isinstance(value, ListNode):
                listed.place, listed.items_at = value.place, list(value.items_at)
            return listed
        return value

    return replace


EFFECTS: Final = {
    "cloudformation_sub_variables": Effect(finish=_cloudformation_sub_variables),
    "bind_deployment_id": Effect(extend=_bind_deployment_id),
}
