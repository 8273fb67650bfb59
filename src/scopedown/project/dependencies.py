"""Pinned versions of packages, from requirements and lock files.

Only a version that is certain counts: ``name==1.2.3``, or what a lock file says. A range (``>=4``, ``^2.1.0``) pins
nothing and is left out; so is a package that two files pin differently. Python names are normalised (PEP 503).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_PINNED: Final = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([\w.!+-]+)\s*(?:[;#\\].*)?$")
_EXACT: Final = re.compile(r"^v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$")
_MAX_BYTES: Final = 8 * 1024 * 1024


def pinned(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Exact versions found in the project's folder and in ``folders`` (relative to it)."""
    versions: dict[str, str] = {}
    unsure: set[str] = set()
    for folder in dict.fromkeys(("", *folders)):
        for reader, name in (
            (_requirements, "requirements.txt"),
            (_pipfile_lock, "Pipfile.lock"),
            (_toml_lock, "poetry.lock"),
            (_toml_lock, "uv.lock"),
            (_package_lock, "package-lock.json"),
            (_package, "package.json"),
        ):
            text = _text(root / folder / name)
            if text is None:
                continue
            try:
                for package, version in reader(text):
                    if versions.setdefault(package, version) != version:
                        unsure.add(package)
            except (ValueError, RecursionError, AttributeError, TypeError):
                continue  # a broken lock file pins nothing; it is not ours to report
    return {package: version for package, version in sorted(versions.items()) if package not in unsure}


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_text("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None


def python_name(name: str) -> str:
    """A Python package's normalised name (PEP 503).

    >>> python_name("AWS_Lambda.Powertools")
    'aws-lambda-powertools'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _PINNED.match(line)
        if match and "*" not in match[2]:
            yield python_name(match[1]), match[2]


def _pipfile_lock(text: str) -> Iterator[tuple[str, str]]:
    for name, entry in json.loads(text).get("default", {}).items():
        version = entry.get("version", "")
        if version.startswith("=="):
            yield python_name(name), version[2:]


def _toml_lock(text: str) -> Iterator[tuple[str, str]]:
    for package in tomllib.loads(text).get("package", []):
        if isinstance(package.get("name"), str) and isinstance(package.get("version"), str):
            yield python_name(package["name"]), package["version"]


def _package_lock(text: str) -> Iterator[tuple[str, str]]:
    lock = json.loads(text)
    for path, entry in lock.get("packages", {}).items():
        head, _, name = path.partition("node_modules/")
        if not head and name and "node_modules/" not in name and isinstance(entry.get("version"), str):
            yield name, entry["version"]
    if "packages" not in lock:
        for name, entry in lock.get("dependencies", {}).items():
            if isinstance(entry.get("version"), str):
                yield name, entry["version"]


def _package(text: str) -> Iterator[tuple[str, str]]:
    package = json.loads(text)
    for section in ("dependencies", "devDependencies"):
        for name, version in (package.get(section) or {}).items():
            match = _EXACT.match(version) if isinstance(version, str) else None
            if match:
                yield name, match[1]
