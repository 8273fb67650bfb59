"""Roles of single functions: of the plugin serverless-iam-roles-per-function, and of the framework's v4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scopedown.core.finding import Severity
from scopedown.project.model import Tree
from scopedown.project.nodes import place_of
from scopedown.project.serverless.additions import allow, for_functions, is_existing_role
from scopedown.project.serverless.drafts import VPC_POLICY, Draft, base_properties, written
from scopedown.project.serverless.events import order, sqs, stream
from scopedown.project.serverless.names import log_group_arn
from scopedown.project.serverless.service import PLUGIN_ROLES_PER_FUNCTION, Service, as_list, as_map


def own_role(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """The role that is compiled for one function alone, in whichever dialect; None where there is none."""
    function = service.functions[key]
    if "iamRoleStatements" in function:
        if service.has_plugin(PLUGIN_ROLES_PER_FUNCTION):
            return _of_plugin(service, key, shared)
        service.tell(
            "plugin-missing",
            f"{key}: iamRoleStatements has no effect: the plugin {PLUGIN_ROLES_PER_FUNCTION} is not loaded",
            service.place_in(function, "iamRoleStatements"),
            "add it to plugins, or write the statements elsewhere",
        )
    role = as_map(function.get("iam")).get("role")
    mode = as_map(as_map(service.provider.get("iam")).get("role")).get("mode")
    if "role" in function or is_existing_role(role):
        return None
    if isinstance(role, Mapping) or mode == "perFunction":
        return _of_v4(service, key, as_map(role))
    return None


def _of_plugin(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """serverless-iam-roles-per-function 3.2.0: a clone of the shared role with statements of its own."""
    function = service.functions[key]
    place = service.place_in(function, "iamRoleStatements")
    refusal = ""
    if function.get("role"):
        refusal = "both role and iamRoleStatements are set"
    elif shared is None:
        refusal = "there is no shared role to clone"
    elif function.get("disableLogs"):
        refusal = "it cannot handle a function with disableLogs"
    if refusal:
        service.tell(
            "plugin-refuses", f"{key}: {PLUGIN_ROLES_PER_FUNCTION} fails: {refusal}", place,
            "remove one of the two settings", Severity.ERROR,
        )  # fmt: skip
    if function.get("role") or shared is None:
        return None
    statements = [
        allow(
            ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"),
            [log_group_arn(service.function_name(key), ":*:*")],
            place,
        )
    ]
    sources: dict[str, list[Any]] = {"dynamodb": [], "kinesis": [], "sqs": []}
    for event in service.events(key):
        if event.kind == "stream" and event.settings:
            kind, arn = stream.stream_kind(event.settings)
            sources.get(kind or "", []).append(arn)
        elif event.kind == "sqs" and event.settings:
            sources["sqs"].append(as_map(event.settings).get("arn") or event.settings)
    for kind, actions in (
        ("dynamodb", stream.DYNAMODB_STREAM),
        ("kinesis", stream.KINESIS_STREAM),
        ("sqs", sqs.READ),
    ):
        if sources[kind]:
            statements.append(allow(actions, sources[kind], service.place_in(function, "events")))
    if function.get("onError"):
        statements.append(allow(("sns:Publish",), function["onError"], service.place_in(function, "onError")))
    custom = as_map(service.custom.get(PLUGIN_ROLES_PER_FUNCTION))
    inherit = function.get("iamRoleStatementsInherit")
    if inherit or (custom.get("defaultInherit") and inherit is not False):
        iam = service.provider.get("iam")
        if iam:
            statements += written(service, as_map(as_map(iam).get("role")), "statements")
        else:
            statements += written(service, service.provider, "iamRoleStatements")
        statements += service.added
    statements += written(service, function, "iamRoleStatements")
    properties = dict(shared.properties)
    properties["ManagedPolicyArns"] = [VPC_POLICY] if function.get("vpc") or service.provider.get("vpc") else []
    boundary = custom.get("iamGlobalPermissionsBoundary")
    if boundary:
        shared.properties["PermissionsBoundary"] = boundary
    if function.get("iamPermissionsBoundary") or boundary:
        properties["PermissionsBoundary"] = function.get("iamPermissionsBoundary") or boundary
    properties["RoleName"] = function.get("iamRoleStatementsName") or _plugin_role_name(service, key)
    return Draft(properties, statements, place)


def _plugin_role_name(service: Service, key: str) -> Tree:
    """``service-stage-function-region-lambdaRole``, without its last word where that is over 64 characters."""
    parts: list[Any] = [service.name, service.stage, key, {"Ref": "AWS::Region"}, "lambdaRole"]

    def length() -> int:
        return sum(len(service.region if isinstance(part, Mapping) else str(part)) + 1 for part in parts) - 1

    if length() > 64:
        parts.pop()
    if length() > 64:
        service.tell(
            "plugin-refuses", f"{key}: {PLUGIN_ROLES_PER_FUNCTION} fails: its role's name is over 64 characters",
            service.place_in(service.functions[key], "iamRoleStatements"), "set iamRoleStatementsName", Severity.ERROR,
        )  # fmt: skip
    return {"Fn::Join": ["-", parts]}


def _of_v4(service: Service, key: str, role: Mapping[str, Any]) -> Draft:
    """The framework's v4 (unverified): what the shared role would hold for this function alone, and its own."""
    function = service.functions[key]
    alone = replace(service, functions={key: function})
    place = place_of(function.get("iam"), "role") or service.place_in(service.functions, key)
    name = {"Fn::Join": ["-", [service.name, service.stage, key, {"Ref": "AWS::Region"}, "lambdaRole"]]}
    provider_role = as_map(as_map(service.provider.get("iam")).get("role"))
    inherits = as_map(function.get("iam")).get("inheritStatements")
    group = log_group_arn(service.function_name(key), ":*")
    statements = []
    if not function.get("disableLogs"):
        statements = [
            allow(("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"), [group], place),
            allow(("logs:PutLogEvents",), [log_group_arn(service.function_name(key), ":*:*")], place),
        ]
    if inherits is not False and (inherits or provider_role.get("mode") == "perFunction"):
        statements += written(service, provider_role, "statements")
    statements += written(service, role, "statements")
    statements += [*for_functions(alone), *order.statements(alone)]
    properties = base_properties(alone, role, name)
    managed = as_list(role.get("managedPolicies"))
    if service.provider.get("vpc") or function.get("vpc"):
        managed = [*managed, VPC_POLICY]
    if managed:
        properties["ManagedPolicyArns"] = managed
    return Draft(properties, statements, place)
