"""A condition only asks whether a key is missing."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.always import Sense, sense
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if sense(condition) is Sense.IS_MISSING:
                yield Found(f"the condition on {condition.key} holds for no value", condition.place, condition.key)


CHECK = Check(
    code="EQUIVALENT_TO_NULL_TRUE",
    type=Type.SUGGESTION,
    summary="A condition only asks whether a key is missing.",
    explanation="Every value fits *, so the negated condition holds only where the key is not in the request.",
    remedy="Write Null with the value true, which says so.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringNotLike": {"aws:PrincipalTag/team": "*"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Null": {"aws:PrincipalTag/team": "true"}}}'
        )
    ),
    find=find,
    reading="A value * under StringNotLike, ArnNotLike or ArnNotEquals.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
)
