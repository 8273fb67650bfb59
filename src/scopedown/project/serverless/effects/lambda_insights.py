"""serverless-plugin-lambda-insights 2.0.0 (MIT-0), ``index.js``: the layer of Lambda Insights, and its policy.

Functions get AWS's layer with ``lambdaInsights: true``, or ``custom.lambdaInsights.defaultLambdaInsights``; the shared
role gets CloudWatchLambdaInsightsExecutionRolePolicy unless ``attachPolicy`` is false. Which version of the layer that
is, the plugin's release tells, or AWS.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service

_ACCOUNT: Final = "580247275435"
_POLICY: Final = "arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy"


def _configure(service: Service, given: Given) -> None:
    custom = as_map(service.custom.get("lambdaInsights"))
    everywhere = custom.get("defaultLambdaInsights")
    found = False
    for function in service.functions.values():
        own = function.get("lambdaInsights")
        if own is False or not (own or everywhere) or not isinstance(function, dict):
            continue
        architecture = function.get("architecture") or service.provider.get("architecture")
        layers = ListNode(as_list(function.get("layers")), service.place_in(function, "layers"))
        layers.append(_layer(service, architecture == "arm64", custom.get("lambdaInsightsVersion")))
        function["layers"] = layers
        found = True
    if found and custom.get("attachPolicy", True) is not False and isinstance(service.provider, MapNode):
        place = service.place_in(service.custom, "lambdaInsights")
        service.provider["iamManagedPolicies"] = ListNode(
            [*as_list(service.provider.get("iamManagedPolicies")), _POLICY], place
        )


def _layer(service: Service, is_arm: bool, version: Any) -> Any:
    name = "LambdaInsightsExtension-Arm64" if is_arm else "LambdaInsightsExtension"
    which = str(version) if isinstance(version, int) else Text.unknown("the plugin knows the version of the layer")
    return concat(f"arn:aws:lambda:{service.region}:{_ACCOUNT}:layer:{name}:", which)


EFFECT: Final = Effect(configure=_configure, settings="lambdaInsights")
