"""Where a Kotlin function begins: from ``package.Class::method`` to the source of the class, the object or the file.

The modules are those that Java's handlers are looked for in. A file's functions are those of the class that is called
as the file with ``Kt`` behind it (https://kotlinlang.org/docs/java-to-kotlin-interop.html#package-level-functions).
http4k's handlers start what an environment variable names, or what derives from them
(https://www.http4k.org/ecosystem/http4k/reference/serverless/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scopedown.languages.java import builds, library_handlers
from scopedown.languages.java.handlers import InProject, modules_for, source_files
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found
from scopedown.project.code.wanted import Wanted

_ENDING: Final = ".kt"
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_PACKAGE: Final = re.compile(r"(?m)^\s*package\s+([\w.]+)")
_HTTP4K: Final = "org.http4k.serverless."
_BOOTSTRAP: Final = "HTTP4K_BOOTSTRAP_CLASS"
_PROGRAM: Final = re.compile(r"(?m)^(?:suspend\s+)?fun\s+main\s*\(")


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """Where the handler is; None where the code is no Kotlin."""
    declared = wanted.declared.strip()
    qualified, _, method = declared.partition("::")
    files = InProject(sources)
    modules = modules_for(files, folder)
    texts = [(path, sources.text(path) or "") for module in modules for path in source_files(files, module, _ENDING)]
    if qualified.startswith(_HTTP4K) and _BOOTSTRAP in wanted.environment:
        started = wanted.environment[_BOOTSTRAP].literal or ""
        file = _declaring(texts, started)
        return Found(file, f"{started}::", "kotlin") if file is not None else None
    symbol = f"{qualified}::{method}"
    if _NAME.fullmatch(qualified):
        file = _declaring(texts, qualified)
        if file is not None:
            return Found(file, symbol, "kotlin", elsewhere=not modules)
        if not texts and (found := _elsewhere(sources, qualified)):
            return Found(found[0] if len(found) == 1 else None, symbol, "kotlin", candidates=tuple(found))
    library = library_handlers.of_class(qualified)
    if library is None and (wanted.runtime or "").startswith("provided"):
        library = library_handlers.of_build("\n".join(_build_texts(files, modules))) if texts else None
        if library is None:
            programs = [path for path, text in texts if _PROGRAM.search(text)]
            return Found(programs[0], "main::main", "kotlin") if len(programs) == 1 else None
    return _led_on(library, texts, wanted, symbol)


def _led_on(
    library: library_handlers.LibraryHandler | None, texts: list[tuple[str, str]], wanted: Wanted, symbol: str
) -> Found | None:
    if library is None:
        return None
    ranks = [(rank, path) for path, text in texts if (rank := library.rank(text, wanted.environment)) is not None]
    return Found(min(ranks)[1], symbol, "kotlin") if ranks else None


def _declaring(texts: list[tuple[str, str]], qualified: str) -> str | None:
    """The file that declares a class or an object, or whose functions a class's name stands for."""
    package, _, name = qualified.rpartition(".")
    outer = name.partition("$")[0]
    declared = re.compile(rf"\b(?:class|object|interface)\s+{re.escape(outer)}\b")
    named = re.compile(rf'@file\s*:\s*JvmName\s*\(\s*"{re.escape(outer)}"')
    for path, text in texts:
        if declared.search(text) and _package(text) == package:
            return path
    for path, text in texts:
        stem = path.rpartition("/")[2].removesuffix(_ENDING)
        is_file = f"{stem[:1].upper()}{stem[1:]}Kt" == outer or named.search(text) is not None
        if is_file and _package(text) == package:
            return path
    return None


def _package(text: str) -> str:
    found = _PACKAGE.search(text)
    return found[1] if found is not None else ""


def _elsewhere(sources: Sources, qualified: str) -> list[str]:
    """The only files of the repository at the place of a class, where no module is known."""
    name = qualified.partition("$")[0].replace(".", "/")
    tails = [f"{name}{_ENDING}", f"{name.removesuffix('Kt')}{_ENDING}"]
    return sorted(dict.fromkeys(sources.in_repository(tails))) if "/" in name else []


def _build_texts(files: InProject, modules: list[str]) -> Iterator[str]:
    for module in modules:
        for name in builds.BUILD_FILES:
            yield builds.text_of(files, builds.join(module, name))
