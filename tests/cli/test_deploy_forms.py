"""``deploy-policy`` with ``--trust``, ``--boundary``, ``--strict`` and ``--format``: what is written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scopedown.cli.main import main

HELLO = """
service: hello
provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
functions:
  hello: {handler: h.hello}
"""
NAME = "hello-dev-eu-west-1"
AROUND = ("--account", "123456789012", "--trust", "github:acme/hello:ref:main", "--boundary", "hello-roles")


@pytest.fixture
def hello(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "serverless.yml").write_text(HELLO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["deploy-policy", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def written(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name != "serverless.yml")


def test_documents_of_trust_and_boundary_stand_beside_the_policy(hello: Path) -> None:
    assert run(*AROUND, "-o", ".") == 0
    assert written(hello) == [f"{NAME}-boundary.json", f"{NAME}-policy.json", f"{NAME}-trust-policy.json"]
    trust = json.loads((hello / f"{NAME}-trust-policy.json").read_text())
    assert trust["Statement"][0]["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    policy = (hello / f"{NAME}-policy.json").read_text()
    assert "arn:aws:iam::123456789012:policy/hello-roles" in policy


@pytest.mark.parametrize(("form", "ending"), [("cloudformation", "yaml"), ("terraform", "tf"), ("cdk", "ts")])
def test_another_form_is_one_file(form: str, ending: str, hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*AROUND, "--format", form, "-o", ".") == 0
    assert written(hello) == [f"{NAME}-policy.{ending}"]
    text = (hello / f"{NAME}-policy.{ending}").read_text()
    assert "hello-roles" in text and "repo:acme/hello:ref:refs/heads/main" in text
    capsys.readouterr()
    assert run(*AROUND, "--format", form, "--output", "-") == 0
    assert capsys.readouterr().out == text


def test_a_pipeline_that_is_not_narrowed_is_told(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--account", "123456789012", "--trust", "github:acme/hello") == 0
    assert "every run of repo:acme/hello:* may take the role" in capsys.readouterr().err


def test_strict_asks_for_cloudformation_and_the_region(hello: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--output", "-") == 0
    assert "aws:CalledVia" not in capsys.readouterr().out
    assert run("--strict", "--output", "-") == 0
    shown = capsys.readouterr().out
    assert "aws:CalledVia" in shown and "aws:RequestedRegion" in shown
    assert run("--strict", "--service-role", "--output", "-") == 0
    assert "aws:CalledVia" not in capsys.readouterr().out


def test_what_remains_is_told_beside_the_policy_and_never_in_it(
    hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--output", "-") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["Version"] == "2012-10-17"
    assert "- Become administrator? yes: " in shown.err
    assert run("--explain") == 0
    assert "cloudformation:ValidateTemplate" in capsys.readouterr().out.partition("AWS offers nothing narrower:")[2]


def test_the_role_of_cloudformation_counts_for_whoever_passes_it(
    hello: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it, the user's own policy would look harmless."""
    assert run("--service-role") == 0
    assert "- Become administrator? yes: " in capsys.readouterr().err
    assert run("--service-role", "--boundary", "hello-roles", "--account", "123456789012") == 0
    assert "- Become administrator? no: " in capsys.readouterr().err
