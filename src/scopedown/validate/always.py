"""Conditions that hold for every value, or for none, because ``*`` is one of their values.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from enum import Enum, auto

from scopedown.validate.document import Condition


class Sense(Enum):
    """What is left of such a condition."""

    IS_THERE = auto()
    IS_MISSING = auto()
    ALWAYS = auto()
    NEVER = auto()


def sense(condition: Condition) -> Sense | None:
    """What a condition with the value ``*`` asks; None for one that compares."""
    if not condition.is_like or "*" not in condition.texts:
        return None
    for_all = condition.qualifier == "ForAllValues"
    if condition.negated:
        if condition.qualifier == "ForAnyValue":
            return Sense.NEVER if not condition.if_exists else Sense.IS_MISSING
        return Sense.IS_MISSING
    return Sense.ALWAYS if condition.if_exists or for_all else Sense.IS_THERE
