"""Attacks by what a service does afterwards: deliveries, tags and keys that come along, conditions, and moto itself.

In each of them the request itself may be allowed. What must not happen is that a service then writes to the victim,
with a right that neither the victim's own policy nor the attacker's role gives it.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Iterator
from threading import Thread
from typing import Any

from attacks.operations import OPS, TAGS, Attack, Op, ask, call, family
from attacks.wire import Answer, Wire
from attacks.world import World, arn, document, key_of, statement

OWN_ROLE = arn("iam", "role/own-role", "")
VICTIM_QUEUE, VICTIM_TOPIC, VICTIM_STREAM = arn("sqs", "victim"), arn("sns", "victim"), arn("kinesis", "stream/victim")
VICTIM_FUNCTION = arn("lambda", "function:victim")


def steps(title: str, *wires: Wire, service: str = "*", strict: bool = False, key: Any = None) -> Attack:
    """Several requests, one after the other."""
    return Attack(
        title, service, lambda w: [one.signed(key or w.key, w.address).send(w.address) for one in wires], strict
    )


@family("deliveries: subscriptions of topics")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    topic, publish = (
        world.ids["own topic"],
        Wire.of("sns", "Publish", TopicArn=world.ids["own topic"], Message="attack"),
    )
    for protocol, endpoint in (
        ("sqs", VICTIM_QUEUE), ("sqs", arn("sqs", "victim-sink")), ("lambda", VICTIM_FUNCTION), ("sqs", VICTIM_QUEUE + " "),
        ("sqs", VICTIM_QUEUE.upper()), ("sqs", VICTIM_QUEUE + ".fifo"), ("firehose", arn("firehose", "deliverystream/victim")),
    ):  # fmt: skip
        for more in ({}, {"RawMessageDelivery": "true"}, {"FilterPolicy": "{}"}):
            yield steps(f"{protocol} {endpoint[-12:]} {list(more)}",
                        Wire.of("sns", "Subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=more), publish)  # fmt: skip
    batch = Wire.of(
        "sns", "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "attack"}]
    )
    yield steps("a batch", Wire.of("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=VICTIM_QUEUE), batch)
    sink = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": VICTIM_QUEUE})}
    yield steps("a dead letter", Wire.of("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "gone"), Attributes=sink),
                publish)  # fmt: skip


@family("deliveries: targets of rules")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    sender = key_of(world.guard.user("own-sender", document(
        statement("events:*", arn("events", "rule/own"), arn("events", "rule/own/*"), arn("events", "event-bus/own"), arn("events", "event-bus/default")),
        statement("iam:PassRole", OWN_ROLE))))  # fmt: skip
    entry = {"Source": "own", "DetailType": "t", "Detail": "{}"}
    rule = Wire.of("events", "PutRule", Name="own", EventPattern='{"source": ["own"]}')
    bucket = Wire.of("s3", "CreateBucket", Bucket="own-bucket")
    for target in ({"Arn": VICTIM_FUNCTION}, {"Arn": arn("states", "stateMachine:victim"), "RoleArn": OWN_ROLE}):
        pattern = json.dumps({"source": ["aws.s3"], "detail": {"eventName": ["CreateBucket"]}})
        yield steps(f"a new bucket to {target['Arn'][-20:]}", Wire.of("events", "PutRule", Name="own", EventPattern=pattern),
                    Wire.of("events", "PutTargets", Rule="own", Targets=[{"Id": "c", **target}]), key=sender)  # fmt: skip
        yield steps("a new bucket", bucket)
    for number, target in enumerate(
        (
            {"Arn": VICTIM_QUEUE},
            {"Arn": VICTIM_QUEUE, "RoleArn": OWN_ROLE},
            {"Arn": arn("logs", "log-group:victim")},
            {"Arn": arn("logs", "log-group:victim:*")},
            {"Arn": arn("events", "event-bus/victim")},
            {"Arn": VICTIM_TOPIC},
            {"Arn": arn("events", "event-bus/victim"), "RoleArn": OWN_ROLE},
            {"Arn": VICTIM_STREAM, "RoleArn": OWN_ROLE},
            {"Arn": VICTIM_FUNCTION},
            {"Arn": arn("states", "stateMachine:victim"), "RoleArn": OWN_ROLE},
            {"Arn": arn("firehose", "deliverystream/victim"), "RoleArn": OWN_ROLE},
        )
    ):
        yield steps(f"{number} {target['Arn'][-20:]}", rule, Wire.of("events", "PutTargets", Rule="own", Targets=[{"Id": f"a{number}", **target}]),
                    Wire.of("events", "PutEvents", Entries=[entry]),
                    Wire.of("events", "PutEvents", Entries=[{**entry, "EventBusName": "own"}]), key=sender)  # fmt: skip
        yield steps(f"{number} {target['Arn'][-20:]} on the own bus", Wire.of("events", "PutRule", Name="own", EventBusName="own", EventPattern='{"source": ["own"]}'),
                    Wire.of("events", "PutTargets", Rule="own", EventBusName="own", Targets=[{"Id": f"b{number}", **target}]),
                    Wire.of("events", "PutEvents", Entries=[{**entry, "EventBusName": "own"}]), key=sender)  # fmt: skip


@family("deliveries: streams, logs and access logs")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for number, where in enumerate((
        {"S3DestinationConfiguration": {"RoleARN": OWN_ROLE, "BucketARN": "arn:aws:s3:::victim-bucket"}},
        {"ExtendedS3DestinationConfiguration": {"RoleARN": OWN_ROLE, "BucketARN": "arn:aws:s3:::victim-bucket", "Prefix": "x/"}},
        {"ExtendedS3DestinationConfiguration": {"RoleARN": OWN_ROLE, "BucketARN": "arn:aws:s3:::shared-bucket", "Prefix": "own/"}},
    )):  # fmt: skip
        put = Wire.of("firehose", "PutRecord", DeliveryStreamName="own", Record={"Data": b"attack"})
        yield steps(f"firehose {number}", Wire.of("firehose", "DeleteDeliveryStream", DeliveryStreamName="own"),
                    Wire.of("firehose", "CreateDeliveryStream", DeliveryStreamName="own", **where), put)  # fmt: skip
        update = {name.replace("Configuration", "Update"): value for name, value in where.items()}
        yield steps(f"firehose update {number}", Wire.of("firehose", "UpdateDestination", DeliveryStreamName="own", CurrentDeliveryStreamVersionId="1",
                    DestinationId="destinationId-000000000001", **update), put,
                    Wire.of("firehose", "PutRecordBatch", DeliveryStreamName="own", Records=[{"Data": b"attack"}]))  # fmt: skip
    event = [{"timestamp": 1_800_000_000_000, "message": "attack"}]
    for target in (VICTIM_STREAM, arn("firehose", "deliverystream/victim"), VICTIM_FUNCTION):
        for role in ({"roleArn": OWN_ROLE}, {}):
            yield steps(f"logs to {target[-12:]} {len(role)}", Wire.of("logs", "PutSubscriptionFilter", logGroupName="own", filterName="f", filterPattern="",
                        destinationArn=target, **role), Wire.of("logs", "PutLogEvents", logGroupName="own", logStreamName="s", logEvents=event))  # fmt: skip
    yield steps(
        "logs exported",
        Wire.of(
            "logs",
            "CreateExportTask",
            logGroupName="own",
            **{"from": 0},
            to=4_000_000_000_000,
            destination="victim-bucket",
        ),
    )
    for bucket in ("victim-bucket", "shared-bucket"):
        body = (
            f"<BucketLoggingStatus><LoggingEnabled><TargetBucket>{bucket}</TargetBucket><TargetPrefix>x</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
        ).encode()
        yield steps(f"access logs to {bucket}", Wire("s3", "PUT", "/own-bucket?logging", (), body), Wire("s3", "PUT", "/own-bucket/logged", (), b"x"),
                    Wire("s3", "GET", "/own-bucket/logged"), Wire("s3", "PUT", "/own-bucket?logging", (), b"<BucketLoggingStatus/>"))  # fmt: skip
        inventory = (f"<InventoryConfiguration><Id>i</Id><IsEnabled>true</IsEnabled><Destination><S3BucketDestination><Bucket>arn:aws:s3:::{bucket}</Bucket><Format>CSV</Format>"
                     "</S3BucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule><IncludedObjectVersions>All</IncludedObjectVersions></InventoryConfiguration>").encode()  # fmt: skip
        yield steps(f"inventory to {bucket}", Wire("s3", "PUT", "/own-bucket?inventory&id=i", (), inventory))
    yield steps("a table to the victim's stream", Wire.of("dynamodb", "EnableKinesisStreamingDestination", TableName="own", StreamArn=VICTIM_STREAM),
                Wire.of("dynamodb", "PutItem", TableName="own", Item={"id": {"S": "x"}}), strict=False)  # fmt: skip


@family("deliveries: read by a function, moved between queues")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for source in (VICTIM_QUEUE, world.ids["victim stream"], VICTIM_STREAM):
        start = {} if ":sqs:" in source else {"StartingPosition": "TRIM_HORIZON"}
        yield call(
            source[-20:],
            "lambda",
            "CreateEventSourceMapping",
            strict=True,
            FunctionName="own",
            EventSourceArn=source,
            **start,
        )
        yield call(
            f"by ARN {source[-20:]}",
            "lambda",
            "CreateEventSourceMapping",
            strict=True,
            FunctionName=arn("lambda", "function:own"),
            EventSourceArn=source,
            **start,
        )
    for source, target in (("own", "victim"), ("victim", "own"), ("own", "victim-sink")):
        yield call(
            f"{source} to {target}",
            "sqs",
            "StartMessageMoveTask",
            strict=True,
            SourceArn=arn("sqs", source),
            DestinationArn=arn("sqs", target),
        )
    redrive = json.dumps({"deadLetterTargetArn": arn("sqs", "own"), "maxReceiveCount": "1"})
    yield call(
        "the victim's dead letters",
        "sqs",
        "SetQueueAttributes",
        strict=True,
        QueueUrl=world.ids["victim url"],
        Attributes={"RedrivePolicy": redrive},
    )
    yield steps(
        "rotated by the victim's function",
        Wire.of("secretsmanager", "RotateSecret", SecretId="own", RotationLambdaARN=VICTIM_FUNCTION),
        strict=True,
    )
    for destination in (VICTIM_QUEUE, VICTIM_TOPIC, VICTIM_FUNCTION):
        for kind in ("OnFailure", "OnSuccess"):
            yield call(
                f"{kind} {destination[-12:]}",
                "lambda",
                "PutFunctionEventInvokeConfig",
                FunctionName="own",
                DestinationConfig={kind: {"Destination": destination}},
            )
        yield call(
            destination[-12:],
            "lambda",
            "UpdateFunctionConfiguration",
            FunctionName="own",
            DeadLetterConfig={"TargetArn": destination},
        )
    yield call(
        "trigger",
        "cognito-idp",
        "UpdateUserPool",
        UserPoolId=world.ids["own pool"],
        LambdaConfig={"PreSignUp": VICTIM_FUNCTION},
    )


@family("deliveries: made by a stack")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    notify = {"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": VICTIM_QUEUE}]}
    topics = {"TopicConfigurations": [{"Event": "s3:ObjectCreated:*", "Topic": VICTIM_TOPIC}]}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": "own-bucket", "NotificationConfiguration": notify},
    }
    target = [{"Id": "1", "Arn": VICTIM_QUEUE}]
    templates: dict[str, dict[str, Any]] = {
        "bucket, queue": bucket,
        "bucket, topic": {**bucket, "Properties": {"BucketName": "own-bucket2", "NotificationConfiguration": topics}},
        "bucket, logging": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "own-bucket3", "LoggingConfiguration": {"DestinationBucketName": "victim-bucket"}}},
        "subscription": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": world.ids["own topic"], "Protocol": "sqs", "Endpoint": VICTIM_QUEUE}},
        "topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "own-t", "Subscription": [{"Protocol": "sqs", "Endpoint": VICTIM_QUEUE}]}},
        "rule": {"Type": "AWS::Events::Rule", "Properties": {"Name": "own", "EventPattern": {"source": ["own"]}, "Targets": target}},
        "mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": "own", "EventSourceArn": VICTIM_QUEUE}},
        "filter": {"Type": "AWS::Logs::SubscriptionFilter", "Properties": {"LogGroupName": "own", "FilterPattern": "", "DestinationArn": VICTIM_STREAM, "RoleArn": OWN_ROLE}},
        "delivery stream": {"Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": {"DeliveryStreamName": "own", "S3DestinationConfiguration": {
            "RoleARN": OWN_ROLE, "BucketARN": "arn:aws:s3:::victim-bucket"}}},
        "queue policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [world.ids["victim url"]], "PolicyDocument": document({**statement("sqs:*", "*"), "Principal": "*"})}},
        "topic policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [VICTIM_TOPIC], "PolicyDocument": document({**statement("sns:*", "*"), "Principal": "*"})}},
        "bucket policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "victim-bucket", "PolicyDocument": document({**statement("s3:*", "arn:aws:s3:::victim-bucket/*"), "Principal": "*"})}},
        "permission": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": "victim", "Action": "lambda:InvokeFunction", "Principal": "*"}},
        "custom resource": {"Type": "Custom::X", "Properties": {"ServiceToken": VICTIM_FUNCTION}},
        "custom resource by topic": {"Type": "Custom::X", "Properties": {"ServiceToken": VICTIM_TOPIC}},
        "membership": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": "victim-group", "Users": ["own-attacker"]}},
        "inline policy": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Users": ["own-attacker"], "PolicyDocument": document(statement("*", "*"))}},
        "role policy": {"Type": "AWS::IAM::RolePolicy", "Properties": {"PolicyName": "p", "RoleName": "own-role", "PolicyDocument": document(statement("*", "*"))}},
        "user policy": {"Type": "AWS::IAM::UserPolicy", "Properties": {"PolicyName": "p", "UserName": "own-attacker", "PolicyDocument": document(statement("*", "*"))}},
        "managed policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "own-m", "Users": ["own-attacker"], "PolicyDocument": document(statement("*", "*"))}},
    }  # fmt: skip
    after = [Wire("s3", "PUT", "/own-bucket/n", (), b"x"), Wire("s3", "PUT", "/own-bucket2/n", (), b"x"), Wire("s3", "PUT", "/own-bucket3/n", (), b"x"),
             Wire.of("sns", "Publish", TopicArn=world.ids["own topic"], Message="attack"), Wire.of("sns", "Publish", TopicArn=arn("sns", "own-t"), Message="attack"),
             Wire.of("events", "PutEvents", Entries=[{"Source": "own", "DetailType": "t", "Detail": "{}"}]),
             Wire.of("logs", "PutLogEvents", logGroupName="own", logStreamName="s", logEvents=[{"timestamp": 1_800_000_000_000, "message": "attack"}]),
             Wire.of("firehose", "PutRecord", DeliveryStreamName="own", Record={"Data": b"attack"}),
             Wire("s3", "GET", "/victim-bucket/secret")]  # fmt: skip
    for number, (title, resource) in enumerate(templates.items()):
        body = json.dumps({"Resources": {"R": resource}})
        yield steps(
            title,
            Wire.of(
                "cloudformation",
                "CreateStack",
                StackName=f"own-d{number}",
                TemplateBody=body,
                Capabilities=["CAPABILITY_NAMED_IAM"],
            ),
            *after,
        )


@family("keys: of others for own data")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for name in (
        world.ids["victim key"],
        arn("kms", "key/" + world.ids["victim key"]),
        "alias/victim",
        arn("kms", "alias/victim"),
    ):
        yield call(
            name,
            "ssm",
            "PutParameter",
            strict=True,
            Name="/own/sealed",
            Value="x",
            Type="SecureString",
            KeyId=name,
            Overwrite=True,
        )
        yield call(name, "secretsmanager", "UpdateSecret", strict=True, SecretId="own", SecretString="x", KmsKeyId=name)
        headers = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": name}
        yield call(name, "s3", "PutObject", strict=True, Bucket="own-bucket", Key="sealed", Body=b"x", **headers)
        yield call(
            name,
            "s3",
            "CopyObject",
            strict=True,
            Bucket="own-bucket",
            Key="sealed2",
            CopySource="own-bucket/mine",
            **headers,
        )
        yield call(name, "s3", "CreateMultipartUpload", strict=True, Bucket="own-bucket", Key="sealed3", **headers)
        yield call(name, "kinesis", "StartStreamEncryption", StreamName="own", EncryptionType="KMS", KeyId=name)
        yield call(name, "dynamodb", "CreateTable", TableName="own", SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": name},
                   KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                   BillingMode="PAY_PER_REQUEST")  # fmt: skip
        yield steps(f"sqs {name}", Wire.of("sqs", "CreateQueue", QueueName="own-sealed", Attributes={"KmsMasterKeyId": name}),
                    Wire.of("sqs", "SetQueueAttributes", QueueUrl=world.ids["own url"], Attributes={"KmsMasterKeyId": name}),
                    Wire.of("sqs", "SendMessage", QueueUrl=world.ids["own url"], MessageBody="x"), strict=True)  # fmt: skip
        yield steps(f"sqs read {name}", Wire.of("sqs", "SetQueueAttributes", QueueUrl=world.ids["own url"], Attributes={"KmsMasterKeyId": name}),
                    Wire.of("sqs", "ReceiveMessage", QueueUrl=world.ids["own url"]), strict=True)  # fmt: skip
        yield steps(f"sns {name}", Wire.of("sns", "SetTopicAttributes", TopicArn=world.ids["own topic"], AttributeName="KmsMasterKeyId", AttributeValue=name),
                    Wire.of("sns", "Publish", TopicArn=world.ids["own topic"], Message="x"), strict=True)  # fmt: skip
        yield steps(f"bucket {name}", Wire("s3", "PUT", "/own-bucket?encryption", (), (
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>"
            f"<KMSMasterKeyID>{name}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>").encode()),
            Wire.of("s3", "PutObject", Bucket="own-bucket", Key="sealed4", Body=b"x"), strict=True)  # fmt: skip
        yield steps(f"bucket read {name}", Wire.of("s3", "GetObject", Bucket="own-bucket", Key="sealed4"))
    yield steps("none again", Wire.of("sqs", "SetQueueAttributes", QueueUrl=world.ids["own url"], Attributes={"KmsMasterKeyId": ""}),
                Wire.of("sns", "SetTopicAttributes", TopicArn=world.ids["own topic"], AttributeName="KmsMasterKeyId", AttributeValue=""))  # fmt: skip


CREATES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("sqs", "CreateQueue", {"QueueName": "own-c"}, {"tags": {"t": "x"}}),
    ("sns", "CreateTopic", {"Name": "own-c"}, {"Tags": TAGS}),
    ("dynamodb", "CreateTable", {"TableName": "own-c", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
                                 "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}, {"Tags": TAGS}),
    ("secretsmanager", "CreateSecret", {"Name": "own-c", "SecretString": "x"}, {"Tags": TAGS}),
    ("kms", "CreateKey", {}, {"Tags": [{"TagKey": "t", "TagValue": "x"}]}),
    ("ssm", "PutParameter", {"Name": "/own/c", "Value": "x", "Type": "String"}, {"Tags": TAGS}),
    ("logs", "CreateLogGroup", {"logGroupName": "own-c"}, {"tags": {"t": "x"}}),
    ("iam", "CreateRole", {"RoleName": "own-c", "AssumeRolePolicyDocument": json.dumps(document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}))}, {"Tags": TAGS}),
    ("iam", "CreateUser", {"UserName": "own-c"}, {"Tags": TAGS}),
    ("iam", "CreatePolicy", {"PolicyName": "own-c", "PolicyDocument": json.dumps(document(statement("s3:*", "*")))}, {"Tags": TAGS}),
    ("events", "PutRule", {"Name": "own-c", "ScheduleExpression": "rate(1 day)"}, {"Tags": TAGS}),
    ("events", "CreateEventBus", {"Name": "own-c"}, {"Tags": TAGS}),
    ("ecr", "CreateRepository", {"repositoryName": "own-c"}, {"tags": TAGS}),
    ("kinesis", "CreateStream", {"StreamName": "own-c", "ShardCount": 1}, {"Tags": {"t": "x"}}),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "own-c", "MetricName": "m", "Namespace": "n", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1.0,
                                      "ComparisonOperator": "GreaterThanThreshold", "Statistic": "Sum"}, {"Tags": TAGS}),
    ("s3", "PutObject", {"Bucket": "own-bucket", "Key": "c", "Body": b"x"}, {"Tagging": "t=x"}),
    ("s3", "CopyObject", {"Bucket": "own-bucket", "Key": "c2", "CopySource": "own-bucket/mine"}, {"Tagging": "t=x", "TaggingDirective": "REPLACE"}),
    ("s3", "CreateMultipartUpload", {"Bucket": "own-bucket", "Key": "c3"}, {"Tagging": "t=x"}),
]  # fmt: skip
"""Operations that make something, and the tags that may come along: those need another action."""
TAGGING = ["sqs:TagQueue", "sns:TagResource", "dynamodb:TagResource", "secretsmanager:TagResource", "kms:TagResource", "ssm:AddTagsToResource", "logs:TagLogGroup",
           "logs:TagResource", "iam:TagRole", "iam:TagUser", "iam:TagPolicy", "states:TagResource", "events:TagResource", "ecr:TagResource", "kinesis:AddTagsToStream",
           "kinesis:TagResource", "cognito-idp:TagResource", "cloudwatch:TagResource", "s3:PutObjectTagging"]  # fmt: skip


@family("tags: that come along with what is made")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    maker = key_of(world.guard.user("own-maker", document(
        statement("*", "*"), {"Effect": "Deny", "Action": TAGGING, "Resource": "*"})))  # fmt: skip
    for service, operation, parameters, tags in CREATES:
        yield steps(
            f"{service}.{operation}",
            Wire.of(service, operation, **parameters, **tags),
            service=service,
            strict=operation != "CreateRestApi",
            key=maker,
        )


@family("s3: access points and other accounts' forms")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    account = (("x-amz-account-id", "123456789012"),)
    for name, bucket in (("own-point", "victim-bucket"), ("own-point2", "own-bucket")):
        body = f'<CreateAccessPointRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Bucket>{bucket}</Bucket></CreateAccessPointRequest>'.encode()
        made = Wire("s3control", "PUT", f"/v20180820/accesspoint/{name}", account, body, scope="s3")
        for used in (
            arn("s3", f"accesspoint/{name}"),
            f"{name}-123456789012-s3alias",
            arn("s3", f"accesspoint/{name}").replace("/", "%2F"),
        ):
            for method, path in (
                ("GET", "secret"),
                ("GET", "object/secret"),
                ("PUT", "attack"),
                ("GET", "?list-type=2"),
            ):
                target = f"/{used}/{path}" if path[0] != "?" else f"/{used}{path}"
                yield steps(
                    f"{name} {method} {used[-24:]} {path}",
                    made,
                    Wire("s3", method, target, (), b"x" if method == "PUT" else b""),
                    service="s3",
                )
    for action, path, body in (
        ("PUT", "/v20180820/accesspoint/victim/policy", b'<PutAccessPointPolicyRequest><Policy>{}</Policy></PutAccessPointPolicyRequest>'),
        ("GET", "/v20180820/accesspoint?bucket=victim-bucket", b""), ("GET", "/v20180820/bucket/victim-bucket", b""),
        ("PUT", "/v20180820/configuration/publicAccessBlock", b"<PublicAccessBlockConfiguration/>"),
        ("DELETE", "/v20180820/configuration/publicAccessBlock", b""), ("GET", "/v20180820/victim-bucket/secret", b""),
        ("GET", "/v20180820/tags/" + "arn%3Aaws%3As3%3A%3A%3Avictim-bucket", b""), ("POST", "/v20180820/jobs", b"<CreateJobRequest/>"),
    ):  # fmt: skip
        for headers in (account, ()):
            yield ask(
                f"{action} {path} {len(headers)}",
                Wire("s3control", action, path, headers, body, scope="s3"),
                strict=path != "/v20180820/victim-bucket/secret",
                service="s3",
            )


@family("tags: conditions on the tags of a resource and a request")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    owned = {"StringEquals": {"aws:ResourceTag/owner": "me"}}
    asks = {"StringEquals": {"aws:RequestTag/owner": "me"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["owner"]}}
    tagger = key_of(world.guard.user("own-tagger", document(
        statement("*", "*", Condition=owned), statement(["sqs:TagQueue", "sns:TagResource", "dynamodb:TagResource", "ssm:AddTagsToResource", "kms:TagResource",
                  "secretsmanager:TagResource", "lambda:TagResource", "iam:TagRole", "ec2:CreateTags", "sqs:CreateQueue", "sns:CreateTopic"],
                  *(arn(one, pattern, "*") for one in ("sqs", "sns", "dynamodb", "ssm", "kms", "secretsmanager", "lambda", "iam", "ec2") for pattern in ("own*", "*/own*", "*:own*")), Condition=asks))))  # fmt: skip
    me = [{"Key": "owner", "Value": "me"}]
    for name in ("owner", "Owner", "OWNER", "owner ", "owner\0"):
        tag = [{"Key": name, "Value": "me"}]
        for wires in (
            (Wire.of("sqs", "TagQueue", QueueUrl=world.ids["victim url"], Tags={name: "me"}), Wire.of("sqs", "ReceiveMessage", QueueUrl=world.ids["victim url"])),
            (Wire.of("sns", "TagResource", ResourceArn=VICTIM_TOPIC, Tags=tag), Wire.of("sns", "GetTopicAttributes", TopicArn=VICTIM_TOPIC)),
            (Wire.of("dynamodb", "TagResource", ResourceArn=arn("dynamodb", "table/victim"), Tags=tag), Wire.of("dynamodb", "Scan", TableName="victim")),
            (Wire.of("ssm", "AddTagsToResource", ResourceType="Parameter", ResourceId="/victim/p", Tags=tag), Wire.of("ssm", "GetParameter", Name="/victim/p", WithDecryption=True)),
            (Wire.of("secretsmanager", "TagResource", SecretId="victim", Tags=tag), Wire.of("secretsmanager", "GetSecretValue", SecretId="victim")),
            (Wire.of("lambda", "TagResource", Resource=VICTIM_FUNCTION, Tags={name: "me"}), Wire.of("lambda", "GetFunctionConfiguration", FunctionName="victim")),
            (Wire.of("s3", "PutObjectTagging", Bucket="victim-bucket", Key="secret", Tagging={"TagSet": tag}), Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret")),
            (Wire.of("s3", "PutBucketTagging", Bucket="victim-bucket", Tagging={"TagSet": tag}), Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret")),
            (Wire.of("ec2", "CreateTags", Resources=[world.ids["victim instance"]], Tags=tag), Wire.of("ec2", "StopInstances", InstanceIds=[world.ids["victim instance"]])),
            (Wire.of("ec2", "CreateTags", Resources=[world.ids["own instance"], world.ids["victim instance"]], Tags=tag),),
        ):  # fmt: skip
            yield steps(f"{name!r} {wires[0].service}", *wires, key=tagger, service=wires[0].service)
    for headers in (
        {"X-Amz-Resource-Tag": "owner=me"},
        {"aws:ResourceTag/owner": "me"},
        {"x-amz-tagging": "owner=me"},
        {"X-Amz-Tagging": "owner=me&owner=you"},
    ):
        for op in (
            Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret"),
            Wire.of("sqs", "ReceiveMessage", QueueUrl=world.ids["victim url"]),
        ):
            yield steps(
                f"{headers}",
                *[op.header(name, value) for name, value in headers.items()],
                key=tagger,
                service=op.service,
            )
    yield steps(
        "own tagged, a list with the victim's",
        Wire.of("ec2", "StopInstances", InstanceIds=[world.ids["own instance"], world.ids["victim instance"]]),
        key=tagger,
        service="ec2",
    )
    yield steps("queue made with tags twice", Wire("sqs", "POST", "/", (("Content-Type", "application/x-www-form-urlencoded"),), (
        b"Action=CreateQueue&Version=2012-11-05&QueueName=own-tagged&Tag.1.Key=owner&Tag.1.Value=me&Tag.2.Key=owner&Tag.2.Value=you&Tag.3.Key=other&Tag.3.Value=x")),
        key=tagger, service="sqs")  # fmt: skip
    del me


@family("conditions: what a request says of its way")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    limits = {
        "aws:SourceIp": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "aws:SecureTransport": {"Bool": {"aws:SecureTransport": "false"}},
        "aws:SourceVpce": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "aws:SourceVpc": {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
        "aws:ViaAWSService": {"Bool": {"aws:ViaAWSService": "true"}}, "aws:CalledVia": {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}},
        "aws:PrincipalTag": {"StringEquals": {"aws:PrincipalTag/team": "red"}}, "aws:MultiFactorAuthPresent": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        "aws:PrincipalOrgID": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "aws:SourceArn": {"ArnLike": {"aws:SourceArn": arn("sns", "own")}},
        "aws:CurrentTime": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, "aws:EpochTime": {"NumericLessThan": {"aws:EpochTime": "1000000000"}},
        "aws:RequestedRegion": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, "aws:PrincipalArn": {"ArnLike": {"aws:PrincipalArn": arn("iam", "role/admin", "")}},
        "aws:userid": {"StringLike": {"aws:userid": "AROA*:x"}}, "aws:TokenIssueTime": {"DateLessThan": {"aws:TokenIssueTime": "2999-01-01T00:00:00Z"}},
    }  # fmt: skip
    forged = {
        "X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7;proto=https", "X-Real-Ip": "203.0.113.7", "Client-Ip": "203.0.113.7", "True-Client-Ip": "203.0.113.7",
        "X-Amz-Source-Ip": "203.0.113.7", "X-Forwarded-Proto": "http", "X-Forwarded-Scheme": "http", "X-Forwarded-Ssl": "on", "Front-End-Https": "on", "X-Amz-Vpce-Id": "vpce-1",
        "X-Amz-Vpc-Id": "vpc-1", "X-Amz-Source-Arn": arn("sns", "own"), "X-Amz-Source-Account": "123456789012", "X-Amz-Mfa": "arn 123456", "X-Amz-Called-Via": "cloudformation.amazonaws.com",
        "X-Forwarded-Host": "cloudformation.amazonaws.com", "Via": "1.1 cloudformation.amazonaws.com", "X-Amz-Principal-Tag": "team=red", "Date": "Wed, 01 Jan 2014 00:00:00 GMT",
        "X-Amz-Region-Set": "eu-west-1", "X-Amz-Expected-Bucket-Owner": "123456789012",
    }  # fmt: skip
    for name, condition in limits.items():
        who = key_of(
            world.guard.user(
                "own-limited-" + "".join(one for one in name if one.isalpha()),
                document(statement("*", "*", Condition=condition)),
            )
        )
        for header, value in (("", ""), *forged.items()):
            for wire in (
                Wire.of("dynamodb", "Scan", TableName="victim"),
                Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret"),
            ):
                yield steps(
                    f"{name} by {header}",
                    wire.header(header, value) if header else wire,
                    key=who,
                    strict=True,
                    service=wire.service,
                )


@family("sessions: wider than who made them")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    everything = json.dumps(document(statement("*", "*")))

    def made(operation: str, more: dict[str, Any], then: Wire, who: str = "key") -> Any:
        from botocore.credentials import Credentials

        def send(w: World) -> list[Answer]:
            first = Wire.of("sts", operation, **more).signed(getattr(w, who), w.address).send(w.address)
            parts = {
                name: first.body.split(f"<{name}>".encode())[-1].split(b"</")[0].decode()
                for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
            }
            if not first.success:
                return [first]
            return [
                first,
                then.signed(
                    Credentials(parts["AccessKeyId"], parts["SecretAccessKey"], parts["SessionToken"]), w.address
                ).send(w.address),
            ]

        return send

    get = Wire.of("s3", "GetObject", Bucket="victim-bucket", Key="secret")
    tag = [{"Key": "team", "Value": "red"}]
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("GetFederationToken", {"Name": "x", "Policy": everything}), ("GetFederationToken", {"Name": "victim-user", "Policy": everything}),
        ("GetFederationToken", {"Name": "x", "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}),
        ("GetFederationToken", {"Name": "x", "Policy": everything, "Tags": tag}), ("GetSessionToken", {}), ("GetSessionToken", {"SerialNumber": "x", "TokenCode": "123456"}),
        ("AssumeRole", {"RoleArn": OWN_ROLE, "RoleSessionName": "x", "Policy": everything}),
        ("AssumeRole", {"RoleArn": OWN_ROLE, "RoleSessionName": "x", "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}),
        ("AssumeRole", {"RoleArn": OWN_ROLE, "RoleSessionName": "x", "Tags": tag, "TransitiveTagKeys": ["team"]}),
        ("AssumeRole", {"RoleArn": OWN_ROLE, "RoleSessionName": "victim-user", "SourceIdentity": "admin"}),
        ("AssumeRole", {"RoleArn": OWN_ROLE.replace("own-role", "own-role/../victim-role"), "RoleSessionName": "x"}),
        ("AssumeRole", {"RoleArn": OWN_ROLE.replace("own-role", "own-x/victim-role"), "RoleSessionName": "x"}),
        ("AssumeRoot", {"TargetPrincipal": "123456789012", "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}}),
        ("AssumeRoleWithWebIdentity", {"RoleArn": OWN_ROLE, "RoleSessionName": "x", "WebIdentityToken": "e30.e30.x"}),
    ]  # fmt: skip
    for operation, more in wishes:
        for then in (get, Wire.of("iam", "CreateAccessKey", UserName="victim-user"), Wire.of("dynamodb", "Scan", TableName="victim"),
                     Wire.of("iam", "TagRole", RoleName="victim-role", Tags=TAGS), Wire.of("sts", "AssumeRole", RoleArn=arn("iam", "role/victim-role", ""), RoleSessionName="y")):  # fmt: skip
            yield Attack(
                f"{operation} {list(more)} {then.service}", then.service, made(operation, more, then), strict=True
            )
    yield Attack(
        "a federation token calls IAM",
        "iam",
        made("GetFederationToken", {"Name": "x", "Policy": everything}, Wire.of("iam", "ListUsers")),
        strict=True,
    )


@family("moto: its own API and what a host may name")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    for path in ("/moto-api/reset", "/moto-api/data.json", "/moto-api/config", "/moto-api/seed?a=1", "/moto-api/state-manager/get-transition?feature=x", "/moto-api/recorder/start-recording",
                 "/moto-api/recorder/download-recording", "/moto-api/static/athena/query-results", "/moto-api/", "/latest/meta-data/iam/security-credentials/victim-role",
                 "/latest/dynamic/instance-identity/document", "/_api/mocks", "/_aws/sqs/messages?QueueUrl=x", "/_aws/ses", "//moto-api/reset", "/moto-api%2freset", "/./moto-api/reset"):  # fmt: skip
        for method in ("GET", "POST", "PUT"):
            for scope in ("s3", "sts", "moto_api", "instance_metadata", "execute-api", "lambda"):
                yield ask(f"{method} {path} {scope}", Wire("s3", method, path, (), b"{}", scope=scope), service="*" if "reset" in path else "rest",
                          strict=scope not in ("s3",))  # fmt: skip
        for host in ("motoapi.amazonaws.com", "169.254.169.254", "moto-api", "localhost:5000"):
            yield ask(
                f"unsigned {path} at {host}",
                Wire("s3", "POST", path, (("Host", host),), b"{}"),
                who="nobody",
                service="*" if "reset" in path else "rest",
                strict=True,
            )


@family("body: what a digest does not cover")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    get = Wire.of("dynamodb", "Scan", TableName="victim")
    packed = gzip.compress(get.body)
    for encoding, body in (
        ("gzip", packed),
        ("deflate, gzip", packed),
        ("gzip;q=1", packed),
        ("gzip ", packed),
        ("identity", get.body),
        ("gzip,identity", packed),
        ("GZip", packed),
    ):
        yield ask(f"{encoding!r}", get.but(body=body).header("Content-Encoding", encoding), strict=True)
        yield ask(
            f"{encoding!r} in base64",
            get.but(body=base64.b64encode(body))
            .header("Content-Encoding", encoding)
            .header("Content-Transfer-Encoding", "base64"),
            strict=True,
        )
    for name in (
        "X-Http-Method-Override",
        "X-Method-Override",
        "X-Amz-Target-Override",
        "X-Original-Url",
        "X-Rewrite-Url",
        "X-Amz-Content-Sha256",
        "Expect",
        "Trailer",
        "Upgrade",
    ):
        for value in ("DELETE", "/victim-bucket/secret", "100-continue", "x"):
            yield ask(f"{name} {value}", Wire("s3", "GET", "/own-bucket/mine", ((name, value),)), service="s3")


@family("threads: answers of others")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    reads = [op for op in OPS if op.reads]

    def at_once(ops: list[Op]) -> Any:
        def send(w: World) -> list[Answer]:
            found: list[Answer] = []

            def ask_for(op: Op, key: Any, whose: str, kept: bool) -> None:
                answer = op.wire(w, whose).signed(key, w.address).send(w.address)
                if kept:
                    found.append(answer)

            threads = [Thread(target=ask_for, args=(op, key, whose, kept)) for op in ops for key, whose, kept in (
                (w.admin, "victim", False), (w.key, "own", True), (w.key, "victim", True), (w.admin, "victim", False))]  # fmt: skip
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return found

        return send

    for op in reads:
        yield Attack(f"{op.service}.{op.name} eight times", op.service, at_once([op] * 8))
    for number in range(12):
        yield Attack(f"eight operations {number}", "rest", at_once(rng.sample(reads, 8)))
