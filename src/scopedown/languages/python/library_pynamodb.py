"""PynamoDB: models, indexes, batches, transactions and connections over DynamoDB.

Read from the sources of pynamodb 4.3.1, 5.2.3, 5.3.0 and 6.1.0 (``models.py``, ``indexes.py``, ``transactions.py``,
``connection/base.py``). Until 5.2 every operation that handles keys or queries reads the table's description first
(``Connection.get_meta_table`` calls DescribeTable), a scan does for its second page; 5.3.0 takes it from the model.
A project that pins no version is taken to use a current one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.digits import is_count
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function, Library, silent

LANGUAGE = "python"
PACKAGES = ("pynamodb",)

SDK = "pynamodb"
DESCRIBES_BEFORE = (5, 3)
"""Versions below this read the table's description before they work on it."""

_MODEL = "<model>"
"""The field of an index that names its model; no source can write it."""


def module(name: str) -> Value | None:
    """``pynamodb`` or a module of it."""
    return _modules().get(name) or Library(name)


def emit(run: Machine, operation: str, table: Value, place: Place, **arguments: Value) -> None:
    """A call on a table, with the description that old versions read first."""
    if operation not in ("CreateTable", "DeleteTable", "DescribeTable", "UpdateTimeToLive") and _describes(run):
        run.emit("dynamodb", "DescribeTable", {"TableName": table}, place, SDK)
    run.emit("dynamodb", operation, {"TableName": table, **arguments}, place, SDK)


def _describes(run: Machine) -> bool:
    version = run.dependency_version("pynamodb")
    if version is None:
        return False
    numbers = tuple(int(part) for part in version.split(".")[:2] if is_count(part))
    return bool(numbers) and numbers < DESCRIBES_BEFORE


def _class(owner: Value) -> ClassValue | None:
    if isinstance(owner, Instance):
        return owner.cls
    return owner if isinstance(owner, ClassValue) else None


def _setting(owner: Value, name: str, run: Machine, place: Place) -> Value:
    """``Meta.table_name`` and its like, by inheritance."""
    cls = _class(owner)
    if cls is None:
        return UnknownValue(f"{name} of an unknown model", place)
    value = run.attribute(run.attribute(cls, "Meta", place), name, place)
    if isinstance(value, UnknownValue):
        return UnknownValue(f"Meta.{name} of {cls.definition.name}", place)
    return value


def _made(cls: ClassValue, run: Machine) -> Instance:
    return Instance(cls, born=run.position.conditional)


class Model(Native):
    """``pynamodb.models.Model`` as a base class."""

    __slots__ = ()
    label = "pynamodb.models.Model"

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method that a model inherits."""
        action = _MODEL_ACTIONS.get(name)
        if action is not None:
            return Function(name, lambda site, run: action(owner, site, run), owner)
        if name in ("to_json", "to_dict", "to_simple_dict", "to_dynamodb_dict", "serialize"):
            return Function(name, lambda site, run: UnknownValue("a model's data", site.place))
        if name in ("from_json", "deserialize", "from_dict", "from_simple_dict", "update_ttl"):
            return silent(name)
        return None

    def subclassed(self, cls: ClassValue, run: Machine) -> None:
        """A model learns of its indexes, which query its table."""
        for ancestor in cls.ancestry():
            for value in list(ancestor.fields.values()) if isinstance(ancestor, ClassValue) else ():
                if isinstance(value, Instance) and any(isinstance(one, Index) for one in value.cls.ancestry()):
                    known = value.fields.get(_MODEL)
                    value.fields[_MODEL] = cls if known is None or ancestor is cls else join(known, cls)


_Action = Callable[[Value, CallSite, Machine], Value]


def _simple(operation: str) -> _Action:
    """An action of an instance on its own item."""

    def action(owner: Value, site: CallSite, run: Machine) -> Value:
        emit(run, operation, _setting(owner, "table_name", run, site.place), site.place)
        return UnknownValue(f"result of dynamodb.{operation}", site.place)

    return action


def _get(owner: Value, site: CallSite, run: Machine) -> Value:
    emit(run, "GetItem", _setting(owner, "table_name", run, site.place), site.place)
    cls = _class(owner)
    return _made(cls, run) if cls else UnknownValue("a model's item", site.place)


def _listing(operation: str) -> _Action:
    def action(owner: Value, site: CallSite, run: Machine) -> Value:
        index = site.keywords.get("index_name")
        arguments = {} if index is None or index == Const(None) else {"IndexName": index}
        emit(run, operation, _setting(owner, "table_name", run, site.place), site.place, **arguments)
        cls = _class(owner)
        return Sequence([], _made(cls, run) if cls else UnknownValue("a model's item", site.place))

    return action


def _count(owner: Value, site: CallSite, run: Machine) -> Value:
    """With a hash key a query, without one the count in the table's description."""
    key = site.argument(0, "hash_key")
    if key is None or key == Const(None):
        emit(run, "DescribeTable", _setting(owner, "table_name", run, site.place), site.place)
    else:
        _listing("Query")(owner, site, run)
    return UnknownValue("a count", site.place)


def _batch_get(owner: Value, site: CallSite, run: Machine) -> Value:
    table = _setting(owner, "table_name", run, site.place)
    _batch(run, "BatchGetItem", table, site.place)
    cls = _class(owner)
    return Sequence([], _made(cls, run) if cls else UnknownValue("a model's item", site.place))


def _batch(run: Machine, operation: str, table: Value, place: Place) -> None:
    if _describes(run):
        run.emit("dynamodb", "DescribeTable", {"TableName": table}, place, SDK)
    for option in options(table):
        requests = Object()
        content = UnknownValue("requests", place)
        if isinstance(option, Const):
            requests.fields[str(option.value)] = content
        else:
            requests.put(option, content)
        run.emit("dynamodb", operation, {"RequestItems": requests}, place, SDK)


def _create_table(owner: Value, site: CallSite, run: Machine) -> Value:
    """Looks whether the table exists, creates it, waits for it, and sets the time to live where the model has one."""
    table = _setting(owner, "table_name", run, site.place)
    emit(run, "DescribeTable", table, site.place)
    emit(run, "CreateTable", table, site.place)
    fields = [value for one in (owner, _class(owner)) if isinstance(one, ClassValue) for value in one.fields.values()]
    if any(isinstance(value, Library) and "TTLAttribute" in value.name for value in fields):
        emit(run, "UpdateTimeToLive", table, site.place)
    return Const(None)


def _delete_table(owner: Value, site: CallSite, run: Machine) -> Value:
    table = _setting(owner, "table_name", run, site.place)
    emit(run, "DeleteTable", table, site.place)
    if "wait" in site.keywords:
        emit(run, "DescribeTable", table, site.place)
    return UnknownValue("result of dynamodb.DeleteTable", site.place)


_MODEL_ACTIONS: dict[str, _Action] = {
    "save": _simple("PutItem"),
    "update": _simple("UpdateItem"),
    "update_item": _simple("UpdateItem"),
    "delete": _simple("DeleteItem"),
    "refresh": _simple("GetItem"),
    "get": _get,
    "query": _listing("Query"),
    "scan": _listing("Scan"),
    "rate_limited_scan": _listing("Scan"),
    "count": _count,
    "batch_get": _batch_get,
    "batch_write": lambda owner, site, run: BatchWrite(_setting(owner, "table_name", run, site.place)),
    "exists": _simple("DescribeTable"),
    "describe_table": _simple("DescribeTable"),
    "create_table": _create_table,
    "delete_table": _delete_table,
}


class Index(Native):
    """A secondary index as a base class: it queries the table of the model that has it."""

    __slots__ = ()
    label = "pynamodb.indexes.Index"

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``query``, ``scan``, ``count``."""
        operation = {"query": "Query", "count": "Query", "scan": "Scan"}.get(name)
        if operation is None or not isinstance(owner, Instance):
            return None
        return Function(name, lambda site, run: self._read(owner, operation, site, run), owner)

    def _read(self, owner: Instance, operation: str, site: CallSite, run: Machine) -> Value:
        models = [
            option for option in options(owner.fields.get(_MODEL) or Const(None)) if isinstance(option, ClassValue)
        ]
        index = _setting(owner, "index_name", run, site.place)
        if isinstance(index, UnknownValue):
            index = _name_in(models, owner) or index
        items: list[Value] = []
        for model in models:
            emit(run, operation, _setting(model, "table_name", run, site.place), site.place, IndexName=index)
            items.append(_made(model, run))
        if not models:
            emit(run, operation, UnknownValue("the model of an index", site.place), site.place, IndexName=index)
            items.append(UnknownValue("a model's item", site.place))
        return Sequence([], join(*items))


def _name_in(models: list[ClassValue], index: Instance) -> Value | None:
    """Without ``Meta.index_name`` an index is named as the model's attribute that holds it."""
    for model in models:
        for name, value in model.fields.items():
            if value is index:
                return Const(name)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class BatchWrite(Native):
    """``with Model.batch_write() as batch``."""

    table: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``save`` and ``delete`` collect requests for BatchWriteItem."""
        if name not in ("save", "delete", "commit"):
            return silent(name)

        def body(site: CallSite, run: Machine) -> Value:
            _batch(run, "BatchWriteItem", self.table, site.place)
            return Const(None)

        return Function(name, body, self)


@dataclass(frozen=True, slots=True, eq=False)
class Transaction(Native):
    """``TransactWrite`` and ``TransactGet``: what is collected is sent as one transaction."""

    operation: str

    def call(self, site: CallSite, run: Machine) -> Value:
        """A transaction of this kind."""
        return self

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An item of the transaction, by the model or the model's instance that comes first."""
        request = {"save": "Put", "update": "Update", "delete": "Delete", "condition_check": "ConditionCheck"}
        kind = "Get" if name == "get" else request.get(name)
        if kind is None:
            return silent(name)
        return Function(name, lambda site, run: self._item(kind, site, run), self)

    def _item(self, kind: str, site: CallSite, run: Machine) -> Value:
        found = site.argument(0, "model_cls", "model") or UnknownValue("a model", site.place)
        made: list[Value] = []
        for option in options(found):
            table = _setting(option, "table_name", run, site.place)
            if _describes(run):
                run.emit("dynamodb", "DescribeTable", {"TableName": table}, site.place, SDK)
            item = Object({kind: Object({"TableName": table})})
            run.emit("dynamodb", self.operation, {"TransactItems": Sequence([item])}, site.place, SDK)
            cls = _class(option)
            made.append(_made(cls, run) if cls else UnknownValue("a model's item", site.place))
        return _Future(join(*made)) if kind == "Get" else Const(None)


@dataclass(frozen=True, slots=True, eq=False)
class _Future(Native):
    """What ``TransactGet.get`` gives: ``get()`` is the item."""

    item: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        return Function(name, lambda site, run: self.item) if name == "get" else silent(name)


@dataclass(frozen=True, slots=True, eq=False)
class Connection(Native):
    """``Connection(region=…)``, whose methods take the table's name first, and ``TableConnection(table_name)``."""

    table: Value | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The low-level operations."""
        operation = run.catalog.operation_of_method("dynamodb", name)
        if operation is None:
            return silent(name)
        called = operation.name

        def body(site: CallSite, run: Machine) -> Value:
            table = self.table or site.argument(0, "table_name") or UnknownValue("a table's name", site.place)
            if called == "ListTables":
                run.emit("dynamodb", called, {}, site.place, SDK)
            elif called in ("BatchGetItem", "BatchWriteItem"):
                _batch(run, called, table, site.place)
            else:
                emit(run, called, table, site.place)
            return UnknownValue(f"result of dynamodb.{called}", site.place)

        return Function(name, body, self)


def _table_connection(site: CallSite, run: Machine) -> Value:
    return Connection(site.argument(0, "table_name") or UnknownValue("a table's name", site.place))


@cache
def _modules() -> dict[str, Library]:
    index = Index()
    connections = {
        "Connection": Function("pynamodb.connection.Connection", lambda site, run: Connection()),
        "TableConnection": Function("pynamodb.connection.TableConnection", _table_connection),
    }
    return {
        "pynamodb": Library("pynamodb"),
        "pynamodb.models": Library("pynamodb.models", {"Model": Model()}),
        "pynamodb.indexes": Library(
            "pynamodb.indexes", {"Index": index, "GlobalSecondaryIndex": index, "LocalSecondaryIndex": index}
        ),
        "pynamodb.connection": Library("pynamodb.connection", connections),
        "pynamodb.connection.base": Library("pynamodb.connection.base", connections),
        "pynamodb.connection.table": Library("pynamodb.connection.table", connections),
        "pynamodb.transactions": Library(
            "pynamodb.transactions",
            {"TransactWrite": Transaction("TransactWriteItems"), "TransactGet": Transaction("TransactGetItems")},
        ),
    }
