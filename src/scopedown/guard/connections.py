"""What answers a request opens no connection but to the guards of this process: a caller gets no way to other servers.

In: the addresses where guards of this process listen. Out: an audit hook of Python, which refuses every other
connection and every look-up of a name in threads that answer a request, and in those that they start. moto sends what
callers tell it to send (a message of a topic to a URL, a request of a test of an API), and containers are started
through a socket of this machine. Each refusal is handed to the guard that answers. Everything else in the process, such
as the tests that use the guard, connects as it likes.
"""

from __future__ import annotations

import errno
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

Note = Callable[[str], None]
"""Takes where a connection was to go: ``HOST:PORT``, a name, or a path."""

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
"""https://docs.python.org/3/library/audit_events.html"""

_answering: ContextVar[Note | None] = ContextVar("answering", default=None)
_started: WeakKeyDictionary[threading.Thread, Note] = WeakKeyDictionary()
_own: dict[str, frozenset[tuple[str, int]]] = {}
_is_hooked = False
_lock = threading.Lock()


@contextmanager
def answering(note: Note) -> Iterator[None]:
    """While a request is answered in this thread."""
    token = _answering.set(note)
    try:
        yield
    finally:
        _answering.reset(token)


def listens(address: str) -> None:
    """A guard listens at this URL from now on."""
    global _is_hooked
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    with _lock:
        _own[address] = frozenset({(host, port), *((found, port) for found in _addresses(host))})
        if not _is_hooked:
            threading.Thread.start = _noting(threading.Thread.start)  # type: ignore[assignment, method-assign]
            sys.addaudithook(_audited)
            _is_hooked = True


def ends(address: str) -> None:
    """No guard listens at this URL any more."""
    with _lock:
        _own.pop(address, None)


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except OSError:
        return []


def _noting(original: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """A thread's start, for which what starts it counts: Python 3.11 has no audit event for it."""

    @wraps(original)
    def start(thread: threading.Thread) -> None:
        if (note := _note()) is not None:
            _started[thread] = note
        original(thread)

    return start


def _audited(event: str, given: tuple[Any, ...]) -> None:
    is_name = event in _LOOKS_UP
    if not is_name and event not in _CONNECTS:
        return
    note = _note()
    if note is None:
        return
    address = given[:2] if event == "socket.getaddrinfo" else given[0] if is_name else given[1]
    if address is None or _is_own(address, is_name):
        return
    shown = _shown(address)
    note(shown)
    raise ConnectionRefusedError(errno.ECONNREFUSED, f"The guard connects to no other server ({shown})")


def _note() -> Note | None:
    return _answering.get() or (_started.get(threading.current_thread()) if _started else None)


def _is_own(address: Any, is_name: bool) -> bool:
    if not isinstance(address, tuple):
        return is_name and any(_text(address) == host for places in list(_own.values()) for host, _ in places)
    host, port = _text(address[0]), str(address[1] if len(address) > 1 else "")
    return any((host, port) == (own, str(number)) for places in list(_own.values()) for own, number in places)


def _shown(address: Any) -> str:
    parts = address[:2] if isinstance(address, tuple) else (address,)
    return ":".join(_text(part) for part in parts if part is not None)


def _text(part: Any) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
