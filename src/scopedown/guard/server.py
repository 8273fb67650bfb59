"""A WSGI application served over HTTP to clients that may be slow, broken or many, without one disturbing another.

In: an application and where to listen. Out: a :class:`Server` that is started and stopped. waitress does the work: it
reads each request whole, on disk where it is large, before a thread is taken for it, so that a slow client holds a
socket and nothing else (docs/decisions/007-the-guards-server.md). What this module adds: as many threads as requests
are being answered (one of them may wait for another: CloudFormation's, or a function's that is being invoked), limits
that are told as AWS tells them, and an end at which every request that was taken has its answer.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import io
import logging
import os
import re
import select
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from scopedown.core.finding import ScopedownError, printable

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

THREADS_AT_FIRST, THREADS = 4, 256
CONNECTIONS = 1_000
"""More wait in the system's queue until one ends."""
HEADER_SECONDS = 30
"""A request whose headers are not there by then ends with its connection."""
BODY_BYTES_A_SECOND = 1_000
"""A body may come as slowly as this; slower ones end with their connection."""
SWEEP_SECONDS = 5
"""How often those are looked for."""
IDLE_SECONDS = 120
"""How long a connection is kept open between requests; the SDKs keep theirs for less."""
LARGEST_BODY = 1_073_741_824
"""Of any request: what a PutObject may bring (AWS takes 5 GiB; a local disk is smaller)."""
LARGEST_REQUEST = 70_167_211
"""Bytes of a request to any service but S3: what Lambda takes, which takes the most
(https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html answers RequestEntityTooLargeException, 413;
the number is the one that its message gives)."""
COLLECTED = 8_388_608
"""Bytes of a body after which memory is collected at once: moto's requests hold each other, and with them their bodies,
until the collector of cycles comes by, which it does after so many objects, however large they are."""
_SIGNED_FOR = re.compile(r"/([\w-]+)/aws4_request")


class AddressInUseError(ScopedownError):
    """Nothing can listen there."""


class Server:
    """An application on a port. ``port`` 0 takes a free one, which :attr:`port` tells at once.

    Raises AddressInUseError.
    """

    def __init__(self, application: Application, host: str = "127.0.0.1", port: int = 0) -> None:
        # Its warnings tell of queues and closed sockets: a client's affair.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        self._threads = _Threads()
        self._threads.set_thread_count(THREADS_AT_FIRST)
        _large_blocks_of_their_own()
        settings = {
            "host": host, "port": port, "ident": None, "backlog": 1024, "connection_limit": CONNECTIONS,
            "cleanup_interval": SWEEP_SECONDS, "channel_timeout": IDLE_SECONDS, "max_request_body_size": LARGEST_BODY,
            "log_socket_errors": False, "recv_bytes": 262_144, "clear_untrusted_proxy_headers": False,
            # An answer never waits in a thread for its reader: it goes to the disk.
            "outbuf_high_watermark": 2 * LARGEST_BODY,
        }  # fmt: skip
        try:
            adjustments = Adjustments(**settings)
            self._server = _Listener(
                _answering(application), {}, dispatcher=self._threads, adj=adjustments, sockinfo=adjustments.listen[0]
            )
        except (OSError, ValueError) as error:
            self._threads.shutdown(timeout=0)
            raise _not_there(error, host, port) from None
        self.host = host
        self.port = int(self._server.effective_port)
        self._ends = False
        self._loop = threading.Thread(target=self._run, name="guard-server", daemon=True)

    @property
    def address(self) -> str:
        """Where clients find it; the loopback's where it listens on every address."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._server.active_channels)

    def start(self) -> None:
        """Take requests, in threads of its own."""
        self._loop.start()

    def stop(self, seconds: float = 10) -> None:
        """Take no more connections, let what was asked be answered for so long, and close all."""
        self._ends_by = time.monotonic() + seconds
        self._ends = True
        if self._loop.is_alive():
            self._server.pull_trigger()
            self._loop.join()
        self._threads.shutdown(timeout=0.5)
        # The listener's trigger is closed by the listener itself, once.
        self._server.close()
        wasyncore.close_all(self._server._map, ignore_all=True)

    def _run(self) -> None:
        polls = hasattr(select, "poll")  # select itself is for 1,024 descriptors; Windows has nothing else
        channels = self._server.active_channels
        while not self._ends:
            wasyncore.loop(timeout=1, use_poll=polls, map=self._server._map, count=1)
        self._server.accepting = False
        # Requests that are still being read when the end is asked for are not waited for.
        while time.monotonic() < self._ends_by and any(
            channel.requests or channel.total_outbufs_len for channel in list(channels.values())
        ):
            wasyncore.loop(timeout=0.1, use_poll=polls, map=self._server._map, count=1)


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """A thread more whenever a request would have to wait for one."""

    def add_task(self, task: Any) -> None:
        with self.lock:
            idle = len(self.threads) - self.stop_count - self.active_count
            count = len(self.threads) - self.stop_count
            wanted = count + 1 if len(self.queue) >= idle and 0 < count < THREADS else count
        if wanted > count:
            self.set_thread_count(wanted)
        super().add_task(task)


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request that is being read, which knows since when."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.since = time.monotonic()

    def is_too_slow(self) -> bool:
        taken = time.monotonic() - self.since
        if not self.headers_finished:
            return bool(taken > HEADER_SECONDS)
        return bool(taken > HEADER_SECONDS + self.body_bytes_received / BODY_BYTES_A_SECOND)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser

    def send_continue(self) -> None:
        """waitress would wait for the body of a request that has none (boto3's PutObject of an empty object)."""
        is_whole = self.request.completed and self.request.body_rcv is None
        super().send_continue()
        self.request.completed = is_whole


class _Listener(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            request = channel.request
            if request is not None and not channel.requests and request.is_too_slow():
                channel.will_close = True


def _answering(application: Application) -> Application:
    """The application with what it needs of waitress, within its limits; a fault of it is AWS's InternalFailure."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["RAW_URI"] = environ.get("REQUEST_URI", "")  # the path as it was sent, where moto looks for it
        length = int(environ.get("CONTENT_LENGTH") or 0)
        try:
            if length > LARGEST_REQUEST and (service := _service(environ)) != "s3":
                message = f"Request must be smaller than {LARGEST_REQUEST} bytes for the {service} service"
                return _error(environ, start_response, "RequestEntityTooLargeException", message, 413)
            made = application(environ, start_response)
            if length > COLLECTED:
                made = _whole(made)  # what makes the answer has hold of the request
                environ["wsgi.input"] = io.BytesIO()
                _give_back()
            return made
        except Exception as error:
            if os.environ.get("SCOPEDOWN_TRACEBACK"):
                traceback.print_exc()
            said = printable(f"{type(error).__name__}: {error}")
            print(f"scopedown: {environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {said[:500]}", file=sys.stderr)
            return _error(environ, start_response, "InternalFailure", f"The guard could not answer: {said}", 500)

    return answer


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    """An answer's parts, all of them made."""
    try:
        return list(answer)
    finally:
        if (close := getattr(answer, "close", None)) is not None:
            close()


def _give_back() -> None:
    """Memory back to the system."""
    gc.collect()
    if (trim := _of_glibc("malloc_trim")) is not None:
        trim(0)


def _large_blocks_of_their_own() -> None:
    """Have a block of 1 MB or more taken from the system, and given back when it is freed. By itself glibc raises that
    limit to 32 MB with the first large body, and then each thread's arena keeps that much (mallopt(3),
    M_MMAP_THRESHOLD): 120 MB after a body of 100 MB, measured; with this, nothing."""
    if (mallopt := _of_glibc("mallopt")) is not None:
        mallopt(-3, 1_048_576)


def _of_glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library's own allocator; other libraries have none."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def _error(environ: dict[str, Any], start_response: Any, code: str, message: str, status: int) -> Iterable[bytes]:
    """An error in the protocol of the service that is asked, without reading what is asked."""
    from botocore.exceptions import UnknownServiceError
    from moto.core.request import Request
    from moto.core.utils import get_service_model

    from scopedown.guard import cbor
    from scopedown.guard import responses as answers
    from scopedown.guard.request import services_of

    name, request = _service(environ), Request(environ)
    service = next(iter(services_of(name)), name)
    protocol = cbor.protocol_of(request) or ("json" if "X-Amz-Target" in request.headers else "")
    if not protocol:
        try:
            protocol = str(get_service_model(service).protocol)
        except UnknownServiceError:
            protocol = "rest-xml"
    error = answers.RefusedError(code, message, status)
    made = answers.response(error, protocol, service, request)(environ, start_response)
    return list(made)


def _service(environ: dict[str, Any]) -> str:
    """The name that a request is signed for; S3's where it says none (a form, an anonymous request)."""
    given = environ.get("HTTP_AUTHORIZATION", "") + environ.get("QUERY_STRING", "").replace("%2F", "/")
    found = _SIGNED_FOR.search(given)
    return found[1] if found else "s3"


def _not_there(error: Exception, host: str, port: int) -> ScopedownError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return AddressInUseError(
            f"port {port} of {host} is in use",
            remedy="choose another port with --port, or use --port 0 for any free port",
        )
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM):
        return AddressInUseError(
            f"you have no right to use port {port} of {host}", remedy="choose a port above 1023 with --port"
        )
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return AddressInUseError(
        f"the guard cannot listen on {host}, port {port} ({said})", remedy="use an address of this machine"
    )
