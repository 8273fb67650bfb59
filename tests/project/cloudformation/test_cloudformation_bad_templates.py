"""Broken templates: one finding a thing, with its place and a remedy; the rest is read, and nothing crashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Files, parse_yaml
from scopedown.documents.nodes import clone
from scopedown.project.cloudformation.read import project_of
from scopedown.project.cloudformation.stack import Template
from scopedown.project.options import Options

GOOD = """
Parameters: {Stage: {Type: String, Default: dev}}
Mappings: {M: {dev: {a: x}}}
Conditions: {C: !Equals [!Ref Stage, prod]}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: f
      Code: {ZipFile: "x = 1"}
      Handler: index.f
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {Variables: {A: !If [C, a, b]}}
      VpcConfig: {SubnetIds: [s], SecurityGroupIds: [g]}
      TracingConfig: {Mode: Active}
      DeadLetterConfig: {TargetArn: !GetAtt Q.Arn}
      FileSystemConfigs: [{Arn: a, LocalMountPath: /mnt/a}]
      LoggingConfig: {LogGroup: g}
      Layers: [!Ref L]
      Architectures: [arm64]
      EphemeralStorage: {Size: 512}
      Tags: [{Key: k, Value: v}]
  L: {Type: AWS::Lambda::LayerVersion, Properties: {Content: ./layer}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
      ManagedPolicyArns: [!Ref P]
  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: []}, Roles: [!Ref Role]}}
  Q: {Type: AWS::SQS::Queue}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref F
      EventSourceArn: !GetAtt Q.Arn
      DestinationConfig: {OnFailure: {Destination: a}}
      SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: a}]
  Rule: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [a]}, Targets: [{Arn: !GetAtt F.Arn}]}}
  Timer: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt F.Arn, RoleArn: !GetAtt Role.Arn}}}
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}
  Sub: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt F.Arn, TopicArn: !Ref Topic}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:*", Function: !GetAtt F.Arn}]}}
  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}}
  Iot: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Actions: [{Lambda: {FunctionArn: !GetAtt F.Arn}}]}}}
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !Ref F}]}}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {LambdaFunctionAssociations: [{EventType: e, LambdaFunctionARN: !Ref F}]}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Body: {paths: {/a: {get: {x-amazon-apigateway-integration: {uri: !Ref F}}}}}}
  Way: {Type: AWS::ApiGateway::Resource, Properties: {ParentId: !Ref Way, PathPart: a}}
  Method: {Type: AWS::ApiGateway::Method, Properties: {ResourceId: !Ref Way, Integration: {Uri: !Ref F}}}
  To: {Type: AWS::ApiGatewayV2::Integration, Properties: {IntegrationUri: !Ref F}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {Target: !Join [/, [integrations, !Ref To]], RouteKey: GET /}}
  Invoke:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {FunctionName: !Ref F, DestinationConfig: {OnSuccess: {Destination: a}}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: sns.amazonaws.com}}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: n.yaml, Parameters: {A: b}}}
Outputs: {O: {Value: !Ref Q, Export: {Name: o}}}
"""
NESTED = "Parameters: {A: {Type: String}}\nResources: {T: {Type: AWS::SQS::Queue}}\nOutputs: {X: {Value: !Ref A}}\n"
WRONG: tuple[Any, ...] = (
    None, 7, True, "", "text", [], [None], [[]], {}, {"Ref": 5}, {"Ref": "Nothing"}, {"Fn::GetAtt": []},
    {"Fn::GetAtt": "F"}, {"Fn::If": ["C"]}, {"Fn::If": [{}, 1, 2]}, {"Fn::Sub": 3}, {"Fn::Sub": ["${A}", "x"]},
    {"Fn::Join": "x"}, {"Fn::FindInMap": [[], {}, None]}, {"Fn::ImportValue": {"Ref": []}}, {"Condition": ["x"]},
    {"a": "b"}, Text.unknown("not known"), "\0", "//", "é" * 50,
)  # fmt: skip


def read(tree: Any, root: Path) -> Any:
    return project_of(Template(tree, "template.yaml", "cloudformation", "x"), Files(root), Options())


def paths(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from paths(value, (*path, key))


@pytest.mark.parametrize("step", [12, pytest.param(4, marks=pytest.mark.slow)])
def test_anything_in_the_place_of_anything_ends_in_a_project_or_one_error(tmp_path: Path, step: int) -> None:
    """Every place meets one wrong value in ``step``, by turns."""
    (tmp_path / "n.yaml").write_text(NESTED)
    good = parse_yaml(GOOD, "template.yaml", template=True).tree
    assert read(good, tmp_path).findings == ()
    for number, path in enumerate(paths(good)):
        for wrong in WRONG[number % step :: step]:
            tree = clone(good)
            holder = tree
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = wrong
            try:
                project = read(tree, tmp_path)
            except ScopedownError as error:
                assert path == ("Resources",), f"{path} = {wrong!r}: {error}"
                continue
            assert all(finding.place for finding in project.findings), f"{path} = {wrong!r}"
            for function in project.functions:
                assert function.role in project.roles


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{Variables: {A: !If [C, a, b]}}", "[A]", 13, "Environment is not a mapping"),
        ("{Variables: {A: !If [C, a, b]}}", "{Variables: [A]}", 13, "Variables is not a mapping"),
        ("{Variables: {A: !If [C, a, b]}}", "{Variables: {A: [x]}}", 13, "A is not text"),
        ("VpcConfig: {SubnetIds: [s], SecurityGroupIds: [g]}", "VpcConfig: private", 14, "VpcConfig is not a mapping"),
        ("TracingConfig: {Mode: Active}", "TracingConfig: Active", 15, "TracingConfig is not a mapping"),
        ("DeadLetterConfig: {TargetArn: !GetAtt Q.Arn}", "DeadLetterConfig: q", 16, "Config is not a mapping"),
        ("FileSystemConfigs: [{Arn: a, LocalMountPath: /mnt/a}]", "FileSystemConfigs: {a: b}", 17, "is not a list"),
        ("Layers: [!Ref L]", "Layers: layer", 19, "Layers is not a list"),
        ("Handler: index.f", "Handler: [index]", 10, "cannot tell the Handler of"),
        ("Runtime: python3.12", "Runtime: {a: b}", 11, "cannot tell the Runtime of"),
        ("Role: !GetAtt Role.Arn", "Timeout: 3", 5, "has no Role"),
        ("Policies: [{PolicyName", "Policies: {a: b}\n      X: [{PolicyName", 28, "Policies is not a list"),
        ("ManagedPolicyArns: [!Ref P]", "ManagedPolicyArns: arn", 29, "ManagedPolicyArns is not a list"),
        ("Q: {Type: AWS::SQS::Queue}", "Q: AWS::SQS::Queue", 31, "the resource Q is not a mapping"),
        ("Q: {Type: AWS::SQS::Queue}", "Q: {Type: [a]}", 31, "has a Type that is not text"),
        ("Q: {Type: AWS::SQS::Queue}", "Q: {Kind: a}", 31, "the resource Q has no Type"),
        ("Q: {Type: AWS::SQS::Queue}", "Q: {Type: AWS::SQS::Queue, Properties: [a]}", 31, "are not a mapping"),
        ("Q: {Type: AWS::SQS::Queue}", "Q: {Type: AWS::SQS::Queue, Condition: No}", 31, "the condition No"),
        ("Parameters: {Stage: {Type: String, Default: dev}}", "Parameters: [Stage]", 1, "Parameters is not a mapping"),
        ("Stage: {Type: String, Default: dev}", "Stage: dev", 1, "the parameter Stage is not a mapping"),
        ("Default: dev", "Default: {a: b}", 1, "the Default of the parameter"),
        ("Outputs: {O", "Outputs: [a]\nRest: {O", 67, "Outputs is not a mapping"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_told_where_it_stands(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    (tmp_path / "n.yaml").write_text(NESTED)
    assert old in GOOD
    tree = parse_yaml(GOOD.lstrip("\n").replace(old, new, 1), "template.yaml", template=True).tree
    found = [one for one in read(tree, tmp_path).findings if words in one.message]
    assert [(one.place.file, one.place.line) for one in found if one.place] == [("template.yaml", line)]
    assert found[0].remedy


@pytest.mark.parametrize(
    ("text", "words"),
    [("Parameters: {}\n", "has no Resources"), ("Resources: [a]\n", "has Resources that are not a mapping")],
)
def test_a_template_without_resources_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ScopedownError, match=words) as caught:
        read(parse_yaml(text, "template.yaml").tree, tmp_path)
    assert caught.value.place == Place("template.yaml")
    assert caught.value.remedy
