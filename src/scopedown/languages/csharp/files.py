"""Where the C# files of a unit are: a project's folder, and those of the projects that it refers to.

A file belongs to the project (``*.csproj``) in the nearest folder above it; MSBuild compiles what stands below that
folder, without ``bin`` and ``obj`` (https://learn.microsoft.com/dotnet/core/project-sdk/overview#default-includes-and-excludes).
Where there is no project file, the file's own folder is the unit.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scopedown.languages.csharp import projects
from scopedown.source.packages.table import known
from scopedown.source.resolve.search_path import Ground

if TYPE_CHECKING:
    from scopedown.source.resolve.units import Unit

DECLARES: Final = re.compile(
    rb"\b(?:class|struct|record(?:\s+(?:class|struct))?|interface|enum|"
    rb"delegate\s+[\w.<>\[\],?](?:[\w.<>\[\],? ]{0,200}?[\w.<>\[\],?])?)"
    rb"\s+([A-Za-z_]\w*)"
)
PACKAGE: Final = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*namespace\s+([\w.]+)", re.MULTILINE)
SKIPS: Final = frozenset({"bin", "obj", "node_modules", "TestResults", "cdk.out"})
MAX_PROJECTS: Final = 200
"""Projects of one unit."""

_GLOBAL: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*global\s+using\s+(?:static\s+)?(?:(\w+)\s*=\s*)?(?:global::)?([\w.]+)", re.MULTILINE
)


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The folders of the importer's project and of those that it refers to, its own first."""
    folder = os.path.dirname(ground.path(importer))
    for upward in ground.workspace.upwards(folder):
        found = _project_files(ground, upward)
        if found:
            return _with_references(ground, found)
    return [folder]


def _project_files(ground: Ground, folder: str) -> list[str]:
    return [os.path.join(folder, name) for name in ground.disk.entries(folder) if name.endswith(projects.PROJECT)]


def _with_references(ground: Ground, files: list[str]) -> list[str]:
    folders: dict[str, None] = {}
    seen: set[str] = set()
    waiting = deque(files)
    while waiting and len(seen) < MAX_PROJECTS:
        file = waiting.popleft()
        if file in seen or not ground.workspace.reaches(file):
            continue
        seen.add(file)
        folder = os.path.dirname(file)
        folders[folder] = None
        for text, base in _texts(ground, file):
            waiting += [os.path.normpath(os.path.join(base, one)) for one in projects.references(text)]
            for one in projects.compiled(text):
                folders[os.path.normpath(os.path.join(base, one))] = None
    return list(folders)


def _texts(ground: Ground, file: str) -> list[tuple[str, str]]:
    """What is said of a project, and the folder that its paths are relative to: its own file, and the nearest shared
    one."""
    folder = os.path.dirname(file)
    found = [(projects.without_comments(ground.read(file) or ""), folder)]
    for upward in ground.workspace.upwards(folder):
        shared = os.path.join(upward, projects.SHARED)
        if projects.SHARED in ground.disk.entries(upward):
            found.append((projects.without_comments(ground.read(shared) or ""), upward))
            break
    return found


def mentions(unit: Unit, *words: bytes) -> bool:
    """Whether a project file of the unit has one of the words."""
    return unit.once(f"mentions {words!r}", lambda: any(word in text for text in _all(unit) for word in words))


def _all(unit: Unit) -> list[bytes]:
    return [
        text.encode("utf-8", "replace")
        for root in unit.roots
        for project in _project_files(unit.ground, root)
        for text, _ in _texts(unit.ground, project)
    ]


def is_apart(ground: Ground, path: str) -> bool:
    """Whether a folder below a project's is another project."""
    return any(name.endswith(projects.PROJECT) for name in ground.disk.entries(path))


def everywhere(ground: Ground, unit: Unit) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The namespaces that every file of the unit opens, and the names that every file knows: ``global using`` and
    ``<Using Include>``."""
    opened: dict[str, None] = {}
    imports: dict[tuple[str, str], None] = {}
    for file in unit.files:
        for found in _GLOBAL.finditer(unit.text(file)):
            name, alias = found[2].decode("utf-8", "replace"), (found[1] or b"").decode("utf-8", "replace")
            if alias:
                imports[alias, name] = None
            else:
                opened[name] = None
    for root in unit.roots:
        for project in _project_files(ground, root):
            for text, _ in _texts(ground, project):
                for name, alias in projects.usings(text):
                    if alias:
                        imports[alias, name] = None
                    else:
                        opened[name] = None
    return tuple(opened), tuple(imports)


def package_of(name: str) -> str | None:
    """The NuGet package that a namespace or a qualified name belongs to: the longest part of it that the table of
    packages knows, since packages are mostly called by their namespaces."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if known(".".join(parts[:length]), "csharp") is not None:
            return ".".join(parts[:length])
    return None
