"""Places in a translated template: the user's own where the user wrote it, and its cause's where SAM made it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sam_projects import line, read

from scopedown.documents.nodes import place_of, value_place
from scopedown.project.model import Project

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    Tracing: Active
    Environment:
      Variables:
        STAGE: dev
        LEVEL: info
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.read
      InlineCode: "def read(event, context): pass"
      Environment:
        Variables:
          TABLE: !Ref Orders
          LEVEL: debug
      Policies:
        - DynamoDBReadPolicy:
            TableName: !Ref Orders
        - AmazonS3ReadOnlyAccess
        - Statement:
            - Effect: Allow
              Action: sns:Publish
              Resource: "*"
            - {Effect: Allow, Action: "ses:SendEmail", Resource: "*"}
      DeadLetterQueue:
        Type: SQS
        TargetArn: !GetAtt Jobs.Arn
      Events:
        Work:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            BatchSize: 5
        Broker:
          Type: MQ
          Properties:
            Broker: arn:aws:mq:eu-west-1:123456789012:broker:b:1
            Queues: [q]
            SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:1:secret:m"}]
        Get:
          Type: Api
          Properties:
            Path: /orders
            Method: get
    Connectors:
      Sends:
        Properties:
          Destination:
            Id: Jobs
          Permissions: [Write]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return read(tmp_path_factory.mktemp("places"), TEMPLATE)


def at(marked: str) -> object:
    return line(TEMPLATE, marked)


def test_a_resource_stands_where_it_is_written(project: Project) -> None:
    assert project.resources["Reader"].place == at("Reader:")
    assert project.resources["Orders"].place == at("Orders:")
    assert project.functions[0].place == at("Reader:")


def test_a_property_that_passes_through_keeps_its_key_s_and_its_value_s_place(project: Project) -> None:
    properties = project.resources["Reader"].properties
    assert place_of(properties, "Handler") == at("Handler: app.read")
    assert value_place(properties, "Handler") == at("app.read")
    assert place_of(project.resources["Jobs"].properties, "VisibilityTimeout") == at("VisibilityTimeout")


def test_a_property_of_globals_stands_in_globals(project: Project) -> None:
    properties = project.resources["Reader"].properties
    assert place_of(properties, "Runtime") == at("Runtime: python3.12")
    assert place_of(properties, "TracingConfig") == at("Tracing: Active")


def test_a_mapping_merged_from_globals_and_the_function_has_each_entry_s_own_place(project: Project) -> None:
    environment = project.resources["Reader"].properties["Environment"]
    variables = environment["Variables"]
    assert place_of(variables, "STAGE") == at("STAGE: dev")
    assert place_of(variables, "TABLE") == at("TABLE: !Ref")
    assert value_place(variables, "LEVEL") == at("debug")


def test_statements_of_inline_policies_keep_their_places(project: Project) -> None:
    places = {str(one.statement["Action"]): one.place for one in project.roles["ReaderRole"].statements}
    assert places["sns:Publish"] == at("Effect: Allow\n              Action: sns:Publish")
    inline = line(TEMPLATE, '{Effect: Allow, Action: "ses:SendEmail"')
    assert places["ses:SendEmail"] is not None and places["ses:SendEmail"].line == inline.line


def test_a_policy_template_s_statements_stand_at_its_item(project: Project) -> None:
    (place,) = {
        one.place for one in project.roles["ReaderRole"].statements if "dynamodb:GetItem" in one.statement["Action"]
    }
    assert place == at("DynamoDBReadPolicy")


def test_statements_and_policies_of_events_stand_at_the_event(project: Project) -> None:
    role = project.roles["ReaderRole"]
    (place,) = {one.place for one in role.statements if "mq:DescribeBroker" in one.statement["Action"]}
    assert place == at("Broker:\n          Type: MQ")
    managed = role.properties["ManagedPolicyArns"]
    places = {str(arn).rpartition("/")[2]: place_of(managed, index) for index, arn in enumerate(managed)}
    assert places == {
        "AWSLambdaBasicExecutionRole": at("Policies:"),
        "AWSXrayWriteOnlyAccess": at("Tracing: Active"),
        "AmazonS3ReadOnlyAccess": at("AmazonS3ReadOnlyAccess"),
        "AWSLambdaSQSQueueExecutionRole": at("Work:"),
    }


def test_the_statement_of_a_dead_letter_queue_stands_at_its_property(project: Project) -> None:
    policies = project.roles["ReaderRole"].properties["Policies"]
    index = [policy["PolicyName"] for policy in policies].index("DeadLetterQueuePolicy")
    place = place_of(policies, index)
    assert place == at("DeadLetterQueue:")


def test_resources_of_an_event_stand_at_the_event_and_keep_its_properties_places(project: Project) -> None:
    mapping = project.generated["ReaderWork"]
    assert mapping.place == at("Work:")
    assert place_of(mapping.properties, "BatchSize") == at("BatchSize: 5")
    assert place_of(mapping.properties, "EventSourceArn") == at("Queue: !GetAtt")
    assert project.generated["ReaderGetPermissionProd"].place == at("Get:")


def test_an_implicit_api_stands_at_the_event_that_makes_it(project: Project) -> None:
    assert project.generated["ServerlessRestApi"].place == at("Get:")


def test_what_a_connector_makes_stands_at_the_connector(project: Project) -> None:
    assert project.generated["ReaderSendsPolicy"].place == at("Sends:")


def test_the_role_that_sam_makes_stands_at_its_function(project: Project) -> None:
    assert project.roles["ReaderRole"].place == at("Reader:")
    assert "ReaderRole" in project.generated and "Reader" in project.resources


def test_every_place_is_one_of_the_user_s_file(project: Project) -> None:
    lines = TEMPLATE.count("\n")
    for resource in project.deployed.values():
        assert resource.place.file == "template.yaml" and 1 <= resource.place.line <= lines


def test_a_json_template_has_places_too(tmp_path: Path) -> None:
    text = """{"Transform": "AWS::Serverless-2016-10-31",
 "Resources": {
  "Reader": {"Type": "AWS::Serverless::Function", "Properties": {
   "Runtime": "python3.12", "InlineCode": "def read(e, c): pass",
   "Handler": "index.read", "Policies": [{"Statement": [
    {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}]}]}}}}
"""
    project = read(tmp_path, text, name="template.json")
    (statement,) = project.roles["ReaderRole"].statements
    assert statement.place is not None and statement.place.line == 6
    assert place_of(project.resources["Reader"].properties, "Handler") == line(text, '"Handler"', "template.json")
