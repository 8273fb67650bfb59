"""A condition key is repeated in another spelling."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Condition")
        for operator in (node.members if node is not None else None) or ():
            seen: dict[str, str] = {}
            for member in operator.value.members or ():
                before = seen.setdefault(member.key.lower(), member.key)
                if before != member.key:
                    yield Found(f"{member.key} and {before} are the same condition key", member.place, member.key)


CHECK = Check(
    code="DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
    type=Type.ERROR,
    summary="A condition key is repeated in another spelling.",
    explanation="Names of condition keys are compared without case. The same key twice under one operator is "
    "ambiguous, and AWS rejects it.",
    remedy="Keep one of the keys, with the values of both in a list.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333", '
            '"aws:principalaccount": "444455556666"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}}}'
        )
    ),
    find=find,
)
