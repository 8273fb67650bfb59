"""What a client does wrong, or slowly, is that client's affair."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

pytest.importorskip("waitress")

from scopedown.guard import server as servers
from scopedown.guard.server import AddressInUseError, Server

SIGNED = "Authorization: AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/{}/aws4_request, SignedHeaders=host"


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answers with the length of the body that came."""
    length = 0
    while part := environ["wsgi.input"].read(1 << 20):
        length += len(part)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{length} {environ['RAW_URI']}".encode()]


@contextmanager
def serving(application: Any = echo) -> Iterator[Server]:
    server = Server(application)
    server.start()
    try:
        yield server
    finally:
        server.stop(2)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def answer(connection: socket.socket) -> bytes:
    """Headers and as much of a body as they announce."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def asked(server: Server, request: bytes = b"GET /a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n") -> bytes:
    with connected(server) as connection:
        connection.sendall(request)
        return answer(connection)


def test_the_path_arrives_as_it_was_sent(server: Server) -> None:
    assert asked(server).endswith(b"0 /a%2Fb")


def test_two_hundred_connections_stay_open_and_each_is_answered(server: Server) -> None:
    connections = [connected(server) for _ in range(200)]
    try:
        for _ in range(2):  # kept open between requests
            for one in connections:
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert all(answer(one).startswith(b"HTTP/1.1 200") for one in connections)
        assert server.connections == 200
    finally:
        for one in connections:
            one.close()


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # TLS
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot-hex\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"\r\n" * 1000,
        b"\0" * 1000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_others_are_answered(server: Server, wrong: bytes) -> None:
    refused = b""
    with connected(server) as connection, connected(server) as other:
        with suppress(OSError):  # the server may refuse, and close, before all has been sent
            connection.sendall(wrong)
            connection.shutdown(socket.SHUT_WR)
            refused = answer(connection)
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(other).startswith(b"HTTP/1.1 200")
    assert refused == b"" or refused.split(b" ", 2)[1] in (b"400", b"431", b"501")


def test_clients_that_send_half_a_request_hold_no_thread(server: Server) -> None:
    slow = [connected(server) for _ in range(300)]
    try:
        for one in slow:
            one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        assert asked(server).startswith(b"HTTP/1.1 200")
        assert len(server._threads.threads) <= servers.THREADS_AT_FIRST + 1
        slow[0].sendall(b"defghij")
        assert answer(slow[0]).endswith(b"10 /")
    finally:
        for one in slow:
            one.close()


@pytest.mark.slow
def test_headers_that_come_too_slowly_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "HEADER_SECONDS", 1)
    monkeypatch.setattr(servers, "SWEEP_SECONDS", 1)
    with serving() as server, connected(server) as slow, connected(server) as body, connected(server) as kept:
        kept.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer(kept)
        body.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        ended = set[str]()
        for _ in range(60):
            for name, one, byte in (("slow", slow, b"G"), ("body", body, b"x")):
                try:
                    one.sendall(byte)
                except OSError:
                    ended.add(name)
            if len(ended) == 2:
                break
            time.sleep(0.1)
        assert ended == {"slow", "body"}
        kept.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")  # an idle connection is none that is slow
        assert answer(kept).startswith(b"HTTP/1.1 200")


def test_who_has_closed_its_half_gets_its_answer(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert answer(connection).startswith(b"HTTP/1.1 200")


def test_who_goes_away_in_the_middle_disturbs_nobody(server: Server) -> None:
    for _ in range(50):
        with connected(server) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, not an end
    assert asked(server).startswith(b"HTTP/1.1 200")


def test_who_asks_whether_to_go_on_is_told_so(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"PUT /k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 100")
        connection.sendall(b"body")
        assert answer(connection).endswith(b"4 /k")


def test_who_asks_whether_to_send_nothing_is_answered(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"PUT /k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n")
        got = b""
        while not got.endswith(b"0 /k"):
            part = connection.recv(1024)
            assert part
            got += part


def test_a_chunked_body_arrives_whole(server: Server) -> None:
    request = b"PUT /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    assert asked(server, request).endswith(b"11 /k")


def large(server: Server, service: str, megabytes: int) -> bytes:
    head = f"PUT /k HTTP/1.1\r\nHost: x\r\n{SIGNED.format(service)}\r\nContent-Length: {megabytes << 20}\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(head.encode())
        for _ in range(megabytes):
            connection.sendall(b"x" * (1 << 20))
        return answer(connection)


@pytest.mark.slow
def test_a_hundred_megabytes_are_an_object_to_s3(server: Server) -> None:
    assert large(server, "s3", 100).endswith(f"{100 << 20} /k".encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("service", "error"),
    [
        ("lambda", b'"message": "Request must be smaller than 70167211 bytes'),
        ("dynamodb", b'RequestEntityTooLargeException", "message"'),
        ("iam", b"<Code>RequestEntityTooLargeException</Code>"),
    ],
)
def test_a_hundred_megabytes_to_others_are_refused_in_their_protocol(
    server: Server, service: str, error: bytes
) -> None:
    refused = large(server, service, 100)
    assert refused.startswith(b"HTTP/1.1 413")
    assert error in refused
    assert asked(server).startswith(b"HTTP/1.1 200")


def test_requests_that_wait_for_others_do_not_stop_the_server() -> None:
    depth = 40

    def nested(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        level = int(environ["PATH_INFO"][1:])
        inner = b"end" if level == depth else asked(server, f"GET /{level + 1} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        start_response("200 OK", [])
        return [inner[-3:]]

    with serving(nested) as server:
        assert asked(server, b"GET /0 HTTP/1.1\r\nHost: x\r\n\r\n").endswith(b"end")


def test_a_fault_of_the_application_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise ValueError("no\nsuch \x1b[31mthing")

    with serving(fails) as server:
        refused = asked(server, f"POST / HTTP/1.1\r\nHost: x\r\n{SIGNED.format('sqs')}\r\n\r\n".encode())
    assert refused.startswith(b"HTTP/1.1 500")
    assert b"InternalFailure" in refused
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "\x1b" not in said and "Traceback" not in said


def test_at_the_end_what_was_asked_is_answered() -> None:
    taken = threading.Event()

    def slowly(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        taken.set()
        time.sleep(0.5)
        start_response("200 OK", [])
        return [b"done"]

    server = Server(slowly)
    server.start()
    with connected(server) as connection, connected(server):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        taken.wait(5)
        server.stop()
        assert answer(connection).endswith(b"done")
    with pytest.raises(OSError):
        connected(server).close()


def test_a_port_that_is_taken_is_told(server: Server) -> None:
    with pytest.raises(AddressInUseError, match=f"port {server.port} of 127.0.0.1 is in use"):
        Server(echo, port=server.port)
