"""Only certain versions are pins."""

from __future__ import annotations

import json
from pathlib import Path

from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.source.packages.pinned import pinned


def test_exact_requirements_are_pins_and_ranges_are_not(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "PynamoDB==5.3.0\nboto3>=1.20\nrequests[security]==2.31.0 ; python_version > '3'\n"
        "loose==1.*\n# x==1\n-r other.txt\nhashed==1.0 \\\n    --hash=sha256:aa\nPlain\n"
    )
    assert pinned(tmp_path, ()) == {"hashed": "1.0", "pynamodb": "5.3.0", "requests": "2.31.0"}


def test_lock_files_pin_what_they_resolve(tmp_path: Path) -> None:
    (tmp_path / "Pipfile.lock").write_text(json.dumps({"default": {"Flask": {"version": "==2.0.1"}, "git": {}}}))
    (tmp_path / "poetry.lock").write_text('[[package]]\nname = "Aws_Lambda.Powertools"\nversion = "2.1.0"\n')
    (tmp_path / "package-lock.json").write_text(
        json.dumps({
            "packages": {
                "": {"version": "1.0.0"},
                "node_modules/@aws-sdk/client-s3": {"version": "3.400.0"},
                "node_modules/a/node_modules/b": {"version": "9.9.9"},
            }
        })
    )  # fmt: skip
    assert pinned(tmp_path, ()) == {"@aws-sdk/client-s3": "3.400.0", "aws-lambda-powertools": "2.1.0", "flask": "2.0.1"}


def test_a_package_json_pins_exact_versions_only(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"a": "1.2.3", "b": "^1.2.3", "c": "*"}}))
    assert pinned(tmp_path, ()) == {"a": "1.2.3"}


def test_two_files_that_disagree_pin_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1.0\nb==1.0\n")
    (tmp_path / "one/requirements.txt").write_text("a==2.0\nc==3.0\n")
    assert pinned(tmp_path, ["one"]) == {"b": "1.0", "c": "3.0"}


def test_broken_files_pin_nothing(tmp_path: Path) -> None:
    for name in ("Pipfile.lock", "poetry.lock", "package-lock.json", "package.json"):
        (tmp_path / name).write_text("{[")
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\0=\0")
    assert pinned(tmp_path, ()) == {}
    (tmp_path / "package.json").write_text("[1, 2]")
    (tmp_path / "package-lock.json").write_text('{"packages": {"node_modules/a": 5}}')
    assert pinned(tmp_path, ()) == {}


def test_requirements_follow_what_they_include(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    service = tmp_path / "services/one"
    (service / "requirements").mkdir(parents=True)
    (tmp_path / "base.txt").write_text("a==1.0\n-r base.txt\n")
    (service / "requirements.txt").write_text("-r ../../base.txt\n-c=pins.txt\n-r ../../../outside.txt\n")
    (service / "pins.txt").write_text("b==2.0\n--requirement more.txt  # and more\n")
    (service / "more.txt").write_text("c==3.0\n")
    (service / "requirements/prod.txt").write_text("d==4.0\n")
    (tmp_path.parent / "outside.txt").write_text("e==5.0\n")
    assert pinned(service, ()) == {"a": "1.0", "b": "2.0", "c": "3.0", "d": "4.0"}


def test_a_requirements_file_may_bear_another_name(tmp_path: Path) -> None:
    (tmp_path / "for-lambda.txt").write_text("a==1.0\n")
    assert pinned(tmp_path, ()) == {}
    assert pinned(tmp_path, (), ["for-lambda.txt"]) == {"a": "1.0"}


def test_a_pyproject_pins_exact_versions(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["A_b==1.0", "c>=2", "d"]\n'
        '[tool.poetry.dependencies]\npython = "3.12"\ne = "5.0"\nf = "^6.0"\ng = {version = "7.0", extras = ["x"]}\n'
    )
    assert pinned(tmp_path, ()) == {"a-b": "1.0", "e": "5.0", "g": "7.0"}


def test_the_plugin_for_python_names_its_requirements(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nplugins: [serverless-python-requirements]\n"
        "custom: {pythonRequirements: {fileName: for-lambda.txt}}\nfunctions: {f: {handler: app.f}}\n"
    )
    (tmp_path / "app.py").write_text("def f(event, context): ...\n")
    (tmp_path / "for-lambda.txt").write_text("pynamodb==4.0.0\n")
    assert load_project(tmp_path, Options()).dependencies == {"pynamodb": "4.0.0"}
