"""Statements that limit access to items and attributes of DynamoDB tables.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.wildcard import matching
from scopedown.validate.document import Statement
from scopedown.validate.values import Value


def on_attributes(statement: Statement) -> bool:
    """Whether a statement allows under a condition that lists attributes."""
    return statement.allows and any(not one.negated for one in statement.condition_on("dynamodb:Attributes"))


def entries(statement: Statement, actions: tuple[str, ...]) -> Iterator[Value]:
    """The entries of Action that mean one of some actions."""
    for entry in statement.actions:
        fits = matching((entry.text or "").lower())
        if any(fits(action.lower()) for action in actions):
            yield entry
