"""A trust policy for Roles Anywhere lacks an action."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_NEEDED = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    if document.kind is not Kind.TRUST:
        return
    own = [
        statement
        for statement in document.statements
        if statement.allows and any(one.text == "rolesanywhere.amazonaws.com" for _, one in statement.principals)
    ]
    entries = [(entry.text or "").lower() for statement in own for entry in statement.actions]
    lacking = [action for action in _NEEDED if not any(matching(entry)(action.lower()) for entry in entries)]
    if own and lacking:
        yield Found(f"Roles Anywhere also needs {' and '.join(lacking)}", own[0].place, "rolesanywhere")


CHECK = Check(
    code="MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
    type=Type.ERROR,
    summary="A trust policy for Roles Anywhere lacks an action.",
    explanation="Roles Anywhere assumes a role, tags the session and sets its source identity: it needs three actions.",
    remedy="Allow sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": "sts:AssumeRole"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, '
            '"Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
