"""aws-sdk for JavaScript, version 2, as code uses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.model import CallReport

Calls = Callable[..., list[str]]


def test_a_method_with_promise(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3({ region: 'eu-west-1' });
        exports.handler = async (event) => s3.getObject({ Bucket: process.env.BUCKET, Key: event.key }).promise();
    """
    assert javascript_calls(source) == ["s3.GetObject Bucket=${env:BUCKET} Key=* $region=eu-west-1"]


def test_a_method_with_a_callback_runs_the_callback(javascript_calls: Calls) -> None:
    source = """
        var AWS = require('aws-sdk'), sns = new AWS.SNS();
        exports.handler = function (event, context, callback) {
          sns.listTopics(function (err, data) {
            if (err) return callback(err);
            sns.publish({ TopicArn: data.Topics[0].TopicArn }, callback);
          });
        };
    """
    assert javascript_calls(source) == ["sns.ListTopics", "sns.Publish TopicArn=*"]


@pytest.mark.parametrize(
    "load",
    [
        "const AWS = require('aws-sdk'); const Client = AWS.SQS;",
        "const { SQS: Client } = require('aws-sdk');",
        "const Client = require('aws-sdk/clients/sqs');",
        "import AWS from 'aws-sdk'; const Client = AWS.SQS;",
        "import * as AWS from 'aws-sdk'; const { SQS: Client } = AWS;",
        "import { SQS as Client } from 'aws-sdk';",
        "import Client from 'aws-sdk/clients/sqs';",
        "const Client = require('aws-sdk-core-not-it') && require('aws-sdk')['SQS'];",
        "const AWSXRay = require('aws-xray-sdk'); const Client = AWSXRay.captureAWS(require('aws-sdk')).SQS;",
    ],
)
def test_the_ways_to_get_a_client(javascript_calls: Calls, load: str) -> None:
    source = f"{load} export const handler = () => new Client().purgeQueue({{ QueueUrl: 'q' }}).promise();"
    assert javascript_calls(source) == ["sqs.PurgeQueue QueueUrl=q"]


def test_a_service_called_without_new_is_a_client(javascript_calls: Calls) -> None:
    source = "const sqs = require('aws-sdk').SQS(); exports.handler = () => sqs.listQueues().promise();"
    assert javascript_calls(source) == ["sqs.ListQueues"]


@pytest.mark.parametrize(
    ("method", "operation"),
    [
        ("get", "GetItem"),
        ("put", "PutItem"),
        ("update", "UpdateItem"),
        ("delete", "DeleteItem"),
        ("query", "Query"),
        ("scan", "Scan"),
        ("batchGet", "BatchGetItem"),
        ("batchWrite", "BatchWriteItem"),
        ("transactGet", "TransactGetItems"),
        ("transactWrite", "TransactWriteItems"),
    ],
)
def test_document_client_methods(javascript_calls: Calls, method: str, operation: str) -> None:
    source = f"""
        const {{ DocumentClient }} = require('aws-sdk/clients/dynamodb');
        exports.handler = () => new DocumentClient().{method}({{ X: 'y' }}).promise();
    """
    assert javascript_calls(source) == [f"dynamodb.{operation} X=y"]


def test_parameters_bound_to_the_client(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3({ params: { Bucket: 'bound' } });
        const db = new AWS.DynamoDB.DocumentClient({ params: { TableName: process.env.TABLE } });
        exports.handler = async () => {
          await s3.deleteObject({ Key: 'k' }).promise();
          await s3.deleteObject({ Bucket: 'other', Key: 'k' }).promise();
          await db.scan().promise();
        };
    """
    assert javascript_calls(source) == [
        "s3.DeleteObject Bucket=bound Key=k",
        "s3.DeleteObject Bucket=other Key=k",
        "dynamodb.Scan TableName=${env:TABLE}",
    ]


def test_uploads_and_signed_requests_of_s3(javascript_calls: Calls) -> None:
    source = """
        const { S3 } = require('aws-sdk');
        const s3 = new S3();
        exports.handler = async (event) => {
          await s3.upload({ Bucket: 'b', Key: 'u' }).promise();
          s3.getSignedUrl('getObject', { Bucket: 'b', Key: 'g' }, (err, u) => { s3.headBucket({ Bucket: u }).send() });
          await s3.getSignedUrlPromise(event.write ? 'putObject' : 'getObject', { Bucket: 'b', Key: 'p' });
          s3.createPresignedPost({ Bucket: 'b', Fields: { key: 'form' }, Conditions: [] });
          await new S3.ManagedUpload({ params: { Bucket: 'b', Key: 'm' } }).promise();
        };
    """
    assert javascript_calls(source) == [
        "s3.PutObject Bucket=b Key=u",
        "s3.GetObject Bucket=b Key=g",
        "s3.HeadBucket Bucket=*",
        "s3.GetObject Bucket=b Key=p",
        "s3.PutObject Bucket=b Key=p",
        "s3.PutObject Bucket=b Key=form",
        "s3.PutObject Bucket=b Key=m",
    ]


def test_streams_events_waiters_and_named_requests(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3(), db = new AWS.DynamoDB();
        exports.handler = async () => {
          s3.getObject({ Bucket: 'b', Key: 'k' }).createReadStream().pipe(x);
          s3.listObjects({ Bucket: 'b' }).on('success', () => s3.deleteBucket({ Bucket: 'c' }).send()).send();
          db.waitFor('tableExists', { TableName: 't', $waiter: { delay: 1 } }, () => db.listTables().send());
          db.makeRequest('describeTable', { TableName: 'm' }).send();
          s3.listBuckets().eachPage((err, page) => { db.deleteTable({ TableName: page.x }).send() });
        };
    """
    assert javascript_calls(source) == [
        "s3.GetObject Bucket=b Key=k",
        "s3.ListObjects Bucket=b",
        "s3.DeleteBucket Bucket=c",
        "dynamodb.DescribeTable TableName=t",
        "dynamodb.ListTables",
        "dynamodb.DescribeTable TableName=m",
        "s3.ListBuckets",
        "dynamodb.DeleteTable TableName=*",
    ]


def test_promisified_methods(javascript_calls: Calls) -> None:
    source = """
        const { promisify } = require('util');
        const AWS = require('aws-sdk');
        const db = new AWS.DynamoDB.DocumentClient();
        const get = promisify(db.get.bind(db));
        const old = (params) => new Promise((resolve, reject) => {
          db.query(params, (err, data) => err ? reject(err) : resolve(data));
        });
        exports.handler = async () => { await get({ TableName: 'a' }); await old({ TableName: 'b' }) };
    """
    assert javascript_calls(source) == ["dynamodb.Query TableName=b", "dynamodb.GetItem TableName=a"]


def test_calls_with_an_assumed_role_are_that_roles(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        exports.handler = async () => {
          const { Credentials } = await new AWS.STS().assumeRole({ RoleArn: process.env.ROLE }).promise();
          const theirs = new AWS.S3({
            accessKeyId: Credentials.AccessKeyId,
            secretAccessKey: Credentials.SecretAccessKey,
            sessionToken: Credentials.SessionToken,
          });
          await theirs.listBuckets().promise();
          const chained = new AWS.SQS({
            credentials: new AWS.ChainableTemporaryCredentials({ params: { RoleArn: 'arn:r' } }),
          });
          await chained.listQueues().promise();
          await new AWS.SNS().listTopics().promise();
        };
    """
    assert javascript_calls(source) == [
        "sts.AssumeRole RoleArn=${env:ROLE}",
        "s3.ListBuckets as ${env:ROLE}",
        "sts.AssumeRole RoleArn=arn:r",
        "sqs.ListQueues as arn:r",
        "sns.ListTopics",
    ]


def test_access_keys_from_elsewhere_are_not_the_functions(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const theirs = new AWS.S3({ accessKeyId: process.env.THEIR_KEY, secretAccessKey: process.env.THEIR_SECRET });
        const own = new AWS.SQS({ accessKeyId: process.env.AWS_ACCESS_KEY_ID });
        exports.handler = async () => { await theirs.listBuckets().promise(); await own.listQueues().promise() };
    """
    assert javascript_calls(source) == ["s3.ListBuckets as *", "sqs.ListQueues"]


def test_a_local_stand_in_changes_nothing(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        let options = {};
        if (process.env.IS_OFFLINE) {
          options = { region: 'localhost', endpoint: 'http://localhost:8000', accessKeyId: 'x', secretAccessKey: 'y' };
        }
        const db = new AWS.DynamoDB.DocumentClient(options);
        exports.handler = () => db.scan({ TableName: 't' }).promise();
    """
    assert javascript_calls(source) == ["dynamodb.Scan TableName=t"]


def test_the_address_of_a_websocket_api_is_kept(javascript_calls: Calls) -> None:
    source = """
        const { ApiGatewayManagementApi } = require('aws-sdk');
        exports.handler = async (event) => {
          const api = new ApiGatewayManagementApi({ endpoint: process.env.ENDPOINT });
          await api.postToConnection({ ConnectionId: event.id, Data: 'x' }).promise();
        };
    """
    (call,) = javascript_calls(source)
    assert call.startswith("apigatewaymanagementapi.PostToConnection ") and "$endpoint=${env:ENDPOINT}" in call


def test_unknown_parameters_leave_the_required_ones_unknown(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        exports.handler = (event) => new AWS.SQS().sendMessage({ ...event.params, MessageBody: 'm' }).promise();
    """
    assert javascript_calls(source) == ["sqs.SendMessage MessageBody=m QueueUrl=* *=*"]


def test_a_class_that_extends_a_client(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        class Store extends AWS.S3 { fetch(Key) { return this.getObject({ Bucket: 'b', Key }).promise() } }
        exports.handler = (event) => new Store().fetch('k');
    """
    assert javascript_calls(source) == ["s3.GetObject Bucket=b Key=k"]


@pytest.mark.parametrize(
    "body",
    [
        "AWS.config.update({ region: 'x' })",
        "AWS.DynamoDB.Converter.marshall(event)",
        "new AWS.CloudFront.Signer('k', 'p').getSignedUrl({ url: 'u' })",
        "event.s3.getObject({ Bucket: 'b', Key: 'k' }).promise()",
        "new Map().get('x'); cache.put({ TableName: 't' })",
        "s3.makeUnauthenticatedRequest('getObject', { Bucket: 'b', Key: 'k' })",
        "s3.config.credentials.get()",
    ],
)
def test_what_only_looks_like_a_call_is_silent(javascript_calls: Calls, body: str) -> None:
    source = f"""
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3();
        exports.handler = async (event, cache) => {{ {body} }};
    """
    assert javascript_calls(source) == []


def test_only_what_the_handler_reaches_counts(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3();
        exports.other = () => s3.listBuckets().promise();
        exports.handler = () => 1;
    """
    assert javascript_calls(source) == []


def test_the_method_call_is_the_place(javascript_report: Callable[..., CallReport]) -> None:
    source = "const s3 = new (require('aws-sdk').S3)();\nexports.handler = () =>\n  s3.listBuckets().promise();"
    (call,) = javascript_report(source).calls
    assert (call.place.file, call.place.line, call.sdk) == ("app.js", 3, "js-v2")


_SIGNED = """
    const AWS = require('aws-sdk');
    const endpoint = new AWS.Endpoint(process.env.DOMAIN);
    function send(method, path, service) {
      const request = new AWS.HttpRequest(endpoint, 'eu-west-1');
      if (method) request.method = method;
      request.path += path;
      request.headers['host'] = request.endpoint.host;
      new AWS.Signers.V4(request, service).addAuthorization(new AWS.EnvironmentCredentials('AWS'), new Date());
    }
    exports.handler = async (event) => { %s };
"""


def test_a_request_that_the_code_signs_for_a_domain_is_a_call_by_its_method(
    javascript_calls: Calls, javascript_report: Callable[..., CallReport]
) -> None:
    source = _SIGNED % "send('PUT', 'index/_doc', 'es'); send(undefined, 'index/_search', 'es');"
    assert javascript_calls(source) == [
        "es.ESHttpPost url=${env:DOMAIN}/index/_search",
        "es.ESHttpPut url=${env:DOMAIN}/index/_doc",
    ]
    assert javascript_report(source).unseen == ()


def test_a_method_that_is_set_under_a_condition_takes_the_place_of_the_first_one(javascript_calls: Calls) -> None:
    source = _SIGNED % "if (event.remove) send('DELETE', 'index', 'es');"
    assert javascript_calls(source) == ["es.ESHttpDelete url=${env:DOMAIN}/index"]


@pytest.mark.parametrize(
    "sent",
    [
        "send(event.method, 'index', 'es');",
        "new AWS.Signers.V4(event.request, 'es').addAuthorization(AWS.config.credentials, new Date());",
        "new AWS.Signers.Presign(event.request, 'es');",
    ],
)
def test_a_signed_request_with_an_unknown_method_is_not_seen(
    javascript_report: Callable[..., CallReport], sent: str
) -> None:
    (unseen,) = javascript_report(_SIGNED % sent).unseen
    assert (unseen.what, unseen.may_call) == ("a request that the code signs for es", ("es:*",))


def test_a_signed_request_to_another_service_is_not_seen(javascript_report: Callable[..., CallReport]) -> None:
    (unseen,) = javascript_report(_SIGNED % "send('POST', '', 'sqs');").unseen
    assert (unseen.what, unseen.may_call) == ("a request that the code signs for sqs", ("sqs:*",))


def test_an_endpoint_of_another_vendor_needs_no_right(javascript_calls: Calls) -> None:
    source = """
        const AWS = require('aws-sdk');
        const s3 = new AWS.S3({ endpoint: new AWS.Endpoint('fra1.digitaloceanspaces.com') });
        exports.handler = async (event) => s3.getObject({ Bucket: 'b', Key: 'k' }).promise();
    """
    assert javascript_calls(source) == []
