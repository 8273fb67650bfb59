"""Plain templates with transforms: loops and included files are expanded, macros are named, SAM's children are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options

TOPICS = """\
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "a, b"}}
Conditions:
  Fn::ForEach::Wanted: [Name, !Ref Names, {"Wants${Name}": !Equals [!Ref Name, b]}]
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic${Name}:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !Sub "${Name}-topic"}
Outputs:
  Fn::ForEach::Arns: [Name, [a], {"Arn${Name}": {Value: !GetAtt [!Sub "Topic${Name}", TopicArn]}}]
"""


def read(folder: Path, template: str, files: dict[str, str] | None = None, **options: object) -> Project:
    for name, text in {"template.yaml": template, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load_project(folder, Options(**options))  # type: ignore[arg-type]


def told(project: Project) -> list[tuple[str, str]]:
    return [(one.code, str(one.place)) for one in project.findings]


def test_a_loop_makes_resources_conditions_and_outputs(tmp_path: Path) -> None:
    project = read(tmp_path, TOPICS)
    assert told(project) == []
    assert {id: one.properties["TopicName"] for id, one in project.resources.items()} == {
        "Topica": "a-topic", "Topicb": "b-topic",
    }  # fmt: skip
    assert list(project.conditions) == ["Wantsa", "Wantsb"]
    assert project.outputs == {"Arna": {"Value": {"Fn::GetAtt": ["Topica", "TopicArn"]}}}
    assert project.resources["Topicb"].place == Place("template.yaml", 9, 7)


def test_a_loop_takes_the_user_s_values(tmp_path: Path) -> None:
    assert list(read(tmp_path, TOPICS, params={"Names": "x"}).resources) == ["Topicx"]


def test_a_loop_in_a_nested_stack_takes_what_its_parent_gives(tmp_path: Path) -> None:
    parent = """\
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: topics.yaml, Parameters: {Names: "q,r"}}}
"""
    project = read(tmp_path, parent, {"topics.yaml": TOPICS})
    assert list(project.resources) == ["Child", "Child/Topicq", "Child/Topicr"]


def test_a_loop_without_its_transform_is_told_and_read(tmp_path: Path) -> None:
    project = read(tmp_path, TOPICS.partition("\n")[2])
    assert [code for code, _ in told(project)] == ["loop-without-transform"]
    assert list(project.resources) == ["Topica", "Topicb"]


def test_an_included_file_s_resources_have_its_places(tmp_path: Path) -> None:
    template = """\
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
"""
    project = read(tmp_path, template, {"more.yaml": "Queue:\n  Type: AWS::SQS::Queue\n"})
    assert told(project) == []
    assert project.resources["Queue"].place == Place("more.yaml", 1, 1)


def test_macros_are_named_wherever_they_stand_and_their_references_are_not_doubted(tmp_path: Path) -> None:
    template = """\
Transform: [Company::Tags, AWS::LanguageExtensions]
Resources:
  Whole:
    Fn::Transform: {Name: MakesAll}
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Ref MadeByMakesAll
      Fn::Transform: {Name: MakesSome, Parameters: {A: b}}
"""
    project = read(tmp_path, template)
    assert [(one.code, str(one.place), one.message.split()[6].rstrip(",")) for one in project.findings] == [
        ("macro-not-run", "template.yaml:1:1", "Company::Tags"),
        ("macro-not-run", "template.yaml:4:5", "MakesAll"),
        ("macro-not-run", "template.yaml:9:7", "MakesSome"),
    ]
    assert list(project.resources) == ["Topic"]


@pytest.mark.parametrize("framework", ["cloudformation", "sam"])
def test_a_nested_stack_that_is_sam_s_is_read_whatever_nests_it(framework: str, tmp_path: Path) -> None:
    head = "Transform: AWS::Serverless-2016-10-31\n" if framework == "sam" else ""
    parent = f"""\
{head}Resources:
  Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child/sam.yaml, Parameters: {{Queue: jobs}}}}}}
"""
    child = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Queue: {Type: String}}
Resources:
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.save
      CodeUri: src
      Environment: {Variables: {QUEUE: !Ref Queue}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !Ref Queue}}]
"""
    files = {"child/sam.yaml": child, "child/src/app.py": "def save(event, context): pass\n"}
    project = read(tmp_path, parent, files)
    assert project.framework == framework and told(project) == []
    (function,) = project.functions
    assert function.handler is not None and function.handler.file == "child/src/app.py"
    assert str(function.environment["QUEUE"]) == "jobs"
    (statement,) = project.roles[function.role].statements
    assert statement.place == Place("child/sam.yaml", 11, 18)


def test_sam_s_types_without_sam_s_transform_are_told_once_and_read_as_sam_s(tmp_path: Path) -> None:
    one = "{Type: AWS::Serverless::SimpleTable}"
    project = read(tmp_path, f"Resources:\n  A: {one}\n  B: {one}\n")
    assert told(project) == [("transform-missing", "template.yaml:2:7")]
    assert {resource.type for resource in project.resources.values()} == {"AWS::DynamoDB::Table"}


def test_a_name_that_no_logical_id_may_have_is_told(tmp_path: Path) -> None:
    project = read(tmp_path, 'Resources:\n  Jobs/Queue: {Type: AWS::SQS::Queue}\n  "": {Type: AWS::SQS::Queue}\n')
    assert told(project) == [("logical-id-invalid", "template.yaml:2:3"), ("logical-id-invalid", "template.yaml:3:3")]
