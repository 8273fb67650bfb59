"""The document interface of DynamoDB in version 1 of the SDK for Java.

Source: https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/dynamodbv2/document/package-summary.html.
Its tables call nothing beside the operation that a method is named by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target
from scopedown.calls.values import CallSite, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.client_tools import HasTarget
from scopedown.languages.java.natives import JavaClass, Library, bound, computed, given
from scopedown.languages.java.shapes import Shape, ShapeClass
from scopedown.languages.java.tables import Table, on

SDK: Final = "java-v1"
OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "putItem": ("PutItem",),
    "getItem": ("GetItem",),
    "getItemOutcome": ("GetItem",),
    "updateItem": ("UpdateItem",),
    "deleteItem": ("DeleteItem",),
    "query": ("Query",),
    "scan": ("Scan",),
    "describe": ("DescribeTable",),
    "delete": ("DeleteTable",),
    "updateTable": ("UpdateTable",),
    "createGSI": ("UpdateTable",),
    "deleteGSI": ("UpdateTable",),
    "updateGSI": ("UpdateTable",),
    **dict.fromkeys(("waitForActive", "waitForDelete", "waitForActiveOrDelete"), ("DescribeTable",)),
    **dict.fromkeys(("waitForAllActiveOrDelete",), ("DescribeTable",)),
}


def document_class(name: str, kind: str) -> Value:
    """A class of the interface."""
    if kind == "DynamoDB":
        return DocumentClass(name)
    if kind in ("Table", "Index"):
        return TableClass(name)
    if kind in ("TableWriteItems", "TableKeysAndAttributes"):
        return _OfTable(name)
    return ShapeClass(name) if kind in ("Item", "PrimaryKey") or kind.endswith("Spec") else Library(name)


def target_of(site: CallSite) -> Target:
    """Whom the client among the arguments speaks to."""
    for one in site.positional:
        for option in options(one):
            if isinstance(option, HasTarget):
                return option.target
    return Target("dynamodb", SDK)


class DocumentClass(JavaClass):
    """``new DynamoDB(client)``."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The interface on a client."""
        return DynamoDB(target_of(site))


class TableClass(JavaClass):
    """``Table`` as a type: what is injected is a table of an unknown name."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new Table(client, "name")``."""
        name = given(site, 1) if len(site.positional) > 1 else UnknownValue("a table's name", site.place)
        return Table(target_of(site), name, OPERATIONS)


class _OfTable(JavaClass):
    """``new TableWriteItems("table")``: it names the table."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A structure with the table's name."""
        return Shape("TableWriteItems", {"tableName": given(site, 0)}, run.position.conditional)


@dataclass(frozen=True, slots=True, eq=False)
class DynamoDB(Native):
    """The interface: tables, and operations on several of them."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``getTable``, ``batchWriteItem``, ``listTables``, …"""
        if name == "getTable":
            return bound(self, name, lambda site, run: Table(self.target, given(site, 0), OPERATIONS))
        if name in ("batchGetItem", "batchWriteItem"):
            operation = name[:1].upper() + name[1:]
            return bound(self, name, lambda site, run: self._batch(operation, site, run))
        if name == "listTables":
            return bound(self, name, self._list)
        if name == "createTable":
            return bound(self, name, self._create)
        return computed(name)

    def _batch(self, operation: str, site: CallSite, run: Machine) -> Value:
        names = [
            option.fields["tableName"]
            for one in site.positional
            for option in options(one)
            if isinstance(option, Shape) and "tableName" in option.fields
        ]
        for name in names or [UnknownValue("tables of a batch", site.place)]:
            on(run, self.target, name, (operation,), site.place)
        return UnknownValue("items of tables", site.place, inert=True)

    def _list(self, site: CallSite, run: Machine) -> Value:
        run.emit("dynamodb", "ListTables", {}, site.place, SDK, self.target.credentials)
        return UnknownValue("tables", site.place, inert=True)

    def _create(self, site: CallSite, run: Machine) -> Value:
        name: Value = given(site, 0)
        for option in options(name):
            if isinstance(option, Shape):
                name = option.fields.get("tableName") or UnknownValue("a table's name", site.place)
        on(run, self.target, name, ("CreateTable",), site.place)
        return Table(self.target, name, OPERATIONS)

    def service_of_client(self) -> str | None:
        """DynamoDB."""
        return "dynamodb"

    def describe(self) -> str:
        """For messages."""
        return "the document interface of DynamoDB"
