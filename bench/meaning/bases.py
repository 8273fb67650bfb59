"""The functions that are changed: each makes one client and one call.

Data only: how a program gets its client, what it calls, and the API operation that this is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Base:
    """One function: ``make`` gives the client, ``method`` is called on it with ``args``.

    ``setup`` are the lines at the top of a file that uses them; ``beside`` are further files by name. In JavaScript
    ``imports`` are (module, names) and ``end`` is what follows the call (``.promise()``). Where a language writes
    types, ``type`` is the client's and ``request`` the request's; ``argument`` is the request where ``args`` has more.
    """

    name: str
    make: str
    method: str
    args: str
    service: str
    operation: str
    setup: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    end: str = ""
    type: str = ""
    request: str = ""
    argument: str = ""


_BUCKET = 'BUCKET = os.environ["BUCKET"]\n'
_TABLE = 'TABLE = os.environ["TABLE"]\n'
_STORES = (
    (
        "stores.py",
        """import boto3

REGION = "eu-west-1"


def make(service):
    return boto3.client(service, region_name=REGION)
""",
    ),
)
_TABLES = (
    (
        "tables.py",
        """import os

import boto3


def table():
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])
""",
    ),
)

PYTHON = (
    Base("s3 get", 'boto3.client("s3")', "get_object", 'Bucket=BUCKET, Key=event["key"]', "s3", "GetObject", _BUCKET),
    Base(
        "s3 put",
        'boto3.client("s3")',
        "put_object",
        'Bucket=BUCKET, Key="a.txt", Body=b"x"',
        "s3",
        "PutObject",
        _BUCKET,
    ),
    Base(
        "s3 delete",
        'boto3.client("s3", region_name="eu-west-1")',
        "delete_object",
        'Bucket="own-bucket", Key=event["key"]',
        "s3",
        "DeleteObject",
    ),
    Base(
        "s3 list",
        '(boto3.client("s3") if BUCKET else None)',
        "list_objects_v2",
        "Bucket=BUCKET",
        "s3",
        "ListObjectsV2",
        _BUCKET,
    ),
    Base(
        "s3 upload",
        'boto3.client("s3")',
        "upload_file",
        'Filename="/tmp/a", Bucket=BUCKET, Key="a"',
        "s3",
        "PutObject",
        _BUCKET,
    ),
    Base(
        "s3 pages",
        'boto3.client("s3").get_paginator("list_objects_v2")',
        "paginate",
        "Bucket=BUCKET",
        "s3",
        "ListObjectsV2",
        _BUCKET,
    ),
    Base(
        "s3 object",
        'boto3.resource("s3").Object(BUCKET, "a.txt")',
        "get",
        'VersionId=event["version"]',
        "s3",
        "GetObject",
        _BUCKET,
    ),
    Base(
        "s3 bucket",
        'boto3.resource("s3").Bucket(BUCKET)',
        "put_object",
        'Key=event["key"], Body=b"x"',
        "s3",
        "PutObject",
        _BUCKET,
    ),
    Base(
        "dynamodb get",
        'boto3.client("dynamodb")',
        "get_item",
        'TableName=TABLE, Key={"id": {"S": event["id"]}}',
        "dynamodb",
        "GetItem",
        _TABLE,
    ),
    Base(
        "dynamodb put",
        'boto3.client("dynamodb")',
        "put_item",
        'TableName="own-table", Item={"id": {"S": "1"}}',
        "dynamodb",
        "PutItem",
    ),
    Base(
        "dynamodb query",
        'boto3.client("dynamodb")',
        "query",
        'TableName=TABLE, KeyConditionExpression="id = :id"',
        "dynamodb",
        "Query",
        _TABLE,
    ),
    Base(
        "dynamodb pages",
        'boto3.client("dynamodb").get_paginator("scan")',
        "paginate",
        "TableName=TABLE",
        "dynamodb",
        "Scan",
        _TABLE,
    ),
    Base(
        "table get",
        'boto3.resource("dynamodb").Table(TABLE)',
        "get_item",
        'Key={"id": event["id"]}',
        "dynamodb",
        "GetItem",
        _TABLE,
    ),
    Base(
        "table put",
        'boto3.resource("dynamodb").Table("own-table")',
        "put_item",
        'Item={"id": event["id"], "n": 1}',
        "dynamodb",
        "PutItem",
    ),
    Base(
        "table update",
        'boto3.resource("dynamodb", region_name="eu-west-1").Table(TABLE)',
        "update_item",
        'Key={"id": "1"}, UpdateExpression="ADD n :n"',
        "dynamodb",
        "UpdateItem",
        _TABLE,
    ),
    Base("table scan", "table()", "scan", "Limit=10", "dynamodb", "Scan", "from tables import table\n", _TABLES),
    Base(
        "sqs send",
        'boto3.client("sqs")',
        "send_message",
        'QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["body"]',
        "sqs",
        "SendMessage",
    ),
    Base(
        "sqs delete",
        'make("sqs")',
        "delete_message",
        'QueueUrl=os.environ["QUEUE_URL"], ReceiptHandle=event["handle"]',
        "sqs",
        "DeleteMessage",
        "from stores import make\n",
        _STORES,
    ),
    Base(
        "sqs queue",
        'boto3.resource("sqs").Queue(os.environ["QUEUE_URL"])',
        "send_message",
        'MessageBody="x"',
        "sqs",
        "SendMessage",
    ),
    Base(
        "sns publish",
        'boto3.Session(region_name="eu-west-1").client("sns")',
        "publish",
        'TopicArn=os.environ["TOPIC"], Message=event["body"]',
        "sns",
        "Publish",
    ),
    Base(
        "sns topic",
        'boto3.resource("sns").Topic(os.environ["TOPIC"])',
        "publish",
        'Message=event["body"]',
        "sns",
        "Publish",
    ),
    Base(
        "ssm get",
        'boto3.client("ssm")',
        "get_parameter",
        'Name="/own/parameter", WithDecryption=True',
        "ssm",
        "GetParameter",
    ),
    Base(
        "secret get",
        'boto3.session.Session().client(service_name="secretsmanager")',
        "get_secret_value",
        'SecretId=os.environ["SECRET"]',
        "secretsmanager",
        "GetSecretValue",
    ),
    Base(
        "lambda invoke",
        'boto3.client("lambda")',
        "invoke",
        'FunctionName=os.environ["OTHER"], Payload=b"{}"',
        "lambda",
        "Invoke",
    ),
    Base(
        "events put",
        'stores.make("events")',
        "put_events",
        'Entries=[{"Source": "own", "Detail": event["detail"]}]',
        "events",
        "PutEvents",
        "import stores\n",
        _STORES,
    ),
    Base(
        "states start",
        'boto3.client("stepfunctions")',
        "start_execution",
        'stateMachineArn=os.environ["MACHINE"], input="{}"',
        "stepfunctions",
        "StartExecution",
    ),
    Base(
        "kinesis put",
        'boto3.client("kinesis")',
        "put_record",
        'StreamName="own-stream", Data=b"x", PartitionKey=event["id"]',
        "kinesis",
        "PutRecord",
    ),
    Base(
        "ses send",
        'boto3.client("ses")',
        "send_email",
        'Source="a@example.org", Destination={"ToAddresses": [event["to"]]}, Message={}',
        "ses",
        "SendEmail",
    ),
    Base(
        "metric put",
        'boto3.client("cloudwatch")',
        "put_metric_data",
        'Namespace="own", MetricData=[{"MetricName": "n", "Value": 1}]',
        "cloudwatch",
        "PutMetricData",
    ),
    Base(
        "model invoke",
        'boto3.client("bedrock-runtime")',
        "invoke_model",
        'modelId="own.model-v1", body=event["body"]',
        "bedrock-runtime",
        "InvokeModel",
    ),
)


def _v2(name: str, cls: str, method: str, args: str, service: str, operation: str, options: str = "") -> Base:
    return Base(
        name,
        f"new AWS.{cls}({options})",
        method,
        args,
        service,
        operation,
        imports=(("aws-sdk", "AWS"),),
        end=".promise()",
    )


def _v3(name: str, package: str, cls: str, command: str, args: str, service: str, options: str = "{}") -> Base:
    imports = ((f"@aws-sdk/client-{package}", f"{{ {cls}, {command}Command }}"),)
    return Base(
        name, f"new {cls}({options})", "send", f"new {command}Command({args})", service, command, imports=imports
    )


def _document(name: str, command: str, args: str, operation: str) -> Base:
    imports = (
        ("@aws-sdk/client-dynamodb", "{ DynamoDBClient }"),
        ("@aws-sdk/lib-dynamodb", f"{{ DynamoDBDocumentClient, {command}Command }}"),
    )
    make = "DynamoDBDocumentClient.from(new DynamoDBClient({}))"
    return Base(name, make, "send", f"new {command}Command({args})", "dynamodb", operation, imports=imports)


_CLIENTS = (
    (
        "clients.js",
        """const AWS = require("aws-sdk");

exports.make = (name) => new AWS[name]({ region: "eu-west-1" });
""",
    ),
)
_PAGES = (
    (
        "pages.js",
        """const { S3Client, paginateListObjectsV2 } = require("@aws-sdk/client-s3");

class Pages {
  constructor() { this.client = new S3Client({}); }
  async all(input) {
    const found = [];
    for await (const page of paginateListObjectsV2({ client: this.client }, input)) found.push(page);
    return found;
  }
}

exports.Pages = Pages;
""",
    ),
)
_BUCKET_JS = "const BUCKET = process.env.BUCKET;\n"

JAVASCRIPT = (
    _v2("v2 s3 get", "S3", "getObject", "{ Bucket: process.env.BUCKET, Key: event.key }", "s3", "GetObject"),
    _v2(
        "v2 s3 put",
        "S3",
        "putObject",
        '{ Bucket: "own-bucket", Key: "a", Body: event.body }',
        "s3",
        "PutObject",
        '{ apiVersion: "2006-03-01" }',
    ),
    Base(
        "v2 s3 list",
        "(process.env.BUCKET ? new AWS.S3() : undefined)",
        "listObjectsV2",
        "{ Bucket: process.env.BUCKET }",
        "s3",
        "ListObjectsV2",
        imports=(("aws-sdk", "AWS"),),
        end=".promise()",
    ),
    _v2(
        "v2 document get",
        "DynamoDB.DocumentClient",
        "get",
        "{ TableName: process.env.TABLE, Key: { id: event.id } }",
        "dynamodb",
        "GetItem",
    ),
    _v2(
        "v2 document put",
        "DynamoDB.DocumentClient",
        "put",
        '{ TableName: "own-table", Item: { id: event.id } }',
        "dynamodb",
        "PutItem",
    ),
    _v2(
        "v2 document query",
        "DynamoDB.DocumentClient",
        "query",
        '{ TableName: process.env.TABLE, KeyConditionExpression: "id = :id" }',
        "dynamodb",
        "Query",
    ),
    _v2(
        "v2 document update",
        "DynamoDB.DocumentClient",
        "update",
        '{ TableName: process.env.TABLE, Key: { id: "1" } }',
        "dynamodb",
        "UpdateItem",
    ),
    _v2(
        "v2 dynamodb get",
        "DynamoDB",
        "getItem",
        "{ TableName: process.env.TABLE, Key: { id: { S: event.id } } }",
        "dynamodb",
        "GetItem",
    ),
    _v2(
        "v2 sqs send",
        "SQS",
        "sendMessage",
        "{ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body }",
        "sqs",
        "SendMessage",
    ),
    _v2("v2 sns publish", "SNS", "publish", "{ TopicArn: process.env.TOPIC, Message: event.body }", "sns", "Publish"),
    _v2("v2 ssm get", "SSM", "getParameter", '{ Name: "/own/parameter", WithDecryption: true }', "ssm", "GetParameter"),
    _v2(
        "v2 lambda invoke", "Lambda", "invoke", '{ FunctionName: process.env.OTHER, Payload: "{}" }', "lambda", "Invoke"
    ),
    Base(
        "v2 states start",
        "new StepFunctions()",
        "startExecution",
        '{ stateMachineArn: process.env.MACHINE, input: "{}" }',
        "stepfunctions",
        "StartExecution",
        imports=(("aws-sdk/clients/stepfunctions", "StepFunctions"),),
        end=".promise()",
    ),
    Base(
        "v2 events put",
        'make("EventBridge")',
        "putEvents",
        '{ Entries: [{ Source: "own", Detail: event.detail }] }',
        "events",
        "PutEvents",
        imports=(("./clients", "{ make }"),),
        beside=_CLIENTS,
        end=".promise()",
    ),
    _v3("v3 s3 get", "s3", "S3Client", "GetObject", "{ Bucket: process.env.BUCKET, Key: event.key }", "s3"),
    Base(
        "v3 s3 put",
        "new S3Client({})",
        "send",
        'new PutObjectCommand({ Bucket: BUCKET, Key: "a", Body: event.body })',
        "s3",
        "PutObject",
        _BUCKET_JS,
        imports=(("@aws-sdk/client-s3", "{ S3Client, PutObjectCommand }"),),
    ),
    _v3(
        "v3 s3 delete",
        "s3",
        "S3Client",
        "DeleteObject",
        '{ Bucket: "own-bucket", Key: event.key }',
        "s3",
        '{ region: "eu-west-1" }',
    ),
    _v3(
        "v3 dynamodb get",
        "dynamodb",
        "DynamoDBClient",
        "GetItem",
        "{ TableName: process.env.TABLE, Key: { id: { S: event.id } } }",
        "dynamodb",
    ),
    _v3(
        "v3 dynamodb put",
        "dynamodb",
        "DynamoDBClient",
        "PutItem",
        '{ TableName: "own-table", Item: { id: { S: "1" } } }',
        "dynamodb",
    ),
    _document("v3 document get", "Get", "{ TableName: process.env.TABLE, Key: { id: event.id } }", "GetItem"),
    _document("v3 document put", "Put", '{ TableName: "own-table", Item: { id: event.id } }', "PutItem"),
    _document(
        "v3 document query", "Query", '{ TableName: process.env.TABLE, KeyConditionExpression: "id = :id" }', "Query"
    ),
    _v3(
        "v3 sqs send",
        "sqs",
        "SQSClient",
        "SendMessage",
        "{ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body }",
        "sqs",
    ),
    _v3("v3 sns publish", "sns", "SNSClient", "Publish", "{ TopicArn: process.env.TOPIC, Message: event.body }", "sns"),
    _v3(
        "v3 secret get",
        "secrets-manager",
        "SecretsManagerClient",
        "GetSecretValue",
        "{ SecretId: process.env.SECRET }",
        "secretsmanager",
    ),
    _v3("v3 ssm get", "ssm", "SSMClient", "GetParameter", '{ Name: "/own/parameter" }', "ssm"),
    _v3("v3 lambda invoke", "lambda", "LambdaClient", "Invoke", "{ FunctionName: process.env.OTHER }", "lambda"),
    Base(
        "v3 whole s3",
        "new S3({})",
        "getObject",
        "{ Bucket: process.env.BUCKET, Key: event.key }",
        "s3",
        "GetObject",
        imports=(("@aws-sdk/client-s3", "{ S3 }"),),
    ),
    Base(
        "v3 whole dynamodb",
        "new DynamoDB({})",
        "putItem",
        "{ TableName: process.env.TABLE, Item: {} }",
        "dynamodb",
        "PutItem",
        imports=(("@aws-sdk/client-dynamodb", "{ DynamoDB }"),),
    ),
    Base(
        "v3 pages",
        "new Pages()",
        "all",
        "{ Bucket: process.env.BUCKET }",
        "s3",
        "ListObjectsV2",
        imports=(("./pages", "{ Pages }"),),
        beside=_PAGES,
    ),
)
