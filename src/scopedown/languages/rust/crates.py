"""Cargo's packages: their crates, and those that they use by a path
(https://doc.rust-lang.org/cargo/reference/cargo-targets.html, …/workspaces.html).

Nothing is built; every question goes to a :class:`Folders`, which the finder of handlers and the analysis both give.
"""

from __future__ import annotations

import fnmatch
import posixpath
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

MANIFEST: Final = "Cargo.toml"
MAX_MEMBERS: Final = 300
"""Packages of one workspace that are looked at."""
MAX_TEXT: Final = 1_000_000


class Folders(Protocol):
    """Files and folders by their paths, with forward slashes."""

    def text(self, path: str) -> str | None:
        """The text of a file; None where there is none that can be read."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""

    def entries(self, path: str) -> list[str]:
        """The names in a folder, in order."""

    def upwards(self, folder: str) -> Iterator[str]:
        """A folder and those above it."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package: its name, the file of its library, the files of its programs by their names, and the folders of
    the packages that it uses by a path, by the names that its code has for them."""

    folder: str
    name: str
    library: str | None
    library_name: str
    programs: Mapping[str, str]
    uses: Mapping[str, str] = field(default_factory=dict)

    @property
    def crates(self) -> list[str]:
        """The files at which its crates begin, the library first."""
        return [*([self.library] if self.library else []), *self.programs.values()]


def code_name(name: str) -> str:
    """A package's name as code writes it.

    >>> code_name("aws-sdk-s3")
    'aws_sdk_s3'
    """
    return name.replace("-", "_")


def join(folder: str, *names: str) -> str:
    """A path below a folder, without ``.`` and ``..`` where these can be resolved."""
    path = posixpath.normpath(posixpath.join(folder, *names))
    return "" if path == "." else path


def manifest(folders: Folders, folder: str) -> Mapping[str, Any] | None:
    """What the ``Cargo.toml`` of a folder says; None where there is none that can be read."""
    path = join(folder, MANIFEST)
    text = folders.text(path) if folders.exists(path) else None
    if text is None or len(text) > MAX_TEXT:
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def table(value: object) -> Mapping[str, Any]:
    """A table of a manifest; empty where it is none."""
    return value if isinstance(value, Mapping) else {}


def package(folders: Folders, folder: str) -> Package | None:
    """The package whose manifest stands in a folder; None where there is none."""
    told = manifest(folders, folder)
    if told is None or not table(told.get("package")).get("name"):
        return None
    name = str(table(told["package"])["name"])
    lib = table(told.get("lib"))
    library = join(folder, _text(lib.get("path")) or "src/lib.rs")
    return Package(
        folder, name, library if folders.exists(library) else None, code_name(_text(lib.get("name")) or name),
        dict(_programs(folders, folder, name, told)), dict(_used(folders, folder, told)),
    )  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _programs(folders: Folders, folder: str, package_name: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The programs that the manifest names, then those that Cargo finds by itself."""
    listed = told.get("bin")
    found: dict[str, str] = {}
    main = join(folder, "src/main.rs")
    if folders.exists(main):
        found[package_name] = main
    below = join(folder, "src/bin")
    for name in folders.entries(below):
        if name.endswith(".rs"):
            found[name.removesuffix(".rs")] = join(below, name)
        elif folders.exists(join(below, name, "main.rs")):
            found[name] = join(below, name, "main.rs")
    named: set[str] = set()
    for one in listed if isinstance(listed, list) else ():
        name, path = _text(table(one).get("name")), _text(table(one).get("path"))
        place = join(folder, path) if path else found.get(name)
        if name and place is not None and folders.exists(place):
            named.add(place)
            yield name, place
    if table(told.get("package")).get("autobins", True):
        yield from ((name, place) for name, place in found.items() if place not in named)


_TABLES: Final = ("dependencies", "build-dependencies")


def _used(folders: Folders, folder: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    shared: Mapping[str, Any] | None = None
    root = folder
    listed = [table(told.get(name)) for name in _TABLES]
    listed += [table(table(one).get("dependencies")) for one in table(told.get("target")).values()]
    for dependencies in listed:
        for name, said in dependencies.items():
            one, base = table(said), folder
            if one.get("workspace") is True:
                if shared is None:
                    root, shared = _workspace(folders, folder)
                one, base = table(table(shared.get("dependencies")).get(name)), root
            if path := _text(one.get("path")):
                yield code_name(name), join(base, path)


def _workspace(folders: Folders, folder: str) -> tuple[str, Mapping[str, Any]]:
    """The workspace that a package is of: its folder, and what its manifest says of it."""
    for above in folders.upwards(folder):
        told = manifest(folders, above)
        if told is not None and "workspace" in told:
            return above, table(told["workspace"])
    return folder, {}


def members(folders: Folders, folder: str) -> Iterator[Package]:
    """The package in a folder, and those of the workspace that stands there."""
    told = manifest(folders, folder)
    if told is None:
        return
    if (own := package(folders, folder)) is not None:
        yield own
    listed = table(told.get("workspace")).get("members")
    seen = {folder}
    for pattern in listed if isinstance(listed, list) else ():
        for place in _matching(folders, folder, _text(pattern)):
            if place not in seen and len(seen) < MAX_MEMBERS:
                seen.add(place)
                if (found := package(folders, place)) is not None:
                    yield found


def _matching(folders: Folders, folder: str, pattern: str) -> list[str]:
    """The folders that a pattern of members means (``crates/*``)."""
    found = [folder]
    for piece in pattern.strip("/").split("/")[:8]:
        if any(sign in piece for sign in "*?["):
            found = [
                join(one, name)
                for one in found[:MAX_MEMBERS]
                for name in folders.entries(one)
                if fnmatch.fnmatchcase(name, piece if piece != "**" else "*") and not name.startswith(".")
            ]
        else:
            found = [join(one, piece) for one in found]
    return found


def package_of_file(folders: Folders, file: str) -> Package | None:
    """The package that a source file belongs to: that of the nearest manifest above it."""
    for folder in folders.upwards(posixpath.dirname(file)):
        if folders.exists(join(folder, MANIFEST)):
            return package(folders, folder)
    return None
