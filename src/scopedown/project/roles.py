"""Roles as templates declare them: from an AWS::IAM::Role's properties, and the policies attached to it, to a Role.

Shared by every reader: Serverless, SAM, CloudFormation and CDK projects end in the same resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Ref, Text
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Role, Tree
from scopedown.project.nodes import place_of

_MAX_BRANCHES: Final = 20
ATTACHED: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
"""Types of policies that name the roles that they are attached to."""


def role_of(
    id: str,
    properties: Mapping[str, Any],
    place: Place | None,
    compiled: Sequence[DeclaredStatement] = (),
) -> Role:
    """A declared role from its properties.

    ``compiled`` are statements that something else (the framework) put there, in order: a statement that still
    equals its compiled one keeps that one's place and author.
    """
    statements: list[DeclaredStatement] = []
    for policy in _sequence(properties.get("Policies")):
        if isinstance(policy, Mapping):
            statements += statements_of(policy.get("PolicyDocument"), place)
    for index, known in enumerate(compiled):
        if index < len(statements) and statements[index].statement == known.statement:
            statements[index] = known
    trust = properties.get("AssumeRolePolicyDocument")
    return Role(
        id=id,
        statements=tuple(statements),
        managed_policies=tuple(_sequence(properties.get("ManagedPolicyArns"))),
        trust=trust if isinstance(trust, Mapping) else {},
        permissions_boundary=properties.get("PermissionsBoundary"),
        place=place,
        properties=properties,
    )


def statements_of(document: Tree, place: Place | None) -> list[DeclaredStatement]:
    """The statements of a policy document, each with its own place (``place`` where nobody knows better).

    Of a statement that the deployment decides on (``Fn::If``), both branches are statements that may be there.
    """
    if not isinstance(document, Mapping):
        return []
    written = document.get("Statement")
    return [
        DeclaredStatement(statement, at)
        for one, where in _listed(written, place_of(written) or place, place)
        for statement, at in _branches(one, where)
    ]


def _listed(written: Tree, place: Place | None, otherwise: Place | None) -> list[tuple[Tree, Place | None]]:
    """The statements of a list, or the single one, with where they stand."""
    if isinstance(written, Mapping):
        return [(written, place)]
    return [(one, place_of(written, index) or otherwise) for index, one in enumerate(_sequence(written))]


def _branches(
    statement: Tree, place: Place | None, depth: int = 0
) -> Iterator[tuple[Mapping[str, Tree], Place | None]]:
    if not isinstance(statement, Mapping) or statement == {"Ref": "AWS::NoValue"}:
        return
    branches = statement.get("Fn::If") if len(statement) == 1 else None
    if isinstance(branches, list) and len(branches) == 3 and depth < _MAX_BRANCHES:
        for branch in branches[1:]:
            for one, where in _listed(branch, place_of(branch) or place, place):
                yield from _branches(one, where, depth + 1)
    else:
        yield statement, place


def with_attached(
    roles: Mapping[str, Role], resources: Mapping[str, DeclaredResource], scope: Scope
) -> dict[str, Role]:
    """The roles with the statements of the policy resources that attach themselves to them."""
    found = dict(roles)
    names = {id.rpartition("/")[2]: id for id, role in roles.items() if not role.declared and ":role/" in id}
    names |= {
        name: id for id, role in roles.items() if (name := to_text(role.properties.get("RoleName"), scope).literal)
    }
    for resource in resources.values():
        if resource.type not in ATTACHED:
            continue
        statements = tuple(statements_of(resource.properties.get("PolicyDocument"), resource.place))
        for id in _targets(resource, scope, names):
            if id in found:
                found[id] = _extended(found[id], statements)
    for id, role in found.items():
        for policy in role.managed_policies:
            target = referenced(policy, scope, resources)
            resource_ = resources.get(target or "")
            if resource_ is not None and resource_.type == "AWS::IAM::ManagedPolicy":
                statements = tuple(statements_of(resource_.properties.get("PolicyDocument"), resource_.place))
                found[id] = _extended(found[id], statements)
    return found


def _extended(role: Role, statements: tuple[DeclaredStatement, ...]) -> Role:
    new = tuple(item for item in statements if item not in role.statements)
    return Role(
        role.id, role.statements + new, role.managed_policies, role.trust, role.permissions_boundary, role.declared,
        role.place, role.properties,
    )  # fmt: skip


def _targets(resource: DeclaredResource, scope: Scope, names: Mapping[str, str]) -> Iterable[str]:
    """The logical ids of the roles that a policy resource names."""
    wanted = [*_sequence(resource.properties.get("Roles")), resource.properties.get("RoleName")]
    for role in wanted:
        if role is None:
            continue
        text = to_text(role, scope)
        if len(text.parts) == 1 and isinstance(part := text.parts[0], Ref):
            yield part.id
        elif (name := text.literal) is not None and name in names:
            yield names[name]


def referenced(tree: Tree, scope: Scope, resources: Mapping[str, object]) -> str | None:
    """The logical id of the resource that a value names by ``Ref`` or by its ARN; None where it names none."""
    return referenced_by(to_text(tree, scope), resources)


def referenced_by(text: Text, resources: Mapping[str, object]) -> str | None:
    """The same of a text."""
    if len(text.parts) == 1:
        part = text.parts[0]
        if isinstance(part, Ref) and part.id in resources:
            return part.id
        if isinstance(part, Att) and part.name == "Arn" and part.id in resources:
            return part.id
    return None


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
