"""The models of SDKs and libraries, found by the package that code imports.

Every table of ``libraries/rows/`` is one model. So is every file of
``scopedown/languages/`` whose name begins with ``sdk`` or ``library``: it says its ``LANGUAGE``, the ``PACKAGES`` that
it answers for (``PREFIXES``: families of packages, by how their names begin), and ``module(name)``, the value of
importing one of them. ``models.tsv`` lists what they say, so that a model is loaded when code imports its package.
Adding a library is adding a file and running ``tools/generate.py``.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Language
from scopedown.calls.values import Value
from scopedown.core.tables import read_rows

TABLE: Final = Path(__file__).with_name("models.tsv")
ROWS: Final = "rows"
"""The model of a package that a table of ``libraries/rows/`` describes."""


def model(specifier: str, language: Language) -> Value | None:
    """The value of importing a modelled package, or None where no model knows it."""
    for name in (language.name, *language.borrows):
        if (value := _of_language(specifier, name, language)) is not None:
            return value
    return None


def _of_language(specifier: str, name: str, language: Language) -> Value | None:
    packages, separator = _packages().get(name, {}), language.separator
    parts = specifier.split(separator)
    for length in range(len(parts), 0, -1):
        if file := packages.get(separator.join(parts[:length])):
            value = _described(specifier, name, language) if file == ROWS else _made(file, specifier)
            if value is not None:
                return value
    for package, file in packages.items():
        if package.endswith("*") and specifier.startswith(package[:-1]) and (value := _made(file, specifier)):
            return value
    return None


def is_modelled(package: str, language: Language) -> bool:
    """Whether a model answers for a package by its whole name."""
    return package in _packages().get(language.name, {})


_VENDORS: Final = ("AWS.", "Amazon.", "com.amazonaws.", "software.amazon.")
_SDKS: Final = frozenset({"com.amazonaws", "software.amazon.awssdk", "Amazon"})
"""The roots of the SDKs, below which projects put code of their own at times."""


def is_vendors(name: str, language: Language) -> bool:
    """Whether a qualified name is in a package of a library of AWS's that has a model."""
    parts = name.split(language.separator)
    packages = (language.separator.join(parts[:length]) for length in range(2, len(parts)))
    own = (package for package in packages if package not in _SDKS and is_modelled(package, language))
    return name.startswith(_VENDORS) and any(own)


@cache
def _packages() -> dict[str, dict[str, str]]:
    """Packages, and beginnings of names with a ``*`` behind them, to the models' files, of each language."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(TABLE):
        found.setdefault(row["language"], {})[row["package"]] = row["model"]
    return found


def _described(specifier: str, name: str, language: Language) -> Value | None:
    from scopedown.calls.libraries.library_objects import imported  # it loads the SDKs' models

    return imported(specifier, name, language)


def _made(file: str, specifier: str) -> Value | None:
    value: Value | None = importlib.import_module(f"scopedown.{file}").module(specifier)
    return value
