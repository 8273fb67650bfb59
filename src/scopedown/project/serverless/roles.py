"""Which role each function assumes, and what every role of the deployed stack holds.

In: a :class:`~scopedown.project.serverless.service.Service`. Out: :class:`Compiled`, with the roles as the
framework compiles them (its own statements and the project's, in its order) and the role of each function. Three
dialects give a function a role of its own:

1. ``functions.X.role`` names a role that stands in ``resources``, or elsewhere;
2. the plugin serverless-iam-roles-per-function clones the shared role for ``functions.X.iamRoleStatements``
   (3.2.0; it keeps only logs, streams, queues and dead letters of what the framework adds);
3. serverless 4 compiles ``functions.X.iam.role``, or one role each with ``provider.iam.role.mode: perFunction``
   (:mod:`~.v4_roles`), and leaves the rest to the shared role (:mod:`~.v4_shared_role`).

Source of the shared role: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-iam-templates.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Role
from scopedown.project.roles import referenced_by, role_of, with_attached
from scopedown.project.serverless import v4_roles, v4_shared_role
from scopedown.project.serverless.additions import allow, custom_role, durable, for_functions, is_existing_role
from scopedown.project.serverless.custom_resources import custom_resources_role
from scopedown.project.serverless.drafts import VPC_POLICY, Draft, base_properties, with_statements, written
from scopedown.project.serverless.event_kinds import of_events
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import (
    SHARED_ROLE,
    Name,
    concat,
    function_role_id,
    log_group_arn,
    starts_with,
)
from scopedown.project.serverless.overrides import overridden
from scopedown.project.serverless.own_roles import own_role
from scopedown.project.serverless.service import Service


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
        principals=v4_shared_role.principals(service) if of_v4 else None,
    )
    managed = as_list(role.get("managedPolicies") or provider.get("iamManagedPolicies"))
    if provider.get("vpc") or any("vpc" in function for function in service.functions.values()):
        managed = [*managed, VPC_POLICY]
    if of_v4:
        managed = v4_shared_role.with_durable(service, managed)
    if managed:
        properties["ManagedPolicyArns"] = managed
    statements = [
        *(v4_shared_role.log_statements(service) if of_v4 else _log_statements(service)),
        *(written(service, role, "statements") if role.get("statements") else ()),
        *(written(service, provider, "iamRoleStatements") if not role.get("statements") else ()),
        *service.added,
        *(v4_shared_role.additions(service) if of_v4 else (*durable(service), *for_functions(service))),
        *(v4_shared_role.of_events(service) if of_v4 else of_events(service)),
    ]
    return Draft(properties, statements, place)


def _log_statements(service: Service) -> list[DeclaredStatement]:
    """Logs: by one prefix for functions of the usual names, one by one for those with names of their own."""
    prefix = concat(service.name, f"-{service.stage}")
    groups: list[Name] = []
    usual = False
    denied: list[tuple[Name, Place]] = []
    for key, function in service.functions.items():
        name = service.function_name(key)
        silent = bool(function.get("disableLogs"))
        if starts_with(name, prefix):
            usual = usual or not silent
            if silent:
                denied.append((name, service.place_in(function, "disableLogs")))
        elif not silent:
            groups.append(name)
    if usual:
        groups.append(concat(prefix, "*"))
    statements = [
        allow(
            ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"),
            [log_group_arn(name, ":*") for name in groups],
            service.place,
        ),
        allow(("logs:PutLogEvents",), [log_group_arn(name, ":*:*") for name in groups], service.place),
    ]
    if usual and denied:
        arns = [log_group_arn(name, ":*") for name, _ in denied]
        statements.append(allow("logs:PutLogEvents", arns, denied[0][1], effect="Deny"))
    return statements


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
            service.tell(
                "role-not-declared", f"{key} uses the role {role}, which the project does not declare", place,
                "declare it under resources, or give its ARN",
            )  # fmt: skip
        return role
    text = to_text(role, scope)
    id = referenced_by(text, roles) or str(text)
    if id not in roles:
        roles[id] = Role(id, declared=False, place=place)
    return id
