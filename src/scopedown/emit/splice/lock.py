"""Folders of a project that one process at a time writes into.

The system's own advisory locks, which end with the process that holds them: whoever is killed blocks nobody, and no
file is left. On POSIX the folder itself is locked (flock(2)); Windows opens no folders, so a file of the user's
temporary folder stands for it there. Where a file system knows no locks, nothing is locked.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

_PATIENCE: Final = 30.0
"""Seconds that a lock is waited for; no write holds one for a hundredth of that."""
_BUSY: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK})


@contextmanager
def locked(folders: Iterable[Path], patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the locks of folders. Raises TimeoutError where another process keeps one of them for too long."""
    until = time.monotonic() + patience
    with ExitStack() as held:
        # Everybody takes them in one order, so that no two wait for each other.
        for folder in sorted({os.path.realpath(path) for path in folders}):
            descriptor = _opened(folder)
            if descriptor is not None:
                held.callback(os.close, descriptor)
                _lock(descriptor, until)
        yield


def _opened(folder: str) -> int | None:
    try:
        if sys.platform != "win32":
            return os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        name = hashlib.sha256(os.path.normcase(folder).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return os.open(Path(tempfile.gettempdir()) / f"scopedown-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # who may not read the folder cannot write a file in it either, and is told that
        return None


def _lock(descriptor: int, until: float) -> None:
    while True:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _BUSY:  # a file system without locks
                return
            if time.monotonic() > until:
                raise TimeoutError(errno.ETIMEDOUT, "another process is writing to this folder") from error
            time.sleep(0.01)
        else:
            return
