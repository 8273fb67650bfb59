"""From events to actions on resources: spellings, implied actions, denials, errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.observe import events
from scopedown.observe.actions import Evidence, Observed
from scopedown.observe.events import MAX_HINTS, Events
from trail_records import ACCOUNT, ROLE, folded, meant, record

REGIONAL = f"eu-west-1:{ACCOUNT}"
TABLES = Path(events.__file__).parent


def by_action(*some: dict[str, Any]) -> dict[str, Observed]:
    return {one.action: one for one in meant(*some)}


@pytest.mark.parametrize(
    ("source", "event", "service", "operation"),
    [
        ("s3", "GetBucketObjectLockConfiguration", "s3", "GetObjectLockConfiguration"),
        ("s3", "PutBucketPublicAccessBlock", "s3", "PutPublicAccessBlock"),
        ("s3", "GetAccelerateConfiguration", "s3", "GetBucketAccelerateConfiguration"),
        ("s3", "PutAccountPublicAccessBlock", "s3control", "PutPublicAccessBlock"),
        ("s3", "PostObject", "s3", "PutObject"),
        ("rdsdata", "ExecuteStatement", "rds-data", "ExecuteStatement"),
        ("streams.dynamodb", "GetRecords", "dynamodbstreams", "GetRecords"),
        ("autoscaling", "RegisterScalableTarget", "application-autoscaling", "RegisterScalableTarget"),
        ("cloudfront", "CreateDistribution2020_05_31", "cloudfront", "CreateDistribution"),
        ("lambda", "listversionsbyfunction20150331", "lambda", "ListVersionsByFunction"),
    ],
)
def test_an_event_is_an_operation_whatever_cloudtrail_calls_it(
    source: str, event: str, service: str, operation: str
) -> None:
    meaning = Events(catalog()).meaning(source, event)
    assert meaning and meaning.operation
    assert (meaning.operation.service, meaning.operation.name) == (service, operation)


OF_S3 = re.findall(
    r"\w+",
    """
DeleteAccountPublicAccessBlock GetAccountPublicAccessBlock PutAccountPublicAccessBlock CreateBucket DeleteBucket
DeleteBucketCors DeleteBucketEncryption DeleteBucketLifecycle DeleteBucketPolicy DeleteBucketReplication
DeleteBucketTagging DeleteBucketPublicAccessBlock GetBucketAcl GetBucketCors GetBucketEncryption GetBucketLifecycle
GetBucketLocation GetBucketLogging GetBucketNotification GetObjectLockConfiguration GetBucketPolicy
GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
GetBucketPublicAccessBlock ListBuckets PutBucketAcl PutBucketCors PutBucketEncryption PutBucketLifecycle
PutBucketLogging PutBucketNotification PutBucketPolicy PutBucketReplication PutBucketRequestPayment PutBucketTagging
PutBucketVersioning PutBucketWebsite PutBucketPublicAccessBlock AbortMultipartUpload CompleteMultipartUpload
DeleteObjects DeleteObject GetObject GetObjectAcl GetObjectAttributes GetObjectTagging HeadObject
CreateMultipartUpload ListParts PostObject RestoreObject PutObject PutObjectAcl PutObjectTagging CopyObject
UploadPart UploadPartCopy ListObjects ListObjectVersions HeadBucket
""",
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"""


def test_every_event_that_s3_lists_is_an_operation_with_actions() -> None:
    some = Events(catalog())
    for event in OF_S3:
        meaning = some.meaning("s3", event)
        assert meaning and meaning.operation and meaning.actions, event


def test_an_event_that_aws_does_not_have_means_nothing() -> None:
    assert Events(catalog()).meaning("iam", "PutPolicy") is None


@pytest.mark.parametrize(
    ("source", "event", "parameters", "action", "resource"),
    [
        ("ec2", "TerminateInstances", {"instancesSet": {"items": [{"instanceId": "i-1"}]}}, "ec2:TerminateInstances",
         f"arn:aws:ec2:{REGIONAL}:instance/i-1"),
        ("ec2", "CreateFlowLogs", {"CreateFlowLogsRequest": {"ResourceType": "VPC", "ResourceId": {
            "tag": 1, "content": "vpc-1"}}}, "ec2:CreateFlowLogs", f"arn:aws:ec2:{REGIONAL}:vpc/vpc-1"),
        ("ec2", "RegisterImage", {"blockDeviceMapping": {"items": [{"deviceName": "/dev/xvda", "ebs": {
            "snapshotId": "snap-1"}}]}}, "ec2:RegisterImage", "arn:aws:ec2:eu-west-1::snapshot/snap-1"),
        ("ssm", "PutComplianceItems", {"resourceId": "i-1"}, "ssm:PutComplianceItems",
         f"arn:aws:ec2:{REGIONAL}:instance/i-1"),
        ("ec2", "DeleteFlowLogs", {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-1"}}},
         "ec2:DeleteFlowLogs", f"arn:aws:ec2:{REGIONAL}:vpc-flow-log/fl-1"),
        ("lambda", "GetFunction20150331v2", {"functionName": f"arn:aws:lambda:{REGIONAL}:function:f:live"},
         "lambda:GetFunction", f"arn:aws:lambda:{REGIONAL}:function:f:live"),
        ("lambda", "GetFunction20150331v2", {"functionName": f"{ACCOUNT}:function:f"},
         "lambda:GetFunction", f"arn:aws:lambda:{REGIONAL}:function:f"),
        ("apigateway", "DeleteRestApi", {"restApiId": "a1"}, "apigateway:DELETE",
         "arn:aws:apigateway:eu-west-1::/restapis/a1"),
        ("elasticloadbalancing", "DeleteLoadBalancer",
         {"loadBalancerArn": f"arn:aws:elasticloadbalancing:{REGIONAL}:loadbalancer/app/x/1"},
         "elasticloadbalancing:DeleteLoadBalancer", f"arn:aws:elasticloadbalancing:{REGIONAL}:loadbalancer/app/x/1"),
        ("rds", "ListTagsForResource", {"resourceName": f"arn:aws:rds:{REGIONAL}:db:x"}, "rds:ListTagsForResource",
         f"arn:aws:rds:{REGIONAL}:db:x"),
        ("rds", "DescribeDBInstances", {"dBInstanceIdentifier": "x"}, "rds:DescribeDBInstances",
         f"arn:aws:rds:{REGIONAL}:db:x"),
        ("ssm", "ListTagsForResource", {"resourceType": "Parameter", "resourceId": "/a/b"}, "ssm:ListTagsForResource",
         f"arn:aws:ssm:{REGIONAL}:parameter/a/b"),
        ("sqs", "SendMessage", {"queueUrl": f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q"}, "sqs:SendMessage",
         f"arn:aws:sqs:{REGIONAL}:q"),
        ("ssm", "StartSession", {"target": "i-1"}, "ssm:StartSession", f"arn:aws:ec2:{REGIONAL}:instance/i-1"),
        ("s3", "GetObject", {"bucketName": "b", "key": "readme.txt"}, "s3:GetObject", "arn:aws:s3:::b/*"),
    ],
)  # fmt: skip
def test_a_parameter_names_the_resource_however_cloudtrail_writes_it(
    source: str, event: str, parameters: dict[str, Any], action: str, resource: str
) -> None:
    [found] = meant(record(source, event, requestParameters=parameters))
    assert (found.action, found.resource, found.evidence) == (action, resource, Evidence.PARAMETER)


def test_an_action_on_a_bucket_is_not_on_the_object_that_the_record_lists_too() -> None:
    both = [{"ARNPrefix": "arn:aws:s3:::b/"}, {"ARN": "arn:aws:s3:::b"}, {"ARN": "arn:aws:s3:::b/a/c"}]
    [found] = meant(record("s3", "ListObjects", eventCategory="Data", resources=both))
    assert (found.action, found.resource) == ("s3:ListBucket", "arn:aws:s3:::b")


def test_records_on_several_objects_of_a_bucket_are_not_on_the_bucket_as_well() -> None:
    some = [
        record("s3", "GetObject", eventCategory="Data", requestParameters={"bucketName": "b", "key": f"{name}/x"},
               resources=[{"ARN": "arn:aws:s3:::b"}, {"ARN": f"arn:aws:s3:::b/{name}/x"}])
        for name in ("one", "two")
    ]  # fmt: skip
    found = [(one.resource, one.count, one.evidence) for one in meant(*some)]
    assert found == [("arn:aws:s3:::b/one/*", 1, Evidence.RESOURCE), ("arn:aws:s3:::b/two/*", 1, Evidence.RESOURCE)]


def test_a_version_of_an_object_is_another_action_and_its_id_is_not_kept() -> None:
    parameters = {"bucketName": "b", "key": "k", "versionId": "3HL4kqtJlcpXroDTDm"}
    asked = record("s3", "GetObject", requestParameters=parameters)
    assert [*by_action(asked)] == ["s3:GetObjectVersion"]
    assert all("3HL4" not in did.hint for did in folded(asked).rows)


@pytest.mark.parametrize(
    ("source", "event", "parameters", "implied"),
    [
        ("s3", "PutObject", {"bucketName": "b", "key": "k", "x-amz-acl": "public-read"}, "s3:PutObjectAcl"),
        ("s3", "PutObject", {"bucketName": "b", "key": "k", "x-amz-tagging": "a=b"}, "s3:PutObjectTagging"),
        ("lambda", "CreateFunction20150331", {"functionName": "f", "tags": {"a": "b"}}, "lambda:TagResource"),
        ("cloudformation", "CreateStack", {"stackName": "s", "roleARN": ROLE}, "iam:PassRole"),
        ("ec2", "CreateVpc", {"tagSpecificationSet": {"items": [{"resourceType": "vpc"}]}}, "ec2:CreateTags"),
    ],
)
def test_a_request_implies_the_actions_that_its_parameters_ask_for(
    source: str, event: str, parameters: dict[str, Any], implied: str
) -> None:
    assert by_action(record(source, event, requestParameters=parameters))[implied].evidence is Evidence.IMPLIED
    plain = {name: value for name, value in parameters.items() if name in ("bucketName", "key", "functionName")}
    assert implied not in by_action(record(source, event, requestParameters=plain))


def test_a_parameter_that_is_false_asks_for_nothing() -> None:
    parameters = {"bucketName": "b", "x-amz-acl": "", "x-amz-bucket-object-lock-enabled": False}
    assert [*by_action(record("s3", "CreateBucket", requestParameters=parameters))] == ["s3:CreateBucket"]


def test_an_action_is_on_every_resource_that_the_request_names() -> None:
    parameters = {"volumeId": "vol-1", "instanceId": "i-1"}
    found = meant(record("ec2", "AttachVolume", requestParameters=parameters))
    assert {one.resource for one in found} == {
        f"arn:aws:ec2:{REGIONAL}:{name}" for name in ("instance/i-1", "volume/vol-1")
    }


def test_a_session_without_a_name_is_still_its_roles() -> None:
    asked = record("s3", "ListBuckets")
    asked["userIdentity"] = {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/todos-dev-role"}
    assert [one.principal for one in meant(asked)] == [ROLE]


def test_every_resource_within_a_later_request_of_ec2_is_read() -> None:
    inner = {"NetworkInterfaceId": "eni-1", "TrafficMirrorFilterId": "tmf-1", "TrafficMirrorTargetId": "tmt-1"}
    parameters = {"CreateTrafficMirrorSessionRequest": inner}
    found = meant(record("ec2", "CreateTrafficMirrorSession", requestParameters=parameters))
    assert {one.resource.rpartition(":")[2] for one in found} == {
        "network-interface/eni-1", "traffic-mirror-filter/tmf-1", "traffic-mirror-target/tmt-1",
    }  # fmt: skip


def test_a_user_that_names_no_user_means_itself() -> None:
    asked = record("iam", "GetUser")
    asked["userIdentity"] = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/me", "accountId": ACCOUNT}
    [found] = meant(asked)
    assert found.resource == f"arn:aws:iam::{ACCOUNT}:user/me"
    asked["requestParameters"] = {"userName": "other"}
    [found] = meant(asked)
    assert found.resource == f"arn:aws:iam::{ACCOUNT}:user/other"


@pytest.mark.parametrize("event", ["TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement"])
def test_of_what_the_record_does_not_tell_apart_everything_may_have_been_used(event: str) -> None:
    table = f"arn:aws:dynamodb:{REGIONAL}:table/t"
    asked = record("dynamodb", event, eventCategory="Data", resources=[{"ARN": table}],
                   requestParameters={"statement": "SELECT * FROM t WHERE name = 'Ann'"})  # fmt: skip
    found = meant(asked)
    assert len(found) >= 4
    assert {(one.resource, one.evidence) for one in found} == {(table, Evidence.IMPLIED)}
    assert all("Ann" not in did.hint for did in folded(asked).rows)


def test_a_part_of_the_resource_that_the_record_lists_is_named_by_a_parameter() -> None:
    table = f"arn:aws:dynamodb:{REGIONAL}:table/t"
    query = record("dynamodb", "Query", eventCategory="Data", resources=[{"ARN": table}],
                   requestParameters={"tableName": "t", "indexName": "by-name"})  # fmt: skip
    [found] = meant(query)
    assert (found.resource, found.evidence) == (f"{table}/index/by-name", Evidence.RESOURCE)


def test_a_bus_that_the_log_does_not_show_is_any_bus() -> None:
    entries = {"entries": [{"eventBusName": "orders", "source": "shop"}]}
    [found] = meant(record("events", "PutEvents", eventCategory="Data", requestParameters=entries))
    assert (found.resource, found.evidence) == (f"arn:aws:events:{REGIONAL}:event-bus/*", Evidence.EVENT)


SOURCE, COPY = "arn:aws:s3:::from/2026/*", "arn:aws:s3:::to/in/*"


def copied(event: str = "CopyObject", **parameters: str) -> list[Observed]:
    """A copy from one bucket to another: the record lists both objects, as often before as behind the other."""
    listed = [{"ARN": "arn:aws:s3:::from/2026/a.jpg"}, {"ARN": "arn:aws:s3:::to/in/a.jpg"}, {"ARN": "arn:aws:s3:::to"}]
    return meant(record("s3", event, eventCategory="Data", resources=listed, requestParameters=parameters))


@pytest.mark.parametrize("event", ["CopyObject", "UploadPartCopy"])
@pytest.mark.parametrize(
    "source", ["from/2026/a.jpg", "/from/2026/a.jpg", "from%2F2026%2Fa.jpg", "from/2026/a%20b%3Fc.jpg"]
)
def test_a_copy_reads_its_source_and_writes_its_destination(event: str, source: str) -> None:
    found = copied(event, **{"bucketName": "to", "key": "in/a.jpg", "x-amz-copy-source": source})
    assert {(one.action, one.resource, one.one_of) for one in found} == {
        ("s3:GetObject", SOURCE, ()), ("s3:PutObject", COPY, ()),
    }  # fmt: skip


def test_the_copy_of_a_version_reads_a_version() -> None:
    source = "from/2026/a.jpg?versionId=QUpfdndhfd8438MNFDN93jdnJFkdmqnh893"
    found = copied(**{"bucketName": "to", "key": "in/a.jpg", "x-amz-copy-source": source})
    assert {(one.action, one.resource) for one in found} == {("s3:GetObjectVersion", SOURCE), ("s3:PutObject", COPY)}


def test_a_copy_within_one_bucket_is_told_apart_by_the_keys() -> None:
    listed = [{"ARN": "arn:aws:s3:::b/a.jpg"}, {"ARN": "arn:aws:s3:::b/small/a.jpg"}]
    parameters = {"bucketName": "b", "key": "small/a.jpg", "x-amz-copy-source": "b/a.jpg"}
    found = meant(record("s3", "CopyObject", eventCategory="Data", resources=listed, requestParameters=parameters))
    assert {(one.action, one.resource) for one in found} == {
        ("s3:GetObject", "arn:aws:s3:::b/*"), ("s3:PutObject", "arn:aws:s3:::b/small/*"),
    }  # fmt: skip


def test_a_copy_without_parameters_wrote_one_of_the_objects() -> None:
    written = [one for one in copied() if one.action == "s3:PutObject"]
    assert {(one.resource, one.one_of) for one in written} == {(SOURCE, (SOURCE, COPY)), (COPY, (SOURCE, COPY))}


def test_what_is_named_for_one_action_is_not_the_others_though_the_record_lists_it_alone() -> None:
    """Of two keys the record lists the one; the other one is named by its ARN."""
    old, new = (f"arn:aws:kms:{REGIONAL}:key/{name}" for name in ("old", "new"))
    parameters = {"sourceKeyId": old, "destinationKeyId": new}
    found = by_action(record("kms", "ReEncrypt", resources=[{"ARN": old}], requestParameters=parameters))
    assert found["kms:ReEncryptFrom"].resource == old
    assert found["kms:ReEncryptTo"].resource == new


def test_keys_that_are_named_by_an_alias_are_not_told_apart() -> None:
    old, new = (f"arn:aws:kms:{REGIONAL}:key/{name}" for name in ("old", "new"))
    listed = [{"ARN": old}, {"ARN": new}]
    parameters = {"sourceKeyId": "alias/a", "destinationKeyId": "alias/b"}
    found = meant(record("kms", "ReEncrypt", resources=listed, requestParameters=parameters))
    assert {one.one_of for one in found} == {(new, old)}


def test_one_action_is_on_all_tables_that_its_record_lists() -> None:
    tables = [f"arn:aws:dynamodb:{REGIONAL}:table/{name}" for name in "ab"]
    found = meant(
        record("dynamodb", "BatchWriteItem", eventCategory="Data", resources=[{"ARN": one} for one in tables])
    )
    assert [(one.action, one.resource, one.one_of) for one in found] == [
        ("dynamodb:BatchWriteItem", table, ()) for table in tables
    ]


def test_of_a_transaction_on_two_tables_nothing_is_sure() -> None:
    tables = tuple(f"arn:aws:dynamodb:{REGIONAL}:table/{name}" for name in "ab")
    listed = [{"ARN": one} for one in tables]
    found = meant(record("dynamodb", "TransactWriteItems", eventCategory="Data", resources=listed))
    assert {one.action for one in found} >= {"dynamodb:PutItem", "dynamodb:DeleteItem"}
    assert {(one.evidence, one.one_of) for one in found} == {(Evidence.IMPLIED, tables)}


def test_a_snapshot_is_copied_from_what_the_request_names() -> None:
    parameters = {"sourceDBSnapshotIdentifier": "a", "targetDBSnapshotIdentifier": "b"}
    listed = [{"ARN": f"arn:aws:rds:{REGIONAL}:snapshot:{name}"} for name in "ab"]
    found = meant(record("rds", "CopyDBSnapshot", resources=listed, requestParameters=parameters))
    assert {one.resource for one in found} == {one["ARN"] for one in listed}


def test_any_number_of_resources_of_a_copy_ends_nothing() -> None:
    listed = [{"ARN": f"arn:aws:s3:::b/{number}/a.jpg"} for number in range(20_000)]
    found = meant(record("s3", "CopyObject", eventCategory="Data", resources=listed))
    assert {(one.evidence, one.one_of) for one in found} == {(Evidence.IMPLIED, ())}


def test_a_denied_request_implies_nothing() -> None:
    parameters = {"functionName": "f", "role": ROLE}
    denied = record("lambda", "CreateFunction20150331", requestParameters=parameters, errorCode="AccessDenied")
    assert [(one.action, one.count, one.denied) for one in meant(denied)] == [("lambda:CreateFunction", 0, 1)]


def test_a_denial_is_on_what_its_message_names() -> None:
    message = f"User: x is not authorized to perform: iam:PassRole on resource: {ROLE} because no identity-based policy"
    listed = [{"ARN": f"arn:aws:lambda:{REGIONAL}:function:f"}]
    [found] = meant(
        record("lambda", "CreateFunction20150331", errorCode="AccessDeniedException", errorMessage=message,
               resources=listed)
    )  # fmt: skip
    assert (found.action, found.resource, found.denied_by) == ("iam:PassRole", ROLE, "no identity-based policy")


def test_a_wrong_password_is_no_denial() -> None:
    wrong = record("cognito-idp", "AdminInitiateAuth", errorCode="NotAuthorizedException")
    assert [one.denied for one in meant(wrong)] == [0]


def test_what_a_service_does_with_the_roles_credentials_is_its_use() -> None:
    decrypt = record("kms", "Decrypt", resources=[{"ARN": f"arn:aws:kms:{REGIONAL}:key/1"}])
    decrypt["userIdentity"]["invokedBy"] = "secretsmanager.amazonaws.com"
    [found] = meant(decrypt)
    assert (found.principal, found.via, found.action) == (ROLE, "secretsmanager.amazonaws.com", "kms:Decrypt")


def test_a_resource_of_another_account_keeps_its_account() -> None:
    parameters = {"roleArn": "arn:aws:iam::444455556666:role/theirs"}
    [found] = meant(record("sts", "AssumeRole", requestParameters=parameters, sharedEventID="1"))
    assert (found.account, found.resource) == (ACCOUNT, "arn:aws:iam::444455556666:role/theirs")


@pytest.mark.parametrize("name", ["events.tsv", "event_parameters.tsv"])
def test_every_row_is_of_an_operation_that_there_is_and_has_its_source(name: str) -> None:
    for row in read_rows(TABLES / name):
        assert row["reference"].startswith(("https://", "real records: ")) or ": https://" in row["reference"], row
        known = catalog().service(row["service"])
        assert known is not None, row
        if row["operation"] not in ("", "*"):
            assert catalog().operation(row["service"], row["operation"]), row
        if row.get("parameter"):
            assert any(
                row["parameter"].partition(".")[0].removesuffix("[]") in one.members
                for one in catalog().operations_of(row["service"])
            ), row


def test_few_parameters_are_read_of_an_event() -> None:
    some = Events(catalog())
    assert all(
        len(some.hints(service.signing_name, operation.name)) <= MAX_HINTS
        for service in [*catalog().services()][::10]
        for operation in catalog().operations_of(service.name)
    )


@pytest.mark.parametrize("name", ["\ud800", "\x00", "Ünknown", "A" * 100_000, "' or 1=1 --", "*", ""])
def test_a_hostile_name_means_nothing(name: str) -> None:
    some = Events(catalog())
    assert some.meaning("s3", name) is None
    assert some.meaning(name, "GetObject") is None
    assert not meant(record("s3", name), record(name, "GetObject"))


def test_parameters_of_any_form_end_nothing() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = {"a": deep}
    for value in (deep, [deep], 1, True, [[]], {"": None}, ["\ud800"], "arn:", "arn:aws:s3:::"):
        found = meant(record("s3", "GetObject", requestParameters={"bucketName": value, "key": value}))
        assert [one.action for one in found] == ["s3:GetObject"]
