"""From an event's name in CloudTrail to the API operation, its actions, and the parameters that name its resources.

The catalog is the mapping: ``eventSource`` is a service by its SDK's, signing or IAM name, ``eventName`` an operation,
with or without the API's version (``UpdateFunctionCode20150331v2``), or an action. ``events.tsv`` and
``event_parameters.tsv`` hold what CloudTrail spells otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scopedown.catalog.model import Catalog, Operation, Service
from scopedown.core.tables import read_rows
from scopedown.permissions.resources import rows_of

MAX_HINTS = 4
"""Parameters that are read of one event, at most: two name the resource of nearly every operation."""
_FOLDER = Path(__file__).parent
_VERSION = re.compile(r"\d{4}_?\d{2}_?\d{2}(v\d+)?$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event is: ``operation`` is None where only an action has its name. ``parameters`` are (CloudTrail's name,
    the API's path): ``("bucketName", "Bucket")``."""

    operation: Operation | None
    actions: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()


class Events:
    """The meaning of events, each worked out once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[tuple[str, str], Meaning | None] = {}

    def meaning(self, source: str, event: str) -> Meaning | None:
        """Of ``s3`` and ``PutObject``; None where the catalog knows no such event."""
        key = (source, event)
        if key not in self._known:
            self._known[key] = self._meaning(source, event)
        return self._known[key]

    def hints(self, source: str, event: str) -> tuple[str, ...]:
        """The names of the request's parameters that say what an event is about."""
        meaning = self.meaning(source, event)
        return tuple(name for name, _ in meaning.parameters) if meaning else ()

    def _meaning(self, source: str, event: str) -> Meaning | None:
        services = self._services(source)
        names = dict.fromkeys((event, _VERSION.sub("", event)))
        for name in names:
            said = self._renamed.get((source, name)) or self._renamed.get((source, "*"))
            if said:
                operation = self._catalog.operation(said[0], said[1] or name)
                if operation:
                    return self._of(operation)
        for name in names:
            for service in services:
                operation = self._catalog.operation(service.name, name)
                if operation:
                    return self._of(operation)
        for name in names:
            lowered = name.lower()
            for service in services:
                for operation in self._catalog.operations_of(service.name):
                    if operation.name.lower() == lowered:
                        return self._of(operation)
        for name in names:
            for prefix in dict.fromkeys((*(service.prefix for service in services if service.prefix), source)):
                action = self._catalog.action(f"{prefix}:{name}")
                if action:
                    return Meaning(None, (action.name,))
        return None

    def _of(self, operation: Operation) -> Meaning:
        paths: dict[str, str] = {}
        for mapping in operation.actions:
            action = self._catalog.action(mapping.action)
            for row in rows_of(operation, action, self._catalog) if action else ():
                if row.parameter[:1] not in ("'", "$", ""):
                    paths.setdefault(self._spelled(operation, row.parameter), row.parameter)
        parameters = tuple(paths.items())[:MAX_HINTS]
        return Meaning(operation, tuple(dict.fromkeys(one.action for one in operation.actions)), parameters)

    def _spelled(self, operation: Operation, path: str) -> str:
        """CloudTrail's name of a parameter: its own, or the API's first name with a small first letter."""
        for key in ((operation.service, operation.name, path), (operation.service, "*", path)):
            if key in self._parameters:
                return self._parameters[key]
        first = re.split(r"[.\[]", path, maxsplit=1)[0]
        return first[:1].lower() + first[1:]

    def _services(self, source: str) -> list[Service]:
        """The services whose events have a source, the ones of that very name first."""
        found = [
            (source != service.name, source != service.signing_name, service.name, service)
            for service in self._catalog.services()
            if source in (service.name, service.signing_name, service.prefix)
        ]
        return [service for *_, service in sorted(found, key=lambda one: one[:3])]

    @cached_property
    def _renamed(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = read_rows(_FOLDER / "events.tsv", ("source", "event", "service", "operation", "reference"))
        return {(row["source"], row["event"]): (row["service"], row["operation"]) for row in rows}

    @cached_property
    def _parameters(self) -> dict[tuple[str, str, str], str]:
        rows = read_rows(_FOLDER / "event_parameters.tsv", ("service", "operation", "parameter", "name", "reference"))
        return {(row["service"], row["operation"], row["parameter"]): row["name"] for row in rows}
