"""``scopedown deploy-policy`` as it is typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scopedown.cli.main import main
from scopedown.cli.output import write_file
from scopedown.core.finding import ScopedownError
from scopedown.generate.document import size

HELLO = """
service: hello
provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
functions:
  hello: {handler: h.hello}
"""


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "serverless.yml").write_text(HELLO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["deploy-policy", *arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_in_a_folder_the_file_has_the_services_name(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--account", "123456789012", "-o", ".") == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == "written: hello-dev-eu-west-1-policy.json"
    assert shown.err == ""
    policy = json.loads((hello / "hello-dev-eu-west-1-policy.json").read_text())
    assert policy == json.loads(Path(__file__).with_name("hello-world.json").read_text())
    assert sorted(path.name for path in hello.iterdir()) == ["hello-dev-eu-west-1-policy.json", "serverless.yml"]


@pytest.mark.parametrize("options", [(), ("--output", "-")])
def test_it_prints_the_policy_and_writes_nothing(
    options: tuple[str, ...], hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*options) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["Version"] == "2012-10-17"
    assert "the account is unknown" in shown.err
    assert [path.name for path in hello.iterdir()] == ["serverless.yml"]


def test_several_documents_are_numbered(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--inline", "--output", "user.json") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.removeprefix("written: ") for line in lines if line.startswith("written: ")]
    assert names == ["user-1.json", "user-2.json"]
    assert all(size(json.loads((hello / name).read_text())) <= 2048 for name in names)


def test_a_service_role_has_a_file_of_its_own(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--service-role", "--account", "123456789012", "-o", "./") == 0
    shown = capsys.readouterr()
    assert "hello-dev-eu-west-1-cloudformation-role-policy.json" in shown.out
    user = (hello / "hello-dev-eu-west-1-policy.json").read_text()
    assert "lambda:CreateFunction" not in user and "iam:PassRole" in user
    assert "lambda:CreateFunction" in (hello / "hello-dev-eu-west-1-cloudformation-role-policy.json").read_text()


def test_a_deployment_role_is_told(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    role = "arn:aws:iam::123456789012:role/cfn"
    (hello / "serverless.yml").write_text(HELLO.replace("name: aws", f"name: aws, iam: {{deploymentRole: '{role}'}}"))
    assert run("--account", "123456789012") == 0
    assert f"CloudFormation acts with the role {role}" in capsys.readouterr().err


def test_explain_tells_the_command_or_the_resource_the_property_and_the_source(
    hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--explain", "--account", "123456789012") == 0
    shown = capsys.readouterr().out
    assert "\n    deploy: cloudformation.CreateChangeSet [measured]\n" in shown
    assert (
        "iam:PassRole on arn:aws:iam::123456789012:role/hello-dev-eu-west-1-lambdaRole, where iam:PassedToService "
        "StringEquals lambda.amazonaws.com\n" in shown
    )
    assert (
        "    to create, update HelloLambdaFunction, AWS::Lambda::Function with Role (serverless.yml:5:3) [registry]\n"
        in shown
    )
    assert "    the command continues without it\n" in shown
    assert [path.name for path in hello.iterdir()] == ["serverless.yml"]


def test_explain_writes_too_where_a_file_is_named(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--explain", "--output", "p.json") == 0
    assert (hello / "p.json").exists()
    capsys.readouterr()
    assert run("--explain", "--output", "-") == 0
    assert not capsys.readouterr().out.startswith("{")


def test_several_printed_documents_are_named_and_can_be_saved(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--service-role") == 0
    note = "note: hello-dev-us-east-1-policy.json, hello-dev-us-east-1-cloudformation-role-policy.json: "
    assert note.replace("us-east-1", "eu-west-1") + "these are separate documents" in capsys.readouterr().err


def test_only_the_commands_that_are_asked_for_are_allowed(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--commands", "info,logs", "--output", "-") == 0
    (statements,) = [json.loads(capsys.readouterr().out)["Statement"]]
    actions = {action for one in statements for action in one["Action"]}
    assert actions == {
        "cloudformation:DescribeStacks", "cloudformation:ListStackResources", "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--commands", "launch"], "osls has no command 'launch'"),
        (["--commands", ","], "--commands is empty"),
        (["--framework", "sam"], "serverless.yml is not a project of sam"),
        (["--partition", "*"], "'*' is not a partition"),
        (["--stack-name", "a*"], "'a*' is not a valid stack name"),
        (["--recursive"], "deploy-policy reads one project"),
        (["nowhere"], "nowhere does not exist"),
        (["--output", "no/such/folder/p.json"], "cannot be written"),
    ],
)
def test_what_is_asked_wrong_is_one_line_and_exit_code_2(
    hello: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(*arguments) == 2
    assert told in capsys.readouterr().err


def test_commands_may_be_written_with_a_hyphen(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--commands", "deploy-function", "--output", "-") == 0
    hyphen = capsys.readouterr().out
    assert run("--commands", "deploy function", "--output", "-") == 0
    assert capsys.readouterr().out == hyphen
    assert "lambda:UpdateFunctionCode" in hyphen


def test_a_services_name_leads_into_no_other_folder(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (hello / "serverless.yml").write_text(HELLO.replace("service: hello", "service: ../../etc/x y"))
    assert run("--output", ".") == 0
    assert capsys.readouterr().out.splitlines()[0] == "written: etc-x-y-dev-eu-west-1-policy.json"
    assert len(list(hello.iterdir())) == 2


def test_serverless_4_says_that_it_was_not_measured(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--framework", "v4", "--output", "-") == 0
    assert "was read in serverless b9d7ea5 (v4), not measured" in capsys.readouterr().err


def test_the_partition_stands_in_every_arn(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--partition", "aws-cn", "--output", "-") == 0
    assert "arn:aws:" not in capsys.readouterr().out


def test_code_without_a_project_deploys_nothing(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (hello / "main.py").write_text("import boto3\n")
    assert run("main.py") == 2
    assert "nothing is deployed" in capsys.readouterr().err


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text("old")
    path.chmod(0o600)
    write_file(path, "new")
    assert path.read_text() == "new" and path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ScopedownError, match="cannot be written"):
        write_file(tmp_path / "folder", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev")
def test_what_is_not_a_regular_file_is_written_to_and_not_replaced() -> None:
    reading, writing = os.pipe()
    write_file(Path(f"/dev/fd/{writing}"), "text")
    assert os.read(reading, 10) == b"text"
    os.close(reading), os.close(writing)


BUCKET = "arn:aws:s3:::hello-dev-serverlessdeploymentbucket-*"


@pytest.mark.parametrize(
    "text", ["service: hello\nprovider: {name: aws, region: eu-west-1}\nfunctions: 5\n",
             "service: hello\nprovider: {name: aws, region: eu-west-1, stage: '${file(gone.yml)}'}\nfunctions: 5\n"],
)  # fmt: skip
def test_what_is_known_of_a_project_that_cannot_be_compiled_is_still_allowed(
    hello: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (hello / "serverless.yml").write_text(text)
    assert run("--output", "-", "--account", "123456789012") == 0
    shown = capsys.readouterr()
    assert "no template could be compiled: serverless.yml:3:1" in shown.err
    allowed = {
        action: one["Resource"] for one in json.loads(shown.out)["Statement"] for action in one["Action"]
    }  # fmt: skip
    assert allowed["cloudformation:CreateChangeSet"] == [
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/hello-dev/*"
    ]
    assert BUCKET in allowed["s3:CreateBucket"]
    assert "lambda:CreateFunction" not in allowed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("provider: {name: aws}\nfunctions: {}\n", "has no service"),
        ("service: '${env:NAME}'\nprovider: {name: aws}\nfunctions: 5\n", "cannot read the functions"),
        ("service: hello\nprovider: {name: google}\nfunctions: 5\n", "reads aws only"),
        ("service: hello\nprovider: {name: aws\n", "is not valid YAML"),
        ("- a\n", "is not a mapping"),
        ("", "is empty"),
    ],
)
def test_a_project_that_names_no_service_is_refused(
    hello: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    (hello / "serverless.yml").write_text(text)
    assert run("--output", "-") == 2
    shown = capsys.readouterr()
    assert told in shown.err and shown.out == ""


def test_a_region_that_is_none_is_refused_whatever_the_project_is(
    hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (hello / "serverless.yml").write_text("service: hello\nprovider: {name: aws}\nfunctions: 5\n")
    assert run("--region", "*", "--output", "-") == 2
    assert "'*' is not a region" in capsys.readouterr().err


def test_what_the_project_file_says_wrong_is_told(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (hello / "serverless.yml").write_text(f"{HELLO}resources: 7\n")
    assert run("--output", "-", "--account", "123456789012") == 0
    assert "warning: serverless.yml:6:1" in capsys.readouterr().err
