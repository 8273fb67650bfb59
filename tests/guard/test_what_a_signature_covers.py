"""What a signature has to cover: a whole scope, the host and AWS's own headers; and there is only one."""

from __future__ import annotations

import hashlib
import hmac
import http.client
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

import boto3
import pytest
from botocore.config import Config

from scopedown.guard.gate import Gate
from scopedown.guard.model import REGION, Principal

ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
ASKING = "Action=ListTopics&Version=2010-03-31"


@pytest.fixture
def user(gate: Gate) -> Principal:
    return gate.make_user("u", [ALL])


def ask(
    gate: Gate, who: Principal, service: str = "sns", *, query: str = ASKING, body: bytes = b"", method: str = "GET",
    path: str = "/", signed: Mapping[str, str] | None = None, unsigned: Mapping[str, str] | None = None,
    host_is_signed: bool = True, scope: str = "", headers: str = "", more: str = "",
) -> tuple[int, str]:  # fmt: skip
    """A request signed by hand over these headers alone: status and text. ``scope`` and ``headers`` replace what the
    signature says of itself, and are signed as they are."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    host = gate.address.removeprefix("http://")
    covered = {"x-amz-date": now, **(signed or {})} | ({"host": host} if host_is_signed else {})
    names = headers or ";".join(sorted(covered))
    scope = scope or f"{now[:8]}/{REGION}/{service}/aws4_request"
    digest = hashlib.sha256(body).hexdigest()
    lines = "".join(f"{name}:{covered.get(name, '')}\n" for name in names.split(";"))
    sorted_query = "&".join(sorted(query.split("&"))) if query else ""
    canonical = "\n".join([method, path, sorted_query, lines, names, digest])
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{who.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    sent = {name: value for name, value in covered.items() if name != "host"} | dict(unsigned or {})
    sent["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={who.key_id}/{scope}, SignedHeaders={names}, Signature={signature}{more}"
    )
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request(method, f"{path}?{query}" if query else path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_request_signed_by_hand_is_taken(gate: Gate, user: Principal) -> None:
    status, text = ask(gate, user)
    assert (status, "ListTopicsResult" in text) == (200, True)


def test_a_host_that_is_not_signed_is_not_taken(gate: Gate, user: Principal) -> None:
    status, text = ask(gate, user, host_is_signed=False)
    assert (status, "'Host' must be a 'SignedHeader'" in text) == (403, True)


@pytest.mark.parametrize("name", ["X-Amz-Target", "X-Amz-Security-Token-2", "x-amz-anything"])
def test_a_header_of_aws_that_is_not_signed_is_not_taken(gate: Gate, user: Principal, name: str) -> None:
    status, text = ask(gate, user, unsigned={name: "a"})
    assert (status, f"'{name.lower()}' must be a 'SignedHeader'" in text) == (403, True)


def test_s3_says_that_headers_were_not_signed(gate: Gate, user: Principal) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    for unsigned in ({"x-amz-copy-source": "/other/key"}, {"x-amz-acl": "public-read"}, {"x-amz-tagging": "a=b"}):
        signed = {"x-amz-content-sha256": hashlib.sha256(b"a").hexdigest()}
        status, text = ask(
            gate, user, "s3", query="", method="PUT", path="/pail/k", body=b"a", signed=signed, unsigned=unsigned
        )
        assert (status, "headers present in the request which were not signed" in text) == (403, True)
    assert "Contents" not in gate.client("s3").list_objects_v2(Bucket="pail")


def test_a_header_added_to_a_presigned_url_is_not_taken(gate: Gate, user: Principal) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    s3 = boto3.client("s3", endpoint_url=gate.address, region_name=REGION, config=config,
                      aws_access_key_id=user.key_id, aws_secret_access_key=user.secret)  # fmt: skip
    url = s3.generate_presigned_url("put_object", {"Bucket": "pail", "Key": "k"})
    host, _, target = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("PUT", f"/{target}", b"", {"x-amz-copy-source": "/pail/other"})
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    "scope",
    ["/us-east-1/sns/aws4_request", "2026/us-east-1/sns/aws4_request", "{day}//sns/aws4_request",
     "{day}/us-east-1//aws4_request", "{day}/us-east-1/sns/aws5_request", "{day}/us-east-1/sns/aws4_request/",
     "{day}/sns/aws4_request", "x/{day}/us-east-1/sns/aws4_request", "{day}/us-east-1/s n/aws4_request",
     "{day}/us-east-1/sns,Credential=a/aws4_request", "{day}/us-east-1/../aws4_request"],
)  # fmt: skip
def test_a_scope_that_is_not_whole_is_nobodys(gate: Gate, user: Principal, scope: str) -> None:
    for service, query in (("sns", ASKING), ("s3", "")):
        named = scope.replace("{day}", datetime.now(UTC).strftime("%Y%m%d")).replace("sns", service)
        status, text = ask(gate, user, query=query, scope=named)
        assert 400 <= status < 500
        assert not any(word in text for word in ("ListTopicsResult", "ListAllMyBucketsResult"))
    assert gate.decided == []


def test_a_scope_of_another_day_is_not_taken(gate: Gate, user: Principal) -> None:
    assert ask(gate, user, scope=f"20200101/{REGION}/sns/aws4_request")[0] == 403


@pytest.mark.parametrize("more", [", Credential=a/b/c/d/e", " XCredential=a", ", Signature=0", ", Extra=1", ", ,=,"])
def test_a_field_too_many_makes_no_signature(gate: Gate, user: Principal, more: str) -> None:
    assert ask(gate, user, more=more)[0] in (400, 403)
    assert gate.decided == []


def test_a_signature_in_the_header_and_one_in_the_query_are_none(gate: Gate, user: Principal) -> None:
    credential = quote(f"{user.key_id}/20260101/{REGION}/s3/aws4_request", safe="")
    both = f"{ASKING}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Signature=0"
    assert ask(gate, user, query=both)[0] in (400, 403)
    assert gate.decided == []
