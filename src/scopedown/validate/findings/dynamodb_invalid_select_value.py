"""A condition has no value of dynamodb:Select."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.wildcard import matching
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_VALUES = ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("dynamodb:Select"):
            for value in condition.values if condition.family == "String" else ():
                fits = matching(value.shown) if condition.is_like else value.shown.__eq__
                if "${" not in value.shown and not any(map(fits, _VALUES)):
                    yield Found(f"{value.shown} is not a value of dynamodb:Select", value.place, value.shown)


CHECK = Check(
    code="DYNAMODB_INVALID_SELECT_VALUE",
    type=Type.ERROR,
    summary="A condition has no value of dynamodb:Select.",
    explanation="The parameter is ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, SPECIFIC_ATTRIBUTES or COUNT. Another "
    "value never matches.",
    remedy="Write one of the four values.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:Query", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:Select": "ATTRIBUTES"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:Query", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}}'
        )
    ),
    find=find,
    reading="A value that the parameter does not have.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html",
)
