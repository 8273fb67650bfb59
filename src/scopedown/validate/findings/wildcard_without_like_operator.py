"""A value has a wildcard, and the operator compares it as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "String" and not condition.is_like else ():
                if set(re.sub(r"\$\{[^}]*\}", "", value.shown)) & set("*?"):
                    message = f"{condition.operator.key} takes the wildcard in {value.shown} as a character"
                    yield Found(message, value.place, value.shown)


CHECK = Check(
    code="WILDCARD_WITHOUT_LIKE_OPERATOR",
    type=Type.WARNING,
    summary="A value has a wildcard, and the operator compares it as it is written.",
    explanation="StringEquals and its kin take * and ? as characters. Only StringLike and the Arn operators take "
    "them as wildcards.",
    remedy="Use StringLike, or remove the wildcard.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalTag/team": "shop-*"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringLike": {"aws:PrincipalTag/team": "shop-*"}}}'
        )
    ),
    find=find,
    by_aws=True,
)
