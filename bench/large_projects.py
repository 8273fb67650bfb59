"""Large projects that are made, the same each time: functions of many services, for four tools, in Python and Node.

Comes in: a :class:`Shape`. Goes out: a folder with the code of every function, each in a file of its own which imports
modules that all share, and the project's file, with one resource for every two functions. A function calls three
services: its resources are given by environment variables. Roles are wider than needed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOOLS = ("serverless", "sam", "cdk", "terraform")
LANGUAGES = ("python", "node")
ROLES = ("own", "shared")


@dataclass(frozen=True)
class Shape:
    """``folders`` services share the functions; ``resources`` of each service: one for two functions, or so many. Each
    function calls a method of each of ``files`` modules."""

    functions: int
    tool: str = "serverless"
    language: str = "python"
    roles: str = "own"
    folders: int = 1
    resources: int | None = None
    files: int = 5


@dataclass(frozen=True)
class Kind:
    """A kind of resource: its type, the value that identifies it, what it allows, and the calls in both languages."""

    name: str
    type: str
    attribute: str
    arn: str
    action: str
    python: str
    node: tuple[str, str, str]
    terraform: tuple[str, str]
    properties: Mapping[str, Any]


def _of(name: str, attribute: str) -> Any:
    return {"Ref": name} if attribute == "Ref" else {"Fn::GetAtt": [name, attribute]}


KINDS = (
    Kind(
        "Table", "AWS::DynamoDB::Table", "Ref", "Arn", "dynamodb:*",
        'boto3.resource("dynamodb").Table({0}).put_item(Item=event)',
        ("dynamodb", "PutItemCommand", "TableName: {0}, Item: event"), ("aws_dynamodb_table", "name"),
        {
            "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        },
    ),
    Kind(
        "Queue", "AWS::SQS::Queue", "Ref", "Arn", "sqs:*",
        'boto3.client("sqs").send_message(QueueUrl={0}, MessageBody="x")',
        ("sqs", "SendMessageCommand", 'QueueUrl: {0}, MessageBody: "x"'), ("aws_sqs_queue", "url"), {},
    ),
    Kind(
        "Bucket", "AWS::S3::Bucket", "Ref", "Arn", "s3:*",
        'boto3.client("s3").put_object(Bucket={0}, Key="a/" + event["k"])',
        ("s3", "PutObjectCommand", "Bucket: {0}, Key: `a/${{event.k}}`"), ("aws_s3_bucket", "bucket"), {},
    ),
    Kind(
        "Topic", "AWS::SNS::Topic", "Ref", "Ref", "sns:*", 'boto3.client("sns").publish(TopicArn={0}, Message="x")',
        ("sns", "PublishCommand", 'TopicArn: {0}, Message: "x"'), ("aws_sns_topic", "arn"), {},
    ),
    Kind(
        "Secret", "AWS::SecretsManager::Secret", "Ref", "Ref", "secretsmanager:*",
        'boto3.client("secretsmanager").get_secret_value(SecretId={0})',
        ("secrets-manager", "GetSecretValueCommand", "SecretId: {0}"), ("aws_secretsmanager_secret", "arn"), {},
    ),
    Kind(
        "Stream", "AWS::Kinesis::Stream", "Ref", "Arn", "kinesis:*",
        'boto3.client("kinesis").put_record(StreamName={0}, Data=b"x", PartitionKey="a")',
        ("kinesis", "PutRecordCommand", 'StreamName: {0}, Data: "x", PartitionKey: "a"'),
        ("aws_kinesis_stream", "name"),
        {"ShardCount": 1},
    ),
    Kind(
        "Bus", "AWS::Events::EventBus", "Ref", "Arn", "events:*",
        'boto3.client("events").put_events(Entries=[{{"EventBusName": {0}, "Detail": "x"}}])',
        ("eventbridge", "PutEventsCommand", 'Entries: [{{ EventBusName: {0}, Detail: "x" }}]'),
        ("aws_cloudwatch_event_bus", "name"), {"Name": "bus{0}"},
    ),
    Kind(
        "Key", "AWS::KMS::Key", "Arn", "Arn", "kms:*", 'boto3.client("kms").encrypt(KeyId={0}, Plaintext=b"x")',
        ("kms", "EncryptCommand", 'KeyId: {0}, Plaintext: "x"'), ("aws_kms_key", "arn"),
        {"KeyPolicy": {"Statement": [{
            "Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": {"AWS": {"Fn::Sub": "${AWS::AccountId}"}},
        }]}},
    ),
    Kind(
        "Pool", "AWS::Cognito::UserPool", "Ref", "Arn", "cognito-idp:*",
        'boto3.client("cognito-idp").admin_get_user(UserPoolId={0}, Username="a")',
        ("cognito-identity-provider", "AdminGetUserCommand", 'UserPoolId: {0}, Username: "a"'),
        ("aws_cognito_user_pool", "id"), {},
    ),
    Kind(
        "Setting", "AWS::SSM::Parameter", "Ref", "Ref", "ssm:*", 'boto3.client("ssm").get_parameter(Name={0})',
        ("ssm", "GetParameterCommand", "Name: {0}"), ("aws_ssm_parameter", "name"), {"Type": "String", "Value": "x"},
    ),
)  # fmt: skip
ACCOUNT_CALLS = (
    ('boto3.client("ses").send_email(Source="a@b.c", Destination={{}}, Message={{}})', "ses", "SendEmailCommand",
     '{{ Source: "a@b.c" }}'),
    ('boto3.client("translate").translate_text(Text="x", SourceLanguageCode="en", TargetLanguageCode="de")',
     "translate", "TranslateTextCommand", '{{ Text: "x", SourceLanguageCode: "en", TargetLanguageCode: "de" }}'),
    ('boto3.client("rekognition").detect_labels(Image={{}})', "rekognition", "DetectLabelsCommand",
     "{{ Image: {{}} }}"),
    ('boto3.client("cloudwatch").put_metric_data(Namespace="n", MetricData=[])', "cloudwatch",
     "PutMetricDataCommand",
     '{{ Namespace: "n", MetricData: [] }}'),
)  # fmt: skip


@dataclass(frozen=True)
class Function:
    """``uses`` are its resources by their number, each with its kind."""

    number: int
    uses: tuple[tuple[Kind, int], ...]

    @property
    def variables(self) -> dict[str, tuple[Kind, int]]:
        return {f"{kind.name.upper()}_{at}": (kind, number) for at, (kind, number) in enumerate(self.uses)}


def make(root: Path, shape: Shape) -> None:
    """Write the project, or as many as ``folders`` says."""
    each = shape.functions // shape.folders
    for folder in range(shape.folders):
        into = root if shape.folders == 1 else root / f"service{folder:02}"
        into.mkdir(parents=True, exist_ok=True)
        resources = max(len(KINDS), each // 2) if shape.resources is None else shape.resources
        functions = [Function(one, _uses(one, resources)) for one in range(each)]
        _code(into, shape.language, functions, shape.files)
        _PROJECTS[shape.tool](into, shape, functions, resources)


def _uses(number: int, resources: int) -> tuple[tuple[Kind, int], ...]:
    found = dict.fromkeys((number * 7 + step * 3) % resources for step in range(3))
    return tuple((KINDS[one % len(KINDS)], one) for one in found)


def _code(into: Path, language: str, functions: list[Function], files: int) -> None:
    (into / "src" / "lib").mkdir(parents=True, exist_ok=True)
    if language == "python":
        for one in range(files):
            (into / "src" / "lib" / f"part{one}.py").write_text(
                f"import logging\n\nlogger = logging.getLogger()\n\n\nclass Clock{one}:\n"
                f"    def __init__(self, zone):\n"
                f"        self.zone = zone\n\n    def now(self, event):\n        try:\n"
                f"            return event[self.zone]\n"
                f"        except KeyError as error:\n            logger.error('%s', error)\n            raise\n"
            )
        (into / "src" / "lib" / "__init__.py").write_text("")
        for function in functions:
            imports = "".join(f"from lib.part{one} import Clock{one}\n" for one in range(files))
            calls = [kind.python.format(f'os.environ["{name}"]') for name, (kind, _) in function.variables.items()] + [
                ACCOUNT_CALLS[function.number % len(ACCOUNT_CALLS)][0].format()
            ]
            body = "".join(f"    {call}\n" for call in calls)
            (into / "src" / f"f{function.number}.py").write_text(
                f"import os\nimport boto3\n{imports}\n\ndef handler(event, context):\n"
                + "".join(f"    Clock{one}('z').now(event)\n" for one in range(files))
                + body
            )
        return
    (into / "package.json").write_text(json.dumps({"name": "large", "version": "1.0.0"}))
    for one in range(files):
        (into / "src" / "lib" / f"part{one}.js").write_text(
            f"class Clock{one} {{\n  constructor(zone) {{ this.zone = zone; }}\n  now(event) {{\n    try {{\n"
            f"      return event[this.zone];\n    }} catch (error) {{\n"
            f"      console.error(error);\n      throw error;\n"
            f"    }}\n  }}\n}}\nmodule.exports = {{ Clock{one} }};\n"
        )
    for function in functions:
        packages: dict[str, str] = {}
        calls = []
        for name, (kind, _) in function.variables.items():
            package, command, arguments = kind.node
            packages[package] = command
            calls.append(
                f"await {_client(package)}.send(new {command}({{ {arguments.format(f'process.env.{name}')} }}));"
            )
        _, package, command, arguments = ACCOUNT_CALLS[function.number % len(ACCOUNT_CALLS)]
        packages[package] = command
        calls.append(f"await {_client(package)}.send(new {command}({arguments.format()}));")
        imports = "".join(
            f"const {{ {_class(one)}, {command} }} = require('@aws-sdk/client-{one}');\n"
            for one, command in packages.items()
        )
        clients = "".join(f"const {_client(one)} = new {_class(one)}({{}});\n" for one in packages)
        shared = "".join(f"const {{ Clock{one} }} = require('./lib/part{one}');\n" for one in range(files))
        clocks = "".join(f"  new Clock{one}('z').now(event);\n" for one in range(files))
        body = "".join(f"  {call}\n" for call in calls)
        (into / "src" / f"f{function.number}.js").write_text(
            f"{imports}{shared}\n{clients}\nexports.handler = async (event) => {{\n{clocks}{body}}};\n"
        )


_CLASSES = {
    "dynamodb": "DynamoDBClient", "sqs": "SQSClient", "s3": "S3Client", "sns": "SNSClient", "kms": "KMSClient",
    "secrets-manager": "SecretsManagerClient", "eventbridge": "EventBridgeClient", "ssm": "SSMClient",
    "ses": "SESClient",
    "cognito-identity-provider": "CognitoIdentityProviderClient", "cloudwatch": "CloudWatchClient",
}  # fmt: skip


def _class(package: str) -> str:
    return _CLASSES.get(package, f"{package.capitalize()}Client")


def _client(package: str) -> str:
    return package.replace("-", "_")


def _runtime(shape: Shape) -> str:
    return "python3.12" if shape.language == "python" else "nodejs20.x"


def _resources(count: int) -> dict[str, dict[str, Any]]:
    found = {}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        properties = json.loads(json.dumps(kind.properties).replace("{0}", str(number)))
        found[f"{kind.name}{number}"] = {"Type": kind.type, **({"Properties": properties} if properties else {})}
    return found


def _environment(function: Function) -> dict[str, Any]:
    return {name: _of(f"{kind.name}{at}", kind.attribute) for name, (kind, at) in function.variables.items()}


def _statements(function: Function) -> list[dict[str, Any]]:
    found = []
    for kind, at in function.uses:
        arn: Any = _of(f"{kind.name}{at}", kind.arn)
        if kind.name == "Setting":
            arn = {"Fn::Sub": f"arn:aws:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/${{Setting{at}}}"}
        if kind.name == "Bucket":
            arn = [arn, {"Fn::Sub": f"${{Bucket{at}.Arn}}/*"}]
        found.append({"Effect": "Allow", "Action": [kind.action], "Resource": arn})
    found.append({"Effect": "Allow", "Action": ["ses:*", "translate:*", "rekognition:DetectLabels"], "Resource": "*"})
    return found


def _shared_statements(resources: int) -> list[dict[str, Any]]:
    """One statement for each kind, which names all of its resources."""
    found: list[dict[str, Any]] = []
    for at, kind in enumerate(KINDS):
        numbers = [(kind, one) for one in range(at, resources, len(KINDS))]
        arns: list[Any] = []
        for statement in _statements(Function(0, tuple(numbers)))[:-1]:
            arns += statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        if arns:
            found.append({"Effect": "Allow", "Action": [kind.action], "Resource": arns})
    actions = ["ses:*", "translate:*", "rekognition:DetectLabels", "cloudwatch:PutMetricData"]
    return [*found, {"Effect": "Allow", "Action": actions, "Resource": "*"}]


def _yaml(value: Any) -> str:
    return json.dumps(value)


def _serverless(into: Path, shape: Shape, functions: list[Function], resources: int) -> None:
    lines = [
        f"service: {into.name if shape.folders > 1 else 'large'}", "provider:", "  name: aws",
        f"  runtime: {_runtime(shape)}",
    ]  # fmt: skip
    if shape.roles == "shared":
        lines += ["  iam:", "    role:", "      statements:"]
        lines += _blocks(_shared_statements(resources), 8)
    else:
        lines[1:1] = ["plugins: [serverless-iam-roles-per-function]"]
    lines += ["functions:"]
    for function in functions:
        event = [
            f"httpApi: GET /things/{function.number}",
            f"http: GET /things/{function.number}",
            f"schedule: rate({function.number + 2} minutes)",
        ][function.number % 3]
        lines += [
            f"  work{function.number:04}:", f"    handler: src/f{function.number}.handler", "    events:",
            f"      - {event}", "    environment:",
        ]  # fmt: skip
        lines += [f"      {name}: {_yaml(value)}" for name, value in _environment(function).items()]
        if shape.roles == "own":
            lines += ["    iamRoleStatements:", *_blocks(_statements(function), 6)]
    lines += ["resources:", "  Resources:"]
    lines += [f"    {name}: {_yaml(value)}" for name, value in _resources(resources).items()]
    (into / "serverless.yml").write_text("\n".join(lines) + "\n")
    (into / "requirements.txt").write_text("boto3\n")


def _blocks(statements: list[dict[str, Any]], indent: int) -> list[str]:
    """Statements as a person writes them: a key a line, an action and a resource a line."""
    pad, lines = " " * indent, []
    for one in statements:
        lines += [f"{pad}- Effect: {one['Effect']}", f"{pad}  Action:"]
        lines += [f"{pad}    - '{action}'" for action in one["Action"]]
        items = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        lines += [f"{pad}  Resource:", *(f"{pad}    - {_yaml(item)}" for item in items)]
    return lines


_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def _role(statements: list[dict[str, Any]]) -> dict[str, Any]:
    policy = {"PolicyName": "main", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    logs = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": _TRUST, "ManagedPolicyArns": [logs], "Policies": [policy]},
    }


def _sam(into: Path, shape: Shape, functions: list[Function], resources: int) -> None:
    found: dict[str, Any] = {}
    if shape.roles == "shared":
        found["SharedRole"] = _role(_shared_statements(resources))
    for function in functions:
        path = f"/things/{function.number}"
        events = [
            {"Type": "HttpApi", "Properties": {"Path": path, "Method": "GET"}},
            {"Type": "Api", "Properties": {"Path": path, "Method": "GET"}},
            {"Type": "Schedule", "Properties": {"Schedule": f"rate({function.number + 2} minutes)"}},
        ]
        properties = {
            "Handler": f"f{function.number}.handler", "Runtime": _runtime(shape), "CodeUri": "src/",
            "Environment": {"Variables": _environment(function)},
            "Events": {"It": events[function.number % 3]},
        }  # fmt: skip
        if shape.roles == "shared":
            properties["Role"] = {"Fn::GetAtt": ["SharedRole", "Arn"]}
        else:
            properties["Policies"] = [{"Version": "2012-10-17", "Statement": _statements(function)}]
        found[f"Work{function.number:04}"] = {"Type": "AWS::Serverless::Function", "Properties": properties}
    found.update(_resources(resources))
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Transform: AWS::Serverless-2016-10-31", "Resources:"]
    for name, value in found.items():
        lines += [f"  {name}:", *_tree(value, 4)]
    (into / "template.yaml").write_text("\n".join(lines) + "\n")


def _tree(value: Any, indent: int) -> list[str]:
    """A value as block YAML; intrinsics on one line."""
    pad = " " * indent
    if isinstance(value, dict):
        lines = []
        for key, one in value.items():
            flat = not isinstance(one, (dict, list)) or not one or (isinstance(one, dict) and _is_intrinsic(one))
            lines += [f"{pad}{key}: {_yaml(one)}"] if flat else [f"{pad}{key}:", *_tree(one, indent + 2)]
        return lines
    lines = []
    for one in value:
        if not isinstance(one, dict) or _is_intrinsic(one):
            lines.append(f"{pad}- {_yaml(one)}")
            continue
        first, *rest = _tree(one, indent + 2)
        lines += [f"{pad}- {first.strip()}", *rest]
    return lines


def _is_intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)) in ("Ref", "Fn::Sub", "Fn::GetAtt")


def _cdk(into: Path, shape: Shape, functions: list[Function], resources: int) -> None:
    stack = "Large"
    output = into / "cdk.out"
    output.mkdir(exist_ok=True)
    asset = "a" * 64
    found: dict[str, Any] = {}
    bucket = {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}
    if shape.roles == "shared":
        _cdk_role(found, "SharedRole", "Shared/Role", _shared_statements(resources))
    for function in functions:
        name = f"Work{function.number:04}"
        role = "SharedRole" if shape.roles == "shared" else f"{name}Role"
        if shape.roles == "own":
            _cdk_role(found, role, f"{name}/ServiceRole", _statements(function))
        found[name] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": bucket, "S3Key": f"{asset}.zip"}, "Handler": f"f{function.number}.handler",
                "Runtime": _runtime(shape), "Role": {"Fn::GetAtt": [role, "Arn"]},
                "Environment": {"Variables": _environment(function)},
            },
            "DependsOn": [role],
            "Metadata": {"aws:cdk:path": f"{stack}/{name}/Resource", "aws:asset:path": f"asset.{asset}"},
        }  # fmt: skip
        found[f"{name}Rule"] = {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "ScheduleExpression": f"rate({function.number + 2} minutes)",
                "Targets": [{"Arn": {"Fn::GetAtt": [name, "Arn"]}, "Id": "Target0"}],
            },
            "Metadata": {"aws:cdk:path": f"{stack}/{name}Rule/Resource"},
        }
    for name, value in _resources(resources).items():
        found[name] = {**value, "Metadata": {"aws:cdk:path": f"{stack}/{name}/Resource"}}
    (into / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    shutil.copytree(into / "src", output / f"asset.{asset}", dirs_exist_ok=True)
    (output / f"{stack}.template.json").write_text(json.dumps({"Resources": found}, indent=1))
    source = {"path": f"asset.{asset}", "packaging": "zip"}
    (output / f"{stack}.assets.json").write_text(
        json.dumps({"version": "48.0.0", "files": {asset: {"source": source}}, "dockerImages": {}})
    )
    artifacts = {
        f"{stack}.assets": {"type": "cdk:asset-manifest", "properties": {"file": f"{stack}.assets.json"}},
        stack: {
            "type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": f"{stack}.template.json"}, "dependencies": [f"{stack}.assets"],
        },
    }  # fmt: skip
    (output / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))


def _cdk_role(found: dict[str, Any], id: str, path: str, statements: list[dict[str, Any]]) -> None:
    """A role and its default policy, as CDK writes them."""
    role = _role([])
    del role["Properties"]["Policies"]
    found[id] = {**role, "Metadata": {"aws:cdk:path": f"Large/{path}/Resource"}}
    found[f"{id}DefaultPolicy"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": f"{id}DefaultPolicy", "Roles": [{"Ref": id}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        },
        "Metadata": {"aws:cdk:path": f"Large/{path}/DefaultPolicy/Resource"},
    }  # fmt: skip


def _terraform(into: Path, shape: Shape, functions: list[Function], resources: int) -> None:
    names = [(KINDS[one % len(KINDS)], one) for one in range(resources)]
    blocks = [
        'data "archive_file" "code" {\n  type = "zip"\n'
        '  source_dir = "${path.module}/src"\n  output_path = "code.zip"\n}'
    ]
    if shape.roles == "shared":
        blocks += _terraform_role("shared", names)
    for function in functions:
        role = "shared" if shape.roles == "shared" else f"work{function.number}"
        if shape.roles == "own":
            blocks += _terraform_role(role, list(function.uses))
        variables = "".join(
            f"      {name} = {kind.terraform[0]}.r{at}.{kind.terraform[1]}\n"
            for name, (kind, at) in function.variables.items()
        )
        blocks.append(
            f'resource "aws_lambda_function" "work{function.number}" {{\n  function_name = "work{function.number}"\n'
            f'  handler = "f{function.number}.handler"\n  runtime = "{_runtime(shape)}"\n'
            f"  filename = data.archive_file.code.output_path\n  role = aws_iam_role.{role}.arn\n"
            f"  environment {{\n    variables = {{\n{variables}    }}\n  }}\n}}"
        )
    for kind, at in names:
        name = {"aws_ssm_parameter": f'  name = "/setting{at}"\n  type = "String"\n  value = "x"\n'}.get(
            kind.terraform[0], "" if kind.name == "Key" else f'  name = "r{at}"\n'
        )
        blocks.append(
            f'resource "{kind.terraform[0]}" "r{at}" {{\n'
            f"{name.replace('name', 'bucket') if kind.name == 'Bucket' else name}}}"
        )
    (into / "main.tf").write_text("\n\n".join(blocks) + "\n")


def _terraform_role(name: str, uses: list[tuple[Kind, int]]) -> list[str]:
    statements = "".join(
        f'      {{ Effect = "Allow", Action = ["{kind.action}"], Resource = {kind.terraform[0]}.r{at}.arn }},\n'
        for kind, at in uses
    )
    trust = 'Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }'
    return [
        f'resource "aws_iam_role" "{name}" {{\n'
        f"  assume_role_policy = jsonencode({{ Statement = [{{ {trust} }}] }})\n}}",
        f'resource "aws_iam_role_policy" "{name}" {{\n  role = aws_iam_role.{name}.id\n  policy = jsonencode({{\n'
        f'    Version = "2012-10-17"\n    Statement = [\n{statements}'
        '      { Effect = "Allow", Action = ["ses:*", "translate:*", "rekognition:DetectLabels"], Resource = "*" },\n'
        "    ]\n  })\n}",
    ]


_PROJECTS = {"serverless": _serverless, "sam": _sam, "cdk": _cdk, "terraform": _terraform}
