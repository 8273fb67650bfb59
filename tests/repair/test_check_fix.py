"""``scopedown check --fix``: what it takes out of a project's files, and what it must leave as it stands."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import run
from scopedown.cli.main import cli

CODE = """\
import boto3
def f(event, context):
    boto3.client("sqs").list_queues()
def g(event, context):
    boto3.client("sns").list_topics()
def h(event, context):
    pass
"""
USED = ("- Effect: Allow\n  Action: sqs:ListQueues\n  Resource: '*'\n",)
"""A statement of which nothing is to be changed."""
UNUSED = "- Effect: Allow\n  Action: sqs:TagQueue  # once\n  Resource: '*'\n"
HALF = "- Effect: Allow\n  Action:\n    - sns:TagResource\n    - sqs:ListQueues\n  Resource: '*'\n"
NOT_JUDGED = (
    "- Effect: Allow\n  NotAction: [iam:PassRole, 'sts:*']\n  Resource: '*'\n",
    "- Effect: Allow\n  Action: s3:GetObject\n  NotResource: arn:aws:s3:::private/*\n",
    "- Effect: Allow\n  Action: !Sub 'sqs:Purge${AWS::NoValue}'\n  Resource: '*'\n",
    "- Effect: Allow\n  Action: [sqs:PurgeQueue, !Ref Chosen]\n  Resource: '*'\n",
    "- Effect: Deny\n  Action: 'ec2:*'  # never\n  Resource: '*'\n",
    "- {Effect: Deny, NotAction: ['sqs:ListQueues', 'logs:*'], Resource: '*'}\n",
    "- Effect: Allow\n  Action: sqs:PurgeQueue\n  Resource: '*'\n"
    "  Condition: {StringEquals: {'aws:RequestedRegion': us-east-1}}\n",
)
TRUST = (
    "{Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, "
    "Action: 'sts:AssumeRole'}]}"
)


def service(*statements: str) -> str:
    lines = [f"        {line}" for one in statements for line in one.splitlines()]
    head = "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam:\n    role:\n      statements:\n"
    return "".join([head, *(f"{line}\n" for line in lines), "functions: {f: {handler: app.f}}\n"])


def template(*resources: str) -> str:
    return "Transform: AWS::Serverless-2016-10-31\nResources:\n" + "".join(
        f"  {line}\n" for one in resources for line in one.splitlines()
    )


def function(name: str, policies: str, handler: str = "app.f") -> str:
    lines = "".join(f"    {line}\n" for line in policies.splitlines())
    return (
        f"{name}:\n  Type: AWS::Serverless::Function\n  Properties:\n    Handler: {handler}\n    Runtime: python3.12\n"
        f"{lines}"
    )


def statement(action: str) -> str:
    return f"Effect: Allow\nAction: {action}\nResource: '*'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def fix(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run("--fix", "--yes", "--ignore", "SD208", *options, command="check", cwd=folder)


def fixed(folder: Path, text: str, name: str = "serverless.yml") -> tuple[str, subprocess.CompletedProcess[str]]:
    (folder / name).write_text(text)
    ran = fix(folder)
    return (folder / name).read_text(), ran


@pytest.mark.parametrize("other", NOT_JUDGED)
def test_a_statement_that_cannot_be_judged_stays_where_another_one_goes(folder: Path, other: str) -> None:
    text, ran = fixed(folder, service(other, UNUSED, *USED))
    assert ran.returncode == 0, ran.stderr
    assert text == service(other, *USED)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from([*NOT_JUDGED, *USED, UNUSED, HALF]), min_size=1, max_size=6, unique=True))
def test_every_statement_that_no_fix_names_stays_byte_for_byte(statements: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "serverless.yml"
        file.with_name("app.py").write_text(CODE)
        file.write_text(service(*statements))
        asked = ["check", name, "--no-cache"]
        report = json.loads(CliRunner().invoke(cli, [*asked, "--format", "json"]).stdout)
        named = {one["place"]["line"] for one in report["problems"] if one["fixable"]}
        left, line = [], service().count("\n")
        for one in statements:
            lines = range(line, line + one.count("\n"))
            if not named & set(lines):
                left.append(one)
            line = lines.stop
        CliRunner().invoke(cli, [*asked, "--fix", "--yes"], catch_exceptions=False)
        text, at = file.read_text(), 0
        for one in left:
            block = service(one)[len(service().rsplit("functions", 1)[0]) : -len("functions: {f: {handler: app.f}}\n")]
            at = text.index(block, at) + len(block)
        assert text.startswith(service().rsplit("functions", 1)[0]) or not left


def test_a_policy_of_which_the_last_statement_goes_is_taken_out_whole(folder: Path) -> None:
    both = "Policies:\n  - Statement:\n      - Effect: Allow\n        Action: sqs:TagQueue\n        Resource: '*'\n"
    stays = "  - Statement:\n      - Effect: Allow\n        Action: sqs:ListQueues\n        Resource: '*'\n"
    text, ran = fixed(folder, template(function("F", both + stays)), "template.yaml")
    assert ran.returncode == 0, ran.stderr
    assert text == template(function("F", f"Policies:\n{stays}"))


def test_the_key_goes_with_its_last_policy(folder: Path) -> None:
    listed = "Policies:\n  - Statement:\n      - Effect: Allow\n        Action: sqs:TagQueue\n        Resource: '*'\n"
    single = "Policies:\n  Statement:\n    Effect: Allow\n    Action: sqs:TagQueue\n    Resource: '*'\n"
    text, ran = fixed(folder, template(function("F", listed, "app.h"), function("G", single, "app.h")), "template.yaml")
    assert ran.returncode == 0, ran.stderr
    assert text == template(function("F", "", "app.h"), function("G", "", "app.h"))


def test_a_policy_of_a_role_goes_whole_too(folder: Path) -> None:
    policy = "- PolicyName: {}\n  PolicyDocument:\n    Version: '2012-10-17'\n    Statement:\n      - Effect: Allow\n" \
             "        Action: [{}]\n        Resource: '*'\n"  # fmt: skip
    stays, goes = policy.format("a", "'sqs:ListQueues', 'logs:*'"), policy.format("b", "'sqs:TagQueue'")

    def project(*policies: str) -> str:
        lines = "".join(f"          {line}\n" for one in policies for line in one.splitlines())
        return (
            "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f, role: R}}\n"
            "resources:\n  Resources:\n    R:\n      Type: AWS::IAM::Role\n      Properties:\n"
            f"        AssumeRolePolicyDocument: {TRUST}\n        Policies:\n{lines}"
        )

    (folder / "serverless.yml").write_text(project(stays, goes))
    ran = fix(folder, "--select", "SD201")
    assert (folder / "serverless.yml").read_text() == project(stays.replace(", 'logs:*'", ", 'logs:*'"), ""), ran.stderr


def test_a_policy_that_is_a_resource_is_not_emptied(folder: Path) -> None:
    text = template(
        function("F", "Role: !GetAtt R.Arn\n"),
        f"R:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument: {TRUST}\n",
        "P:\n  Type: AWS::IAM::Policy\n  Properties:\n    PolicyName: p\n    Roles: [!Ref R]\n    PolicyDocument:\n"
        "      Version: '2012-10-17'\n      Statement:\n        - Effect: Allow\n          Action: sqs:TagQueue\n"
        "          Resource: '*'\n",
    )
    (folder / "template.yaml").write_text(text)
    ran = fix(folder, "--select", "SD201")
    assert (folder / "template.yaml").read_text() == text
    assert "template.yaml:21:13: SD201: this is the last statement of Resources.P" in ran.stderr
    assert ran.returncode == 1


def test_a_statement_that_is_no_list_is_mended(folder: Path) -> None:
    single = "Policies:\n  - Statement:\n      Effect: Allow\n      Action: [{}]\n      Resource: '*'\n"
    wide = "Policies:\n  Statement:\n    Effect: Allow\n    Action: {}\n    Resource: '*'\n"
    narrow = single.format("sqs:ListQueues, sqs:TagQueue")
    text, ran = fixed(
        folder, template(function("F", narrow), function("G", wide.format("sns:*"), "app.g")), "template.yaml"
    )
    assert ran.returncode == 0, ran.stderr
    assert single.format("sqs:ListQueues").splitlines()[3] in text and "sns:*" not in text and "sns:ListTopics" in text


def test_what_stands_in_a_policy_of_json_is_mended(folder: Path) -> None:
    policy = {"Statement": {"Effect": "Allow", "Action": ["sqs:ListQueues", "sqs:TagQueue"], "Resource": "*"}}
    of = {"Handler": "app.f", "Runtime": "python3.12", "Policies": [policy]}
    document = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": of}},
    }
    text, ran = fixed(folder, json.dumps(document, indent=2), "template.json")
    assert ran.returncode == 0, ran.stderr
    policy["Statement"]["Action"] = ["sqs:ListQueues"]
    assert json.loads(text) == document


def test_one_statement_that_cannot_be_mended_is_told_and_the_others_are_mended(folder: Path) -> None:
    (folder / "st.yml").write_text("Effect: Allow\nAction: [sns:Subscribe, sqs:ListQueueTags]\nResource: '*'\n")
    anchored = "- &a\n  Effect: Allow\n  Action: sns:TagResource\n  Resource: '*'\n", "- *a\n"
    text, ran = fixed(folder, service("- ${file(st.yml)}\n", *anchored, UNUSED, HALF))
    assert text == service("- ${file(st.yml)}\n", *anchored, HALF.replace("    - sns:TagResource\n", "")), ran.stderr
    assert "serverless.yml:8:11: SD201: the statement comes from ${file(st.yml)}" in ran.stderr
    assert "serverless.yml:9:11: SD201: serverless.yml: provider.iam.role.statements.1 is also used" in ran.stderr
    assert ran.returncode == 1  # something that can be mended was not


def test_files_of_several_projects_are_named_from_the_folder_that_was_asked_for(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "app.py").write_text(CODE)
        (folder / name / "serverless.yml").write_text(service(UNUSED, *USED))
    ran = fix(folder, ".", "--recursive")
    assert "--- a/one/serverless.yml\n" in ran.stdout and "+++ b/two/serverless.yml\n" in ran.stdout
    assert "fixed 2 problems in one/serverless.yml, two/serverless.yml" in ran.stderr


def test_a_project_that_cannot_be_read_is_told_and_the_others_are_mended(folder: Path) -> None:
    (folder / "serverless.yml").write_text(service(UNUSED, *USED))
    (folder / "bad").mkdir()
    (folder / "bad" / "serverless.yml").write_text("service: [")
    ran = fix(folder, ".", "--recursive")
    assert ran.returncode == 2 and "not read: bad/serverless.yml" in ran.stderr
    assert (folder / "serverless.yml").read_text() == service(*USED)


def test_a_file_that_two_projects_read_is_left_to_a_person(folder: Path) -> None:
    text = (
        "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n"
        "  iam: {{role: {{statements: '${{file(st.yml)}}'}}}}\nfunctions: {{f: {{handler: app.{}}}}}\n"
    )
    (folder / "serverless.yml").write_text(text.format("f"))
    (folder / "other.yml").write_text(text.format("g"))
    both = "- Effect: Allow\n  Action: [sqs:ListQueues, sns:ListTopics]\n  Resource: '*'\n"
    (folder / "st.yml").write_text(both)
    ran = fix(folder, "serverless.yml", "other.yml")
    assert (folder / "st.yml").read_text() == both
    assert "another project reads this file too" in ran.stderr and ran.returncode == 1


def test_rights_that_a_module_may_need_are_not_taken_while_nobody_looks(folder: Path) -> None:
    (folder / "app.py").write_text("import boto3, company_storage\n" + CODE.removeprefix("import boto3\n").replace(
        "list_queues()", "list_queues(); company_storage.keep(event)"
    ))  # fmt: skip
    before = service(UNUSED, *USED)
    text, ran = fixed(folder, before)
    assert text == before and "nothing to fix automatically (scopedown check lists" in ran.stderr


def test_rights_of_a_service_that_an_unresolved_call_may_use_are_not_taken(folder: Path) -> None:
    (folder / "app.py").write_text(CODE.replace("list_queues()", "list_queues(); event['q'].purge_queue(QueueUrl=1)"))
    before = service(UNUSED, "- Effect: Allow\n  Action: sns:Publish\n  Resource: '*'\n", *USED)
    text, ran = fixed(folder, before)
    assert text == service(UNUSED, *USED), ran.stderr
    assert "sqs.PurgeQueue at app.py:3" in ran.stderr and ran.returncode == 0


def test_code_that_could_not_be_read_whole_takes_no_rights_away(folder: Path) -> None:
    (folder / "app.py").write_text(CODE + "def broken(:\n")
    before = service(UNUSED, *USED)
    text, ran = fixed(folder, before)
    assert text == before and ran.returncode == 0
    assert "unsure" in ran.stderr and "scopedown read the rest of the file (app.py:8:12)" in ran.stderr


def test_functions_that_were_not_looked_at_lose_nothing(folder: Path) -> None:
    both = "- Effect: Allow\n  Action: [sqs:ListQueues, sns:ListTopics]\n  Resource: '*'\n"
    before = service(both).replace("{handler: app.f}", "{handler: app.f}, g: {handler: app.g}")
    (folder / "serverless.yml").write_text(before)
    ran = fix(folder, "--function", "f")
    assert (folder / "serverless.yml").read_text() == before, ran.stderr


def test_a_role_that_another_service_assumes_loses_nothing(folder: Path) -> None:
    trust = TRUST.replace("lambda.amazonaws.com", "[lambda.amazonaws.com, states.amazonaws.com]")
    text = template(
        function("F", "Role: !GetAtt R.Arn\n"),
        f"R:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument: {trust}\n    Policies:\n"
        "      - PolicyName: p\n        PolicyDocument:\n          Statement:\n            - Effect: Allow\n"
        "              Action: [sqs:ListQueues, 'states:*', 'logs:*']\n              Resource: '*'\n",
    )
    (folder / "template.yaml").write_text(text)
    ran = fix(folder, "--select", "SD201")
    assert (folder / "template.yaml").read_text() == text
    assert "states.amazonaws.com may also assume it" in ran.stderr


def test_no_color_silences_the_colours_of_the_change(folder: Path) -> None:
    (folder / "serverless.yml").write_text(service(UNUSED, *USED))
    asked = ["check", str(folder), "--fix", "--no-cache"]
    assert "\x1b[31m" in CliRunner().invoke(cli, asked, color=True, env={"NO_COLOR": ""}).stdout
    assert "\x1b" not in CliRunner().invoke(cli, asked, color=True, env={"NO_COLOR": "1"}).stdout


def test_what_a_comment_leaves_out_stays_when_lines_above_it_go(folder: Path) -> None:
    kept = "# scopedown: ignore SD201 by hand\n- Effect: Allow\n  Action: sns:TagResource\n  Resource: '*'\n"
    wide = "- Effect: Allow\n  Action: 'sqs:*'\n  Resource: '*'\n"
    before = service(UNUSED, kept, wide, "- Effect: Allow\n  Action: sns:Publish\n  Resource: '*'\n")
    text, ran = fixed(folder, before)
    assert service(kept).removesuffix("functions: {f: {handler: app.f}}\n") in text and "sns:Publish" not in text
    assert ran.returncode == 0, ran.stderr


def test_a_policy_template_below_what_goes_stays(folder: Path) -> None:
    gone = "Policies:\n  - Statement:\n      - Effect: Allow\n        Action: sqs:TagQueue\n        Resource: '*'\n"
    code = 'import boto3\ndef f(e, c): boto3.resource("dynamodb").Table(e["t"]).put_item(Item={})\ndef h(e, c): pass\n'
    (folder / "app.py").write_text(code)
    stays = function("G", "Policies:\n  - DynamoDBCrudPolicy:\n      TableName: !Ref T\n")
    table = "T:\n  Type: AWS::Serverless::SimpleTable\n"
    text, ran = fixed(folder, template(function("F", gone, "app.h"), stays, table), "template.yaml")
    assert text == template(function("F", "", "app.h"), stays, table), ran.stderr
