"""boto3's resources."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.values import Const, Value
from scopedown.languages.python.sdk_resources import set_path

Calls = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("dynamo.Table('t').get_item(Key={})", ["dynamodb.GetItem TableName=t Key={}"]),
        ("dynamo.Table(name='t').query()", ["dynamodb.Query TableName=t"]),
        ("dynamo.Table(os.environ['T']).scan(Limit=1)", ["dynamodb.Scan TableName=${env:T} Limit=1"]),
        ("dynamo.Table('t').item_count", ["dynamodb.DescribeTable TableName=t"]),
        ("dynamo.Table('t').load()", ["dynamodb.DescribeTable TableName=t"]),
        ("dynamo.Table('t').wait_until_exists()", ["dynamodb.DescribeTable TableName=t"]),
        ("dynamo.Table('t').table_name", []),
        ("dynamo.Table('t').meta.client.list_tables()", ["dynamodb.ListTables"]),
        (
            "dynamo.create_table(TableName='t').put_item(Item={})",
            ["dynamodb.CreateTable TableName=t", "dynamodb.PutItem TableName=t Item={}"],
        ),
        ("[t.delete() for t in dynamo.tables.all()]", ["dynamodb.DeleteTable TableName=*", "dynamodb.ListTables"]),
        (
            "dynamo.batch_get_item(RequestItems={os.environ['T']: {}, 'u': {}})",
            ["dynamodb.BatchGetItem RequestItems={u:{},${env:T}:{}}"],
        ),
        ("s3.Object('b', 'k').get()['Body'].read()", ["s3.GetObject Bucket=b Key=k"]),
        ("s3.Object(bucket_name='b', key='k').put(Body='')", ["s3.PutObject Bucket=b Key=k Body="]),
        ("s3.Bucket('b').Object('k').delete()", ["s3.DeleteObject Bucket=b Key=k"]),
        ("s3.Object('b', 'k').content_length", ["s3.HeadObject Bucket=b Key=k"]),
        ("s3.Object('b', 'k').Acl().put(ACL='private')", ["s3.PutObjectAcl Bucket=b Key=k ACL=private"]),
        ("s3.Object('b', 'k').Bucket().delete()", ["s3.DeleteBucket Bucket=b"]),
        ("s3.Bucket('b').put_object(Key='k').get()", ["s3.GetObject Bucket=b Key=k", "s3.PutObject Bucket=b Key=k"]),
        ("s3.Bucket('b').creation_date", ["s3.ListBuckets"]),
        ("list(s3.Bucket('b').objects.all())", ["s3.ListObjects Bucket=b"]),
        ("list(s3.Bucket('b').objects.filter(Prefix='p').limit(1))", ["s3.ListObjects Bucket=b Prefix=p"]),
        ("[o.key for o in s3.Bucket('b').objects.limit(1)]", ["s3.ListObjects Bucket=b"]),
        (
            "[o.get() for page in s3.Bucket('b').objects.pages() for o in page]",
            ["s3.GetObject Bucket=b Key=*", "s3.ListObjects Bucket=b"],
        ),
        (
            "s3.Bucket('b').objects.filter(Prefix='p').delete()",
            ["s3.DeleteObjects Bucket=b Delete={Objects:[{Key:*}]}", "s3.ListObjects Bucket=b Prefix=p"],
        ),
        ("[b.name for b in s3.buckets.all()]", ["s3.ListBuckets"]),
        (
            "sqs.Queue(os.environ['Q']).send_message(MessageBody='m')",
            ["sqs.SendMessage QueueUrl=${env:Q} MessageBody=m"],
        ),
        (
            "[m.delete() for m in sqs.Queue('q').receive_messages()]",
            ["sqs.DeleteMessage QueueUrl=q ReceiptHandle=*", "sqs.ReceiveMessage QueueUrl=q"],
        ),
        (
            "sqs.get_queue_by_name(QueueName='q').purge()",
            [
                "sqs.GetQueueUrl QueueName=q",
                "sqs.PurgeQueue QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/q",
            ],
        ),
        ("boto3.resource('sns').Topic('a').publish(Message='m')", ["sns.Publish TopicArn=a Message=m"]),
        ("ec2.Instance('i').stop()", ["ec2.StopInstances InstanceIds=[i]"]),
        ("ec2.Instance('i').create_tags(Tags=[])", ["ec2.CreateTags Resources=[i] Tags=[]"]),
        ("ec2.create_tags(Resources=['i'], Tags=[])", ["ec2.CreateTags Resources=[i] Tags=[]"]),
        (
            "ec2.instances.filter(Filters=[]).terminate()",
            ["ec2.DescribeInstances Filters=[]", "ec2.TerminateInstances InstanceIds=[*]"],
        ),
        ("[i.state for i in ec2.instances.all()]", ["ec2.DescribeInstances"]),
        (
            "ec2.Instance('i').vpc.delete()",
            ["ec2.DeleteVpc VpcId=*", "ec2.DescribeInstances InstanceIds=[i]"],
        ),
    ],
)
def test_a_resource_calls(python_calls: Calls, expression: str, expected: list[str]) -> None:
    source = f"""
        import boto3, os
        dynamo, s3 = boto3.resource("dynamodb"), boto3.resource("s3")
        sqs, ec2 = boto3.resource("sqs"), boto3.resource("ec2")
        def handler(event, context):
            {expression}
    """
    assert sorted(python_calls(source)) == sorted(expected)


def test_a_batch_writer_writes_batches(python_calls: Calls) -> None:
    source = """
        import boto3, os
        def handler(event, context):
            with boto3.resource("dynamodb").Table(os.environ["T"]).batch_writer(overwrite_by_pkeys=["id"]) as batch:
                batch.put_item(Item={"id": "1"})
                batch.delete_item(Key={"id": "2"})
    """
    assert python_calls(source) == [
        "dynamodb.BatchWriteItem RequestItems={${env:T}:[{PutRequest:{Item:{id:1}}}]}",
        "dynamodb.BatchWriteItem RequestItems={${env:T}:[{DeleteRequest:{Key:{id:2}}}]}",
    ]


def test_a_listed_objects_data_calls_nothing_more(python_calls: Calls) -> None:
    source = """
        import boto3
        def handler(event, context):
            for one in boto3.resource("s3").Bucket("b").objects.all():
                print(one.key, one.size, one.last_modified)
    """
    assert python_calls(source) == ["s3.ListObjects Bucket=b"]


def test_the_table_of_one_of_two_is_both(python_calls: Calls) -> None:
    source = """
        import boto3
        tables = {"a": "one", "b": "two"}
        def handler(event, context):
            boto3.resource("dynamodb").Table(tables[event["kind"]]).scan()
    """
    assert python_calls(source) == ["dynamodb.Scan TableName=one|two"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("A", "{'A': 1}"),
        ("A.B", "{'A': {'B': 1}}"),
        ("A[]", "{'A': ([], 1)}"),
        ("A[0]", "{'A': ([1], None)}"),
        ("A.B[].C", "{'A': {'B': ([], {'C': 1})}}"),
        ("A[0].B[0]", "{'A': ([{'B': ([1], None)}], None)}"),
    ],
)
def test_a_path_is_made(path: str, expected: str) -> None:
    arguments: dict[str, Value] = {}
    set_path(arguments, path, Const(1))
    assert str({name: plain(value) for name, value in arguments.items()}) == expected


def plain(value: Value | None) -> object:
    from scopedown.calls.values import Object, Sequence

    match value:
        case Const(value=scalar):
            return scalar
        case Object():
            return {name: plain(item) for name, item in value.fields.items()}
        case Sequence():
            return ([plain(item) for item in value.items], plain(value.rest))
        case _:
            return None
