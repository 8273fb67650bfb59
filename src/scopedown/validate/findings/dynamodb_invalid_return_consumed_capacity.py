"""A condition has no value of dynamodb:ReturnConsumedCapacity."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_VALUES = ("TOTAL", "INDEXES", "NONE")


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("dynamodb:ReturnConsumedCapacity"):
            for value in condition.values if condition.family == "String" else ():
                fits = matching(value.shown) if condition.is_like else value.shown.__eq__
                if "${" not in value.shown and not any(map(fits, _VALUES)):
                    yield Found(
                        f"{value.shown} is not a value of dynamodb:ReturnConsumedCapacity", value.place, value.shown
                    )


CHECK = Check(
    code="DYNAMODB_INVALID_RETURN_CONSUMED_CAPACITY",
    type=Type.ERROR,
    summary="A condition has no value of dynamodb:ReturnConsumedCapacity.",
    explanation="The parameter is TOTAL, INDEXES or NONE. Another value never matches.",
    remedy="Write TOTAL, INDEXES or NONE.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnConsumedCapacity": "ALL"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:GetItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnConsumedCapacity": "TOTAL"}}}'
        )
    ),
    find=find,
    reading="A value that the parameter does not have.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html",
)
