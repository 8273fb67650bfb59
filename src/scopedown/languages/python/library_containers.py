"""Containers that inject dependencies, for Python: dependency-injector, injector, punq, lagom, and FastAPI's Depends

Each is a module of ``containers/``, which says its sources and is loaded when code imports it.
"""

from __future__ import annotations

import importlib
from typing import cast

from scopedown.calls.values import Value

LANGUAGE = "python"

_MODULES = {
    "dependency_injector": "dependency_injector",
    "injector": "by_type",
    "punq": "by_type",
    "lagom": "by_type",
    "fastapi": "fastapi",
}
PACKAGES = tuple(_MODULES)


def module(name: str) -> Value | None:
    """The value of importing one of them or a module inside of it."""
    file = _MODULES[name.partition(".")[0]]
    found = importlib.import_module(f"scopedown.languages.python.containers.{file}")
    return cast("Value | None", found.module(name))
