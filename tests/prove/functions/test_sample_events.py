"""Sample events: one for each trigger, in AWS's shape, filled with what the project deploys."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from prove.functions.local_aws import LocalAws, service
from scopedown.project.load import Options, load_project
from scopedown.project.serverless.event_kinds import EventKind, event_kinds
from scopedown.prove.events import setting as shapes
from scopedown.prove.events.sample import samples
from scopedown.prove.events.setting import Sample
from scopedown.prove.events.triggers import READERS

TABLE = """resources:
  Resources:
    Todos:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: todoId, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
        AttributeDefinitions: [{AttributeName: todoId, AttributeType: S}, {AttributeName: at, AttributeType: N}]
        BillingMode: PAY_PER_REQUEST
"""


def samples_of(folder: Path, events: str, more: str = "", code: str = "", functions: str = "") -> list[Sample]:
    """The samples of a function with these events (YAML in flow style)."""
    config = service(f"  one: {{handler: app.handler, events: {events}}}\n{functions}") + more
    (folder / "serverless.yml").write_text(config, encoding="utf-8")
    (folder / "app.js").write_text(code, encoding="utf-8")
    project = load_project(folder, Options())
    return samples(project.functions[0], project, folder, LocalAws("http://127.0.0.1:9").endpoint())


def event_of(folder: Path, events: str, more: str = "", code: str = "") -> Any:
    (sample,) = samples_of(folder, events, more, code)
    return sample.event


def test_a_function_that_nothing_calls_is_called_with_nothing(tmp_path: Path) -> None:
    assert samples_of(tmp_path, "[]") == [Sample("direct", {})]


def test_a_request_has_the_fields_that_the_code_reads_and_the_keys_of_tables(tmp_path: Path) -> None:
    code = "const data = JSON.parse(event.body); check(typeof data.title === 'string', data.checked, data.email);"
    event = event_of(tmp_path, "[{http: 'POST /todos/{todoId}/notes/{id}'}]", TABLE, code)
    assert event["path"] == "/todos/sample-1/notes/sample-1"
    assert event["pathParameters"] == {"todoId": "sample-1", "id": "sample-1"}
    assert (event["resource"], event["httpMethod"]) == ("/todos/{todoId}/notes/{id}", "POST")
    body = json.loads(event["body"])
    assert body["title"] == "sample title" and body["checked"] is True and body["email"] == "someone@example.com"
    assert (body["todoId"], body["at"]) == ("sample-1", 1)


def test_a_request_that_only_reads_has_no_body(tmp_path: Path) -> None:
    event = event_of(tmp_path, "[{httpApi: 'GET /todos/{id}'}]")
    assert (event["routeKey"], event["rawPath"], event["body"]) == ("GET /todos/{id}", "/todos/sample-1", None)
    assert event["version"] == "2.0"


def test_the_first_payload_format_of_an_http_api(tmp_path: Path) -> None:
    config = service("  one: {handler: app.handler, events: [{httpApi: '*'}]}\n", more="  httpApi: {payload: '1.0'}\n")
    (tmp_path / "serverless.yml").write_text(config, encoding="utf-8")
    (tmp_path / "app.js").write_text("", encoding="utf-8")
    project = load_project(tmp_path, Options())
    (sample,) = samples(project.functions[0], project, tmp_path, LocalAws().endpoint())
    assert sample.event["httpMethod"] == "GET"


def test_a_table_has_a_sample_item_before_the_event(tmp_path: Path) -> None:
    (sample,) = samples_of(tmp_path, "[{http: 'GET /'}]", TABLE)
    (seed,) = sample.seeds
    assert (seed.service, seed.operation) == ("dynamodb", "PutItem")
    assert seed.parameters == {"TableName": "todos", "Item": {"todoId": {"S": "sample-1"}, "at": {"N": "1"}}}


def test_a_stream_of_a_table_carries_its_keys(tmp_path: Path) -> None:
    event = event_of(
        tmp_path, "[{stream: {type: dynamodb, arn: {'Fn::GetAtt': [Todos, StreamArn]}}}]", TABLE, "record.amount"
    )
    assert [one["eventName"] for one in event["Records"]] == ["INSERT", "MODIFY", "REMOVE"]
    first = event["Records"][0]
    assert first["eventSourceARN"].endswith(":todos/StreamArn")
    assert first["dynamodb"]["Keys"] == {"todoId": {"S": "sample-1"}, "at": {"N": "1"}}
    assert first["dynamodb"]["NewImage"]["amount"] == {"N": "1"}


def test_an_object_that_an_event_names_is_put_first(tmp_path: Path) -> None:
    (sample,) = samples_of(tmp_path, "[{s3: {bucket: files, rules: [{prefix: in/}, {suffix: .json}]}}]")
    record = sample.event["Records"][0]
    assert (record["eventName"], record["s3"]["bucket"]["name"]) == ("ObjectCreated:Put", "files")
    assert record["s3"]["object"]["key"] == "in/sample.json"
    (seed,) = sample.seeds
    assert (seed.operation, seed.parameters["Bucket"], seed.parameters["Key"]) == (
        "PutObject",
        "files",
        "in/sample.json",
    )
    assert record["s3"]["object"]["size"] == len(seed.parameters["Body"])


def test_an_object_that_was_removed_is_not_put(tmp_path: Path) -> None:
    (sample,) = samples_of(tmp_path, "[{s3: {bucket: files, event: 's3:ObjectRemoved:*'}}]")
    assert (sample.event["Records"][0]["eventName"], sample.seeds) == ("ObjectRemoved:Delete", ())


def test_queues_topics_and_streams_are_the_deployed_ones(tmp_path: Path) -> None:
    queue = "resources: {Resources: {Jobs: {Type: 'AWS::SQS::Queue'}}}\n"
    events = (
        "[{sqs: {arn: {'Fn::GetAtt': [Jobs, Arn]}}}, {sns: news}, {stream: 'arn:aws:kinesis:us-east-1:1:stream/s'}]"
    )
    from_queue, from_topic, from_stream = samples_of(tmp_path, events, queue)
    assert from_queue.event["Records"][0]["eventSourceARN"] == "arn:aws:service:us-east-1:123456789012:jobs/Arn"
    assert from_topic.event["Records"][0]["Sns"]["TopicArn"] == "arn:aws:sns:us-east-1:123456789012:news"
    data = json.loads(base64.b64decode(from_stream.event["Records"][0]["kinesis"]["data"]))
    assert data["id"] == "sample-1"


def test_log_events_are_compressed(tmp_path: Path) -> None:
    event = event_of(tmp_path, "[{cloudwatchLog: /aws/lambda/other}]")
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    assert (data["logGroup"], data["messageType"]) == ("/aws/lambda/other", "DATA_MESSAGE")


def test_an_event_of_a_bus_fits_its_pattern(tmp_path: Path) -> None:
    pattern = "{source: [my.app], detail-type: [Ordered], detail: {state: [paid], total: [{numeric: ['>', 1]}]}}"
    event = event_of(tmp_path, f"[{{eventBridge: {{pattern: {pattern}}}}}]")
    assert (event["source"], event["detail-type"], event["detail"]["state"]) == ("my.app", "Ordered", "paid")


def test_the_input_that_a_rule_gives_is_the_event(tmp_path: Path) -> None:
    assert event_of(tmp_path, "[{schedule: {rate: rate(1 day), input: {key: value}}}]") == {"key": "value"}


def test_an_authorizer_is_asked_for_the_function_that_names_it(tmp_path: Path) -> None:
    other = "  two: {handler: app.other, events: [{http: {path: /x, method: get, authorizer: one}}]}\n"
    (sample,) = samples_of(tmp_path, "[]", functions=other)
    assert (sample.name, sample.event["type"]) == ("authorizer of http (TOKEN)", "TOKEN")


@pytest.mark.parametrize(
    ("more", "other", "name"),
    [
        ("  httpApi: {authorizers: {who: {type: request, functionName: one}}}\n",
         "{httpApi: {path: /x, method: get, authorizer: {name: who}}}", "authorizer of httpApi (2.0)"),
        ("", "{websocket: {route: $connect, authorizer: one}}", "authorizer of websocket"),
        ("", "{http: {path: /x, method: get, authorizer: {name: one, type: request}}}", "authorizer of http (REQUEST)"),
    ],
)  # fmt: skip
def test_an_authorizer_of_the_framework_gets_the_shape_of_its_api(
    more: str, other: str, name: str, tmp_path: Path
) -> None:
    functions = f"  one: {{handler: app.handler}}\n  two: {{handler: app.other, events: [{other}]}}\n"
    (tmp_path / "serverless.yml").write_text(service(functions, more=more), encoding="utf-8")
    (tmp_path / "app.js").write_text("", encoding="utf-8")
    project = load_project(tmp_path, Options())
    (sample,) = samples(project.functions[0], project, tmp_path, LocalAws().endpoint())
    assert sample.name == name


def test_a_custom_resource_calls_the_function_that_its_token_names(tmp_path: Path) -> None:
    token = "{ServiceToken: {'Fn::GetAtt': [OneLambdaFunction, Arn]}, Name: x}"
    more = f"resources: {{Resources: {{Made: {{Type: 'Custom::Made', Properties: {token}}}}}}}\n"
    event = event_of(tmp_path, "[]", more)
    assert (event["RequestType"], event["ResourceType"], event["LogicalResourceId"]) == (
        "Create",
        "Custom::Made",
        "Made",
    )
    assert event["ResourceProperties"]["Name"] == "x"


@pytest.mark.parametrize(
    ("events", "name"),
    [
        ("{websocket: $connect}", "websocket $connect"),
        ("{websocket: {route: say}}", "websocket say"),
        ("{cognitoUserPool: {pool: people, trigger: PreSignUp}}", "cognitoUserPool PreSignUp"),
        ("{cognitoUserPool: {pool: people, trigger: CustomSMSSender, kmsKeyId: k}}", "cognitoUserPool CustomSMSSender"),
        ("{cognitoUserPool: {pool: people, trigger: PreTokenGeneration}}", "cognitoUserPool PreTokenGeneration"),
        ("{alb: {listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:1:listener/app/a/b/c', priority: 1,"
         " conditions: {path: /a/*, method: [POST]}}}", "alb POST /a/sample"),
        ("{iot: {sql: 'SELECT * FROM x'}}", "iot"),
        ("{msk: {arn: 'arn:aws:kafka:us-east-1:1:cluster/c/1', topic: t}}", "msk"),
        ("{kafka: {bootstrapServers: ['a:9092'], topic: t, accessConfigurations: {saslScram512Auth: x}}}", "kafka"),
        ("{activemq: {arn: 'arn:aws:mq:us-east-1:1:broker:b:b-1', queue: q, basicAuthArn: x}}", "activemq"),
        ("{rabbitmq: {arn: 'arn:aws:mq:us-east-1:1:broker:b:b-1', queue: q, basicAuthArn: x}}", "rabbitmq"),
        ("{alexaSmartHome: amzn1.ask.skill.x}", "alexa_smart_home"),
        ("{cloudFront: {eventType: origin-response, origin: 'https://example.com'}}", "cloudFront origin-response"),
    ],
)  # fmt: skip
def test_every_other_kind_has_a_sample(tmp_path: Path, events: str, name: str) -> None:
    (sample,) = samples_of(tmp_path, f"[{events}]")
    assert sample.name == name
    assert "${" not in json.dumps(sample.event)


@pytest.mark.parametrize("kind", event_kinds(), ids=lambda kind: kind.name)
def test_every_kind_has_samples_of_a_shape_or_of_a_reader(kind: EventKind) -> None:
    if kind.name == "documentDb":  # its events are not simulated
        return
    assert bool(kind.sample) is not (kind.name in READERS)
    assert not kind.sample or (shapes.HERE / f"{kind.sample}.json").is_file()


@pytest.mark.parametrize("file", sorted(shapes.HERE.glob("*.json")), ids=lambda file: file.stem)
def test_every_shape_names_its_source(file: Path) -> None:
    shape = json.loads(file.read_text(encoding="utf-8"))
    assert set(shape) == {"source", "event"}
    assert shape["source"].startswith(("https://docs.aws.amazon.com/", "https://developer.amazon.com/"))


def test_an_application_behind_a_catch_all_route_is_asked_each_of_its_routes(tmp_path: Path) -> None:
    code = "app.get('/users/:userId', show); app.post(\"/users\", (req) => { const { email } = req.body; });"
    first, show, create = samples_of(tmp_path, "[{httpApi: '*'}]", code=code)
    assert [one.name for one in (first, show, create)] == [
        "httpApi GET /",
        "httpApi GET /users/sample-1",
        "httpApi POST /users",
    ]
    assert show.event["rawPath"] == "/users/sample-1"
    assert json.loads(create.event["body"])["email"] == "someone@example.com"


def test_an_application_behind_a_greedy_parameter_is_told_it(tmp_path: Path) -> None:
    _, one = samples_of(tmp_path, "[{http: 'ANY /{proxy+}'}]", code="router.delete('/notes/:id', remove);")
    assert (one.event["httpMethod"], one.event["path"]) == ("DELETE", "/notes/sample-1")
    assert (one.event["resource"], one.event["pathParameters"]) == ("/{proxy+}", {"proxy": "notes/sample-1"})


def test_flask_declares_routes_too(tmp_path: Path) -> None:
    functions = "  two: {handler: web.app, runtime: python3.11, events: [{http: 'ANY /{proxy+}'}]}\n"
    code = "@app.route('/a/<int:id>', methods=['GET', 'PUT'])\ndef a(id): ...\n@app.route('/b')\ndef b(): ...\n"
    (tmp_path / "web.py").write_text(code, encoding="utf-8")
    samples_of(tmp_path, "[]", functions=functions)
    project = load_project(tmp_path, Options())
    found = samples(project.functions[1], project, tmp_path, LocalAws().endpoint())
    assert [one.name for one in found[1:]] == ["http GET /a/1", "http PUT /a/1", "http GET /b"]


def test_a_function_that_is_called_directly_gets_the_fields_it_reads(tmp_path: Path) -> None:
    (sample,) = samples_of(tmp_path, "[]", code="const { key: name, image_url } = event; send(event.email);")
    assert sample.event == {
        "email": "someone@example.com", "key": "sample-1", "image_url": "https://example.com/sample",
    }  # fmt: skip


TRIGGERS = (
    "PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration", "CustomMessage",
    "PreTokenGenerationConfig", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse",
    "UserMigration", "CustomSMSSender", "CustomEmailSender",
)  # fmt: skip


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_of_a_user_pool_has_a_shape(tmp_path: Path, trigger: str) -> None:
    template = {
        "Resources": {
            "Pool": {
                "Type": "AWS::Cognito::UserPool",
                "Properties": {"LambdaConfig": {trigger: {"LambdaArn": {"Fn::GetAtt": ["One", "Arn"]}}}},
            },
            "One": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "nodejs20.x", "Handler": "index.handler", "Code": {"ZipFile": "exports.handler = 1;"},
                    "Role": "arn:aws:iam::123456789012:role/any",
                },
            },
        }
    }  # fmt: skip
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")
    project = load_project(tmp_path, Options())
    (sample,) = samples(project.functions[0], project, tmp_path, LocalAws().endpoint())
    assert (sample.name, sample.event["userPoolId"]) == (f"cognitoUserPool {trigger}", "pool")


def test_a_request_has_the_query_that_the_code_reads(tmp_path: Path) -> None:
    code = "const { url } = event.queryStringParameters; go(event.queryStringParameters.page);"
    event = event_of(tmp_path, "[{http: 'GET /'}]", code=code)
    assert event["queryStringParameters"] == {"page": "sample page", "url": "https://example.com/sample"}
    assert event["multiValueQueryStringParameters"]["page"] == ["sample page"]


def test_a_function_without_triggers_that_reads_a_mail_or_a_request_gets_one(tmp_path: Path) -> None:
    (mail,) = samples_of(tmp_path, "[]", code="for (const record of event.Records) save(record.ses.mail.messageId);")
    assert (mail.name, mail.event["Records"][0]["eventSource"]) == ("direct (ses)", "aws:ses")
    (request,) = samples_of(tmp_path, "[]", code="const data = JSON.parse(event.body); save(data.title);")
    assert json.loads(request.event["body"])["title"] == "sample title"


def test_a_skill_is_launched_and_asked_with_the_slots_that_the_code_reads(tmp_path: Path) -> None:
    code = "const upper = event.request.intent.slots.UpperLimit.value || 100;"
    launch, intent = samples_of(tmp_path, "[{alexaSkill: amzn1.ask.skill.x}]", code=code)
    assert launch.event["request"]["type"] == "LaunchRequest"
    assert intent.event["request"]["intent"]["slots"]["UpperLimit"]["value"] == "1"


def test_a_message_of_a_websocket_comes_from_the_deployed_api_which_the_code_answers_to(tmp_path: Path) -> None:
    both = "  two: {handler: app.other, events: [{httpApi: 'GET /x'}]}\n"
    (sample,) = samples_of(tmp_path, "[{websocket: $default}]", functions=both)
    assert sample.event["requestContext"]["domainName"].startswith("websocketsapi.execute-api.")
    assert event_of(tmp_path, "[{httpApi: 'GET /x'}]")["requestContext"]["apiId"] == "httpapi"
    assert event_of(tmp_path, "[{http: 'GET /x'}]")["requestContext"]["apiId"] == "apigatewayrestapi"
