"""Which role a function assumes, and whose statements stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.core.place import Place
from scopedown.project.load import load_project
from scopedown.project.model import Project
from scopedown.project.options import Options


def read(folder: Path, text: str) -> Project:
    (folder / "serverless.yml").write_text(text)
    (folder / "h.py").write_text("")
    return load_project(folder, Options())


def test_statements_say_who_wrote_them_and_where(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        """service: s
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:GetObject
          Resource: '*'
functions:
  f:
    handler: h.main
    events:
      - sqs: {arn: arn:aws:sqs:us-east-1:1:q}
""",
    )
    statements = project.roles["IamRoleLambdaExecution"].statements
    assert [(item.added_by, item.place) for item in statements[2:]] == [
        ("project", Place("serverless.yml", 8, 11)),
        ("framework", Place("serverless.yml", 15, 9)),
    ]


def test_a_role_in_resources_collects_the_policies_attached_to_it(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        """service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: h.main, role: Own}}
resources:
  Resources:
    Own:
      Type: AWS::IAM::Role
      Properties:
        RoleName: own-name
        ManagedPolicyArns: [!Ref Managed]
        Policies: [{PolicyName: a, PolicyDocument: {Statement: {Effect: Allow, Action: 's3:GetObject', Resource: a}}}]
    Inline:
      Type: AWS::IAM::Policy
      Properties:
        Roles: [own-name]
        PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: b}]}
    Managed:
      Type: AWS::IAM::ManagedPolicy
      Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: c}]}}
    Alone:
      Type: AWS::IAM::RolePolicy
      Properties: {RoleName: !Ref Own, PolicyDocument: {Statement: [{Effect: Deny, Action: 's3:*', Resource: d}]}}
""",
    )
    assert set(project.roles) == {"Own"}
    role = project.roles[project.functions[0].role]
    assert [item.statement["Resource"] for item in role.statements] == ["a", "b", "d", "c"]
    assert [item.place.line if item.place else None for item in role.statements] == [11, 16, 22, 19]


@pytest.mark.parametrize(
    ("role", "id", "declared"),
    [
        ("Own", "Own", True),
        ("!GetAtt Own.Arn", "Own", True),
        ("!Sub '${Own.Arn}'", "Own", True),
        ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x", False),
        ("!ImportValue shared", "${ImportValue shared}", False),
        ("'arn:aws:iam::${aws:accountId}:role/x'", "arn:aws:iam::${AWS::AccountId}:role/x", False),
        ("Missing", "Missing", False),
    ],
)
def test_a_role_is_named_in_many_ways(tmp_path: Path, role: str, id: str, declared: bool) -> None:
    project = read(
        tmp_path,
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        f"functions:\n  f:\n    handler: h.main\n    role: {role}\n"
        "resources: {Resources: {Own: {Type: AWS::IAM::Role, Properties: {}}}}\n",
    )
    assert project.functions[0].role == id
    assert project.roles[id].declared is declared
    assert {finding.code for finding in project.findings} == ({"role-not-declared"} if id == "Missing" else set())


def test_statements_of_functions_need_their_plugin(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: h.main, iamRoleStatements: [{Effect: Allow, Action: a, Resource: b}]}}\n",
    )
    assert project.functions[0].role == "IamRoleLambdaExecution"
    assert [finding.code for finding in project.findings] == ["plugin-missing"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [("role: X", "both role and iamRoleStatements"), ("disableLogs: true", "disableLogs")],
)
def test_where_the_plugin_fails_it_is_told(tmp_path: Path, settings: str, words: str) -> None:
    project = read(
        tmp_path,
        "service: s\nprovider: {name: aws, runtime: python3.12}\nplugins: [serverless-iam-roles-per-function]\n"
        f"functions: {{f: {{handler: h.main, iamRoleStatements: [], {settings}}}, g: {{handler: h.main}}}}\n",
    )
    assert any(words in finding.message for finding in project.findings if finding.code == "plugin-refuses")


def test_the_fourth_version_gives_functions_roles_of_their_own(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        """service: s
frameworkVersion: '4'
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: 's3:GetObject', Resource: shared}]}}
functions:
  own:
    handler: h.main
    events: [{sqs: {arn: 'arn:aws:sqs:us-east-1:1:q'}}]
    iam:
      inheritStatements: true
      role: {name: mine, statements: [{Effect: Allow, Action: 's3:PutObject', Resource: own}]}
  shares: {handler: h.main}
""",
    )
    own, shares = project.functions
    assert (own.role, shares.role) == ("OwnIamRoleLambdaExecution", "IamRoleLambdaExecution")
    role = project.roles[own.role]
    assert role.properties["RoleName"] == "mine"
    assert [item.statement["Resource"] for item in role.statements[1:]] == [
        ["arn:aws:sqs:us-east-1:1:q"],
        "shared",
        "own",
    ]


def test_statements_that_are_not_known_are_told_and_the_others_kept(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n"
        "        - ${ssm:/statement}\n        - {Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n"
        "        - text\n"
        "functions: {f: {handler: h.main, runtime: python3.12}}\n",
    )
    assert [item.added_by for item in project.roles["IamRoleLambdaExecution"].statements] == [
        "framework", "framework", "project",
    ]  # fmt: skip
    assert [finding.code for finding in project.findings] == ["statement-unknown", "statement-invalid"]


def test_constructs_of_lift_bring_resources_workers_and_permissions(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        """service: s
provider: {name: aws, runtime: python3.12}
plugins: [serverless-lift]
constructs:
  jobs: {type: queue, fifo: true, worker: {handler: h.work}}
  table: {type: database/dynamodb-single-table}
  odd: {type: other}
functions:
  f:
    handler: h.main
    environment: {Q: '${construct:jobs.queueUrl}', T: '${construct:table.tableArn}', X: '${construct:no.x}'}
""",
    )
    f, worker = project.functions
    assert worker.key == "jobsWorker" and [event.kind for event in worker.events] == ["sqs"]
    assert str(f.environment["Q"]) == "${jobsQueueCEDBAE3E}"
    assert project.resources["jobsQueueCEDBAE3E"].properties["QueueName"] == "s-dev-jobs.fifo"
    assert str(f.environment["T"]).endswith(".Arn}")
    added = [item for item in project.roles["IamRoleLambdaExecution"].statements if item.added_by == "serverless-lift"]
    assert [item.statement["Action"][0] for item in added] == ["sqs:SendMessage", "dynamodb:GetItem"]
    assert {finding.code for finding in project.findings} == {"construct-unknown", "variable-not-found"}
