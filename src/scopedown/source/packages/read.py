"""Lock files by their names, each content read once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final

from scopedown.source.packages.block_locks import pnpm_lock, yarn_lock
from scopedown.source.packages.cargo_locks import cargo_lock
from scopedown.source.packages.go_locks import go_sum
from scopedown.source.packages.lock import Lock
from scopedown.source.packages.npm_locks import bun_lock, package_lock
from scopedown.source.packages.python_locks import pipfile_lock, requirements, toml_lock
from scopedown.source.packages.section_locks import composer_lock, gem_lock

MAX_BYTES: Final = 32 * 1024 * 1024
"""A larger lock file says nothing here."""
_KEPT: Final = 64

NAMES: Final[Mapping[str, Mapping[str, Callable[[str], Lock]]]] = {
    "javascript": {
        "package-lock.json": package_lock,
        "npm-shrinkwrap.json": package_lock,
        "pnpm-lock.yaml": pnpm_lock,
        "yarn.lock": yarn_lock,
        "bun.lock": bun_lock,
    },
    "python": {
        "poetry.lock": toml_lock,
        "uv.lock": toml_lock,
        "pdm.lock": toml_lock,
        "Pipfile.lock": pipfile_lock,
    },
    "rust": {"Cargo.lock": cargo_lock},
    "ruby": {"Gemfile.lock": gem_lock},
    "php": {"composer.lock": composer_lock},
    "go": {"go.sum": go_sum},
}
"""The lock files of each language; requirements have many names, see :func:`is_requirements`."""
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
        read = requirements
    if read is None or len(content) > MAX_BYTES:
        return None
    key = name, hashlib.blake2b(content, digest_size=16).digest()
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.clear()
        try:
            _known[key] = read(content.decode("utf-8-sig", "replace"))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            _known[key] = None  # a broken lock file says nothing; it is not ours to report
    return _known[key]
