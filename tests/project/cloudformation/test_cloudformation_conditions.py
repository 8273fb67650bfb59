"""What deploys by default: conditions, mappings, imports of the project's own exports, parameters."""

from __future__ import annotations

from typing import Any

TEMPLATE = """
    Parameters:
      Stage: {Type: String, Default: dev}
      Vpc: {Type: String}
      Key: {Type: String, Default: ""}
    Mappings:
      Sizes: {dev: {memory: 128, zones: [a, b]}, prod: {memory: 1024}}
    Conditions:
      IsProd: !Equals [!Ref Stage, prod]
      HasKey: !Not [!Equals [!Ref Key, ""]]
      HasVpc: !Not [!Equals [!Ref Vpc, ""]]
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties:
          Code: {ZipFile: "x = 1"}
          Handler: index.f
          Runtime: python3.12
          Role: arn:aws:iam::123456789012:role/r
          MemorySize: !FindInMap [Sizes, !Ref Stage, memory]
          KmsKeyArn: !If [HasKey, !Ref Key, !Ref AWS::NoValue]
          VpcConfig: !If [HasVpc, {SubnetIds: [s]}, !Ref AWS::NoValue]
          Environment:
            Variables:
              MODE: !If [IsProd, live, test]
              ZONES: !Join ["+", !FindInMap [Sizes, !Ref Stage, zones]]
              OTHER: !FindInMap [Sizes, !Ref Stage, none, {DefaultValue: fallback}]
              NET: !If [HasVpc, inside, outside]
      OnlyProd: {Type: AWS::SQS::Queue, Condition: IsProd}
      Perhaps: {Type: AWS::SQS::Queue, Condition: HasVpc}
      Always: {Type: AWS::SQS::Queue}
    Outputs:
      Prod: {Condition: IsProd, Value: !Ref OnlyProd}
      Queue: {Value: !GetAtt Always.Arn, Export: {Name: !Sub "${AWS::StackName}-queue"}}
"""


def test_resources_whose_condition_is_false_by_default_are_left_out_and_unknown_ones_kept(read: Any) -> None:
    project = read(TEMPLATE)
    assert list(project.resources) == ["F", "Perhaps", "Always"]
    assert list(project.outputs) == ["Queue"]
    assert project.resources["Perhaps"].attributes == {"Condition": "HasVpc"}


def test_a_given_parameter_decides_otherwise(read: Any) -> None:
    project = read(TEMPLATE, params={"Stage": "prod", "Vpc": "", "Key": "arn:aws:kms:eu-west-1:123456789012:key/1"})
    assert list(project.resources) == ["F", "OnlyProd", "Always"]
    (function,) = project.functions
    assert str(function.environment["MODE"]) == "live"
    assert function.settings == {"memorySize": 1024, "kmsKeyArn": {"Ref": "Key"}}


def test_values_are_those_of_the_defaults_and_what_is_unknown_says_why(read: Any) -> None:
    (function,) = read(TEMPLATE).functions
    assert {name: str(value) for name, value in function.environment.items() if not value.unknowns} == {
        "MODE": "test", "ZONES": "a+b", "OTHER": "fallback",
    }  # fmt: skip
    (unknown,) = function.environment["NET"].unknowns
    assert unknown.reason == "the condition HasVpc chooses inside or outside at deployment"
    assert function.settings["memorySize"] == 128
    assert "kmsKeyArn" not in function.settings
    assert function.settings["vpc"] == {"Fn::If": ["HasVpc", {"SubnetIds": ["s"]}, {"Ref": "AWS::NoValue"}]}


def test_an_import_of_what_the_template_exports_itself_is_the_value(read: Any) -> None:
    project = read(
        TEMPLATE.replace("NET: !If [HasVpc, inside, outside]", 'Q: !ImportValue {"Fn::Sub": "${AWS::StackName}-queue"}')
    )
    assert str(project.functions[0].environment["Q"]) == "${Always.Arn}"


def test_exports_that_import_each_other_end(read: Any) -> None:
    project = read(
        """
        Resources:
          Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue a}}
        Outputs:
          A: {Value: !Join ["", [!ImportValue b, !ImportValue b]], Export: {Name: a}}
          B: {Value: !Join ["", [!ImportValue a, !ImportValue a]], Export: {Name: b}}
        """
    )
    assert list(project.resources) == ["Q"]


def test_the_region_is_told_by_the_user_only(read: Any) -> None:
    template = """
        Conditions: {Here: !Equals [!Ref AWS::Region, eu-west-1]}
        Resources:
          Q: {Type: AWS::SQS::Queue, Condition: Here}
    """
    assert list(read(template).resources) == ["Q"]
    assert list(read(template, region="eu-west-1").resources) == ["Q"]
    assert list(read(template, region="us-west-2").resources) == []


def test_conditions_that_multiply_at_every_step_are_told_once_each(read: Any) -> None:
    conditions = "".join(f"  C{n}: !And [{', '.join([f'!Condition C{n - 1}'] * 9)}]\n" for n in range(1, 18))
    template = f"Conditions:\n  C0: !Equals [a, b]\n{conditions}Resources:\n"
    assert read(template + "  Q: {Type: AWS::SQS::Queue, Condition: C17}\n").resources == {}


def test_conditions_that_lead_back_to_themselves_are_told_and_what_only_uses_them_is_not(read: Any) -> None:
    project = read("""
        Conditions:
          One: !Not [!Condition Other]
          Other: !And [!Condition One, !Condition User]
          User: !Equals [a, a]
          Uses: !Or [!Condition One, !Condition User]
          Itself: !Condition Itself
        Resources:
          Topic: {Type: AWS::SNS::Topic, Condition: One}
    """)
    assert [(one.code, one.place and one.place.line) for one in project.findings] == [
        ("condition-cycle", 2), ("condition-cycle", 3), ("condition-cycle", 6),
    ]  # fmt: skip
    assert list(project.resources) == ["Topic"]


def test_undeclared_conditions_and_what_is_no_condition_are_told(read: Any) -> None:
    project = read("""
        Conditions:
          Bad: 5
          Prod: !And [!Condition Missing, !Equals [!Ref Nowhere, a]]
        Resources:
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: !If [Absent, a, b]
    """)
    assert {(one.code, one.place and one.place.line) for one in project.findings} == {
        ("wrong-type", 2), ("condition-unknown", 3), ("reference-unknown", 3), ("condition-unknown", 8),
    }  # fmt: skip


def test_a_chain_of_ten_thousand_conditions_ends_quickly(read: Any) -> None:
    chain = "\n".join(f"  C{number}: !Condition C{(number + 1) % 10_000}" for number in range(10_000))
    project = read(f"Conditions:\n{chain}\nResources: {{Topic: {{Type: AWS::SNS::Topic}}}}\n")
    assert len(project.findings) == 10_000
