"""``scopedown write`` changes files that every deployment shares: what one decides and another may decide otherwise (a
condition, a parameter, a mapping) neither goes nor is written as it is here."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Env: {Type: String, Default: dev}, Effect: {Type: String, Default: Allow}}
Mappings: {M: {dev: {e: Allow, b: devbucket}, prod: {e: Deny, b: prodbucket}}}
Conditions: {Prod: !Equals [!Ref Env, prod]}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: a.h
      CodeUri: .
"""
GET = 'import boto3, os\ndef h(event, context):\n    boto3.client("s3").get_object(Bucket=%s, Key="a")\n'
ALL = "{Effect: Allow, Action: 's3:*', Resource: '*'}"
DROP = "Action: 'dynamodb:DeleteTable', Resource: '*'}"


def template(folder: Path, rest: str, bucket: str = '"b"', parameters: str = "") -> str:
    """The template as ``write`` leaves it."""
    (folder / "a.py").write_text(GET % bucket)
    (folder / "template.yaml").write_text(HEAD.replace("Env:", f"{parameters}Env:", 1) + rest)
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return (folder / "template.yaml").read_text()


@pytest.mark.parametrize(
    "statement",
    [
        f"{{Effect: !If [Prod, Deny, Allow], {DROP}",
        f"{{Effect: !FindInMap [M, !Ref Env, e], {DROP}",
        f"{{Effect: !Ref Effect, {DROP}",
        f"!If [Prod, {{Effect: Deny, {DROP}, !Ref AWS::NoValue]",
        f"!If [Prod, {{Effect: Deny, {DROP}, {{Effect: Allow, Action: 'sqs:*', Resource: '*'}}]",
    ],
)
def test_a_statement_that_may_deny_in_another_deployment_stays(tmp_path: Path, statement: str) -> None:
    rest = f"      Policies:\n        - Statement:\n            - {ALL}\n            - {statement}\n"
    text = template(tmp_path, rest)
    assert statement in text
    assert "s3:*" not in text and "s3:GetObject" in text


@pytest.mark.parametrize("bucket", ["!FindInMap [M, !Ref Env, b]", "!If [Prod, prodbucket, devbucket]"])
def test_a_name_that_differs_by_deployment_is_not_written_as_it_is_here(tmp_path: Path, bucket: str) -> None:
    rest = f"      Environment: {{Variables: {{B: {bucket}}}}}\n      Policies: [{{Statement: [{ALL}]}}]\n"
    text = template(tmp_path, rest, 'os.environ["B"]')
    assert "s3:::devbucket" not in text
    assert "s3:GetObject" in text and "s3:::*/a" in text


def test_a_statement_that_a_condition_chooses_is_not_counted_on(tmp_path: Path) -> None:
    get = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
    rest = f"      Policies: [{{Statement: [{ALL}, !If [Prod, {get}, !Ref AWS::NoValue]]}}]\n"
    text = template(tmp_path, rest)
    assert "s3:::b/a" in text and get in text and "s3:*" not in text


def test_a_policy_under_a_condition_is_not_counted_on(tmp_path: Path) -> None:
    policy = f"""  P:
    Type: AWS::IAM::Policy
    Condition: Prod
    Properties: {{PolicyName: p, Roles: [!Ref ARole], PolicyDocument: {{Statement: [{ALL}]}}}}
"""
    text = template(tmp_path, f"      Policies: [{{Statement: [{ALL}]}}]\n{policy}")
    assert text.endswith(policy) and text.count("s3:*") == 1 and "s3:::b/a" in text


def test_what_a_nested_stack_is_given_at_deployment_is_not_its_default(tmp_path: Path) -> None:
    call = 'client("mediaconvert").create_job(Role=os.environ["ROLE"], Settings={}, Queue="q")'
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nParameters: {RoleArn: {Type: String, Default: ''}}\n"
        "Resources:\n  Sub:\n    Type: AWS::Serverless::Application\n"
        "    Properties: {Location: ./sub/template.yaml, Parameters: {RoleArn: !Ref RoleArn}}\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(f"import boto3, os\ndef h(event, context):\n    boto3.{call}\n")
    (tmp_path / "sub" / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nParameters: {RoleArn: {Type: String}}\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Handler: a.h\n"
        "      CodeUri: .\n      Environment: {Variables: {ROLE: !Ref RoleArn}}\n      Policies:\n"
        "        - Statement:\n            - {Effect: Allow, Action: 'iam:PassRole', Resource: !Ref RoleArn}\n"
        "            - {Effect: Allow, Action: 'mediaconvert:*', Resource: '*'}\n"
    )
    run("--yes", command="write", cwd=tmp_path)
    text = (tmp_path / "sub" / "template.yaml").read_text()
    assert "iam:PassRole" in text and "mediaconvert:CreateJob" in text and "mediaconvert:*" not in text


def test_a_parameter_that_decides_which_code_runs_keeps_its_value(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(GET % '"b"')
    (tmp_path / "template.yaml").write_text(
        HEAD.replace("python3.12", "!Ref Python").replace("Env:", "Python: {Type: String, Default: python3.12}, Env:")
        + f"      Policies: [{{Statement: [{ALL}]}}]\n"
    )
    run("--yes", command="write", cwd=tmp_path)
    assert "s3:::b/a" in (tmp_path / "template.yaml").read_text()


SERVICE = """service: shop
provider:
  name: aws
  runtime: python3.12
  stage: ${opt:stage, 'dev'}
"""
ROLE = "  iam:\n    role:\n      statements:\n        - {Effect: Allow, Action: 's3:*', Resource: '*'}\n"
FUNCTIONS = "functions:\n  a: {handler: a.h}\n"


def service(folder: Path, text: str, bucket: str = 'os.environ["B"]') -> str:
    """A Serverless project's file as ``write`` leaves it."""
    (folder / "a.py").write_text(GET % bucket)
    (folder / "serverless.yml").write_text(text)
    ran = run("--yes", "--shared", command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return (folder / "serverless.yml").read_text()


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        ("${self:custom.b.${sls:stage}}", "custom: {b: {dev: devbucket, prod: prodbucket}}\n"),
        ("${self:custom.b.${sls:stage}, 'other'}", "custom: {b: {prod: prodbucket}}\n"),
        ("${param:b}", "params: {dev: {b: devbucket}, prod: {b: prodbucket}}\n"),
        ("${env:BUCKET, 'devbucket'}", ""),
        ("${opt:bucket, 'devbucket'}", ""),
    ],
)
def test_a_name_that_differs_by_stage_is_written_as_its_variable(tmp_path: Path, variable: str, values: str) -> None:
    environment = f'  environment: {{B: "{variable}"}}\n'
    text = service(tmp_path, SERVICE + environment + ROLE + FUNCTIONS + values)
    assert f":s3:::{variable}/a" in text.replace("''", "'") and "s3:*" not in text


def test_a_name_that_a_file_of_each_stage_holds_is_not_written_as_it_is_here(tmp_path: Path) -> None:
    (tmp_path / "env.dev.yml").write_text("B: devbucket\n")
    (tmp_path / "env.prod.yml").write_text("B: prodbucket\n")
    text = service(tmp_path, SERVICE + "  environment: ${file(env.${sls:stage}.yml)}\n" + ROLE + FUNCTIONS)
    assert "s3:::*/a" in text and "devbucket" not in text


def test_a_statement_whose_effect_differs_by_stage_stays(tmp_path: Path) -> None:
    drop = "        - {Effect: '${self:custom.e.${sls:stage}}', Action: 'dynamodb:DeleteTable', Resource: '*'}\n"
    text = service(tmp_path, SERVICE + ROLE + drop + FUNCTIONS + "custom: {e: {dev: Allow, prod: Deny}}\n", '"b"')
    assert drop in text and "s3:::b/a" in text and "s3:*" not in text


def test_a_condition_on_the_stage_is_not_decided(tmp_path: Path) -> None:
    drop = "{Effect: !If [Prod, Deny, Allow], Action: 'dynamodb:DeleteTable', Resource: '*'}"
    conditions = "resources: {Conditions: {Prod: !Equals ['${sls:stage}', prod]}}\n"
    text = service(tmp_path, SERVICE + ROLE + f"        - {drop}\n" + FUNCTIONS + conditions, '"b"')
    assert drop in text and "s3:*" not in text


def test_a_variable_that_decides_which_code_runs_keeps_its_value(tmp_path: Path) -> None:
    runtime = SERVICE.replace("python3.12", "${env:RUNTIME, 'python3.12'}")
    assert "s3:::b/a" in service(tmp_path, runtime + ROLE + FUNCTIONS, '"b"')


def test_a_statement_on_another_parameter_may_be_the_grant(tmp_path: Path) -> None:
    call = 'boto3.client("events").put_events(Entries=[{"EventBusName": os.environ["B"]}])'
    condition = "Condition: {StringEquals: {'events:source': a}}"
    put = f"{{Effect: Allow, Action: 'events:PutEvents', Resource: !Ref Bus, {condition}}}"
    text = template(
        tmp_path,
        f"      Environment: {{Variables: {{B: !Ref Name}}}}\n      Policies: [{{Statement: [{ALL}, {put}]}}]\n",
        f'"b", Key="a")\n    {call}\n    dict(A=1',
        "Bus: {Type: String}, Name: {Type: String}, ",
    )
    assert put in text and "s3:*" not in text


def test_a_name_of_a_stage_may_be_one_that_a_statement_names(tmp_path: Path) -> None:
    role = ROLE.replace("'s3:*', Resource: '*'", "'s3:*', Resource: 'arn:aws:s3:::prodbucket/*'")
    other = "        - {Effect: Allow, Action: '${param:action}', Resource: '*'}\n"
    rest = (
        FUNCTIONS + "params: {dev: {b: devbucket, action: 's3:PutObject'}, prod: {b: prodbucket, action: 's3:Get*'}}\n"
    )
    text = service(tmp_path, SERVICE + "  environment: {B: '${param:b}'}\n" + role + other + rest)
    assert other in text and "s3:*" not in text
    assert "s3:GetObject" in text and "arn:aws:s3:::prodbucket/*" in text


def test_a_file_of_two_projects_is_changed_for_one_of_them(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Sub:\n    Type: AWS::Serverless::Application\n"
        "    Properties: {Location: ./sub/template.yaml}\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(GET % '"b"')
    (tmp_path / "sub" / "template.yaml").write_text(HEAD + f"      Policies: [{{Statement: [{ALL}]}}]\n")
    ran = run("--diff", "--recursive", command="write", cwd=tmp_path)
    assert ran.stdout.count("+++ b/sub/template.yaml") == 1
    assert "sub/template.yaml was changed for" in ran.stderr or "template.yaml was changed for" in ran.stderr
