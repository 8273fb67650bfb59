"""Ways round that ``bench/guard_attacks.py`` found: what is read in two ways, and what a service does unasked."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from guard.test_smuggled_requests import sent
from guard.test_ways_round import arn, code, unvalidated, user
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, Principal


def secrets(gate: Gate, who: Principal) -> Any:
    """A client for secrets."""
    return unvalidated(gate, who, "secretsmanager")


def test_the_name_of_another_secret_is_not_read_as_the_six_characters_of_an_arn(gate: Gate) -> None:
    admin = gate.client("secretsmanager")
    for name in ("own", "own-abcdef"):
        admin.create_secret(Name=name, SecretString=f"of {name}")
    client = secrets(gate, user(gate, ("secretsmanager:*", arn("secretsmanager", "secret:own-??????"))))
    assert code(client.get_secret_value, SecretId=arn("secretsmanager", "secret:own-abcdef")) == "AccessDeniedException"
    assert code(client.put_secret_value, SecretId=arn("secretsmanager", "secret:own-abcdef"), SecretString="x") != ""
    for own in ("own", arn("secretsmanager", "secret:own"), admin.describe_secret(SecretId="own")["ARN"]):
        assert client.get_secret_value(SecretId=own)["SecretString"] == "of own"


def test_an_arn_is_no_name_for_a_parameter_that_is_written_or_deleted(gate: Gate) -> None:
    gate.client("ssm").put_parameter(Name="/own/p", Value="v", Type="String")
    client = unvalidated(gate, user(gate, ("ssm:*", arn("ssm", "parameter/own/*"))), "ssm")
    of_own = arn("ssm", "parameter/own/q")
    assert code(client.put_parameter, Name=of_own, Value="v", Type="String") == "AccessDeniedException"
    assert code(client.delete_parameter, Name=arn("ssm", "parameter/own/p")) == "AccessDeniedException"
    assert client.get_parameter(Name=arn("ssm", "parameter/own/p"))["Parameter"]["Value"] == "v"


def test_a_target_that_no_service_of_the_signature_has_is_denied_and_no_internal_error(gate: Gate) -> None:
    who = user(gate, ("states:*", "*"))
    headers = {"X-Amz-Target": "AWSStepFunctions.Nothing", "Content-Type": "application/x-amz-json-1.0"}
    for scope in ("states", "execute-api", "S3", "unknown"):
        status, _ = sent(gate, who, scope, "POST", "/", b"{}", headers)
        assert 400 <= status < 500, scope


def test_a_body_does_not_replace_what_the_path_names(gate: Gate) -> None:
    provided(gate, "own", "victim")
    who = user(gate, ("lambda:*", arn("lambda", "function:own")))
    for name, right in (("victim", 403), ("own", 200)):
        path = f"/2015-03-31/functions/{name}/configuration"
        body = b'{"Description": "x", "FunctionName": "own"}'
        status, _ = sent(gate, who, "lambda", "PUT", path, body, {"Content-Type": "application/json"})
        assert status == right, name
    assert gate.client("lambda").get_function_configuration(FunctionName="victim")["Description"] == ""


def provided(gate: Gate, *names: str) -> None:
    """Functions."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = gate.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in names:
        gate.client("lambda").create_function(
            FunctionName=name, Role=role, Runtime="python3.12", Handler="i.h", Code={"ZipFile": packed()}
        )


def packed() -> bytes:
    """A function's code."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("i.py", "def h(event, context): pass")
    return made.getvalue()


def test_a_digest_that_is_none_does_not_stand_for_the_body(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="own-bucket")
    who = user(gate, ("s3:*", ["arn:aws:s3:::own-bucket/*"]), ("sqs:*", "*"))
    for service, digest in (
        ("s3", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), ("s3", "x"), ("sqs", "UNSIGNED-PAYLOAD"), ("sqs", "x"),
    ):  # fmt: skip
        path, method = ("/own-bucket/k", "PUT") if service == "s3" else ("/", "POST")
        headers = {"X-Amz-Content-SHA256": digest, "Content-Type": "application/x-amz-json-1.0"}
        request = AWSRequest(method, gate.address + path, headers, b"{}")
        signer = SigV4Auth(Credentials(who.key_id, who.secret), service, "us-east-1")
        signer.payload = lambda _, given=digest: given  # type: ignore[method-assign]
        signer.add_auth(request)
        status, _ = sent(gate, None, service, method, path, b"{}", dict(request.headers))
        assert status in (400, 403), (service, digest)


def test_s3_sends_events_only_where_the_destination_lets_it(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="own-bucket")
    queues, victim = gate.client("sqs"), arn("sqs", "victim")
    url = queues.create_queue(QueueName="victim")["QueueUrl"]
    client = unvalidated(gate, user(gate, ("s3:*", "*")), "s3")
    wanted = {
        "Bucket": "own-bucket",
        "NotificationConfiguration": {"QueueConfigurations": [{"QueueArn": victim, "Events": ["s3:ObjectCreated:*"]}]},
    }
    assert code(client.put_bucket_notification_configuration, **wanted) == "InvalidArgument"
    assert code(client.put_bucket_notification_configuration, **wanted, SkipDestinationValidation=True) != ""
    condition = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::own-bucket"}}
    service = {"Service": "s3.amazonaws.com"}
    lets = {"Effect": "Allow", "Principal": service, "Action": "sqs:SendMessage", "Resource": victim}
    policy = {"Version": "2012-10-17", "Statement": [{**lets, "Condition": condition}]}
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    assert code(client.put_bucket_notification_configuration, **wanted) == ""


def test_an_object_to_delete_that_has_two_keys_is_no_internal_error(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="own-bucket")
    who = user(gate, ("s3:DeleteObject", "arn:aws:s3:::own-bucket/own/*"))
    body = b"<Delete><Object><Key>own/a</Key><Key>private/b</Key></Object></Delete>"
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    status, answer = sent(gate, who, "s3", "POST", "/own-bucket?delete", body, {"Content-MD5": digest})
    assert status == 400 and b"MalformedXML" in answer


def test_a_new_function_or_parameter_is_not_named_by_a_part_of_another(gate: Gate) -> None:
    provided(gate, "own")
    who = user(
        gate,
        ("lambda:*", arn("lambda", "function:own:*")),
        ("iam:PassRole", "*"),
        ("ssm:*", arn("ssm", "parameter/own/*")),
    )
    given = {"Role": f"arn:aws:iam::{ACCOUNT}:role/r", "Runtime": "python3.12", "Handler": "i.h"}
    functions = unvalidated(gate, who, "lambda")
    said = code(functions.create_function, FunctionName="own:other", Code={"ZipFile": packed()}, **given)
    assert said == "InvalidParameterValueException"
    client = unvalidated(gate, who, "ssm")
    assert code(client.put_parameter, Name="/own/p:/other", Value="v", Type="String") == "ValidationException"
    assert code(client.put_parameter, Name="/own/p", Value="v", Type="String") == ""


def test_a_stack_adds_nobody_to_a_group_for_who_may_not(gate: Gate) -> None:
    admin = gate.client("iam")
    admin.create_group(GroupName="admins")
    who = user(gate, ("cloudformation:*", "*"))
    template = {"Resources": {"R": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {
        "GroupName": "admins", "Users": ["u"]}}}}  # fmt: skip
    stacks = unvalidated(gate, who, "cloudformation")
    stacks.create_stack(StackName="own", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    assert admin.get_group(GroupName="admins")["Users"] == []
    assert "iam:AddUserToGroup" in str(gate.client("cloudformation").describe_stack_events(StackName="own"))


def test_a_stack_makes_nothing_of_which_no_permission_is_known(gate: Gate) -> None:
    who = user(gate, ("cloudformation:*", "*"))
    template = {"Resources": {"R": {"Type": "AWS::RDS::DBSecurityGroup", "Properties": {
        "GroupDescription": "x", "DBSecurityGroupIngress": []}}}}  # fmt: skip
    stacks = unvalidated(gate, who, "cloudformation")
    stacks.create_stack(StackName="own", TemplateBody=json.dumps(template))
    assert gate.client("rds").describe_db_security_groups()["DBSecurityGroups"] == []
