"""The values of conditions: what an operator cannot read, and what a key never has.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scopedown.iam.operators import OPERATORS, read_network
from scopedown.validate.arns import overlap
from scopedown.validate.document import Condition
from scopedown.validate.facts import regions
from scopedown.validate.finders import conditions, conditions_on, finding, findings
from scopedown.validate.values import Found, Value


@finding(conditions())
def invalid_condition_data_type(condition: Condition) -> Iterator[Found]:
    types = {_type(value) for value in condition.values}
    if len(types) > 1:
        message = f"the values of {condition.key} are {' and '.join(sorted(types))}"
        yield condition.found(message, condition.member.value.place)


def _type(value: Value) -> str:
    if isinstance(value.scalar, bool):
        return "booleans"
    return "texts" if isinstance(value.scalar, str) else "numbers"


_Read = tuple[tuple[str, ...], Callable[[str], object], str]
_READ: dict[str, _Read] = {
    "TYPE_MISMATCH_BOOLEAN": (("Bool", "Null"), OPERATORS["Bool"].read, "neither true nor false"),
    "TYPE_MISMATCH_DATE": (("Date",), OPERATORS["DateEquals"].read, "not a date"),
    "TYPE_MISMATCH_IP_RANGE": (("IpAddress",), read_network, "not an address or a block of addresses"),
    "TYPE_MISMATCH_NUMBER": (("Numeric",), OPERATORS["NumericEquals"].read, "not a number"),
    "TYPE_MISMATCH_STRING": (("Binary",), OPERATORS["BinaryEquals"].read, "not base64"),
}
"""Code → the families of operators, what reads their values (None: it cannot), and what such a value is."""


@findings(conditions(), _READ)
def _unreadable(condition: Condition, row: _Read) -> Iterator[Found]:
    families, read, what = row
    for value in condition.literals if condition.family in families else ():
        if read(value.shown) is None:
            yield value.found(f"{value.shown} is {what}", f"{condition.key} {value.shown}")


@finding(conditions("Date"))
def invalid_date_value(condition: Condition) -> Iterator[Found]:
    for value in condition.values if condition.lower != "aws:epochtime" else ():
        if re.fullmatch(r"-?[0-9]{5,18}(\.[0-9]+)?", value.shown):
            yield value.found(f"{value.shown} is a date in seconds since 1970")


@finding(conditions("String"))
def wildcard_without_like_operator(condition: Condition) -> Iterator[Found]:
    for value in condition.values if not condition.is_like else ():
        if set(re.sub(r"\$\{[^}]*\}", "", value.shown)) & set("*?"):
            yield value.found(f"{condition.operator.key} takes the wildcard in {value.shown} as a character")


@finding(conditions_on("aws:RequestedRegion", "ec2:Region"))
def invalid_region(condition: Condition) -> Iterator[Found]:
    for value in condition.literals if condition.family == "String" else ():
        region = value.shown
        if (set(region) & set("*?") and not condition.is_like) or region == "aws-global":
            continue
        if not any(overlap(region, known) for known in regions()):
            yield value.found(f"AWS has no Region {region}")


@findings(
    conditions("String"),
    {
        "INVALID_VPC_FORMAT": ("aws:sourcevpc", "vpc", "a VPC"),
        "INVALID_VPCE_FORMAT": ("aws:sourcevpce", "vpce", "a VPC endpoint"),
    },
)
def _wrong_identifier(condition: Condition, row: tuple[str, str, str]) -> Iterator[Found]:
    key, prefix, what = row
    for value in condition.literals if condition.lower == key else ():
        wild = condition.is_like and set(value.shown) & set("*?")
        if not wild and not re.fullmatch(f"{prefix}-([0-9a-z]{{8}}|[0-9a-z]{{17}})", value.shown):
            yield value.found(f"{value.shown} is not an identifier of {what}")


@finding(conditions_on("s3:x-amz-server-side-encryption-aws-kms-key-id"))
def invalid_kms_key_value(condition: Condition) -> Iterator[Found]:
    for value in condition.literals if condition.family in ("String", "Arn") else ():
        text = value.shown
        if not text.startswith("*") and not re.match(r"arn:[^:]+:kms:[^:]*:[^:]*:key/", text):
            yield value.found(f"{text} is not the ARN of a KMS key")


@finding(conditions_on("s3:prefix"))
def s3_prefix_in_negative_context(condition: Condition) -> Iterator[Found]:
    statement = condition.statement
    excludes = statement.allows == condition.negated and any(condition.texts)
    if condition.family == "String" and statement.effect in ("Allow", "Deny") and excludes:
        yield condition.found("a shorter prefix lists the excluded objects too")
