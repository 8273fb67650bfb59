"""The bundled catalog: ``catalog()`` opens ``catalog.sqlite`` at the first question, read-only, once a thread.

In a source checkout (the tables lie beside this file) a stale file is compiled anew; in an installed wheel, where it is
part of the package, a missing or foreign file is an error. Look-ups are cached; every answer is a frozen dataclass.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from scopedown.catalog.model import (
    Action,
    ActionMapping,
    Catalog,
    CloudFormationType,
    ManagedPolicy,
    Operation,
    ResourceModel,
    ResourceParameter,
    ResourceType,
    Service,
)
from scopedown.catalog.names import method_name
from scopedown.core.finding import ScopedownError

FOLDER = Path(__file__).parent
FORMAT = "4"
"""The layout that this module reads; the same as ``compile.FORMAT`` (a test compares them)."""
_REMEDY = "reinstall scopedown"


class CatalogError(ScopedownError):
    """The catalog's file is missing or does not belong to this version of scopedown."""


@cache
def catalog() -> Catalog:
    """The bundled catalog. Raises :class:`CatalogError` at the first look-up where its file cannot be used."""
    return SqliteCatalog(FOLDER / "catalog.sqlite", FOLDER)


class SqliteCatalog:
    """A compiled catalog; ``folder`` is where the tables lie in a source checkout, or None."""

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self.path = path
        self._folder = folder if folder is not None and (folder / "tables").is_dir() else None
        self._local = threading.local()
        self._lock = threading.Lock()
        self._checked = False
        for name in (
            "service",
            "operation",
            "operation_of_method",
            "operations_named",
            "resource_model",
            "action",
            "action_names",
            "resource_type",
            "resource_types_of",
            "cloudformation_type",
            "managed_policy",
        ):
            # Caches belong to the instance: a class-wide one would mix the answers of two files.
            setattr(self, name, lru_cache(maxsize=4096)(getattr(self, name)))

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """All rows of a query, from this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None or self._local.process != os.getpid():  # SQLite: not to be used across a fork
                connection = self._local.connection = self._open()
                self._local.process = os.getpid()
            return connection.execute(query, arguments).fetchall()
        except sqlite3.DatabaseError as error:
            raise CatalogError(f"scopedown's AWS data in {self.path} is damaged: {error}", remedy=_REMEDY) from None

    def _open(self) -> sqlite3.Connection:
        with self._lock:
            if not self._checked:
                self._check()
                self._checked = True
        return _connect(self.path)

    def _check(self) -> None:
        if self._folder is not None:
            from scopedown.catalog.freshness import refresh

            refresh(self.path, self._folder)
        if not self.path.exists():
            raise CatalogError(f"scopedown's AWS data is missing: {self.path}", remedy=_REMEDY)
        connection = _connect(self.path)
        try:
            meta = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('format', 'hash')").fetchall())
        except sqlite3.DatabaseError as error:
            raise CatalogError(f"scopedown's AWS data in {self.path} is damaged: {error}", remedy=_REMEDY) from None
        finally:
            connection.close()
        stamp = self.path.with_name("catalog.sha256")
        expected = stamp.read_text().strip() if self._folder is None and stamp.exists() else meta.get("hash")
        if meta.get("format") != FORMAT or meta.get("hash") != expected:
            raise CatalogError(f"scopedown's AWS data is of another version: {self.path}", remedy=_REMEDY)

    @property
    def version(self) -> str:
        return str(self.rows("SELECT value FROM meta WHERE key = 'hash'")[0][0])

    def service(self, name: str) -> Service | None:
        return next(iter(self._services("name = ?", name)), None)

    def service_of_v2_class(self, name: str) -> Service | None:
        return self._alias("v2_class", name)

    def service_of_v3_package(self, name: str) -> Service | None:
        return self._alias("v3_package", name)

    def _alias(self, kind: str, name: str) -> Service | None:
        condition = "id = (SELECT service FROM alias WHERE kind = ? AND name = ?)"
        return next(iter(self._services(condition, kind, name)), None)

    def services(self) -> tuple[Service, ...]:
        """Every service of the SDKs, by name."""
        return tuple(self._services("1"))

    def _services(self, condition: str, *arguments: str) -> list[Service]:
        columns = "name, prefix, service_id, v2_class, v3_package, signing_name"
        query = f"SELECT {columns} FROM service WHERE {condition} ORDER BY name"
        return [
            Service(name, prefix or "", service_id, v2_class, v3_package, signing_name or "")
            for name, prefix, service_id, v2_class, v3_package, signing_name in self.rows(query, *arguments)
        ]

    def operation(self, service: str, name: str) -> Operation | None:
        found = self._operations("s.name = ? AND o.name = ?", service, name)
        return next((o for o in found if o.name == name), None)

    def operation_of_method(self, service: str, method: str) -> Operation | None:
        found = self._operations("s.name = ? AND o.name = ?", service, method.replace("_", ""))
        return next((o for o in found if o.method == method), None)

    def operations_named(self, name: str) -> tuple[Operation, ...]:
        found = self._operations("o.name = ?", name.replace("_", ""))
        return tuple(o for o in found if name in (o.name, o.method))

    def operation_names(self, letters: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(letters), 500):
            some = letters[start : start + 500]
            marks = ",".join("?" * len(some))
            found |= {name for (name,) in self.rows(f"SELECT name FROM operation WHERE name IN ({marks})", *some)}
        return found

    def operations_of_letters(self, letters: str) -> tuple[Operation, ...]:
        return tuple(self._operations("o.name = ?", letters))

    def method_names(self, service: str) -> tuple[str, ...]:
        """The Python methods of a service's operations."""
        query = (
            "SELECT o.name, method FROM operation o JOIN service s ON s.id = o.service WHERE s.name = ? ORDER BY o.name"
        )
        return tuple(method or method_name(name) for name, method in self.rows(query, service))

    def operations_of(self, service: str) -> tuple[Operation, ...]:
        """Every operation of a service, by name."""
        return tuple(self._operations("s.name = ?", service))

    def _operations(self, condition: str, *arguments: str) -> list[Operation]:
        query = (
            "SELECT o.id, s.name, o.name, method, authorised, paginated, http, m.value, e.value, parameters "
            "FROM operation o JOIN service s ON s.id = o.service LEFT JOIN text m ON m.id = members "
            f"LEFT JOIN text e ON e.id = exception WHERE {condition} ORDER BY s.name, o.name"
        )
        return [self._operation(*row) for row in self.rows(query, *arguments)]

    def _operation(
        self,
        number: int,
        service: str,
        name: str,
        method: str | None,
        authorised: int,
        paginated: int | None,
        http: str | None,
        members: str | None,
        exception: str | None,
        parameters: str | None,
    ) -> Operation:
        names = (members or "").split()
        actions = self._mappings(number)
        return Operation(
            service=service,
            name=name,
            method=method or method_name(name),
            authorised=bool(authorised),
            members=tuple(n.rstrip("*") for n in names),
            required=tuple(n[:-1] for n in names if n.endswith("*")),
            actions=actions,
            resources=tuple(self._parameters(parameters or "", actions)),
            paginated=bool(paginated),
            exception=exception or "",
            http=http or "POST /",
        )

    def _mappings(self, operation: int) -> tuple[ActionMapping, ...]:
        query = (
            "SELECT p.name, a.name, w.value, s.value FROM mapping m JOIN action a ON a.id = m.action "
            "JOIN prefix p ON p.id = a.prefix LEFT JOIN text w ON w.id = needed_when "
            "LEFT JOIN text s ON s.id = m.source WHERE operation = ? ORDER BY position"
        )
        return tuple(
            ActionMapping(f"{p}:{a}", when or "", why or "") for p, a, when, why in self.rows(query, operation)
        )

    def _parameters(self, lines: str, actions: tuple[ActionMapping, ...]) -> Iterator[ResourceParameter]:
        for line in lines.splitlines():
            action, parameter, kind, variable, form, source = line.split("\t")
            action = action or actions[0].action
            yield ResourceParameter(action, parameter, kind, variable, form, self._text(int(source)))

    def _text(self, number: int) -> str:
        return str(self.rows("SELECT value FROM text WHERE id = ?", number)[0][0])

    def paginator_operation(self, service: str, method: str) -> Operation | None:
        found = self.operation_of_method(service, method)
        return found if found is not None and found.paginated else None

    def waiter_operation(self, service: str, waiter: str) -> Operation | None:
        query = "SELECT operation FROM waiter WHERE service = ? AND (name = ? OR method = ?)"
        for (name,) in self.rows(query, service, waiter, waiter):
            return self.operation(service, name)
        return None

    def resource_model(self, service: str, name: str) -> ResourceModel | None:
        query = "SELECT model FROM resource_model WHERE service = ? AND name = ?"
        for (text,) in self.rows(query, service, name):
            return self._resource_model(service, name, json.loads(text))
        return None

    def resource_models_of(self, service: str) -> tuple[str, ...]:
        """Names of a service's boto3 resource types."""
        return tuple(
            n for (n,) in self.rows("SELECT name FROM resource_model WHERE service = ? ORDER BY name", service)
        )

    def _resource_model(self, service: str, name: str, model: dict[str, list[list[str]]]) -> ResourceModel:
        identifiers = sorted(model.get("identifier", ()), key=lambda row: int(row[3]))
        calls: dict[str, tuple[str, Mapping[str, str]]] = {}
        returns: dict[str, tuple[str, Mapping[str, str]]] = {}
        waiters: dict[str, tuple[str, Mapping[str, str]]] = {}
        collections: dict[str, tuple[str, str, Mapping[str, str]]] = {}
        items: dict[str, Mapping[str, str]] = {}
        for kind in ("load", "action", "batch", "collection", "waiter"):
            for member, operation, target, parameters in model.get(kind, ()):
                filled, passed = _pairs(parameters)
                if kind == "waiter":
                    polled = self.waiter_operation(service, operation)
                    operation = polled.name if polled else operation
                    waiters[member] = (operation, filled)
                if kind == "collection":
                    collections[member] = (operation, target, filled)
                    items[member] = passed
                if kind == "action" and target:
                    returns[member] = (target, passed)
                calls[f"batch:{member}" if kind == "batch" else member] = (operation, filled)
        return ResourceModel(
            service=service,
            name=name,
            identifiers=tuple(row[0] for row in identifiers),
            load=next((row[1] for row in model.get("load", ())), None),
            operations=calls,
            resources={row[0]: (row[2], _pairs(row[3])[0]) for row in model.get("resource", ())},
            collections=collections,
            waiters=waiters,
            returns=returns,
            collection_items=items,
        )

    def action(self, name: str) -> Action | None:
        prefix, _, rest = name.partition(":")
        return next(iter(self._actions("p.name = ? AND a.name = ?", prefix, rest)), None)

    def actions_of(self, prefix: str) -> tuple[Action, ...]:
        return tuple(self._actions("p.name = ?", prefix))

    def action_names(self) -> tuple[str, ...]:
        """Every action's name, sorted."""
        query = "SELECT p.name || ':' || a.name FROM action a JOIN prefix p ON p.id = a.prefix ORDER BY a.id"
        return tuple(name for (name,) in self.rows(query))

    def _actions(self, condition: str, *arguments: str) -> list[Action]:
        query = (
            "SELECT p.name, a.name, l.value, t.value, k.value, d.value, permission_only FROM action a "
            "JOIN prefix p ON p.id = a.prefix LEFT JOIN text l ON l.id = access_level LEFT JOIN text t ON "
            "t.id = resource_types LEFT JOIN text k ON k.id = condition_keys "
            "LEFT JOIN text d ON d.id = dependent_actions "
            f"WHERE {condition} ORDER BY a.name"
        )
        found = []
        for prefix, name, level, types, keys, dependents, permission_only in self.rows(query, *arguments):
            kinds = _split(types)
            found.append(
                Action(
                    name=f"{prefix}:{name}",
                    access_level=level or "",
                    resource_types=tuple(t.rstrip("*") for t in kinds),
                    condition_keys=_split(keys),
                    dependent_actions=_split(dependents),
                    permission_only=bool(permission_only),
                    required_types=tuple(t[:-1] for t in kinds if t.endswith("*")),
                )
            )
        return found

    def resource_type(self, prefix: str, name: str) -> ResourceType | None:
        found = self.resource_types_of(prefix)
        return next((t for t in found if t.name == name), None) or next(
            (t for t in found if t.name.lower() == name.lower()), None
        )

    def resource_types_of(self, prefix: str) -> tuple[ResourceType, ...]:
        """Every resource type of an IAM service prefix."""
        query = (
            "SELECT service, name, arn, value FROM resource_type LEFT JOIN text ON text.id = condition_keys "
            "WHERE service = ? ORDER BY name"
        )
        return tuple(ResourceType(s, n, arn, _split(keys)) for s, n, arn, keys in self.rows(query, prefix))

    def condition_keys_of(self, prefix: str) -> Mapping[str, str]:
        """Condition key → its type (``String``, ``ArrayOfString``, ``ARN`` …), of an IAM service prefix."""
        return dict(self.rows("SELECT key, type FROM condition_key WHERE service = ?", prefix))

    def managed_policy(self, name: str) -> ManagedPolicy | None:
        query = (
            "SELECT p.name, path, version, updated, position, documents FROM managed_policy p "
            "JOIN managed_policy_block b ON b.id = p.block WHERE p.name = ?"
        )
        for found, path, version, updated, position, documents in self.rows(query, name.rpartition("/")[2]):
            document = json.loads(zlib.decompress(documents).split(b"\n")[position])
            statements = document["Statement"]
            listed = tuple(statements) if isinstance(statements, list) else (statements,)
            return ManagedPolicy(found, path, version, updated, listed)
        return None

    def prefixes(self) -> tuple[str, ...]:
        """Every IAM service prefix that has actions."""
        return tuple(name for (name,) in self.rows("SELECT name FROM prefix ORDER BY name"))

    def operations_needing(self, action: str) -> tuple[tuple[str, str], ...]:
        prefix, _, name = action.partition(":")
        query = (
            "SELECT DISTINCT s.name, o.name FROM prefix p JOIN action a ON a.prefix = p.id "
            "JOIN mapping m ON m.action = a.id JOIN operation o ON o.id = m.operation "
            "JOIN service s ON s.id = o.service WHERE p.name = ? AND a.name = ? ORDER BY s.name, o.name"
        )
        return tuple(self.rows(query, prefix, name))

    def cloudformation_type(self, name: str) -> CloudFormationType | None:
        query = "SELECT ref, name_property, arn, attributes, handlers FROM cloudformation WHERE name = ?"
        for ref, name_property, arn, attributes, handlers in self.rows(query, name):
            found = {}
            for line in (handlers or "").splitlines():
                handler, _, actions = line.partition(" ")
                found[handler] = tuple(self._action_name(part) for part in actions.split(","))
            return CloudFormationType(name, ref, _split(attributes), arn, name_property, found)
        return None

    def _action_name(self, number_or_pattern: str) -> str:
        if not number_or_pattern.isdigit():
            return number_or_pattern
        query = "SELECT p.name || ':' || a.name FROM action a JOIN prefix p ON p.id = a.prefix WHERE a.id = ?"
        return str(self.rows(query, int(number_or_pattern))[0][0])

    def cloudformation_types(self) -> tuple[str, ...]:
        """Every CloudFormation type's name."""
        return tuple(name for (name,) in self.rows("SELECT name FROM cloudformation ORDER BY name"))


def _connect(path: Path) -> sqlite3.Connection:
    """Read-only and immutable: SQLite then takes no lock and looks for no journal."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _pairs(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """``A=b >c=d`` → the parameters filled, and the identifiers that the resulting resource gets."""
    filled: dict[str, str] = {}
    passed: dict[str, str] = {}
    for pair in text.split():
        key, _, value = pair.partition("=")
        (passed if key.startswith(">") else filled)[key.lstrip(">")] = value
    return filled, passed
