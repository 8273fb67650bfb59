"""The ``.env`` files of an application, whose variables count where the function has none of that name
(https://symfony.com/doc/current/configuration.html#overriding-environment-values-via-env-local,
https://laravel.com/docs/configuration#environment-configuration)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.model import DECLARED
from scopedown.documents.dotenv import parse_dotenv

READERS: Final = (
    "symfony/dotenv",
    "symfony/runtime",
    "vlucas/phpdotenv",
    "laravel/framework",
    "symfony/framework-bundle",
)
"""Packages that read them."""


def known(run: Machine, name: str) -> str | None:
    """The text of a variable: of the function, else of the application's files; None where it is not known."""
    given = run.environment.get(name)
    return given if given is not None or declared(run, name) is not None else _files(run).get(name)


def declared(run: Machine, name: str) -> str | None:
    """How the text of a variable begins that the function has and of which not all is known; None of any other."""
    for one in run.environment.get(DECLARED, "").split():
        variable, _, beginning = one.partition("=")
        if variable == name:
            return beginning
    return None


def from_files(run: Machine, name: str) -> str | None:
    """The text of a variable that the function does not have."""
    return None if name in run.environment or declared(run, name) is not None else _files(run).get(name)


def _files(run: Machine) -> Mapping[str, str]:
    ground = run.sources.ground
    unit = run.sources.unit(run.position.file)
    roots = unit.roots if unit is not None else ()

    def find() -> dict[str, str]:
        found: dict[str, str] = {}
        for root in roots:
            stage = run.environment.get("APP_ENV", "prod")
            for name in (".env", ".env.local", f".env.{stage}", f".env.{stage}.local"):
                if text := ground.read(posixpath.join(root, name)):
                    found |= parse_dotenv(text, {**found, **run.environment})
        return found

    return ground.once.get(("dotenv", roots, tuple(sorted(run.environment.items()))), find)
