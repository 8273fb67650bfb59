"""The catalog's tables and overlay → one SQLite file, ``catalog.sqlite``.

Runs when a wheel is built (``hatch_build.py``) and, in a source checkout, whenever the tables changed (``load.py``).
Strings that repeat (condition key lists, sources) are stored once in ``text``; actions are referred to by number.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from scopedown.catalog.mapping import map_operations
from scopedown.catalog.tables import FOLDER, read_table, table_sizes, tables_hash

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE text (id INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE service (name TEXT PRIMARY KEY, prefix TEXT, service_id TEXT, v2_class TEXT, v3_package TEXT,
  signing_name TEXT) WITHOUT ROWID;
CREATE TABLE action (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, access_level TEXT, resource_types TEXT,
  condition_keys INTEGER, dependent_actions TEXT, permission_only INTEGER);
CREATE TABLE resource_type (service TEXT, name TEXT, arn TEXT, condition_keys INTEGER,
  PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE condition_key (service TEXT, key TEXT COLLATE NOCASE, type TEXT, PRIMARY KEY (service, key)) WITHOUT ROWID;
CREATE TABLE operation (id INTEGER PRIMARY KEY, service TEXT, name TEXT, method TEXT, authorised INTEGER,
  paginated INTEGER, http TEXT, members TEXT, exception INTEGER);
CREATE TABLE mapping (operation INTEGER, position INTEGER, action INTEGER, needed_when TEXT, source INTEGER,
  PRIMARY KEY (operation, position)) WITHOUT ROWID;
CREATE TABLE parameter (operation INTEGER, position INTEGER, action TEXT, parameter TEXT, type TEXT, variable TEXT,
  form TEXT, source INTEGER, PRIMARY KEY (operation, position)) WITHOUT ROWID;
CREATE TABLE waiter (service TEXT, name TEXT, method TEXT, operation TEXT, PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE resource_model (service TEXT, name TEXT, model TEXT, PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE cloudformation (name TEXT PRIMARY KEY, ref TEXT, name_property TEXT, arn TEXT, attributes TEXT,
  handlers TEXT) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX action_name ON action (name);
CREATE INDEX operation_name ON operation (name, service);
CREATE INDEX operation_method ON operation (method, service);
CREATE INDEX mapping_action ON mapping (action);
CREATE INDEX service_v2 ON service (v2_class);
CREATE INDEX service_v3 ON service (v3_package);
"""
FORMAT = "1"
"""The layout of the SQLite file; the loader refuses another."""


def compile_catalog(target: Path, folder: Path = FOLDER) -> str:
    """Compile ``folder``'s tables into ``target`` (a temporary file beside it, then renamed); return the tables' hash."""
    started = time.time()
    digest, sizes = tables_hash(folder), table_sizes(folder)
    handle, temporary = tempfile.mkstemp(prefix=".catalog-", suffix=".sqlite", dir=target.parent)
    os.close(handle)
    try:
        connection = sqlite3.connect(temporary)
        try:
            _Compiler(connection, folder).run()
            meta = {"format": FORMAT, "hash": digest, "sizes": sizes}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            connection.commit()
            connection.execute("VACUUM")
        finally:
            connection.close()
        # A table changed while we compiled must count as newer than the result.
        os.utime(temporary, (started, started))
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest


class _Compiler:
    """Fills one open database."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder
        self.texts: dict[str, int] = {}

    def run(self) -> None:
        self.connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        self.connection.executescript(SCHEMA)
        self.names()
        self.iam()
        self.operations()
        self.resources()
        self.cloudformation()
        self.insert("text", ((number, value) for value, number in self.texts.items()))
        self.connection.executescript(INDEXES)

    def insert(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        rows = list(rows)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def text(self, value: str) -> int | None:
        return self.texts.setdefault(value, len(self.texts) + 1) if value else None

    def read(self, name: str) -> Iterable[dict[str, str]]:
        return read_table(self.folder, "tables", name)

    def names(self) -> None:
        """Services, with the corrections of the overlay."""
        corrections = {
            (row["service"], row["column"]): row["value"] for row in read_table(self.folder, "overlay", "services")
        }
        columns = ("prefix", "service_id", "v2_class", "v3_package", "signing_name")
        self.services = {
            row["service"]: {c: corrections.get((row["service"], c), row[c]) for c in columns}
            for row in self.read("services")
        }
        self.insert("service", ((n, *(s[c] or None for c in columns)) for n, s in self.services.items()))

    def iam(self) -> None:
        rows = list(self.read("actions"))
        self.actions = {row["action"].lower(): number for number, row in enumerate(rows, 1)}
        self.rows = rows
        self.insert(
            "action",
            (
                (
                    number,
                    row["action"],
                    row["access_level"],
                    row["resource_types"] or None,
                    self.text(row["condition_keys"]),
                    row["dependent_actions"] or None,
                    1 if row["permission_only"] else None,
                )
                for number, row in enumerate(rows, 1)
            ),
        )
        self.insert(
            "resource_type",
            ((r["service"], r["type"], r["arn"], self.text(r["condition_keys"])) for r in self.read("resource_types")),
        )
        self.insert("condition_key", ((r["service"], r["key"], r["type"]) for r in self.read("condition_keys")))

    def operations(self) -> None:
        operations: list[tuple[object, ...]] = []
        mappings: list[tuple[object, ...]] = []
        parameters: list[tuple[object, ...]] = []
        for number, one in enumerate(map_operations(self.folder, self.services, self.rows), 1):
            row = one.row
            operations.append(
                (
                    number,
                    row["service"],
                    row["operation"],
                    row["method"],
                    0 if one.unauthorised else 1,
                    1 if row["paginated"] else None,
                    row["http"],
                    row["members"],
                    self.text(one.exception),
                )
            )
            for i, (action, when, source) in enumerate(one.actions):
                mappings.append((number, i, self.actions[action.lower()], when or None, self.text(source)))
            for i, p in enumerate(one.parameters):
                source_id = self.text(p.source)
                parameters.append((number, i, p.action, p.parameter, p.type, p.variable, p.form, source_id))
        self.insert("operation", operations)
        self.insert("mapping", mappings)
        self.insert("parameter", parameters)
        methods = {(row["service"], row["operation"]): row["method"] for row in self.read("operations")}
        self.insert(
            "waiter",
            (
                (r["service"], r["waiter"], r["method"], r["operation"])
                for r in self.read("waiters")
                if (r["service"], r["operation"]) in methods
            ),
        )

    def resources(self) -> None:
        """boto3's resource models, one JSON text each."""
        models: dict[tuple[str, str], dict[str, list[list[str]]]] = {}
        rows = [*self.read("boto3_resources"), *read_table(self.folder, "overlay", "boto3_resources")]
        for r in rows:
            model = models.setdefault((r["service"], r["resource"]), {})
            model.setdefault(r["kind"], []).append([r["name"], r["operation"], r["type"], r["parameters"]])
        self.insert(
            "resource_model", ((*key, json.dumps(model, separators=(",", ":"))) for key, model in models.items())
        )

    def cloudformation(self) -> None:
        handlers: dict[str, dict[str, str]] = {}
        for r in self.read("cloudformation_handlers"):
            handlers.setdefault(r["type"], {})[r["handler"]] = r["actions"]
        corrections = {
            (r["type"], r["column"]): r["value"] for r in read_table(self.folder, "overlay", "cloudformation")
        }
        columns = ("ref", "name_property", "arn", "attributes")
        self.insert(
            "cloudformation",
            (
                (
                    r["type"],
                    *(corrections.get((r["type"], c), r[c]) or None for c in columns),
                    "\n".join(f"{h} {a}" for h, a in sorted(handlers.get(r["type"], {}).items())) or None,
                )
                for r in self.read("cloudformation")
            ),
        )
