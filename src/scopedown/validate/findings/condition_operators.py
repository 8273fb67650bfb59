"""Operators of conditions: which there are, which keys they compare, and conditions that always or never hold.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from scopedown.iam.condition import qualified
from scopedown.iam.operators import OPERATORS, read_number
from scopedown.validate.document import Condition, Statement
from scopedown.validate.finders import conditions, finding, findings, statements
from scopedown.validate.names import did_you_mean, nearest
from scopedown.validate.values import Found, is_known

_FAMILIES = {
    "String": ("String",), "ARN": ("Arn", "String"), "Numeric": ("Numeric",), "Bool": ("Bool",),
    "Date": ("Date", "Numeric"), "IPAddress": ("IpAddress",), "Binary": ("Binary",),
}  # fmt: skip
"""The type of a key → the families of operators that compare it; a text operator compares an ARN's text."""


@finding(statements())
def invalid_condition_operator(statement: Statement) -> Iterator[Found]:
    for operator in statement.operators:
        if is_known(operator.key) and not qualified(operator.key) and not operator.key.endswith("NullIfExists"):
            hint = did_you_mean(nearest(operator.key.rpartition(":")[2], OPERATORS))
            yield operator.found(f"AWS has no condition operator {operator.key}{hint}")


@finding(statements())
def null_with_if_exists(statement: Statement) -> Iterator[Found]:
    for operator in statement.operators:
        if operator.key.endswith("NullIfExists"):
            yield operator.found("Null does not take IfExists")


@finding(statements())
def null_with_qualifier(statement: Statement) -> Iterator[Found]:
    for operator in statement.operators:
        if operator.key.endswith(":Null") and operator.key.startswith(("ForAllValues:", "ForAnyValue:")):
            yield operator.found(f"{operator.key} does not ask for the key")


@finding(conditions())
def missing_qualifier(condition: Condition) -> Iterator[Found]:
    if condition.type.startswith("ArrayOf") and not condition.qualifier and condition.family not in ("", "Null"):
        message = f"{condition.key} has several values in a request, and {condition.operator.key} compares one"
        yield condition.found(message, condition.operator.place)


@finding(conditions())
def forallvalues_with_single_valued_key(condition: Condition) -> Iterator[Found]:
    single = condition.type != "" and not condition.type.startswith("ArrayOf")
    compares = condition.family != "Null" and not condition.negated
    if condition.qualifier == "ForAllValues" and single and compares and condition.statement.allows:
        message = f"ForAllValues with {condition.key} also holds where the key is missing"
        yield condition.found(message, condition.operator.place)


@finding(conditions())
def string_like_operator_with_arn_condition_keys(condition: Condition) -> Iterator[Found]:
    wild = any(set(value.shown) & set("*?") and value.shown != "*" for value in condition.values)
    if condition.type.endswith("ARN") and wild and condition.base in ("StringLike", "StringNotLike"):
        message = f"the wildcards of {condition.operator.key} reach over the fields of {condition.key}"
        yield condition.found(message, condition.operator.place)


@finding(conditions())
def type_mismatch(condition: Condition) -> Iterator[Found]:
    type = condition.type.removeprefix("ArrayOf")
    if type == "String" and condition.family == "Arn" and _may_be_arn(condition.lower):
        return
    if type in _FAMILIES and condition.family not in (*_FAMILIES[type], "", "Null", "Binary"):
        message = f"{condition.key} is of the type {type}, and {condition.operator.key} compares {condition.family}"
        yield condition.found(message, condition.operator.place)


def _may_be_arn(key: str) -> bool:
    """Whether a key's values are free texts that may be ARNs: of tags and of encryption contexts."""
    return "/" in key or key.startswith("kms:encryptioncontext:")


class _Sense(Enum):
    """What is left of a condition that holds for every value, or for none, because ``*`` is one of its values."""

    IS_THERE = auto()
    IS_MISSING = auto()
    ALWAYS = auto()
    NEVER = auto()


@findings(
    conditions(),
    {
        "EQUIVALENT_TO_NULL_FALSE": (_Sense.IS_THERE, "holds for every value"),
        "EQUIVALENT_TO_NULL_TRUE": (_Sense.IS_MISSING, "holds for no value"),
        "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION": (_Sense.ALWAYS, "always holds"),
        "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION": (_Sense.NEVER, "never holds"),
    },
)
def _with_star(condition: Condition, row: tuple[_Sense, str]) -> Iterator[Found]:
    sense, what = row
    if _sense(condition) is sense:
        yield condition.found(f"the condition on {condition.key} {what}")


def _sense(condition: Condition) -> _Sense | None:
    """What a condition with the value ``*`` asks; None for one that compares."""
    if not condition.is_like or "*" not in condition.texts:
        return None
    if condition.negated:
        never = condition.qualifier == "ForAnyValue" and not condition.if_exists
        return _Sense.NEVER if never else _Sense.IS_MISSING
    always = condition.if_exists or condition.qualifier == "ForAllValues"
    return _Sense.ALWAYS if always else _Sense.IS_THERE


_MISSING = ", so the condition only holds where the key is missing"


@findings(
    conditions(),
    {
        "EMPTY_ARRAY_CONDITION": ("", ""),
        "EMPTY_ARRAY_CONDITION_IFEXISTS": ("IfExists", _MISSING),
        "EMPTY_ARRAY_CONDITION_FORALLVALUES": ("ForAllValues", _MISSING),
        "EMPTY_ARRAY_CONDITION_FORANYVALUE": ("ForAnyValue", ", so the condition never holds"),
    },
)
def _without_values(condition: Condition, row: tuple[str, str]) -> Iterator[Found]:
    added, so = row
    if condition.member.value.items == () and (condition.qualifier or "IfExists" * condition.if_exists) == added:
        yield condition.found(f"{condition.key} has no value{so}")


@finding(conditions("Bool", "Null"))
def invalid_condition_multiple_boolean(condition: Condition) -> Iterator[Found]:
    if not condition.qualifier and len(condition.values) > 1:
        message = f"{condition.operator.key} of {condition.key} has {len(condition.values)} values"
        yield condition.found(message, condition.member.value.place)


@finding(conditions("Numeric"))
def redundant_condition_value_num(condition: Condition) -> Iterator[Found]:
    numbers = [number for value in condition.values if (number := read_number(value.shown)) is not None]
    ordered = condition.base.startswith(("NumericLess", "NumericGreater")) and not condition.qualifier
    if ordered and len(numbers) > 1:
        decides = max(numbers) if "Less" in condition.base else min(numbers)
        message = f"of the values of {condition.key} only {decides} decides"
        yield condition.found(message, condition.member.value.place)
