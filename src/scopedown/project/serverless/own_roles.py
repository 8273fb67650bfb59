"""Roles of single functions: of the plugin serverless-iam-roles-per-function; of serverless 4 in :mod:`~.v4_roles`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scopedown.core.finding import Severity
from scopedown.documents.nodes import as_map
from scopedown.project.model import Tree
from scopedown.project.serverless import v4_roles
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.drafts import VPC_POLICY, Draft, name_for_function, written
from scopedown.project.serverless.event_kinds import event_kinds
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import log_group_arn
from scopedown.project.serverless.service import PLUGIN_ROLES_PER_FUNCTION, Service


def own_role(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """The role that is compiled for one function alone, in whichever dialect; None where there is none."""
    function = service.functions[key]
    if service.framework == V4 and not service.has_plugin(PLUGIN_ROLES_PER_FUNCTION):
        return v4_roles.own_role(service, key, shared)
    if isinstance(function.get("iam"), Mapping):
        service.tell(
            "own-role-ignored", f"iam of the function {key} has no effect: {_why_not(service)}",
            service.place_in(function, "iam"),
            "use iamRoleStatements with the plugin, or declare a role under resources",
        )  # fmt: skip
    if "iamRoleStatements" in function:
        if service.roles_plugin:
            return _of_plugin(service, key, shared)
        service.tell(
            "plugin-missing",
            f"iamRoleStatements of {key} has no effect, because the plugin {PLUGIN_ROLES_PER_FUNCTION} is not loaded",
            service.place_in(function, "iamRoleStatements"),
            "add it to plugins, or move the statements to provider.iam.role.statements",
        )
    return None


def _why_not(service: Service) -> str:
    if service.framework == V4:
        return f"the plugin {PLUGIN_ROLES_PER_FUNCTION} replaces the framework's own roles"
    return "only serverless 4 supports it"


def _of_plugin(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """serverless-iam-roles-per-function 3.2.0: a clone of the shared role with statements of its own."""
    function = service.functions[key]
    place = service.place_in(function, "iamRoleStatements")
    refusal = ""
    if function.get("role"):
        refusal = "it sets both role and iamRoleStatements"
    elif shared is None:
        refusal = "the service has no shared role to copy"
    elif function.get("disableLogs") and service.roles_plugin == PLUGIN_ROLES_PER_FUNCTION:
        refusal = "the plugin does not support disableLogs"
    if refusal:
        service.tell(
            "plugin-refuses", f"{service.roles_plugin} fails for {key}: {refusal}", place,
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
    alone = replace(service, functions={key: function})
    for kind in event_kinds():
        for actions, arns in kind.of_plugin(alone):
            statements.append(allow(actions, arns, service.place_in(function, "events")))
    if function.get("disableLogs") and service.roles_plugin != PLUGIN_ROLES_PER_FUNCTION:
        del statements[0]  # the fork supports it
    if function.get("onError"):
        statements.append(allow(("sns:Publish",), function["onError"], service.place_in(function, "onError")))
    custom = as_map(service.custom.get(service.roles_plugin))
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
    name, too_long = name_for_function(service, key)
    if too_long:
        service.tell(
            "plugin-refuses",
            f"{service.roles_plugin} fails for {key}: its role's name has more than 64 characters",
            service.place_in(service.functions[key], "iamRoleStatements"),
            "set iamRoleStatementsName to a shorter name", Severity.ERROR,
        )  # fmt: skip
    return name
