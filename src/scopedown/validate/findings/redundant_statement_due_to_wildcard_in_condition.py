"""A condition never holds, so its statement has no effect."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.always import Sense, sense
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if sense(condition) is Sense.NEVER:
                yield Found(f"the condition on {condition.key} never holds", condition.place, condition.key)


CHECK = Check(
    code="REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
    type=Type.SUGGESTION,
    summary="A condition never holds, so its statement has no effect.",
    explanation="Every value fits *, so none of the values of a request is outside of it.",
    remedy="Remove the statement, or write the values that are meant.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "team-*"}}}'
        )
    ),
    find=find,
    reading="A value * with ForAnyValue and a negated operator: the condition holds for no request.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
)
