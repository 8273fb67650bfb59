"""The models of SDKs and libraries, found by the package that code imports.

Every file under ``sdks/`` and ``libraries/`` is one model: it says its ``LANGUAGE``, the ``PACKAGES`` that it answers
for, and ``module(name)``, the value of importing one of them. Adding a library is adding a file.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from functools import cache

from scopedown.calls.machine import Language
from scopedown.calls.values import Value


@cache
def _models() -> dict[tuple[str, str], Callable[[str], Value | None]]:
    found: dict[tuple[str, str], Callable[[str], Value | None]] = {}
    for package in ("scopedown.calls.sdks", "scopedown.calls.libraries"):
        for info in pkgutil.iter_modules(importlib.import_module(package).__path__, package + "."):
            model = importlib.import_module(info.name)
            for name in getattr(model, "PACKAGES", ()):
                found[model.LANGUAGE, name] = model.module
    return found


def model(specifier: str, language: Language) -> Value | None:
    """The value of importing a modelled package, or None where no model knows it."""
    models, separator = _models(), language.separator
    parts = specifier.split(separator)
    for length in range(len(parts), 0, -1):
        if (make := models.get((language.name, separator.join(parts[:length])))) and (value := make(specifier)):
            return value
    for prefix, make in _prefixed(language.name):
        if specifier.startswith(prefix) and (value := make(specifier)):
            return value
    return None


@cache
def _prefixed(language: str) -> tuple[tuple[str, Callable[[str], Value | None]], ...]:
    """Families of packages (``mypy_boto3_s3``, …) by how their names begin."""
    _models()
    names = [name for name in sys.modules if name.startswith(("scopedown.calls.sdks.", "scopedown.calls.libraries."))]
    models = [sys.modules[name] for name in sorted(names)]
    return tuple(
        (prefix, model.module)
        for model in models
        if getattr(model, "LANGUAGE", None) == language
        for prefix in getattr(model, "PREFIXES", ())
    )
