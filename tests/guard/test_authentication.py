"""Who a request is from: keys of the local IAM, temporary credentials, presigned URLs, and none at all."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import boto3
import botocore.auth
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from scopedown.guard import credentials
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal
from scopedown.guard.responses import REFUSALS
from scopedown.iam import Caller, PolicySet

EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def code_of(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as told:
        call(**given)
    return str(told.value.response["Error"]["Code"])


def as_key(gate: Gate, service: str, key_id: str, secret: str, token: str = "") -> Any:
    return gate.client(service, Principal(Caller.anonymous(), PolicySet(), key_id, secret, token))


ASKING = {
    "s3": lambda client: client.list_buckets,
    "ec2": lambda client: client.describe_vpcs,
    "iam": lambda client: client.list_users,
    "sns": lambda client: client.list_topics,
    "dynamodb": lambda client: client.list_tables,
    "lambda": lambda client: client.list_functions,
    "route53": lambda client: client.list_hosted_zones,
    "cloudwatch": lambda client: client.list_metrics,
    "sqs": lambda client: client.list_queues,
}
UNKNOWN = {
    "s3": "InvalidAccessKeyId", "ec2": "AuthFailure", "iam": "InvalidClientTokenId", "sns": "InvalidClientTokenId",
    "dynamodb": "UnrecognizedClientException", "lambda": "UnrecognizedClientException",
    "route53": "InvalidClientTokenId", "cloudwatch": "UnrecognizedClient", "sqs": "UnrecognizedClient",
}  # fmt: skip
WRONG = {
    "s3": "SignatureDoesNotMatch", "ec2": "AuthFailure", "iam": "SignatureDoesNotMatch", "sns": "SignatureDoesNotMatch",
    "dynamodb": "InvalidSignatureException", "lambda": "InvalidSignatureException",
    "route53": "SignatureDoesNotMatch", "cloudwatch": "InvalidSignature", "sqs": "InvalidSignature",
}  # fmt: skip
SKEWED = {**WRONG, "s3": "RequestTimeTooSkewed", "ec2": "RequestExpired"}
EXPIRED = {
    "s3": "ExpiredToken", "ec2": "RequestExpired", "iam": "ExpiredToken", "sns": "ExpiredToken",
    "dynamodb": "ExpiredTokenException", "lambda": "ExpiredTokenException", "route53": "ExpiredToken",
    "cloudwatch": "ExpiredToken", "sqs": "ExpiredToken",
}  # fmt: skip


@pytest.mark.parametrize("service", ASKING)
def test_a_key_that_is_not_known_is_told_in_the_services_words(gate: Gate, service: str) -> None:
    assert code_of(ASKING[service](as_key(gate, service, "AKIAIOSFODNN7EXAMPLE", "x"))) == UNKNOWN[service]


@pytest.mark.parametrize("service", ASKING)
def test_a_wrong_secret_is_told_in_the_services_words(gate: Gate, service: str) -> None:
    user = gate.make_user("u", [EVERYTHING])
    assert code_of(ASKING[service](as_key(gate, service, user.key_id, "not the secret"))) == WRONG[service]


@pytest.mark.parametrize("service", ASKING)
@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_wrong_by_more_than_a_quarter_of_an_hour(gate: Gate, service: str, minutes: int) -> None:
    user = gate.make_user("u", [EVERYTHING])
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    asking = ASKING[service](gate.client(service, user))
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: then):
        assert code_of(asking) == SKEWED[service]


@pytest.mark.parametrize("service", ASKING)
def test_a_temporary_credential_ends(gate: Gate, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = gate.make_user("u", [EVERYTHING])
    device = {"UserName": "u", "SerialNumber": "mfa-serial"}
    gate.client("iam").enable_mfa_device(**device, AuthenticationCode1="123456", AuthenticationCode2="123457")
    code = {"SerialNumber": "mfa-serial", "TokenCode": "123456"}  # without one, the session may not call IAM
    made = gate.client("sts", user).get_session_token(DurationSeconds=900, **code)["Credentials"]
    asking = as_key(gate, service, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    ASKING[service](asking)()
    key = credentials.iam_backends[ACCOUNT]["aws"].access_keys[made["AccessKeyId"]]
    session = credentials.session_of(key)
    assert session is not None and 890 < session.expires - time.time() <= 900
    object.__setattr__(session, "expires", time.time() - 1)
    assert code_of(ASKING[service](asking)) == EXPIRED[service]


def test_a_temporary_key_without_its_token_or_with_another_is_nobodys(gate: Gate) -> None:
    user = gate.make_user("u", [EVERYTHING])
    made = gate.client("sts", user).get_session_token()["Credentials"]
    key = (made["AccessKeyId"], made["SecretAccessKey"])
    assert key[0].startswith("ASIA")
    for token in ("", "another"):
        assert code_of(as_key(gate, "sns", *key, token).list_topics) == "InvalidClientTokenId"
    assert code_of(as_key(gate, "s3", *key, "another").list_buckets) == "InvalidToken"
    assert code_of(as_key(gate, "sns", user.key_id, user.secret, "a token").list_topics) == "InvalidClientTokenId"


def test_a_key_counts_from_its_making_until_it_is_made_inactive_or_deleted(gate: Gate) -> None:
    iam = gate.client("iam")
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=json.dumps(EVERYTHING))
    key = iam.create_access_key(UserName="u")["AccessKey"]
    asking = as_key(gate, "sns", key["AccessKeyId"], key["SecretAccessKey"])
    assert asking.list_topics()["Topics"] == []
    for status in ("Inactive", "Active"):
        iam.update_access_key(UserName="u", AccessKeyId=key["AccessKeyId"], Status=status)
        if status == "Inactive":
            assert code_of(asking.list_topics) == "InvalidClientTokenId"
        else:
            asking.list_topics()
    iam.delete_access_key(UserName="u", AccessKeyId=key["AccessKeyId"])
    assert code_of(asking.list_topics) == "InvalidClientTokenId"


def test_a_presigned_url_is_taken_until_it_expires(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    gate.client("s3").put_object(Bucket="pail", Key="a key/ü", Body=b"inside")
    user = gate.make_user("u", [EVERYTHING])
    where = {"Bucket": "pail", "Key": "a key/ü"}
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    s3 = boto3.client("s3", endpoint_url=gate.address, region_name=REGION, config=config,
                      aws_access_key_id=user.key_id, aws_secret_access_key=user.secret)  # fmt: skip
    url = s3.generate_presigned_url("get_object", where, ExpiresIn=60)
    assert requests.get(url, timeout=10).content == b"inside"
    assert requests.get(url.replace("a%20key", "another"), timeout=10).status_code == 403
    put = s3.generate_presigned_url("put_object", where, ExpiresIn=60)
    assert requests.put(put, data=b"new", timeout=10).status_code == 200
    assert gate.client("s3").get_object(**where)["Body"].read() == b"new"
    now = time.time()
    monkeypatch.setattr(credentials.time, "time", lambda: now + 61)
    late = requests.get(url, timeout=10)
    assert (late.status_code, "Request has expired" in late.text) == (403, True)


def test_a_presigned_request_of_another_service_is_taken(gate: Gate) -> None:
    user = gate.make_user("u")
    url = gate.client("sts", user).generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert f"user/{user.name}" in requests.get(url, timeout=10).text


def test_a_body_that_was_changed_on_its_way_is_not_taken(gate: Gate) -> None:
    user = gate.make_user("u", [EVERYTHING])
    sns = gate.client("sns", user)
    sns.meta.events.register("before-send", lambda request, **_: setattr(request, "body", changed(request.body)))
    assert code_of(sns.list_topics) == "SignatureDoesNotMatch"


def changed(body: bytes | str) -> bytes:
    return (body.encode() if isinstance(body, str) else bytes(body)).replace(b"Version", b"version")


def test_a_body_in_signed_chunks_is_taken_and_a_changed_one_is_not(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    user = gate.make_user("u", [EVERYTHING])
    for changed, status in ((False, 200), (True, 403)):
        assert put_in_chunks(gate, user, [b"a" * 8192, b"b" * 100], changed=changed).status_code == status
    assert gate.client("s3").get_object(Bucket="pail", Key="k")["Body"].read() == b"a" * 8192 + b"b" * 100


def put_in_chunks(gate: Gate, user: Principal, parts: list[bytes], *, changed: bool) -> requests.Response:
    """PutObject as AWS's page on chunked uploads writes it."""
    import hashlib
    import hmac

    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signer = botocore.auth.S3SigV4Auth(Credentials(user.key_id, user.secret), "s3", REGION)
    length = sum(map(len, parts))
    headers = {
        "X-Amz-Content-SHA256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding": "aws-chunked",
        "X-Amz-Decoded-Content-Length": str(length),
    }  # fmt: skip
    request = AWSRequest("PUT", f"{gate.address}/pail/k", headers=headers, data=b"")
    with mock.patch.object(signer, "payload", lambda request: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"):
        signer.add_auth(request)
    before = request.headers["Authorization"].rsplit("=", 1)[1]
    time, day = request.headers["X-Amz-Date"], request.headers["X-Amz-Date"][:8]
    key = f"AWS4{user.secret}".encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    body, empty = b"", hashlib.sha256(b"").hexdigest()
    for chunk in (*parts, b""):
        scope = f"{day}/{REGION}/s3/aws4_request"
        said = ["AWS4-HMAC-SHA256-PAYLOAD", time, scope, before, empty, hashlib.sha256(chunk).hexdigest()]
        before = hmac.digest(key, "\n".join(said).encode(), "sha256").hex()
        sent = chunk.replace(b"a", b"c", 1) if changed else chunk
        body += b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), before.encode(), sent)
    return requests.put(f"{gate.address}/pail/k", data=body, headers=dict(request.headers), timeout=10)


def test_a_request_without_a_signature_reaches_only_what_is_open(gate: Gate) -> None:
    s3 = gate.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="open/k", Body=b"for all")
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    made = {"endpoint_url": gate.address, "region_name": REGION, "config": config}
    nobody = boto3.client("s3", **made)
    assert code_of(nobody.get_object, Bucket="pail", Key="open/k") == "AccessDenied"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pail/open/*"}
    s3.put_bucket_policy(Bucket="pail", Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))
    assert nobody.get_object(Bucket="pail", Key="open/k")["Body"].read() == b"for all"
    assert code_of(nobody.put_object, Bucket="pail", Key="open/k", Body=b"") == "AccessDenied"
    assert code_of(boto3.client("sns", **made).list_topics) == "MissingAuthenticationToken"
    assert code_of(boto3.client("dynamodb", **made).list_tables) == "MissingAuthenticationTokenException"


def test_an_old_or_broken_signature_is_refused_with_the_reason(gate: Gate) -> None:
    old = requests.get(f"{gate.address}/pail/k", headers={"Authorization": "AWS AKIAX:abc="}, timeout=10)
    assert (old.status_code, "AWS4-HMAC-SHA256" in old.text) == (400, True)
    for header in ("AWS4-HMAC-SHA256 Credential=AKIAX/x, Signature=", "AWS4-HMAC-SHA256 nothing"):
        broken = requests.get(f"{gate.address}/pail/k", headers={"Authorization": header}, timeout=10)
        assert 400 <= broken.status_code < 500
    assert len(gate.strange) == 3


def test_no_header_of_a_client_chooses_the_account(gate: Gate) -> None:
    user = gate.make_user("u", [EVERYTHING])
    sns = gate.client("sns", user)
    sns.meta.events.register(
        "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", "1" * 12)
    )
    assert sns.create_topic(Name="t")["TopicArn"].split(":")[4] == ACCOUNT


def test_every_refusal_is_told_in_every_protocol() -> None:
    for why, rows in REFUSALS.items():
        assert {"s3", "query"} <= set(rows), why


def jwt(claims: dict[str, Any]) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.c2lnbmVk"
