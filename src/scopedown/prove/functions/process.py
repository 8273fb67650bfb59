"""One program, run to its end or to the end of its time, with all that it started.

In: a command, a folder, an environment, a time in seconds. Out: :class:`Ended`. What it writes is read as it comes, so
that it never waits, and only the end of it is kept; its standard input is empty; nothing that it started outlives it.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from scopedown.prove.processes import end

KEPT: Final = 64 * 1024
"""Bytes of output that are kept."""
_IS_WINDOWS: Final = os.name == "nt"
_NEW_GROUP: Final = 0x200
"""Windows: CREATE_NEW_PROCESS_GROUP."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended; ``code`` is None where its time was over."""

    code: int | None
    output: str
    seconds: float


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float) -> Ended:
    """Run a program. Raises OSError where it cannot be started."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=not _IS_WINDOWS,
        creationflags=_NEW_GROUP if _IS_WINDOWS else 0,
    )  # fmt: skip
    assert process.stdout is not None
    kept = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, kept), daemon=True)
    reader.start()
    code: int | None = None
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        pass
    finally:
        end(process)
        reader.join(5)  # a process that left the group may hold the pipe
    return Ended(code, kept.decode("utf-8", "replace"), time.monotonic() - start)


def _read(stream: IO[bytes], kept: bytearray) -> None:
    with stream:
        while chunk := os.read(stream.fileno(), KEPT):
            kept += chunk
            del kept[:-KEPT]
