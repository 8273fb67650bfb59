"""``scopedown write`` takes nothing that may be needed, and adds nothing but what is certain and was lacking."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.project.load import Options, load_project

CONDITION = "{'ForAllValues:StringEquals': {'dynamodb:Attributes': [id]}}"


def service(statements: str, rest: str = "") -> str:
    return (
        f"service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {{role: {{statements: [{statements}]}}}}\n"
        f"functions: {{f: {{handler: app.f}}}}\n{rest}"
    )


def written(folder: Path, text: str, code: str, *options: str) -> tuple[dict[str, set[str]], str]:
    """The actions that the function's role allows of its own, each with its resources; and what was told."""
    (folder / "app.py").write_text(code)
    (folder / "serverless.yml").write_text(text)
    ran = run("--yes", "--shared", *options, command="write", cwd=folder)
    project = load_project(folder, Options())
    found: dict[str, set[str]] = {}
    for one in project.roles[project.functions[0].role].statements:
        if one.added_by == "project":
            actions, resources = one.statement["Action"], one.statement["Resource"]
            for action in actions if isinstance(actions, list) else [actions]:
                listed = resources if isinstance(resources, list) else [resources]
                found.setdefault(str(action), set()).update(map(str, listed))
    assert run("--diff", "--shared", *options, command="write", cwd=folder).stdout == ""
    return found, ran.stderr


def code(call: str) -> str:
    return f"import boto3\ndef f(event, context):\n    {call}\n"


def test_an_exact_resource_serves_a_need_on_one_that_is_not_known(tmp_path: Path) -> None:
    exact = "arn:aws:states:us-east-1:111122223333:stateMachine:letters"
    statement = f"{{Effect: Allow, Action: ['states:StartExecution', 'states:StopExecution'], Resource: '{exact}'}}"
    call = 'boto3.client("stepfunctions").start_execution(stateMachineArn=event["arn"])'
    assert written(tmp_path, service(statement), code(call))[0] == {"states:StartExecution": {exact}}


def test_nothing_is_written_beside_a_statement_with_a_condition(tmp_path: Path) -> None:
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/letters"
    statement = f"{{Effect: Allow, Action: 'dynamodb:GetItem', Resource: '{table}', Condition: {CONDITION}}}"
    call = f'boto3.client("dynamodb").get_item(TableName="{table}", Key=event)'
    found, told = written(tmp_path, service(statement), code(call))
    assert found == {"dynamodb:GetItem": {table}}
    assert "f needs dynamodb:GetItem" in told and "no statement was added" in told


PUT = 'boto3.client("s3").put_object(Bucket="b", Key="k", Body=b"")'


def test_what_is_needed_takes_the_place_of_everything_but_some_actions(tmp_path: Path) -> None:
    for statement in (
        "{Effect: Allow, NotAction: ['iam:*'], Resource: '*'}",
        "{Effect: Allow, Action: 's3:*', NotResource: 'arn:aws:s3:::c*'}",
    ):
        found, told = written(tmp_path, service(statement), code(PUT))
        assert set(found) == {"s3:PutObject"} and "kept" not in told


def test_a_statement_under_a_condition_goes_where_no_need_depends_on_it(tmp_path: Path) -> None:
    condition = "{StringEquals: {'aws:RequestedRegion': us-east-1}}"
    held = f"{{Effect: Allow, Action: 'dynamodb:*', Resource: '*', Condition: {condition}}}"
    found, _ = written(tmp_path, service(f"{{Effect: Allow, Action: 's3:*', Resource: '*'}}, {held}"), code(PUT))
    assert set(found) == {"s3:PutObject"}
    _, told = written(tmp_path, service(held.replace("dynamodb:*", "s3:Put*")), code(PUT))
    assert "it has a condition" in told and "no statement was added" in told


def test_everything_but_some_actions_stays_for_a_need_on_a_resource_that_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code('boto3.client("sqs").purge_queue(QueueUrl=event["queue"])'))
    (tmp_path / "serverless.yml").write_text(service("{Effect: Allow, NotAction: ['iam:*'], Resource: '*'}"))
    ran = run("--diff", "--shared", command="write", cwd=tmp_path)
    assert "it has NotAction" in ran.stderr and "-" not in {line[:1] for line in ran.stdout.splitlines()[2:]}


def test_a_need_on_a_resource_that_is_not_known_adds_no_wildcard(tmp_path: Path) -> None:
    statement = "{Effect: Allow, Action: 'sqs:ListQueues', Resource: '*'}"
    calls = 'boto3.client("sqs").list_queues(); boto3.client("sns").publish(TopicArn=event["t"], Message="")'
    found, told = written(tmp_path, service(statement), code(calls))
    assert found == {"sqs:ListQueues": {"*"}}
    assert "f needs sns:Publish on an unknown resource, and nothing was written for it" in told


def test_what_is_certain_and_lacking_is_added(tmp_path: Path) -> None:
    statement = "{Effect: Allow, Action: 'sqs:ListQueues', Resource: '*'}"
    calls = 'boto3.client("sqs").list_queues(); boto3.client("s3").list_objects_v2(Bucket="letters")'
    found, _ = written(tmp_path, service(statement), code(calls))
    assert set(found) == {"sqs:ListQueues", "s3:ListBucket"}


def test_each_function_keeps_its_own_needs_beside_what_it_inherits(tmp_path: Path) -> None:
    own = "{Effect: Allow, Action: ['sqs:ListQueues', 'sns:ListTopics'], Resource: '*'}"
    text = (
        "service: s\nplugins: [serverless-iam-roles-per-function]\nprovider:\n  name: aws\n  runtime: python3.12\n"
        "  iamRoleStatements:\n    - {Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}\nfunctions:\n"
        f"  f: {{handler: app.f, iamRoleStatementsInherit: true, iamRoleStatements: [{own}]}}\n"
        f"  g: {{handler: app.g, iamRoleStatementsInherit: true, iamRoleStatements: [{own}]}}\n"
    )
    (tmp_path / "app.py").write_text(
        code('boto3.client("sqs").list_queues()') + 'def g(event, context):\n    boto3.client("sns").list_topics()\n'
    )
    (tmp_path / "serverless.yml").write_text(text)
    told = run("--yes", command="write", cwd=tmp_path).stderr
    lists = load_project(tmp_path, Options()).roles
    allowed = {
        id: {str(one.statement["Action"]) for one in role.statements if one.added_by == "project"}
        for id, role in lists.items()
    }
    assert all("kms:Decrypt" in str(actions) for actions in allowed.values())
    assert any("sqs:ListQueues" in str(actions) and "sns:" not in str(actions) for actions in allowed.values()), told
    assert "several roles inherit or include" in told


def test_the_plugin_is_added_where_its_dialect_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code('boto3.client("sqs").list_queues()'))
    (tmp_path / "serverless.yml").write_text(service("{Effect: Allow, Action: 'sqs:*', Resource: '*'}"))
    told = run("--yes", "--dialect", "plugin", command="write", cwd=tmp_path).stderr
    text = (tmp_path / "serverless.yml").read_text()
    assert "serverless-iam-roles-per-function" in text and "iamRoleStatements" in text and "sqs:*" not in text
    assert "npm install --save-dev serverless-iam-roles-per-function" in told


def test_the_plugin_is_not_written_for_where_it_cannot_be_added(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code('boto3.client("sqs").list_queues()'))
    (tmp_path / "plugins.yml").write_text("- serverless-offline\n")
    text = service("{Effect: Allow, Action: 'sqs:*', Resource: '*'}", "plugins: '${file(plugins.yml)}'\n")
    (tmp_path / "serverless.yml").write_text(text)
    ran = run("--yes", "--dialect", "plugin", command="write", cwd=tmp_path)
    assert (tmp_path / "serverless.yml").read_text() == text and ran.returncode == 1


@pytest.mark.parametrize("split", ["!Split [',', !Join [',', [!Ref P, !ImportValue 'other:Arn']]]", "!Ref Policies"])
def test_policies_by_an_intrinsic_function_are_no_denial_and_nothing_is_added_for_them(
    tmp_path: Path, split: str
) -> None:
    (tmp_path / "app.py").write_text(code('boto3.client("s3").list_buckets()'))
    text = f"""\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Policies: {{Type: CommaDelimitedList}}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: [{{Effect: Allow, Action: ['s3:ListAllMyBuckets', 'logs:*'], Resource: '*'}}]}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]
      ManagedPolicyArns: {split}
  F:
    Type: AWS::Serverless::Function
    Properties: {{CodeUri: ., Handler: app.f, Runtime: python3.12, Role: !GetAtt R.Arn}}
"""
    (tmp_path / "template.yaml").write_text(text)
    assert run(command="check", cwd=tmp_path).returncode == 0
    run("--yes", command="write", cwd=tmp_path)
    assert (tmp_path / "template.yaml").read_text() == text


LOCAL_ONLY = """\
const { SQSClient, PurgeQueueCommand } = require("@aws-sdk/client-sqs");
const options = {};
if (process.env.LOCAL) {
  options.endpoint = "http://localhost:9324";
  options.credentials = { accessKeyId: "any", secretAccessKey: "any" };
}
const sqs = new SQSClient(options);
exports.f = async (event) => sqs.send(new PurgeQueueCommand({ QueueUrl: event.url }));
"""


@pytest.mark.parametrize("command", [("--yes", "write"), ("--fix", "check")])
def test_credentials_under_a_condition_take_no_right_away(tmp_path: Path, command: tuple[str, str]) -> None:
    option, name = command
    (tmp_path / "app.js").write_text(LOCAL_ONLY)
    text = service("{Effect: Allow, Action: ['sqs:PurgeQueue'], Resource: 'arn:aws:sqs:us-east-1:111122223333:jobs'}")
    (tmp_path / "serverless.yml").write_text(text.replace("python3.12", "nodejs20.x"))
    run("--yes", *([] if option == "--yes" else [option]), command=name, cwd=tmp_path)
    project = load_project(tmp_path, Options())
    role = project.roles[project.functions[0].role]
    assert any("sqs:PurgeQueue" in str(one.statement) for one in role.statements)


NESTED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.f
      Runtime: python3.12
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Policies: [{Statement: [{Effect: Allow, Action: 'sqs:PurgeQueue', Resource: !GetAtt Jobs.Arn}]}]
"""


def test_a_resource_of_a_nested_stack_is_the_one_that_its_own_role_names(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner/jobs.yaml}}\n"
    )
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "jobs.yaml").write_text(NESTED)
    call = 'boto3.client("sqs").purge_queue(QueueUrl=os.environ["JOBS"])'
    (tmp_path / "inner" / "app.py").write_text("import os\n" + code(call))
    checked = run("--fail-on", "note", command="check", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    assert run("--diff", command="write", cwd=tmp_path).stdout == ""


def test_too_many_roles_are_not_written_and_the_way_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code('boto3.client("sqs").list_queues()'))
    both = "functions: {f: {handler: app.f}, g: {handler: app.f}}"
    text = service("{Effect: Allow, Action: 'sqs:*', Resource: '*'}").replace("functions: {f: {handler: app.f}}", both)
    (tmp_path / "serverless.yml").write_text(text)
    room = 500 - len(load_project(tmp_path, Options()).deployed)
    text += "resources:\n  Resources:\n" + "".join(
        f"    T{number}: {{Type: AWS::SNS::Topic}}\n" for number in range(room)
    )
    (tmp_path / "serverless.yml").write_text(text)
    ran = run("--yes", command="write", cwd=tmp_path)
    assert (tmp_path / "serverless.yml").read_text() == text and ran.returncode == 1
    assert "CloudFormation allows 500 in one template" in ran.stderr and "--shared" in ran.stderr
    assert "write it by hand" not in ran.stderr
    assert "functions with equal needs one role" in ran.stderr
