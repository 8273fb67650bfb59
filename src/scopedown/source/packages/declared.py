"""The versions of a Python package that a project's files ask for: requirements, pyproject.toml, Pipfile, setup.py.

In: the texts of such files. Out: the ranges as they are written. What names a folder, an address or a repository names
no version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SPECIFIER = r"(?:\s*[=<>~!]=?=?\s*v?[\w.*+!-]+(?:\s*,\s*[=<>~!]=?=?\s*v?[\w.*+!-]+)*)"


def declared_versions(name: str, texts: Iterable[str]) -> Iterator[str]:
    """The ranges that are asked for of a package by its normalised name; "" where any version will do.

    >>> list(declared_versions("acme-store", ["acme_store[fast]>=1.2,<2 ; python_version > '3'"]))
    ['>=1.2,<2']
    >>> list(declared_versions("acme", ['acme = "^1.2"', 'deps = ["acme ~= 1.0"]', "acme", "acme @ git+https://x"]))
    ['^1.2', '~= 1.0', '']
    """
    written = "[-_.]+".join(map(re.escape, name.split("-")))
    one = re.compile(
        rf"""^[ \t]*(?:["']?{written}["']?\s*=\s*(?:\{{[^}}\n]*version\s*=\s*)?["'](?P<keyed>[^"'\n]*)["']|"""
        rf"""{written}(?:\[[^\]\n]*\])?(?P<listed>{_SPECIFIER}?)\s*(?:[;#\\].*)?$)|"""
        rf"""["']{written}(?:\[[^\]\n]*\])?(?P<quoted>{_SPECIFIER}?)\s*(?:;[^"'\n]*)?["']""",
        re.IGNORECASE | re.MULTILINE,
    )
    for text in texts:
        for found in one.finditer(text):
            wanted = next(part for part in found.groups() if part is not None)
            yield wanted.strip()
