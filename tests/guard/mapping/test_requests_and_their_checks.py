"""What is checked for a request: each action on each ARN, one by one where AWS does so."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from scopedown.guard.checks import UnmappedError, checks, singles

ACCOUNT, REGION = "123456789012", "eu-west-1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/"

CASES: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("dynamodb", "TransactWriteItems",
     {"TransactItems": [{"Put": {"TableName": "a", "Item": {}}}, {"Delete": {"TableName": "b", "Key": {}}},
                        {"ConditionCheck": {"TableName": "c", "Key": {}}}]},
     [("dynamodb:PutItem", f"{TABLE}a"), ("dynamodb:DeleteItem", f"{TABLE}b"),
      ("dynamodb:ConditionCheckItem", f"{TABLE}c")]),
    ("dynamodb", "BatchGetItem", {"RequestItems": {"a": {"Keys": []}, "b": {"Keys": []}}},
     [("dynamodb:BatchGetItem", f"{TABLE}a"), ("dynamodb:BatchGetItem", f"{TABLE}b")]),
    ("dynamodb", "BatchWriteItem", {"RequestItems": {"a": [{"PutRequest": {"Item": {}}}], "b": []}},
     [("dynamodb:BatchWriteItem", f"{TABLE}a"), ("dynamodb:BatchWriteItem", f"{TABLE}b")]),
    ("dynamodb", "Query", {"TableName": "a", "IndexName": "i"}, [("dynamodb:Query", f"{TABLE}a/index/i")]),
    ("dynamodb", "Scan", {"TableName": f"{TABLE}a"}, [("dynamodb:Scan", f"{TABLE}a")]),
    ("dynamodb", "BatchExecuteStatement",
     {"Statements": [{"Statement": "SELECT * FROM a"}, {"Statement": "delete from \"b\" where id='1'"}]},
     [("dynamodb:PartiQLSelect", f"{TABLE}a"), ("dynamodb:PartiQLDelete", f"{TABLE}b")]),
    ("dynamodb", "ExecuteStatement", {"Statement": 'SELECT * FROM "a"."i"'},
     [("dynamodb:PartiQLSelect", f"{TABLE}a/index/i")]),
    ("s3", "GetObject", {"Bucket": "x", "Key": "k", "VersionId": "v"}, [("s3:GetObjectVersion", "arn:aws:s3:::x/k")]),
    ("s3", "HeadObject", {"Bucket": "x", "Key": "a b/ä"}, [("s3:GetObject", "arn:aws:s3:::x/a b/ä")]),
    ("s3", "GetObject", {"Bucket": f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/ap", "Key": "k"},
     [("s3:GetObject", f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/ap/object/k")]),
    ("s3", "PutObject", {"Bucket": "x", "Key": "k", "ACL": "private", "Tagging": "a=b",
                         "ObjectLockRetainUntilDate": "2030-01-01T00:00:00Z"},
     [("s3:PutObject", "arn:aws:s3:::x/k"), ("s3:PutObjectAcl", "arn:aws:s3:::x/k"),
      ("s3:PutObjectTagging", "arn:aws:s3:::x/k"), ("s3:PutObjectRetention", "arn:aws:s3:::x/k")]),
    ("s3", "CopyObject", {"Bucket": "x", "Key": "k/y", "CopySource": "from/z"},
     [("s3:PutObject", "arn:aws:s3:::x/k/y"), ("s3:GetObject", "arn:aws:s3:::from/z")]),
    ("s3", "UploadPartCopy", {"Bucket": "x", "Key": "k", "CopySource": "from/z?versionId=1"},
     [("s3:PutObject", "arn:aws:s3:::x/k"), ("s3:GetObjectVersion", "arn:aws:s3:::from/z")]),
    ("s3", "DeleteObjects", {"Bucket": "x", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}},
     [("s3:DeleteObject", "arn:aws:s3:::x/a"), ("s3:DeleteObject", "arn:aws:s3:::x/b")]),
    ("s3", "CreateBucket", {"Bucket": "x", "ACL": "private"},
     [("s3:CreateBucket", "arn:aws:s3:::x"), ("s3:PutBucketAcl", "arn:aws:s3:::x")]),
    ("ssm", "GetParameters", {"Names": ["/a/b", "c"]},
     [("ssm:GetParameters", f"{PARAMETER}a/b"), ("ssm:GetParameters", f"{PARAMETER}c")]),
    ("sqs", "SendMessageBatch", {"QueueUrl": f"http://127.0.0.1:5000/{ACCOUNT}/q", "Entries": []},
     [("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")]),
    ("events", "PutEvents", {"Entries": [{"Source": "a"}, {"EventBusName": "other"}, {"EventBusName": f"{BUS}third"}]},
     [("events:PutEvents", f"{BUS}default"), ("events:PutEvents", f"{BUS}other"),
      ("events:PutEvents", f"{BUS}third")]),
    ("lambda", "CreateFunction", {"FunctionName": "f", "Role": ROLE, "Code": {}},
     [("lambda:CreateFunction", f"{FUNCTION}f"), ("iam:PassRole", ROLE)]),
    ("lambda", "Invoke", {"FunctionName": "f", "Qualifier": "live"}, [("lambda:InvokeFunction", f"{FUNCTION}f:live")]),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "Tags": [{"Key": "a", "Value": "b"}], "SourceIdentity": "me"},
     [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE), ("sts:SetSourceIdentity", ROLE)]),
    ("sts", "GetCallerIdentity", {}, []),
    ("iam", "CreateServiceLinkedRole", {"AWSServiceName": "es.amazonaws.com"},
     [("iam:CreateServiceLinkedRole",
       f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/es.amazonaws.com/AWSServiceRoleFor6f1e1a52")]),
    ("apigateway", "CreateResource", {"restApiId": "api", "parentId": "p"},
     [("apigateway:POST", f"arn:aws:apigateway:{REGION}::/restapis/api/resources/p")]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "given", "expected"), CASES,
                         ids=[f"{one[0]}.{one[1]}-{number}" for number, one in enumerate(CASES)])  # fmt: skip
def test_a_request_is_checked_for(
    service: str, operation: str, given: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with mock_aws():
        found = checks(service, operation, given, ACCOUNT, REGION)
        again = checks(service, operation, given, ACCOUNT, REGION)
    assert [(one.action, one.resource) for one in found] == expected
    assert [(one.action, one.resource) for one in again] == expected


def test_what_is_kept_of_one_request_is_not_taken_for_another() -> None:
    with mock_aws():
        for key in ("a", "b", "arn:aws:s3:::other/key", "*"):
            (one,) = checks("s3", "GetObject", {"Bucket": "x", "Key": key}, ACCOUNT, REGION)
            assert one.resource == f"arn:aws:s3:::x/{key}"
        for account in ("111111111111", "222222222222"):
            (one,) = checks("sns", "DeleteTopic", {"TopicArn": f"arn:aws:sns:{REGION}:{account}:t"}, ACCOUNT, REGION)
            assert one.resource == f"arn:aws:sns:{REGION}:{account}:t"
            (one,) = checks("lambda", "GetFunction", {"FunctionName": "f"}, account, REGION)
            assert one.resource == f"arn:aws:lambda:{REGION}:{account}:function:f"


def test_a_hundred_instances_are_told_apart() -> None:
    names = [f"i-{number:03}" for number in range(100)]
    with mock_aws():
        found = checks("ec2", "StopInstances", {"InstanceIds": names}, ACCOUNT, REGION)
    assert [one.resource.rpartition("/")[2] for one in found] == names


def test_each_of_several_things_is_a_request_of_its_own() -> None:
    whole = {"Bucket": "x", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}], "Quiet": True}}
    assert [one["Delete"] for one in singles("s3", "DeleteObjects", whole)] == [
        {"Objects": [{"Key": "a"}], "Quiet": True}, {"Objects": [{"Key": "b"}], "Quiet": True}
    ]  # fmt: skip


def test_what_nothing_maps_is_refused_and_named() -> None:
    with pytest.raises(UnmappedError, match=r"cloudhsm\.ModifyHapg"):
        checks("cloudhsm", "ModifyHapg", {}, ACCOUNT, REGION)
    with pytest.raises(UnmappedError, match=r"nothing\.Known"):
        checks("nothing", "Known", {}, ACCOUNT, REGION)


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION, aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                        aws_secret_access_key="x")  # fmt: skip


def resources(service: str, operation: str, **given: Any) -> list[str]:
    return [one.resource for one in checks(service, operation, given, ACCOUNT, REGION)]


@pytest.mark.usefixtures("aws")
class TestWhatTheLocalAwsKnows:
    """ARNs that the request does not give."""

    def test_the_key_that_encrypted_a_text(self) -> None:
        key = client("kms").create_key()["KeyMetadata"]
        blob = client("kms").encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
        assert resources("kms", "Decrypt", CiphertextBlob=blob) == [key["Arn"]]

    def test_the_stage_that_answers_a_path(self) -> None:
        gateway = client("apigatewayv2")
        api = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        url = f"https://{api}.execute-api.{REGION}.amazonaws.com/dev/pets"
        head = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}"
        gateway.create_stage(ApiId=api, StageName="$default")
        assert resources("execute-api", "Invoke", url=url, method="GET") == [f"{head}/$default/GET/dev/pets"]
        gateway.create_stage(ApiId=api, StageName="dev")
        assert resources("execute-api", "Invoke", url=url, method="GET") == [f"{head}/dev/GET/pets"]

    def test_the_function_that_a_url_is_of(self) -> None:
        moto_api_backend.set_config({"lambda": {"use_docker": False}})  # as the guard has it: another backend
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("f.py", "")
        iam = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Statement": []}))["Role"]
        client("lambda").create_function(
            FunctionName="f", Role=iam["Arn"], Handler="f.f", Runtime="python3.12", Code={"ZipFile": packed.getvalue()}
        )
        url = client("lambda").create_function_url_config(FunctionName="f", AuthType="AWS_IAM")["FunctionUrl"]
        first, *_ = checks("lambda", "InvokeFunctionUrl", {"url": url, "method": "GET"}, ACCOUNT, REGION)
        assert (first.action, first.resource) == ("lambda:InvokeFunctionUrl", f"{FUNCTION}f")
        assert first.context["lambda:FunctionUrlAuthType"] == "AWS_IAM"

    def test_the_identity_that_an_address_is_sent_from(self) -> None:
        head = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/"
        given = {"FromEmailAddress": "a@example.com", "Content": {}}
        assert resources("sesv2", "SendEmail", **given) == [f"{head}a@example.com"]
        client("ses").verify_domain_identity(Domain="example.com")
        assert resources("sesv2", "SendEmail", **given) == [f"{head}example.com"]

    def test_a_secret_that_is_not_there_yet_has_six_characters_too(self) -> None:
        (one,) = resources("secretsmanager", "CreateSecret", Name="db")
        assert one == f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-aB3dE5"
