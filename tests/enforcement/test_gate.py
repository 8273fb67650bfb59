"""The local AWS says no as AWS does: in the protocol of each service, to the right requests, and never by accident."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from enforcement.drivers.table import DRIVERS
from scopedown.guard.cloudformation.stacks import CloudFormation
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Principal
from scopedown.iam import PolicySet, parse_policy

TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/t"
BUCKET = {"Resources": {"Store": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "store"}}}}


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as one:
        one.answers |= CloudFormation(one, DRIVERS).answers()
        yield one


def client(gate: Gate, service: str, *statements: dict[str, Any]) -> Any:
    """A client of a new user with these statements."""
    given = [{"Effect": "Allow", **one} for one in statements]
    who = Principal.user(f"user{len(gate.principals)}", PolicySet(identity=(parse_policy({"Statement": given}),)))
    gate.principals[who.key_id] = who
    return gate.client(service, who)


@pytest.mark.parametrize(
    ("service", "operation", "given", "code"),
    [
        ("dynamodb", "get_item", {"TableName": "t", "Key": {"id": {"S": "1"}}}, "AccessDeniedException"),
        ("lambda", "get_function", {"FunctionName": "f"}, "AccessDeniedException"),
        ("iam", "get_role", {"RoleName": "r"}, "AccessDenied"),
        ("s3", "put_object", {"Bucket": "pail", "Key": "k", "Body": b"x"}, "AccessDenied"),
        ("s3", "head_object", {"Bucket": "pail", "Key": "k"}, "403"),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation"),
        ("cloudformation", "describe_stacks", {"StackName": "s"}, "AccessDenied"),
        ("logs", "describe_log_streams", {"logGroupName": "/g"}, "AccessDeniedException"),
    ],
)
def test_a_denial_arrives_as_the_services_own_error(
    gate: Gate, service: str, operation: str, given: dict[str, Any], code: str
) -> None:
    asking = client(gate, service, {"Action": "sns:Publish", "Resource": "*"})
    with pytest.raises(ClientError) as told:
        getattr(asking, operation)(**given)
    assert told.value.response["Error"]["Code"] == code
    if operation != "head_object":
        assert f"is not authorized to perform: {gate.denied[0].check.action}" in str(told.value)
    assert (gate.unmapped, gate.strange) == ([], [])


def test_what_the_policy_allows_is_done_and_its_neighbours_are_not(gate: Gate) -> None:
    made = {
        "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }  # fmt: skip
    for name in ("t", "other"):
        gate.client("dynamodb").create_table(TableName=name, **made)
    reading = client(gate, "dynamodb", {"Action": "dynamodb:GetItem", "Resource": TABLE})
    assert "Item" not in reading.get_item(TableName="t", Key={"id": {"S": "1"}})
    for operation, name in (("get_item", "other"), ("delete_item", "t")):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(reading, operation)(TableName=name, Key={"id": {"S": "1"}})


def test_a_condition_on_what_the_request_says_is_kept(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    condition = {"StringLike": {"s3:prefix": "mine/*"}}
    listing = client(gate, "s3", {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::pail", "Condition": condition})
    assert listing.list_objects_v2(Bucket="pail", Prefix="mine/a")["KeyCount"] == 0
    with pytest.raises(ClientError, match="AccessDenied"):
        listing.list_objects_v2(Bucket="pail", Prefix="theirs/")


def test_of_several_keys_those_are_deleted_that_may_be(gate: Gate) -> None:
    admin = gate.client("s3")
    admin.create_bucket(Bucket="pail")
    for key in ("mine/a", "theirs/b"):
        admin.put_object(Bucket="pail", Key=key, Body=b"x")
    deleting = client(gate, "s3", {"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::pail/mine/*"})
    told = deleting.delete_objects(Bucket="pail", Delete={"Objects": [{"Key": "mine/a"}, {"Key": "theirs/b"}]})
    assert [(one["Key"], one["Code"]) for one in told["Errors"]] == [("theirs/b", "AccessDenied")]
    assert [one["Key"] for one in admin.list_objects_v2(Bucket="pail")["Contents"]] == ["theirs/b"]


def test_an_object_that_is_not_there_is_told_to_those_who_may_list(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    reads = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::pail/*"}
    with pytest.raises(ClientError, match="AccessDenied"):
        client(gate, "s3", reads).get_object(Bucket="pail", Key="k")
    with pytest.raises(ClientError, match="NoSuchKey"):
        client(gate, "s3", reads, {"Action": "s3:ListBucket", "Resource": "*"}).get_object(Bucket="pail", Key="k")


def test_a_wrong_secret_and_an_unknown_key_get_nowhere(gate: Gate) -> None:
    good = Principal.user("u", PolicySet())
    gate.principals[good.key_id] = good
    wrong = Principal(good.caller, good.policies, good.key_id, "not the secret")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        gate.client("sns", wrong).list_topics()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        gate.client("sns", Principal.user("nobody", PolicySet())).list_topics()
    assert len(gate.strange) == 2


def test_cloudformation_acts_as_its_caller(gate: Gate) -> None:
    stacks = {"Action": "cloudformation:*", "Resource": "*"}
    poor = client(gate, "cloudformation", stacks)
    poor.create_stack(StackName="poor", TemplateBody=json.dumps(BUCKET))
    assert poor.describe_stacks(StackName="poor")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    failed = [one for one in poor.describe_stack_events(StackName="poor")["StackEvents"]
              if one["ResourceStatus"] == "CREATE_FAILED"]  # fmt: skip
    assert "is not authorized to perform: s3:CreateBucket on resource: arn:aws:s3:::store" in str(failed)
    through = {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}
    making = {"Action": ["s3:CreateBucket", "s3:DeleteBucket"], "Resource": "arn:aws:s3:::store", "Condition": through}
    rich = client(gate, "cloudformation", stacks, making)
    rich.create_stack(StackName="rich", TemplateBody=json.dumps(BUCKET))
    assert rich.describe_stacks(StackName="rich")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert [one["Name"] for one in gate.client("s3").list_buckets()["Buckets"]] == ["store"]
    rich.delete_stack(StackName="rich")
    assert gate.client("s3").list_buckets()["Buckets"] == []


def test_a_type_without_a_driver_fails_and_is_named(gate: Gate) -> None:
    template = {"Resources": {"Fleet": {"Type": "AWS::GameLift::Fleet"}}}
    asking = client(gate, "cloudformation", {"Action": "*", "Resource": "*"})
    asking.create_stack(StackName="s", TemplateBody=json.dumps(template))
    assert asking.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    assert gate.unmapped == [": no driver for AWS::GameLift::Fleet"]
