"""What Ref and GetAtt return, as the reader relies on it, is what the catalog says of the types."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.place import Place
from scopedown.project.cloudformation import sources, stack, triggers
from scopedown.project.roles import ATTACHED


@pytest.mark.parametrize(
    ("type_name", "ref"),
    [
        ("AWS::Lambda::Function", "FunctionName"),
        ("AWS::Lambda::Alias", "AliasArn"),
        ("AWS::Lambda::Version", "FunctionArn"),
        ("AWS::Lambda::LayerVersion", "LayerVersionArn"),
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::IAM::ManagedPolicy", "PolicyArn"),
        ("AWS::Kinesis::StreamConsumer", "ConsumerARN"),
        ("AWS::SNS::Topic", "TopicArn"),
        ("AWS::SQS::Queue", "QueueUrl"),
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::ApiGateway::Resource", "ResourceId"),
        ("AWS::ApiGatewayV2::Integration", "IntegrationId"),
    ],
)
def test_a_reference_is_what_the_reader_takes_it_for(type_name: str, ref: str) -> None:
    known = catalog().cloudformation_type(type_name)
    assert known is not None
    assert known.ref == ref


@pytest.mark.parametrize(
    ("type_name", "attribute"),
    [
        ("AWS::Lambda::Function", "Arn"),
        ("AWS::IAM::Role", "Arn"),
        ("AWS::DynamoDB::Table", "StreamArn"),
        ("AWS::DynamoDB::GlobalTable", "StreamArn"),
        ("AWS::SQS::Queue", "Arn"),
        ("AWS::Kinesis::Stream", "Arn"),
        ("AWS::AmazonMQ::Broker", "Arn"),
        ("AWS::ApiGateway::RestApi", "RootResourceId"),
    ],
)
def test_the_attributes_that_name_a_source_or_a_role_exist(type_name: str, attribute: str) -> None:
    known = catalog().cloudformation_type(type_name)
    assert known is not None
    assert attribute in known.attributes


def test_every_type_that_the_reader_knows_is_one_of_cloudformation() -> None:
    known = set(catalog().cloudformation_types())
    named = {stack.FUNCTION, *sources.READERS, *sources._TYPES, *triggers.READERS, *stack._POINTING, *ATTACHED}
    assert {name for name in named if not name.startswith("Custom::")} - known == set()


REFERRING = """
    Parameters: {Stage: {Type: String}}
    Resources:
      Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Stage, Tags: [{Key: a, Value: !VALUE}]}}
      Custom: {Type: Custom::Thing}
      Db: {Type: AWS::RDS::DBInstance}
"""


@pytest.mark.parametrize(
    "value",
    ["Ref Stage", "GetAtt Queue.Arn", "GetAtt Custom.Anything", "GetAtt Db.Endpoint.Address", "Ref AWS::Region",
     'Sub "${Queue.QueueName}-${!No}-${AWS::Region}"', 'Sub ["${Own}", {Own: x}]'],
)  # fmt: skip
def test_what_is_declared_is_not_told(read: Any, value: str) -> None:
    assert read(REFERRING.replace("VALUE", value)).findings == ()


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("Ref Nowhere", "reference-unknown", "refers to Nowhere"),
        ("GetAtt Nowhere.Arn", "reference-unknown", "refers to Nowhere"),
        ('Sub "${Nowhere}${Nowhere.Arn}"', "reference-unknown", "refers to Nowhere"),
        (
            "GetAtt Queue.StreamArn",
            "attribute-unknown",
            "Queue has no attribute StreamArn: AWS::SQS::Queue does not return it",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_once(read: Any, value: str, code: str, words: str) -> None:
    (finding,) = read(REFERRING.replace("VALUE", value)).findings
    assert (finding.code, finding.place) == (code, Place("template.yaml", 3, 93))
    assert words in finding.message
