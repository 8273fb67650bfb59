"""Code without a project file: a script, or a container's program, as a Project with one function for each entry.

An entry is a source file's top level, or one function in it. Nothing else is known of it: no environment, no role.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.project_names import SERVERLESS_NAMES
from scopedown.core.text import Text
from scopedown.project.model import Function, Handler, Project, Role
from scopedown.project.options import Options
from scopedown.source.language import languages
from scopedown.source.packages.pinned import pinned

_TYPESCRIPT: Final = (".ts", ".tsx", ".mts", ".cts")

NO_ROLE: Final = "none"
"""The id of the role of code whose role nobody names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source file, and the function in it that is entered (empty: its top level)."""

    file: Path
    symbol: str = ""


def entry_of(path: Path) -> Entry | None:
    """The entry that ``FILE[:SYMBOL]`` means; None where it is no source file, or is a project file of the framework.

    The symbol follows the last colon only where the rest is an existing file, so that ``C:\\app.py`` is a file.
    """
    written, symbol = str(path), ""
    if not path.is_file():
        written, colon, symbol = written.rpartition(":")
        if not colon or not symbol:
            return None
    file = Path(written)
    if _language(file.suffix) is None or file.name in SERVERLESS_NAMES or file.name.startswith("serverless."):
        return None
    return Entry(file, symbol) if file.is_file() else None


def read_entries(entries: Sequence[Entry], options: Options) -> Project:
    """The entries as one project, whose folder is the working directory where that holds them all.

    Raises ScopedownError where the files stand on different drives.
    """
    files = [entry.file.resolve() for entry in entries]
    root = Path.cwd().resolve()
    if not all(file.is_relative_to(root) for file in files):
        try:
            root = Path(os.path.commonpath([file.parent for file in files]))
        except ValueError as error:
            raise ScopedownError(
                "the files are on different drives", remedy="scan the files of one drive at a time"
            ) from error
    names = [file.relative_to(root).as_posix() for file in files]
    stems = [file.stem for file in files]
    functions = tuple(
        _function(entry, name, file.stem if stems.count(file.stem) == 1 else f"{name}:{entry.symbol}".rstrip(":"))
        for entry, name, file in zip(entries, names, files, strict=True)
    )
    return Project(
        root=str(root),
        config=names[0],
        framework="none",
        service=root.name or str(root),
        stage="",
        region=options.region or "us-east-1",
        functions=functions,
        roles={NO_ROLE: Role(NO_ROLE, declared=False)},
        account=options.account,
        partition=options.partition,
        given_region=options.region,
        dependencies=pinned(root, sorted({Path(name).parent.as_posix() for name in names})),
    )


def _function(entry: Entry, name: str, key: str) -> Function:
    """One entry; it bears its file's stem as its name, or all of its path where several have the same."""
    parent = Path(name).parent.as_posix()
    declared = f"{name}:{entry.symbol}" if entry.symbol else name
    return Function(
        key=key,
        name=Text.of(key),
        logical_id="",
        runtime=None,
        language=_language(entry.file.suffix),
        handler=Handler(declared, name, entry.symbol, "" if parent == "." else parent),
        environment={},
        role=NO_ROLE,
        place=Place(name),
        settings={"disableLogs": True},
    )


def _language(suffix: str) -> str | None:
    """What a source file is written in, by its name's ending; None where it is none that is read."""
    if suffix in _TYPESCRIPT:
        return "typescript"
    return next((name for name, one in languages().items() if suffix and suffix in one.endings), None)
