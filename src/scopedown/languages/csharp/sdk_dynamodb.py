"""DynamoDB in the AWS SDK for .NET: the object persistence model, and the document model

Reference: aws/aws-sdk-net@02736e79e619982bcfdfbf2f46c98a1408fca39e sdk/src/Services/DynamoDBv2/Custom/DataModel
(ContextInternal.cs: GetUnconfiguredTable loads the table's description at its first use, unless
``DisableFetchingTableMetadata`` is set), and DocumentModel/Table.cs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Activation, Function, Machine, Native, within
from scopedown.calls.machine.functions import first_of
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Datum,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.csharp.clients import NET, client_among
from scopedown.languages.csharp.credentials import SDK
from scopedown.languages.csharp.natives import Model, Passing, Plain, Type, arguments, method, of_class, type_argument
from scopedown.source import ir

LANGUAGE = "csharp"
PACKAGES = ("Amazon.DynamoDBv2.DataModel", "Amazon.DynamoDBv2.DocumentModel", "Amazon.Util.TypeMapping")

_CONTEXT = {
    "Load": "GetItem", "Save": "UpdateItem", "Delete": "DeleteItem", "Query": "Query", "FromQuery": "Query",
    "Scan": "Scan", "FromScan": "Scan", "CreateBatchGet": "BatchGetItem", "CreateBatchWrite": "BatchWriteItem",
    "CreateTransactGet": "TransactGetItems", "CreateTransactWrite": "TransactWriteItems",
}  # fmt: skip
"""Methods of a context, with the operation that they lead to."""


def _emit(run: Machine, target: Target, operation: str, table: Value, place: Place) -> None:
    known = run.catalog.operation("dynamodb", operation)
    if known is not None:
        emit(run, target, known, _on(target, table).own(known), place)


def _on(target: Target, name: Value) -> ServiceObject:
    """A table of the document model."""
    return ServiceObject(NET, target).binding("TableName", name, "table")


# the object persistence model


@dataclass(frozen=True, slots=True, eq=False)
class Context(Model):
    """A ``DynamoDBContext``. ``settings`` are those of its configuration."""

    client_of = "dynamodb"
    label = "a DynamoDBContext"
    target: Target
    settings: Object | None = None

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method that calls, or the table of a class."""
        plain = name.removesuffix("Async")
        if plain == "GetTargetTable":
            return Function(name, self._table)
        operation = _CONTEXT.get(plain)
        return None if operation is None else Function(f"DynamoDBContext.{name}", partial(self._call, operation), self)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other methods work on what there is."""
        return Passing(f"DynamoDBContext.{name}")

    def _call(self, operation: str, site: CallSite, run: Machine) -> Value:
        cls = _asked_class(site)
        table = self._named(site, cls, run)
        if not self._is_set(site, "DisableFetchingTableMetadata"):
            _emit(run, self.target, "DescribeTable", table, site.place)
        _emit(run, self.target, operation, table, site.place)
        item = of_class("an item", cls, site.place)
        if operation in ("Query", "Scan"):
            return Search(f"a {operation} of DynamoDBContext", item)
        if operation.startswith(("Batch", "Transact")):
            return Passing(f"a {operation} of DynamoDBContext")
        return item

    def _table(self, site: CallSite, run: Machine) -> Value:
        table = self._named(site, _asked_class(site), run)
        _emit(run, self.target, "DescribeTable", table, site.place)
        return _on(self.target, table)

    def _is_set(self, site: CallSite, name: str) -> bool:
        return any(
            isinstance(flag := fields.get(name), Const) and flag.value is True for fields in self._configured(site)
        )

    def _configured(self, site: CallSite) -> list[Mapping[str, Value]]:
        """The settings of the call, then those of the context."""
        given = [one.fields for value in arguments(site) for one in options(value) if isinstance(one, Object)]
        return [*given, *(() if self.settings is None else (self.settings.fields,))]

    def _named(self, site: CallSite, cls: Value, run: Machine) -> Value:
        """The table that a call means: by its settings, else by the class of the item."""
        configured = self._configured(site)
        for fields in configured:
            if (name := fields.get("OverrideTableName")) is not None:
                return name
        table = join(*(table_of(run, one, site.place) for one in options(cls)))
        for fields in configured:
            if (prefix := fields.get("TableNamePrefix")) is not None:
                return concatenate((prefix, table))
        return table


@dataclass(frozen=True, slots=True, eq=False)
class Search(Model):
    """``AsyncSearch<T>``: its methods give the items that are found."""

    label = "{self.name}"
    name: str
    item: Value

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A set of items, or all that remain; anything else is told."""
        if name.removesuffix("Async") in ("GetNextSet", "GetRemaining"):
            return Function(f"AsyncSearch.{name}", lambda site, run: Sequence([], self.item))
        return Passing(f"{self.name}.{name}")

    def iterate(self, run: Machine, place: Place) -> Value:
        """``Query`` of the .NET Framework gives the items themselves."""
        return self.item


def _asked_class(site: CallSite) -> Value:
    """The class that a call is about: its type argument, else that of the item."""
    cls = type_argument(site)
    if cls is None or (isinstance(cls, Const) and cls.value is None):
        return _class_of(first_of(site))
    return cls


def _class_of(value: Value) -> Value:
    """The class of an item. An expression has one type, so what is known of one of its values holds for all."""
    found: list[Value] = [option.cls for option in options(value) if isinstance(option, Instance)]
    found += [option.cls for option in options(value) if isinstance(option, Datum) and option.cls is not None]
    return join(*found) if found else UnknownValue("a class")


def table_of(run: Machine, cls: Value, place: Place) -> Value:
    """The table of a class: by a mapping, its attribute ``DynamoDBTable``, or its name."""
    if not isinstance(cls, ClassValue):
        return UnknownValue("the table of a class", place)
    for mapped in run.heap.bindings.notes.get((MAPPED, id(cls)), ()):
        return mapped
    for one in cls.ancestry():
        written = annotation_of(one, "DynamoDBTable") if isinstance(one, ClassValue) else None
        if isinstance(written, ir.Call) and written.positional and isinstance(one, ClassValue):
            with within(run, one.frame):
                return run.evaluate(Activation(one.frame, False), written.positional[0])
    return Const(cls.definition.name)


def annotation_of(cls: ClassValue, name: str) -> ir.Expr | None:
    """An attribute that stands above a class."""
    for written in cls.definition.annotations:
        named = written.function if isinstance(written, ir.Call) else written
        if isinstance(named, ir.Name) and named.id == name:
            return written
    return None


MAPPED = "the table of a class"
"""Under which it is noted what ``TypeMappings`` say of a class."""


def _context(site: CallSite, run: Machine) -> Value:
    """``new DynamoDBContext(client, config)``."""
    settings = next((one for value in arguments(site) for one in options(value) if isinstance(one, Object)), None)
    return Context(client_among(site, "dynamodb"), settings)


class ContextType(Type):
    """The class, or its interface: where nothing supplies one, it is a context."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A context."""
        return _context(site, run)


@dataclass(slots=True, eq=False)
class Builder(Model):
    """``DynamoDBContextBuilder`` and ``TableBuilder``."""

    label = "a builder"
    made: Native

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What it is told, and ``Build()``."""
        if name == "Build":
            return Function(name, lambda site, run: self.made)
        return Function(name, partial(self._told, name))

    def _told(self, name: str, site: CallSite, run: Machine) -> Value:
        settings = Object()
        for value in arguments(site):
            made = run.call(value, (settings,), site.place) if not isinstance(value, Const) else value
            for option in options(made):
                if isinstance(option, ServiceObject) and isinstance(self.made, Context):
                    self.made = replace(self.made, target=option.target)
        if settings.fields and isinstance(self.made, Context):
            self.made = replace(self.made, settings=settings)
        return self


# the document model


def _named_table(site: CallSite) -> Value:
    """The name among the arguments of ``LoadTable``: a text, or that of a ``TableConfig``."""
    given = site.argument(1, "tableName", "config") or UnknownValue("a table", site.place)
    return join(
        *(option.fields.get("TableName", option) if isinstance(option, Object) else option for option in options(given))
    )


def _loaded(site: CallSite, run: Machine) -> Value:
    """``Table.LoadTable(client, name)`` asks for the table's description."""
    target, name = client_among(site, "dynamodb"), _named_table(site)
    _emit(run, target, "DescribeTable", name, site.place)
    return _on(target, name)


def _built(site: CallSite, run: Machine) -> Value:
    """``new TableBuilder(client, name)`` is told the keys, and asks for nothing."""
    return Builder(_on(client_among(site, "dynamodb"), _named_table(site)))


def _configured(site: CallSite, run: Machine) -> Value:
    given = {"TableName": site.positional[0]} if site.positional else {}
    return Object(given, born=run.position.conditional)


def _mapping(site: CallSite, run: Machine) -> Value:
    """``new TypeMapping(typeof(T), table)`` says the table of a class."""
    cls, table = (*site.positional, UnknownValue("a class"), UnknownValue("a table"))[:2]
    for option in options(cls):
        if isinstance(option, ClassValue):
            run.heap.bindings.notes.setdefault((MAPPED, id(option)), []).append(table)
    return Plain("TypeMapping")


_CONFIGURATIONS = (
    "DynamoDBContextConfig", "DynamoDBOperationConfig", "LoadConfig", "SaveConfig", "DeleteConfig", "QueryConfig",
    "ScanConfig", "FromQueryConfig", "FromScanConfig", "BatchGetConfig", "BatchWriteConfig",
)  # fmt: skip
_DATA = {
    "DynamoDBContext": ContextType("DynamoDBContext"),
    "IDynamoDBContext": ContextType("IDynamoDBContext"),
    "DynamoDBContextBuilder": Type(
        "DynamoDBContextBuilder", make=lambda site, run: Builder(Context(Target("dynamodb", SDK)))
    ),
    **{name: Type(name, make=_configured) for name in _CONFIGURATIONS},
}
_DOCUMENT = {
    "Table": Type(
        "Table",
        {
            "LoadTable": method("Table.LoadTable", _loaded),
            "LoadTableAsync": method("Table.LoadTableAsync", _loaded),
            "TryLoadTable": method("Table.TryLoadTable", _loaded),
        },
    ),
    "TableBuilder": Type("TableBuilder", make=_built),
    "TableConfig": Type("TableConfig", make=_configured),
}


def module(name: str) -> Value | None:
    """A class of one of the two models."""
    namespace, _, written = name.rpartition(".")
    if written == "TypeMapping":
        return Type(written, make=_mapping)
    return (_DATA if namespace.endswith(".DataModel") else _DOCUMENT).get(written)
