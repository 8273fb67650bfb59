"""A resource's own policy has its say: it lets others in, keeps the caller out, and asks its conditions."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal

OTHER = "111122223333"
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as _archive:
    _archive.writestr("h.py", "def f(event, context): return 1")
Statement = dict[str, Any]


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def everything(service: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": f"{service}:*", "Resource": "*"}}


def s3(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    admin = gate.client("s3")
    admin.create_bucket(Bucket="pail")
    admin.put_object(Bucket="pail", Key="k", Body=b"x")
    admin.put_bucket_policy(Bucket="pail", Policy=document(statement))
    assert json.loads(admin.get_bucket_policy(Bucket="pail")["Policy"])["Statement"]
    return lambda who: gate.client("s3", who).get_object(Bucket="pail", Key="k")


def sqs(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    url = gate.client("sqs").create_queue(QueueName="q", Attributes={"Policy": document(statement)})["QueueUrl"]
    return lambda who: gate.client("sqs", who).send_message(QueueUrl=url, MessageBody="x")


def sns(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    arn = gate.client("sns").create_topic(Name="t", Attributes={"Policy": document(statement)})["TopicArn"]
    return lambda who: gate.client("sns", who).publish(TopicArn=arn, Message="x")


def lambda_(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    iam = gate.client("iam")
    trust = document({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client = gate.client("lambda")
    arn = client.create_function(
        FunctionName="f", Runtime="python3.12", Role=role, Handler="h.f", Code={"ZipFile": ZIP.getvalue()}
    )["FunctionArn"]
    if statement["Effect"] == "Deny":
        pytest.skip("AddPermission writes no Deny")
    principal = statement["Principal"]["AWS"]
    client.add_permission(FunctionName="f", StatementId="s", Action=statement["Action"], Principal=principal)
    return lambda who: gate.client("lambda", who).get_function_configuration(FunctionName=arn)


def kms(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    client = gate.client("kms")
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    made = client.create_key(Policy=document(root, {**statement, "Resource": "*"}))["KeyMetadata"]["Arn"]
    return lambda who: gate.client("kms", who).describe_key(KeyId=made)


def secretsmanager(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    client = gate.client("secretsmanager")
    arn = client.create_secret(Name="s", SecretString="x")["ARN"]
    client.put_resource_policy(SecretId="s", ResourcePolicy=document(statement))
    return lambda who: gate.client("secretsmanager", who).get_secret_value(SecretId=arn)


def ecr(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    client = gate.client("ecr")
    client.create_repository(repositoryName="images")
    without = {name: value for name, value in statement.items() if name != "Resource"}
    client.set_repository_policy(repositoryName="images", policyText=document({**without, "Sid": "s"}))
    return lambda who: gate.client("ecr", who).list_images(registryId=ACCOUNT, repositoryName="images")


def events(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    client = gate.client("events")
    arn = client.create_event_bus(Name="bus")["EventBusArn"]
    if statement["Effect"] == "Deny":
        pytest.skip("moto keeps no Deny of a bus")
    client.put_permission(EventBusName="bus", Policy=document({**statement, "Sid": "s", "Resource": arn}))
    entry = {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": arn}
    return lambda who: gate.client("events", who).put_events(Entries=[entry])


def dynamodb(gate: Gate, statement: Statement) -> Callable[[Principal], Any]:
    client = gate.client("dynamodb")
    arn = client.create_table(
        TableName="t", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )["TableDescription"]["TableArn"]  # fmt: skip
    client.put_resource_policy(ResourceArn=arn, Policy=document({**statement, "Resource": arn}))
    return lambda who: gate.client("dynamodb", who).get_item(TableName=arn, Key={"id": {"S": "1"}})


ACTIONS = {
    s3: "s3:GetObject", sqs: "sqs:SendMessage", sns: "sns:Publish", kms: "kms:DescribeKey",
    lambda_: "lambda:GetFunctionConfiguration", secretsmanager: "secretsmanager:GetSecretValue", ecr: "ecr:ListImages",
    events: "events:PutEvents", dynamodb: "dynamodb:GetItem",
}  # fmt: skip
RESOURCES = {
    s3: "arn:aws:s3:::pail/*", sqs: f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", sns: f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
}  # fmt: skip


def denied(ask: Callable[[Principal], Any], who: Principal) -> str:
    """The sentence of the denial; nothing where the request went through, whatever moto then said of it."""
    try:
        ask(who)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return error.response["Error"]["Message"] if code.startswith(("AccessDenied", "Authorization")) else ""
    return ""


@pytest.mark.parametrize("service", ACTIONS)
def test_a_resource_lets_a_user_in_who_has_no_policy(gate: Gate, service: Any) -> None:
    user, neighbour = gate.make_user("u"), gate.make_user("n")
    given = {"Principal": {"AWS": user.caller.arn}, "Action": ACTIONS[service]}
    ask = service(gate, {"Effect": "Allow", **given, "Resource": RESOURCES.get(service, "*")})
    assert denied(ask, user) == ""
    assert "is not authorized to perform: " + ACTIONS[service].split(":")[0] in denied(ask, neighbour)


@pytest.mark.parametrize("service", ACTIONS)
def test_a_resource_keeps_a_user_out_who_may_do_everything(gate: Gate, service: Any) -> None:
    user = gate.make_user("u", [everything(ACTIONS[service].split(":")[0])])
    given = {"Principal": {"AWS": user.caller.arn}, "Action": ACTIONS[service]}
    ask = service(gate, {"Effect": "Deny", **given, "Resource": RESOURCES.get(service, "*")})
    assert denied(ask, user).endswith("with an explicit deny in a resource-based policy")


@pytest.mark.parametrize("service", [s3, sqs, sns, secretsmanager, kms])
def test_another_account_needs_both(gate: Gate, service: Any) -> None:
    poor = gate.make_user("poor", account=OTHER)
    rich = gate.make_user("rich", [everything(ACTIONS[service].split(":")[0])], OTHER)
    given = {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": ACTIONS[service]}
    ask = service(gate, {"Effect": "Allow", **given, "Resource": RESOURCES.get(service, "*")})
    assert "no identity-based policy allows" in denied(ask, poor)
    assert denied(ask, rich) == ""


def test_a_buckets_conditions_are_asked_and_moto_does_not_add_its_own(gate: Gate) -> None:
    user = gate.make_user("u", [everything("s3")])
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    ask = s3(gate, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::pail/*",
                    "Condition": condition})  # fmt: skip
    assert denied(ask, user) == ""
    gate.client("s3").delete_bucket_policy(Bucket="pail")
    assert denied(ask, user) == ""


def test_a_document_that_cannot_be_read_lets_nobody_through(gate: Gate) -> None:
    from scopedown.guard.local_iam import Document, read
    from scopedown.iam import Kind

    for kind in (Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.RESOURCE, Kind.TRUST):
        policy = read(Document("{", kind, "broken"))
        assert [one.effect for one in policy.statements] == ["Deny"]
        assert "unreadable" in policy.name
