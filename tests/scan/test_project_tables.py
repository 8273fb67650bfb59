"""What ``scopedown project`` prints: nothing that a reader cannot use, nothing cut where it matters."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.scan.forms.project_table import print_project
from scopedown.scan.forms.unresolved_values import open_values

TEMPLATE = """\
Resources:
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: app.save
      Code: {S3Bucket: "{{resolve:ssm:/bucket}}", S3Key: code.zip}
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          TABLE: orders
          SECRET: "key-{{resolve:secretsmanager:shop}}"
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: sqs:SendMessage
                Resource:
                  Fn::Sub: ["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${queue}", {queue: jobs}]
"""


def shown(folder: Path) -> str:
    (folder / "template.yaml").write_text(TEMPLATE, "utf-8")
    stream = io.StringIO()
    print_project(load_project(folder, Options()), Console(file=stream, width=80))
    return stream.getvalue()


def test_a_statement_s_resource_and_a_managed_policy_are_shown_to_their_ends(tmp_path: Path) -> None:
    text = shown(tmp_path)
    assert "on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs  template.yaml:23:17" in text
    assert "policy/service-role/AWSLambdaVPCAccessExecutionRole\n" in text


def test_statements_say_who_added_them_only_where_they_differ(tmp_path: Path) -> None:
    assert "role Role  1 statement\n" in shown(tmp_path)


def test_what_is_not_known_of_a_value_is_no_wildcard(tmp_path: Path) -> None:
    text = shown(tmp_path)
    assert "  SECRET = key-?\n" in text and "  name ${AWS::StackName}-Save-*\n" in text


def test_an_open_variable_is_told_at_its_place_and_where_a_package_goes_is_not(tmp_path: Path) -> None:
    shown(tmp_path)
    project = load_project(tmp_path, Options())
    assert [(one.path, str(one.place)) for one in open_values(project)] == [
        ("Save.environment.SECRET", "template.yaml:12:11")
    ]


def test_statements_of_a_plugin_are_said_to_be_of_it_by_name(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def save(event, context): pass\n", "utf-8")
    (tmp_path / "serverless.yml").write_text(
        "service: shop\nprovider: {name: aws, runtime: python3.12}\nplugins: [serverless-lift]\n"
        "constructs: {jobs: {type: queue, worker: {handler: app.save}}}\nfunctions: {save: {handler: app.save}}\n",
        "utf-8",
    )
    stream = io.StringIO()
    print_project(load_project(tmp_path, Options()), Console(file=stream, width=80))
    assert "of the framework, 1 of serverless-lift)" in stream.getvalue()
