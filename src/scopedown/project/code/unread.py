"""What a function is written in whose code is not read: rows of ``unread_languages.tsv``."""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path

from scopedown.core.tables import read_rows
from scopedown.project.code.folders import CUSTOM
from scopedown.project.code.handler_files import Sources
from scopedown.source.language import languages

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
