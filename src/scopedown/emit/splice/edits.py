"""A change of text at a position, and the atomic replacement of a file that nobody changed meanwhile.

Folders of a project are locked while a process writes into them: by the system's advisory locks, which end with the
process that holds them. A killed process blocks no other, and no file is left. On POSIX the folder itself is locked
(flock(2)); Windows opens no folders, so a file of the user's temporary folder replaces it. Where a file system knows no
locks, nothing is locked.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

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
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):  # those of one place in the order given
        if edit.start < last:
            raise ValueError("two changes overlap in the file")
        parts += [text[last : edit.start], edit.text]
        last = edit.end
    return "".join([*parts, text[last:]])


def replace_files(
    changes: Sequence[tuple[Path, bytes, bytes]],
    folders: Iterable[Path] = (),
    as_read: Callable[[], bool] | None = None,
) -> None:
    """Put the last of each three in the place of a file that holds the second: at every moment each file is the old one
    or the new one. A file that is not there holds nothing, and is made.

    They are replaced in the order given, once all of them are written beside their places; who is killed between two
    leaves the first ones new and the others old. Links are followed, and files keep their modes. Of several processes
    that write into the ``folders`` (of the projects), or beside one of the files, one at a time compares and replaces;
    ``as_read`` is asked then whether all that the changes depend on is as it was. Raises SpliceError, and changes
    nothing, where one of the files was changed meanwhile or cannot be written.
    """
    ready: list[tuple[str, Path]] = []
    name = ""
    try:
        for path, _, after in changes:
            name = path.name
            target = Path(os.path.realpath(path))
            _clear(target)
            handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=_SUFFIX, dir=target.parent)
            ready.append((temporary, target))
            with os.fdopen(handle, "wb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(target.stat().st_mode & 0o7777 if target.exists() else _NEW)
        with locked([*folders, *(target.parent for _, target in ready)]):
            for (_, target), (path, before, _) in zip(ready, changes, strict=True):
                name = path.name
                if (target.read_bytes() if target.exists() else b"") != before:
                    raise _changed(name)
            if as_read is not None and not as_read():
                raise SpliceError("another process changed the project in the meantime", None, "run the command again")
            for (temporary, target), (path, _, _) in zip(ready, changes, strict=True):
                name = path.name
                Path(temporary).replace(target)
    except OSError as error:
        remedy = "run the command again" if isinstance(error, TimeoutError) else "check the folder's permissions"
        raise SpliceError(f"scopedown cannot write {name}: {error.strerror or error}", Place(name), remedy) from error
    finally:
        for temporary, _ in ready:
            Path(temporary).unlink(missing_ok=True)


def _changed(name: str) -> SpliceError:
    return SpliceError(f"another process changed {name} in the meantime", Place(name), "run the command again")


_SUFFIX: Final = ".new"
_NEW: Final = 0o644
"""The mode of a file that was not there."""
_LEFT_BEHIND: Final = 600.0
"""Seconds; no write of a file takes a hundredth of that, so that an older one is of a process that was killed."""


def _clear(target: Path) -> None:
    """Remove what a process that was killed left beside a file."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}{re.escape(_SUFFIX)}")
    for path in target.parent.iterdir():
        try:
            if ours.fullmatch(path.name) and time.time() - path.lstat().st_mtime > _LEFT_BEHIND:
                path.unlink()
        except OSError:  # it is another's, or gone already: it harms nobody
            continue
