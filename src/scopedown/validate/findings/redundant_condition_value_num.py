"""A condition on a number has values of which one is enough."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.operators import read_number
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            numbers = [number for value in condition.values if (number := read_number(value.shown)) is not None]
            ordered = condition.base.startswith(("NumericLess", "NumericGreater")) and not condition.qualifier
            if ordered and len(numbers) > 1:
                decides = max(numbers) if "Less" in condition.base else min(numbers)
                yield Found(
                    f"of the values of {condition.key} only {decides} decides",
                    condition.member.value.place,
                    condition.key,
                )


CHECK = Check(
    code="REDUNDANT_CONDITION_VALUE_NUM",
    type=Type.SUGGESTION,
    summary="A condition on a number has values of which one is enough.",
    explanation="The values are alternatives, so one of them decides: of upper limits the greatest, of lower limits "
    "the least.",
    remedy="Keep the value that decides.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}}'
        )
    ),
    find=find,
    by_aws=True,
)
