"""The secret of this user that the documents of the cache are signed with.

In: environment variables. Out: a :class:`Secret`: the bytes, or why there are none. It is ``SCOPEDOWN_CACHE_KEY``, else
a file in the user's configuration folder that only the user can read, which is made at the first use.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass

VARIABLE = "SCOPEDOWN_CACHE_KEY"
SHORTEST = 16
"""Characters that a secret in the variable has at least: nobody guesses it."""
_HELD = re.compile(rb"[0-9a-f]{64}\n?")


@dataclass(frozen=True, slots=True)
class Secret:
    """``value`` is empty where there is none, and ``why`` says why; ``file`` is where it is kept, empty where a
    variable holds it."""

    value: bytes = b""
    file: str = ""
    why: str = ""


def usual_file(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Where the platform keeps users' configuration; None where there is no such place.

    https://specifications.freedesktop.org/basedir-spec/latest/ on Linux, ``~/Library/Application Support`` on macOS
    (https://developer.apple.com/library/archive/documentation/FileManagement/Conceptual/FileSystemProgrammingGuide/FileSystemOverview/FileSystemOverview.html),
    ``APPDATA`` on Windows.
    """
    if platform == "win32":
        base = environment.get("APPDATA", "")
    else:
        base, home = environment.get("XDG_CONFIG_HOME", ""), environment.get("HOME", "")
        if not os.path.isabs(base):  # the specification: a relative path is ignored
            inside = ("Library", "Application Support") if platform == "darwin" else (".config",)
            base = os.path.join(home, *inside) if os.path.isabs(home) else ""
    return os.path.join(base, "scopedown", "cache.key") if os.path.isabs(base) else None


def secret_of(environment: Mapping[str, str]) -> Secret:
    """The user's secret; a file is made where there is none yet."""
    if given := environment.get(VARIABLE):
        if len(given) < SHORTEST:
            return Secret(why=f"{VARIABLE} has fewer than {SHORTEST} characters")
        return Secret(hashlib.sha256(given.encode("utf-8", "surrogateescape")).digest())
    path = usual_file(environment)
    if path is None:
        return Secret(why=f"no folder keeps its key, and {VARIABLE} is not set")
    try:
        if not os.path.lexists(path):
            _make(path)
        return _read(path)
    except OSError as error:
        return Secret(file=path, why=f"its key {path} cannot be used ({error.strerror})")


def _make(path: str) -> None:
    """Write a new secret. Of several processes that do so at once, the first one's stays."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    own = f"{path}.{os.getpid()}-{secrets.token_hex(8)}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(own, flags, 0o600), "wb") as stream:
        stream.write(secrets.token_hex(32).encode() + b"\n")
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(own)


def _read(path: str) -> Secret:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            return Secret(file=path, why=f"its key {path} is not a file")
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
            return Secret(file=path, why=f"others may read or write its key {path}")
        held = stream.read(100)
    if not _HELD.fullmatch(held):
        return Secret(file=path, why=f"its key {path} is damaged; delete it")
    return Secret(hashlib.sha256(held.strip()).digest(), path)  # as that of the same text in the variable
