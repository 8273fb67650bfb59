"""Cargo.lock: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html, read line by line.

Cargo writes it: one ``[[package]]`` for each crate with its name, version, registry and what it requires. Names stand
as code writes them, with ``_`` for ``-``.
"""

from __future__ import annotations

import re
from typing import Final

from scopedown.source.packages.lock import Builder, Lock

_FIELD: Final = re.compile(r'^(name|version|source) = "([^"]*)"')
_NEEDED: Final = re.compile(r'^ "([A-Za-z0-9_-]+)')
_PUBLIC: Final = ("registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/")


def cargo_lock(text: str) -> Lock:
    """Cargo.lock of any version. Raises ValueError for what is none.

    >>> cargo_lock('[[package]]\\nname = "a-b"\\nversion = "1.0.0"\\ndependencies = [\\n "c",\\n]').needs
    {'a_b': frozenset({'c'})}
    """
    if "[[package]]" not in text:
        raise ValueError("not a lock file of Cargo")
    built = Builder()
    for entry in text.split("[[package]]")[1:]:
        fields: dict[str, str] = {}
        needs: list[str] = []
        for line in entry.splitlines():
            if (found := _FIELD.match(line)) is not None:
                fields[found[1]] = found[2]
            elif (needed := _NEEDED.match(line)) is not None:
                needs.append(needed[1].replace("-", "_"))
        name = fields.get("name", "").replace("-", "_")
        if name:
            built.add(name, needs, own=not fields.get("source", "").startswith(_PUBLIC))
            built.versions[name] = fields.get("version", "")
    return built.lock()
