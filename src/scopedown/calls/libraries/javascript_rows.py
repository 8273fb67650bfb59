"""The JavaScript libraries that tables describe: ``rows/NAME.tsv`` (see ``library_rows.py``)."""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import Quiet
from scopedown.calls.libraries.library_objects import package
from scopedown.calls.libraries.library_rows import packages, table
from scopedown.calls.values import Value

LANGUAGE = "javascript"
PACKAGES = tuple(packages(LANGUAGE))

_SEPARATOR = "/"


def module(name: str) -> Value | None:
    """A package that a table describes, or a module of it."""
    tables = packages(LANGUAGE)
    parts = name.split(_SEPARATOR)
    for length in range(len(parts), 0, -1):
        if (path := tables.get(_SEPARATOR.join(parts[:length]))) is not None:
            found = table(path)
            return Quiet(name) if found.silent else package(found, name, _SEPARATOR)
    return None
