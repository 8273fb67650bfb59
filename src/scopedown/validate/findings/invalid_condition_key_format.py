"""A condition key is not written service:name."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            prefix, colon, name = condition.key.partition(":")
            if is_known(condition.key) and not (prefix and colon and name):
                yield Found(f"{condition.key!r} is not a condition key", condition.place, condition.key)


CHECK = Check(
    code="INVALID_CONDITION_KEY_FORMAT",
    type=Type.ERROR,
    summary="A condition key is not written service:name.",
    explanation="A condition key is a prefix and a name with a colon between them. AWS rejects other texts.",
    remedy="Write the key with its prefix, such as aws:SourceIp or s3:prefix.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"PrincipalAccount": "111122223333"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    find=find,
)
