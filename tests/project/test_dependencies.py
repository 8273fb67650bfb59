"""Only certain versions are pins."""

from __future__ import annotations

import json
from pathlib import Path

from scopedown.project.dependencies import pinned


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
