"""The names by which code of Laravel asks for a part of the framework: facades, contracts, classes, and keys of the
container (``laravel_types.tsv``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from scopedown.core.tables import read_rows

_TYPES: Final = Path(__file__).with_name("laravel_types.tsv")


@cache
def _parts() -> Mapping[str, str]:
    return {name: row["part"] for row in read_rows(_TYPES) for name in row["names"].split()}


def names(*parts: str) -> tuple[str, ...]:
    """The facades, contracts and classes that give some parts of the framework."""
    return tuple(name for name, part in _parts().items() if part in parts)


def part(name: str) -> str | None:
    """The part of the framework that a facade, a contract or a class gives: ``cache``."""
    return _parts().get(name)


def class_of_key(key: Any) -> str | None:
    """The class that the container has under one of its short names: ``app("config")``."""
    return next((row["names"].split()[0] for row in read_rows(_TYPES) if key in row["key"].split()), None)


@cache
def of_alias(name: str) -> str | None:
    """The facade of a name outside of any namespace: ``Storage``."""
    return next((row["names"].split()[0] for row in read_rows(_TYPES) if name in row["alias"].split()), None)
