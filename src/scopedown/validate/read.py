"""Documents of a text: one policy, or the policies in a template, a Terraform file or an answer of AWS's.

A JSON text that is a policy is read with the place of every value and with keys that are written twice; all other
texts as :mod:`scopedown.documents` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.document import parse_json, parse_yaml
from scopedown.iam.document import Kind
from scopedown.iam.errors import PolicyError
from scopedown.iam.language import Tokens
from scopedown.iam.source import Source, read
from scopedown.validate.document import PolicyDocument
from scopedown.validate.embedded import embedded, is_document
from scopedown.validate.facts import Facts, resource_kinds
from scopedown.validate.values import Member, Trees, Value, of_json

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


def of_text(
    text: str, name: str, facts: Facts, *, kind: Kind | None = None, resource_type: str = "", alone: bool = True
) -> Iterator[PolicyDocument]:
    """The documents of a text. ``kind`` and ``resource_type`` are worked out where they are not given.

    ``alone``: a text that has no policy in it is itself taken for one, with its mistakes; else it has no documents.
    A text that is neither JSON nor YAML is a document that is broken.
    """
    place = Place(name)
    if text.lstrip()[:1] in ("{", "[", ""):
        source = Source(text, name)
        try:
            root = of_json(read(source), source)
        except PolicyError as error:
            yield PolicyDocument(
                kind or Kind.IDENTITY, None, error.place or place, facts, broken=error.reason or str(error)
            )
            return
        if is_document(root.plain()) or (alone and not any(embedded(parse_json(text, name).tree, name))):
            yield whole(root, text, facts, kind, resource_type)
            return
        tree = parse_json(text, name).tree
    else:
        try:
            tree = parse_yaml(text, name, template=True).tree
        except ScopedownError as error:
            yield PolicyDocument(kind or Kind.IDENTITY, None, error.place or place, facts, broken=error.message)
            return
        if not isinstance(tree, Mapping | list) and alone:
            message = f"{name} is neither JSON nor YAML with a policy in it"
            yield PolicyDocument(kind or Kind.IDENTITY, None, place, facts, broken=message)
            return
        if is_document(tree) or (alone and not any(embedded(tree, name))):
            root = Trees(Tokens()).value(tree, place)
            yield whole(root, json.dumps(root.plain()), facts, kind, resource_type)
            return
    for one in embedded(tree, name):
        value = Trees(Tokens(), one.cut).value(one.tree, one.place)
        if one.fragment:
            value = _in_document(value)
        settled = kind or one.kind or kind_of(value)
        of = resource_type or one.resource_type or type_of(value, settled, facts)
        size = len(_compact(value))
        yield PolicyDocument(settled, value, one.place, facts, one.name, of, size, fragment=one.fragment)


def whole(root: Value, text: str, facts: Facts, kind: Kind | None, resource_type: str) -> PolicyDocument:
    """A text that is one policy."""
    settled = kind or kind_of(root)
    of = resource_type or type_of(root, settled, facts)
    return PolicyDocument(settled, root, root.place, facts, "", of, len(_compact(root)), len(text))


def _compact(value: Value) -> str:
    """A document without white space outside of its texts, as most quotas count it."""
    return json.dumps(value.plain(), separators=(",", ":"), ensure_ascii=False)


def _in_document(statements: Value) -> Value:
    """A list of statements as the document that the framework makes of it."""
    return Value(statements.place, members=(Member("Statement", statements.place, statements),))
