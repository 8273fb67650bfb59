"""Laravel: models in DynamoDB (baopham/dynamodb, kitar/laravel-dynamodb)

Sources: https://github.com/baopham/laravel-dynamodb, https://github.com/kitar/laravel-dynamodb; which method calls
what is in ``driver_methods.tsv``.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Instance, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php import frameworks, laravel_names, laravel_settings
from scopedown.languages.php.native import Library
from scopedown.languages.php.sdk_client import SDK

LANGUAGE: Final = "php"
PACKAGES: Final = laravel_names.names("dynamo-model")
_PARTS: Final = frozenset({"fill", "toArray", "getKey", "getTable", "toJson", "attributesToArray", "getAttribute"})


def module(name: str) -> Value | None:
    """The base of the models."""
    return Model() if name in PACKAGES else None


class Model(Native):
    """The base class of a model, whose table is its ``$table``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What asks for items, and what goes on to it: ``User::where("a", 1)->get()``."""
        if name == "constructor" or name.startswith(("$", "__")) or name in _PARTS:
            return None if name not in _PARTS else Library(f"model::{name}")
        cls = owner.cls if isinstance(owner, Instance) else owner
        made = frameworks.made(run, cls, place) if isinstance(cls, ClassValue) else owner
        tables = [one.fields["$table"] for one in options(made) if isinstance(one, Instance) and "$table" in one.fields]
        return Asking(join(*tables) if tables else UnknownValue("a table", place)).attribute(name, run, place)


class Asking(Native):
    """A question to a table, which is put together before it is asked."""

    __slots__ = ("_table",)

    def __init__(self, table: Value) -> None:
        self._table = table

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What asks it, or a part of it."""
        operations = laravel_settings.methods("dynamo-model").get(name)

        def body(site: CallSite, run: Machine) -> Value:
            if name == "query" and not site.all():
                return self  # Eloquent's own: the beginning of a question
            for one in operations or ():
                given: dict[str, Value] = {"TableName": self._table}
                if one == "BatchGetItem":
                    requests = Object()
                    requests.put(self._table, Object())
                    given = {"RequestItems": requests}
                run.emit("dynamodb", one, given, site.place, SDK)
            return Asking(self._table)

        return Function(f"model::{name}", body, self)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An item, on which more may be called."""
        return self

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A part of an item."""
        return UnknownValue("a part of an item", place, inert=True)
