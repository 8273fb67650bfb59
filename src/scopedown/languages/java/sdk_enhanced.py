"""The enhanced client of DynamoDB in version 2 of the SDK for Java.

A table is made of its name; each method is the operation that it is named by, with nothing beside it.

Source: https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/enhanced/dynamodb/package-summary.html.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeGuard

from scopedown.calls.machine import Function, Machine
from scopedown.calls.sdks.shapes.objects import ServiceClass, ServiceObject
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.clients import JavaSdk
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import JavaClass, Library, bound, given
from scopedown.languages.java.shapes import Shape, filled
from scopedown.languages.java.tables import on

LANGUAGE = "java"
PACKAGES = ("software.amazon.awssdk.enhanced",)

_CLIENTS: Final = frozenset({"DynamoDbEnhancedClient", "DynamoDbEnhancedAsyncClient"})
_TABLES: Final = frozenset(
    {"DynamoDbTable", "DynamoDbAsyncTable", "DynamoDbIndex", "DynamoDbAsyncIndex", "MappedTableResource"}
)
_PART: Final = re.compile(r"add(Put|Update|Delete|Get)Item|addConditionCheck")
"""What adds a part to a transaction, by the API's action; a check of a condition needs an action of its own
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html)."""

_ANY_PART: Final = ("PutItem", "UpdateItem", "DeleteItem")


def module(name: str) -> Value | None:
    """A class of the enhanced client by its full name."""
    kind = name.rpartition(".")[2]
    later = "async-" if "Async" in kind else ""
    if kind in _CLIENTS:
        return ServiceClass(ENHANCED, "dynamodb", f"{later}enhanced")
    if kind in _TABLES:
        return ServiceClass(ENHANCED, "dynamodb", f"{later}table")
    if kind.endswith(("EnhancedRequest", "Batch")):
        return _RequestClass(name)
    return Library(name)


class EnhancedSdk(JavaSdk):
    """The enhanced clients, whose batches and transactions name tables."""

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """Batches (one operation) and transactions (each part its own)."""
        if not owner.kind.endswith("enhanced") or name not in _SEVERAL:
            return None
        operation = "" if name.startswith("transact") else name[:1].upper() + name[1:]
        return bound(owner, name, lambda site, run: _parts(owner, operation, site, run))


ENHANCED: Final = EnhancedSdk("java-v2", Path(__file__).parent, "v2")
_SEVERAL: Final = ("batchGetItem", "batchWriteItem", "transactWriteItems", "transactGetItems")


def _parts(owner: ServiceObject, operation: str, site: CallSite, run: Machine) -> Value:
    parts = []
    for one in site.positional:
        for option in options(_request(one, run, site.place)):
            parts += list(_tables(option))
    for own, table in parts:
        name = table.parameter("TableName") or UnknownValue("a table", site.place)
        on(run, owner.target, name, (operation or own,), site.place)
    if not parts:
        unknown = UnknownValue("the tables of a request", site.place)
        on(run, owner.target, unknown, (operation,) if operation else _ANY_PART, site.place)
    result = UnknownValue("items of tables", site.place, inert=True)
    return Future(result) if owner.kind.startswith("async") else result


def _request(value: Value, run: Machine, place: Place) -> Value:
    if isinstance(value, Shape):
        return value
    made = Request("request", {}, run.position.conditional)
    if isinstance(value, UnknownValue | Object):
        return value
    run.call(value, (made,), place)
    return made


class _RequestClass(JavaClass):
    """``WriteBatch``, ``TransactWriteItemsEnhancedRequest``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``, with a class perhaps."""
        return Function(name, lambda site, run: Request(self.name.rpartition(".")[2], {}, run.position.conditional))


class Request(Shape):
    """A batch or a transaction, with the tables that its parts are of."""

    __slots__ = ("parts",)

    def __init__(self, kind: str, fields: dict[str, Value], born: int) -> None:
        super().__init__(kind, fields, born)
        self.parts: list[tuple[str, ServiceObject]] = []

    def called(self, name: str, site: CallSite, run: Machine) -> Value:
        """A part with its table, or a member."""
        part = _PART.fullmatch(name)
        if part is None:
            return Shape.called(self, name, site, run)
        operation = f"{part[1]}Item" if part[1] else "ConditionCheckItem"
        for option in options(given(site, 0)):
            if _is_table(option):
                self.parts.append((operation, option))
        filled(given(site, 1), run, site.place)
        return self


def _is_table(value: Value) -> TypeGuard[ServiceObject]:
    return isinstance(value, ServiceObject) and value.parameter("TableName") is not None


def _tables(value: Value, depth: int = 4) -> list[tuple[str, ServiceObject]]:
    """The tables in a request, with what is done there."""
    found: list[tuple[str, ServiceObject]] = []
    if depth == 0:
        return found
    match value:
        case ServiceObject() if _is_table(value):
            found.append(("PutItem", value))
        case Request():
            found += value.parts
            for one in value.fields.values():
                found += _tables(one, depth - 1)
        case Shape():
            for one in value.fields.values():
                found += _tables(one, depth - 1)
        case Sequence():
            for one in value.held():
                for option in options(one):
                    found += _tables(option, depth - 1)
        case _:
            pass
    return found
