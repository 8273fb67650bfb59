"""DynamoDBMapper of version 1 of the SDK for Java: objects of annotated classes as items of tables.

The table is the one of the class's annotation, unless the mapper's configuration replaces its name, puts something
before it, or asks a resolver. ``save`` is UpdateItem; PutItem where the configuration clobbers, or where a key is
generated.

Source: aws/aws-sdk-java@0380d4915f443eae43474c4b0f8586f4524e4dc4 aws-java-sdk-dynamodb/src/main/java/com/amazonaws/
services/dynamodbv2/datamodeling/DynamoDBMapper.java (``save``, ``SaveObjectHandler``, ``getTableName``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import marks
from scopedown.languages.java.clients import spoken_to
from scopedown.languages.java.natives import Function, JavaClass, bound, computed, given, is_null
from scopedown.languages.java.shapes import Shape, ShapeClass
from scopedown.languages.java.tables import on
from scopedown.languages.java.unmodelled import Unmodelled, unmodelled

_OPERATIONS: Final[dict[str, tuple[str, ...]]] = {
    "load": ("GetItem",),
    "delete": ("DeleteItem",),
    **dict.fromkeys(("query", "queryPage"), ("Query",)),
    **dict.fromkeys(("scan", "scanPage", "parallelScan"), ("Scan",)),
    "batchLoad": ("BatchGetItem",),
    **dict.fromkeys(("batchSave", "batchDelete", "batchWrite"), ("BatchWriteItem",)),
    "transactionWrite": ("PutItem", "UpdateItem", "DeleteItem"),
    "transactionLoad": ("GetItem",),
}
_PUTTING: Final = frozenset({"CLOBBER", "PUT"})


def mapper_class(name: str, parts: list[str]) -> Value:
    """A class of the mapper."""
    kind = parts[-1]
    if kind in ("DynamoDBMapper", "IDynamoDBMapper", "AbstractDynamoDBMapper"):
        return MapperClass(name)
    if parts[0] == "DynamoDBMapperConfig" or kind in ("TableNameOverride", "DefaultTableNameResolver"):
        return ConfigClass("DynamoDBMapperConfig" if len(parts) == 1 else kind)
    if kind.endswith("Expression"):
        return ShapeClass(name)
    return unmodelled(name, "dynamodb")


class ConfigClass(JavaClass):
    """``DynamoDBMapperConfig`` and the classes inside of it."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``builder()``, ``TableNameOverride.withTableNamePrefix("x")``, a constant."""
        if name == "builder":
            return Function(name, lambda site, run: Config({}, run.position.conditional))
        if name in ("withTableNameReplacement", "withTableNamePrefix"):
            member = "replacement" if name.endswith("Replacement") else "prefix"
            return Function(name, lambda site, run: Shape("override", {member: given(site, 0)}))
        if name.isupper():
            return Const(name)
        return ConfigClass(name)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new DynamoDBMapperConfig(…)``, ``new TableNameOverride("name")``."""
        if self.name == "TableNameOverride":
            return Shape("override", {"replacement": given(site, 0)})
        made = Config({}, run.position.conditional)
        for one in site.positional:
            for option in options(one):
                if isinstance(option, Config):
                    made.fields.update(option.fields)
                elif isinstance(option, Shape):
                    made.fields["tableNameOverride"] = option
                elif isinstance(option, Const) and option.value in (*_PUTTING, "UPDATE", "APPEND_SET"):
                    made.fields["saveBehavior"] = option
                elif not isinstance(option, Const):
                    made.fields["tableNameResolver"] = option
        return made

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A resolver of the project inherits the default one's method."""
        if name != "getTableName":
            return super().member(owner, name, run, place)
        return Function(name, lambda site, run: annotated_name(run, given(site, 0), site.place))


class Config(Shape):
    """A configuration, or its builder."""

    __slots__ = ()

    def __init__(self, fields: dict[str, Value], born: int) -> None:
        super().__init__("DynamoDBMapperConfig", fields, born)


class MapperClass(JavaClass):
    """``new DynamoDBMapper(client, config)``."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A mapper."""
        return Mapper(spoken_to(site.positional) or Target("dynamodb", "java-v1"), _config(site))


def _config(site: CallSite) -> Config | None:
    found = [option for one in site.positional for option in options(one) if isinstance(option, Config)]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Mapper(Native):
    """A mapper."""

    label = "a mapper of DynamoDB"
    client_of = "dynamodb"
    target: Target
    config: Config | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of its methods."""
        if name == "save":
            return bound(self, name, self._save)
        if name == "count":
            return bound(self, name, self._count)
        if name in ("generateCreateTableRequest", "generateDeleteTableRequest"):
            return bound(self, name, self._request)
        if name == "newTableMapper":
            return bound(self, name, lambda site, run: Unmodelled("DynamoDBTableMapper", "dynamodb"))
        operations = _OPERATIONS.get(name)
        if operations is None:
            return computed(name)
        return bound(self, name, lambda site, run: self._send(operations, site, run))

    def _send(self, operations: tuple[str, ...], site: CallSite, run: Machine) -> Value:
        config = _config(site) or self.config
        for cls in _classes(site):
            on(run, self.target, table_name(run, cls, config, site.place), operations, site.place)
        return UnknownValue("objects of a mapper", site.place, inert=True)

    def _save(self, site: CallSite, run: Machine) -> Value:
        config = _config(site) or self.config
        behaviour = config.fields.get("saveBehavior") if config is not None else None
        for cls in _classes(site):
            generated = isinstance(cls, ClassValue) and marks.on_members(cls, "DynamoDBAutoGeneratedKey")
            for option in options(behaviour or NOTHING):
                puts = generated or (isinstance(option, Const) and option.value in _PUTTING)
                name = table_name(run, cls, config, site.place)
                on(run, self.target, name, ("PutItem" if puts else "UpdateItem",), site.place)
        return NOTHING

    def _count(self, site: CallSite, run: Machine) -> Value:
        queries = [
            "Query" in option.kind
            for one in site.positional[1:]
            for option in options(one)
            if isinstance(option, Shape)
        ]
        return self._send(("Query",) if any(queries) else ("Scan",), site, run)

    def _request(self, site: CallSite, run: Machine) -> Value:
        names = [table_name(run, cls, self.config, site.place) for cls in _classes(site)]
        return Shape("CreateTableRequest", {"tableName": join(*names)}, run.position.conditional)


def _classes(site: CallSite) -> list[Value]:
    """The classes of the objects that a method is about; an unknown one where that is not known."""
    found: dict[int, Value] = {}
    for one in site.positional[:2]:
        for option in options(one):
            inside = (
                [item for held in option.held() for item in options(held)] if isinstance(option, Sequence) else [option]
            )
            for item in inside:
                cls = item.cls if isinstance(item, Instance) else item
                if isinstance(cls, ClassValue):
                    found[id(cls)] = cls
        if found:
            break
    return list(found.values()) or [UnknownValue("the class of an object", site.place)]


def annotated_name(run: Machine, cls: Value, place: Place) -> Value:
    """The table that a class's annotation names."""
    found: list[Value] = []
    for option in options(cls):
        held = marks.inherited(option, "DynamoDBTable") if isinstance(option, ClassValue) else None
        name = None if held is None else marks.element(run, held[1].frame, held[0], "tableName", "value")
        found.append(name or UnknownValue("the table of a class", place))
    return join(*found)


def table_name(run: Machine, cls: Value, config: Config | None, place: Place) -> Value:
    """The table of a class's objects, as the configuration has it."""
    name = annotated_name(run, cls, place)
    if config is None:
        return name
    override, resolver = config.fields.get("tableNameOverride"), config.fields.get("tableNameResolver")
    if override is not None:
        return join(*(_overridden(option, name) for option in options(override)))
    if resolver is not None and not is_null(resolver):
        return run.call(run.attribute(resolver, "getTableName", place), (cls, config), place)
    return name


def _overridden(override: Value, name: Value) -> Value:
    if not isinstance(override, Shape):
        return name
    replacement, prefix = override.fields.get("replacement"), override.fields.get("prefix")
    if replacement is not None:
        return replacement
    return concatenate((prefix, name)) if prefix is not None else name
