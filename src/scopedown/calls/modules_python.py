"""Python: from an import to a file, as ``sys.path`` on Lambda would have it.

In: a module's name as it is written and the importing file. Out: the file's name (a package is its ``__init__.py``, a
namespace package its folder, ending in ``/``), or None where it is no code of the project. Reference:
https://docs.python.org/3/reference/import.html, https://peps.python.org/pep-0420/,
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from scopedown.calls.modules_ground import Ground

SearchPath = tuple[str, bool]
"""A folder that the code puts on ``sys.path``, absolute, and whether it stands before the others."""

_PLACE = re.compile(
    r"^\s*(?:-e\s+|--editable[ =]\s*)?(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:(?://)?)?(\.{0,2}/[^\s#;\[]*|\.)"
)
"""A line of requirements.txt that names a folder: ``-e ../shared``, ``./libs/common``, ``shared @ file:../shared``."""
_MAX_FOLDERS = 40


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
        roots = list(dict.fromkeys(self.roots(os.path.dirname(importer), search)))
        own = self._ground.name(importer)
        for find in (self.regular, self.namespace):  # any regular package comes before a namespace package
            for root in roots:
                found = find(os.path.join(root, *parts))
                if found is not None and found != own:
                    return found
        return None

    def roots(self, here: str, search: tuple[SearchPath, ...] = ()) -> Iterator[str]:
        """Where absolute imports are looked for: the package's root first, as Lambda does, then the folders on the way
        from the importing file to the project's, since projects put those on ``sys.path`` in many ways."""
        yield from (folder for folder, before in search if before)
        yield self._packaged[0]
        yield from self._environment()
        yield from self._packaged[1:]
        yield from (folder for folder, before in search if not before)
        current = here
        while current.startswith(self._ground.root + os.sep):
            yield current
            current = os.path.dirname(current)
        yield self._ground.root
        for base in (self._ground.package, self._ground.root):
            yield os.path.join(base, "src")
            yield from self._ground.once.get(("places", base), lambda base=base: self._places(base))  # type: ignore[misc]

    def _environment(self) -> Iterator[str]:
        """``PYTHONPATH`` of the function."""
        for entry in self._ground.environment.get("PYTHONPATH", "").split(":"):
            if entry:
                yield from self._ground.running(entry)

    def _places(self, base: str) -> tuple[str, ...]:
        """The folders of packages that the requirements of a folder name by their place."""
        found: list[str] = []
        for written in self._written_places(base):
            folder = self._place(base, written.replace("\\", "/").split("/"))
            if folder is not None and folder != base:
                found += [os.path.join(folder, "src"), folder]
        return tuple(dict.fromkeys(found))[:_MAX_FOLDERS]

    def _place(self, base: str, pieces: list[str]) -> str | None:
        """The folder that a requirement names. One that is not there is looked for from the folders above: a build that
        copies the requirements first has another folder around it."""
        folder = os.path.normpath(os.path.join(base, *pieces))
        if self._disk.is_folder(folder) or pieces[0] != "..":
            return folder if self._disk.is_folder(folder) else None
        below = [piece for piece in pieces if piece not in ("..", ".", "")]
        above = os.path.dirname(base)
        while below and self._ground.workspace.reaches(candidate := os.path.join(above, *below)):
            if self._disk.is_folder(candidate):
                return candidate
            above = os.path.dirname(above)
        return None

    def _written_places(self, base: str) -> Iterator[str]:
        for line in (self._ground.read(os.path.join(base, "requirements.txt")) or "").splitlines()[:500]:
            if (match := _PLACE.match(line)) is not None:
                yield match[1]
        text = self._ground.read(os.path.join(base, "pyproject.toml"))
        try:
            project = tomllib.loads(text) if text is not None else {}
        except (tomllib.TOMLDecodeError, RecursionError):
            return
        tool = _map(project.get("tool"))
        poetry = _map(tool.get("poetry"))
        tables = [_map(poetry.get("dependencies")), _map(_map(tool.get("uv")).get("sources"))]
        tables += [_map(_map(group).get("dependencies")) for group in _map(poetry.get("group")).values()]
        for table in tables:
            for dependency in table.values():
                place = _map(dependency).get("path")
                if isinstance(place, str):
                    yield place
        for package in poetry.get("packages") or ():
            if isinstance(start := _map(package).get("from"), str):
                yield start
        found = _map(_map(_map(tool.get("setuptools")).get("packages")).get("find")).get("where")
        for start in found if isinstance(found, list) else ():
            if isinstance(start, str):
                yield start

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


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
