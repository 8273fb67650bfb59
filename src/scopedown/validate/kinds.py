"""What kind of policy a document is, and of which resource, by what it says."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.facts import Facts, resource_kinds
from scopedown.validate.values import Value

_TRUST = "AWS::IAM::AssumeRolePolicyDocument"


def kind_of(root: Value) -> Kind:
    """Whether a document is attached to an identity, a role (its trust policy) or another resource.

    A service or resource control policy, a boundary and a session policy look like the others: their kind is given.
    """
    statements = tuple(_statements(root))
    if not any(one.get("Principal") or one.get("NotPrincipal") for one in statements):
        return Kind.IDENTITY
    has_resource = any(one.get("Resource") or one.get("NotResource") for one in statements)
    actions = tuple(_actions(statements))
    if actions and not has_resource and all(action.lower().startswith("sts:") for action in actions):
        return Kind.TRUST
    return Kind.RESOURCE


def type_of(root: Value, kind: Kind, facts: Facts) -> str:
    """The type of the resource that has the policy, by the service of its actions; empty where they are of several."""
    if kind is Kind.TRUST:
        return _TRUST
    if kind is Kind.VPCE:
        return "AWS::EC2::VPCEndpoint"
    if kind is not Kind.RESOURCE:
        return ""
    prefixes = {action.partition(":")[0].lower() for action in _actions(tuple(_statements(root)))}
    fitting = [name for name, known in resource_kinds().items() if prefixes and prefixes <= set(known.actions)]
    return fitting[0] if fitting else ""


def _statements(root: Value) -> Iterator[Value]:
    node = root.get("Statement")
    if node is not None:
        yield from (one for one in node.listed if one.members is not None)


def _actions(statements: tuple[Value, ...]) -> Iterator[str]:
    for statement in statements:
        for element in ("Action", "NotAction"):
            node = statement.get(element)
            yield from (one.text for one in (node.listed if node is not None else ()) if one.text)
