"""A statement that limits the attributes to be written does not limit ReturnValues."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.dynamodb import entries, on_attributes
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if on_attributes(statement) and not statement.condition_on("dynamodb:ReturnValues"):
            for entry in entries(statement, ("dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:DeleteItem")):
                yield Found(
                    f"{entry.text} can return attributes that the condition does not list",
                    entry.place,
                    entry.text or "",
                )


CHECK = Check(
    code="DYNAMODB_ATTRIBUTES_WITHOUT_RETURN_VALUES",
    type=Type.SECURITY_WARNING,
    summary="A statement that limits the attributes to be written does not limit ReturnValues.",
    explanation="UpdateItem and others can return the whole item, with attributes that the condition does not list.",
    remedy="Add a condition that dynamodb:ReturnValues is NONE, UPDATED_OLD or UPDATED_NEW.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}, '
            '"StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"]}}}'
        )
    ),
    find=find,
    reading="A statement that allows an action that writes under a condition on dynamodb:Attributes, without one "
    "on dynamodb:ReturnValues.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
)
