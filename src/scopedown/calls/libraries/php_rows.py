"""The PHP libraries that tables describe: ``rows/NAME.tsv`` (see ``library_rows.py``)."""

from __future__ import annotations

from scopedown.calls.libraries.library_objects import package
from scopedown.calls.libraries.library_rows import described, packages
from scopedown.calls.values import Value

LANGUAGE = "php"
PACKAGES = tuple(packages(LANGUAGE))

_SEPARATOR = "\\"


def module(name: str) -> Value | None:
    """A class of a package that a table describes."""
    found = described(name, LANGUAGE, _SEPARATOR)
    return None if found is None else package(found, name, _SEPARATOR)
