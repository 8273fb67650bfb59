"""The names of the framework's kinds of event: one for each module of :mod:`~scopedown.project.serverless.events`."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("events")


@cache
def event_names() -> frozenset[str]:
    """Every kind as a configuration writes it, without importing its module.

    >>> "alexaSmartHome" in event_names(), "parts" in event_names()
    (True, False)
    """
    modules = (module.name for module in pkgutil.iter_modules([str(_FOLDER)]) if not module.ispkg)
    return frozenset(re.sub(r"_([a-z])", lambda found: found[1].upper(), module) for module in modules)


def module_name(kind: str) -> str:
    """The module of a kind.

    >>> module_name("iotFleetProvisioning")
    'iot_fleet_provisioning'
    """
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", kind)
