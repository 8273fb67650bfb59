"""Statements that limit access to items and attributes of DynamoDB tables.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html; the values of the
parameters: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html and API_UpdateItem.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.wildcard import matching
from scopedown.validate.document import Statement
from scopedown.validate.finders import finding, findings, statements
from scopedown.validate.values import Found, Value


@findings(
    statements(),
    {
        "DYNAMODB_INVALID_RETURN_CONSUMED_CAPACITY": ("dynamodb:ReturnConsumedCapacity", "TOTAL INDEXES NONE"),
        "DYNAMODB_INVALID_RETURN_VALUES": (
            "dynamodb:ReturnValues", "NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW",
        ),
        "DYNAMODB_INVALID_SELECT_VALUE": (
            "dynamodb:Select", "ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES SPECIFIC_ATTRIBUTES COUNT",
        ),
    },
)  # fmt: skip
def _no_such_value(statement: Statement, row: tuple[str, str]) -> Iterator[Found]:
    key, known = row
    for condition in statement.condition_on(key):
        for value in condition.literals if condition.family == "String" else ():
            fits = matching(value.shown) if condition.is_like else value.shown.__eq__
            if not any(map(fits, known.split())):
                yield value.found(f"{value.shown} is not a value of {key}")


@finding(statements())
def dynamodb_attributes_without_return_values(statement: Statement) -> Iterator[Found]:
    if _on_attributes(statement) and not statement.condition_on("dynamodb:ReturnValues"):
        for entry in _entries(statement, "UpdateItem", "PutItem", "DeleteItem"):
            yield entry.found(f"{entry.text} can return attributes that the condition does not list")


@finding(statements())
def dynamodb_attributes_without_select(statement: Statement) -> Iterator[Found]:
    if _on_attributes(statement) and not statement.condition_on("dynamodb:Select"):
        for entry in _entries(statement, "GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect"):
            yield entry.found(f"{entry.text} without a list of attributes reads all of them")


@finding(statements())
def dynamodb_replace_operation_with_attributes(statement: Statement) -> Iterator[Found]:
    if _on_attributes(statement):
        for entry in _entries(statement, "PutItem", "DeleteItem", "BatchWriteItem"):
            yield entry.found(f"{entry.text} replaces attributes that the condition does not list")


@finding(statements())
def dynamodb_scan_bypasses_leading_keys(statement: Statement) -> Iterator[Found]:
    if statement.allows and statement.condition_on("dynamodb:LeadingKeys"):
        for entry in _entries(statement, "Scan"):
            yield entry.found(f"{entry.text} reads items whatever their leading keys are")


def _on_attributes(statement: Statement) -> bool:
    """Whether a statement allows under a condition that lists attributes."""
    return statement.allows and any(not one.negated for one in statement.condition_on("dynamodb:Attributes"))


def _entries(statement: Statement, *names: str) -> Iterator[Value]:
    """The entries of Action that mean one of some actions."""
    for entry in statement.actions:
        if any(map(matching(entry.shown.lower()), (f"dynamodb:{name.lower()}" for name in names))):
            yield entry
