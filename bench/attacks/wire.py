"""Requests as bytes: built from botocore's models, changed as an attack wants, signed, and sent without a library.

botocore and http.client would mend or refuse much of what an attack sends (paths with ``..``, headers twice, a body that
is no JSON). So a :class:`Wire` is written to a socket as it is. Example:

    Wire.of("dynamodb", "GetItem", TableName="own", Key={"id": {"S": "1"}}).signed(key).send(address)
"""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import hmac
import http.client
import json
import socket
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import botocore.serialize
import botocore.session
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SESSION = botocore.session.get_session()
SCOPES = {"cloudwatch": "monitoring", "stepfunctions": "states", "logs": "logs", "iot-data": "iotdata"}
"""Names of services in signatures, where they differ from botocore's."""


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` 0: the connection was closed without an answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def success(self) -> bool:
        """Whether the guard said yes."""
        return 200 <= self.status < 300


@functools.cache
def _model(service: str) -> tuple[Any, Any]:
    model = SESSION.get_service_model(service)
    return model, botocore.serialize.create_serializer(model.resolved_protocol, False)


@dataclass(frozen=True)
class Wire:
    """One request. ``target`` is the path with the query as it is sent; ``scope`` the service that the signature names."""

    service: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    scope: str = ""
    region: str = "us-east-1"

    @staticmethod
    def of(service: str, operation: str, /, **parameters: Any) -> Wire:
        """An operation as botocore writes it, without validation of the parameters (unknown ones only in bodies of JSON)."""
        model, serializer = _model(service)
        try:
            made = serializer.serialize_to_request(parameters, model.operation_model(operation))
        except (KeyError, TypeError, AttributeError):
            if model.resolved_protocol != "json":
                raise
            made = serializer.serialize_to_request({}, model.operation_model(operation))
            made["body"] = json.dumps(parameters, default=lambda value: base64.b64encode(value).decode()).encode()
        query, body, headers = made["query_string"], made["body"], dict(made["headers"])
        if isinstance(body, dict):
            body = urlencode(body).encode()
        if isinstance(query, dict):
            query = urlencode(query, doseq=True, quote_via=quote)
        path = made["url_path"]
        if query:
            path += ("&" if "?" in path else "?") + query
        body = body if isinstance(body, bytes) else body.read() if hasattr(body, "read") else str(body).encode()
        return Wire(service, made["method"], path, tuple((str(k), str(v)) for k, v in headers.items()), body)

    def header(self, name: str, value: str | None) -> Wire:
        """With this header alone of its name; None takes it away."""
        kept = tuple(one for one in self.headers if one[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def also(self, name: str, value: str) -> Wire:
        """With one more header, whatever there is of its name."""
        return replace(self, headers=(*self.headers, (name, value)))

    def but(self, **changes: Any) -> Wire:
        """A copy with other fields."""
        return replace(self, **changes)

    @property
    def document(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body or b"{}")

    def signed(self, key: Credentials | None, address: str, presigned: int = 0) -> Wire:
        """With a signature over what it is now. ``presigned``: in the query, valid for so many seconds."""
        if key is None:
            return self
        scope = self.scope or SCOPES.get(self.service) or _model(self.service)[0].signing_name
        url = self.target if self.target.startswith("http") else address + "/" * (self.target[:1] != "/") + self.target
        request = AWSRequest(self.method, url, {}, b"" if presigned else self.body)
        for name, value in self.headers:
            request.headers.add_header(name, value)
        if presigned:
            kind = S3SigV4QueryAuth if scope == "s3" else SigV4QueryAuth
            kind(key, scope, self.region, expires=presigned).add_auth(request)
            parts = urlsplit(request.url)
            path, _, _ = self.target.partition("?")
            return replace(self, target=f"{path}?{parts.query}")
        (S3SigV4Auth if scope == "s3" else SigV4Auth)(key, scope, self.region).add_auth(request)
        return replace(self, headers=tuple(request.headers.items()))

    def send(self, address: str, seconds: float = 20) -> Answer:
        """Write it to a new connection and read the answer."""
        host = urlsplit(address)
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        names = {name.lower() for name, _ in self.headers}
        if "host" not in names:
            lines.append(f"Host: {host.netloc}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not names & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: close")
        head = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
        try:
            with socket.create_connection((host.hostname, host.port), timeout=seconds) as connection:
                connection.sendall(head + self.body)
                answer = http.client.HTTPResponse(connection, method=self.method)
                answer.begin()
                return Answer(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
        except (OSError, http.client.HTTPException):
            return Answer(0)


def craft(
    wire: Wire, key: Credentials, address: str, *, names: tuple[str, ...] | None = None, scope: str | None = None,
    date: str | None = None, payload: str | None = None, algorithm: str = "AWS4-HMAC-SHA256", shown: str | None = None,
    path: str | None = None,
) -> Wire:  # fmt: skip
    """Signed by hand (Signature Version 4), so that everything in it can be wrong while the signature fits.

    ``names`` are the headers that are signed; ``scope`` the credential's scope after the date; ``payload`` the hash that
    is signed; ``shown`` the access key id that is shown; ``path`` the path that is signed.
    """
    date = date or datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    service = wire.scope or SCOPES.get(wire.service) or _model(wire.service)[0].signing_name
    hashed = payload if payload is not None else hashlib.sha256(wire.body).hexdigest()
    wire = wire.header("X-Amz-Date", date)
    if service == "s3" or payload is not None:
        wire = wire.header("X-Amz-Content-SHA256", hashed)
    if key.token:
        wire = wire.header("X-Amz-Security-Token", key.token)
    given = {"host": urlsplit(address).netloc}
    for name, value in wire.headers:
        given[name.lower()] = (
            f"{given[name.lower()]},{value}" if name.lower() in given and name.lower() != "host" else value
        )
    chosen = sorted(given if names is None else names)
    raw, _, query = wire.target.partition("?")
    signed_path = path if path is not None else raw if service == "s3" else quote(raw, safe="/~")
    pairs = sorted((quote(unquote(one.partition("=")[0]), safe="~"), quote(unquote(one.partition("=")[2]), safe="~"))
                   for one in query.split("&") if one)  # fmt: skip
    canonical = "\n".join([
        wire.method, signed_path, "&".join(f"{name}={value}" for name, value in pairs),
        *(f"{name}:{' '.join(given.get(name, '').split())}" for name in chosen), "", ";".join(chosen), hashed,
    ])  # fmt: skip
    scope = scope if scope is not None else f"{date[:8]}/{wire.region}/{service}/aws4_request"
    fields = [*scope.split("/"), "", "", "", ""][:4]
    secret = ("AWS4" + key.secret_key).encode()
    for part in fields:
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    text = "\n".join([algorithm, date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    made = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    credential = f"{shown or key.access_key}/{scope}"
    return wire.header("Authorization", f"{algorithm} Credential={credential}, "
                                        f"SignedHeaders={';'.join(chosen)}, Signature={made}")  # fmt: skip
