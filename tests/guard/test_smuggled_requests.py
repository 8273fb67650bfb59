"""Requests that try to be one thing to the gate and another to the service behind it: each is held to what was allowed,
or refused."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal

FORM = "application/x-www-form-urlencoded"
SECRET = b"what nobody may read"
ALLOWED = [
    "sns:ListTopics", "iam:GetUser", "dynamodb:ListTables", "lambda:ListFunctions", "execute-api:Invoke",
    "s3:GetObjectAcl", "s3:GetObjectTorrent", "s3:GetBucketLocation", "sqs:ListQueues", "kms:ListKeys",
]  # fmt: skip


@pytest.fixture
def gate(guard: Gate) -> Gate:
    guard.reset()
    s3 = guard.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="secret", Body=SECRET)
    guard.client("iam").create_user(UserName="victim")
    guard.client("dynamodb").create_table(
        TableName="victim", AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
    )  # fmt: skip
    return guard


@pytest.fixture
def user(gate: Gate) -> Principal:
    few = {"Effect": "Allow", "Action": ALLOWED, "Resource": "*"}
    mine = {"Effect": "Allow", "Action": ["kms:DescribeKey", "iam:*"], "Resource": "arn:aws:iam::123456789012:user/own"}
    return gate.make_user("app", [{"Version": "2012-10-17", "Statement": [few, mine]}])


def sent(
    gate: Gate, who: Principal | None, service: str, method: str, target: str, body: bytes = b"",
    headers: Mapping[str, str] | None = None, *, in_query: bool = False, other_order: bool = False,
) -> tuple[int, bytes]:  # fmt: skip
    """A request with this target as it is, signed by who asks: status and body of the answer."""
    given = dict(headers or {})
    if who is not None:
        url = target if target.startswith("http") else f"{gate.address}{target}"
        request = AWSRequest(method, url, headers=given, data=body)
        (SigV4QueryAuth if in_query else SigV4Auth)(Credentials(who.key_id, who.secret), service, REGION).add_auth(
            request
        )
        given = dict(request.headers)
        if in_query:
            target = request.url.removeprefix(gate.address)
        if other_order:
            kind, _, fields = given["Authorization"].partition(" ")
            given["Authorization"] = f"{kind} {', '.join(reversed(fields.split(', ')))}"
    connection = http.client.HTTPConnection(gate.address.removeprefix("http://"), timeout=20)
    try:
        connection.request(method, target, body, given)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def users(gate: Gate) -> list[str]:
    return sorted(one["UserName"] for one in gate.client("iam").list_users()["Users"])


def tables(gate: Gate) -> list[str]:
    return list(gate.client("dynamodb").list_tables()["TableNames"])


def test_a_presigned_query_of_one_service_on_the_path_of_another(gate: Gate, user: Principal) -> None:
    asking = "?Action=ListTopics&Version=2010-03-31"
    assert SECRET not in sent(gate, user, "sns", "GET", f"/pail/secret{asking}", in_query=True)[1]
    status, body = sent(gate, user, "sns", "GET", f"/{asking}", in_query=True)
    assert (status, b"ListTopicsResult" in body) == (200, True)


def test_a_signature_whose_fields_stand_in_another_order(gate: Gate, user: Principal) -> None:
    asking = "?Action=ListTopics&Version=2010-03-31"
    assert SECRET not in sent(gate, user, "sns", "GET", f"/pail/secret{asking}", other_order=True)[1]
    status, body = sent(gate, user, "sns", "GET", f"/{asking}", other_order=True)
    assert (status, b"ListTopicsResult" in body) == (200, True)


def test_one_action_in_the_query_and_another_in_the_body(gate: Gate, user: Principal) -> None:
    own = "/?Action=GetUser&Version=2010-05-08&UserName=own"
    body = urlencode({"Action": "DeleteUser", "Version": "2010-05-08", "UserName": "victim"}).encode()
    for coding in ({}, {"Content-Encoding": "gzip"}):
        status, _ = sent(gate, user, "iam", "POST", own, gzip.compress(body) if coding else body,
                         {"Content-Type": FORM, **coding})  # fmt: skip
        assert status >= 400
        assert "victim" in users(gate)


def test_one_name_in_the_query_and_another_in_the_body(gate: Gate, user: Principal) -> None:
    body = urlencode({"Action": "DeleteUser", "Version": "2010-05-08", "UserName": "victim"}).encode()
    sent(gate, user, "iam", "POST", "/?UserName=own", body, {"Content-Type": FORM})
    assert "victim" in users(gate)
    sent(gate, user, "iam", "POST", "/", b"UserName=own&" + body, {"Content-Type": FORM})
    assert "victim" in users(gate)


def test_a_parameter_with_two_values_is_refused_wherever_they_are(gate: Gate) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    user = gate.make_user("all", [{"Version": "2012-10-17", "Statement": [everything]}])
    whole = {"Action": "GetUser", "Version": "2010-05-08", "UserName": "victim"}
    other = {"Action": "ListUsers", "Version": "2010-05-09", "UserName": "app"}
    body = urlencode(whole).encode()
    for name, value in whole.items():
        again = urlencode({name: other[name]})
        for method, target, form in (
            ("POST", f"/?{again}", body),
            ("POST", "/", body + f"&{again}".encode()),
            ("GET", f"/?{urlencode(whole)}&{again}", b""),
        ):
            status, answer = sent(gate, user, "iam", method, target, form, {"Content-Type": FORM})
            assert (status, f"The parameter '{name}'" in answer.decode()) == (400, True)
        same = urlencode({name: value})
        assert sent(gate, user, "iam", "POST", f"/?{same}", body, {"Content-Type": FORM})[0] == 200


def test_an_action_beside_the_target_of_a_json_service(gate: Gate, user: Principal) -> None:
    json_1_0 = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"}
    body = json.dumps({"TableName": "victim"}).encode()
    for target in ("/?Action=DeleteTable&TableName=victim", "/?Action=DeleteTable"):
        sent(gate, user, "dynamodb", "POST", target, body, json_1_0)
        assert tables(gate) == ["victim"]


def test_an_action_or_a_target_beside_the_path_of_a_rest_service(gate: Gate, user: Principal) -> None:
    layer = gate.client("lambda").publish_layer_version(LayerName="victim", Content={"ZipFile": b"PK"})["Version"]
    for target, headers in (
        ("/2015-03-31/functions/?Action=DeleteLayerVersion&LayerName=victim&VersionNumber=1", {}),
        ("/2015-03-31/functions/?LayerName=victim&VersionNumber=1", {"X-Amz-Target": "x.DeleteLayerVersion"}),
    ):
        sent(gate, user, "lambda", "GET", target, headers=headers)
        found = gate.client("lambda").list_layer_versions(LayerName="victim")["LayerVersions"]
        assert [one["Version"] for one in found] == [layer]


def test_a_name_in_the_query_beside_the_one_in_a_json_body(gate: Gate) -> None:
    kms = gate.client("kms")
    own, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{own}"
    statement = {"Effect": "Allow", "Action": "kms:DisableKey", "Resource": arn}
    user = gate.make_user("keys", [{"Version": "2012-10-17", "Statement": [statement]}])
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.DisableKey"}
    body = json.dumps({"KeyId": own}).encode()
    status, _ = sent(gate, user, "kms", "POST", f"/?KeyId={other}", body, headers)
    assert status == 200
    assert [kms.describe_key(KeyId=one)["KeyMetadata"]["Enabled"] for one in (own, other)] == [False, True]


@pytest.mark.parametrize(
    "target",
    ["/pail/secret?acl&torrent", "/pail/secret?torrent", "/pail/secret?acl&foo", "/pail/secret?acl&attributes"],
)
def test_an_objects_other_parts_are_not_the_object(gate: Gate, user: Principal, target: str) -> None:
    assert SECRET not in sent(gate, user, "s3", "GET", target)[1]


def test_two_parts_of_a_bucket_at_once(gate: Gate, user: Principal) -> None:
    document = {"Version": "2012-10-17", "Statement": [
        {"Sid": "Hidden", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:ListBucket",
         "Resource": "arn:aws:s3:::pail", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "b"}}}]}  # fmt: skip
    gate.client("s3").put_bucket_policy(Bucket="pail", Policy=json.dumps(document))
    for target in ("/pail?location&policy", "/pail?policy&location", "/pail?location&versions"):
        _, body = sent(gate, user, "s3", "GET", target)
        assert b"Hidden" not in body
        assert b"secret" not in body


@pytest.mark.parametrize(
    "target",
    ["//pail/secret", "/pail//secret", "/pail%2Fsecret", "/x/../pail/secret", "/x/%2e%2e/pail/secret",
     "http://pail.s3.amazonaws.com/secret", "/pail/secret%00", "/./pail/secret", "/pail/secret;x"],
)  # fmt: skip
def test_an_object_by_another_path_is_no_less_guarded(gate: Gate, user: Principal, target: str) -> None:
    for who in (user, None):
        status, body = sent(gate, who, "s3", "GET", target)
        assert (status >= 400, SECRET in body) == (True, False)


def test_a_bucket_in_the_host_is_what_is_checked(gate: Gate) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::own", "arn:aws:s3:::own/*"]}
    user = gate.make_user("own", [{"Version": "2012-10-17", "Statement": [statement]}])
    for host, target in (
        ("pail.s3.amazonaws.com", "/secret"), ("own.s3.amazonaws.com", "/../pail/secret"),
        ("pail.localhost", "/own/secret"), ("s3.amazonaws.com", "/pail/secret"), ("pail.own.example", "/secret"),
        ("own-123456789012.s3-accesspoint.us-east-1.amazonaws.com", "/secret"),
    ):  # fmt: skip
        assert SECRET not in sent(gate, user, "s3", "GET", target, headers={"Host": host})[1], host


def test_a_form_puts_no_object(gate: Gate) -> None:
    statement = {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"}
    user = gate.make_user("deletes", [{"Version": "2012-10-17", "Statement": [statement]}])
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in (("key", "evil"), ("file", "data")))  # fmt: skip
    multipart = f"{parts}--x--\r\n".encode()
    hidden = b"<Delete><Object><Key>k</Key></Object><![CDATA[&key=evil&file=data&]]></Delete>"
    for who in (user, None):
        sent(gate, who, "s3", "POST", "/pail", multipart, {"Content-Type": "multipart/form-data; boundary=x"})
        sent(gate, who, "s3", "POST", "/pail?delete", hidden, {"Content-Type": FORM})
        sent(gate, who, "s3", "POST", "/pail?delete=", multipart, {"Content-Type": "multipart/form-data; boundary=x"})
    kept = gate.client("s3").list_objects_v2(Bucket="pail")["Contents"]
    assert [one["Key"] for one in kept] == ["secret"]


def test_a_request_to_an_api_is_none_to_the_services_of_this_aws(gate: Gate, user: Principal) -> None:
    gate.client("iot").create_thing(thingName="victim")
    host = {"Host": "abc.execute-api.us-east-1.amazonaws.com"}
    status, _ = sent(gate, user, "execute-api", "DELETE", "/things/victim", headers=host)
    assert status == 501
    assert [one["thingName"] for one in gate.client("iot").list_things()["things"]] == ["victim"]


def test_an_unsigned_request_to_another_service_is_none_to_s3(gate: Gate) -> None:
    for host in ("orders-0a1b.vpclattice.us-east-1.amazonaws.com", "orders.vpc-lattice-svcs.us-east-1.on.aws"):
        assert sent(gate, None, "", "GET", "/", headers={"Host": host})[0] == 403
    assert not gate.denied
    sent(gate, None, "", "GET", "/pail/secret", headers={"Host": "s3.us-east-1.amazonaws.com"})
    assert [one.check.action for one in gate.denied] == ["s3:GetObject"]


def test_iam_does_not_decide_on_unsigned_calls_of_apis_that_nothing_closes(gate: Gate) -> None:
    made = gate.client("apigateway").create_rest_api(name="orders")
    closed = made["id"]
    root = gate.client("apigateway").get_resources(restApiId=closed)["items"][0]["id"]
    for api in ("elsewhere", closed):
        headers = {"Host": f"{api}.execute-api.us-east-1.amazonaws.com"}
        assert sent(gate, None, "", "GET", "/test/orders", headers=headers)[0] == 501
    assert not gate.denied
    gate.client("apigateway").put_method(
        restApiId=closed, resourceId=root, httpMethod="GET", authorizationType="AWS_IAM"
    )
    assert sent(gate, None, "", "GET", "/test/orders", headers=headers)[0] == 403
    assert [one.check.action for one in gate.denied] == ["execute-api:Invoke"]


@pytest.mark.parametrize(
    "target", ["/moto-api", "/moto-api/reset", "/%6doto-api/data.json", "//moto-api/reset", "/favicon.ico",
               "/MOTO-API/", "/latest/meta-data/iam/security-credentials/", "/iam_us-east-1/x", "/sqs_us-east-1/q",
               "/us-east-1_abc/.well-known/jwks.json", "/", "/cloudformation_us-east-1/cfnresponse"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "PATCH", "TRACE"])
def test_nobody_reaches_what_the_local_aws_has_of_its_own(gate: Gate, target: str, method: str) -> None:
    status, _ = sent(gate, None, "", method, target, headers={"Upgrade": "websocket", "Connection": "Upgrade"})
    assert status in (400, 403, 404)
    assert "victim" in users(gate)


def test_an_open_operation_lets_nothing_else_in(gate: Gate) -> None:
    open_to_all = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::pail/in/*"}
    gate.client("s3").put_bucket_policy(
        Bucket="pail", Policy=json.dumps({"Version": "2012-10-17", "Statement": [open_to_all]})
    )
    for target, body in (
        ("/pail/in/k", b"Action=AssumeRoleWithSAML&RoleArn=a&PrincipalArn=b&SAMLAssertion=c"),
        ("/pail/in/k", b"Action=CreateDomain&DomainName=d&Version=2009-04-15"),
        ("/pail/in/k?Action=DeleteUser&UserName=victim&Version=2010-05-08", b""),
        ("/pail/in/k", b"key=secret&file=x"),
    ):
        sent(gate, None, "s3", "PUT", target, body, {"Content-Type": FORM})
        assert "victim" in users(gate)
        objects = gate.client("s3").list_objects_v2(Bucket="pail")["Contents"]
        assert {one["Key"] for one in objects} <= {"secret", "in/k"}
        assert gate.client("s3").get_object(Bucket="pail", Key="secret")["Body"].read() == SECRET
    assert gate.client("s3").get_object(Bucket="pail", Key="in/k")["Body"].read() == b"key=secret&file=x"


def test_two_signatures_are_none(gate: Gate, user: Principal) -> None:
    other = gate.make_user("other")
    for first, second in ((user, other), (other, user)):
        signed = []
        for who in (first, second):
            request = AWSRequest("GET", f"{gate.address}/?Action=ListTopics&Version=2010-03-31")
            SigV4Auth(Credentials(who.key_id, who.secret), "sns", REGION).add_auth(request)
            signed.append(request.headers)
        both = {**signed[1], "Authorization": f"{signed[0]['Authorization']}, {signed[1]['Authorization']}"}
        assert sent(gate, None, "", "GET", "/?Action=ListTopics&Version=2010-03-31", headers=both)[0] in (400, 403)


def test_a_service_that_the_local_aws_does_not_have_leaves_the_output_alone(
    gate: Gate, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ClientError, match="the local AWS does not support it"):
        gate.client("invoicing").list_invoice_units()
    assert capfd.readouterr().out == ""


def test_what_the_local_aws_does_not_have_is_said_to_be_so(gate: Gate) -> None:
    admin = gate.admin
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ConnectCustomKeyStore"}
    status, body = sent(gate, admin, "kms", "POST", "/", b'{"CustomKeyStoreId": "a"}', headers)
    assert (status, json.loads(body)["__type"]) == (501, "NotImplemented")
    assert "kms.ConnectCustomKeyStore" in json.loads(body)["message"]
    status, body = sent(gate, admin, "s3", "GET", "/pail/secret?torrent")
    assert (status, b"<Code>NotImplemented</Code>" in body, b"s3.GetObjectTorrent" in body) == (501, True, True)
    json_1_0 = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "BackupOnPremises_v20210101.ListGateways"}
    status, body = sent(gate, admin, "backup-gateway", "POST", "/", b"{}", json_1_0)
    assert (status, json.loads(body)["__type"]) == (501, "NotImplemented")


def test_a_request_that_is_no_operation_is_denied_and_told(gate: Gate) -> None:
    heard: list[str] = []
    gate.on_decided = lambda one: heard.append(f"{one.check.action} {one.allowed} {one.message}")
    try:
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        status, _ = sent(gate, gate.make_user("all", [everything]), "lambda", "PATCH", "/no/such/path")
    finally:
        gate.on_decided = None
    assert status == 403
    what = "lambda PATCH /no/such/path"
    assert heard == [f"lambda.PATCH False scopedown does not know which action {what} needs"]
    assert gate.unmapped == [f": {what}"]
