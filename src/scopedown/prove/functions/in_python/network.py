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


class Network:
    """Which hosts there are: the guard at ``host`` and ``port``; the others are written to the file ``refused``."""

    def __init__(self, host: str, port: int, refused: str) -> None:
        self.host, self.port, self.refused = host, port, refused
        self.guard = (host, port)

    def is_of_aws(self, name: str) -> bool:
        return name.lower().endswith(OF_AWS) or name.endswith("." + self.host)

    def refusal(self, name: str, port: Any) -> OSError:
        told = "%s:%s" % (name, port) if port else name  # noqa: UP031
        with open(self.refused, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(told + "\n")
        return ConnectionRefusedError(errno.ECONNREFUSED, "scopedown prove: no network: " + told)

    def refusal_of_address(self, of: socket.socket, address: Any) -> OSError:
        is_network = of.family in (socket.AF_INET, socket.AF_INET6)
        return self.refusal(str(address[0]), address[1]) if is_network else self.refusal(str(address), None)

    def is_allowed(self, of: socket.socket, address: Any) -> bool:
        if of.family not in (socket.AF_INET, socket.AF_INET6):
            return False
        return address[0] in LOCAL and address[1] == self.port

    def target(self, address: Any) -> Any:
        """The guard for AWS's names that were not looked up first, otherwise the address."""
        is_name = isinstance(address, tuple) and len(address) >= 2 and isinstance(address[0], str)
        return self.guard if is_name and self.is_of_aws(address[0]) and address[1] in (443, 80) else address


def install(host: str, port: int, refused: str) -> None:
    """Put the network in place of Python's own, once, before the function's code is loaded.

    Each replacement is a module or class, the name of a function of it, and what is put in its place.
    """
    network = Network(host, port, refused)
    for where, name, function in (*_look_ups(network), *_connections(network), *_secure_connections(network)):
        setattr(where, name, function)


def _look_ups(network: Network) -> list[tuple[Any, str, Any]]:
    host, resolve = network.host, socket.getaddrinfo

    def getaddrinfo(name: Any, port: Any = None, *rest: Any, **more: Any) -> list[Any]:
        text = name.decode() if isinstance(name, bytes) else str(name or "")
        if text in LOCAL or text == host:
            return resolve(host if text in ("localhost", host) else name, port, *rest, **more)
        if network.is_of_aws(text) and str(port) in ("443", "80", "https", "http", "None"):
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", network.guard)]
        raise network.refusal(text, port)

    def gethostbyname(name: str) -> str:
        if name in LOCAL or network.is_of_aws(name):
            return host
        raise network.refusal(name, None)

    return [(socket, "getaddrinfo", getaddrinfo), (socket, "gethostbyname", gethostbyname)]


def _connections(network: Network) -> list[tuple[Any, str, Any]]:
    original_connect, original_connect_ex = socket.socket.connect, socket.socket.connect_ex
    original_sendto = socket.socket.sendto

    def connect(self: socket.socket, address: Any) -> None:
        if self.type & 0xF == socket.SOCK_DGRAM:
            return original_connect(self, address) if address[0] in LOCAL else None
        if not network.is_allowed(self, network.target(address)):
            raise network.refusal_of_address(self, address)
        return original_connect(self, network.target(address))

    def connect_ex(self: socket.socket, address: Any) -> int:
        if not network.is_allowed(self, network.target(address)):
            network.refusal_of_address(self, address)
            return errno.ECONNREFUSED
        return original_connect_ex(self, network.target(address))

    def sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
        if rest[-1][0] not in LOCAL:
            network.refusal(str(rest[-1][0]), rest[-1][1])
            return len(data)
        return original_sendto(self, data, *rest)

    of = socket.socket
    return [(of, "connect", connect), (of, "connect_ex", connect_ex), (of, "sendto", sendto)]


def _secure_connections(network: Network) -> list[tuple[Any, str, Any]]:
    original_wrap_socket, original_wrap_bio = ssl.SSLContext.wrap_socket, ssl.SSLContext.wrap_bio

    def wrap_socket(self: ssl.SSLContext, sock: socket.socket, *rest: Any, **more: Any) -> Any:
        try:
            is_guard = sock.getpeername()[:2] == network.guard
        except (OSError, ValueError):
            is_guard = False
        if not is_guard:
            return original_wrap_socket(self, sock, *rest, **more)
        timeout = sock.gettimeout()
        plain = PlainSocket(sock.family, sock.type, sock.proto, sock.detach())
        plain.settimeout(timeout)
        plain.server_hostname = more.get("server_hostname") or ""
        return plain

    def wrap_bio(self: ssl.SSLContext, incoming: Any, outgoing: Any, *rest: Any, **more: Any) -> Any:
        name = more.get("server_hostname") or (rest[1] if len(rest) > 1 else "") or ""
        if network.is_of_aws(str(name)):
            return PlainObject(incoming, outgoing, str(name))
        return original_wrap_bio(self, incoming, outgoing, *rest, **more)

    return [(ssl.SSLContext, "wrap_socket", wrap_socket), (ssl.SSLContext, "wrap_bio", wrap_bio)]
