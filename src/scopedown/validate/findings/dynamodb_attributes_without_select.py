"""A statement that limits the attributes to be read does not limit Select."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.dynamodb import entries, on_attributes
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if on_attributes(statement) and not statement.condition_on("dynamodb:Select"):
            for entry in entries(statement, _READING):
                yield Found(
                    f"{entry.text} without a list of attributes reads all of them", entry.place, entry.text or ""
                )


_READING = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect")


CHECK = Check(
    code="DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
    type=Type.SECURITY_WARNING,
    summary="A statement that limits the attributes to be read does not limit Select.",
    explanation="A request without a list of attributes asks for all of them, and dynamodb:Attributes is then "
    "missing in it. With ForAllValues the condition holds.",
    remedy="Add a condition that dynamodb:Select is SPECIFIC_ATTRIBUTES.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:Query", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:Query", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}, '
            '"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}}'
        )
    ),
    find=find,
    reading="A statement that allows an action that reads under a condition on dynamodb:Attributes, without one "
    "on dynamodb:Select.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
)
