"""SQLAlchemy's engines whose dialect calls AWS; everything else of it is SQL.

An engine's URL begins with its dialect (https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls), which
SQLAlchemy loads by this name: no import shows it. Read from sqlalchemy-aurora-data-api 0.5.0 (``__init__.py``:
``postgresql+auroradataapi``, ``mysql+auroradataapi``, with ``connect_args`` for ``aurora_data_api.connect``, modelled
in ``rows/aurora-data-api.tsv``) and pyathena 4.2.1 (``awsathena+…``). A session begins a transaction with its first
statement, and the pool rolls back what was not committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter import modules
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, External, Literal, Object, UnknownValue, Value, as_text, options
from scopedown.core.place import Place
from scopedown.languages.python import natives
from scopedown.languages.python.natives import Function

LANGUAGE = "python"
PACKAGES = ("sqlalchemy", "sqlmodel")

SDK = "sqlalchemy-aurora-data-api"

_HOLDERS: Final = ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.ext.asyncio", "sqlmodel")
_MAKERS: Final = ("create_engine", "create_async_engine", "create_pool_from_url")
_DATA_API: Final = "auroradataapi"
_ATHENA: Final = "awsathena"
_STATEMENTS: Final = ("ExecuteStatement", "BatchExecuteStatement")
_ENDS: Final = ("BeginTransaction", "CommitTransaction", "RollbackTransaction")
_DIALECTS: Final = {SDK: "aurora_data_api", "pyathena": "pyathena"}
"""Distributions with such a dialect, and the packages that call."""


def module(name: str) -> Value | None:
    """A module that makes engines; the others are read as any package that is not."""
    return Engines(name) if name in _HOLDERS else None


@dataclass(frozen=True, slots=True, eq=False)
class Engines(Native):
    """A module with ``create_engine``."""

    label = "{self.name}"
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A function that makes engines; what else there is belongs to a package that is not read."""
        plain = run.attribute(External(self.name, module=True), name, place)
        if name in _MAKERS:
            return Function(name, lambda site, run: _engine(plain, site, run))
        if f"{self.name}.{name}" in _HOLDERS:
            return Engines(f"{self.name}.{name}")
        return plain

    def call(self, site: CallSite, run: Machine) -> Value:
        """A module is not called."""
        return UnknownValue(f"result of {self.name}()", site.place)


def _engine(plain: Value, site: CallSite, run: Machine) -> Value:
    """``create_engine(url, connect_args=…)``: what the dialect calls is what the engine may call."""
    url = site.argument(0, "url")
    for option in options(url) if url is not None else ():
        dialect = _dialect(option)
        if dialect is None:
            _not_known(site.place, run)
        elif _DATA_API in dialect:
            _data_api(site, run)
        elif dialect.startswith(_ATHENA):
            _tell("pyathena", site.place, run)
    return natives.call(run, plain, site)


def _dialect(url: Value) -> str | None:
    """What stands before the colon of a URL; None where it is not known."""
    text = as_text(url)
    first = text.parts[0] if text is not None and text.parts else None
    dialect, colon, _ = first.value.partition(":") if isinstance(first, Literal) else ("", "", "")
    return dialect if colon else None


def _data_api(site: CallSite, run: Machine) -> None:
    given = site.argument(-1, "connect_args")
    fields = given.fields if isinstance(given, Object) else {}
    cluster = fields.get("aurora_cluster_arn") or UnknownValue("a cluster's ARN", site.place)
    secret = fields.get("secret_arn") or UnknownValue("a secret's ARN", site.place)
    for operation in (*_STATEMENTS, *_ENDS):
        run.emit("rds-data", operation, {"resourceArn": cluster, "secretArn": secret}, site.place, SDK)


def _not_known(place: Place, run: Machine) -> None:
    """A URL that settings give may name any dialect that is installed."""
    for distribution, package in _DIALECTS.items():
        if run.sources.asks_for(distribution, run.position.file):
            _tell(package, place, run)


def _tell(package: str, place: Place, run: Machine) -> None:
    modules.tell_member(run, package, "SQLAlchemy's dialect", place)
