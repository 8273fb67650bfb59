"""aws-sdk for JavaScript, version 3, and the libraries above it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.model import CallReport

Calls = Callable[..., list[str]]


def test_a_command_sent_by_a_client(javascript_calls: Calls) -> None:
    source = """
        import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
        const client = new DynamoDBClient({});
        export const handler = async (event) => {
          const command = new PutItemCommand({ TableName: `${process.env.STAGE}-users`, Item: event });
          await client.send(command);
        };
    """
    assert javascript_calls(source) == ["dynamodb.PutItem TableName=${env:STAGE}-users Item=*"]


def test_a_command_that_is_not_sent_is_no_call(javascript_calls: Calls) -> None:
    source = """
        import { S3Client, DeleteBucketCommand } from '@aws-sdk/client-s3';
        export const handler = async (event) => { event.client.send(new DeleteBucketCommand({ Bucket: 'b' })) };
    """
    assert javascript_calls(source) == []


def test_commands_through_a_helper_keep_their_own_arguments(javascript_calls: Calls) -> None:
    source = """
        const { S3Client, GetObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3');
        const client = new S3Client();
        const send = async (command) => client.send(command);
        exports.handler = async (event) => {
          await send(new GetObjectCommand({ Bucket: 'in', Key: 'a' }));
          const other = new GetObjectCommand({ Bucket: 'c', Key: 'd' });
          await send(event.x ? new PutObjectCommand({ Bucket: 'out', Key: 'b' }) : other);
        };
    """
    assert sorted(javascript_calls(source)) == [
        "s3.GetObject Bucket=c Key=d",
        "s3.GetObject Bucket=in Key=a",
        "s3.PutObject Bucket=out Key=b",
    ]


def test_send_with_a_callback(javascript_calls: Calls) -> None:
    source = """
        import { SQSClient, ListQueuesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
        const client = new SQSClient({});
        export const handler = () => client.send(new ListQueuesCommand({}), (err, data) => {
          client.send(new PurgeQueueCommand({ QueueUrl: data.QueueUrls[0] }));
        });
    """
    assert javascript_calls(source) == ["sqs.ListQueues", "sqs.PurgeQueue QueueUrl=*"]


@pytest.mark.parametrize(
    ("package", "client", "method", "call"),
    [
        ("client-s3", "S3", "listBuckets", "s3.ListBuckets"),
        ("client-sfn", "SFN", "listStateMachines", "stepfunctions.ListStateMachines"),
        ("client-cloudwatch-logs", "CloudWatchLogs", "describeLogGroups", "logs.DescribeLogGroups"),
        ("client-cognito-identity-provider", "CognitoIdentityProvider", "listUserPools", "cognito-idp.ListUserPools"),
        ("client-rds", "RDS", "describeDBInstances", "rds.DescribeDBInstances"),
    ],
)
def test_aggregated_clients(javascript_calls: Calls, package: str, client: str, method: str, call: str) -> None:
    source = f"""
        import {{ {client} }} from '@aws-sdk/{package}';
        const client = new {client}({{}});
        export const handler = () => client.{method}();
    """
    assert javascript_calls(source) == [call]


def test_a_plain_client_has_no_operations(javascript_calls: Calls) -> None:
    source = """
        import { S3Client } from '@aws-sdk/client-s3';
        export const handler = () => new S3Client({}).listBuckets();
    """
    assert javascript_calls(source) == []


def test_documents(javascript_calls: Calls) -> None:
    source = """
        import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
        import {
          DynamoDBDocumentClient, DynamoDBDocument, GetCommand, TransactWriteCommand, paginateScan,
        } from '@aws-sdk/lib-dynamodb';
        const base = new DynamoDBClient({});
        const documents = DynamoDBDocumentClient.from(base, { marshallOptions: {} });
        const full = DynamoDBDocument.from(base);
        export const handler = async () => {
          await documents.send(new GetCommand({ TableName: process.env.TABLE, Key: { id: 'x' } }));
          await documents.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 't' } }] }));
          await full.query({ TableName: 'q' });
          for await (const page of paginateScan({ client: documents }, { TableName: 'p' })) use(page);
        };
    """
    assert javascript_calls(source) == [
        "dynamodb.GetItem TableName=${env:TABLE} Key={id:x}",
        "dynamodb.TransactWriteItems TransactItems=[{Put:{TableName:t}}]",
        "dynamodb.Query TableName=q",
        "dynamodb.Scan TableName=p",
    ]


def test_paginators_and_waiters(javascript_calls: Calls) -> None:
    source = """
        import { S3Client, paginateListObjectsV2, waitUntilBucketExists } from '@aws-sdk/client-s3';
        import { DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
        const client = new S3Client({});
        export const handler = async () => {
          for await (const page of paginateListObjectsV2({ client, pageSize: 5 }, { Bucket: 'b' })) {}
          await waitUntilBucketExists({ client, maxWaitTime: 9 }, { Bucket: 'w' });
          await waitUntilTableExists({ client: new DynamoDBClient({}), maxWaitTime: 9 }, { TableName: 't' });
        };
    """
    assert javascript_calls(source) == [
        "s3.ListObjectsV2 Bucket=b",
        "s3.HeadBucket Bucket=w",
        "dynamodb.DescribeTable TableName=t",
    ]


def test_uploads_and_presigned_requests(javascript_calls: Calls) -> None:
    source = """
        import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
        import { Upload } from '@aws-sdk/lib-storage';
        import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
        import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
        const client = new S3Client({});
        export const handler = async (event) => {
          const upload = new Upload({ client, params: { Bucket: 'u', Key: event.key, Body: event.body } });
          upload.on('httpUploadProgress', () => 1);
          await upload.done();
          await getSignedUrl(client, new GetObjectCommand({ Bucket: 'g', Key: 'k' }), { expiresIn: 9 });
          await createPresignedPost(client, { Bucket: 'p', Key: 'form', Conditions: [] });
        };
    """
    assert javascript_calls(source) == [
        "s3.PutObject Bucket=u Key=* Body=*",
        "s3.GetObject Bucket=g Key=k",
        "s3.PutObject Bucket=p Key=form",
    ]


def test_credentials_of_another_role(javascript_calls: Calls) -> None:
    source = """
        import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';
        import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
        import { fromTemporaryCredentials, fromNodeProviderChain } from '@aws-sdk/credential-providers';
        const theirs = new S3Client({ credentials: fromTemporaryCredentials({ params: { RoleArn: 'arn:one' } }) });
        const own = new S3Client({ credentials: fromNodeProviderChain() });
        export const handler = async () => {
          await theirs.send(new ListBucketsCommand({}));
          await own.send(new ListBucketsCommand({}));
          const { Credentials } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: process.env.ROLE }));
          const third = new S3Client({
            credentials: { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretAccessKey },
          });
          await third.send(new ListBucketsCommand({}));
        };
    """
    assert javascript_calls(source) == [
        "sts.AssumeRole RoleArn=arn:one",
        "s3.ListBuckets as arn:one",
        "s3.ListBuckets",
        "sts.AssumeRole RoleArn=${env:ROLE}",
        "s3.ListBuckets as ${env:ROLE}",
    ]


def test_a_client_in_a_class_a_closure_and_an_object(javascript_calls: Calls) -> None:
    source = """
        import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
        class Topics {
          #client = new SNSClient({});
          constructor(private readonly arn: string) {}
          publish(Message: string) { return this.#client.send(new PublishCommand({ TopicArn: this.arn, Message })); }
        }
        const make = (client: SNSClient) => ({
          say: (arn: string) => client.send(new PublishCommand({ TopicArn: arn })),
        });
        export const handler = async () => {
          await new Topics(process.env.TOPIC!).publish('hello');
          await make(new SNSClient({})).say('arn:said');
        };
    """
    assert javascript_calls(source, file="app.ts") == [
        "sns.Publish TopicArn=${env:TOPIC} Message=hello",
        "sns.Publish TopicArn=arn:said",
    ]


def test_a_subclass_of_a_client(javascript_calls: Calls) -> None:
    source = """
        import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
        class Caller extends LambdaClient { go(name) { return this.send(new InvokeCommand({ FunctionName: name })) } }
        export const handler = () => new Caller({}).go('f');
    """
    assert javascript_calls(source) == ["lambda.Invoke FunctionName=f"]


def test_a_captured_client_stays_one(javascript_calls: Calls) -> None:
    source = """
        import AWSXRay from 'aws-xray-sdk-core';
        import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
        const client = AWSXRay.captureAWSv3Client(new SQSClient({}));
        export const handler = () => AWSXRay.captureAsyncFunc('x', () => client.send(new ListQueuesCommand({})));
    """
    assert javascript_calls(source) == ["sqs.ListQueues"]


@pytest.mark.parametrize(
    "body",
    [
        "marshall({ TableName: 't' }); unmarshall(event.Item)",
        "new ResourceNotFoundException({ message: 'x' })",
        "client.destroy(); client.config.region()",
        "client.middlewareStack.add((next) => (args) => next(args), { step: 'build' })",
        "new GetItemCommand({ TableName: 't' }).input",
    ],
)
def test_what_calls_no_api_is_silent(javascript_calls: Calls, body: str) -> None:
    source = f"""
        import {{ DynamoDBClient, GetItemCommand, ResourceNotFoundException }} from '@aws-sdk/client-dynamodb';
        import {{ marshall, unmarshall }} from '@aws-sdk/util-dynamodb';
        const client = new DynamoDBClient({{}});
        export const handler = async (event) => {{ {body} }};
    """
    assert javascript_calls(source) == []


def test_an_unknown_command_name_is_no_call(javascript_calls: Calls) -> None:
    source = """
        import { S3Client, MakeCoffeeCommand } from '@aws-sdk/client-s3';
        export const handler = () => new S3Client({}).send(new MakeCoffeeCommand({}));
    """
    assert javascript_calls(source) == []


def test_a_command_that_something_unseen_sends_is_possible_never_granted(
    javascript_report: Callable[..., CallReport],
) -> None:
    source = """
        import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
        import { traced } from 'some-tracer';
        const s3 = traced(new S3Client({}));
        export const handler = async () => { await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k' })); };
    """
    report = javascript_report(source)
    assert report.calls == ()
    assert [(one.service, one.operation) for one in report.possible] == [("s3", "PutObject")]


def test_a_class_that_derives_from_a_clients_keeps_what_its_constructor_gave(javascript_calls: Calls) -> None:
    source = """
        const { S3 } = require('@aws-sdk/client-s3');
        class Store extends S3 {
          constructor() { super({ region: 'eu-west-2' }); this.cache = {}; }
          helper() { this.later = 1; }
          keep(key) { this.helper(); return this.deleteObject({ Bucket: 'b', Key: 'k' }); }
        }
        exports.handler = async (event) => new Store().keep(event.key);
    """
    assert javascript_calls(source) == ["s3.DeleteObject Bucket=b Key=k $region=eu-west-2"]
