"""Functions of a template: name, code, environment, role, settings, layers."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.place import Place
from scopedown.core.text import Param, Text
from scopedown.project.cloudformation.functions import generated_name

ORDERS = """
    Parameters:
      Stage: {Type: String, Default: dev}
      Runtime: {Type: String, Default: python3.12}
    Resources:
      Orders:
        Type: AWS::Lambda::Function
        Properties:
          FunctionName: !Sub orders-${Stage}
          Code: ./src/orders
          Handler: app.main
          Runtime: !Ref Runtime
          Role: !GetAtt OrdersRole.Arn
          MemorySize: 256
          Layers: [!Ref Shared]
          Environment:
            Variables:
              TABLE: !Ref Table
              LIMIT: 5
              QUEUE: !Sub "https://${Queue.QueueName}"
      OrdersRole:
        Type: AWS::IAM::Role
        Properties: {AssumeRolePolicyDocument: {Statement: []}}
      Shared:
        Type: AWS::Lambda::LayerVersion
        Properties: {Content: layers/shared}
      Table:
        Type: AWS::DynamoDB::Table
      Queue:
        Type: AWS::SQS::Queue
"""
SOURCES = {"src/orders/app.py": "def main(event, context): pass\n", "layers/shared/python/common.py": "\n"}


def test_a_function_is_read_with_all_that_concerns_its_role(read: Any) -> None:
    project = read(ORDERS, SOURCES)
    (function,) = project.functions
    assert (function.key, function.logical_id) == ("Orders", "Orders")
    assert function.name == Text.of("orders-", Param("Stage"))
    assert (function.runtime, function.language) == ("python3.12", "python")
    assert function.handler is not None
    assert (function.handler.file, function.handler.symbol, function.handler.root) == (
        "src/orders/app.py", "main", "src/orders",
    )  # fmt: skip
    assert {name: str(value) for name, value in function.environment.items()} == {
        "TABLE": "${Table}", "LIMIT": "5", "QUEUE": "https://${Queue.QueueName}",
    }  # fmt: skip
    assert function.role == "OrdersRole"
    assert function.settings["memorySize"] == 256
    assert function.setting_places["memorySize"] == Place("template.yaml", 13, 7)
    assert function.layers == ("layers/shared",)
    assert function.place == Place("template.yaml", 5, 3)
    assert project.findings == ()
    assert (project.framework, project.service, project.config) == ("cloudformation", project.service, "template.yaml")


def test_a_function_without_a_name_is_called_as_cloudformation_calls_it(read: Any) -> None:
    project = read(ORDERS.replace("FunctionName: !Sub orders-${Stage}", "Timeout: 3"), SOURCES)
    assert str(project.functions[0].name) == "${AWS::StackName}-Orders-*"


def test_a_long_logical_id_may_be_cut_in_a_generated_name() -> None:
    assert str(generated_name("Nested/" + "TheFunctionWithAnExtremelyLongLogicalId")) == (
        "${AWS::StackName}-TheFunctionWithAnExtreme*"
    )


def test_given_parameters_stand_for_the_defaults(read: Any) -> None:
    project = read(ORDERS, SOURCES, params={"Runtime": "python3.13"})
    assert project.functions[0].runtime == "python3.13"
    assert project.parameters["Runtime"]["Default"] == "python3.13"
    assert project.functions[0].name == Text.of("orders-", Param("Stage"))


@pytest.mark.parametrize(
    ("role", "id", "declared"),
    [
        ("!GetAtt OrdersRole.Arn", "OrdersRole", True),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/${OrdersRole}'", "OrdersRole", True),
        ("arn:aws:iam::123456789012:role/service/named", "OrdersRole", True),
        ("arn:aws:iam::123456789012:role/other", "arn:aws:iam::123456789012:role/other", False),
        ("!ImportValue shared-role", "${ImportValue shared-role}", False),
        ("!Ref RoleArn", "${RoleArn}", False),
    ],
)
def test_a_role_is_found_by_reference_by_name_or_is_outside(read: Any, role: str, id: str, declared: bool) -> None:
    template = ORDERS.replace("!GetAtt OrdersRole.Arn", role).replace(
        "Properties: {AssumeRole", "Properties: {RoleName: named, AssumeRole"
    )
    template = template.replace(
        "Stage: {Type: String, Default: dev}", "Stage: {Type: String}\n      RoleArn: {Type: String}"
    )
    project = read(template, SOURCES)
    assert project.functions[0].role == id
    assert project.roles[id].declared is declared


def test_a_role_that_is_declared_nowhere_is_told(read: Any) -> None:
    project = read(ORDERS.replace("!GetAtt OrdersRole.Arn", "!GetAtt Missing.Arn"), SOURCES)
    (finding,) = [one for one in project.findings if one.code == "reference-unknown"]
    assert finding.place == Place("template.yaml", 12, 13)
    assert project.roles[project.functions[0].role].declared is False


def test_properties_become_settings_by_the_frameworks_names(read: Any) -> None:
    project = read(
        """
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              Code: {ZipFile: "exports.handler = () => 1"}
              Handler: index.handler
              Runtime: nodejs20.x
              Role: arn:aws:iam::123456789012:role/r
              VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
              TracingConfig: {Mode: Active}
              KmsKeyArn: !GetAtt Key.Arn
              DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}
              FileSystemConfigs: [{Arn: !GetAtt Access.Arn, LocalMountPath: /mnt/x}]
              LoggingConfig: {LogGroup: /own/group}
              Architectures: [arm64]
          Invoke:
            Type: AWS::Lambda::EventInvokeConfig
            Properties:
              FunctionName: !Ref F
              Qualifier: $LATEST
              DestinationConfig: {OnSuccess: {Destination: !Ref Topic}, OnFailure: {Destination: !GetAtt Dead.Arn}}
          Key: {Type: AWS::KMS::Key}
          Dead: {Type: AWS::SQS::Queue}
          Topic: {Type: AWS::SNS::Topic}
          Access: {Type: AWS::EFS::AccessPoint}
        """
    )
    (function,) = project.functions
    assert function.settings == {
        "vpc": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]},
        "tracing": "Active",
        "kmsKeyArn": {"Fn::GetAtt": ["Key", "Arn"]},
        "onError": {"Fn::GetAtt": ["Dead", "Arn"]},
        "fileSystemConfig": {"arn": {"Fn::GetAtt": ["Access", "Arn"]}, "localMountPath": "/mnt/x"},
        "logs": {"logGroup": "/own/group"},
        "architecture": "arm64",
        "destinations": {"onSuccess": {"Ref": "Topic"}, "onFailure": {"Fn::GetAtt": ["Dead", "Arn"]}},
    }
    assert function.setting_places["destinations"].line == 21
    assert function.setting_places["onError"].line == 12


@pytest.mark.parametrize(
    "properties",
    ["TracingConfig: {Mode: PassThrough}", "VpcConfig: {SubnetIds: [], SecurityGroupIds: []}", "DeadLetterConfig: {}"],
)
def test_what_switches_a_setting_off_is_no_setting(read: Any, properties: str) -> None:
    project = read(ORDERS.replace("MemorySize: 256", properties), SOURCES)
    assert set(project.functions[0].settings) == {"layers"}
