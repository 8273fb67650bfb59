"""The enhanced client of DynamoDB in version 2 of the SDK for Java.

A table is made of its name; each method is the operation that it is named by, with nothing beside it.

Source: https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/enhanced/dynamodb/package-summary.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.client_tools import SDK, HasTarget
from scopedown.languages.java.emission import TargetBuilder
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Function, JavaClass, Library, bound, computed, given
from scopedown.languages.java.shapes import Shape, filled
from scopedown.languages.java.tables import Table, on

LANGUAGE = "java"
PACKAGES = ("software.amazon.awssdk.enhanced",)

OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "putItem": ("PutItem",),
    "getItem": ("GetItem",),
    "updateItem": ("UpdateItem",),
    "deleteItem": ("DeleteItem",),
    "query": ("Query",),
    "scan": ("Scan",),
    "createTable": ("CreateTable",),
    "deleteTable": ("DeleteTable",),
    "describeTable": ("DescribeTable",),
}
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
    if kind in _CLIENTS:
        return EnhancedClass(name)
    if kind in _TABLES:
        return TableClass(name)
    if kind.endswith(("EnhancedRequest", "Batch")):
        return _RequestClass(name)
    return Library(name)


class EnhancedClass(JavaClass):
    """``DynamoDbEnhancedClient``."""

    __slots__ = ()

    names_a_client = True

    @property
    def is_async(self) -> bool:
        """Whether its clients give futures."""
        return "Async" in self.name.rpartition(".")[2]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``."""
        if name == "create":
            return Function(name, lambda site, run: self.construct(site, run))
        return Function(name, lambda site, run: _Builder("dynamodb", self.is_async, run.position.conditional))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client with one of its own inside."""
        return Enhanced(Target("dynamodb", SDK), self.is_async)


class _Builder(TargetBuilder):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``dynamoDbClient(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, self._built)
        return TargetBuilder.attribute(self, name, run, place)

    def _built(self, site: CallSite, run: Machine) -> Value:
        held = self.fields.get("dynamoDbClient")
        targets = [one.target for one in options(held) if isinstance(one, HasTarget)] if held is not None else []
        return Enhanced(targets[0] if targets else Target("dynamodb", SDK), self.is_async)


class TableClass(JavaClass):
    """``DynamoDbTable`` as a type: what is injected is a table of an unknown name."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A table."""
        name = UnknownValue("the name of an injected table", site.place)
        return Table(Target("dynamodb", SDK), name, OPERATIONS, None, "Async" in self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Enhanced(Native):
    """The enhanced client."""

    target: Target
    is_async: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``table(name, schema)``, batches, transactions."""
        if name == "table":
            return bound(self, name, self._table)
        if name in ("batchGetItem", "batchWriteItem"):
            operation = name[:1].upper() + name[1:]
            return bound(self, name, lambda site, run: self._parts(operation, site, run))
        if name in ("transactWriteItems", "transactGetItems"):
            return bound(self, name, lambda site, run: self._parts("", site, run))
        return computed(name)

    def _table(self, site: CallSite, run: Machine) -> Value:
        return Table(self.target, given(site, 0), OPERATIONS, None, self.is_async)

    def _parts(self, operation: str, site: CallSite, run: Machine) -> Value:
        """The parts of a batch (one operation) or of a transaction (each its own)."""
        parts = []
        for one in site.positional:
            for option in options(_request(one, run, site.place)):
                parts += list(_tables(option))
        for own, table in parts:
            on(run, table.target, table.name, (operation or own,), site.place)
        if not parts:
            unknown = UnknownValue("the tables of a request", site.place)
            on(run, self.target, unknown, (operation,) if operation else _ANY_PART, site.place)
        result = UnknownValue("items of tables", site.place, inert=True)
        return Future(result) if self.is_async else result

    def service_of_client(self) -> str | None:
        """DynamoDB."""
        return "dynamodb"

    def describe(self) -> str:
        """For messages."""
        return "the enhanced client of DynamoDB"


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
        self.parts: list[tuple[str, Table]] = []

    def called(self, name: str, site: CallSite, run: Machine) -> Value:
        """A part with its table, or a member."""
        part = _PART.fullmatch(name)
        if part is None:
            return Shape.called(self, name, site, run)
        operation = f"{part[1]}Item" if part[1] else "ConditionCheckItem"
        for option in options(given(site, 0)):
            if isinstance(option, Table):
                self.parts.append((operation, option))
        filled(given(site, 1), run, site.place)
        return self


def _tables(value: Value, depth: int = 4) -> list[tuple[str, Table]]:
    """The tables in a request, with what is done there."""
    found: list[tuple[str, Table]] = []
    if depth == 0:
        return found
    match value:
        case Table():
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
