"""Which role each function assumes, and what every role of the deployed stack holds.

In: a :class:`~scopedown.project.serverless.service.Service`. Out: :class:`Compiled`, with the roles as the
framework compiles them (its own statements and the project's, in its order) and the role of each function. Three
dialects give a function a role of its own:

1. ``functions.X.role`` names a role that stands in ``resources``, or elsewhere;
2. the plugin serverless-iam-roles-per-function clones the shared role for ``functions.X.iamRoleStatements``
   (3.2.0; it keeps only logs, streams, queues and dead letters of what the framework adds);
3. the framework's v4 compiles ``functions.X.iam.role``, or one role each with ``provider.iam.role.mode:
   perFunction`` (unverified: its code is not public; read from its documentation).

Source of the shared role: osls 4.3.1 ``lib/plugins/aws/package/lib/merge-iam-templates.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.document import ListNode, MapNode, clone, place_of
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Role, Tree
from scopedown.project.roles import referenced_by, role_of, with_attached
from scopedown.project.serverless import custom_resources
from scopedown.project.serverless.additions import (
    SQS_SOURCE,
    allow,
    custom_role,
    durable,
    for_events,
    for_functions,
    is_existing_role,
    principals,
    stream_kind,
)
from scopedown.project.serverless.coerce import coerced_statement
from scopedown.project.serverless.names import (
    SHARED_ROLE,
    Name,
    concat,
    function_role_id,
    log_group_arn,
    starts_with,
)
from scopedown.project.serverless.service import (
    PLUGIN_ROLES_PER_FUNCTION,
    Service,
    as_list,
    as_map,
    merge,
    noded,
)

_VPC_POLICY: Tree = {
    "Fn::Join": [
        "",
        ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"],
    ]
}


@dataclass(slots=True)
class Compiled:
    """Roles by id, and the id of the role of each function by the function's key."""

    roles: dict[str, Role] = field(default_factory=dict)
    of_function: dict[str, str] = field(default_factory=dict)
    generated: dict[str, DeclaredResource] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A role under construction: everything but its statements stands in ``properties``."""

    properties: dict[str, Any]
    statements: list[DeclaredStatement]
    place: Place


def compile_roles(service: Service, resources: Mapping[str, DeclaredResource], scope: Scope) -> Compiled:
    """Compile every role, select one for each function, and apply what ``resources`` changes about them."""
    compiled = Compiled()
    drafts: dict[str, _Draft] = {}
    shared = _shared(service)
    if shared is not None:
        drafts[SHARED_ROLE] = shared
    for key in service.functions:
        own = _own(service, key, shared)
        if own is not None:
            drafts[function_role_id(key)] = own
            compiled.of_function[key] = function_role_id(key)
    custom, compiled.generated = custom_resources.compile_custom_resources(service)
    if custom is not None:
        drafts[custom[0]] = _Draft(custom[1], custom[2], service.place)

    sections = as_map(service.resources.get("Resources"))
    extensions = as_map(service.resources.get("extensions"))
    for id, draft in drafts.items():
        properties = _with_statements(draft)
        override = as_map(sections.get(id)).get("Properties")
        if isinstance(override, Mapping):
            merge(properties, override)
        extension = as_map(extensions.get(id)).get("Properties")
        if isinstance(extension, Mapping):
            properties.update(clone(extension))
        compiled.roles[id] = role_of(id, properties, draft.place, draft.statements)
        compiled.generated[id] = DeclaredResource(id, "AWS::IAM::Role", properties, draft.place)
    for id, resource in resources.items():
        if resource.type == "AWS::IAM::Role" and id not in compiled.roles:
            compiled.roles[id] = role_of(id, resource.properties, resource.place)
    compiled.roles = with_attached(compiled.roles, resources, scope)
    for key in service.functions:
        if key not in compiled.of_function:
            compiled.of_function[key] = _selected(service, key, compiled.roles, scope)
    return compiled


# The shared role


def _shared(service: Service) -> _Draft | None:
    """The role that functions share; None where the framework makes none."""
    provider = service.provider
    described = as_map(provider.get("iam")).get("role")
    if not service.functions or is_existing_role(described) or "role" in provider:
        return None
    if all("role" in function for function in service.functions.values()):
        return None
    role = as_map(described)
    place = place_of(provider.get("iam"), "role") or place_of(provider, "iamRoleStatements") or service.place
    properties = _base(
        service,
        role,
        {"Fn::Join": ["-", [service.name, service.stage, {"Ref": "AWS::Region"}, "lambdaRole"]]},
        legacy_boundary=provider.get("rolePermissionsBoundary"),
    )
    managed = as_list(role.get("managedPolicies") or provider.get("iamManagedPolicies"))
    if provider.get("vpc") or any("vpc" in function for function in service.functions.values()):
        managed = [*managed, _VPC_POLICY]
    if managed:
        properties["ManagedPolicyArns"] = managed
    statements = [
        *_log_statements(service),
        *_written(service, role.get("statements") or provider.get("iamRoleStatements")),
        *service.added,
        *durable(service),
        *for_functions(service),
        *for_events(service),
    ]
    return _Draft(properties, statements, place)


def _base(service: Service, role: Mapping[str, Any], name: Any, legacy_boundary: Any = None) -> dict[str, Any]:
    """The properties that the framework's template of a role has."""
    trust = {"Effect": "Allow", "Principal": {"Service": principals(service)}, "Action": ["sts:AssumeRole"]}
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": {"Fn::Join": ["-", [service.name, service.stage, "lambda"]]}}],
        "Path": role.get("path") or "/",
        "RoleName": role.get("name") or name,
    }
    if isinstance(role.get("tags"), Mapping):
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in role["tags"].items()]
    boundary = role.get("permissionsBoundary") or role.get("permissionBoundary") or legacy_boundary
    if boundary:
        properties["PermissionsBoundary"] = boundary
    return properties


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


def _written(service: Service, statements: Any) -> list[DeclaredStatement]:
    """Statements that the project writes itself."""
    found: list[DeclaredStatement] = []
    for index, statement in enumerate(as_list(statements)):
        place = place_of(statements, index) or service.place
        if isinstance(statement, Mapping):
            found.append(DeclaredStatement(coerced_statement(statement), place))
        elif statement is not None:
            _not_a_statement(service, statement, place)
    if statements and not isinstance(statements, list):
        _not_a_statement(service, statements, service.place)
    return found


def _not_a_statement(service: Service, value: Any, place: Place) -> None:
    if isinstance(value, Text) and value.unknowns:
        reason = value.unknowns[0].reason
        service.tell("statement-unknown", f"a policy statement is not known: {reason}", place)
    else:
        service.tell(
            "statement-invalid",
            "this is no policy statement",
            place,
            "write a mapping with Effect, Action and Resource",
        )


def _with_statements(draft: _Draft) -> MapNode:
    """The draft as a tree that others can be merged into."""
    properties = noded(draft.properties, draft.place)
    assert isinstance(properties, MapNode)
    statements = ListNode([noded(dict(item.statement), item.place or draft.place) for item in draft.statements])
    statements.place = draft.place
    statements.items_at = [item.place or draft.place for item in draft.statements]
    for policy in properties["Policies"]:
        policy["PolicyDocument"] = MapNode({"Version": "2012-10-17", "Statement": statements}, draft.place)
    return properties


# A function's own role


def _own(service: Service, key: str, shared: _Draft | None) -> _Draft | None:
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


def _of_plugin(service: Service, key: str, shared: _Draft | None) -> _Draft | None:
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
            kind, arn = stream_kind(event.settings)
            sources.get(kind or "", []).append(arn)
        elif event.kind == "sqs" and event.settings:
            sources["sqs"].append(as_map(event.settings).get("arn") or event.settings)
    for kind, actions in (
        (
            "dynamodb",
            tuple(f"dynamodb:{name}" for name in ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")),
        ),
        (
            "kinesis",
            tuple(f"kinesis:{name}" for name in ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams")),
        ),
        ("sqs", SQS_SOURCE),
    ):
        if sources[kind]:
            statements.append(allow(actions, sources[kind], service.place_in(function, "events")))
    if function.get("onError"):
        statements.append(allow(("sns:Publish",), function["onError"], service.place_in(function, "onError")))
    custom = as_map(service.custom.get(PLUGIN_ROLES_PER_FUNCTION))
    inherit = function.get("iamRoleStatementsInherit")
    if inherit or (custom.get("defaultInherit") and inherit is not False):
        iam = service.provider.get("iam")
        inherited = (
            as_map(as_map(iam).get("role")).get("statements") if iam else service.provider.get("iamRoleStatements")
        )
        statements += [*_written(service, inherited), *service.added]
    statements += _written(service, function["iamRoleStatements"])
    properties = dict(shared.properties)
    properties["ManagedPolicyArns"] = [_VPC_POLICY] if function.get("vpc") or service.provider.get("vpc") else []
    boundary = custom.get("iamGlobalPermissionsBoundary")
    if boundary:
        shared.properties["PermissionsBoundary"] = boundary
    if function.get("iamPermissionsBoundary") or boundary:
        properties["PermissionsBoundary"] = function.get("iamPermissionsBoundary") or boundary
    properties["RoleName"] = function.get("iamRoleStatementsName") or _plugin_role_name(service, key)
    return _Draft(properties, statements, place)


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


def _of_v4(service: Service, key: str, role: Mapping[str, Any]) -> _Draft:
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
        statements += _written(service, provider_role.get("statements"))
    statements += _written(service, role.get("statements"))
    statements += [*for_functions(alone), *for_events(alone)]
    properties = _base(alone, role, name)
    managed = as_list(role.get("managedPolicies"))
    if service.provider.get("vpc") or function.get("vpc"):
        managed = [*managed, _VPC_POLICY]
    if managed:
        properties["ManagedPolicyArns"] = managed
    return _Draft(properties, statements, place)


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
                "role-not-declared", f"{key}: its role {role} is not among the resources of the project", place,
                "declare it under resources, or give its ARN",
            )  # fmt: skip
        return role
    text = to_text(role, scope)
    id = referenced_by(text, roles) or str(text)
    if id not in roles:
        roles[id] = Role(id, declared=False, place=place)
    return id
