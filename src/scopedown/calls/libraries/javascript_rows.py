"""The JavaScript libraries that tables describe: ``rows/NAME.tsv`` (see ``library_rows.py``)."""

from __future__ import annotations

from scopedown.calls.libraries.library_objects import package
from scopedown.calls.libraries.library_rows import described, packages
from scopedown.calls.values import External, Value

LANGUAGE = "javascript"
PACKAGES = tuple(packages(LANGUAGE))

_SEPARATOR = "/"


def module(name: str) -> Value | None:
    """A package that a table describes, or a module of it."""
    found = described(name, LANGUAGE, _SEPARATOR)
    if found is None:
        return None
    return External(name, module=True) if found.silent else package(found, name, _SEPARATOR)
