"""CloudTrail's files to the table ``used``, by the standard library: the reader that needs nothing else.

Files are shared among processes in bundles: CloudTrail writes thousands of small ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from scopedown.observe.events import Events
from scopedown.observe.model import Used
from scopedown.observe.reading.files import BEGINNING, UnreadableError, records
from scopedown.observe.reading.records import Fold
from scopedown.observe.reading.wanted import Wanted
from scopedown.workers import in_order


def read_bundles(
    work: Callable[[Sequence[Path]], Used], files: Sequence[Path], jobs: int, most: int, share: int,
    tell: Callable[[int], None],
) -> Used:  # fmt: skip
    """What ``work`` reads of all files, by ``jobs`` processes.

    A bundle has ``most`` files at most, and so few that each process gets about ``share`` bundles; ``tell`` is called
    with the number of files that were read so far.
    """
    found = Used()
    size = max(1, min(most, len(files) // (jobs * share)))
    bundles = [tuple(files[at : at + size]) for at in range(0, len(files), size)]
    for part in in_order(work, bundles, jobs, most=1):
        found.add(part)
        tell(found.files)
    return found


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
