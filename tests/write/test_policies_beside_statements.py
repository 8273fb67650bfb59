"""What a Serverless project's roles have beside their own statements: managed policies, policies that are resources,
tags, and policies without a statement, which IAM refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.project.load import Options, load_project

CODE = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
def idle(event, context):
    return 1
"""
HEAD = """\
service: notes
provider:
  name: aws
  runtime: python3.12
  environment: {TABLE: notes}
"""
FUNCTIONS = """\
functions:
  put: {handler: app.put}
  read: {handler: app.read}
"""
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = "arn:aws:iam::123456789012:policy/own"


def role_with(*lines: str) -> str:
    return "".join(["  iam:\n    role:\n", *(f"      {line}\n" for line in lines)])


def attached(type: str, more: str) -> str:
    return (
        "resources:\n  Resources:\n    Extra:\n"
        f"      Type: {type}\n      Properties:\n        {more}\n"
        "        PolicyDocument:\n          Version: '2012-10-17'\n          Statement:\n"
        "            - Effect: Allow\n              Action: sqs:SendMessage\n              Resource: '*'\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def write(folder: Path, text: str, *options: str, code: int = 0) -> str:
    """What is told of writing a project; writing it again changes nothing."""
    file = folder / "serverless.yml"
    file.write_text(text)
    ran = run("--yes", *options, command="write", cwd=folder)
    assert ran.returncode == code, ran.stderr
    after = file.read_bytes()
    assert "wrote" not in run("--yes", *options, command="write", cwd=folder).stderr
    assert file.read_bytes() == after
    return ran.stderr


def properties(folder: Path, role: str) -> Any:
    return load_project(folder, Options()).roles[role].properties


def actions(folder: Path, role: str) -> set[str]:
    found: set[str] = set()
    for one in load_project(folder, Options()).roles[role].statements:
        listed: Any = one.statement["Action"]
        found.update([listed] if isinstance(listed, str) else listed)
    return found


def test_a_role_without_a_need_has_no_policy(folder: Path) -> None:
    write(folder, HEAD + "functions:\n  idle: {handler: app.idle, disableLogs: true}\n")
    assert "Policies" not in properties(folder, "IdleRole")
    assert "AssumeRolePolicyDocument" in properties(folder, "IdleRole")


def test_a_role_without_a_policy_is_given_one_when_its_function_needs_it(folder: Path) -> None:
    write(folder, HEAD + "functions:\n  idle: {handler: app.idle, disableLogs: true}\n")
    after = (folder / "serverless.yml").read_text().replace("app.idle", "app.put")
    write(folder, after)
    assert actions(folder, "IdleRole") == {"dynamodb:PutItem"}
    assert [one["PolicyName"] for one in properties(folder, "IdleRole")["Policies"]] == ["scopedown"]


def test_a_policy_of_a_role_of_the_project_goes_with_its_last_statement(folder: Path) -> None:
    policy = (
        "        - PolicyName: {0}\n          PolicyDocument:\n            Version: '2012-10-17'\n"
        "            Statement:\n            - {{Effect: {1}, Action: 'sqs:*', Resource: '*'}}\n"
    )
    role = (
        "resources:\n  Resources:\n    Mine:\n      Type: AWS::IAM::Role\n      Properties:\n"
        "        AssumeRolePolicyDocument: {}\n        Policies:\n"
    ) + policy.format("first", "Allow")
    function = "functions:\n  idle: {handler: app.idle, disableLogs: true, role: Mine}\n"
    write(folder, HEAD + function + role)
    assert "Policies" not in properties(folder, "Mine")
    write(folder, HEAD + function + role + policy.format("second", "Deny"))
    assert [one["PolicyName"] for one in properties(folder, "Mine")["Policies"]] == ["second"]


def test_a_managed_policy_whose_actions_are_known_makes_place_and_others_stay_and_are_told(folder: Path) -> None:
    managed = role_with("managedPolicies:", f"  - {ADMINISTRATOR}", f"  - {OWN}")
    told = write(folder, HEAD + managed + FUNCTIONS)
    for role in ("PutRole", "ReadRole"):
        assert properties(folder, role)["ManagedPolicyArns"] == [OWN]
    assert f"kept: serverless.yml:7:5: PutRole, ReadRole: kept the policy {OWN}" in told
    assert ADMINISTRATOR not in (folder / "serverless.yml").read_text()


def test_managed_policies_of_the_role_that_functions_keep_sharing_are_judged_too(folder: Path) -> None:
    managed = role_with("managedPolicies:", f"  - {ADMINISTRATOR}", f"  - {OWN}")
    assert f"kept the policy {OWN}" in write(folder, HEAD + managed + FUNCTIONS, "--shared")
    assert properties(folder, "IamRoleLambdaExecution")["ManagedPolicyArns"] == [OWN]


def test_a_managed_policy_stays_where_an_unresolved_call_may_need_it(folder: Path) -> None:
    (folder / "app.py").write_text(CODE + "def some(event, context):\n    event['queue'].purge_queue(QueueUrl='q')\n")
    full = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    managed = role_with("managedPolicies:", f"  - {full}")
    told = write(folder, HEAD + managed + FUNCTIONS + "  some: {handler: app.some}\n")
    assert properties(folder, "SomeRole")["ManagedPolicyArns"] == [full]
    assert "ManagedPolicyArns" not in properties(folder, "PutRole")
    assert f"kept: serverless.yml:7:5: SomeRole: kept the policy {full}: sqs.PurgeQueue" in told


def aws_policy_beside(folder: Path, name: str, call: str) -> tuple[str, str]:
    """What is told, and the project file, where a function makes a call under one of AWS's policies."""
    (folder / "app.py").write_text(f"import boto3\ndef f(event, context):\n    {call}\n")
    managed = role_with("managedPolicies:", f"  - arn:aws:iam::aws:policy/{name}")
    told = write(folder, HEAD + managed + "functions: {f: {handler: app.f}}\n")
    return told, (folder / "serverless.yml").read_text()


def test_a_policy_that_is_known_whole_makes_place_for_what_it_allows_on_single_resources(folder: Path) -> None:
    invoke = 'boto3.client("lambda").invoke(FunctionName="SecretsManagerRotation")'
    told, text = aws_policy_beside(folder, "SecretsManagerReadWrite", invoke)
    assert "policy/SecretsManagerReadWrite" not in text and "function:SecretsManagerRotation" in text
    assert "kept the policy" not in told


def test_a_policy_stays_where_it_allows_a_need_on_a_condition(folder: Path) -> None:
    makes = 'boto3.client("iam").create_service_linked_role(AWSServiceName=event["service"])'
    told, text = aws_policy_beside(folder, "AmazonDynamoDBFullAccess", makes)
    assert "policy/AmazonDynamoDBFullAccess" in text
    assert ": it may allow iam:CreateServiceLinkedRole, which f needs" in told


def test_a_policy_that_denies_stays(folder: Path) -> None:
    told, text = aws_policy_beside(folder, "AmazonRedshiftDataFullAccess", 'boto3.client("sqs").list_queues()')
    assert "policy/AmazonRedshiftDataFullAccess" in text and ": it denies" in told


def test_serverless_4_takes_managed_policies_along_into_the_functions_own_roles(folder: Path) -> None:
    managed = "frameworkVersion: '4'\n" + HEAD + role_with("managedPolicies:", f"  - {ADMINISTRATOR}", f"  - {OWN}")
    write(folder, managed + FUNCTIONS)
    assert properties(folder, "PutIamRoleLambdaExecution")["ManagedPolicyArns"] == [OWN]


def test_functions_stay_on_a_role_whose_managed_policy_the_plugin_cannot_take_along(folder: Path) -> None:
    managed = "plugins: [serverless-iam-roles-per-function]\n" + HEAD + role_with("managedPolicies:", f"  - {OWN}")
    told = write(folder, managed + FUNCTIONS, code=1)
    assert (folder / "serverless.yml").read_text() == managed + FUNCTIONS
    assert f"was not changed: the policy {OWN} would be removed, and scopedown does not know what it allows" in told


def test_a_managed_policy_of_the_project_stays_as_it_is(folder: Path) -> None:
    text = HEAD + role_with("managedPolicies:", "  - !Ref Extra") + FUNCTIONS
    text += attached("AWS::IAM::ManagedPolicy", "Path: /")
    told = write(folder, text)
    assert properties(folder, "PutRole")["ManagedPolicyArns"] == [{"Ref": "Extra"}]
    assert "PutRole, ReadRole: kept the policy Extra" in told
    assert "a statement of PutRole: it is in a separate policy resource" in told
    assert "sqs:SendMessage" in (folder / "serverless.yml").read_text()


def test_functions_keep_sharing_a_role_that_a_resource_gives_a_policy_to(folder: Path) -> None:
    text = HEAD + FUNCTIONS + attached("AWS::IAM::Policy", "Roles: [!Ref IamRoleLambdaExecution]")
    told = write(folder, text)
    assert "IamRoleLambdaExecution is still shared by put, read: Extra attaches a policy to it" in told
    assert {"dynamodb:PutItem", "dynamodb:GetItem", "sqs:SendMessage"} <= actions(folder, "IamRoleLambdaExecution")


def test_functions_keep_sharing_a_role_that_an_output_names(folder: Path) -> None:
    output = "resources:\n  Outputs:\n    Arn:\n      Value: !GetAtt IamRoleLambdaExecution.Arn\n"
    told = write(folder, HEAD + FUNCTIONS + output)
    assert "IamRoleLambdaExecution is still shared by put, read: the output Arn names it" in told
    assert "IamRoleLambdaExecution" in load_project(folder, Options()).generated


def test_tags_of_the_providers_role_are_those_of_the_functions_roles(folder: Path) -> None:
    write(folder, HEAD + role_with("tags: {team: notes}") + FUNCTIONS)
    assert properties(folder, "PutRole")["Tags"] == [{"Key": "team", "Value": "notes"}]


def test_what_the_providers_role_says_with_the_stage_holds_for_every_stage(folder: Path) -> None:
    role = role_with("tags: {stage: '${sls:stage}'}", "managedPolicies: ['" + OWN + "-${sls:stage}']")
    write(folder, HEAD + role + FUNCTIONS)
    there = load_project(folder, Options(stage="prod")).roles["PutRole"].properties
    assert there["Tags"] == [{"Key": "stage", "Value": "prod"}] and there["ManagedPolicyArns"] == [f"{OWN}-prod"]


def test_a_shared_list_that_an_alias_brings_is_told_and_the_rest_is_written(folder: Path) -> None:
    text = "custom:\n  all: &all\n    - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}\n" + HEAD
    text += role_with("statements: *all") + "functions:\n  put: {handler: app.put}\n  read: &read {handler: app.read}\n"
    told = write(folder, text + "  again: *read\n", code=1)
    assert "custom.all is also used elsewhere" in told
    assert "the roles listed above must be written by hand" in told
    assert "dynamodb:PutItem" in actions(folder, "PutRole")


def test_a_project_of_which_nothing_can_be_written_is_no_success(folder: Path) -> None:
    text = HEAD + "functions:\n  read: &read {handler: app.read}\n  again: *read\n"
    told = write(folder, text, "--function", "read", code=1)
    assert "nothing was written: the roles listed above must be written by hand" in told
    assert "nothing to change" not in told
    assert run("--diff", "--function", "read", command="write", cwd=folder).returncode == 1


def test_a_function_in_a_file_of_its_own_is_written_there(folder: Path) -> None:
    (folder / "put.yml").write_text("handler: app.put   # mine\n")
    write(folder, HEAD + "functions:\n  put: ${file(put.yml)}\n  read: {handler: app.read}\n")
    assert (folder / "put.yml").read_text() == "handler: app.put   # mine\nrole: PutRole\n"
    assert "dynamodb:PutItem" in actions(folder, "PutRole")


def test_a_file_that_is_two_functions_is_told(folder: Path) -> None:
    (folder / "put.yml").write_text("handler: app.put\n")
    told = write(folder, HEAD + "functions:\n  one: ${file(put.yml)}\n  two: ${file(put.yml)}\n", code=1)
    assert "put.yml defines more than one function" in told and (folder / "put.yml").read_text() == "handler: app.put\n"


def test_with_shared_roles_that_functions_have_of_their_own_are_told(folder: Path) -> None:
    write(folder, HEAD + FUNCTIONS)
    told = write(folder, (folder / "serverless.yml").read_text(), "--shared")
    assert "kept: serverless.yml:7:3: put, read: kept its own role besides the shared role" in told


def test_files_of_several_projects_are_named_from_the_folder_that_was_asked_for(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "app.py").write_text(CODE)
        (folder / name / "serverless.yml").write_text(HEAD + role_with(f"managedPolicies: [{OWN}]") + FUNCTIONS)
    ran = run("--diff", "--recursive", command="write", cwd=folder)
    assert "--- a/a/serverless.yml" in ran.stdout and "+++ b/b/serverless.yml" in ran.stdout
    assert "kept: a/serverless.yml:" in ran.stderr and "kept: b/serverless.yml:" in ran.stderr
    ran = run("--yes", "--recursive", str(folder), command="write", cwd=folder)
    assert "wrote a/serverless.yml" in ran.stderr and "wrote b/serverless.yml" in ran.stderr
    ran = run("--yes", "--recursive", command="write", cwd=folder)
    assert "scopedown: b/serverless.yml: nothing to change" in ran.stderr
