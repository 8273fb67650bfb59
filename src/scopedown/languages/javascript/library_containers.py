"""Containers that inject dependencies, for JavaScript and TypeScript: awilix, NestJS, and controllers of inversify

Each is a module of ``containers/``, which says its sources and is loaded when code imports it.
"""

from __future__ import annotations

import importlib
from typing import cast

from scopedown.calls.values import Value

LANGUAGE = "javascript"

_MODULES = {
    "inversify-express-utils": "inversify_express",
    "awilix": "awilix",
    "@nestjs/common": "nestjs",
    "@nestjs/core": "nestjs",
    "@nestjs/config": "nestjs",
    "@nestjs/cqrs": "nestjs",
    "@nestjs/platform-express": "nestjs",
    "@nestjs/platform-fastify": "nestjs",
    "nestjs-dynamoose": "nestjs",
}
PACKAGES = tuple(_MODULES)


def module(name: str) -> Value | None:
    """The value of importing one of them, or a file inside of it."""
    package = next((one for one in PACKAGES if name == one or name.startswith(f"{one}/")), None)
    if package is None:
        return None
    found = importlib.import_module(f"scopedown.languages.javascript.containers.{_MODULES[package]}")
    return cast("Value | None", found.module(name))
