"""Which role each function assumes, and what every role of the deployed stack holds.

In: a :class:`~scopedown.project.serverless.service.Service`. Out: :class:`Compiled`, with the roles as the
framework compiles them (its own statements and the project's, in its order) and the role of each function. Three
dialects give a function a role of its own:

1. ``functions.X.role`` names a role that stands in ``resources``, or elsewhere;
2. the plugin serverless-iam-roles-per-function clones the shared role for ``functions.X.iamRoleStatements``
   (3.2.0; it keeps only logs, streams, queues and dead letters of what the framework adds);
3. serverless 4 compiles ``functions.X.iam.role``, or one role each with ``provider.iam.role.mode: perFunction``
   and leaves the rest to the shared role (:mod:`~.v4_roles`).

Source of the shared role: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-iam-templates.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Role, Tree
from scopedown.project.roles import referenced_by, role_of, with_attached
from scopedown.project.serverless import v4_roles
from scopedown.project.serverless.additions import allow, custom_role, durable, for_functions, is_existing_role
from scopedown.project.serverless.custom_resources import custom_resources_role
from scopedown.project.serverless.drafts import (
    VPC_POLICY,
    Draft,
    base_properties,
    name_for_function,
    with_statements,
    written,
)
from scopedown.project.serverless.event_kinds import kinds_of, of_events
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import SHARED_ROLE, function_role_id, log_group_arn
from scopedown.project.serverless.overrides import overridden
from scopedown.project.serverless.service import PLUGIN_ROLES_PER_FUNCTION, Service

# Roles of single functions: of the plugin serverless-iam-roles-per-function; of serverless 4 in :mod:`~.v4_roles`.


def own_role(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """The role that is compiled for one function alone, in whichever dialect; None where there is none."""
    function = service.functions[key]
    if service.framework == V4 and not service.has_plugin(PLUGIN_ROLES_PER_FUNCTION):
        return v4_roles.own_role(service, key, shared)
    if isinstance(function.get("iam"), Mapping):
        service.report("own-role-ignored", service.place_in(function, "iam"), key=key, why=_why_not(service))
    if "iamRoleStatements" in function:
        if service.roles_plugin:
            return _of_plugin(service, key, shared)
        service.report(
            "plugin-missing", service.place_in(function, "iamRoleStatements"), key=key, plugin=PLUGIN_ROLES_PER_FUNCTION
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
        service.report("plugin-refuses", place, roles_plugin=service.roles_plugin, key=key, refusal=refusal)
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
    for kind in kinds_of(alone):
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
        service.report(
            "plugin-refuses name",
            service.place_in(service.functions[key], "iamRoleStatements"),
            roles_plugin=service.roles_plugin,
            key=key,
        )
    return name


@dataclass(slots=True)
class Compiled:
    """Roles by id, and the id of the role of each function by the function's key."""

    roles: dict[str, Role] = field(default_factory=dict)
    of_function: dict[str, str] = field(default_factory=dict)
    generated: dict[str, DeclaredResource] = field(default_factory=dict)


def compile_roles(service: Service, resources: Mapping[str, DeclaredResource], scope: Scope) -> Compiled:
    """Compile every role, select one for each function, and apply what ``resources`` changes about them."""
    compiled = Compiled()
    drafts: dict[str, Draft] = {}
    shared = _shared(service)
    if shared is not None:
        drafts[SHARED_ROLE] = shared
    for key in service.functions:
        own = own_role(service, key, shared)
        if own is not None:
            drafts[function_role_id(key)] = own
            compiled.of_function[key] = function_role_id(key)
    custom = custom_resources_role(service)
    if custom is not None:
        drafts[custom[0]] = Draft(custom[1], custom[2], service.place)

    for id, draft in drafts.items():
        role = overridden(service, DeclaredResource(id, "AWS::IAM::Role", with_statements(draft), draft.place))
        compiled.roles[id] = role_of(id, role.properties, draft.place, draft.statements)
        compiled.generated[id] = role
    for id, resource in {**resources, **service.generated}.items():
        if resource.type == "AWS::IAM::Role" and id not in compiled.roles:
            compiled.roles[id] = role_of(id, resource.properties, resource.place)
    compiled.roles = with_attached(compiled.roles, resources, scope)
    for key in service.functions:
        if key not in compiled.of_function:
            compiled.of_function[key] = _selected(service, key, compiled.roles, scope)
    return compiled


# The shared role


def _shared(service: Service) -> Draft | None:
    """The role that functions share; None where the framework makes none."""
    provider = service.provider
    described = as_map(provider.get("iam")).get("role")
    if not service.functions or is_existing_role(described) or "role" in provider:
        return None
    if all("role" in function for function in service.functions.values()):
        return None
    of_v4 = service.framework == V4
    if of_v4 and v4_roles.is_per_function(service):
        return None
    role = as_map(described)
    place = place_of(provider.get("iam"), "role") or place_of(provider, "iamRoleStatements") or service.place
    properties = base_properties(
        service,
        role,
        {"Fn::Join": ["-", [service.name, service.stage, {"Ref": "AWS::Region"}, "lambdaRole"]]},
        legacy_boundary=provider.get("rolePermissionsBoundary"),
        principals=v4_roles.principals(service) if of_v4 else None,
    )
    managed = as_list(role.get("managedPolicies") or provider.get("iamManagedPolicies"))
    if provider.get("vpc") or any("vpc" in function for function in service.functions.values()):
        managed = [*managed, VPC_POLICY]
    if of_v4:
        managed = v4_roles.with_durable(service, managed)
    if managed:
        properties["ManagedPolicyArns"] = managed
    statements = [
        *v4_roles.log_statements(service),
        *(written(service, role, "statements") if role.get("statements") else ()),
        *(written(service, provider, "iamRoleStatements") if not role.get("statements") else ()),
        *service.added,
        *(v4_roles.additions(service) if of_v4 else (*durable(service), *for_functions(service))),
        *(v4_roles.of_events(service) if of_v4 else of_events(service)),
    ]
    return Draft(properties, statements, place)


# Selection


def _selected(service: Service, key: str, roles: dict[str, Role], scope: Scope) -> str:
    """The id of a function's role; a role outside of the project is added to ``roles`` as not declared."""
    function = service.functions[key]
    own = as_map(function.get("iam")).get("role")
    role = own if is_existing_role(own) and "role" not in function else custom_role(service, function)
    if not role:
        role = SHARED_ROLE
    holder = function if "role" in function else service.provider
    place = place_of(holder, "role") or service.place_in(service.functions, key)
    if isinstance(role, str) and not role.startswith("arn:"):
        if role not in roles:
            roles[role] = Role(role, declared=False, place=place)
            if role == SHARED_ROLE:
                return role
            service.report("role-not-declared", place, key=key, role=role)
        return role
    text = to_text(role, scope)
    id = referenced_by(text, roles) or str(text)
    if id not in roles:
        roles[id] = Role(id, declared=False, place=place)
    return id
