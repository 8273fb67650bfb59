"""The network of a function under proof: AWS's own names are the guard, every other host is refused at once.

In: the guard's host and port, and a file. Out: connections to AWS on port 443 or 80 reach the guard, with the host's
name unchanged and without TLS; every other host raises an OSError that names it, and is written to the file, one a
line. Code in C that opens its own sockets (psycopg2, pycurl, grpc) does not come through here. Runs under the
function's own interpreter, so it keeps to what Python 3.8 knows.
"""

from __future__ import annotations

import errno
import socket
import ssl
from typing import Any

OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "")


class Plain:
    """What a secure connection tells of itself, for one that is not."""

    server_hostname = ""

    def getpeercert(self, binary_form: bool = False) -> Any:
        return b"" if binary_form else {"subjectAltName": (("DNS", self.server_hostname),)}

    def version(self) -> str:
        return "TLSv1.3"

    def cipher(self) -> tuple[str, str, int]:
        return ("TLS_AES_128_GCM_SHA256", "TLSv1.3", 128)

    def compression(self) -> None:
        return None

    def selected_alpn_protocol(self) -> None:
        return None

    def do_handshake(self, block: bool = False) -> None:
        pass

    def unwrap(self) -> Any:
        return self


class PlainSocket(Plain, socket.socket):
    """A connection to the guard that looks as if it were secure."""

    def pending(self) -> int:
        return 0


class PlainObject(Plain):
    """The same for those that read and write through memory (asyncio)."""

    def __init__(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, name: str) -> None:
        self.incoming, self.outgoing, self.server_hostname = incoming, outgoing, name

    def pending(self) -> int:
        return self.incoming.pending

    def read(self, size: int = 1024, buffer: Any = None) -> Any:
        data = self.incoming.read(size)
        if not data and not self.incoming.eof:
            raise ssl.SSLWantReadError
        if buffer is None:
            return data
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: bytes) -> int:
        return self.outgoing.write(data)


def install(host: str, port: int, refused: str) -> None:
    """Put the network in place of Python's own, once, before the function's code is loaded."""
    guard = (host, port)
    resolve, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex
    wrap, send_to = ssl.SSLContext.wrap_socket, socket.socket.sendto
    wrap_memory = ssl.SSLContext.wrap_bio

    def is_of_aws(name: str) -> bool:
        return name.lower().endswith(OF_AWS) or name.endswith("." + host)

    def refusal(name: str, asked: Any) -> OSError:
        told = "%s:%s" % (name, asked) if asked else name  # noqa: UP031
        with open(refused, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(told + "\n")
        return ConnectionRefusedError(errno.ECONNREFUSED, "scopedown prove: no network: " + told)

    def getaddrinfo(name: Any, asked: Any = None, *rest: Any, **more: Any) -> list[Any]:
        text = name.decode() if isinstance(name, bytes) else str(name or "")
        if text in LOCAL or text == host:
            return resolve(host if text in ("localhost", host) else name, asked, *rest, **more)
        if is_of_aws(text) and str(asked) in ("443", "80", "https", "http", "None"):
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", guard)]
        raise refusal(text, asked)

    def one_name(name: str) -> str:
        if name in LOCAL or is_of_aws(name):
            return host
        raise refusal(name, None)

    def is_allowed(one: socket.socket, address: Any) -> bool:
        if one.family not in (socket.AF_INET, socket.AF_INET6):
            return False
        return address[0] in LOCAL and address[1] == port

    def named(one: socket.socket, address: Any) -> OSError:
        is_network = one.family in (socket.AF_INET, socket.AF_INET6)
        return refusal(str(address[0]), address[1]) if is_network else refusal(str(address), None)

    def to(address: Any) -> Any:
        """AWS's names that were not looked up first."""
        is_name = isinstance(address, tuple) and len(address) >= 2 and isinstance(address[0], str)
        return guard if is_name and is_of_aws(address[0]) and address[1] in (443, 80) else address

    def connected(self: socket.socket, address: Any) -> None:
        if self.type & 0xF == socket.SOCK_DGRAM:
            return connect(self, address) if address[0] in LOCAL else None
        if not is_allowed(self, to(address)):
            raise named(self, address)
        return connect(self, to(address))

    def connected_ex(self: socket.socket, address: Any) -> int:
        if not is_allowed(self, to(address)):
            named(self, address)
            return errno.ECONNREFUSED
        return connect_ex(self, to(address))

    def sent_to(self: socket.socket, data: bytes, *rest: Any) -> int:
        if rest[-1][0] not in LOCAL:
            refusal(str(rest[-1][0]), rest[-1][1])
            return len(data)
        return send_to(self, data, *rest)

    def wrapped(self: ssl.SSLContext, sock: socket.socket, *rest: Any, **more: Any) -> Any:
        try:
            is_guard = sock.getpeername()[:2] == guard
        except (OSError, ValueError):
            is_guard = False
        if not is_guard:
            return wrap(self, sock, *rest, **more)
        timeout = sock.gettimeout()
        plain = PlainSocket(sock.family, sock.type, sock.proto, sock.detach())
        plain.settimeout(timeout)
        plain.server_hostname = more.get("server_hostname") or ""
        return plain

    def wrapped_memory(self: ssl.SSLContext, incoming: Any, outgoing: Any, *rest: Any, **more: Any) -> Any:
        name = more.get("server_hostname") or (rest[1] if len(rest) > 1 else "") or ""
        if is_of_aws(str(name)):
            return PlainObject(incoming, outgoing, str(name))
        return wrap_memory(self, incoming, outgoing, *rest, **more)

    changed: list[tuple[Any, str, Any]] = [
        (socket, "getaddrinfo", getaddrinfo), (socket, "gethostbyname", one_name),
        (socket.socket, "connect", connected), (socket.socket, "connect_ex", connected_ex),
        (socket.socket, "sendto", sent_to), (ssl.SSLContext, "wrap_socket", wrapped),
        (ssl.SSLContext, "wrap_bio", wrapped_memory),
    ]  # fmt: skip
    for where, name, with_what in changed:
        setattr(where, name, with_what)
