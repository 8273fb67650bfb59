"""A statement on attributes allows actions that replace whole items."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.dynamodb import entries, on_attributes
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for entry in entries(statement, _REPLACING) if on_attributes(statement) else ():
            yield Found(
                f"{entry.text} replaces attributes that the condition does not list", entry.place, entry.text or ""
            )


_REPLACING = ("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")


CHECK = Check(
    code="DYNAMODB_REPLACE_OPERATION_WITH_ATTRIBUTES",
    type=Type.WARNING,
    summary="A statement on attributes allows actions that replace whole items.",
    explanation="PutItem and BatchWriteItem replace an item, and DeleteItem removes it: with them a caller changes "
    "attributes that the condition does not list.",
    remedy="Allow dynamodb:UpdateItem instead.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": ["dynamodb:UpdateItem", "dynamodb:PutItem"], '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}, '
            '"StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}, '
            '"StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}}}'
        )
    ),
    find=find,
    reading="A statement that allows PutItem, DeleteItem or BatchWriteItem under a condition on dynamodb:Attributes.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
)
