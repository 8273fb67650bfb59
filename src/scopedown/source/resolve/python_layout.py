"""What a folder's Python metadata says: the distribution's name, where its modules stand, what it asks for.

In: a folder and a way to read files. Out: a :class:`Layout`. Read, never run: ``setup.py`` is parsed, and of its
``setup(…)`` the arguments that are written out count. References: https://packaging.python.org/en/latest/specifications/
(pyproject.toml), https://setuptools.pypa.io/en/latest/userguide/package_discovery.html,
https://python-poetry.org/docs/pyproject/#packages, https://hatch.pypa.io/latest/config/build/,
https://backend.pdm-project.org/build_config/, https://docs.astral.sh/uv/concepts/projects/ (sources, workspaces),
https://docs.astral.sh/uv/concepts/build-backend/, https://pipenv.pypa.io/en/latest/pipfile.html,
https://pip.pypa.io/en/stable/reference/requirements-file-format/.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from scopedown.source.packages import python_name

Read = Callable[[str], str | None]
"""The text of a file by its name relative to the folder, or None where there is none to read."""

METADATA: Final = ("pyproject.toml", "setup.cfg", "setup.py")
"""Files that make a folder a distribution's."""
_MAX_TEXT: Final = 400_000
_MAX_LINES: Final = 2_000
_MAX_ENTRIES: Final = 200
_INCLUDES: Final = 5
"""How deep requirements may include one another (``-r``)."""
_PLACE: Final = re.compile(
    r"^\s*(?:-e[ =]?\s*|--editable[ =]\s*)?(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:(?://)?)?(\.{0,2}/[^\s#;\[]*|\.\.?)"
    r"(?=[\s#;\[]|$)"
)
"""A requirement that is a folder: ``-e ../shared``, ``./libs/common``, ``shared @ file:../shared``."""
_EDITABLE: Final = re.compile(r"^\s*(?:-e[ =]?\s*|--editable[ =]\s*)([\w.-]+(?:/[\w.-]+)*)/?\s*(?:[#;\[].*)?$")
"""``-e libs/common``: with ``-e`` a folder needs no dot."""
_INCLUDE: Final = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[ =]?\s*([^\s#]+)")
_NAMED: Final = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """``name`` is normalised (PEP 503). ``anchors``: a dotted package ("" for any) and the folder, relative to that of
    the metadata, that it is looked for in. ``places``: folders of other distributions. ``requires``: their names.
    ``is_there``: the folder has metadata of a distribution."""

    name: str | None = None
    anchors: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    requires: frozenset[str] = frozenset()
    is_there: bool = False


class _Gathered:
    """What is found, file by file."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.anchors: dict[tuple[str, str], None] = {}
        self.places: dict[str, None] = {}
        self.requires: set[str] = set()
        self.included: set[str] = set()
        """The files of requirements that were read."""

    def called(self, name: Any) -> None:
        if isinstance(name, str) and name and self.name is None:
            self.name = python_name(name)

    def anchor(self, folder: Any, package: str = "") -> None:
        if isinstance(folder, str) and len(self.anchors) < _MAX_ENTRIES:
            self.anchors[package, posixpath.normpath(folder.replace("\\", "/") or ".")] = None

    def place(self, folder: Any) -> None:
        if isinstance(folder, str) and len(self.places) < _MAX_ENTRIES:
            self.places[folder.replace("\\", "/")] = None

    def require(self, written: Any) -> None:
        """One requirement as PEP 508 writes it."""
        if isinstance(written, str):
            if (place := _PLACE.match(written)) is not None:
                self.place(place[1])
            elif (named := _NAMED.match(written)) is not None:
                self.requires.add(python_name(named[1]))


def layout(read: Read) -> Layout:
    """What the metadata of a folder says."""
    found = _Gathered()
    texts = [read(name) for name in METADATA]
    for text, gather in zip(texts, (_pyproject, _setup_cfg, _setup_py), strict=True):
        gather(text, found)
    _pipfile(read("Pipfile"), found)
    for name in ("requirements.txt", "requirements.in"):
        _requirements(name, read, found, _INCLUDES)
    return Layout(found.name, tuple(found.anchors), tuple(found.places), frozenset(found.requires), texts != [None] * 3)


# requirements.txt


def _requirements(name: str, read: Read, found: _Gathered, left: int) -> None:
    if not left or name in found.included or len(found.included) >= _MAX_ENTRIES:
        return
    found.included.add(name)
    text = read(name)
    folder = posixpath.dirname(name)
    for line in (text or "")[:_MAX_TEXT].splitlines()[:_MAX_LINES]:
        place = _PLACE.match(line) or _EDITABLE.match(line)
        if place is not None:
            found.place(posixpath.join(folder, place[1]) if folder and not place[1].startswith("/") else place[1])
        elif (include := _INCLUDE.match(line)) is not None:
            _requirements(posixpath.normpath(posixpath.join(folder, include[1])), read, found, left - 1)
        elif (named := _NAMED.match(line)) is not None:
            found.requires.add(python_name(named[1]))


# TOML


def _table(value: Any, *names: str) -> dict[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:_MAX_ENTRIES] if isinstance(value, list) else []


def _toml(text: str | None) -> dict[str, Any]:
    if text is None or len(text) > _MAX_TEXT:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _dependencies(table: dict[str, Any], found: _Gathered) -> None:
    """A table of requirements by name: Poetry's, Pipenv's, uv's sources."""
    for name, wanted in table.items():
        places = wanted if isinstance(wanted, list) else [wanted]
        for one in places:
            place = one.get("path") if isinstance(one, dict) else None
            if isinstance(place, str):
                found.place(place)
        found.requires.add(python_name(name))


def _pipfile(text: str | None, found: _Gathered) -> None:
    data = _toml(text)
    for section in ("packages", "dev-packages"):
        _dependencies(_table(data, section), found)


def _pyproject(text: str | None, found: _Gathered) -> None:
    data = _toml(text)
    project, tool = _table(data, "project"), _table(data, "tool")
    poetry = _table(tool, "poetry")
    found.called(project.get("name") or poetry.get("name") or _table(tool, "flit", "metadata").get("module"))
    for one in _list(project.get("dependencies")):
        found.require(one)
    groups = [*_table(project, "optional-dependencies").values(), *_table(data, "dependency-groups").values()]
    for group in (*groups, *_table(tool, "pdm", "dev-dependencies").values()):
        for one in _list(group):
            found.require(one)
    _dependencies(_table(poetry, "dependencies"), found)
    _dependencies(_table(poetry, "dev-dependencies"), found)
    for group in _table(poetry, "group").values():
        _dependencies(_table(group, "dependencies"), found)
    _dependencies(_table(tool, "uv", "sources"), found)
    _backends(tool, poetry, found)


def _backends(tool: dict[str, Any], poetry: dict[str, Any], found: _Gathered) -> None:
    """Where the tools that build say that the modules stand."""
    for package in _list(poetry.get("packages")):
        table = _table(package)
        start, target, include = table.get("from") or ".", table.get("to"), table.get("include")
        if isinstance(target, str) and isinstance(include, str) and isinstance(start, str):
            dotted = posixpath.normpath(posixpath.join(target, include)).replace("/", ".")
            found.anchor(posixpath.join(start, include), dotted)
        else:
            found.anchor(start)
    setuptools = _table(tool, "setuptools")
    _package_dirs(_table(setuptools, "package-dir"), found)
    for where in _list(_table(setuptools, "packages", "find").get("where")):
        found.anchor(where)
    build = _table(tool, "hatch", "build")
    for target in (build, _table(build, "targets", "wheel")):
        for package in _list(target.get("packages")):
            if isinstance(package, str):
                found.anchor(posixpath.dirname(package.rstrip("/")))
        sources = target.get("sources")
        for source in _list(sources):
            found.anchor(source)
        for mapped in (sources, target.get("force-include")):
            for source, package in _table(mapped).items():
                found.anchor(source, _dotted(package))
    found.anchor(_table(tool, "pdm", "build").get("package-dir"))
    backend = _table(tool, "uv", "build-backend")
    found.anchor(backend.get("module-root"))
    found.anchor(_table(tool, "maturin").get("python-source"))


def _dotted(written: Any) -> str:
    return written.strip("/").replace("/", ".") if isinstance(written, str) else ""


def _package_dirs(table: dict[Any, Any], found: _Gathered) -> None:
    """``package_dir``: ``{"": "src"}``, ``{"acme": "code"}``."""
    for package, folder in table.items():
        if isinstance(package, str):
            found.anchor(folder, package)


# setuptools


def _setup_cfg(text: str | None, found: _Gathered) -> None:
    if text is None or len(text) > _MAX_TEXT:
        return
    import configparser

    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return
    found.called(parser.get("metadata", "name", fallback=None))
    for line in parser.get("options", "package_dir", fallback="").splitlines():
        package, equals, folder = line.partition("=")
        if equals:
            found.anchor(folder.strip(), package.strip())
    where = parser.get("options.packages.find", "where", fallback="").strip()
    if where:
        found.anchor(where)
    for line in parser.get("options", "install_requires", fallback="").splitlines():
        found.require(line)


def _setup_py(text: str | None, found: _Gathered) -> None:
    if text is None or len(text) > _MAX_TEXT or "setup" not in text:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in _calls(tree, "setup"):
        for keyword in node.keywords:
            if keyword.arg == "name":
                found.called(_written(keyword.value))
            elif keyword.arg == "package_dir":
                written = _written(keyword.value)
                _package_dirs(written if isinstance(written, dict) else {}, found)
            elif keyword.arg == "packages":
                for call in _calls(keyword.value, "find_packages", "find_namespace_packages"):
                    given = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "where")]
                    for expr in given:
                        found.anchor(_written(expr))
            elif keyword.arg in ("install_requires", "extras_require"):
                written = _written(keyword.value)
                groups = written.values() if isinstance(written, dict) else [written]
                for group in groups:
                    for requirement in _list(group):
                        found.require(requirement)


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of functions of these names (``setup``, ``setuptools.setup``)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
            if name in names:
                yield node


def _written(node: ast.expr) -> Any:
    """The value of an expression that is written out, or None."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


__all__ = ["METADATA", "Layout", "layout"]
