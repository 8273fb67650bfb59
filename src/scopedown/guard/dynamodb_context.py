"""What a request to DynamoDB reads and writes: the partition keys and the attributes that it names.

In: an operation's parameters. Out: the values of ``dynamodb:LeadingKeys`` and ``dynamodb:Attributes``
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

EXPRESSIONS = ("ProjectionExpression", "FilterExpression", "ConditionExpression", "UpdateExpression",
               "KeyConditionExpression")  # fmt: skip
NO_ATTRIBUTES = frozenset({
    "set", "remove", "add", "delete", "and", "or", "not", "between", "in", "attribute_exists", "attribute_not_exists",
    "attribute_type", "begins_with", "contains", "size", "if_not_exists", "list_append",
})  # fmt: skip
"""The words of an expression that are no attributes
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html)."""
_PATHS = re.compile(r"(?<![\w.:#\]])[#A-Za-z_][\w-]*")
_PARTIQL_KEY = r"""["']?\b{}\b["']?\s*=\s*(?:'([^']*)'|(\?)|(\d+))"""


def leading_keys(parameters: Mapping[str, Any], key: str | None, operation: str = "") -> list[str] | None:
    """The partition keys that the request names; ``key`` is the name of the table's, where it is known."""
    if parameters.get("IndexName"):
        key = None  # an index has a partition key of its own: the condition's first equality names it
    found = [text for item in _requests(parameters) for text in _keys_of(item, key)]
    return list(dict.fromkeys(found)) or None


def _requests(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The single reads and writes that a request is made of."""
    yield parameters
    for one in parameters.get("TransactItems") or ():
        yield from (inner for inner in one.values() if isinstance(inner, Mapping))
    for table in (parameters.get("RequestItems") or {}).values():
        if isinstance(table, Mapping):
            yield {name: value for name, value in table.items() if name != "Keys"}
            yield from ({"Key": one} for one in table.get("Keys") or ())
        for one in table if isinstance(table, list | tuple) else ():
            yield from (inner for inner in one.values() if isinstance(inner, Mapping))
    for name in ("Statements", "TransactStatements"):
        yield from parameters.get(name) or ()


def _keys_of(one: Mapping[str, Any], key: str | None) -> Iterator[str]:
    for name in ("Key", "Item"):
        named = one.get(name)
        if isinstance(named, Mapping):
            if key in named:
                yield _text(named[key])
            elif len(named) == 1:
                yield _text(next(iter(named.values())))
    conditions = one.get("KeyConditions") or {}
    for name, condition in conditions.items():
        if name == key or (key is None and condition.get("ComparisonOperator") == "EQ"):
            yield from map(_text, condition.get("AttributeValueList") or ())
    if expression := one.get("KeyConditionExpression"):
        values = one.get("ExpressionAttributeValues") or {}
        names = one.get("ExpressionAttributeNames") or {}
        for left, right in re.findall(r"([#\w-]+)\s*=\s*(:\w+)", expression):
            if (key is None or names.get(left, left) == key) and right in values:
                yield _text(values[right])
                if key is None:
                    break
    if key and isinstance(statement := one.get("Statement"), str):
        given = iter(one.get("Parameters") or ())
        for text, mark, number in re.findall(_PARTIQL_KEY.format(re.escape(key)), statement):
            yield _text(next(given, "")) if mark else text or number


def _text(value: Any) -> str:
    """An attribute's value without its type."""
    if isinstance(value, Mapping) and len(value) == 1:
        value = next(iter(value.values()))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def attributes(parameters: Mapping[str, Any], operation: str = "") -> list[str] | None:
    """The top-level attributes that the request names anywhere; none where it takes whole items."""
    found: dict[str, None] = {}
    for request in _requests(parameters):
        names = request.get("ExpressionAttributeNames") or {}
        for expression in EXPRESSIONS:
            for word in _PATHS.findall(request.get(expression) or ""):
                if word.lower() not in NO_ATTRIBUTES:
                    found[names.get(word, word)] = None
        found |= dict.fromkeys(request.get("AttributesToGet") or ())
        for holder in ("Key", "Item", "AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"):
            if isinstance(request.get(holder), Mapping):
                found |= dict.fromkeys(request[holder])
    return list(found) or None


def full_table_scan(parameters: Mapping[str, Any], key: str | None) -> str | None:
    """Whether a PartiQL SELECT reads the whole table: no equality with (or IN over) the partition key."""
    statements = [request.get("Statement") for request in _requests(parameters)]
    selects = [
        statement
        for statement in statements
        if isinstance(statement, str) and statement.lstrip()[:6].lower() == "select"
    ]
    if not selects or key is None:
        return None
    named = re.compile(rf"""\bwhere\b.*["']?\b{re.escape(key)}\b["']?\s*(=|in\b)""", re.IGNORECASE | re.DOTALL)
    return "false" if all(named.search(select) for select in selects) else "true"
