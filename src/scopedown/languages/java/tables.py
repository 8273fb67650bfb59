"""Tables of DynamoDB behind the SDKs' higher interfaces: operations on one table of a known name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Function, bound, computed


@dataclass(frozen=True, slots=True, eq=False)
class Table(Native):
    """A table, or an index of one; ``operations`` are what its methods call."""

    label = "a table of DynamoDB"
    client_of = "dynamodb"
    target: Target
    name: Value
    operations: Mapping[str, tuple[str, ...]]
    index_name: Value | None = None
    is_async: bool = False

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of its methods, or an index."""
        if name in ("getIndex", "index"):
            return bound(self, name, self._indexed)
        if name in ("getTableName", "tableName"):
            return bound(self, name, lambda site, run: self.name)
        operations = self.operations.get(name) or self.operations.get(name.removesuffix("WithResponse"))
        if operations is None:
            return computed(name)
        return bound(self, name, lambda site, run: self.send(operations, site, run))

    def _indexed(self, site: CallSite, run: Machine) -> Value:
        index = site.positional[0] if site.positional else UnknownValue("an index", site.place)
        return Table(self.target, self.name, self.operations, index, self.is_async)

    def send(self, operations: tuple[str, ...], site: CallSite, run: Machine) -> Value:
        """Call operations on the table; functions among the arguments fill a request, and may use what they hold."""
        for one in site.positional:
            for option in options(one):
                if isinstance(option, Function):
                    run.call(option, (UnknownValue("a request", site.place, inert=True),), site.place)
        on(run, self.target, self.name, operations, site.place, self.index_name)
        result = UnknownValue("items of a table", site.place, inert=True)
        return Future(result) if self.is_async else result


def on(
    run: Machine, target: Target, table: Value, operations: tuple[str, ...], place: Place, index: Value | None = None
) -> None:
    """Record operations on a table."""
    batch = {"BatchGetItem", "BatchWriteItem"}
    for name in operations:
        operation = run.catalog.operation("dynamodb", name)
        if operation is None:
            continue
        fields: dict[str, Value] = {"TableName": table}
        if name in batch:
            fields = {"RequestItems": _by_name(table)}
        if index is not None:
            fields["IndexName"] = index
        emit(run, target, operation, Object(fields), place)


def _by_name(table: Value) -> Value:
    made = Object()
    for option in options(table):
        if isinstance(option, Const):
            made.fields[str(option.value)] = Object()
        else:
            made.put(option, Object())
    return made
