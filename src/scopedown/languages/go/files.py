"""Where the files of Go's packages are (https://go.dev/ref/mod, https://go.dev/ref/spec#Packages).

A package is the Go files of one folder. An import names a folder of the module (``go.mod``), of a module that
``replace`` or ``go.work`` leads to, or of another module of the repository; without ``go.mod``, a folder whose path the
import ends with. Files that the build for Lambda leaves out (tests, other systems, ``//go:build ignore``) are none of
the package.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scopedown.languages.go.constraints import is_built
from scopedown.source.packages import table
from scopedown.source.resolve.search_path import Ground
from scopedown.source.resolve.units import Unit

DECLARES: Final = re.compile(rb"(?m)^(?:func|type)\s+(?:\([^()\n]*\)\s*)?([A-Za-z_]\w*)")
SKIPS: Final = frozenset({"node_modules", "vendor", "testdata", "cdk.out"})
"""Folders that hold no packages of a module."""
_MODULE: Final = re.compile(r"(?m)^\s*module\s+\"?([^\s\"]+)")
_REPLACED: Final = re.compile(
    r"(?m)^\s*(?:replace\s+)?\"?([^\s\"()]+)\"?(?:\s+v\S+)?\s*=>\s*\"?(\.{1,2}(?:/[^\s\"]*)?)\"?"
)
_USED: Final = re.compile(r"(?m)^\s*(?:use\s+)?\"?(\.{1,2}(?:/[^\s\"()]*)?)\"?\s*(?://.*)?$")
_MAIN: Final = re.compile(rb"(?m)^func\s+main\s*\(\s*\)")
_CLAUSE: Final = re.compile(rb"(?m)^package\s+([A-Za-z_]\w*)")
_HOSTS: Final = frozenset({"github.com", "gitlab.com", "bitbucket.org", "golang.org"})
"""Hosts whose modules have an owner and a name in their path."""
_ELSEWHERE: Final = ("github.com/aws/", "github.com/awslabs/", "golang.org/")
"""Owners of packages that many repositories use, and have folders named like."""
_LONGEST: Final = 12
"""Elements of an import's path that are tried as the end of a folder's."""


_STANDARD: Final = """
    C archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag
    fmt go hash html image index io iter log maps math mime net os path plugin reflect regexp runtime slices sort
    strconv strings structs sync syscall testing text time unicode unique unsafe weak
"""
STANDARD: Final = frozenset(_STANDARD.split())
"""The first elements of the standard library's packages (https://pkg.go.dev/std), and C (https://pkg.go.dev/cmd/cgo)."""


@dataclass(frozen=True, slots=True)
class GoModule:
    """A module: its path, its folder, and the local folders that stand for the modules of other paths."""

    path: str
    folder: str
    replaced: tuple[tuple[str, str], ...] = ()


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The folder of the importer's module, and those of the modules that it uses locally."""
    folder = os.path.dirname(ground.path(importer))
    module = module_of(ground, folder)
    if module is None:
        return (ground.workspace.boundary,)
    used = (used.folder for used in _work(ground, folder))
    return tuple(dict.fromkeys((module.folder, *(to for _, to in module.replaced), *used)))


MAX_PARTS: Final = 8
"""Parts of a package's path that are looked at."""


def package_of(name: str) -> str | None:
    """The module that a package most likely belongs to, or a package in it of which something is known of its own; None
    for the standard library.

    >>> package_of("github.com/gin-gonic/gin/binding"), package_of("net/http"), package_of("go.uber.org/zap")
    ('github.com/gin-gonic/gin', None, 'go.uber.org/zap')
    >>> package_of("github.com/knadh/koanf/providers/s3")
    'github.com/knadh/koanf/providers/s3'
    """
    host, *rest = name.split("/")
    if "." not in host:
        return None
    with_owner = host in _HOSTS or (host == "gopkg.in" and ".v" not in rest[0]) if rest else False
    least = 2 if with_owner else 1
    for length in range(min(len(rest), MAX_PARTS), least, -1):
        part = "/".join((host, *rest[:length]))
        if (row := table.known(part, "go")) is not None and row.package == part:
            return part
    return "/".join((host, *rest[:least]))


def named(unit: Unit, qualified: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
    """The first file of the package that an import means, which stands for all of them."""
    ground = unit.ground
    folder = folder_of(ground, os.path.dirname(ground.path(importer)), qualified)
    files = files_in(ground, folder) if folder is not None else ()
    return (files[0], ()) if files else None


# modules


def module_of(ground: Ground, folder: str) -> GoModule | None:
    """The module of a folder (absolute): that of the nearest ``go.mod`` above."""
    return ground.once.get(("go module", folder), lambda: _find_module(ground, folder))


def _find_module(ground: Ground, folder: str) -> GoModule | None:
    for above in ground.workspace.upwards(folder):
        if (module := _read_module(ground, above)) is not None:
            return module
    return None


def _read_module(ground: Ground, folder: str) -> GoModule | None:
    text = ground.read(os.path.join(folder, "go.mod"))
    found = _MODULE.search(text) if text is not None else None
    if text is None or found is None:
        return None
    replaced = tuple((old, _joined(folder, to)) for old, to in _REPLACED.findall(text))
    return GoModule(found[1], folder, replaced)


def _work(ground: Ground, folder: str) -> tuple[GoModule, ...]:
    """The modules of the nearest ``go.work``."""
    return ground.once.get(("go work", folder), lambda: tuple(_find_work(ground, folder)))


def _find_work(ground: Ground, folder: str) -> Iterator[GoModule]:
    for above in ground.workspace.upwards(folder):
        text = ground.read(os.path.join(above, "go.work"))
        if text is not None:
            for used in _USED.findall(text):
                if (module := _read_module(ground, _joined(above, used))) is not None:
                    yield module
            for old, to in _REPLACED.findall(text):
                yield GoModule(old, _joined(above, to))
            return


def _joined(folder: str, written: str) -> str:
    return os.path.normpath(os.path.join(folder, *written.split("/")))


# packages


def folder_of(ground: Ground, folder: str, path: str) -> str | None:
    """The folder (absolute) that an import in a file of ``folder`` means; None where it is none of the repository."""
    return ground.once.get(("go package", folder, path), lambda: _find_folder(ground, folder, path))


def _find_folder(ground: Ground, folder: str, path: str) -> str | None:
    if path.startswith((".", "/")):
        here = _joined(folder, path)
        return here if path.startswith(".") and _holds_go(ground, here) else None
    module = module_of(ground, folder)
    first = path.partition("/")[0]
    if "." not in first and module is None:
        return _by_its_end(ground, folder, path, 0) if first not in STANDARD else None
    local = [] if module is None else [(module.path, module.folder), *module.replaced]
    local += [(used.path, used.folder) for used in _work(ground, folder)]
    for prefix, root in sorted(local, key=lambda one: -len(one[0])):
        if path == prefix or path.startswith(prefix + "/"):
            there = _joined(root, path[len(prefix) :].lstrip("/") or ".")
            if _holds_go(ground, there):
                return there
    if module is None:
        return _by_its_end(ground, folder, path, 2)
    return _in_another_module(ground, folder, path)


def _in_another_module(ground: Ground, folder: str, path: str) -> str | None:
    """A package of another module of the repository, which the import names by the path that it is published under."""
    parts = path.split("/")
    if "." not in parts[0] or path.startswith(_ELSEWHERE):
        return None
    for above in ground.workspace.upwards(folder):
        for start in range(2, min(len(parts), _LONGEST)):
            for end in range(len(parts), start, -1):
                root = _joined(above, "/".join(parts[start:end]))
                module = module_of(ground, root) if ground.disk.is_folder(root) else None
                if module is None or module.folder != root or not (path + "/").startswith(module.path + "/"):
                    continue
                there = _joined(root, path[len(module.path) :].lstrip("/") or ".")
                if _holds_go(ground, there):
                    return there
    return None


def _by_its_end(ground: Ground, folder: str, path: str, least: int) -> str | None:
    """Without ``go.mod``: the folder at the end of the import's path (``GOPATH`` had the repository below its own). At
    least ``least`` elements of the path are those of the repository itself."""
    if ground.workspace.boundary and _is_installed(ground, folder, path):
        return None
    parts = path.split("/")
    for above in ground.workspace.upwards(folder):
        for start in range(least, min(len(parts), _LONGEST)):
            there = _joined(above, "/".join(parts[start:]))
            if there != folder and _holds_go(ground, there):
                return there
        if least and len(parts) == least + 1 and os.path.basename(above) == parts[-1] and _holds_go(ground, above):
            return above
    return None


def _is_installed(ground: Ground, folder: str, path: str) -> bool:
    """Whether a package manager of the time before modules names the package, or put it beside the code."""
    if path.startswith(_ELSEWHERE):
        return True
    package = package_of(path)
    for above in ground.workspace.upwards(folder):
        if ground.disk.is_folder(_joined(above, f"vendor/{path}")):
            return True
        for name in ("Gopkg.lock", "Gopkg.toml", "glide.lock", "Godeps/Godeps.json"):
            text = ground.read(_joined(above, name))
            if text is not None and package is not None and package in text:
                return True
    return False


def _holds_go(ground: Ground, folder: str) -> bool:
    return bool(files_in(ground, folder))


# files


def files_in(ground: Ground, folder: str) -> tuple[str, ...]:
    """The files of the package in a folder (absolute), by the names that the analysis gives them."""
    return ground.once.get(("go files", folder), lambda: tuple(_list_files(ground, folder)))


def _list_files(ground: Ground, folder: str) -> Iterator[str]:
    if not ground.workspace.reaches(folder):
        return
    names = [name for name in ground.disk.entries(folder) if name.endswith(".go") and not name.startswith(("_", "."))]
    for name in names:
        path = os.path.join(folder, name)
        relative = ground.name(path) if ground.disk.is_file(path) else None
        if relative is not None and is_built(name, text_of(ground, relative)):
            yield relative


def text_of(ground: Ground, file: str) -> bytes:
    """The text of a file; empty where it cannot be read."""
    try:
        return ground.disk.read(ground.path(file))
    except OSError:
        return b""


def package_files(ground: Ground, file: str) -> tuple[str, ...]:
    """The files that are compiled with one as its package, itself first: files of the same folder and package clause.
    Another file with a ``main`` is another program of the same folder."""
    return ground.once.get(("go package files", file), lambda: tuple(_package_files(ground, file)))


def _package_files(ground: Ground, file: str) -> Iterator[str]:
    yield file
    own = text_of(ground, file)
    clause, is_program = _clause(own), _MAIN.search(own) is not None
    for other in files_in(ground, os.path.dirname(ground.path(file))):
        if other == file:
            continue
        text = text_of(ground, other)
        if _clause(text) == clause and not (is_program and _MAIN.search(text)):
            yield other


def _clause(text: bytes) -> bytes:
    found = _CLAUSE.search(text)
    return found[1] if found is not None else b""
