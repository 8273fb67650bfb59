"""serverless-plugin-bind-deployment-id 2.0.2 (MIT), ``lib/index.js``: the REST API's deployment by its logical id.

``__deployment__`` in texts of ``resources`` becomes the deployment's logical id (which has no hash at its end here).
Where the project declares a stage, the framework's own is not made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from scopedown.documents.nodes import ListNode, MapNode, as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
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


EFFECT: Final = Effect(extend=_extend)
