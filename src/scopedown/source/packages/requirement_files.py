"""Requirements files: those that a folder has, with the files that they include, and what a pyproject.toml pins.

In: a folder. Out: pairs of a package and its exact version. ``-r`` and ``-c`` are followed below the repository
(https://pip.pypa.io/en/stable/reference/requirements-file-format/); of pyproject.toml count ``project.dependencies``
(https://packaging.python.org/en/latest/specifications/pyproject-toml/) and Poetry's table, where a bare version is an
exact one (https://python-poetry.org/docs/dependency-specification/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scopedown.source.packages import python_name
from scopedown.source.packages.python_locks import requirements
from scopedown.source.repository import repository_of

_INCLUDED: Final = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]\s*([^\s#]+)", re.MULTILINE)
_EXACT: Final = re.compile(r"^(?:==)?\s*(\d[\w.!+-]*)$")
MAX_FILES: Final = 50
MAX_BYTES: Final = 4 * 1024 * 1024


def pins_of(folder: Path, names: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """What the requirements files of a folder pin: ``requirements.txt``, those in ``requirements/``, and ``names``."""
    found = [folder / name for name in ("requirements.txt", *names) if name]
    try:
        if (more := folder / "requirements").is_dir():
            found += sorted(more.glob("*.txt"))[:MAX_FILES]
    except (OSError, ValueError):
        pass
    top: Path | None = None
    seen: set[Path] = set()
    while found and len(seen) < MAX_FILES:
        if not _is_file(found[0]):
            found.pop(0)
            continue
        top = top or _top(folder)
        path = _inside(found.pop(0), top)
        if path is None or path in seen:
            continue
        seen.add(path)
        text = _text(path)
        if text is None:
            continue
        yield from _pins(text)
        found += [path.parent / name for name in _INCLUDED.findall(text)]
    if text := _text(folder / "pyproject.toml"):
        yield from _pyproject(text)


def _pins(text: str) -> Iterator[tuple[str, str]]:
    try:
        yield from requirements(text).versions.items()
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return


def _pyproject(text: str) -> Iterator[tuple[str, str]]:
    import tomllib

    try:
        tree = tomllib.loads(text)
        listed = tree.get("project", {}).get("dependencies", [])
        yield from _pins("\n".join(one for one in listed if isinstance(one, str) and "\n" not in one))
        for name, version in tree.get("tool", {}).get("poetry", {}).get("dependencies", {}).items():
            version = version.get("version") if isinstance(version, dict) else version
            if name != "python" and isinstance(version, str) and (match := _EXACT.match(version)):
                yield python_name(name), match[1]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return


def _top(folder: Path) -> Path:
    """The repository that a folder is in; without one the folder."""
    try:
        return repository_of(folder) or folder.resolve()
    except (OSError, RuntimeError, ValueError):
        return folder


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _inside(path: Path, top: Path) -> Path | None:
    try:
        real = path.resolve()
        return real if real.is_relative_to(top) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_text("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
