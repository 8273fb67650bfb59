"""The policies that a resource of a template holds: documents in its properties, documents that are written as text,
and properties of which AWS makes a statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scopedown.compare.access.rendered import documents_in
from scopedown.core.text import Literal, Part, Text
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement

_MARK = re.compile("\ue000([0-9]+)\ue001")
"""The placeholder in a JSON text for a part that only the deployment knows; characters of no policy."""
_UNREAD: Final = "\ue000"
_DEEPEST = 6


def policies_in(resource: DeclaredResource, scope: Scope) -> Iterator[tuple[str, Any]]:
    """The policy documents of a resource, each with the way to it."""
    yield from documents_in(resource.properties)
    yield from _in_texts(resource.properties, scope, "", 0)
    if statements := list(_short(resource)):
        yield "", {"Statement": statements}


def allows_or_denies(statements: Sequence[DeclaredStatement]) -> bool:
    """Whether statements are those of a policy; a rule of a firewall has a Statement too."""
    return any("Effect" in one.statement for one in statements)


def _in_texts(tree: Any, scope: Scope, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, str | Text) or is_intrinsic(tree):
        document = _of_text(to_text(tree, scope))
        if document is not None:
            yield path, document
    elif isinstance(tree, Mapping) and depth < _DEEPEST and "Statement" not in tree:
        for key, value in tree.items():
            yield from _in_texts(value, scope, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(tree, list | tuple) and depth < _DEEPEST:
        for at, value in enumerate(tree):
            yield from _in_texts(value, scope, f"{path}[{at}]", depth + 1)


def _of_text(text: Text) -> dict[str, Any] | None:
    """The document that a text is; one that cannot be read has a statement that is not known. None for other texts."""
    known = "".join(part.value for part in text.parts if isinstance(part, Literal))
    if not known.lstrip().startswith("{") or '"Statement"' not in known or '"Effect"' not in known:
        return None
    unknown = {"Statement": [{"Effect": "Allow", "Statement": text}]}
    if _UNREAD in known or r"\ue000" in known.lower():
        return unknown
    written = "".join(
        part.value if isinstance(part, Literal) else f"\ue000{at}\ue001" for at, part in enumerate(text.parts)
    )
    try:
        found = _filled(json.loads(written), text.parts)
    except (ValueError, RecursionError):
        return unknown
    return found if isinstance(found, dict) and "Statement" in found else None


def _filled(tree: Any, parts: tuple[Part, ...]) -> Any:
    """A tree with the parts of the text in the places of their marks. Raises ValueError for a mark in a key."""
    if isinstance(tree, str):
        pieces = _MARK.split(tree)
        if len(pieces) == 1:
            return tree
        return Text.of(*(parts[int(one)] if at % 2 else Literal(one) for at, one in enumerate(pieces)))
    if isinstance(tree, list):
        return [_filled(one, parts) for one in tree]
    if isinstance(tree, dict) and any(map(_MARK.search, tree)):
        raise ValueError("a key that only the deployment knows")
    return {key: _filled(one, parts) for key, one in tree.items()} if isinstance(tree, dict) else tree


def _short(resource: DeclaredResource) -> Iterator[dict[str, Any]]:
    """Statements that AWS makes of properties. Sources:
    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html,
    https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html and
    https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
    """
    given = resource.properties
    principal = given.get("Principal")
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": "*" if principal == "*" else {"AWS": principal}}
    if resource.type == "AWS::Events::EventBusPolicy" and "Statement" not in given and principal is not None:
        statement |= {"Action": given.get("Action", "events:PutEvents"), "Resource": "*"}
        condition = given.get("Condition")
        if isinstance(condition, Mapping):
            operator, key = str(condition.get("Type")), str(condition.get("Key"))
            statement["Condition"] = {operator: {key: condition.get("Value")}}
        yield statement
    elif resource.type == "AWS::Lambda::LayerVersionPermission" and principal is not None:
        statement |= {"Action": given.get("Action"), "Resource": given.get("LayerVersionArn")}
        if given.get("OrganizationId") is not None:
            statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": given["OrganizationId"]}}
        yield statement
    elif resource.type == "AWS::Cognito::IdentityPoolRoleAttachment":
        assumed = {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
        roles = given.get("Roles")
        for who, role in roles.items() if isinstance(roles, Mapping) else ():
            condition = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": who}}
            yield {**assumed, "Resource": role, "Condition": condition}
        yield from ({**assumed, "Resource": role} for role in _by_rules(given.get("RoleMappings")))


def _by_rules(mappings: Any) -> Iterator[Any]:
    """The roles that the rules of an identity pool give."""
    for mapping in mappings.values() if isinstance(mappings, Mapping) else ():
        configured = mapping.get("RulesConfiguration") if isinstance(mapping, Mapping) else None
        rules = configured.get("Rules") if isinstance(configured, Mapping) else None
        for rule in rules if isinstance(rules, list | tuple) else ():
            if isinstance(rule, Mapping) and "RoleARN" in rule:
                yield rule["RoleARN"]
