"""A service has no such condition key."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            lower = condition.lower
            prefix, _, name = lower.partition(":")
            ours = name and is_known(lower) and prefix not in ("aws", "saml") and not set(prefix) & set("./")
            if not ours or prefix not in document.facts.key_prefixes or document.facts.key_type(lower) is not None:
                continue
            if document.facts.key_type(lower.rstrip("/") + "/x") is None:
                yield Found(f"{condition.key} is not a condition key of {prefix}", condition.place, condition.key)


CHECK = Check(
    code="INVALID_SERVICE_CONDITION_KEY",
    type=Type.ERROR,
    summary="A service has no such condition key.",
    explanation="The service reference lists the condition keys of each service. Another key is never in a request: "
    "a condition on it holds never, or with a negated operator always.",
    remedy="Write a condition key of the service; scopedown catalog SERVICE lists them.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringEquals": {"s3:prefixes": "2026/"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringEquals": {"s3:prefix": "2026/"}}}'
        )
    ),
    find=find,
)
