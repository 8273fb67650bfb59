"""A condition has no value of dynamodb:ReturnValues."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_VALUES = ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("dynamodb:ReturnValues"):
            for value in condition.values if condition.family == "String" else ():
                fits = matching(value.shown) if condition.is_like else value.shown.__eq__
                if "${" not in value.shown and not any(map(fits, _VALUES)):
                    yield Found(f"{value.shown} is not a value of dynamodb:ReturnValues", value.place, value.shown)


CHECK = Check(
    code="DYNAMODB_INVALID_RETURN_VALUES",
    type=Type.ERROR,
    summary="A condition has no value of dynamodb:ReturnValues.",
    explanation="The parameter is NONE, ALL_OLD, UPDATED_OLD, ALL_NEW or UPDATED_NEW. Another value never matches.",
    remedy="Write one of the five values.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnValues": "OLD"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnValues": "UPDATED_OLD"}}}'
        )
    ),
    find=find,
    reading="A value that the parameter does not have.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html",
)
