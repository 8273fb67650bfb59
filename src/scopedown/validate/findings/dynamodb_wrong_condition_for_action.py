"""A DynamoDB action does not set the condition key of its statement."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if not condition.lower.startswith("dynamodb:") or condition.if_exists or condition.family == "Null":
                continue
            for entry in statement.actions:
                action = (entry.text or "").lower()
                exists = not set(action) & set("*?") and document.facts.actions_like(action)
                of_scan = action == "dynamodb:scan" and condition.lower == "dynamodb:leadingkeys"
                if exists and not of_scan and not document.facts.sets(action, condition.lower):
                    yield Found(f"{entry.text} does not set {condition.key}", entry.place, f"{action} {condition.key}")


CHECK = Check(
    code="DYNAMODB_WRONG_CONDITION_FOR_ACTION",
    type=Type.WARNING,
    summary="A DynamoDB action does not set the condition key of its statement.",
    explanation="The service reference does not list the key for the action. In requests for it the key is missing.",
    remedy="Move the action to a statement without this condition key.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": ["dynamodb:UpdateItem", "dynamodb:GetItem"], '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnValues": "NONE"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "dynamodb:UpdateItem", '
            '"Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", '
            '"Condition": {"StringEquals": {"dynamodb:ReturnValues": "NONE"}}}'
        )
    ),
    find=find,
    reading="As UNSUPPORTED_ACTION_FOR_CONDITION_KEY, for the keys of DynamoDB.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html",
)
