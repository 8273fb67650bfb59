"""Python: from an import to a file, as ``sys.path`` on Lambda would have it.

In: a module's name as it is written and the importing file. Out: the file's name (a package is its ``__init__.py``, a
namespace package its folder, ending in ``/``), or None where it is no code of the project. Reference:
https://docs.python.org/3/reference/import.html, https://peps.python.org/pep-0420/,
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from scopedown.source.resolve.python_layout import Layout, layout
from scopedown.source.resolve.search_path import Ground

SearchPath = tuple[str, bool]
"""A folder that the code puts on ``sys.path``, absolute, and whether it stands before the others."""

Anchor = tuple[str, str]
"""A dotted package ("" for any) and the folder that it is looked for in, absolute."""

_MAX_FOLDERS = 60


class PythonModules:
    """The finder for one function's code."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._disk = ground.disk
        self._packaged = [ground.package]
        for layer in ground.layers:
            # https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html; a layer that is built for its runtime
            # keeps in the repository what `python` is made of.
            self._packaged += [os.path.join(layer, "python"), layer]

    def resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...] = ()) -> str | None:
        """The file that an import in ``importer`` (absolute) means, among the project's own. ``search``: what the code
        has put on ``sys.path``."""
        name = specifier.lstrip(".")
        dots = len(specifier) - len(name)
        parts = name.split(".") if name else []
        if any(not part for part in parts):
            return None
        if dots:
            base = os.path.dirname(importer)
            for _ in range(min(dots, 50) - 1):
                base = os.path.dirname(base)
            path = os.path.join(base, *parts)
            return self.regular(path) or self.namespace(path)
        anchors = tuple(dict.fromkeys(self.anchors(os.path.dirname(importer), search)))
        return self.at_anchors(parts, anchors, self._ground.name(importer))

    def at_anchors(self, parts: list[str], anchors: tuple[Anchor, ...], own: str | None = None) -> str | None:
        """The file of a module below the folders where packages are looked for; not ``own``, which imports it."""
        for find in (self.regular, self.namespace):  # any regular package comes before a namespace package
            for package, folder in anchors:
                above = package.split(".") if package else []
                if parts[: len(above)] != above:
                    continue
                found = find(os.path.join(folder, *parts[len(above) :]))
                if found is not None and found != own:
                    return found
        return None

    def anchors(self, here: str, search: tuple[SearchPath, ...] = ()) -> Iterator[Anchor]:
        """Where absolute imports of a file in ``here`` are looked for: the folders in order, each for any package, and
        those that metadata names for one of its own."""
        for folder in self.roots(here, search):
            yield "", folder
        for base in self._bases(here):
            yield from self._ground.once.get(("anchors", base), lambda base=base: self._named(base))  # type: ignore[misc]

    def roots(self, here: str, search: tuple[SearchPath, ...] = ()) -> Iterator[str]:
        """The package's root first, as Lambda does, then the folders on the way from the importing file to the
        project's (to the repository's, for a file that stands outside), since projects put those on ``sys.path`` in
        many ways."""
        yield from (folder for folder, before in search if before)
        yield self._packaged[0]
        yield from self._environment()
        yield from self._ground.search
        yield from self._packaged[1:]
        yield from (folder for folder, before in search if not before)
        root = self._ground.root
        is_outside = here != root and not here.startswith(root + os.sep)
        for folder in self._ground.workspace.upwards(here):
            if folder == root or (is_outside and folder == self._ground.workspace.boundary):
                break
            yield folder
        yield root
        for base in (self._ground.package, root):
            yield os.path.join(base, "src")

    def packaged(self) -> Iterator[str]:
        """The folders that Lambda puts on ``sys.path`` itself."""
        yield from self._packaged
        yield from self._environment()

    def _environment(self) -> Iterator[str]:
        """``PYTHONPATH`` of the function."""
        for entry in self._ground.environment.get("PYTHONPATH", "").split(":"):
            if entry:
                yield from self._ground.running(entry)

    # metadata

    def _bases(self, here: str) -> Iterator[str]:
        """The folders whose metadata counts for a file: the function's, the project's, and those above the file."""
        found = (self._ground.package, self._ground.root, *self._ground.workspace.upwards(here))
        yield from dict.fromkeys(found)

    def layout(self, folder: str) -> Layout:
        """What the metadata in a folder says."""
        return self._ground.once.get(("layout", folder), lambda: self._read_layout(folder))

    def _read_layout(self, folder: str) -> Layout:
        def read(name: str) -> str | None:
            path = os.path.normpath(os.path.join(folder, *name.split("/")))
            return self._ground.read(path) if self._ground.workspace.reaches(path) else None

        return layout(read)

    def required(self, here: str) -> frozenset[str]:
        """The names of the distributions that a file's project asks for, normalised."""
        return frozenset().union(*(self.layout(base).requires for base in self._bases(here)))

    def own_anchors(self, folder: str) -> Iterator[Anchor]:
        """Where the modules of a distribution stand, whose metadata is in ``folder``."""
        for package, below in self.layout(folder).anchors:
            path = os.path.normpath(os.path.join(folder, *below.split("/")))
            if self._ground.workspace.reaches(path):
                yield package, path
        yield "", os.path.join(folder, "src")
        yield "", folder

    def _own(self, base: str) -> Iterator[Anchor]:
        """The same for a folder above a file, where it has metadata; one without a name packages nothing itself."""
        known = self.layout(base)
        if known.is_there:
            plain = ("", base)
            yield from (anchor for anchor in self.own_anchors(base) if anchor != plain or known.name is not None)

    def _named(self, base: str) -> tuple[Anchor, ...]:
        """The folders that the metadata of a folder names: for its own modules, and other distributions by place."""
        found = list(self._own(base))
        for written in self.layout(base).places:
            folder = self._place(base, written.split("/"))
            if folder is not None and folder != base:
                found += self.own_anchors(folder)
        return tuple(dict.fromkeys(found))[:_MAX_FOLDERS]

    def _place(self, base: str, pieces: list[str]) -> str | None:
        """The folder that a requirement names. One that is not there is looked for from the folders above: a build that
        copies the requirements first has another folder around it."""
        folder = os.path.normpath(os.path.join(base, *pieces))
        if not self._ground.workspace.reaches(folder):
            return None
        if self._disk.is_folder(folder) or pieces[0] != "..":
            return folder if self._disk.is_folder(folder) else None
        below = [piece for piece in pieces if piece not in ("..", ".", "")]
        above = os.path.dirname(base)
        while below and self._ground.workspace.reaches(candidate := os.path.join(above, *below)):
            if self._disk.is_folder(candidate):
                return candidate
            above = os.path.dirname(above)
        return None

    # files

    def regular(self, path: str) -> str | None:
        """A module's file or a package's ``__init__.py``; Python prefers the package."""
        init = os.path.join(path, "__init__.py")
        if self._disk.is_file(init):
            return self._ground.name(init)
        return self._ground.name(path + ".py") if self._disk.is_file(path + ".py") else None

    def namespace(self, path: str) -> str | None:
        """A folder that holds Python: a data folder of a package's name is none."""
        if self._disk.is_folder(path) and any(
            entry.endswith(".py") or "." not in entry for entry in self._disk.entries(path)
        ):
            name = self._ground.name(path)
            return None if name is None else name + "/"
        return None
