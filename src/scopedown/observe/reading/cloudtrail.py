"""CloudTrail's files to the table ``used``, by the standard library: the reader that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from scopedown.observe.events import Events
from scopedown.observe.model import Used
from scopedown.observe.reading.bundles import read_bundles
from scopedown.observe.reading.files import BEGINNING, UnreadableError, records
from scopedown.observe.reading.records import Fold
from scopedown.observe.reading.wanted import Wanted

_BUNDLE = 16
"""Files that a process reads at once, at most."""


def read(
    files: Sequence[Path], wanted: Wanted, jobs: int = 1, tell: Callable[[int], None] = lambda files: None
) -> Used:
    """The table of all files; ``tell`` is called with the number of files that were read so far."""
    return read_bundles(partial(_read, wanted), files, jobs, _BUNDLE, 8, tell)


def _read(wanted: Wanted, files: Iterable[Path]) -> Used:
    fold = Fold(wanted, _events().hints)
    for path in files:
        fold.used.files += 1
        try:
            for some in records(path, partial(_is_taken, fold)):
                fold.add(some)
        except UnreadableError as error:
            fold.used.unreadable[str(path)] = str(error)
    return fold.used


def _is_taken(fold: Fold, text: str) -> bool:
    if not text.startswith(BEGINNING):
        fold.used.odd += 1
        return False
    return fold.skim(text)


@cache
def _events() -> Events:
    """Once a process."""
    from scopedown.catalog.load import catalog

    return Events(catalog())
