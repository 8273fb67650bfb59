"""Handlers of the languages of ``scopedown/languages/``: each finds its own, by its ``handlers.py``.

A runtime's name says which languages may run in it; a custom runtime (``provided``) may run several, of which the first
that finds the code is taken.
"""

from __future__ import annotations

import importlib
import importlib.util
import posixpath
from collections.abc import Iterator

from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found
from scopedown.project.code.wanted import Wanted
from scopedown.source.language import languages

CUSTOM = "provided"
"""How the names of custom runtimes begin
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html)."""


def find_in_folders(sources: Sources, wanted: Wanted) -> Found | None:
    """Where a function begins whose language has a folder; None where no such language finds it."""
    folder = wanted.folder if wanted.folder is not None else posixpath.dirname(wanted.archive)
    for name in _candidates(wanted.runtime):
        parts = (f"scopedown.languages.{name}", f"scopedown.languages.{name}.handlers")
        if not all(importlib.util.find_spec(part) for part in parts):
            continue
        finder = importlib.import_module(f"scopedown.languages.{name}.handlers")
        found: Found | None = finder.find(sources, wanted, folder)
        if found is not None and (found.file is not None or found.candidates or found.outside):
            return found
    return None


def _candidates(runtime: str | None) -> Iterator[str]:
    for name, language in languages().items():
        if language.units is not None and runtime and runtime.startswith(language.runtimes):
            yield name
