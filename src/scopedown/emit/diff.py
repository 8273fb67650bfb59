"""A change of a file as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator


def diff(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of a diff, without line ends."""
    old, new = (one.decode("utf-8-sig").splitlines(keepends=True) for one in (before, after))
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line.rstrip("\r\n")
        if not line.endswith("\n") and not line.startswith(("---", "+++", "@@")):
            yield "\\ No newline at end of file"
