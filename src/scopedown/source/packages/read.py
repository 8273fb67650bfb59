"""Lock files by their names, each content read once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scopedown.source.packages.lock import Lock

MAX_BYTES: Final = 32 * 1024 * 1024
"""A larger lock file says nothing here."""
_KEPT: Final = 64

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "javascript": {
        "package-lock.json": "npm_locks.package_lock",
        "npm-shrinkwrap.json": "npm_locks.package_lock",
        "pnpm-lock.yaml": "block_locks.pnpm_lock",
        "yarn.lock": "block_locks.yarn_lock",
        "bun.lock": "npm_locks.bun_lock",
    },
    "python": {
        "poetry.lock": "python_locks.toml_lock",
        "uv.lock": "python_locks.toml_lock",
        "pdm.lock": "python_locks.toml_lock",
        "Pipfile.lock": "python_locks.pipfile_lock",
    },
    "rust": {"Cargo.lock": "cargo_locks.cargo_lock"},
    "ruby": {"Gemfile.lock": "section_locks.gem_lock"},
    "php": {"composer.lock": "section_locks.composer_lock"},
    "go": {"go.sum": "go_locks.go_sum"},
}
"""The lock files of each language with the function that reads them, whose module is loaded when the first of them is
read; requirements have many names, see :func:`is_requirements`."""
_REQUIREMENTS: Final = re.compile(r"^[\w.-]*requirements[\w.-]*\.txt$")
_known: dict[tuple[str, bytes], Lock | None] = {}


def is_requirements(name: str) -> bool:
    """Whether a file of this name lists Python requirements.

    >>> is_requirements("requirements.txt"), is_requirements("requirements-prod.txt"), is_requirements("notes.txt")
    (True, True, False)
    """
    return _REQUIREMENTS.match(name) is not None


def lock_of(name: str, content: bytes) -> Lock | None:
    """The lock file of a name with this content; None where it is broken, too large, or no lock file."""
    read = next((readers[name] for readers in NAMES.values() if name in readers), None)
    if read is None and is_requirements(name):
        read = "python_locks.requirements"
    if read is None or len(content) > MAX_BYTES:
        return None
    key = name, hashlib.blake2b(content, digest_size=16).digest()
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.clear()
        try:
            _known[key] = _reader(read)(content.decode("utf-8-sig", "replace"))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            _known[key] = None  # a broken lock file says nothing; it is not ours to report
    return _known[key]


def _reader(name: str) -> Callable[[str], Lock]:
    module, _, function = name.partition(".")
    reader: Callable[[str], Lock] = getattr(import_module(f"scopedown.source.packages.{module}"), function)
    return reader
