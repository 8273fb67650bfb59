"""Kotlin's files: those of a module of Gradle or Maven, which may be Java's too
(https://kotlinlang.org/docs/mixing-java-kotlin-intellij.html)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from scopedown.languages.java.files import SKIPS, roots
from scopedown.languages.java.files import package_of as java_package
from scopedown.source.packages.table import packages

__all__ = ["DECLARES", "ENDINGS", "PACKAGE", "SHARES", "SKIPS", "package_of", "roots"]

ENDINGS: Final = (".kt", ".java")
SHARES: Final = ("java",)
"""The languages whose packages' tables count as well."""
DECLARES: Final = re.compile(
    rb"(?m)(?:\b(?:class|interface|object|typealias|enum|record|fun)"
    rb"|^(?:(?:private|internal|public|const|lateinit|inline|override)\s+)*va[lr])\s+"
    rb"(?:<[^\n(=]*?>\s*)?(?:[\w.]+(?:<[^\n(=]*?>)?\??\.)?`?([A-Za-z_]\w*)"
)
PACKAGE: Final = re.compile(rb"(?m)^\s*package\s+([\w.`]+)")


@cache
def _keys() -> tuple[str, ...]:
    """The packages that the tables know, the longest names first."""
    names = {name.rstrip("*").rstrip(".") for one in ("kotlin", *SHARES) for name in packages(one)}
    return tuple(sorted(names, key=len, reverse=True))


def package_of(name: str) -> str | None:
    """The package of a library by the name of one of its classes: one that the tables know, else as in Java.

    >>> package_of("com.acme.shop.model.Order"), package_of("mu.KotlinLogging"), package_of("kotlin.text.Regex")
    ('com.acme.shop', 'mu', None)
    """
    if name.startswith(("java.", "kotlin.", "kotlinx.")) or "." not in name:
        return None
    known = next((key for key in _keys() if name == key or name.startswith(key + ".")), None)
    return known if known is not None else java_package(name)
