"""serverless-logging-config 1.0.2 (MIT), ``index.js``: one log group for functions, and the format of their logs.

Functions that are not listed in ``useDefaultLogGroup`` get no log group from the framework; every statement about logs
of a function's role is extended by the shared one.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.names import SHARED_ROLE
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_SETTINGS: Final = "serverless-logging-config"


def _configure(service: Service, given: Given) -> None:
    settings = as_map(service.custom.get(_SETTINGS))
    if not settings.get("logGroupName"):
        return
    for key, function in service.functions.items():
        if key not in as_list(settings.get("useDefaultLogGroup")) and isinstance(function, dict):
            function["disableLogs"] = True


def _extend(template: Template) -> None:
    settings = as_map(template.service.custom.get(_SETTINGS))
    for id, resource in template.resources.items():
        if resource.type != "AWS::Lambda::Function":
            continue
        depends = as_list(resource.attributes.get("DependsOn"))
        group = template.resources.get(next((str(one) for one in depends if str(one).endswith("LogGroup")), ""))
        is_usual = group is not None and group.type == "AWS::Logs::LogGroup"
        name = None if is_usual else settings.get("logGroupName")
        template.change(id, LoggingConfig={"LogGroup": name} if name else {})


def _finish(template: Template) -> None:
    name = as_map(template.service.custom.get(_SETTINGS)).get("logGroupName")
    if not name:
        return
    shared = {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{name}:*"}
    functions = [one for one in template.resources.values() if one.type == "AWS::Lambda::Function"]
    named = [as_list(as_map(one.properties.get("Role")).get("Fn::GetAtt"))[:1] for one in functions]
    for id in dict.fromkeys([SHARED_ROLE, *(str(one[0]) for one in named if one)]):
        if id in template.resources:
            policies = [
                _widened(as_map(one), shared) for one in as_list(template.resource(id).properties.get("Policies"))
            ]
            template.change(id, Policies=policies)


def _widened(policy: Any, shared: Any) -> dict[str, Any]:
    document = as_map(policy.get("PolicyDocument"))
    statements = [_with(as_map(one), shared) for one in as_list(document.get("Statement"))]
    return {**policy, "PolicyDocument": {**document, "Statement": statements}}


def _with(statement: Any, shared: Any) -> Any:
    if statement.get("Effect") != "Allow":
        return statement
    actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
    if any(str(action).startswith("logs:") for action in actions) and shared not in resources:
        resources = [*resources, shared]
    return {**statement, "Action": actions, "Resource": resources}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


EFFECT: Final = Effect(configure=_configure, extend=_extend, finish=_finish)
