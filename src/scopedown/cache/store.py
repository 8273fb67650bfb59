"""A folder of JSON documents under keys that are digests of all that a document depends on.

Each document is signed with a secret of the user (``secret.py``), together with its key. Nothing in it is needed: a
document that is missing, damaged, signed otherwise, too large or not a file is as if it had never been
there, and where the folder cannot be written nothing is kept. Documents are written whole (a temporary file,
renamed), so that processes that share the folder never see half of one. JSON only: reading one runs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

FORMAT = b"scopedown-cache-2 "
MAX_DOCUMENT = 8_000_000
"""Bytes of one document; a larger one is not kept."""
MAX_BYTES = 200_000_000
"""Bytes of the folder, about; what was not used for longest goes."""
_TRIM_EVERY = 3600
"""Seconds after which a process that writes looks how large the folder has become."""
_FRESH = 86_400
"""Seconds in which a document that is used counts as used anyway, without a note."""
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder holds what scopedown worked out before; it can be deleted. See https://bford.info/cachedir/\n"
)


def usual_folder(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Where the platform keeps users' caches: ``SCOPEDOWN_CACHE`` where it is set; None where there is no such place.

    https://specifications.freedesktop.org/basedir-spec/latest/ on Linux, ``~/Library/Caches`` on macOS
    (https://developer.apple.com/library/archive/documentation/FileManagement/Conceptual/FileSystemProgrammingGuide/FileSystemOverview/FileSystemOverview.html),
    ``LOCALAPPDATA`` on Windows.
    """
    if own := environment.get("SCOPEDOWN_CACHE"):
        return own
    if platform == "win32":
        base = environment.get("LOCALAPPDATA", "")
        return os.path.join(base, "scopedown", "Cache") if os.path.isabs(base) else None
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the specification: a relative path is ignored
        home = environment.get("HOME", "")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, "Library", "Caches") if platform == "darwin" else os.path.join(home, ".cache")
    return os.path.join(base, "scopedown")


def key_of(*parts: Any) -> str:
    """The key of what depends on ``parts``: plain data that JSON can say. Raises TypeError and ValueError for other."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


class Store:
    """The documents of one folder, which is made when the first one is written."""

    def __init__(self, folder: str, secret: bytes, max_bytes: int = MAX_BYTES) -> None:
        self.folder = os.path.abspath(folder)
        self._secret = secret
        self.max_bytes = max_bytes
        self._is_ready = False
        self._is_closed = False
        self._written = 0

    def get(self, key: str) -> Any:
        """The document of a key, or None."""
        path = self._path(key)
        try:
            # A pipe in a document's place would be waited for: it is not, and then seen to be no file.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb") as stream:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_DOCUMENT:
                    return None
                content = stream.read(MAX_DOCUMENT + 1)
        except OSError:
            return None
        head, _, body = content.partition(b"\n")
        if not hmac.compare_digest(head, self._head(key, body)):
            return None
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if time.time() - found.st_mtime > _FRESH:
            try:
                os.utime(path)
            except OSError:
                pass
        return document

    def put(self, key: str, document: Any) -> None:
        """Keep a document; where that is not possible nothing happens."""
        if self._is_closed:
            return
        try:
            body = json.dumps(document, separators=(",", ":")).encode()
        except (TypeError, ValueError, RecursionError):
            return
        if len(body) > MAX_DOCUMENT:
            return
        try:
            self._make_ready()
            self._write(self._path(key), self._head(key, body) + b"\n" + body)
        except OSError:  # no room, no right: this run goes on without
            self._is_closed = True
            return
        self._written += len(body)
        if self._written > self.max_bytes // 8:
            self.trim()

    def trim(self) -> None:
        """Delete what was not used for longest until the folder is small again; leftovers of ended processes too."""
        self._written = 0
        now = time.time()
        found = sorted(self._files())
        size = sum(one[1] for one in found)
        for used, length, path in found:
            is_leftover = path.endswith(".part") and now - used > _TRIM_EVERY
            if size > self.max_bytes * 3 // 4 or is_leftover:
                try:
                    os.unlink(path)
                except OSError:
                    continue
                size -= length

    def _head(self, key: str, body: bytes) -> bytes:
        return FORMAT + hmac.new(self._secret, key.encode() + b"\n" + body, hashlib.sha256).hexdigest().encode()

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, key[:2], f"{key}.json")

    def _make_ready(self) -> None:
        if self._is_ready:
            return
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self._is_ready = True
        tag = os.path.join(self.folder, "CACHEDIR.TAG")
        try:
            is_due = time.time() - os.stat(tag).st_mtime > _TRIM_EVERY
        except FileNotFoundError:
            self._write(tag, _TAG.encode())
            return
        if is_due:
            os.utime(tag)
            self.trim()

    def _write(self, path: str, content: bytes) -> None:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        temporary = f"{path}.{os.getpid()}-{time.monotonic_ns()}.part"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(temporary, flags, 0o600)
        try:
            with open(descriptor, "wb") as stream:
                stream.write(content)
            os.replace(temporary, path)
        except BaseException:
            try:
                os.unlink(temporary)
            except OSError:
                pass
            raise

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """(last use, size, path) of everything in the folder that is of this store."""
        for number in range(256):
            inner = os.path.join(self.folder, f"{number:02x}")
            try:
                entries = list(os.scandir(inner))
            except OSError:
                continue
            for entry in entries:
                try:
                    known = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if entry.name.endswith((".json", ".part")) and not stat.S_ISDIR(known.st_mode):
                    yield known.st_mtime, known.st_size, entry.path
