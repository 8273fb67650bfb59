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
import zlib
from collections.abc import Iterable
from pathlib import Path

from scopedown.catalog.mapping import Mapped, map_operations, signed_requests
from scopedown.catalog.names import method_name
from scopedown.catalog.tables import FOLDER, read_table, table_sizes, tables_hash

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE text (id INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE service (id INTEGER PRIMARY KEY, name TEXT, prefix TEXT, service_id TEXT, v2_class TEXT, v3_package TEXT,
  signing_name TEXT);
CREATE TABLE alias (kind TEXT, name TEXT, service INTEGER, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE prefix (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE);
CREATE TABLE action (id INTEGER PRIMARY KEY, prefix INTEGER, name TEXT COLLATE NOCASE, access_level INTEGER,
  resource_types INTEGER, condition_keys INTEGER, dependent_actions INTEGER, permission_only INTEGER);
CREATE TABLE resource_type (service TEXT, name TEXT, arn TEXT, condition_keys INTEGER,
  PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE condition_key (service TEXT, key TEXT COLLATE NOCASE, type TEXT, PRIMARY KEY (service, key)) WITHOUT ROWID;
CREATE TABLE operation (id INTEGER PRIMARY KEY, service INTEGER, name TEXT COLLATE NOCASE, method TEXT,
  authorised INTEGER, paginated INTEGER, http TEXT, members INTEGER, exception INTEGER, parameters TEXT);
CREATE TABLE mapping (operation INTEGER, position INTEGER, action INTEGER, needed_when INTEGER, source INTEGER,
  PRIMARY KEY (operation, position)) WITHOUT ROWID;
CREATE TABLE waiter (service TEXT, name TEXT, method TEXT, operation TEXT, PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE resource_model (service TEXT, name TEXT, model TEXT, PRIMARY KEY (service, name)) WITHOUT ROWID;
CREATE TABLE cloudformation (name TEXT PRIMARY KEY, ref TEXT, name_property TEXT, arn TEXT, attributes TEXT,
  handlers TEXT) WITHOUT ROWID;
CREATE TABLE managed_policy (name TEXT PRIMARY KEY, path TEXT, version TEXT, updated TEXT, block INTEGER,
  position INTEGER) WITHOUT ROWID;
CREATE TABLE managed_policy_block (id INTEGER PRIMARY KEY, documents BLOB);
"""
INDEXES = """
CREATE UNIQUE INDEX action_name ON action (prefix, name);
CREATE INDEX operation_name ON operation (name, service);
CREATE INDEX mapping_action ON mapping (action);
CREATE UNIQUE INDEX service_name ON service (name);
"""
FORMAT = "4"
"""The layout of the SQLite file; the loader refuses another."""
BLOCK = 16
"""How many documents of managed policies are compressed together (docs/decisions/014)."""


def compile_catalog(target: Path, folder: Path = FOLDER) -> str:
    """Compile ``folder``'s tables into ``target`` (a temporary file beside it, then renamed); their hash."""
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
        self.managed_policies()
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
        """Services and their other names, with the corrections of the overlay."""
        corrections = {
            (row["service"], row["column"]): row["value"] for row in read_table(self.folder, "overlay", "services")
        }
        columns = ("prefix", "service_id", "v2_class", "v3_package", "signing_name")
        self.services = {
            row["service"]: {c: corrections.get((row["service"], c), row[c]) for c in columns}
            for row in self.read("services")
        }
        for row in signed_requests(self.folder):  # of services that no SDK has: named by their IAM prefix
            own = {**dict.fromkeys(columns, ""), "prefix": row["service"], "service_id": row["service"]}
            self.services.setdefault(row["service"], own)
        self.numbers = {name: number for number, name in enumerate(self.services, 1)}
        self.insert(
            "service", ((self.numbers[n], n, *(s[c] or None for c in columns)) for n, s in self.services.items())
        )
        aliases: dict[tuple[str, str], int] = {}
        for row in read_table(self.folder, "overlay", "aliases"):
            aliases[row["kind"], row["name"]] = self.numbers[row["service"]]
        for name, service in self.services.items():
            for kind in ("v2_class", "v3_package"):
                if service[kind]:
                    aliases.setdefault((kind, service[kind]), self.numbers[name])
        self.insert("alias", ((kind, name, number) for (kind, name), number in aliases.items()))

    def managed_policies(self) -> None:
        """Policies, and their documents: a line each, compressed together with those of their neighbours."""
        rows = list(self.read("managed_policies"))
        places = ((r["name"], r["path"], r["version"], r["updated"], *divmod(n, BLOCK)) for n, r in enumerate(rows))
        self.insert("managed_policy", places)
        blocks = ("\n".join(r["document"] for r in rows[n : n + BLOCK]) for n in range(0, len(rows), BLOCK))
        self.insert("managed_policy_block", ((n, zlib.compress(one.encode(), 9)) for n, one in enumerate(blocks)))

    def iam(self) -> None:
        self.rows = list(self.read("actions"))
        self.actions = {row["action"].lower(): number for number, row in enumerate(self.rows, 1)}
        prefixes: dict[str, int] = {}
        actions: list[tuple[object, ...]] = []
        for number, row in enumerate(self.rows, 1):
            prefix, _, name = row["action"].partition(":")
            level, types = self.text(row["access_level"]), self.text(row["resource_types"])
            keys, dependents = self.text(row["condition_keys"]), self.text(row["dependent_actions"])
            only = 1 if row["permission_only"] else None
            key = prefixes.setdefault(prefix, len(prefixes) + 1)
            actions.append((number, key, name, level, types, keys, dependents, only))
        self.insert("prefix", ((number, prefix) for prefix, number in prefixes.items()))
        self.insert("action", actions)
        self.insert(
            "resource_type",
            ((r["service"], r["type"], r["arn"], self.text(r["condition_keys"])) for r in self.read("resource_types")),
        )
        self.insert("condition_key", ((r["service"], r["key"], r["type"]) for r in self.read("condition_keys")))

    def operations(self) -> None:
        operations: list[tuple[object, ...]] = []
        mappings: list[tuple[object, ...]] = []
        methods = set()
        for number, one in enumerate(map_operations(self.folder, self.services, self.rows), 1):
            row = one.row
            methods.add((row["service"], row["operation"]))
            operations.append(
                (
                    number,
                    self.numbers[row["service"]],
                    row["operation"],
                    row["method"] if row["method"] != method_name(row["operation"]) else None,
                    0 if one.unauthorised else 1,
                    1 if row["paginated"] else None,
                    row["http"] if row["http"] != "POST /" else None,
                    self.text(row["members"]),
                    self.text(one.exception),
                    self._parameters(one) or None,
                )
            )
            for i, (action, when, source) in enumerate(one.actions):
                mappings.append((number, i, self.actions[action.lower()], self.text(when), self.text(source)))
        self.insert("operation", operations)
        self.insert("mapping", mappings)
        self.insert(
            "waiter",
            (
                (r["service"], r["waiter"], r["method"], r["operation"])
                for r in self.read("waiters")
                if (r["service"], r["operation"]) in methods
            ),
        )

    def _parameters(self, one: Mapped) -> str:
        """A line a parameter, cells in the model's order; the first action needed is left out, sources are numbers."""
        first = one.actions[0][0] if one.actions else None
        return "\n".join(
            "\t".join([p.action * (p.action != first), *p.cells(), str(self.text(p.source))]) for p in one.parameters
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
            actions = (str(self.actions.get(a.lower(), a)) for a in r["actions"].split(","))
            handlers.setdefault(r["type"], {})[r["handler"]] = ",".join(actions)
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
