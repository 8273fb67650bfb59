"""Roles of single functions as serverless 4 compiles them, and what is then left to the role that functions share.

A function has a role of its own where it has ``iam.role.statements``, ``iamRoleStatements`` or
``iam.role.managedPolicies``, and every function has with ``provider.iam.role.mode: perFunction``. In the first case the
role starts as a copy of the shared one (its trust policy, path, tags, boundary), in the second as what
``provider.iam.role`` describes. What the framework adds for a function stands in its own role, before the statements
of the provider, if it inherits those, and its own.

Source: serverless at b9d7ea5 (v4), ``packages/serverless/lib/plugins/aws/package/lib``: roles-per-function.js,
roles-per-function-permissions.js, uses-dedicated-per-function-role.js, merge-iam-templates.js.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.model import DeclaredStatement, Tree
from scopedown.project.serverless.additions import (
    allow,
    custom_role,
    file_actions,
    for_destinations,
    for_functions,
    is_existing_role,
)
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.drafts import (
    DURABLE_POLICY,
    VPC_POLICY,
    Draft,
    base_properties,
    name_for_function,
    written,
)
from scopedown.project.serverless.event_kinds import EventKind, assuming, kinds_in_role_of_v4, kinds_of
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.log_groups import is_infrequent, log_group_name, own_log_group
from scopedown.project.serverless.names import Name, concat, starts_with
from scopedown.project.serverless.service import PLUGIN_ROLES_PER_FUNCTION, Service, is_text

# The role that functions share, as serverless 4 compiles it beside roles of single functions.
#
# Most of what the framework adds for a function with a role of its own stands there alone; X-Ray, durable functions,
# websockets and Lambda@Edge are added to the shared role all the same. Source: serverless at b9d7ea5 (v4),
# ``packages/serverless/lib/plugins/aws/package``: lib/merge-iam-templates.js, compile/functions.js, compile/events.


_PREFIX: Final = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"


def additions(service: Service) -> list[DeclaredStatement]:
    """What settings of functions add."""
    own = frozenset(key for key in service.functions if has_own_role(service, key))
    return for_functions(service, own)


def of_events(service: Service) -> list[DeclaredStatement]:
    """What events add, in the order in which the framework compiles them."""
    return [statement for kind, seen in _events(service) for statement in kind.statements(seen)]


def principals(service: Service) -> list[str]:
    """The services that may assume the role."""
    added = [principal for kind, seen in _events(service) for principal in assuming(seen, (kind,))]
    return ["lambda.amazonaws.com", *added]


def _events(service: Service) -> Iterable[tuple[EventKind, Service]]:
    """The kinds of event, each with the service as it sees it."""
    shared = {key: value for key, value in service.functions.items() if not has_own_role(service, key)}
    sharing = replace(service, functions=shared)
    for kind in kinds_of(service):
        yield kind, service if kind.changes_all else sharing


def with_durable(service: Service, managed: list[Tree]) -> list[Tree]:
    """The managed policies, with the one for durable functions once."""
    needed = any(
        truthy(function.get("durableConfig")) and not custom_role(service, function)
        for function in service.functions.values()
    )
    return [*managed, DURABLE_POLICY] if needed and DURABLE_POLICY not in managed else managed


def log_statements(service: Service) -> list[DeclaredStatement]:
    """Logs: by one prefix for functions of the usual names and log groups, one by one for the others.

    Only v4 knows log groups of other names and classes, and functions with roles of their own; the rest holds for all.
    """
    of_v4 = service.framework == V4
    prefix = concat(service.name, f"-{service.stage}")
    groups: list[Name] = []
    usual = skipped = False
    denied: list[tuple[Name, Place]] = []
    for key, function in service.functions.items():
        name, silent = service.function_name(key), bool(function.get("disableLogs"))
        given = as_map(function.get("logs")).get("logGroup") if of_v4 else None
        if not given and starts_with(name, prefix):
            usual = usual or not silent
            if silent:
                denied.append((name, service.place_in(function, "disableLogs")))
        elif not silent and not (given and given in groups):
            if of_v4 and has_own_role(service, key):
                skipped = True
            elif is_text(given) and given:
                groups.append(concat(given))
            else:
                groups.append(log_group_name(concat(name, "-ia" if of_v4 and is_infrequent(service, function) else "")))
    if usual or (skipped and not groups):
        groups.append(log_group_name(concat(prefix, "*")))
        usual = True
    statements = [
        allow(
            ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"),
            [{"Fn::Sub": concat(_PREFIX, group, ":*")} for group in groups],
            service.place,
        ),
        allow(("logs:PutLogEvents",), [{"Fn::Sub": concat(_PREFIX, group, ":*:*")} for group in groups], service.place),
    ]
    if usual and denied:
        arns = [{"Fn::Sub": concat(_PREFIX, log_group_name(name), ":*")} for name, _ in denied]
        statements.append(allow("logs:PutLogEvents", arns, denied[0][1], effect="Deny"))
    return statements


# What serverless 4 adds by itself to the role of a single function, in its order.
#
# It differs from what it adds to a shared role: one statement for the function's own log group, a dead letter target of
# any kind, brokers of both kinds together, and so on. Source: serverless at b9d7ea5 (v4),
# ``packages/serverless/lib/plugins/aws/package/lib/roles-per-function-permissions.js``.


def permissions(service: Service, key: str) -> Iterator[DeclaredStatement]:
    """The statements for one function: logs, events, then settings."""
    function = service.functions[key]
    alone = replace(service, functions={key: function})
    yield from _logs(service, key)
    kinds = kinds_in_role_of_v4(alone)
    for added, _ in kinds:
        if added.position < 0:
            yield from added.statements(alone)
    dead_letters = function.get("onError")
    if dead_letters:
        yield allow(("sns:Publish",), dead_letters, service.place_in(function, "onError"))
    for added, _ in kinds:
        if added.position > 0:
            yield from added.statements(alone)
    yield from _settings(service, function)
    yield from for_destinations(service, key)


def _logs(service: Service, key: str) -> Iterator[DeclaredStatement]:
    function = service.functions[key]
    place = service.place_in(service.functions, key)
    prefix = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    group = {"Fn::Sub": concat(prefix, own_log_group(service, key), ":*:*")}
    yield allow(("logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"), [group], place)
    if function.get("disableLogs"):
        yield allow(("logs:PutLogEvents",), [group], service.place_in(function, "disableLogs"), effect="Deny")


def _settings(service: Service, function: Mapping[str, Any]) -> Iterator[DeclaredStatement]:
    tracing = function.get("tracing") or as_map(service.provider.get("tracing")).get("lambda")
    if tracing:
        place = service.place_in(function, "tracing")
        yield allow(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ["*"], place)
    holder = function if function.get("kmsKeyArn") else service.provider
    encrypted_by = holder.get("kmsKeyArn")
    if encrypted_by and is_text(encrypted_by):
        yield allow(("kms:Decrypt",), [encrypted_by], service.place_in(holder, "kmsKeyArn"))
    files = as_map(function.get("fileSystemConfig"))
    if files.get("arn"):
        yield allow(file_actions(service, files), [files["arn"]], service.place_in(function, "fileSystemConfig"))


_LAMBDA: Final = "lambda.amazonaws.com"


def is_per_function(service: Service) -> bool:
    """Whether every function is given a role of its own."""
    return _provider_role(service).get("mode") == "perFunction"


def has_own_role(service: Service, key: str) -> bool:
    """Whether the framework compiles a role for this function alone."""
    function, provider = service.functions[key], service.provider
    if service.has_plugin(PLUGIN_ROLES_PER_FUNCTION) or function.get("role"):
        return False
    if is_existing_role(as_map(provider.get("iam")).get("role")):
        return False
    if is_per_function(service):
        return True
    if "role" in provider:
        return False
    return _asks_for_role(function)


def own_role(service: Service, key: str, shared: Draft | None) -> Draft | None:
    """The role that is compiled for one function alone; None where there is none."""
    function = service.functions[key]
    role = _own_settings(function)
    place = place_of(function.get("iam"), "role") or place_of(function, "iamRoleStatements")
    place = place or service.place_in(service.functions, key)
    if not has_own_role(service, key):
        _tell_unused(service, key, place)
        return None
    per_function = is_per_function(service)
    if per_function and "role" in service.provider and key == next(iter(service.functions)):
        service.report("own-role-refused provider", service.place_in(service.provider, "role"))
    if per_function:
        properties = _described(service)
    elif shared is not None:
        properties = {**shared.properties, "ManagedPolicyArns": []}
    else:
        return None
    properties["AssumeRolePolicyDocument"] = _trust(service, key, properties["AssumeRolePolicyDocument"])
    managed = [*properties["ManagedPolicyArns"]]
    if function.get("vpc") or service.provider.get("vpc"):
        managed.append(VPC_POLICY)
    if truthy(function.get("durableConfig")):
        managed.append(DURABLE_POLICY)
    properties["ManagedPolicyArns"] = [*managed, *as_list(role.get("managedPolicies"))]
    statements = [*permissions(service, key), *_inherited(service, function, per_function)]
    statements += written(service, *(role, "statements") if "statements" in role else (function, "iamRoleStatements"))
    global_boundary = as_map(service.custom.get(PLUGIN_ROLES_PER_FUNCTION)).get("iamGlobalPermissionsBoundary")
    boundary = role.get("permissionsBoundary") or function.get("iamPermissionsBoundary") or global_boundary
    if boundary:
        properties["PermissionsBoundary"] = boundary
    if global_boundary and shared is not None:
        shared.properties["PermissionsBoundary"] = global_boundary
    properties["RoleName"] = role.get("name") or function.get("iamRoleStatementsName") or _name(service, key, place)
    if role.get("path"):
        properties["Path"] = role["path"]
    if isinstance(role.get("tags"), Mapping):
        tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())} | dict(role["tags"])
        properties["Tags"] = [{"Key": name, "Value": value} for name, value in tags.items()]
    return Draft(properties, statements, place)


def _provider_role(service: Service) -> Mapping[str, Any]:
    return as_map(as_map(service.provider.get("iam")).get("role"))


def _own_settings(function: Mapping[str, Any]) -> Mapping[str, Any]:
    return as_map(as_map(function.get("iam")).get("role"))


def _asks_for_role(function: Mapping[str, Any]) -> bool:
    """Whether a function has settings that make a role of its own."""
    role = _own_settings(function)
    return "iamRoleStatements" in function or "statements" in role or bool(as_list(role.get("managedPolicies")))


def _tell_unused(service: Service, key: str, place: Place) -> None:
    """Settings for a role that is not made: the framework refuses statements beside a role, and drops the others."""
    function = service.functions[key]
    role = _own_settings(function)
    if function.get("role") and _asks_for_role(function):
        service.report("own-role-refused both", place, key=key)
    elif role or "iamRoleStatements" in function:
        service.report("own-role-ignored shared", place, key=key)


def _described(service: Service) -> dict[str, Any]:
    """What ``provider.iam.role`` says of every function's role."""
    role = _provider_role(service)
    boundary = service.provider.get("rolePermissionsBoundary")
    properties = base_properties(service, role, None, legacy_boundary=boundary, principals=[_LAMBDA])
    properties["ManagedPolicyArns"] = as_list(role.get("managedPolicies"))
    return properties


def _trust(service: Service, key: str, trust: Mapping[str, Any]) -> dict[str, Any]:
    """The trust policy with the services that this function's events add."""
    statement = as_list(trust.get("Statement"))[0]
    services = [*statement["Principal"]["Service"]]
    alone = replace(service, functions={key: service.functions[key]})
    added = assuming(alone, (kind for _, kind in kinds_in_role_of_v4(alone)))
    services += [name for name in added if name not in services]
    return {**trust, "Statement": [{**statement, "Principal": {"Service": services}}]}


def _inherited(service: Service, function: Mapping[str, Any], per_function: bool) -> list[DeclaredStatement]:
    """The provider's statements, where the function takes them over."""
    custom = as_map(service.custom.get(PLUGIN_ROLES_PER_FUNCTION))
    inherits = as_map(function.get("iam")).get("inheritStatements")
    if inherits is None:
        inherits = function.get("iamRoleStatementsInherit")
    if inherits is None:
        inherits = custom.get("defaultInherit", per_function)
    if not inherits:
        return []
    if service.provider.get("iam"):
        found = written(service, _provider_role(service), "statements")
    else:
        found = written(service, service.provider, "iamRoleStatements")
    return [*found, *service.added]


def _name(service: Service, key: str, place: Place) -> Tree:
    name, too_long = name_for_function(service, key)
    refusal = "its name would have more than 64 characters" if too_long else ""
    if _provider_role(service).get("name"):
        refusal = "provider.iam.role.name can name only one role"
    if refusal:
        service.report("own-role-refused name", place, key=key, refusal=refusal)
    return name
