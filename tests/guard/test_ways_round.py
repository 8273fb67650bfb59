"""Requests that name what the caller may use, so that what the caller may not use is reached: each one is denied, and
the honest request beside it is allowed."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from guard.test_smuggled_requests import sent
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal

OTHER = "999999999999"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip


def user(gate: Gate, *pairs: tuple[str | list[str], str | list[str]]) -> Principal:
    """A user who may do these actions on these resources."""
    statements = [{"Effect": "Allow", "Action": actions, "Resource": resources} for actions, resources in pairs]
    return gate.make_user("u", [{"Version": "2012-10-17", "Statement": statements}])


def code(call: Any, **given: Any) -> str:
    """The error's code; nothing where there is none."""
    try:
        call(**given)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def arn(service: str, resource: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def unvalidated(gate: Gate, who: Principal, service: str) -> Any:
    """A client that sends what it is given."""
    return boto3.client(
        service, endpoint_url=gate.address, region_name=REGION, aws_access_key_id=who.key_id,
        aws_secret_access_key=who.secret, config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )  # fmt: skip


def table(gate: Gate, *names: str) -> None:
    for name in names:
        gate.client("dynamodb").create_table(
            TableName=name, AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )  # fmt: skip


def test_a_key_a_stream_or_a_rule_that_looks_like_an_arn_is_a_name(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    gate.client("logs").create_log_group(logGroupName="other")
    who = user(gate, ("*", ["arn:aws:s3:::own/*", arn("logs", "log-group:own:*"), arn("events", "rule/own")]))
    assert code(gate.client("s3", who).put_object, Bucket="pail", Key="arn:aws:s3:::own/k", Body=b"") == "AccessDenied"
    made = code(
        gate.client("logs", who).create_log_stream, logGroupName="other",
        logStreamName=arn("logs", "log-group:own:log-stream:x"),
    )  # fmt: skip
    assert made == "AccessDeniedException"
    events = unvalidated(gate, who, "events")
    assert code(events.put_rule, Name=arn("events", "rule/own"), ScheduleExpression="rate(1 day)") != ""
    assert gate.client("events").list_rules()["Rules"] == []


def test_a_name_of_iam_that_looks_like_an_arn_is_a_name(gate: Gate) -> None:
    who = user(gate, ("iam:*", f"arn:aws:iam::{ACCOUNT}:user/own"))
    assert (
        code(unvalidated(gate, who, "iam").create_user, UserName=f"arn:aws:iam::{ACCOUNT}:user/own") == "AccessDenied"
    )
    assert code(gate.client("iam", who).create_user, UserName="own") == ""


def test_an_entity_of_iam_has_its_path_in_its_arn(gate: Gate) -> None:
    iam = gate.client("iam")
    iam.create_role(RoleName="victim", Path="/admin/", AssumeRolePolicyDocument=json.dumps(TRUST))
    prefix = f"arn:aws:iam::{ACCOUNT}:role"
    who = user(gate, ("iam:*", [f"{prefix}/victim", f"{prefix}/app/*"]))
    mine = gate.client("iam", who)
    assert code(mine.delete_role, RoleName="victim") == "AccessDenied"
    made = {"AssumeRolePolicyDocument": json.dumps(TRUST)}
    assert code(mine.create_role, RoleName="r", Path="/admin/", **made) == "AccessDenied"
    assert code(mine.create_role, RoleName="r", Path="/app/", **made) == ""
    assert code(mine.delete_role, RoleName="r") == ""


def test_the_task_of_one_cluster_beside_the_name_of_another(gate: Gate) -> None:
    ecs = gate.client("ecs")
    for name in ("own", "other"):
        ecs.create_cluster(clusterName=name)
    who = user(gate, ("ecs:*", arn("ecs", "task/own/*")))
    task = arn("ecs", "task/own/0123")
    assert code(gate.client("ecs", who).describe_tasks, cluster="other", tasks=[task]) == "AccessDeniedException"
    assert code(gate.client("ecs", who).describe_tasks, cluster="own", tasks=[task]) == ""


def test_the_arn_of_a_table_in_another_region_or_of_another_kind(gate: Gate) -> None:
    table(gate, "own", "victim")
    own = ["table/own", "table/own/index/*"]
    who = user(
        gate, ("dynamodb:*", [*(arn("dynamodb", one) for one in own), arn("dynamodb", "table/*", region="eu-west-1")])
    )
    client = gate.client("dynamodb", who)
    for named in (
        arn("dynamodb", "table/victim", region="eu-west-1"), arn("dynamodb", "table/own/index/victim"),
        arn("dynamodb", "table/victim"), "victim",
    ):  # fmt: skip
        assert code(client.get_item, TableName=named, Key={"k": {"S": "a"}}) != ""
        assert code(client.list_tags_of_resource, ResourceArn=named) != ""
    assert code(client.get_item, TableName=arn("dynamodb", "table/own"), Key={"k": {"S": "a"}}) == ""


def test_the_url_of_a_queue_of_another_account_or_region_is_not_the_queue_here(gate: Gate) -> None:
    sqs = gate.client("sqs")
    url = sqs.create_queue(QueueName="victim")["QueueUrl"]
    who = user(gate, ("sqs:*", [arn("sqs", "victim", region="eu-west-1"), arn("sqs", "victim", OTHER)]))
    mine = gate.client("sqs", who)
    for named in (
        url, f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/victim", f"https://sqs.{REGION}.amazonaws.com/{OTHER}/victim",
        arn("sqs", "victim"),
    ):  # fmt: skip
        assert code(mine.send_message, QueueUrl=named, MessageBody="a") != ""
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_ciphertext_of_another_key_is_not_encrypted_again(gate: Gate) -> None:
    kms = gate.client("kms")
    own, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    blob = kms.encrypt(KeyId=other, Plaintext=b"secret")["CiphertextBlob"]
    mine = kms.encrypt(KeyId=own, Plaintext=b"mine")["CiphertextBlob"]
    client = gate.client("kms", user(gate, ("kms:*", arn("kms", f"key/{own}"))))
    for more in ({}, {"SourceKeyId": own}):
        assert code(client.re_encrypt, CiphertextBlob=blob, DestinationKeyId=own, **more) == "AccessDeniedException"
        assert code(client.re_encrypt, CiphertextBlob=mine, DestinationKeyId=own, **more) == ""
    assert code(client.decrypt, CiphertextBlob=blob, KeyId=own) == "AccessDeniedException"


def test_each_alias_of_a_request_is_looked_up_for_its_own_key(gate: Gate) -> None:
    kms = gate.client("kms")
    own, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/own", TargetKeyId=own)
    kms.create_alias(AliasName="alias/other", TargetKeyId=other)
    mine = kms.encrypt(KeyId=own, Plaintext=b"mine")["CiphertextBlob"]
    client = gate.client("kms", user(gate, ("kms:*", arn("kms", f"key/{own}"))))
    asked = {"CiphertextBlob": mine, "SourceKeyId": "alias/own"}
    assert code(client.re_encrypt, DestinationKeyId="alias/other", **asked) == "AccessDeniedException"
    assert code(client.re_encrypt, DestinationKeyId="alias/own", **asked) == ""


def test_a_grant_of_another_key_is_not_retired_by_its_token(gate: Gate) -> None:
    kms = gate.client("kms")
    own, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    grantee = f"arn:aws:iam::{ACCOUNT}:user/u"
    token = kms.create_grant(KeyId=other, GranteePrincipal=grantee, Operations=["Decrypt"])["GrantToken"]
    client = gate.client("kms", user(gate, ("kms:*", arn("kms", f"key/{own}"))))
    assert code(client.retire_grant, KeyId=own, GrantId="a", GrantToken=token) == "AccessDeniedException"
    assert len(kms.list_grants(KeyId=other)["Grants"]) == 1


def test_a_secret_read_as_a_parameter_is_a_secret(gate: Gate) -> None:
    for name in ("own", "victim"):
        gate.client("secretsmanager").create_secret(Name=name, SecretString="hidden")
    secret = arn("secretsmanager", "secret:own-??????")
    who = user(gate, ("ssm:*", "*"), ("secretsmanager:GetSecretValue", secret))
    ssm = gate.client("ssm", who)
    name = "/aws/reference/secretsmanager/"
    assert code(ssm.get_parameter, Name=f"{name}victim", WithDecryption=True) == "AccessDeniedException"
    assert (
        code(ssm.get_parameters, Names=[f"{name}own", f"{name}victim"], WithDecryption=True) == "AccessDeniedException"
    )
    assert code(ssm.get_parameter_history, Name=f"{name}victim", WithDecryption=True) != ""
    assert ssm.get_parameter(Name=f"{name}own", WithDecryption=True)["Parameter"]["Value"] == "hidden"


@pytest.fixture
def functions(gate: Gate) -> Gate:
    role = gate.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    for name in ("own", "other"):
        gate.client("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Role=role, Handler="a.b", Code={"ZipFile": archive()}
        )
    return gate


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.py", "def b(event, context): return {}")
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    ["own:function:other", f"{ACCOUNT}:function:own:function:other", "own%2Fother", "own%2F..%2Fother",
     f"arn%3Aaws%3Alambda%3A{REGION}%3A{ACCOUNT}%3Afunction%3Aown%3Afunction%3Aother",
     "own%3Aa%3Aother", "own%3Fother"],
)  # fmt: skip
def test_a_functions_name_with_another_in_it(functions: Gate, name: str) -> None:
    who = user(functions, ("lambda:*", arn("lambda", "function:own*")))
    status, body = sent(functions, who, "lambda", "DELETE", f"/2015-03-31/functions/{name}")
    assert 400 <= status < 500, body
    assert len(functions.client("lambda").list_functions()["Functions"]) == 2


def test_a_functions_partial_arn_is_its_name(functions: Gate) -> None:
    mine = functions.client("lambda", user(functions, ("lambda:GetFunction", arn("lambda", "function:own"))))
    assert code(mine.get_function, FunctionName="own") == ""
    for name in ("function:other", f"{ACCOUNT}:function:other", "other"):
        assert code(mine.get_function, FunctionName=name) == "AccessDeniedException"


def test_code_is_read_from_a_bucket_with_the_callers_rights(functions: Gate) -> None:
    s3 = functions.client("s3")
    for bucket in ("mine", "secret"):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="code.zip", Body=archive())
    who = user(functions, ("lambda:*", "*"), ("s3:GetObject", "arn:aws:s3:::mine/*"))
    mine = functions.client("lambda", who)
    for bucket, told in (("secret", "AccessDeniedException"), ("mine", "")):
        where = {"S3Bucket": bucket, "S3Key": "code.zip"}
        assert code(mine.update_function_code, FunctionName="own", **where) == told
        assert code(mine.publish_layer_version, LayerName="l", Content=where) == told


def test_records_are_those_of_the_iterators_stream(gate: Gate) -> None:
    kinesis = gate.client("kinesis")
    for name in ("own", "victim"):
        kinesis.create_stream(StreamName=name, ShardCount=1)
        kinesis.put_record(StreamName=name, Data=name.encode(), PartitionKey="a")
    reading = {"ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}
    iterators = {
        name: kinesis.get_shard_iterator(StreamName=name, **reading)["ShardIterator"] for name in ("own", "victim")
    }
    own = arn("kinesis", "stream/own")
    mine = gate.client("kinesis", user(gate, ("kinesis:GetRecords", own)))
    for more in ({}, {"StreamARN": own}):
        assert code(mine.get_records, ShardIterator=iterators["victim"], **more) == "AccessDeniedException"
    assert mine.get_records(ShardIterator=iterators["own"])["Records"][0]["Data"] == b"own"


def test_records_of_a_table_are_those_of_the_iterators_stream(gate: Gate) -> None:
    table(gate, "own", "victim")
    streams, iterators = gate.client("dynamodbstreams"), {}
    for name in ("own", "victim"):
        stream = streams.list_streams(TableName=name)["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        iterators[name] = streams.get_shard_iterator(
            StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]  # fmt: skip
    mine = gate.client("dynamodbstreams", user(gate, ("dynamodb:*", arn("dynamodb", "table/own/stream/*"))))
    assert code(mine.get_records, ShardIterator=iterators["victim"]) == "AccessDeniedException"
    assert code(mine.get_records, ShardIterator=iterators["own"]) == ""


def test_an_upload_is_one_of_its_key(gate: Gate) -> None:
    s3 = gate.client("s3")
    s3.create_bucket(Bucket="pail")
    victim = s3.create_multipart_upload(Bucket="pail", Key="victim")["UploadId"]
    who = user(gate, ("s3:*", "arn:aws:s3:::pail/own/*"))
    mine = gate.client("s3", who)
    other = {"Bucket": "pail", "Key": "own/k", "UploadId": victim}
    assert code(mine.upload_part, PartNumber=1, Body=b"evil", **other) == "NoSuchUpload"
    assert code(mine.list_parts, **other) == "NoSuchUpload"
    assert code(mine.complete_multipart_upload, **other, MultipartUpload={"Parts": []}) == "NoSuchUpload"
    assert code(mine.abort_multipart_upload, **other) == "NoSuchUpload"
    own = {**other, "UploadId": mine.create_multipart_upload(Bucket="pail", Key="own/k")["UploadId"]}
    tag = mine.upload_part(PartNumber=1, Body=b"mine", **own)["ETag"]
    assert (
        code(mine.complete_multipart_upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]}, **own) == ""
    )
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="pail")["Contents"]] == ["own/k"]


@pytest.mark.parametrize(
    "source",
    ["/secret/k", "//own/secret/k", "x:own/../secret/k", "own:x/k", "http://own/secret/k", "arn:aws:s3:::own/secret/k",
     "secret/k#/own/k", "secret/k%3FversionId=own/k", "own/../secret/k", "%2Fsecret%2Fk", "///secret/k",
     "own@x/secret/k"],
)  # fmt: skip
def test_a_copys_source_has_one_reading(gate: Gate, source: str) -> None:
    s3 = gate.client("s3")
    for bucket in ("own", "secret", "target"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="secret", Key="k", Body=b"hidden")
    s3.put_object(Bucket="own", Key="k v", Body=b"mine")
    who = user(gate, ("s3:*", ["arn:aws:s3:::own*", "arn:aws:s3:::target/*", "arn:aws:s3:::secret/k#*"]))
    sent(gate, who, "s3", "PUT", "/target/copy", headers={"x-amz-copy-source": source})
    assert all(s3.get_object(Bucket="target", Key=one["Key"])["Body"].read() != b"hidden"
               for one in s3.list_objects_v2(Bucket="target").get("Contents", ()))  # fmt: skip
    assert code(gate.client("s3", who).copy_object, Bucket="target", Key="c", CopySource="/own/k v") == ""
    assert s3.get_object(Bucket="target", Key="c")["Body"].read() == b"mine"


@pytest.mark.parametrize(
    "statement",
    ["SELECT 'FROM own' FROM victim", 'SELECT "FROM own" FROM "victim"', "SELECT * /* FROM own */ FROM victim",
     "SELECT * FROM own, victim", "SELECT * -- FROM own\n FROM victim", "EXISTS(SELECT * FROM victim)",
     "/* SELECT */ SELECT * FROM victim", 'select * from "victim"'],
)  # fmt: skip
def test_a_statement_is_about_the_table_that_it_reads(gate: Gate, statement: str) -> None:
    table(gate, "own", "victim")
    gate.client("dynamodb").put_item(TableName="victim", Item={"k": {"S": "hidden"}})
    mine = gate.client("dynamodb", user(gate, ("dynamodb:*", arn("dynamodb", "table/own"))))
    assert code(mine.execute_statement, Statement=statement) != ""
    assert code(mine.execute_statement, Statement='SELECT * FROM "own"') == ""


def test_what_no_policy_can_allow_is_refused(gate: Gate) -> None:
    iam, kms = gate.client("iam"), gate.client("kms")
    linked = iam.create_service_linked_role(AWSServiceName="rds.amazonaws.com")["Role"]["RoleName"]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    who = user(gate, ("*", "*"))
    mine = gate.client("iam", who)
    managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert code(mine.create_policy_version, PolicyArn=managed, PolicyDocument=json.dumps(TRUST)) == "AccessDenied"
    assert code(mine.put_role_policy, RoleName=linked, PolicyName="p", PolicyDocument="{}") == "UnmodifiableEntity"
    made = {"Path": "/aws-reserved/", "AssumeRolePolicyDocument": json.dumps(TRUST)}
    assert code(mine.create_role, RoleName="r", **made) == "AccessDenied"
    alias = {"AliasName": "alias/aws/own", "TargetKeyId": key}
    assert code(gate.client("kms", who).create_alias, **alias) == "NotAuthorizedException"
