"""A global condition key is deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import global_keys
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if not document.kind.has_principal else ():
        for condition in statement.conditions:
            known = global_keys().get(condition.lower)
            if known is not None and known.deprecated:
                yield Found(f"{condition.key} is deprecated", condition.place, condition.key)


CHECK = Check(
    code="DEPRECATED_GLOBAL_CONDITION_KEY",
    type=Type.WARNING,
    summary="A global condition key is deprecated.",
    explanation="aws:ARN is the old name of aws:PrincipalArn.",
    remedy="Write aws:PrincipalArn.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"ArnEquals": {"aws:ARN": "arn:aws:iam::111122223333:role/app"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}'
        )
    ),
    find=find,
)
