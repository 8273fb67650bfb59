"""Pinned versions of packages, from requirements and lock files.

Requirements files may include others, and a project's settings may name them otherwise. Only a version that is certain
counts: ``name==1.2.3``, or what a lock file says. A range (``>=4``, ``^2.1.0``) pins nothing and is left out; so is a
package that two files pin differently. Python names are normalised (PEP 503).
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from scopedown.source.packages.read import MAX_BYTES, lock_of
from scopedown.source.packages.requirement_files import pins_of

_EXACT: Final = re.compile(r"^v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$")
_LOCKS: Final = ("Pipfile.lock", "poetry.lock", "uv.lock", "package-lock.json")


def pinned(root: Path, folders: Iterable[str], requirements: Iterable[str] = ()) -> dict[str, str]:
    """Exact versions found in the project's folder and in ``folders`` (relative to it). ``requirements`` are further
    names of requirements files that the project's settings give."""
    versions: dict[str, str] = {}
    unsure: set[str] = set()
    for folder in dict.fromkeys(("", *folders)):
        for package, version in pins_of(root / folder, requirements):
            if versions.setdefault(package, version) != version:
                unsure.add(package)
        for name in (*_LOCKS, "package.json"):
            content = _content(os.path.join(root, folder, name))
            if content is None:
                continue
            for package, version in _package(content) if name == "package.json" else _locked(name, content):
                if versions.setdefault(package, version) != version:
                    unsure.add(package)
    return {package: version for package, version in sorted(versions.items()) if package not in unsure}


def _content(path: str) -> bytes | None:
    try:
        found = os.stat(path)
        return Path(path).read_bytes() if stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES else None
    except (OSError, ValueError):
        return None


def _locked(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    lock = lock_of(name, content)
    if lock is not None:  # a broken lock file pins nothing; it is not ours to report
        yield from lock.versions.items()


def _package(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        package = json.loads(content.decode("utf-8-sig", "replace"))
        sections = [package.get(section) or {} for section in ("dependencies", "devDependencies")]
        for name, version in (one for section in sections for one in section.items()):
            match = _EXACT.match(version) if isinstance(version, str) else None
            if match:
                yield name, match[1]
    except (ValueError, RecursionError, AttributeError, TypeError):
        return
