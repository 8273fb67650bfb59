"""Operations on one table of DynamoDB behind the SDKs' higher interfaces."""

from __future__ import annotations

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, by_name, emit
from scopedown.calls.values import Object, Value
from scopedown.core.place import Place


def on(run: Machine, target: Target, table: Value, operations: tuple[str, ...], place: Place) -> None:
    """Record operations on a table."""
    for name in operations:
        operation = run.catalog.operation("dynamodb", name)
        if operation is not None:
            many = name in ("BatchGetItem", "BatchWriteItem")
            fields: dict[str, Value] = {"RequestItems": by_name(table)} if many else {"TableName": table}
            emit(run, target, operation, Object(fields), place)
