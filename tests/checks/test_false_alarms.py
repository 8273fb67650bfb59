"""Where a rule cannot know, it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import problems_of, rules_of
from scopedown.project.load import Options

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: [ACTIONS], Resource: 'RESOURCE'}]}}
functions: {f: {handler: app.f}}
"""


def service(actions: str, resource: str = "*") -> str:
    return SERVICE.replace("ACTIONS", actions).replace("RESOURCE", resource)


def test_a_package_made_for_aws_that_was_not_read_may_need_what_seems_unused(tmp_path: Path) -> None:
    assert "SD201" in rules_of(tmp_path, service("'sqs:PurgeQueue'"), "import requests\ndef f(e, c): requests.get(e)\n")
    unread = "import amazon_queue_driver\ndef f(e, c): amazon_queue_driver.purge(e)\n"
    assert "SD201" not in rules_of(tmp_path, service("'sqs:PurgeQueue'"), unread)


def test_a_possible_call_may_need_what_seems_unused_or_too_wide(tmp_path: Path) -> None:
    code = 'def f(event, context):\n    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")\n'
    assert rules_of(tmp_path, service("'sqs:*'"), "import boto3\n" + code) & {"SD201", "SD203", "SD204"} == set()


def test_what_lambdas_documentation_asks_for_a_stream_is_not_unused(tmp_path: Path) -> None:
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
    text = service("'kinesis:DescribeStreamSummary', 'kinesis:SubscribeToShard'", stream)
    event = f"events: [{{stream: {{arn: '{stream}'}}}}]"
    assert "SD201" in rules_of(tmp_path, text)
    assert "SD201" not in rules_of(tmp_path, text.replace("app.f}", f"app.f, {event}}}"))


def test_a_role_of_a_stream_without_list_streams_is_no_lost_setting(tmp_path: Path) -> None:
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
    event = f"events: [{{stream: {{arn: '{stream}'}}}}]"
    text = service("'kinesis:DescribeStream'", stream).replace("app.f}", f"app.f, {event}}}")
    assert "SD102" not in rules_of(tmp_path, text)


@pytest.mark.parametrize("extension", [True, False])
def test_an_extension_in_a_layer_may_need_what_seems_unused(tmp_path: Path, extension: bool) -> None:
    (tmp_path / "layer" / ("extensions" if extension else "python")).mkdir(parents=True)
    text = service("'sqs:PurgeQueue'").replace("app.f}", "app.f, layers: [{Ref: OwnLambdaLayer}]}")
    assert ("SD201" in rules_of(tmp_path, text + "layers: {own: {path: layer}}\n")) is not extension


def test_a_need_that_is_not_known_may_be_what_a_reference_turns_out_to_be(tmp_path: Path) -> None:
    text = service("'dynamodb:GetItem'", "RESOURCE").replace("'RESOURCE'", "{'Fn::GetAtt': [T, Arn]}") + (
        "resources:\n  Resources:\n    T:\n      Type: AWS::DynamoDB::Table\n      Properties: {}\n"
    )
    code = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName=event["t"], Key={})\n'
    assert rules_of(tmp_path, text, code) & {"SD201", "SD202", "SD204"} == set()


TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
GET = 'import boto3, os\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName=TABLE, Key=event)\n'


def template(resource: str, condition: str = "", parameter: str = "{Type: String}") -> str:
    """A function with a role of its own and a parameter; its table's name is in TABLE."""
    return f"""\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Given: {parameter}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      Code: .
      Role: {{'Fn::GetAtt': [R, Arn]}}
      Environment: {{Variables: {{TABLE: {{Ref: Given}}}}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:GetItem
                Resource: {resource}
{condition}
"""


def told_of(folder: Path, text: str, table: str, **params: str) -> set[str]:
    return rules_of(folder, text, GET.replace("TABLE", table), "template.yaml", Options(params=params))


def test_a_parameter_may_be_the_resource_that_a_statement_names(tmp_path: Path) -> None:
    by_parameter = "os.environ['TABLE']"
    assert "SD101" not in told_of(tmp_path, template(TABLE_ARN), by_parameter)
    by_default = template(TABLE_ARN, parameter="{Type: String, Default: other}")
    assert "SD101" not in told_of(tmp_path, by_default, by_parameter)
    assert "SD101" in told_of(tmp_path, by_default, by_parameter, Given="other")


def test_a_statement_on_a_parameter_may_name_the_resource_that_is_needed(tmp_path: Path) -> None:
    given = "{'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Given}'}"
    assert "SD101" not in told_of(tmp_path, template(given), "'orders'")
    assert "SD101" in told_of(tmp_path, template(given.replace("table/", "global-table/")), "'orders'")


def test_a_condition_may_hold(tmp_path: Path) -> None:
    tagged = "                Condition: {StringEquals: {'aws:PrincipalTag/team': 'shop'}}"
    assert "SD101" not in told_of(tmp_path, template(TABLE_ARN, tagged), "'orders'")
    assert "SD101" in told_of(tmp_path, template(TABLE_ARN, tagged), "'invoices'")


@pytest.mark.parametrize(
    ("action", "resource", "idle"),
    [
        ("sns:ListTopics", "arn:aws:sns:*:*:*", False),
        ("dynamodb:ListTables", "arn:aws:dynamodb:us-east-1:*:table/*", False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", False),
        ("dynamodb:ListTables", "arn:aws:dynamodb:us-east-1:*:table/orders-*", True),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::files/*", True),
        ("ec2:DescribeVpcs", "arn:aws:ec2:*:*:*/*", True),
    ],
)
def test_what_has_no_resource_may_be_asked_on_everything_of_its_service(
    tmp_path: Path, action: str, resource: str, idle: bool
) -> None:
    assert ("SD405" in rules_of(tmp_path, service(f"'{action}'", resource))) is idle


def test_what_a_query_does_for_the_caller_is_not_unused(tmp_path: Path) -> None:
    text = service("'athena:StartQueryExecution', 'glue:GetTable', 's3:GetObject', 's3:DeleteBucket'")
    query = (
        'import boto3\ndef f(event, context):\n    boto3.client("athena").start_query_execution(QueryString=event)\n'
    )
    found = problems_of(tmp_path, text, query)
    assert [one.about for one in found if one.rule == "SD201"] == ["s3:DeleteBucket on *"]


def test_whoever_makes_stacks_with_its_own_permissions_may_need_anything(tmp_path: Path) -> None:
    code = 'import boto3\ndef f(event, context):\n    boto3.client("cloudformation").create_stack(StackName="s")\n'
    assert "SD201" not in rules_of(tmp_path, service("'cloudformation:CreateStack', 'sqs:CreateQueue'"), code)


def test_a_direct_read_of_a_mounted_file_system_of_s3_files_is_not_unused(tmp_path: Path) -> None:
    text = service("'s3files:ClientMount', 's3files:ClientWrite', 's3:GetObject'").replace(
        "app.f}",
        "app.f, vpc: {subnetIds: [s], securityGroupIds: [g]}, fileSystemConfig: {localMountPath: /mnt/a, arn: "
        "'arn:aws:s3files:us-east-1:123456789012:file-system/fs-1/access-point/a'}}",
    )
    assert rules_of(tmp_path, text) & {"SD102", "SD201", "SD202"} == set()


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      CodeUri: .
      Policies:
        - DynamoDBCrudPolicy: {TableName: TABLE}
"""


@pytest.mark.parametrize(("table", "told_"), [("orders", False), ("invoices", True)])
def test_of_a_policy_template_no_resource_is_told_unless_all_are_unused(
    tmp_path: Path, table: str, told_: bool
) -> None:
    assert ("SD202" in told_of(tmp_path, SAM.replace("TABLE", table), "'orders'")) is told_


def test_a_state_machine_by_its_name_is_the_one_by_its_reference(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      CodeUri: .
      Environment: {Variables: {MACHINE: {'Fn::GetAtt': [M, Arn]}}}
      Policies:
        - StepFunctionsExecutionPolicy: {StateMachineName: {'Fn::GetAtt': [M, Name]}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Role: arn:aws:iam::123456789012:role/r
"""
    code = (
        "import boto3, os\ndef f(event, context):\n"
        '    boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["MACHINE"])\n'
    )
    assert rules_of(tmp_path, text, code, "template.yaml") & {"SD101", "SD202"} == set()


def test_interfaces_of_every_kind_are_allowed_by_all_of_their_arns(tmp_path: Path) -> None:
    role = """\
resources:
  Resources:
    R:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument: {}
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement:
                - Effect: Allow
                  Action: ['ec2:*']
                  Resource: {'Fn::Sub': 'arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:*/*'}
"""
    network = "app.f, role: R, vpc: {subnetIds: [s], securityGroupIds: [g]}}"
    found = problems_of(tmp_path, service("'sqs:ListQueues'").replace("app.f}", network) + role)
    (message,) = [one.message for one in found if one.rule == "SD102"]
    assert "ec2:DescribeNetworkInterfaces" in message and "ec2:CreateNetworkInterface" not in message


def test_one_parameter_in_both_is_the_same_in_both(tmp_path: Path) -> None:
    named = "{'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Given}-orders'}"
    assert "SD101" not in told_of(tmp_path, template(named), "os.environ['TABLE'] + '-orders'")
    assert "SD101" in told_of(tmp_path, template(named), "os.environ['TABLE'] + '-invoices'")


@pytest.mark.parametrize(
    ("resource", "lost"),
    [
        ("{'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${T}/stream/*'}", False),
        ("{'Fn::Sub': '${T.Arn}/stream/*'}", False),
        ("{'Fn::GetAtt': [T, StreamArn]}", False),
        ("{'Fn::Sub': '${T.Arn}/index/*'}", True),
    ],
)
def test_a_tables_stream_by_the_tables_name_is_its_stream(tmp_path: Path, resource: str, lost: bool) -> None:
    role = f"""\
resources:
  Resources:
    T: {{Type: 'AWS::DynamoDB::Table', Properties: {{StreamSpecification: {{StreamViewType: NEW_IMAGE}}}}}}
    R:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument: {{}}
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement:
                - Effect: Allow
                  Action: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream']
                  Resource: {resource}
"""
    event = "app.f, role: R, events: [{stream: {type: dynamodb, arn: {'Fn::GetAtt': [T, StreamArn]}}}]}"
    found = rules_of(tmp_path, service("'sqs:ListQueues'").replace("app.f}", event) + role)
    assert ("SD102" in found) is lost and ("SD202" in found) is lost


def test_a_policy_template_in_a_mapping_is_a_template_too(tmp_path: Path) -> None:
    mapping = SAM.replace(
        "        - DynamoDBCrudPolicy: {TableName: TABLE}", "        DynamoDBCrudPolicy: {TableName: orders}"
    )
    found = problems_of(tmp_path, mapping, GET.replace("TABLE", "'orders'"), "template.yaml")
    assert [(one.rule, one.place.line) for one in found] == [("SD201", 10)]
    assert found[0].fix is None


@pytest.mark.parametrize(("name", "told_"), [("jobs", False), ("'job*'", True)])
def test_a_wildcard_that_a_policy_template_has_is_not_the_projects(tmp_path: Path, name: str, told_: bool) -> None:
    text = SAM.replace(
        "- DynamoDBCrudPolicy: {TableName: TABLE}", f"- LambdaInvokePolicy:\n            FunctionName: {name}"
    )
    code = 'import boto3\ndef f(event, context):\n    boto3.client("lambda").invoke(FunctionName="jobs")\n'
    assert ("SD204" in rules_of(tmp_path, text, code, "template.yaml")) is told_


def test_of_a_policy_template_of_which_a_part_is_not_known_nothing_is_told(tmp_path: Path) -> None:
    label = "{'Fn::Select': [3, {'Fn::Split': ['/', {'Fn::GetAtt': [T, StreamArn]}]}]}"
    text = f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  T: {{Type: 'AWS::DynamoDB::Table', Properties: {{StreamSpecification: {{StreamViewType: NEW_IMAGE}}}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.f
      Runtime: python3.12
      CodeUri: .
      Policies:
        - DynamoDBStreamReadPolicy: {{TableName: {{Ref: T}}, StreamName: {label}}}
      Events:
        S: {{Type: DynamoDB, Properties: {{Stream: {{'Fn::GetAtt': [T, StreamArn]}}, StartingPosition: LATEST}}}}
"""
    assert "SD202" not in rules_of(tmp_path, text, name="template.yaml")


def test_the_habitual_rights_of_log_groups_are_no_finding(tmp_path: Path) -> None:
    text = service("'logs:CreateLogGroup', 'logs:TagResource'", "arn:aws:logs:*:*:*")
    assert rules_of(tmp_path, text) == set()
    assert "SD201" in rules_of(tmp_path, text.replace("app.f}", "app.f, disableLogs: true}"))
