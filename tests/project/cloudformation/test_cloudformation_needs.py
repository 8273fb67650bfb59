"""What the permissions stage reads of a function is there, whichever tool the function is written for."""

from __future__ import annotations

from typing import Any

from scopedown.permissions.from_config import TRACING, VPC_ACTIONS, from_config
from scopedown.permissions.model import ConfigSource

TEMPLATE = """
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties:
          FunctionName: orders
          Code: {ZipFile: "x = 1"}
          Handler: index.f
          Runtime: python3.12
          Role: arn:aws:iam::123456789012:role/r
          VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
          TracingConfig: {Mode: Active}
          KmsKeyArn: !GetAtt Key.Arn
          DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}
      Key: {Type: AWS::KMS::Key}
      Dead: {Type: AWS::SQS::Queue}
      Work: {Type: AWS::SQS::Queue}
      Bus: {Type: AWS::Events::EventBus}
      Table: {Type: AWS::DynamoDB::Table}
      Stream: {Type: AWS::Kinesis::Stream}
      Consumer: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt Stream.Arn}}
      Invoke:
        Type: AWS::Lambda::EventInvokeConfig
        Properties: {FunctionName: !Ref F, DestinationConfig: {OnSuccess: {Destination: !GetAtt Bus.Arn}}}
      FromQueue:
        Type: AWS::Lambda::EventSourceMapping
        Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Work.Arn}
      FromTable:
        Type: AWS::Lambda::EventSourceMapping
        Properties:
          FunctionName: !Ref F
          EventSourceArn: !GetAtt Table.StreamArn
          DestinationConfig: {OnFailure: {Destination: !GetAtt Dead.Arn}}
      FromStream:
        Type: AWS::Lambda::EventSourceMapping
        Properties: {FunctionName: !Ref F, EventSourceArn: !Ref Consumer}
"""


def test_settings_and_events_of_a_template_need_what_they_need_elsewhere(read: Any) -> None:
    project = read(TEMPLATE)
    (function,) = project.functions
    needed: dict[str, list[str]] = {}
    for permission in from_config(function, project):
        needed.setdefault(permission.action, []).extend(str(one.arn) for one in permission.resources)
    for actions, arn in (
        (("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"), "${Work.Arn}"),
        (("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"), "${Table.StreamArn}"),
        (("kinesis:GetRecords", "kinesis:DescribeStreamSummary", "kinesis:ListShards"), "${Stream.Arn}"),
    ):  # fmt: skip
        assert [needed[action] for action in actions] == [[arn]] * len(actions)
    assert needed["kinesis:SubscribeToShard"] == ["${Consumer}"]
    assert needed["kms:Decrypt"] == ["${Key.Arn}"]
    assert needed["sqs:SendMessage"] == ["${Dead.Arn}"]
    assert needed["events:PutEvents"] == ["${Bus.Arn}"]
    assert set(VPC_ACTIONS) | set(TRACING) <= set(needed)


def test_every_need_stands_where_the_template_sets_it(read: Any) -> None:
    project = read(TEMPLATE)
    (function,) = project.functions
    places = {
        permission.action: reason.place.line
        for permission in from_config(function, project)
        for reason in permission.because[:1]
        if isinstance(reason, ConfigSource)
    }
    assert places["kms:Decrypt"] == 12
    assert places["xray:PutTraceSegments"] == 11
    assert places["sqs:ReceiveMessage"] == 24
    assert places["events:PutEvents"] == 23
