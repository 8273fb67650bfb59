"""``deploy-policy --audit`` and ``--apply`` as they are typed, against an account that moto plays."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopedown.cli.main import main

HELLO = """
service: hello
provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
functions:
  hello: {handler: h.hello}
"""
ACCOUNT = "arn:aws:iam::123456789012"
POLICY = f"{ACCOUNT}:policy/hello-dev-eu-west-1-deploy"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
Run = Callable[..., int]


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "hello"
    folder.mkdir()
    (folder / "serverless.yml").write_text(HELLO)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(hello: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def typed(*arguments: str, answer: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        with pytest.raises(SystemExit) as ended:
            main(["deploy-policy", *arguments])
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return typed


@pytest.fixture
def iam(session: Any) -> Any:
    found = session.client("iam")
    found.create_user(UserName="ci")
    return found


def policies(iam: Any) -> list[str]:
    return [one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"]]


def act_as(iam: Any, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


def test_apply_shows_asks_and_makes(iam: Any, run: Run, hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--apply", "--user", "ci", answer="yes\n") == 0
    shown = capsys.readouterr().out
    assert shown.index(f"create the managed policy {POLICY}") < shown.index(f"created {POLICY}")
    assert policies(iam) == [POLICY]
    assert [one.name for one in hello.iterdir()] == ["serverless.yml"]  # it writes no file
    document = iam.get_policy_version(PolicyArn=POLICY, VersionId="v1")["PolicyVersion"]["Document"]
    assert "arn:aws:cloudformation:eu-west-1:123456789012:stack/hello-dev/*" in json.dumps(document)


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "maybe\n"])
def test_nothing_but_a_yes_is_one(answer: str, iam: Any, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--apply", "--user", "ci", answer=answer) == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert policies(iam) == []


def test_yes_is_not_asked_for_with_yes(iam: Any, run: Run) -> None:
    assert run("--apply", "--user", "ci", "--yes") == 0
    assert policies(iam) == [POLICY]


def test_applied_twice_it_has_nothing_to_do(iam: Any, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("--apply", "--user", "ci", "--yes")
    capsys.readouterr()
    assert run("--apply", "--user", "ci") == 0
    assert f"{POLICY} is up to date" in capsys.readouterr().out
    assert len(iam.list_policy_versions(PolicyArn=POLICY)["Versions"]) == 1


def test_what_is_applied_passes_its_own_audit(
    iam: Any, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--apply", "--user", "ci", "--yes") == 0
    capsys.readouterr()
    for audited in (POLICY, f"{ACCOUNT}:user/ci"):
        assert run("--audit", audited) == 0
        shown = capsys.readouterr().out
        assert "missing: nothing" in shown and "not needed: nothing" in shown


def test_audit_without_a_value_is_of_the_credentials_identity(
    iam: Any, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    iam.put_user_policy(UserName="ci", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    act_as(iam, "ci", monkeypatch)
    assert run("--audit") == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{ACCOUNT}:user/ci, compared with what hello, stage dev needs")
    assert "this project does not need one" in shown.out
    assert "looked at: user ci, inline all" in shown.err


def test_the_profile_of_the_provider_is_taken_before_the_environments(
    iam: Any, run: Run, hello: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    iam.create_user(UserName="of-profile")
    key = iam.create_access_key(UserName="of-profile")["AccessKey"]
    file = tmp_path / "home" / "credentials"
    file.parent.mkdir()
    file.write_text(f"[team]\naws_access_key_id={key['AccessKeyId']}\naws_secret_access_key={key['SecretAccessKey']}\n")
    act_as(iam, "ci", monkeypatch)
    (hello / "serverless.yml").write_text(HELLO.replace("name: aws", "name: aws, profile: team"))
    assert run("--audit") == 1
    assert capsys.readouterr().out.startswith(f"{ACCOUNT}:user/of-profile,")


def test_an_audit_as_json_is_one_object(hello: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    (hello / "p.json").write_text(json.dumps(EVERYTHING))
    assert run("--audit", "p.json", "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["schema"], report["administrator"]) == ("scopedown.deploy-policy-audit/1", True)
    assert sorted(one.name for one in hello.iterdir()) == ["p.json", "serverless.yml"]


def test_a_document_may_stand_in_what_the_aws_command_prints(
    hello: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, printed in enumerate(({"PolicyVersion": {"Document": EVERYTHING}}, {"PolicyDocument": EVERYTHING})):
        (hello / f"{number}.json").write_text(json.dumps(printed))
        assert run("--audit", f"{number}.json") == 1
        assert "this project does not need one" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{", '{"Statement": 1}', "\x00", '"x"'])
def test_a_file_that_is_no_policy_is_one_sentence(
    text: str, hello: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (hello / "p.json").write_text(text)
    assert run("--audit", "p.json") == 2
    assert "p.json" in capsys.readouterr().err
    assert run("--audit", "nowhere.json") == 2
    assert run("--audit", ".") == 2


def test_a_new_user_gets_one_key_that_is_shown_once(iam: Any, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--apply", "--create-user", "deployer", answer="y\n") == 0
    shown = capsys.readouterr()
    [key] = iam.list_access_keys(UserName="deployer")["AccessKeyMetadata"]
    assert shown.out.count(f"AWS_ACCESS_KEY_ID={key['AccessKeyId']}") == 1
    assert shown.out.count("AWS_SECRET_ACCESS_KEY=") == 1
    attached = iam.list_attached_user_policies(UserName="deployer")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [POLICY]


def test_without_a_yes_there_is_no_new_user(iam: Any, run: Run) -> None:
    assert run("--apply", "--create-user", "deployer") == 1
    assert [one["UserName"] for one in iam.list_users()["Users"]] == ["ci"]


def test_a_saved_key_is_not_shown(iam: Any, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--apply", "--create-user", "deployer", "--save-profile", "shop", "--yes") == 0
    shown = capsys.readouterr()
    text = (tmp_path / "home" / "credentials").read_text()
    secret = text.partition("aws_secret_access_key = ")[2].strip()
    assert secret and secret not in shown.out + shown.err


def test_a_profile_that_is_there_stops_it_before_anything_is_made(iam: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "home" / "credentials"
    file.parent.mkdir()
    file.write_text("[shop]\naws_access_key_id = A\n")
    assert run("--apply", "--create-user", "deployer", "--save-profile", "shop", "--yes") == 2
    assert [one["UserName"] for one in iam.list_users()["Users"]] == ["ci"]
    assert file.read_text() == "[shop]\naws_access_key_id = A\n"


def test_a_user_that_is_there_is_not_made_again(iam: Any, run: Run) -> None:
    assert run("--apply", "--create-user", "ci", "--yes") == 2
    assert policies(iam) == []


def test_another_account_than_the_projects_stops_it(iam: Any, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--apply", "--user", "ci", "--yes", "--account", "210987654321") == 2
    assert "the credentials are of 123456789012" in capsys.readouterr().err
    assert policies(iam) == []


def test_a_boundary_of_that_name_is_made_with_it(iam: Any, run: Run) -> None:
    assert run("--apply", "--user", "ci", "--boundary", "hello-roles", "--yes") == 0
    assert sorted(policies(iam)) == [POLICY, f"{ACCOUNT}:policy/hello-roles"]
    attached = iam.list_attached_user_policies(UserName="ci")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [POLICY]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--apply",), ("--apply", "--user", "a", "--role", "b"), ("--user", "a"), ("--yes",), ("--profile", "p"),
        ("--save-profile", "p"), ("--apply", "--user", "a", "--trust", "github:a/b"),
        ("--audit", "p", "--apply", "--user", "a"),
        ("--audit", "p", "--format", "terraform"), ("--audit", "p", "--output", "-"), ("--trust", "github:a/b"),
        ("--inline", "--format", "cdk"), ("--apply", "--user", "a", "--service-role"), ("--boundary", "roles"),
    ],
)  # fmt: skip
def test_options_that_mean_nothing_together_say_what_to_do(
    arguments: tuple[str, ...], run: Run, hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err.rstrip().endswith(")")
    assert [one.name for one in hello.iterdir()] == ["serverless.yml"]
