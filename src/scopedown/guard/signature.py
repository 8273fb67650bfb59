"""AWS Signature Version 4: what a request is signed with, and whether by a given secret.

In the Authorization header, in the query of a presigned URL, and over a body that comes in chunks. Version 4A (one
signature for several regions) is read and not verified; version 2 is told apart, since AWS no longer takes it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote

from moto.core.request import Request

from scopedown.core.digits import is_count

_FIELDS = ("Credential", "SignedHeaders", "Signature")
_SCOPE = re.compile(r"\d{8}/[\w-]+/[\w-]+/aws4_request", re.ASCII)
_SCOPE_4A = re.compile(r"\d{8}/[\w-]+/aws4_request", re.ASCII)
_CHUNK = re.compile(rb"([0-9a-fA-F]+);chunk-signature=([0-9a-f]{64})\r\n")
_TIME = "%Y%m%dT%H%M%SZ"
_EMPTY = hashlib.sha256(b"").hexdigest()
VERSION_4, VERSION_4A, VERSION_2 = "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "AWS"


class MalformedError(Exception):
    """A signature that is not of the form that its algorithm has."""


class UnsignedHeadersError(Exception):
    """A request with a header beside its signature that AWS takes only signed."""

    def __init__(self, header: str) -> None:
        super().__init__(f"'{header}' must be a 'SignedHeader' in the AWS Authorization.")


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request says of its signature. ``seconds`` is how long a presigned URL holds, None in a header."""

    algorithm: str
    key_id: str
    scope: str = ""
    headers: tuple[str, ...] = ()
    given: str = ""
    time: str = ""
    token: str = ""
    seconds: int | None = None

    @property
    def region(self) -> str:
        """The region of the scope; empty in one of version 4A, and where there is none."""
        return self.scope.split("/")[1] if self.scope.count("/") == 3 else ""

    @property
    def signing_name(self) -> str:
        """The service's name in the scope; empty where there is none."""
        return self.scope.split("/")[-2] if self.scope else ""

    @property
    def at(self) -> float:
        """When it was signed, in seconds since the epoch. Raises MalformedError."""
        try:
            return datetime.strptime(self.time, _TIME).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise MalformedError(f"Date must be in ISO-8601 'basic format'. Got '{self.time}'.") from None


def read(request: Request) -> Signed | None:
    """The signature of a request; None where it has none. Raises MalformedError."""
    header = request.headers.get("Authorization", "")
    query = request.args
    if header:
        if "X-Amz-Algorithm" in query:
            raise MalformedError(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                "parameter or the Authorization header should be specified"
            )
        return _of_header(request, header)
    if algorithm := query.get("X-Amz-Algorithm", ""):
        if twice := next((name for name in query if name.startswith("X-Amz-") and len(query.getlist(name)) > 1), ""):
            raise MalformedError(f"Query-string authentication has the parameter {twice} twice")
        names = ("X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
        if missing := [name for name in names if name not in query and name != "X-Amz-Expires"]:
            raise MalformedError(f"Query-string authentication version 4 requires the {missing[0]} parameter")
        key_id, _, scope = query["X-Amz-Credential"].partition("/")
        seconds = query.get("X-Amz-Expires", "900")  # without one: as SigV4 of the header, 15 minutes
        if not is_count(seconds) or not 0 < int(seconds) <= 604_800:
            raise MalformedError("X-Amz-Expires must be a number between 1 and 604800 seconds")
        return Signed(
            algorithm, key_id, _whole(scope, algorithm), tuple(query["X-Amz-SignedHeaders"].split(";")),
            query["X-Amz-Signature"], query["X-Amz-Date"], query.get("X-Amz-Security-Token", ""), int(seconds),
        )  # fmt: skip
    if "AWSAccessKeyId" in query and "Signature" in query:
        return Signed(VERSION_2, query["AWSAccessKeyId"])
    return None


def _of_header(request: Request, header: str) -> Signed | None:
    algorithm, _, rest = header.partition(" ")
    if algorithm == VERSION_2:
        return Signed(VERSION_2, rest.partition(":")[0])
    if not algorithm.startswith("AWS4-"):
        return None  # a token of another kind (Bearer, Basic): no signature of AWS's
    fields: dict[str, str] = {}
    for one in re.split(r"[,\s]+", rest.strip()):
        name, _, value = one.partition("=")
        if name not in _FIELDS or name in fields:  # two headers come as one, and either could hold
            raise MalformedError(f"Authorization header has a parameter twice, or an unknown one. {header=}")
        fields[name] = value
    for name in _FIELDS:
        if not fields.get(name):
            raise MalformedError(f"Authorization header requires '{name}' parameter. Authorization={header}")
    key_id, _, scope = fields["Credential"].partition("/")
    time = request.headers.get("X-Amz-Date") or request.headers.get("Date", "")
    return Signed(
        algorithm, key_id, _whole(scope, algorithm), tuple(fields["SignedHeaders"].split(";")), fields["Signature"],
        time, request.headers.get("X-Amz-Security-Token", ""),
    )  # fmt: skip


def _whole(scope: str, algorithm: str) -> str:
    if not (_SCOPE_4A if algorithm == VERSION_4A else _SCOPE).fullmatch(scope):
        raise MalformedError(
            "Credential must have exactly 5 slash-delimited elements, as keyid/date/region/service/term"
        )
    return scope


def require_signed_headers(request: Request, signed: Signed) -> None:
    """Raise UnsignedHeadersError where the host, a header of AWS's or the date is not among the signed ones
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, canonical headers)."""
    if signed.algorithm != VERSION_4:
        return
    needed = ["host", *(name.lower() for name, _ in request.headers if name.lower().startswith("x-amz-"))]
    if signed.seconds is None and "X-Amz-Date" not in request.headers:
        needed.append("date")
    for name in needed:
        if name not in signed.headers:
            raise UnsignedHeadersError("Host" if name == "host" else name)


def is_signed_with(secret: str, request: Request, body: bytes, signed: Signed | None = None) -> bool:
    """Whether the signature is the one that ``secret`` makes, and the body the one that was signed."""
    signed = signed or read(request)
    if signed is None or signed.algorithm != VERSION_4:
        return False
    day, region, service, _ = signed.scope.split("/")
    if not signed.time.startswith(day):
        return False
    digest = _digest(request, signed, body, service)
    key = _signing_key(secret, day, region, service)
    if not any(_is_given(key, signed, _canonical(request, signed, digest, path)) for path in _paths(request, service)):
        return False
    return not digest.startswith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD") or _chunks_are_signed(key, signed, body)


def _is_given(key: bytes, signed: Signed, canonical: str) -> bool:
    hashed = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    text = "\n".join([VERSION_4, signed.time, signed.scope, hashed])
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signed.given)


def has_its_digest(request: Request, body: bytes) -> bool:
    """Whether the body is the one whose SHA-256 the request names, where it names one."""
    named = request.headers.get("X-Amz-Content-Sha256", "")
    return len(named) != 64 or named == hashlib.sha256(body).hexdigest()


@lru_cache(256)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


_UNSIGNED = re.compile(r"UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_STREAMED = re.compile(r"STREAMING-AWS4-HMAC-SHA256-PAYLOAD(?:-TRAILER)?")
"""What S3 takes in the place of a digest (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
Those of version 4A are no part of a signature of version 4."""
_BODIES_UNSIGNED = frozenset(
    {"ebs", "lex", "mediastore", "omics", "s3", "s3-object-lambda", "s3-outposts", "s3express"}
)  # fmt: skip
"""Signing names of services that have operations without a signature of the body (botocore's ``v4-unsigned-body``)."""


def _named(request: Request, service: str) -> str:
    """The digest that the request names; nothing where the service takes none like it, and computes its own."""
    named = str(request.headers.get("X-Amz-Content-Sha256", ""))
    if len(named) == 64 or (service in _BODIES_UNSIGNED and (_UNSIGNED.fullmatch(named) or _STREAMED.fullmatch(named))):
        return named
    return ""


def _digest(request: Request, signed: Signed, body: bytes, service: str) -> str:
    named = _named(request, service)
    if signed.seconds is None:
        return named or hashlib.sha256(body).hexdigest()
    if service == "s3":
        return named or request.args.get("X-Amz-Content-Sha256") or "UNSIGNED-PAYLOAD"
    return hashlib.sha256(body).hexdigest() if body else _EMPTY


def _paths(request: Request, service: str) -> tuple[str, ...]:
    """The path as it may have been signed: S3's encoded once, another's encoded once more than it was sent. Clients
    differ in what they send encoded (``@`` of ``/@connections`` is sent as it is), not in what they sign."""
    once = "/".join(
        quote(unquote(part, errors="surrogateescape"), safe="-_.~", errors="surrogateescape")
        for part in request.raw_path.split("/")
    )
    if service == "s3":
        return (once,)
    sent, encoded = quote(request.raw_path, safe="/-_.~"), quote(once, safe="/-_.~")
    return (sent,) if sent == encoded else (sent, encoded)


def _canonical(request: Request, signed: Signed, digest: str, path: str) -> str:
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(request.query_string.decode(), keep_blank_values=True)
        if name != "X-Amz-Signature" or signed.seconds is None
    )
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed.headers)
    query = "&".join(f"{name}={value}" for name, value in pairs)
    return "\n".join([request.method, path, query, headers, ";".join(signed.headers), digest])


def _chunks_are_signed(key: bytes, signed: Signed, body: bytes) -> bool:
    """Each chunk is signed with the signature of the one before it. Trailing headers are not looked at."""
    before, at = signed.given, 0
    while found := _CHUNK.match(body, at):
        size, start = int(found[1], 16), found.end()
        data = body[start : start + size]
        hashed = hashlib.sha256(data).hexdigest()
        text = "\n".join([f"{VERSION_4}-PAYLOAD", signed.time, signed.scope, before, _EMPTY, hashed])
        before = hmac.digest(key, text.encode(), "sha256").hex()
        if not hmac.compare_digest(before.encode(), found[2]):
            return False
        at = start + size + 2 * bool(size)
        if not size:
            return True
    return False
