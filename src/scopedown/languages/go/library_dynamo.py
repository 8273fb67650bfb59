"""guregu/dynamo, a client of DynamoDB, versions 1 and 2.

Read from guregu/dynamo@1f756eeb447053e489bc2be321c9092751ae533b (query.go, put.go, update.go, delete.go, scan.go,
batchget.go, batchwrite.go, table.go) and @f79dcb356e540a79d6c0e8a3165f637e448e72bb (tx.go): a request is built by
methods that give it back, and is sent by the last one. ``One`` gets an item where it can: without an index, filters,
and other ranges than equal ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.clients import ClientType, Structure, argument, emit, target_in
from scopedown.languages.go.natives import Function, Package, Thing, data, error, first, function, with_error

LANGUAGE = "go"
PACKAGES = ("github.com/guregu/dynamo",)
SDK = "guregu-dynamo"

_EQUAL: Final = "<equal>"
_BUILT: Final[Mapping[str, tuple[str, ...]]] = {
    "Put": ("Run", "OldValue", "CurrentValue"),
    "Update": ("Run", "Value", "OldValue", "OnlyUpdatedValue", "OnlyUpdatedOldValue", "CurrentValue"),
    "Delete": ("Run", "OldValue", "CurrentValue"),
    "Get": ("One", "All", "AllWithLastEvaluatedKey", "Count", "Iter"),
    "Scan": (
        "All", "AllWithLastEvaluatedKey", "AllParallel", "AllParallelWithLastEvaluatedKeys", "AllParallelStartFrom",
        "Count", "Iter", "IterParallel", "IterParallelStartFrom", "IterParallelWithLastEvaluatedKeys",
    ),
    "BatchGet": ("All", "Iter"),
    "BatchWrite": ("Run",),
    "GetTx": ("Run", "All"),
    "WriteTx": ("Run",),
    "CreateTable": ("Run", "Wait"),
    "DescribeTable": ("Run",),
    "DeleteTable": ("Run", "Wait"),
    "UpdateTable": ("Run",),
    "UpdateTTL": ("Run",),
    "DescribeTTL": ("Run",),
    "ListTables": ("All", "Iter"),
}  # fmt: skip
"""Requests, and the methods that send them, also with ``WithContext`` or ``Context`` at their end."""
_SENT: Final[Mapping[str, str]] = {
    "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "Query", "Scan": "Scan",
    "BatchGet": "BatchGetItem", "BatchWrite": "BatchWriteItem", "GetTx": "TransactGetItems",
    "WriteTx": "TransactWriteItems", "CreateTable": "CreateTable", "DescribeTable": "DescribeTable",
    "DeleteTable": "DeleteTable", "UpdateTable": "UpdateTable", "UpdateTTL": "UpdateTimeToLive",
    "DescribeTTL": "DescribeTimeToLive", "ListTables": "ListTables",
}  # fmt: skip
_OF_TABLE: Final = {
    "Put": "Put", "Update": "Update", "Delete": "Delete", "Get": "Get", "Scan": "Scan", "Describe": "DescribeTable",
    "DeleteTable": "DeleteTable", "UpdateTable": "UpdateTable", "UpdateTTL": "UpdateTTL", "DescribeTTL": "DescribeTTL",
}  # fmt: skip
_IN_WRITES: Final = {"Put": "Put", "Update": "Update", "Delete": "Delete", "Check": "ConditionCheck"}


def module(name: str) -> Value | None:
    """The package."""
    if "/v" not in name.removeprefix("github.com/guregu/dynamo") and name != "github.com/guregu/dynamo":
        return Package(name)
    database = ClientType(Target("dynamodb", SDK), Database)
    known: dict[str, Value] = {
        "New": function("dynamo.New", _database),
        "NewFromIface": function("dynamo.NewFromIface", _database),
        "NewFromClient": function("dynamo.NewFromClient", _database),
        "DB": database,
        "Table": Structure("dynamo.Table"),
        "Equal": Const(_EQUAL),
        "Keys": Structure("dynamo.Keys"),
    }
    return Package("dynamo", known)


def _database(site: CallSite, run: Machine) -> Value:
    value = first(site)
    if isinstance(value, Object):
        held = config.optioned(run, config.merged(site.positional[:1]), site.positional[1:], site.place)
        return Database(config.target("dynamodb", SDK, config.merged((held, *site.positional[1:]))))
    return Database(replace(target_in(value, "dynamodb", SDK)[0][0], sdk=SDK))


@dataclass(frozen=True, slots=True, eq=False)
class Database(Native):
    """``dynamo.New(session)``."""

    label = "dynamodb"
    client_of = "dynamodb"
    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A table, a transaction, the client below."""
        if name == "Table":
            return Function(name, lambda site, run: Table(self.target, first(site)), self)
        if name in ("GetTx", "WriteTx", "ListTables"):
            return Function(name, lambda site, run: Built(self.target, name, None), self)
        if name in ("CreateTable",):
            return Function(name, lambda site, run: Built(self.target, name, first(site)), self)
        return Thing(f"dynamo.DB.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Table(Native):
    """``db.Table("name")``."""

    label = "a table of dynamodb"
    client_of = "dynamodb"
    target: Target
    name: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What is asked of a table."""
        if name in _OF_TABLE:
            return Function(name, lambda site, run: Built(self.target, _OF_TABLE[name], self.name), self)
        if name == "Batch":
            return Function(name, lambda site, run: Batch(self), self)
        if name == "Name":
            return Function(name, lambda site, run: self.name, self)
        if name in ("Wait", "WaitWithContext"):
            return Function(name, lambda site, run: self._wait(site, run), self)
        return Thing(f"dynamo.Table.{name}")

    def _wait(self, site: CallSite, run: Machine) -> Value:
        return send(run, self.target, "DescribeTable", {"TableName": self.name}, site.place)


class Batch(Native):
    """``table.Batch("id")``."""

    __slots__ = ("table",)
    label = "a batch of dynamodb"

    def __init__(self, table: Table) -> None:
        self.table = table

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Get`` and ``Write``."""
        if name in ("Get", "Write"):
            return Function(name, lambda site, run: Built(self.table.target, f"Batch{name}", self.table.name), self)
        return Thing(f"dynamo.Batch.{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Built(Native):
    """A request that is not sent yet. ``whole``: it asks for one item by its whole key; ``read``: the index that it
    reads; ``parts``: the requests of a transaction, each with its table."""

    label = "a request of dynamodb"
    client_of = "dynamodb"
    target: Target
    kind: str
    table: Value | None
    whole: bool = True
    read: Value | None = None
    parts: tuple[tuple[str, Value], ...] = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What changes it, or sends it."""
        plain = name.removesuffix("WithContext").removesuffix("Context")
        if name in _BUILT[self.kind] or plain in _BUILT[self.kind]:
            return Function(name, lambda site, run: self._send(plain, site, run), self)
        return Function(name, lambda site, run: self._changed(name, site), self)

    def _changed(self, name: str, site: CallSite) -> Value:
        if self.kind == "Get" and name == "Range":
            operator = argument(site, 1)
            is_equal = isinstance(operator, Const) and operator.value in (_EQUAL, "EQ")
            return replace(self, whole=self.whole and is_equal)
        if self.kind in ("Get", "Scan") and name == "Index":
            return replace(self, whole=False, read=first(site))
        if name == "Filter":
            return replace(self, whole=False)
        if self.kind in ("GetTx", "WriteTx"):
            held = tuple((one.kind, one.table) for one in site.positional if isinstance(one, Built) and one.table)
            return replace(self, parts=(*self.parts, *held))
        return self

    def _send(self, name: str, site: CallSite, run: Machine) -> Value:
        operation, params = self._request(name)
        found = send(run, self.target, operation, params, site.place)
        if self.kind == "CreateTable" and name == "Wait":
            send(run, self.target, "DescribeTable", params, site.place)
        if name.startswith("Iter"):
            return Thing("dynamo.Iter")
        if name in ("Count", "AllWithLastEvaluatedKey") or (name == "Run" and self.kind.startswith(("Batch", "Desc"))):
            return with_error(data(name, site.place), site.place)
        return found

    def _request(self, name: str) -> tuple[str, dict[str, Value]]:
        """The operation and its request."""
        table = self.table or UnknownValue("a table")
        match self.kind:
            case "Get" if name == "One" and self.whole:
                return "GetItem", {"TableName": table}
            case "BatchGet" | "BatchWrite":
                items = Object()
                if isinstance(table, Const):
                    items.fields[str(table.value)] = Object({}, UnknownValue("requests of a batch"))
                else:
                    items.put(table, Object({}, UnknownValue("requests of a batch")))
                return _SENT[self.kind], {"RequestItems": items}
            case "GetTx" | "WriteTx":
                of = {"Get": "Get", **_IN_WRITES}
                items_ = [Object({of.get(kind, kind): Object({"TableName": held})}) for kind, held in self.parts]
                return _SENT[self.kind], {"TransactItems": Sequence(list[Value](items_))}
            case "ListTables":
                return "ListTables", {}
            case _:
                index = {"IndexName": self.read} if self.read is not None else {}
                return _SENT[self.kind], {"TableName": table, **index}


def send(run: Machine, target: Target, operation: str, params: dict[str, Value], place: Place) -> Value:
    """Record a request; what it gives is an error."""
    known = run.catalog.operation("dynamodb", operation)
    if known is not None:
        emit(run, target, known, Object(params), place)
    return error(place)
