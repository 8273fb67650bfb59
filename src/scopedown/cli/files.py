"""Files that commands write: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from scopedown.core.finding import ScopedownError


def write_file(path: Path, content: str | bytes) -> None:
    """Write text or bytes to a file of the user's: to a temporary file beside it, which then takes its name.

    A file that was there keeps its mode; a device or a pipe (/dev/null, /dev/stdout) is written to and not replaced.
    Raises ScopedownError where the folder cannot be written.
    """
    mode, encoding = ("wb", None) if isinstance(content, bytes) else ("w", "utf-8")
    try:
        if path.exists() and not path.is_file():
            with path.open(mode, encoding=encoding) as file:
                file.write(content)
            return
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        try:
            with os.fdopen(handle, mode, encoding=encoding) as file:
                file.write(content)
            rights = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
            Path(temporary).chmod(rights)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScopedownError(
            f"{path} cannot be written: {reason}", None, "choose another file with --output"
        ) from error


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
