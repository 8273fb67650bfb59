"""AWS has no such global condition key."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import global_keys
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            lower = condition.lower
            known = document.facts.key_type(lower) or document.facts.key_type(lower.rstrip("/") + "/x")
            if lower.startswith("aws:") and is_known(lower) and known is None:
                near = get_close_matches(lower, global_keys(), n=1)
                hint = f"; did you mean {global_keys()[near[0]].key}?" if near else ""
                yield Found(f"{condition.key} does not exist{hint}", condition.place, condition.key)


CHECK = Check(
    code="INVALID_GLOBAL_CONDITION_KEY",
    type=Type.ERROR,
    summary="AWS has no such global condition key.",
    explanation="Keys that begin with aws: are the same for all services. One that AWS does not have is never in a "
    "request: a condition on it holds never, or with a negated operator always.",
    remedy="Write a global condition key that AWS has.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceAccountId": "111122223333"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}'
        )
    ),
    find=find,
)
