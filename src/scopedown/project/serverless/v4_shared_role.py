"""The role that functions share, as serverless 4 compiles it beside roles of single functions.

Most of what the framework adds for a function with a role of its own stands there alone; X-Ray, durable functions,
websockets and Lambda@Edge are added to the shared role all the same. Source: serverless at b9d7ea5 (v4),
``packages/serverless/lib/plugins/aws/package``: lib/merge-iam-templates.js, compile/functions.js, compile/events.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Tree
from scopedown.project.serverless.additions import allow, custom_role, for_functions
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.drafts import DURABLE_POLICY
from scopedown.project.serverless.event_kinds import EventKind, assuming, event_kinds
from scopedown.project.serverless.log_groups import is_infrequent, log_group_name
from scopedown.project.serverless.names import Name, concat, starts_with
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.v4_roles import has_own_role

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
    for kind in event_kinds():
        yield kind, service if kind.changes_all else sharing


def with_durable(service: Service, managed: list[Tree]) -> list[Tree]:
    """The managed policies, with the one for durable functions once."""
    needed = any(
        truthy(function.get("durableConfig")) and not custom_role(service, function)
        for function in service.functions.values()
    )
    return [*managed, DURABLE_POLICY] if needed and DURABLE_POLICY not in managed else managed


def log_statements(service: Service) -> list[DeclaredStatement]:
    """Logs: by one prefix for functions of the usual names and log groups, one by one for the others."""
    prefix = concat(service.name, f"-{service.stage}")
    groups: list[Name] = []
    usual = skipped = False
    denied: list[tuple[Name, Place]] = []
    for key, function in service.functions.items():
        name, silent = service.function_name(key), bool(function.get("disableLogs"))
        given = as_map(function.get("logs")).get("logGroup")
        if not given and starts_with(name, prefix):
            usual = usual or not silent
            if silent:
                denied.append((name, service.place_in(function, "disableLogs")))
        elif not silent and not (given and given in groups):
            if has_own_role(service, key):
                skipped = True
            elif is_text(given) and given:
                groups.append(concat(given))
            else:
                groups.append(log_group_name(concat(name, "-ia" if is_infrequent(service, function) else "")))
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
