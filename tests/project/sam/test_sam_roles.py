"""The roles that a SAM template deploys are those that the bare translator makes, statement by statement."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from sam_projects import plain, read, resources, write

from scopedown.documents.document import Files, parse_yaml
from scopedown.project.options import Options
from scopedown.project.sam.transform import Given, transformed

EVENTS = """
    Sqs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
    Kinesis: {Type: Kinesis, Properties: {Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST}}
    Table: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
    Msk:
      Type: MSK
      Properties: {Stream: "arn:aws:kafka:eu-west-1:1:cluster/c/1", Topics: [t], StartingPosition: LATEST}
    Kafka:
      Type: SelfManagedKafka
      Properties:
        KafkaBootstrapServers: ["a:9092"]
        Topics: [t]
        SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1:secret:k"}]
    Mq:
      Type: MQ
      Properties:
        Broker: "arn:aws:mq:eu-west-1:1:broker:b:1"
        Queues: [q]
        SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1:secret:m"}]
    Docs:
      Type: DocumentDB
      Properties:
        Cluster: "arn:aws:rds:eu-west-1:1:cluster:docs"
        DatabaseName: d
        StartingPosition: LATEST
        SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1:secret:d"}]
"""
BASE = """
Jobs: {Type: AWS::SQS::Queue}
Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    KeySchema: [{AttributeName: id, KeyType: HASH}]
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    BillingMode: PAY_PER_REQUEST
    StreamSpecification: {StreamViewType: NEW_IMAGE}
"""
FUNCTION = """
Reader:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: python3.12
    Handler: app.read
    CodeUri: s3://bucket/key.zip
"""
TEMPLATES = {
    "policy templates, managed policies and statements": BASE + FUNCTION + """
    Policies:
      - DynamoDBCrudPolicy: {TableName: !Ref Orders}
      - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}
      - AmazonS3ReadOnlyAccess
      - arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess
      - Statement: [{Effect: Allow, Action: ["ses:SendEmail"], Resource: "*"}]
""",
    "one policy that is not a list": BASE + FUNCTION + "    Policies: AmazonDynamoDBFullAccess\n",
    "a policy by a condition": BASE + FUNCTION + """
    Policies:
      - !If [Full, {DynamoDBCrudPolicy: {TableName: !Ref Orders}}, {DynamoDBReadPolicy: {TableName: !Ref Orders}}]
""",
    "tracing, a network, dead letters and destinations": BASE + FUNCTION + """
    Tracing: Active
    VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
    DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Jobs.Arn}
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess: {Type: SQS}
        OnFailure: {Type: SNS}
""",
    "events that poll": BASE + FUNCTION + "    Events:" + EVENTS.replace("\n", "\n  "),
    "a role's path and boundary": FUNCTION + """
    RolePath: /team/
    PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
    AssumeRolePolicyDocument:
      Statement: [{Effect: Allow, Action: ["sts:AssumeRole"], Principal: {Service: [edgelambda.amazonaws.com]}}]
""",
    "connectors, inside a resource and beside it": BASE + FUNCTION + """
  Connectors:
    Sends: {Properties: {Destination: {Id: Jobs}, Permissions: [Write]}}
Reads:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Reader}, Destination: {Id: Orders}, Permissions: [Read, Write]}
""",
    "a state machine with a schedule": FUNCTION + """
Steps:
  Type: AWS::Serverless::StateMachine
  Properties:
    Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
    Tracing: {Enabled: true}
    Policies: [{LambdaInvokePolicy: {FunctionName: !Ref Reader}}]
    Events:
      Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
""",
    "a deployment preference": FUNCTION + """
    AutoPublishAlias: live
    DeploymentPreference: {Type: AllAtOnce}
""",
}  # fmt: skip
TYPES = (
    "AWS::IAM::Role",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
)


def template(body: str) -> str:
    """A template of resources, with one condition."""
    return "Conditions: {Full: !Equals [!Ref AWS::Region, eu-west-1]}\n" + resources(body)


def bare(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the translator makes of a template by itself, as CloudFormation's transform does."""
    from samtranslator.translator.transform import transform

    class NoPolicies:
        def load(self) -> dict[str, str]:
            return {}

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = transform(plain(parse_yaml(text, "template.yaml", template=True).tree), {}, NoPolicies())
    return dict(made["Resources"])


def made(folder: Path, text: str) -> dict[str, Any]:
    """What is made of a template here, its conditions not yet decided."""
    write(folder, {"template.yaml": text})
    files = Files(folder)
    document = files.document(folder / "template.yaml", template=True)
    assert document is not None
    template = transformed(document, files, Given("shop"))
    return dict(plain(template.tree["Resources"]))


@pytest.mark.parametrize("body", TEMPLATES.values(), ids=list(TEMPLATES))
def test_roles_and_policies_equal_the_bare_translator_s(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = template(body)
    expected = {id: one for id, one in bare(text, monkeypatch).items() if one["Type"] in TYPES}
    found = {id: one for id, one in made(tmp_path, text).items() if one["Type"] in TYPES}
    assert found == expected
    assert len(expected) >= 1


def test_every_type_of_resource_and_its_properties_equal_the_bare_translator_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = template(BASE + FUNCTION + """
    Environment: {Variables: {TABLE: !Ref Orders}}
    Events:
      Work: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 3}}
      Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
      Web: {Type: HttpApi, Properties: {Path: /, Method: get}}
""")  # fmt: skip
    expected = bare(text, monkeypatch)
    project = read(tmp_path, text)
    assert {id: one.type for id, one in project.deployed.items()} == {id: one["Type"] for id, one in expected.items()}
    for id, one in project.deployed.items():
        assert plain(one.properties) == expected[id].get("Properties", {}), id


def test_the_81_policy_templates_are_known() -> None:
    from scopedown.project.sam import engine

    assert len(engine._policy_templates().policy_templates) >= 81


def test_a_statement_of_an_event_is_in_the_function_s_role(tmp_path: Path) -> None:
    project = read(tmp_path, template(BASE + FUNCTION + "    Events:" + EVENTS.replace("\n", "\n  ")))
    role = project.roles[project.functions[0].role]
    managed = [str(policy).rpartition("/")[2] for policy in role.managed_policies]
    assert sorted(managed) == [
        "AWSLambdaBasicExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole", "AWSLambdaSQSQueueExecutionRole",
    ]  # fmt: skip
    actions = {action for one in role.statements for action in one.statement["Action"]}
    assert {"secretsmanager:GetSecretValue", "mq:DescribeBroker", "rds:DescribeDBClusters"} <= actions


def test_reading_opens_no_connection_and_asks_for_no_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import boto3

    def refuse(*arguments: Any, **named: Any) -> Any:
        raise AssertionError("asked")

    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(boto3, "Session", refuse)
    monkeypatch.setattr(boto3.session, "Session", refuse)
    monkeypatch.setattr(boto3, "client", refuse)
    project = read(
        tmp_path,
        resources("""
        Shop:
          Type: AWS::Serverless::Application
          Properties:
            Location: {ApplicationId: "arn:aws:serverlessrepo:us-east-1:1:applications/a", SemanticVersion: 1.0.0}
        Reader:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: python3.12
            Handler: app.read
            InlineCode: "def read(e, c): pass"
            Policies: [AWSLambdaExecute]
        """),
    )
    assert [function.key for function in project.functions] == ["Reader"]
    assert "sam-application-repository" in [finding.code for finding in project.findings]


def test_managed_policies_are_those_of_the_partition_that_the_user_names(tmp_path: Path) -> None:
    text = template(FUNCTION + "    Policies: [AmazonS3ReadOnlyAccess]\n")
    for partition in ("aws-us-gov", "aws-cn", "aws"):
        role = read(tmp_path, text, Options(partition=partition)).roles["ReaderRole"]
        assert f"arn:{partition}:iam::aws:policy/AmazonS3ReadOnlyAccess" in role.managed_policies


def test_the_region_stays_a_reference_that_the_deployment_fills_in(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        resources("""
        Reader:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: python3.12
            Handler: app.read
            InlineCode: "def read(e, c): pass"
            FunctionName: !Sub "read-${AWS::Region}"
        """),
    )
    assert str(project.functions[0].name) == "read-${AWS::Region}"
