"""Handlers of the languages of ``scopedown/languages/``: each finds its own, by its ``handlers.py``.

A runtime's name says which languages may run in it; a custom runtime (``provided``) may run several, of which the first
that finds the code is taken.
"""

from __future__ import annotations

import importlib
import importlib.util
import posixpath
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from scopedown.core.tables import read_rows
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


# What a function is written in whose code is not read: rows of ``unread_languages.tsv``.


_INNER = ("", "src", "src/main/scala", "src/main/clojure", "src/main/groovy", "Sources", "app", "lib")
"""Folders of a code's folder in which sources stand."""


def unread_language(sources: Sources, runtime: str | None, declared: str, folder: str, language: str | None) -> str:
    """Why no source of a function is read where its language is not; empty where nothing says so."""
    if not runtime or language in ("python", "javascript", "typescript"):
        return ""
    own = {posixpath.basename(declared)}
    around = set(own)
    for inner in _INNER:
        around.update(sources.entries(posixpath.join(folder, inner) if inner else folder or "."))
    for marker, of, label in _markers():
        names = own if of == "handler" else around
        if marker in names or (marker[0] == "*" and any(name.endswith(marker[1:]) for name in names)):
            return f"its code is written in {label}, which scopedown does not read"
    if runtime.startswith(CUSTOM):
        read = ", ".join(one.label for one in languages().values() if CUSTOM in one.runtimes)
        return f"its custom runtime {runtime} runs no code that scopedown found ({read})"
    return ""


@cache
def _markers() -> tuple[tuple[str, str, str], ...]:
    rows = read_rows(Path(__file__).with_name("unread_languages.tsv"), ("marker", "of", "language", "source"))
    return tuple((row["marker"], row["of"], row["language"]) for row in rows)
