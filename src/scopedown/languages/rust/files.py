"""Where the files of Rust's crates are, and what a path in one of them means
(https://doc.rust-lang.org/reference/items/modules.html, …/paths.html).

The files of a unit are those of a package of Cargo, and of the packages that it uses by a path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scopedown.languages.rust import crates
from scopedown.languages.rust.lower import macro, scope_of
from scopedown.languages.rust.work import ModuleScope
from scopedown.source.resolve.search_path import Ground
from scopedown.source.resolve.units import Unit

DECLARES: Final = re.compile(rb"\b(?:fn|struct|enum|trait|type|const|static|union)\s+(?:mut\s+)?([A-Za-z_]\w*)")
SKIPS: Final = frozenset({"target", "tests", "benches", "examples", "node_modules", "cdk.out"})
"""Folders whose files are no part of what is deployed (https://doc.rust-lang.org/cargo/guide/project-layout.html)."""
_NO_PACKAGES: Final = frozenset(
    {
        "str",
        "u8",
        "u32",
        "u64",
        "usize",
        "i32",
        "i64",
        "f64",
        "bool",
        "char",
        "std",
        "core",
        "alloc",
        "crate",
        "self",
        "super",
        "proc_macro",
    }
)
MAX_FILES: Final = 2_000
"""Files of one crate that are looked at."""
MAX_HOPS: Final = 40
"""Modules and names that a path leads through."""

Path = tuple[str, ...]
Found = tuple[str, Path]
"""A file (as the analysis names it), and the members of it that a path leads to."""


class _Definitions:
    """Rules of a unit that lists the macros of files."""

    DECLARES: Final = re.compile(rb"\bmacro_rules!\s*([A-Za-z_]\w*)")
    SKIPS: Final = SKIPS

    roots: Final = None
    package_of: Final = None


_CALLED: Final = re.compile(rb"\b([A-Za-z_]\w*)!\s*[(\[{]")
_INCLUDED: Final = re.compile(rb"^\s*include!\s*\(\s*\"([^\"\n]+)\"\s*\)", re.MULTILINE)
MAX_MACROS: Final = 60
"""Macros of other files, and files that are included, that are put behind one file."""


def appended(ground: Ground, file: str, source: bytes) -> bytes:
    """The macros of other files of the project that a file calls, to be read behind its source."""
    roots_of = tuple(roots(ground, file))
    declared = ground.once.get(
        ("rust macros", roots_of),
        lambda: Unit(ground, _Definitions(), (".rs",), roots_of).declared,  # type: ignore[arg-type]
    )
    included = b"".join(_included(ground, file, name.decode()) for name in _INCLUDED.findall(source)[:MAX_MACROS])
    if not declared:
        return included
    known = {name.decode() for name in _Definitions.DECLARES.findall(source)}
    found: list[bytes] = []
    waiting = [name.decode() for name in _CALLED.findall(source)]
    while waiting and len(found) < MAX_MACROS:
        name = waiting.pop()
        if name in known or name not in declared:
            continue
        known.add(name)
        for place in declared[name][:1]:
            text = _definition(ground, place, name)
            other, own = package_of_file(ground, place), package_of_file(ground, file)
            if other is not None and own is not None and other.folder != own.folder:
                text = text.replace(b"$crate", other.library_name.encode())
            found.append(text)
            waiting += [one.decode() for one in _CALLED.findall(text)]
    return b"\n".join((included, *found)) if found else included


def _included(ground: Ground, file: str, name: str) -> bytes:
    """The text of a file that is written into this one by ``include!``."""
    place = ground.name(os.path.normpath(os.path.join(os.path.dirname(ground.path(file)), name)))
    try:
        return b"\n" + ground.disk.read(ground.path(place)) if place is not None else b""
    except OSError:
        return b""


def _definition(ground: Ground, file: str, name: str) -> bytes:
    """The text of a macro in a file."""
    try:
        return macro(ground.disk.read(ground.path(file)), name)
    except OSError:
        return b""


class GroundFolders:
    """The files around a function's code, by absolute paths."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def text(self, path: str) -> str | None:
        """The text of a file."""
        return self.ground.read(path) if self.ground.workspace.reaches(path) else None

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return self.ground.disk.is_file(path)

    def entries(self, path: str) -> list[str]:
        """The names in a folder."""
        return list(self.ground.disk.entries(path))

    def upwards(self, folder: str) -> Iterator[str]:
        """A folder and those above it, up to the repository's."""
        return self.ground.workspace.upwards(folder)


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate: its first file, the modules' files by their paths, and the paths by the files."""

    root: str
    files: Mapping[Path, str]
    paths: Mapping[str, Path] = field(default_factory=dict)


def scope(ground: Ground, file: str) -> ModuleScope:
    """The names of a file's modules."""

    def read() -> ModuleScope:
        try:
            source = ground.disk.read(ground.path(file))
            return scope_of(source + appended(ground, file, source))
        except OSError:
            return scope_of(b"")

    return ground.once.get(("rust scope", file), read)


def package_at(ground: Ground, folder: str) -> crates.Package | None:
    """The package whose manifest stands in a folder (absolute)."""
    return ground.once.get(("rust package", folder), lambda: crates.package(GroundFolders(ground), folder))


def package_of_file(ground: Ground, file: str) -> crates.Package | None:
    """The package that a file (as the analysis names it) belongs to."""
    folder = os.path.dirname(ground.path(file))

    def find() -> crates.Package | None:
        return crates.package_of_file(GroundFolders(ground), os.path.join(folder, "x"))

    return ground.once.get(("rust package of", folder), find)


def crate(ground: Ground, root: str) -> Crate:
    """The crate that begins in a file."""
    return ground.once.get(("rust crate", root), lambda: _read_crate(ground, root))


def _read_crate(ground: Ground, root: str) -> Crate:
    files: dict[Path, str] = {(): root}
    paths: dict[str, Path] = {root: ()}
    waiting: list[tuple[Path, str]] = [((), root)]
    while waiting and len(files) < MAX_FILES:
        path, file = waiting.pop()
        for inner, name, written in _declared(scope(ground, file)):
            own = (*path, *inner, name)
            place = _file_of(ground, file, file == root, (*inner, name), written)
            if place is not None and place not in paths:
                files[own] = place
                paths[place] = own
                waiting.append((own, place))
    return Crate(root, files, paths)


def _declared(module: ModuleScope, inside: Path = (), depth: int = 0) -> Iterator[tuple[Path, str, str]]:
    """The modules in files of their own: the modules around each that are in the same file, its name, its path."""
    for name, written in module.modules.items():
        yield inside, name, written
    if depth < MAX_HOPS:
        for name, inner in module.inner.items():
            yield from _declared(inner, (*inside, name), depth + 1)


def _file_of(ground: Ground, file: str, is_root: bool, path: Path, written: str) -> str | None:
    """The file of ``mod name;``: beside ``mod.rs`` and the crate's first file, else in a folder of its file's name."""
    folder, name = os.path.dirname(file), os.path.basename(file)
    if written:
        found = crates.join(folder, written)
        return found if ground.disk.is_file(ground.path(found)) else None
    base = (
        folder if is_root or name in ("mod.rs", "main.rs", "lib.rs") else crates.join(folder, name.removesuffix(".rs"))
    )
    for candidate in (crates.join(base, *path) + ".rs", crates.join(base, *path, "mod.rs")):
        if ground.disk.is_file(ground.path(candidate)):
            return candidate
    return None


def crate_of(ground: Ground, file: str) -> Crate:
    """The crate that a file belongs to: of its package's library first, else the one that begins with it."""
    return ground.once.get(("rust crate of", file), lambda: _find_crate(ground, file))


def _find_crate(ground: Ground, file: str) -> Crate:
    package = package_of_file(ground, file)
    for root in package.crates if package is not None else ():
        name = ground.name(root)
        if name is not None and file in (found := crate(ground, name)).paths:
            return found
    return crate(ground, file)


# paths


def named(unit: Unit, qualified: str, importer: str) -> Found | None:
    """Where a name is declared that a file of the analysis knows by a path; None where that is no file of its unit."""
    return _Search(unit.ground).path(importer, (), tuple(qualified.split(".")))


def _has(module: ModuleScope, name: str) -> bool:
    return name in module.items or name in module.modules or name in module.inner or name in module.uses


class _Search:
    """The search for one name."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._left = MAX_HOPS * 10
        self._asked: set[tuple[str, Path, Path]] = set()

    def path(self, file: str, inside: Path, path: Path) -> Found | None:
        """What a path means in a file, or in a module that is written inside of it."""
        key = (file, inside, path)
        self._left -= 1
        if not path or key in self._asked or self._left < 0:
            return None
        self._asked.add(key)
        first, rest = path[0], path[1:]
        if first == "crate":
            return self.below(crate_of(self._ground, file).root, (), rest)
        if first == "self":
            return self.below(file, inside, rest)
        if first == "super":
            return self._above(file, inside, rest)
        module = self._module(file, inside)
        if module is not None and _has(module, first) and module.uses.get(first, ())[:1] != (first,):
            return self.below(file, inside, path)
        if (root := self._library(file, first)) is not None:
            return self.below(root, (), rest)
        return self._opened(file, inside, path)

    def below(self, file: str, inside: Path, path: Path) -> Found | None:
        """What a path means below a module."""
        self._left -= 1
        module = self._module(file, inside)
        if module is None or self._left < 0:
            return None
        if not path:
            return file, ()
        first, rest = path[0], path[1:]
        if first in module.items:
            return file, (module.prefix + first, *rest)
        if first in module.modules:
            own = crate_of(self._ground, file)
            place = own.files.get((*own.paths.get(file, ()), *inside, first))
            return self.below(place, (), rest) if place is not None else None
        if first in module.inner:
            return self.below(file, (*inside, first), rest)
        if first in module.uses:
            return self.path(file, inside, (*module.uses[first], *rest))
        return self._opened(file, inside, path)

    def _opened(self, file: str, inside: Path, path: Path) -> Found | None:
        """A name that a module has by ``use path::*``."""
        module = self._module(file, inside)
        for glob in module.globs if module is not None else ():
            found = self.path(file, inside, (*glob, *path)) if glob else None
            if found is not None and (len(found[1]) <= len(path) or self._is_variant(*found)):
                return found
        return None

    def _is_variant(self, file: str, members: Path) -> bool:
        """Whether an enumeration, of which all names are known, has what is looked for."""
        *around, name = members[0].split("::")
        module = self._module(file, tuple(around))
        variants = module.variants.get(name) if module is not None else None
        return members[1][:1].isupper() if variants is None else members[1] in variants

    def _above(self, file: str, inside: Path, path: Path) -> Found | None:
        if inside:
            return self.below(file, inside[:-1], path)
        own = crate_of(self._ground, file)
        at = own.paths.get(file)
        if not at:
            return None
        for length in range(len(at) - 1, -1, -1):
            above = own.files.get(at[:length])
            if above is not None:
                return self.path(above, at[length:-1], ("self", *path))
        return None

    def _module(self, file: str, inside: Path) -> ModuleScope | None:
        module: ModuleScope | None = scope(self._ground, file)
        for name in inside:
            module = module.inner.get(name) if module is not None else None
        return module

    def _library(self, file: str, name: str) -> str | None:
        """The first file of a library that a file's crate knows by a name: its own package's, or one by a path."""
        package = package_of_file(self._ground, file)
        if package is None:
            return None
        library: str | None = None
        if name == package.library_name:
            library = package.library
        elif (folder := package.uses.get(name)) is not None:
            used = package_at(self._ground, folder)
            library = used.library if used is not None else None
        else:  # a library may have another name than its package
            others = (package_at(self._ground, folder) for folder in package.uses.values())
            library = next((one.library for one in others if one is not None and one.library_name == name), None)
        return self._ground.name(library) if library is not None else None


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The folders (absolute) whose files are compiled with a file: of its package, and of those that it uses."""
    package = package_of_file(ground, importer)
    if package is None:
        return [os.path.dirname(ground.path(importer))]
    found: dict[str, None] = {}
    waiting = [package]
    while waiting and len(found) < MAX_HOPS:
        one = waiting.pop(0)
        for root in one.crates:
            source = os.path.join(one.folder, "src")
            found[source if root.startswith(source + "/") else os.path.dirname(root)] = None
        others = [package_at(ground, used) for used in one.uses.values() if os.path.join(used, "src") not in found]
        waiting += [other for other in others if other is not None]
    return list(found)


def package_of(name: str) -> str | None:
    """The crate that a path begins with, as code writes it; None for the standard library and the project's own.

    >>> package_of("serde_json.from_str"), package_of("std.env.var"), package_of("self.store.Store")
    ('serde_json', None, None)
    """
    first = name.partition(".")[0]
    return None if first in _NO_PACKAGES else crates.code_name(first)
