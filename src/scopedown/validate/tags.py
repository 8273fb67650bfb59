"""Conditions on the tag of a resource, for actions that do not set the key.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import Condition, Statement
from scopedown.validate.values import Value

KEY = "aws:ResourceTag/"


def tag_conditions(statement: Statement) -> tuple[Condition, ...]:
    """The conditions on a resource's tag that hold only where the key is there."""
    return tuple(
        one
        for one in statement.condition_on(KEY)
        if one.family not in ("", "Null") and not one.if_exists and not one.negated and one.lower != KEY.lower()
    )


def without_tags(statement: Statement) -> Iterator[Value]:
    """The entries of Action none of whose actions sets the tags of its resource."""
    for entry in statement.actions:
        actions = statement.facts.actions_like((entry.text or "").lower())
        if actions and not any(statement.facts.sets(action.name, "aws:ResourceTag/any") for action in actions):
            yield entry
