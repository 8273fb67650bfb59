"""A statement on leading keys allows Scan."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.dynamodb import entries
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if statement.allows and statement.condition_on("dynamodb:LeadingKeys"):
            for entry in entries(statement, ("dynamodb:Scan",)):
                yield Found(f"{entry.text} reads items whatever their leading keys are", entry.place, entry.text or "")


CHECK = Check(
    code="DYNAMODB_SCAN_BYPASSES_LEADING_KEYS",
    type=Type.WARNING,
    summary="A statement on leading keys allows Scan.",
    explanation="Scan reads all items and has no leading keys in its request. With ForAllValues the condition then "
    "holds, and the caller reads the items of others.",
    remedy="Remove dynamodb:Scan from the statement.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": ["dynamodb:Query", "dynamodb:Scan"], '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:Query", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}}}'
        )
    ),
    find=find,
    reading="A statement that allows Scan under a condition on dynamodb:LeadingKeys.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
)
