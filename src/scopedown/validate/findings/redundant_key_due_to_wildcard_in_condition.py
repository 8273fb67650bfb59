"""A condition always holds."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.always import Sense, sense
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if sense(condition) is Sense.ALWAYS:
                yield Found(f"the condition on {condition.key} always holds", condition.place, condition.key)


CHECK = Check(
    code="REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
    type=Type.SUGGESTION,
    summary="A condition always holds.",
    explanation="Every value fits *, and the condition holds where the key is missing too.",
    remedy="Remove the condition, or write the values that are meant.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "*"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "shop-*"}}}'
        )
    ),
    find=find,
    reading="A value * with IfExists or ForAllValues: the condition holds for every request.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
)
