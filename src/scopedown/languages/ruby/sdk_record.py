"""The gem aws-record: classes whose objects are items of a DynamoDB table.

Source: aws/aws-sdk-ruby-record@03fdec5a06ddf6e77eb93dc2d0eb0097895b5395 (lib/aws-record/record/item_operations.rb,
query.rb, table_config.rb, table_migration.rb, lib/aws-record/record.rb).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import Target, by_name, emit, parameters
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.ruby.native import NOTHING, Library, block_of, first_of, options_of
from scopedown.languages.ruby.sdk_client import AWS_SDK, client_of, target_of

_TABLE: Final = "self.<table>"
_CLIENT: Final = "self.<client>"
_STORED: Final = "<stored>"
"""A member of objects that were read from the table."""
_KEYS: Final = "self.<attributes>"

ClassMethod = Callable[[ClassValue, CallSite, Machine], Value]
ItemMethod = Callable[[Instance, CallSite, Machine], Value]


class Record(Native):
    """``Aws::Record``, which a class includes."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What the module has beside: migrations call DynamoDB's tables."""
        if name in ("TableMigration", "TableConfig"):
            return Migration()
        return Library(f"Aws::Record::{name}")

    def included(self, cls: ClassValue, run: Machine, place: Place) -> None:
        """A class includes it: its methods are found through its ancestors."""

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """A method of the class or of its objects."""
        if isinstance(owner, ClassValue):
            if name in ("TableMigration", "TableConfig"):
                return self.attribute(name, run, place)
            body = _OF_CLASSES.get(name)
            if body is not None:
                return Function(name, lambda site, run: body(owner, site, run), owner)
            if name.endswith("_attr") or name in _DECLARING:
                return Function(name, lambda site, run: _declare(owner, site), owner)
            return None
        if isinstance(owner, Instance):
            method = _OF_ITEMS.get(name)
            if method is not None:
                return Function(name, lambda site, run: method(owner, site, run), owner)
            if name in _attributes(owner.cls):
                return Function(name, lambda site, run: owner.fields.get(name) or UnknownValue(name, inert=True), owner)
        return None


_DECLARING: Final = frozenset({
    "global_secondary_index", "local_secondary_index", "disable_mutation_tracking", "enable_mutation_tracking",
    "set_conversion_strategy",
})  # fmt: skip


def _declare(cls: ClassValue, site: CallSite) -> Value:
    for value in site.positional[:1]:
        if isinstance(value, Const) and isinstance(value.value, str):
            known = cls.fields.setdefault(_KEYS, Sequence())
            if isinstance(known, Sequence):
                known.items.append(value)
    return NOTHING


def _attributes(cls: ClassValue) -> list[str]:
    known = cls.fields.get(_KEYS)
    return [str(one.value) for one in known.items if isinstance(one, Const)] if isinstance(known, Sequence) else []


def _table(cls: ClassValue) -> Value:
    """The table's name: as it is set, else that of the class."""
    for one in cls.ancestry():
        if isinstance(one, ClassValue) and (known := one.fields.get(_TABLE)) is not None:
            return known
    return Const(cls.definition.name.replace("::", "_"))


def _target(cls: ClassValue, run: Machine) -> Target:
    client = cls.fields.get(_CLIENT)
    return client.target if isinstance(client, ServiceObject) else target_of("dynamodb", Object(), run)


def _call(cls: ClassValue, name: str, given: Mapping[str, Value], site: CallSite, run: Machine) -> Value:
    target = _target(cls, run)
    operation = run.catalog.operation("dynamodb", name)
    if operation is None:
        return UnknownValue(name, site.place)
    arguments = parameters(operation, {**given, "table_name": _table(cls)})
    return emit(run, target, operation, arguments, site.place)


def _item(cls: ClassValue) -> Instance:
    """An object that was read from the table."""
    return Instance(cls, {_STORED: Const(True)})


def _set_table(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    cls.fields[_TABLE] = first_of(site)
    return first_of(site)


def _configure(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    cls.fields[_CLIENT] = AWS_SDK.client(client_of(options_of(site), "dynamodb", run))
    return NOTHING


def _key(site: CallSite) -> dict[str, Value]:
    return {"key": Object(dict(options_of(site).fields))}


def _find(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    _call(cls, "GetItem", _key(site), site, run)
    return _item(cls)


def _find_all(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    return _many(cls, "BatchGetItem", site, run)


def _listed(name: str) -> ClassMethod:
    return lambda cls, site, run: _many(cls, name, site, run)


def _many(cls: ClassValue, name: str, site: CallSite, run: Machine) -> Value:
    if name == "BatchGetItem":
        operation = run.catalog.operation("dynamodb", name)
        if operation is not None:
            emit(run, _target(cls, run), operation, Object({"RequestItems": by_name(_table(cls))}), site.place)
    else:
        _call(cls, name, options_of(site).fields, site, run)
    return Sequence([], _item(cls))


def _build(name: str) -> ClassMethod:
    """``Model.build_query.key_expr(…).complete!``."""
    return lambda cls, site, run: Builder(cls, name)


def _update_class(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    _call(cls, "UpdateItem", {}, site, run)
    return NOTHING


_OF_CLASSES: Final[Mapping[str, ClassMethod]] = {
    "set_table_name": _set_table,
    "table_name": lambda cls, site, run: _table(cls),
    "configure_client": _configure,
    "dynamodb_client": lambda cls, site, run: cls.fields.get(_CLIENT) or AWS_SDK.client(_target(cls, run)),
    "find": _find,
    "find_with_opts": _find,
    "find_all": _find_all,
    "query": _listed("Query"),
    "scan": _listed("Scan"),
    "build_query": _build("Query"),
    "build_scan": _build("Scan"),
    "update": _update_class,
    "provisioned_throughput": lambda cls, site, run: _described(cls, site, run),
    "table_exists?": lambda cls, site, run: _described(cls, site, run),
}


def _described(cls: ClassValue, site: CallSite, run: Machine) -> Value:
    _call(cls, "DescribeTable", {}, site, run)
    return UnknownValue("a table", site.place, inert=True)


# objects


def _construct(item: Instance, site: CallSite, run: Machine) -> Value:
    item.fields.update(options_of(site).fields)
    return NOTHING


def _save(item: Instance, site: CallSite, run: Machine) -> Value:
    """An object whose key was written is put as a new one, one that was read is updated (_perform_save)."""
    forced = options_of(site).fields.get("force")
    is_stored = _STORED in item.fields and not (isinstance(forced, Const) and forced.value is True)
    _call(item.cls, "UpdateItem" if is_stored else "PutItem", {}, site, run)
    if forced is not None and not isinstance(forced, Const):
        _call(item.cls, "PutItem", {}, site, run)
    item.fields[_STORED] = Const(True)
    return Const(True)


def _update(item: Instance, site: CallSite, run: Machine) -> Value:
    item.fields.update(options_of(site).fields)
    return _save(item, CallSite((), {}, site.place), run)


def _delete(item: Instance, site: CallSite, run: Machine) -> Value:
    _call(item.cls, "DeleteItem", {}, site, run)
    return Const(True)


def _assign(item: Instance, site: CallSite, run: Machine) -> Value:
    item.fields.update(options_of(site).fields)
    return NOTHING


_OF_ITEMS: Final[Mapping[str, ItemMethod]] = {
    "constructor": _construct,
    "save": _save,
    "save!": _save,
    "update": _update,
    "update!": _update,
    "delete!": _delete,
    "assign_attributes": _assign,
    "to_h": lambda item, site, run: UnknownValue("an item", site.place, inert=True),
    "dirty?": lambda item, site, run: UnknownValue("a test", site.place, inert=True),
    "reload!": lambda item, site, run: _call(item.cls, "GetItem", {}, site, run),
}


class Builder(Native):
    """A query or a scan that is put together."""

    __slots__ = ("_cls", "_operation")

    def __init__(self, cls: ClassValue, operation: str) -> None:
        self._cls = cls
        self._operation = operation

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``complete!`` sends it; the rest says what is asked. What a program adds to end it is named so too."""
        if name.endswith("!"):
            return Function(name, lambda site, run: _many(self._cls, self._operation, site, run))
        return Function(name, lambda site, run: self)


class Migration(Native):
    """``Aws::Record::TableMigration.new(Model)``, ``Aws::Record::TableConfig.define { … }``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A migration of a model's table."""
        models = [one for one in options(first_of(site)) if isinstance(one, ClassValue)]
        return Migrated(models)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``TableConfig.define``: the block names the model."""
        if name == "define":
            return Function(name, _defined)
        return Library(f"Aws::Record::TableConfig.{name}")


def _defined(site: CallSite, run: Machine) -> Value:
    made = Migrated([])
    block = block_of(site)
    if block is not None:
        run.call(block, (made,), site.place)
    return made


class Migrated(Native):
    """A table that a program makes or changes."""

    __slots__ = ("expires", "models")

    def __init__(self, models: list[ClassValue]) -> None:
        self.models = models
        self.expires = False
        """Whether a time to live is set, which the table is then asked about and changed for."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its methods (table_migration.rb, table_config.rb)."""
        names = {
            "create!": ("CreateTable",), "update!": ("UpdateTable",), "delete!": ("DeleteTable",),
            "wait_until_available": ("DescribeTable",),
            "migrate!": ("DescribeTable", "CreateTable", "UpdateTable"),
            "compatible?": ("DescribeTable",), "exact_match?": ("DescribeTable",),
        }.get(name)  # fmt: skip
        if self.expires and name in ("migrate!", "compatible?", "exact_match?"):
            names = (*(names or ()), "DescribeTimeToLive", *(("UpdateTimeToLive",) if name == "migrate!" else ()))

        def body(site: CallSite, run: Machine) -> Value:
            self.expires = self.expires or name == "ttl_attribute"
            if name == "model_class":
                self.models += [one for one in options(first_of(site)) if isinstance(one, ClassValue)]
            for model in self.models if names is not None else ():
                for operation in names or ():
                    _call(model, operation, {}, site, run)
            return self

        return Function(name, body)

    def implicit(self, name: str, run: Machine, place: Place) -> Value | None:
        """The block of ``define`` calls them by their names alone."""
        return self.attribute(name, run, place)
