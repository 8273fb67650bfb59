"""The names of the framework's kinds of event: modules of :mod:`~scopedown.project.serverless.events`, and kinds of
``events.tsv``."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.core.tables import read_rows

_FOLDER: Final = Path(__file__).with_name("events")


@cache
def event_names() -> frozenset[str]:
    """Every kind as a configuration writes it, without importing its module.

    >>> "alexaSmartHome" in event_names(), "parts" in event_names()
    (True, False)
    """
    modules = (module.name for module in pkgutil.iter_modules([str(_FOLDER)]) if not module.ispkg)
    return frozenset((*event_rows(), *(re.sub(r"_([a-z])", lambda found: found[1].upper(), one) for one in modules)))


@cache
def event_rows() -> dict[str, list[dict[str, str]]]:
    """The rows of ``events.tsv`` by kind."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(Path(__file__).with_name("events.tsv")):
        found.setdefault(row["kind"], []).append(row)
    return found


def module_name(kind: str) -> str:
    """The module of a kind.

    >>> module_name("iotFleetProvisioning")
    'iot_fleet_provisioning'
    """
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", kind)
