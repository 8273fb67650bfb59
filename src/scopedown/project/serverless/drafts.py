"""Roles under construction: what the framework's own roles and those of single functions have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, place_of
from scopedown.project.model import DeclaredStatement, Tree
from scopedown.project.serverless.coerce import coerced_statement
from scopedown.project.serverless.event_kinds import assuming
from scopedown.project.serverless.service import Service, noded
from scopedown.project.serverless.template import trust


def _managed(name: str) -> Tree:
    """The ARN of one of AWS's own policies for roles of services."""
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/service-role/{name}"]]}


VPC_POLICY: Final[Tree] = _managed("AWSLambdaVPCAccessExecutionRole")
DURABLE_POLICY: Final[Tree] = _managed("AWSLambdaBasicDurableExecutionRolePolicy")
"""What v4 attaches to the role of a durable function."""


@dataclass(slots=True)
class Draft:
    """A role under construction: everything but its statements stands in ``properties``."""

    properties: dict[str, Any]
    statements: list[DeclaredStatement]
    place: Place


def base_properties(
    service: Service,
    role: Mapping[str, Any],
    name: Any,
    legacy_boundary: Any = None,
    principals: list[str] | None = None,
) -> dict[str, Any]:
    """The properties that the framework's template of a role has; ``principals`` assume it (by default, what events
    of the whole service make)."""
    services = ["lambda.amazonaws.com", *assuming(service)] if principals is None else principals
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": trust(services, ["sts:AssumeRole"]),
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


def name_for_function(service: Service, key: str) -> tuple[Tree, bool]:
    """``service-stage-function-region-lambdaRole``, without its last word where that is over 64 characters, and
    whether it is too long all the same."""
    parts: list[Any] = [service.name, service.stage, key, {"Ref": "AWS::Region"}, "lambdaRole"]

    def length() -> int:
        return sum(len(service.region if isinstance(part, Mapping) else str(part)) + 1 for part in parts) - 1

    if length() > 64:
        parts.pop()
    return {"Fn::Join": ["-", parts]}, length() > 64


def written(service: Service, holder: Mapping[str, Any], key: str) -> list[DeclaredStatement]:
    """Statements that the project writes itself, under ``key`` of a mapping."""
    statements = holder.get(key)
    whole = service.place_in(holder, key)
    found: list[DeclaredStatement] = []
    for index, statement in enumerate(as_list(statements)):
        place = place_of(statements, index) or whole
        if isinstance(statement, Mapping):
            found.append(DeclaredStatement(coerced_statement(statement), place))
        elif statement is not None:
            _not_a_statement(service, statement, place)
    if statements and not isinstance(statements, list):
        _not_a_statement(service, statements, whole)
    return found


def _not_a_statement(service: Service, value: Any, place: Place) -> None:
    if isinstance(value, Text) and value.unknowns:
        reason = value.unknowns[0].reason
        service.report("statement-unknown", place, reason=reason)
    else:
        service.report("statement-invalid", place)


def with_statements(draft: Draft) -> MapNode:
    """The draft as a tree that others can be merged into."""
    properties = noded(draft.properties, draft.place)
    assert isinstance(properties, MapNode)
    statements = ListNode([noded(dict(item.statement), item.place or draft.place) for item in draft.statements])
    statements.place = draft.place
    statements.items_at = [item.place or draft.place for item in draft.statements]
    for policy in properties["Policies"]:
        policy["PolicyDocument"] = MapNode({"Version": "2012-10-17", "Statement": statements}, draft.place)
    return properties
