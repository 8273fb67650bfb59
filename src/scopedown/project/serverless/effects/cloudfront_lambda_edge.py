"""@silvermine/serverless-plugin-cloudfront-lambda-edge 2.2.3 (MIT), ``src/index.js``: functions of distributions.

Functions with ``lambdaAtEdge`` lose their variables and are called by the project's distribution. The shared role may
be assumed at the edge, and may write logs everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.events.cloud_front import version_id
from scopedown.project.serverless.names import SHARED_ROLE, function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_EDGE: Final = "edgelambda.amazonaws.com"
_LOGS: Final = [
    "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams",
]  # fmt: skip


def _finish(template: Template) -> None:
    if SHARED_ROLE in template.all():
        trust = as_map(template.resource(SHARED_ROLE).properties.get("AssumeRolePolicyDocument"))
        statements = [_trusted(as_map(one)) for one in as_list(trust.get("Statement"))]
        template.change(SHARED_ROLE, AssumeRolePolicyDocument={**trust, "Statement": statements})
        template.allow(SHARED_ROLE, {"Effect": "Allow", "Action": list(_LOGS), "Resource": "arn:aws:logs:*:*:*"})
    for key, function in template.service.functions.items():
        written = function.get("lambdaAtEdge")
        for one in written if isinstance(written, list) else [written]:
            if isinstance(one, Mapping):
                _associate(template, key, one)


def _trusted(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    principal = as_map(statement.get("Principal"))
    services = principal.get("Service")
    if not isinstance(services, list) or "lambda.amazonaws.com" not in services or _EDGE in services:
        return statement
    return {**statement, "Principal": {**principal, "Service": [*services, _EDGE]}}


def _associate(template: Template, key: str, written: Mapping[str, Any]) -> None:
    id, distribution = function_id(key), str(written.get("distribution"))
    version = version_id(template, key)
    if distribution not in template.all() or id not in template.resources or version not in template.resources:
        return
    function = template.resources[id]
    environment = {
        name: one for name, one in as_map(function.properties.get("Environment")).items() if name != "Variables"
    }
    rest = {name: one for name, one in function.properties.items() if name != "Environment"}
    kept = as_map(template.service.custom.get("lambdaAtEdge")).get("retain") is True
    attributes = {"DeletionPolicy": "Retain"} if kept else {}
    template.put(id, {**rest, **({"Environment": environment} if environment else {})}, **attributes)
    config = as_map(template.resource(distribution).properties.get("DistributionConfig"))
    added = {"LambdaFunctionARN": {"Ref": version}}
    path = written.get("pathPattern")
    if path:
        behaviors = [
            _called(as_map(one), added) if as_map(one).get("PathPattern") == path else one
            for one in as_list(config.get("CacheBehaviors"))
        ]
        changed = {**config, "CacheBehaviors": behaviors}
    else:
        changed = {**config, "DefaultCacheBehavior": _called(as_map(config.get("DefaultCacheBehavior")), added)}
    template.change(distribution, DistributionConfig=changed)


def _called(behavior: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    return {**behavior, "LambdaFunctionAssociations": [*as_list(behavior.get("LambdaFunctionAssociations")), added]}


EFFECT: Final = Effect(finish=_finish)
