"""Files shared among processes in bundles: CloudTrail writes thousands of small ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scopedown.observe.model import Used
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
