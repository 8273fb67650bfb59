"""A project of which only a few answers are known: the questions of ``--ask``, and the service that they describe.

In: answers. Out: a :class:`~scopedown.project.model.Project`, compiled from a configuration that is made of them as any
serverless.yml is, so that its policy comes from the same tables. Names that are not known yet are patterns that begin
with service and stage, as the framework and CloudFormation name what a project leaves unnamed.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scopedown.deploy.model import Plan
from scopedown.documents.document import Files, parse_json
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.read import read_serverless

Answers = Mapping[str, str | bool]
NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
"""A service's or a stage's name, as the framework takes it for a stack's."""
REGION = re.compile(r"[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}")
ACCOUNT = re.compile(r"[0-9]{12}")
FUNCTIONS = re.compile(r"[A-Za-z0-9_-]+(\s*,\s*[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class Question:
    """``default`` tells its kind: a text, or yes and no. ``form`` is what an answer looks like, ``hint`` says it.

    An answer may be empty where the default is.
    """

    key: str
    text: str
    default: str | bool
    form: re.Pattern[str] | None = None
    hint: str = ""
    resource: Callable[[str], dict[str, Any]] | None = None
    """Makes what a yes adds to the resources, by the pattern of its name."""
    event: dict[str, Any] | None = None
    """What a yes adds to the events of each function."""


def _table(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    }


def _bucket(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": name.lower(),
            "VersioningConfiguration": {"Status": "Enabled"},
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
            "CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 365}]},
        },
    }


def _queue(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}


def _topic(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}


def _stream(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Kinesis::Stream",
        "Properties": {"Name": name, "ShardCount": 1, "RetentionPeriodHours": 24},
    }


def _arn(id: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [id, attribute]}


_NAMED = "letters, digits and hyphens, a letter first"
QUESTIONS = (
    Question("service", "Name of the service", "", NAME, _NAMED),
    Question("stage", "Stage", "dev", NAME, _NAMED),
    Question("region", "Region", "us-east-1", REGION, "as us-east-1"),
    Question("account", "Account id (empty: not known)", "", ACCOUNT, "12 digits"),
    Question("functions", "Names of functions, with commas (empty: any)", "", FUNCTIONS, "names with commas between"),
    Question("httpApi", "HTTP API?", True, event={"httpApi": "*"}),
    Question("http", "REST API?", False, event={"http": {"path": "any", "method": "any", "cors": True}}),
    Question("websocket", "WebSocket API?", False, event={"websocket": "$default"}),
    Question("dynamodb", "DynamoDB tables?", True, resource=_table),
    Question(
        "stream",
        "Functions that read streams of these tables?",
        False,
        event={"stream": {"type": "dynamodb", "arn": _arn("AnyDynamodb", "StreamArn")}},
    ),
    Question("s3", "S3 buckets?", False, resource=_bucket),
    Question("sqs", "SQS queues?", False, resource=_queue, event={"sqs": {"arn": _arn("AnySqs")}}),
    Question(
        "sns", "SNS topics?", False, resource=_topic, event={"sns": {"arn": {"Ref": "AnySns"}, "topicName": "any"}}
    ),
    Question(
        "kinesis",
        "Kinesis streams?",
        False,
        resource=_stream,
        event={"stream": {"type": "kinesis", "arn": _arn("AnyKinesis")}},
    ),
    Question("schedule", "Functions that run on a schedule?", False, event={"schedule": "rate(1 day)"}),
    Question(
        "eventBridge",
        "Functions that EventBridge calls?",
        False,
        event={"eventBridge": {"pattern": {"source": ["any"]}}},
    ),
    Question("layers", "Does it have its own layers?", False),
    Question("vpc", "Functions in a VPC?", False),
    Question("tracing", "X-Ray tracing?", False),
)
"""In the order in which they are asked. ``stream`` is left out where there are no tables."""
DEPENDS = {"stream": "dynamodb"}
"""Questions that only follow upon a yes."""


def answered(question: Question, written: str) -> str | bool | None:
    """What an answer means: the default where nothing is written, None where it is none.

    >>> answered(QUESTIONS[1], ""), answered(QUESTIONS[5], "n"), answered(QUESTIONS[2], "*")
    ('dev', False, None)
    """
    text = written.strip()
    if not text:
        return question.default if question.default != "" or question.key != "service" else None
    if isinstance(question.default, bool):
        return {"y": True, "yes": True, "n": False, "no": False}.get(text.lower())
    return text if question.form is None or question.form.fullmatch(text) else None


def asked_project(answers: Answers, framework: str = "osls") -> Project:
    """The project that the answers describe, compiled as a framework does."""
    stage, region = str(answers["stage"]), str(answers["region"])
    account = str(answers.get("account") or "") or None
    options = Options(stage=stage, region=region, account=account, framework=framework)
    with tempfile.TemporaryDirectory(prefix="scopedown-") as folder:
        document = parse_json(json.dumps(configuration(answers)), "questions", Path(folder) / "serverless.json")
        return replace(read_serverless(document, Files(Path(folder)), options), root=folder)


def configuration(answers: Answers) -> dict[str, Any]:
    """The service as the framework's configuration."""
    base = f"{answers['service']}-{answers['stage']}"
    provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs22.x", "stage": answers["stage"]}
    provider["region"] = answers["region"]
    if answers.get("vpc"):
        provider["vpc"] = {"securityGroupIds": ["sg-00000000"], "subnetIds": ["subnet-00000000"]}
    if answers.get("tracing"):
        provider["tracing"] = {"lambda": True, **({"apiGateway": True} if answers.get("http") else {})}
    written = str(answers.get("functions") or "")
    names = [name.strip() for name in written.split(",") if name.strip()]
    functions: dict[str, Any] = {name: {"handler": "index.handler"} for name in names}
    if not functions:
        functions["any"] = {"handler": "index.handler", "name": f"{base}-*"}
    events: list[dict[str, Any]] = []
    resources: dict[str, Any] = {}
    for part in QUESTIONS:
        if not answers.get(part.key):
            continue
        if part.resource is not None:
            resources[f"Any{part.key.capitalize()}"] = part.resource(f"{base}-*")
        if part.event is not None:
            events.append(part.event)
    for function in functions.values():
        function["events"] = events
    found: dict[str, Any] = {"service": answers["service"], "provider": provider, "functions": functions}
    if resources:
        found["resources"] = {"Resources": resources}
    if answers.get("layers"):
        found["layers"] = {"any": {"path": ".", "name": f"{base}-*"}}
    return found


def generalised(plan: Plan, answers: Answers) -> Plan:
    """The plan with patterns for what answers do not say: which functions, how many events, which methods."""
    base = re.escape(f"{answers['service']}-{answers['stage']}")
    made = re.compile(rf"({base})-[A-Z]\w*-\*")

    def wide(arn: str) -> str:
        arn = made.sub(r"\1-*", arn)
        return re.sub(r"/methods/[A-Z]+", "/methods/*", re.sub(r"(-rule)-\d+", r"\1-*", arn))

    permissions = (
        replace(permission, resources=tuple(dict.fromkeys(wide(arn) for arn in permission.resources)))
        for permission in plan.permissions
    )
    return replace(plan, permissions=tuple(permissions))
