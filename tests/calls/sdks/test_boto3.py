"""boto3's clients and sessions."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

Calls = Callable[..., list[str]]


@pytest.fixture
def body_calls(python_calls: Calls) -> Callable[..., list[str]]:
    """The calls of a handler's body."""

    def found(body: str, before: str = "import boto3, os") -> list[str]:
        return python_calls(before + "\ndef handler(event, context):\n" + indent(body.strip("\n"), "    "))

    return found


@pytest.mark.parametrize(
    "made",
    [
        "boto3.client('s3', 'eu-west-1')",
        "boto3.client(service_name='s3', region_name='eu-west-1')",
        "boto3.Session(region_name='eu-west-1').client('s3')",
        "boto3.Session(None, None, None, 'us-east-2').client('s3', region_name='eu-west-1')",
    ],
)
def test_a_region_that_the_code_names_goes_with_every_call(body_calls: Callable[..., list[str]], made: str) -> None:
    assert body_calls(f"{made}.list_objects(Bucket='b')", "import boto3") == [
        "s3.ListObjects Bucket=b $region=eu-west-1"
    ]


def test_a_region_of_the_environment_goes_with_every_call(body_calls: Callable[..., list[str]]) -> None:
    made = "boto3.Session(region_name=os.environ['PLACE']).client('s3')"
    assert body_calls(f"{made}.list_objects(Bucket='b')", "import boto3, os") == [
        "s3.ListObjects Bucket=b $region=${env:PLACE}"
    ]


@pytest.mark.parametrize(
    "made",
    [
        "boto3.client('s3')",
        "boto3.client(service_name='s3', region_name=os.environ['AWS_REGION'])",
        "boto3.client('s3', config=botocore.config.Config(retries={}))",
        "boto3.Session().client('s3')",
        "boto3.session.Session(region_name='x').client('s3')",
        "boto3.DEFAULT_SESSION.client('s3')",
        "botocore.session.get_session().create_client('s3')",
        "boto3.resource('s3').meta.client",
        "getattr(boto3, 'client')('s3')",
        "boto3.client(f's{3}')",
        "boto3.client('s3', **{'region_name': 'x'})",
        "boto3.client('s3', aws_access_key_id=None)",
        "boto3.client('s3', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'])",
        "(boto3.client('s3'))",
    ],
)
def test_a_client_is_known_however_it_is_made(body_calls: Callable[..., list[str]], made: str) -> None:
    before = "import boto3, botocore.session, botocore.config, os"
    assert body_calls(f"{made}.get_object(Bucket='b', Key=event['k'])", before) == ["s3.GetObject Bucket=b Key=*"]


@pytest.mark.parametrize(
    ("before", "client"),
    [
        ("from boto3 import client", "client('s3')"),
        ("from boto3 import client as make", "make('s3')"),
        ("from boto3.session import Session", "Session().client('s3')"),
        ("import boto3 as aws", "aws.client('s3')"),
        ("import boto3.session", "boto3.session.Session().client('s3')"),
        ("import aioboto3", "aioboto3.Session().client('s3')"),
        ("from aiobotocore.session import get_session", "get_session().create_client('s3')"),
    ],
)
def test_imports_in_every_form(body_calls: Callable[..., list[str]], before: str, client: str) -> None:
    assert body_calls(f"{client}.list_buckets()", before) == ["s3.ListBuckets"]


def test_an_asynchronous_client_is_a_context(python_calls: Calls) -> None:
    source = """
        import aioboto3
        session = aioboto3.Session()
        async def handler(event, context):
            async with session.client("sqs") as sqs, session.resource("dynamodb") as dynamo:
                await sqs.send_message(QueueUrl="u", MessageBody="m")
                table = await dynamo.Table("t")
                await table.get_item(Key={})
    """
    assert python_calls(source) == ["sqs.SendMessage QueueUrl=u MessageBody=m", "dynamodb.GetItem TableName=t Key={}"]


@pytest.mark.parametrize(
    "body",
    [
        "boto3.client(event['service']).get_object(Bucket='b', Key='k')",
        "boto3.client('no-such-service').get_object(Bucket='b', Key='k')",
        "boto3.client('s3').no_such_method(Bucket='b')",
        "event.client('s3').get_object(Bucket='b', Key='k')",
        "boto3.client('s3').can_paginate('list_objects')",
        "boto3.client('s3').exceptions.NoSuchKey",
        "boto3.client('s3').meta.region_name",
        "boto3.client('s3').meta.events.register('before-sign', print)",
        "boto3.client('s3').get_paginator('list_objects_v2')",
        "boto3.client('dynamodb').get_waiter('table_exists')",
        "boto3.Session().get_credentials()",
        "boto3.Session().get_available_regions('s3')",
        "boto3.dynamodb.conditions.Key('a').eq('b')",
        "boto3.resource('dynamodb').Table('t').name",
        "boto3.resource('s3').Bucket('b').Object('k')",
    ],
)
def test_no_call_is_made_by(body_calls: Callable[..., list[str]], body: str) -> None:
    assert body_calls(body) == []


def test_a_service_of_two_gives_both(body_calls: Callable[..., list[str]]) -> None:
    body = "name = 'sns' if event['a'] else 'sqs'\nboto3.client(name).list_tags_for_resource(ResourceArn='r')"
    assert body_calls(body) == ["sns.ListTagsForResource ResourceArn=r"]


def test_a_method_of_two_gives_both(body_calls: Callable[..., list[str]]) -> None:
    body = """
name = {'a': 'start_instances', 'b': 'stop_instances'}[event['k']]
getattr(boto3.client('ec2'), name)(InstanceIds=['i'])
"""
    assert body_calls(body) == ["ec2.StartInstances InstanceIds=[i]", "ec2.StopInstances InstanceIds=[i]"]


def test_known_parameters_may_come_spread(body_calls: Callable[..., list[str]]) -> None:
    body = "args = {'Bucket': 'b'}\nargs['Key'] = 'k'\nboto3.client('s3').get_object(**args)"
    assert body_calls(body) == ["s3.GetObject Bucket=b Key=k"]


def test_unknown_spread_parameters_leave_the_required_ones_unknown(body_calls: Callable[..., list[str]]) -> None:
    assert body_calls("boto3.client('s3').get_object(Bucket='b', **event)") == ["s3.GetObject Bucket=b Key=* *=*"]


def test_a_method_that_is_handed_on_is_called_with_anything(python_calls: Calls) -> None:
    source = """
        import boto3, elsewhere
        def handler(event, context):
            elsewhere.run(boto3.client("s3").delete_object)
    """
    assert python_calls(source) == ["s3.DeleteObject Bucket=* Key=* *=*"]


def test_paginators_call_when_they_paginate(body_calls: Callable[..., list[str]]) -> None:
    body = """
client = boto3.client('s3')
pages = client.get_paginator('list_objects_v2').paginate(Bucket='b', PaginationConfig={'PageSize': 1})
for page in pages:
    for one in page['Contents']:
        client.delete_object(Bucket='b', Key=one['Key'])
for one in client.get_paginator('list_parts').paginate(Bucket='b', Key='k', UploadId='u').search('Parts'):
    pass
"""
    assert body_calls(body) == [
        "s3.ListObjectsV2 Bucket=b",
        "s3.DeleteObject Bucket=b Key=*",
        "s3.ListParts Bucket=b Key=k UploadId=u",
    ]


def test_waiters_poll_their_operation(body_calls: Callable[..., list[str]]) -> None:
    body = "boto3.client('dynamodb').get_waiter('table_exists').wait(TableName='t', WaiterConfig={'Delay': 1})"
    assert body_calls(body) == ["dynamodb.DescribeTable TableName=t"]


def test_the_url_of_a_queue_is_known_by_its_name(body_calls: Callable[..., list[str]]) -> None:
    body = """
sqs = boto3.client('sqs')
url = sqs.get_queue_url(QueueName=os.environ['QUEUE'])['QueueUrl']
sqs.purge_queue(QueueUrl=url)
"""
    assert body_calls(body) == [
        "sqs.GetQueueUrl QueueName=${env:QUEUE}",
        "sqs.PurgeQueue QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${env:QUEUE}",
    ]


def test_a_connection_endpoint_goes_with_the_call(body_calls: Callable[..., list[str]]) -> None:
    body = """
client = boto3.client('apigatewaymanagementapi', endpoint_url=os.environ['ENDPOINT'])
client.post_to_connection(ConnectionId=event['id'], Data=b'x')
boto3.client('s3', endpoint_url='http://localhost').list_buckets()
"""
    assert body_calls(body) == [
        "apigatewaymanagementapi.PostToConnection ConnectionId=* Data=x $endpoint=${env:ENDPOINT}",
        "s3.ListBuckets",
    ]


ASSUME = "sts = boto3.client('sts')\nanswer = sts.assume_role(RoleArn=os.environ['ROLE'], RoleSessionName='n')\n"


@pytest.mark.parametrize(
    "client",
    [
        "boto3.client('s3', aws_access_key_id=answer['Credentials']['AccessKeyId'], aws_secret_access_key='s')",
        "boto3.client('s3', aws_access_key_id=answer.get('Credentials').get('AccessKeyId'))",
        "boto3.Session(aws_access_key_id=answer['Credentials']['AccessKeyId']).client('s3')",
        "boto3.Session(answer['Credentials']['AccessKeyId'], 's', 't').client('s3')",
        "boto3.Session(**{'aws_access_key_id': answer['Credentials']['AccessKeyId']}).resource('s3').meta.client",
    ],
)
def test_calls_with_assumed_credentials_belong_to_that_role(body_calls: Callable[..., list[str]], client: str) -> None:
    assert body_calls(f"{ASSUME}{client}.list_buckets()") == [
        "sts.AssumeRole RoleArn=${env:ROLE} RoleSessionName=n",
        "s3.ListBuckets as ${env:ROLE}",
    ]


def test_keys_of_another_identity_are_not_the_functions(body_calls: Callable[..., list[str]]) -> None:
    body = "boto3.client('s3', aws_access_key_id=os.environ['OTHER_KEY']).list_buckets()"
    assert body_calls(body) == ["s3.ListBuckets as *"]


def test_a_session_of_ones_own_class_is_a_session(python_calls: Calls) -> None:
    source = """
        import boto3
        class Session(boto3.Session):
            def bucket(self):
                return self.client("s3").list_buckets()
        def handler(event, context):
            Session().bucket()
    """
    assert python_calls(source) == ["s3.ListBuckets"]


def test_two_clients_of_one_helper_keep_their_tables(python_calls: Calls) -> None:
    source = """
        import boto3
        class Store:
            def __init__(self, client, table):
                self.client, self.table = client, table
            def get(self):
                return self.client.get_item(TableName=self.table, Key={})
        client = boto3.client("dynamodb")
        def handler(event, context):
            for name in ("a", "b"):
                Store(client, name).get()
    """
    assert python_calls(source) == ["dynamodb.GetItem TableName=a Key={}", "dynamodb.GetItem TableName=b Key={}"]


def test_a_receiver_of_unknown_type_is_possible_never_granted(python_report: Callable[..., object]) -> None:
    report = python_report("import boto3\ndef handler(event, context):\n    event.put_parameter(Name='n', Value='v')")
    assert report.calls == ()  # type: ignore[attr-defined]
    assert [one.operation for one in report.possible] == ["PutParameter"]  # type: ignore[attr-defined]
