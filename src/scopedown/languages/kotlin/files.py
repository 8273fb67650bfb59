"""Kotlin's files: those of a module of Gradle or Maven, which may be Java's too
(https://kotlinlang.org/docs/mixing-java-kotlin-intellij.html)."""

from __future__ import annotations

import re
from typing import Final

from scopedown.languages.java.files import SKIPS, roots
from scopedown.languages.java.files import package_of as java_package

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


def package_of(name: str) -> str | None:
    """The package of a library by the name of one of its classes.

    >>> package_of("com.acme.shop.model.Order"), package_of("kotlin.text.Regex")
    ('com.acme.shop', None)
    """
    return None if name.startswith(("kotlin.", "kotlinx.coroutines")) else java_package(name)
