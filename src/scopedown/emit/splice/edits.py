"""A change of text at a position, and the atomic replacement of a file that nobody changed meanwhile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place


class SpliceError(ScopedownError):
    """A place that cannot be written without touching what is not to be touched; the remedy says what to do by hand."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """``text`` in place of the characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises ValueError where two of them overlap.

    >>> apply("a: 1", [Edit(3, 4, "2"), Edit(0, 1, "b")])
    'b: 2'
    """
    parts, last = [], 0
    for one in sorted(edits, key=lambda one: (one.start, one.end)):  # those of one place in the order given
        if one.start < last:
            raise ValueError("two changes of the same text")
        parts += [text[last : one.start], one.text]
        last = one.end
    return "".join([*parts, text[last:]])


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of a file that holds ``before``: at every moment it is the old one or the new one.

    A link is followed, and the file keeps its mode. Raises SpliceError where the file was changed meanwhile, or cannot
    be written.
    """
    target = Path(os.path.realpath(path))
    handle, temporary = -1, ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(target.stat().st_mode & 0o7777)
        if target.read_bytes() != before:
            raise SpliceError(f"{path.name} was changed meanwhile", Place(path.name), "run the command again")
        Path(temporary).replace(target)
    except OSError as error:
        raise SpliceError(
            f"{path.name} cannot be written: {error.strerror or error}", Place(path.name), "check the folder's mode"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
