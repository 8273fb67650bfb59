"""Nested stacks: one tree of all local templates, with what they give each other."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place

PARENT = """
    Parameters:
      Stage: {Type: String, Default: dev}
    Resources:
      Storage:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: ./stacks/storage.yaml
          Parameters: {Name: !Sub "orders-${Stage}", Zones: !Join [",", [a, !Ref Stage]]}
      Api:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: stacks/api.yaml
          Parameters: {TableName: !GetAtt Storage.Outputs.Table, Key: !Ref Key}
      Key: {Type: AWS::KMS::Key}
    Outputs:
      Table: {Value: !Sub "${Storage.Outputs.Table}!"}
"""
STORAGE = """
    Parameters:
      Name: {Type: String}
      Zones: {Type: CommaDelimitedList}
      Mode: {Type: String, Default: PAY_PER_REQUEST}
    Conditions:
      OnDemand: !Equals [!Ref Mode, PAY_PER_REQUEST]
    Resources:
      Table:
        Type: AWS::DynamoDB::Table
        DependsOn: Topic
        Properties: {TableName: !Ref Name, BillingMode: !Ref Mode, Zones: !Ref Zones}
      Topic:
        Type: AWS::SNS::Topic
        Condition: OnDemand
        Properties: {TopicName: !Sub "${Name}-${AWS::StackName}-${Table.Arn}"}
    Outputs:
      Table: {Value: !Ref Table}
"""
API = """
    Parameters:
      TableName: {Type: String}
      Key: {Type: String}
    Resources:
      F:
        Type: AWS::Lambda::Function
        Properties:
          Code: ../src
          Handler: app.main
          Runtime: python3.12
          Role: !GetAtt Role.Arn
          KmsKeyArn: !Ref Key
          Environment: {Variables: {TABLE: !Ref TableName}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          Policies:
            - PolicyDocument:
                Statement:
                  - {Effect: Allow, Action: "dynamodb:*", Resource: !Sub "arn:aws:dynamodb:*:*:table/${TableName}"}
"""
FILES = {"stacks/storage.yaml": STORAGE, "stacks/api.yaml": API, "src/app.py": "def main(): pass\n"}


def test_nested_stacks_are_one_project(read: Any) -> None:
    project = read(PARENT, FILES)
    assert project.findings == ()
    assert list(project.resources) == [
        "Storage", "Api", "Key", "Storage/Table", "Storage/Topic", "Api/F", "Api/Role",
    ]  # fmt: skip
    (function,) = project.functions
    assert (function.key, function.role) == ("Api/F", "Api/Role")
    assert function.handler is not None
    assert (function.handler.file, function.handler.root) == ("src/app.py", "src")
    assert str(function.environment["TABLE"]) == "${Storage/Table}"
    assert function.settings["kmsKeyArn"] == {"Ref": "Key"}
    assert function.place == Place("stacks/api.yaml", 5, 3)


def test_a_child_sees_what_its_parent_gives(read: Any) -> None:
    project = read(PARENT, FILES)
    table = project.resources["Storage/Table"]
    assert table.properties["TableName"] == {"Fn::Sub": "orders-${Stage}"}
    assert table.properties["BillingMode"] == {"Ref": "Storage/Mode"}
    assert table.properties["Zones"] == ["a", {"Ref": "Stage"}]
    assert table.attributes["DependsOn"] == "Storage/Topic"
    assert sorted(project.parameters) == ["Stage", "Storage/Mode"]
    assert project.resources["Storage/Topic"].attributes["Condition"] == "Storage/OnDemand"
    (statement,) = project.roles["Api/Role"].statements
    assert statement.place == Place("stacks/api.yaml", 20, 17)
    assert statement.statement["Resource"] == {
        "Fn::Sub": ["arn:aws:dynamodb:*:*:table/${TableName}", {"TableName": {"Ref": "Storage/Table"}}]
    }


def test_a_nested_stacks_own_name_is_not_the_parents(read: Any) -> None:
    template = PARENT.replace("TableName: !GetAtt Storage.Outputs.Table", "TableName: x")
    project = read(template, {**FILES, "stacks/api.yaml": API.replace("!Ref TableName", '!Sub "${AWS::StackName}"')})
    (unknown,) = project.functions[0].environment["TABLE"].unknowns
    assert unknown.reason == "AWS::StackName of the nested stack Api is known only at deployment"


def test_outputs_of_nested_stacks_stand_in_a_sub_as_well(read: Any) -> None:
    outputs = read(PARENT, FILES).outputs
    assert outputs["Table"]["Value"] == {
        "Fn::Sub": ["${Storage.Outputs.Table}!", {"Storage.Outputs.Table": {"Ref": "Storage/Table"}}]
    }
    assert outputs["Storage/Table"]["Value"] == {"Ref": "Storage/Table"}


def test_a_nested_stack_deploys_under_its_condition_only(read: Any) -> None:
    template = PARENT.replace("Resources:", "Conditions: {Prod: !Equals [!Ref Stage, prod]}\n    Resources:")
    template = template.replace("Storage:\n", "Storage:\n        Condition: Prod\n")
    assert [id for id in read(template, FILES).resources if id.startswith("Storage")] == []
    assert "Storage/Topic" in read(template, FILES, params={"Stage": "prod"}).resources


def test_a_template_that_nests_itself_ends_in_one_finding(read: Any) -> None:
    child = "Resources:\n  Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../template.yaml}}\n"
    project = read(PARENT, {**FILES, "stacks/api.yaml": child})
    (finding,) = [one for one in project.findings if one.code == "nested-stack-cycle"]
    assert finding.place == Place("stacks/api.yaml", 2, 58)


def test_outputs_that_lead_to_each_other_end(read: Any) -> None:
    project = read(
        """
        Resources:
          A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt B.Outputs.O}}}
          B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: c.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}
        """,
        {"c.yaml": "Parameters: {P: {Type: String}}\nResources: {}\nOutputs: {O: {Value: !Ref P}}\n"},
    )
    assert list(project.resources) == ["A", "B"]


def test_values_that_multiply_in_every_stack_end_in_one_error(read: Any) -> None:
    def stack(number: int, value: str) -> str:
        given = f"{{TemplateURL: s{number}.yaml, Parameters: {{P: {value}}}}}"
        return f"Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {given}}}\n"

    declared = "Parameters: {P: {Type: String}}\n"
    files = {f"s{n}.yaml": declared + stack(n + 1, '!Join ["", [!Ref P, !Ref P, !Ref P, !Ref P]]') for n in range(14)}
    with pytest.raises(ScopedownError, match="expands to more than") as caught:
        read(stack(0, "x"), {**files, "s14.yaml": declared + "Resources: {}\n"})
    assert caught.value.place == Place("template.yaml")


def test_missing_broken_and_remote_templates_are_told_where_they_are_named(read: Any) -> None:
    project = read(
        """
        Resources:
          Missing: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nowhere.yaml}}
          Broken: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: broken.yaml}}
          Remote: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://s3.amazonaws.com/b/t.yaml"}}
          Extra: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: empty.yaml, Parameters: {No: x}}}
          Queue: {Type: AWS::SQS::Queue}
        """,
        {"broken.yaml": "a: [", "empty.yaml": "Resources: {}\n"},
    )
    assert [(one.code, one.place.file, one.place.line) for one in project.findings if one.place] == [
        ("nested-stack-unread", "template.yaml", 2),
        ("nested-stack-unread", "broken.yaml", 2),
        ("nested-stack-not-local", "template.yaml", 4),
        ("parameter-unknown", "template.yaml", 5),
    ]
    assert "Queue" in project.resources


def test_stacks_that_are_nested_too_deeply_are_no_circle(read: Any) -> None:
    nested = "Resources: {{A: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: s{}.yaml}}}}}}\n"
    files = {f"s{number}.yaml": nested.format(number + 1) for number in range(30)}
    (finding,) = read(nested.format(0), files).findings
    assert finding.code == "nested-stack-unread" and "deeper than 20 levels" in finding.message


def test_more_stacks_than_an_account_holds_are_refused_quickly(read: Any) -> None:
    def nesting(file: str) -> str:
        stack = f"{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {file}}}}}"
        return "Resources:\n" + "".join(f"  A{number}: {stack}\n" for number in range(100))

    files = {"s.yaml": nesting("t.yaml"), "t.yaml": "Resources: {T: {Type: AWS::SNS::Topic}}\n"}
    with pytest.raises(ScopedownError, match="more than 2000 nested stacks"):
        read(nesting("s.yaml"), files)
