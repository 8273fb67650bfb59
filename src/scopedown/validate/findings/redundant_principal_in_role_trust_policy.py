"""A session of a role is named next to the role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        named = {principal.text or "" for type, principal in statement.principals if type == "AWS"}
        for _, principal in statement.principals:
            match = re.fullmatch("arn:([^:]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*", principal.text or "")
            roles = [one for one in named if match and re.fullmatch(_role(*match.groups()), one)]
            if roles:
                yield Found(f"{principal.text} is a session of {roles[0]}", principal.place, principal.text or "")


def _role(partition: str, account: str, name: str) -> str:
    """An expression for the ARN of a role of any path."""
    return f"arn:{re.escape(partition)}:iam::{account}:role/(.*/)?{re.escape(name)}"


CHECK = Check(
    code="REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
    type=Type.SUGGESTION,
    summary="A session of a role is named next to the role.",
    explanation="The role means all its sessions.",
    remedy="Remove the session.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/app", '
            '"arn:aws:sts::111122223333:assumed-role/app/session"]}, "Action": "sts:AssumeRole"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": "sts:AssumeRole"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
    by_aws=True,
)
