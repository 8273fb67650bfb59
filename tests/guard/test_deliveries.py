"""What services send to each other arrives where the destination's policy, or the role that was passed, allows it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from guard.test_names_by_attack import packed
from guard.test_ways_round import arn, code
from scopedown.guard.gate import Gate

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
EVENT = {"Source": "own", "DetailType": "t", "Detail": "{}"}
LINE = [{"timestamp": 1_800_000_000_000, "message": "m"}]


def lets(service: str, action: str, resource: str, source: str = "*") -> str:
    """A policy that lets a service do an action for what matches ``source``."""
    condition = {} if source == "*" else {"Condition": {"ArnLike": {"aws:SourceArn": source}}}
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **condition}]})


def queue(gate: Gate) -> str:
    return str(gate.client("sqs").create_queue(QueueName="victim")["QueueUrl"])


def arrived(gate: Gate, url: str) -> int:
    return len(gate.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=0).get("Messages", []))


def role(gate: Gate, action: str, resource: str = "*") -> str:
    iam = gate.client("iam")
    made = iam.create_role(RoleName="delivers", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    grant(gate, action, resource)
    return str(made)


def grant(gate: Gate, action: str, resource: str = "*") -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    gate.client("iam").put_role_policy(RoleName="delivers", PolicyName="p", PolicyDocument=document)


def publish(gate: Gate) -> None:
    sns = gate.client("sns")
    topic = sns.create_topic(Name="own")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "victim"))
    sns.publish(TopicArn=topic, Message="m")


def put_event(gate: Gate, target: str = arn("sqs", "victim"), role: str = "") -> None:
    events = gate.client("events")
    events.put_rule(Name="own", EventPattern='{"source": ["own"]}')
    events.put_targets(Rule="own", Targets=[{"Id": "1", "Arn": target, **({"RoleArn": role} if role else {})}])
    events.put_events(Entries=[EVENT])


@pytest.mark.parametrize(
    ("service", "source", "send"),
    [("sns.amazonaws.com", arn("sns", "own"), publish), ("events.amazonaws.com", arn("events", "rule/own"), put_event)],
)
def test_a_message_arrives_in_a_queue_whose_policy_lets_the_service(
    gate: Gate, service: str, source: str, send: Callable[[Gate], None]
) -> None:
    url, action, own = queue(gate), "sqs:SendMessage", arn("sqs", "victim")
    send(gate)
    assert arrived(gate, url) == 0
    for policy, number in (
        (lets(service, action, own, source + "x"), 0),
        (lets("s3.amazonaws.com", action, own), 0),
        (lets(service, action, own, source), 1),
    ):
        gate.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        send(gate)
        assert arrived(gate, url) == number


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_policy_for_everyone_lets_a_topic_send(gate: Gate, principal: object) -> None:
    url = queue(gate)
    condition = {"ArnEquals": {"aws:SourceArn": arn("sns", "own")}}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "SQS:SendMessage", "Condition": condition}
    statement["Resource"] = arn("sqs", "victim")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    gate.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    publish(gate)
    assert arrived(gate, url) == 1


def test_a_guard_that_learns_delivers_everything(gate: Gate) -> None:
    url, gate.learn = queue(gate), True
    publish(gate)
    assert arrived(gate, url) == 1


def test_a_rule_sends_by_its_role(gate: Gate) -> None:
    url, made = queue(gate), role(gate, "sqs:SendMessage", arn("sqs", "other"))
    put_event(gate, role=made)
    assert arrived(gate, url) == 0
    grant(gate, "sqs:*")
    put_event(gate, role=made)
    assert arrived(gate, url) == 1


def logged(gate: Gate, group: str) -> int:
    return len(gate.client("logs").filter_log_events(logGroupName=group)["events"])


def test_a_rule_writes_to_a_log_group_that_a_resource_policy_opens(gate: Gate) -> None:
    logs = gate.client("logs")
    logs.create_log_group(logGroupName="victim")
    put_event(gate, arn("logs", "log-group:victim"))
    assert logged(gate, "victim") == 0
    policy = lets("events.amazonaws.com", "logs:PutLogEvents", arn("logs", "log-group:victim:*"))
    logs.put_resource_policy(policyName="p", policyDocument=policy)
    put_event(gate, arn("logs", "log-group:victim"))
    assert logged(gate, "victim") == 1


@pytest.mark.parametrize(("action", "number"), [("events:PutRule", 0), ("events:PutEvents", 1)])
def test_a_rule_sends_to_another_bus_by_its_role(gate: Gate, action: str, number: int) -> None:
    url, events = queue(gate), gate.client("events")
    events.create_event_bus(Name="victim")
    policy = lets("events.amazonaws.com", "sqs:SendMessage", arn("sqs", "victim"))
    gate.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_rule(Name="v", EventBusName="victim", EventPattern='{"source": ["own"]}')
    events.put_targets(Rule="v", EventBusName="victim", Targets=[{"Id": "1", "Arn": arn("sqs", "victim")}])
    put_event(gate, arn("events", "event-bus/victim"), role(gate, action))
    assert arrived(gate, url) == number


@pytest.mark.parametrize(("resource", "number"), [("arn:aws:s3:::other/*", 0), ("arn:aws:s3:::victim/in/*", 2)])
def test_a_delivery_stream_writes_what_its_role_may(gate: Gate, resource: str, number: int) -> None:
    gate.client("s3").create_bucket(Bucket="victim")
    firehose = gate.client("firehose")
    made = role(gate, "s3:PutObject", resource)
    destination = {"RoleARN": made, "BucketARN": "arn:aws:s3:::victim", "Prefix": "in/"}
    firehose.create_delivery_stream(DeliveryStreamName="own", ExtendedS3DestinationConfiguration=destination)
    assert firehose.put_record(DeliveryStreamName="own", Record={"Data": b"x"})["RecordId"]
    assert firehose.put_record_batch(DeliveryStreamName="own", Records=[{"Data": b"x"}])["FailedPutCount"] == 0
    assert gate.client("s3").list_objects_v2(Bucket="victim")["KeyCount"] == number


def put_logs(gate: Gate, destination: str, action: str) -> None:
    logs = gate.client("logs")
    logs.create_log_group(logGroupName="own")
    logs.create_log_stream(logGroupName="own", logStreamName="s")
    logs.put_subscription_filter(
        logGroupName="own", filterName="f", filterPattern="", roleArn=role(gate, action), destinationArn=destination
    )
    logs.put_log_events(logGroupName="own", logStreamName="s", logEvents=LINE)


@pytest.mark.parametrize(("action", "number"), [("kinesis:GetRecords", 0), ("kinesis:PutRecord", 1)])
def test_a_log_filter_sends_what_its_role_may(gate: Gate, action: str, number: int) -> None:
    kinesis = gate.client("kinesis")
    kinesis.create_stream(StreamName="victim", ShardCount=1)
    put_logs(gate, arn("kinesis", "stream/victim"), action)
    found = kinesis.get_shard_iterator(
        StreamName="victim", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )
    assert len(kinesis.get_records(ShardIterator=found["ShardIterator"])["Records"]) == number


def test_a_log_filter_sends_to_no_other_log_group(gate: Gate) -> None:
    gate.client("logs").create_log_group(logGroupName="victim")
    gate.client("logs").create_log_stream(logGroupName="victim", logStreamName="s")
    put_logs(gate, arn("logs", "log-group:victim"), "logs:*")
    assert logged(gate, "victim") == 0


def test_logs_are_exported_to_a_bucket_that_lets_them(gate: Gate) -> None:
    s3, logs = gate.client("s3"), gate.client("logs")
    s3.create_bucket(Bucket="victim")
    logs.create_log_group(logGroupName="own")
    task = {"logGroupName": "own", "fromTime": 0, "to": 1, "destination": "victim", "destinationPrefix": "logs"}
    assert code(logs.create_export_task, **task) == "InvalidParameterException"
    assert s3.list_objects_v2(Bucket="victim")["KeyCount"] == 0
    policy = lets("logs.us-east-1.amazonaws.com", "s3:PutObject", "arn:aws:s3:::victim/*")
    s3.put_bucket_policy(Bucket="victim", Policy=policy)
    assert code(logs.create_export_task, **task) == ""
    assert s3.list_objects_v2(Bucket="victim")["KeyCount"] > 0


def test_access_logs_are_written_while_the_bucket_lets_them(gate: Gate) -> None:
    s3 = gate.client("s3")
    for name in ("own", "victim"):
        s3.create_bucket(Bucket=name)
    policy = lets("logging.s3.amazonaws.com", "s3:PutObject", "arn:aws:s3:::victim/logs/*")
    s3.put_bucket_policy(Bucket="victim", Policy=policy)
    target = {"TargetBucket": "victim", "TargetPrefix": "logs/"}
    s3.put_bucket_logging(Bucket="own", BucketLoggingStatus={"LoggingEnabled": target})
    s3.put_object(Bucket="own", Key="k", Body=b"")
    written = s3.list_objects_v2(Bucket="victim")["KeyCount"]
    s3.delete_bucket_policy(Bucket="victim")
    s3.put_object(Bucket="own", Key="k", Body=b"")
    assert (written > 0, s3.list_objects_v2(Bucket="victim")["KeyCount"]) == (True, written)


@pytest.mark.parametrize(("action", "number"), [("sns:Subscribe", 0), ("sns:Publish", 1)])
def test_a_job_tells_a_topic_that_its_role_may_publish_to(gate: Gate, action: str, number: int) -> None:
    url, sns, s3 = queue(gate), gate.client("sns"), gate.client("s3")
    policy = lets("sns.amazonaws.com", "sqs:SendMessage", arn("sqs", "victim"))
    gate.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    topic = sns.create_topic(Name="victim")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "victim"))
    s3.create_bucket(Bucket="own")
    s3.put_object(Bucket="own", Key="k", Body=b"x")
    gate.client("textract").start_document_text_detection(
        DocumentLocation={"S3Object": {"Bucket": "own", "Name": "k"}},
        NotificationChannel={"SNSTopicArn": topic, "RoleArn": role(gate, action)},
    )
    assert arrived(gate, url) == number


@pytest.mark.parametrize(("action", "left"), [("sqs:GetQueueUrl", 1), ("sqs:ReceiveMessage", 0)])
def test_a_function_takes_messages_that_its_role_may_read(gate: Gate, action: str, left: int) -> None:
    url, functions = queue(gate), gate.client("lambda")
    functions.create_function(
        FunctionName="own", Role=role(gate, action), Runtime="python3.12", Handler="i.h", Code={"ZipFile": packed()}
    )
    functions.create_event_source_mapping(FunctionName="own", EventSourceArn=arn("sqs", "victim"))
    gate.client("sqs").send_message(QueueUrl=url, MessageBody="m")
    assert arrived(gate, url) == left


def test_events_of_a_bucket_of_a_stack_go_where_a_policy_lets_s3(gate: Gate) -> None:
    url, s3 = queue(gate), gate.client("s3")
    notify = {"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": arn("sqs", "victim")}]}
    template = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {
        "BucketName": "own", "NotificationConfiguration": notify}}}}  # fmt: skip
    gate.client("cloudformation").create_stack(StackName="own", TemplateBody=json.dumps(template))
    if "own" in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.put_object(Bucket="own", Key="k", Body=b"")
    assert arrived(gate, url) == 0
