"""Limits of the settings: what is never granted, and access that may not grow."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.compare.access.limits import Limit
from scopedown.core.finding import ScopedownError

SERVICE = """
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
  iam: {role: {statements: [{Effect: Allow, Action: ACTION, Resource: '*'}]}}
functions: {f: {handler: app.f}}
"""


def project(folder: Path, action: str, settings: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "serverless.yml").write_text(SERVICE.replace("ACTION", action))
    (folder / "app.py").write_text("def f(event, context):\n    return None\n")
    if settings:
        (folder / ".scopedown.toml").write_text(settings)
    return folder


def check(folder: Path, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = run("--format", "json", "--select", "SD21", *arguments, cwd=folder, command="check")
    return done.returncode, json.loads(done.stdout)["problems"] if done.stdout else []


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_what_the_settings_forbid_fails_the_check_at_its_statement(tmp_path: Path):
    folder = project(tmp_path, "'s3:*'", '[check]\nnever = ["iam:*", "s3:DeleteBucket on arn:aws:s3:::prod*"]\n')
    code, (problem,) = check(folder)
    assert (code, problem["rule"], problem["place"]["line"]) == (1, "SD210", 8)
    assert "s3:DeleteBucket on arn:aws:s3:::prod*" in problem["message"]
    assert check(project(tmp_path, "'s3:GetObject'"))[0] == 0


def test_an_option_forbids_as_the_setting_does(tmp_path: Path):
    folder = project(tmp_path, "'s3:*'")
    assert check(folder, "--never", "s3:DeleteBucket")[0] == 1
    assert check(folder, "--never", "sqs:*") == (0, [])
    assert check(folder, "--never", "s3:DeleteBucket", "--fail-on", "none")[0] == 0


def test_access_that_may_not_grow_is_compared_with_a_commit(tmp_path: Path):
    folder = project(tmp_path / "shop", "'s3:GetObject'", '[check]\nmay-not-grow = true\nbase = "before"\n')
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "before")
    assert check(folder) == (0, [])
    project(folder, "'s3:*'")
    code, problems = check(folder)
    assert code == 1 and {one["rule"] for one in problems} == {"SD211"}
    assert check(folder, "--base", "nowhere")[0] == 2


def test_a_deny_that_goes_is_access_that_grows(tmp_path: Path):
    folder = project(tmp_path / "shop", "'s3:GetObject'", '[check]\nmay-not-grow = true\nbase = "before"\n')
    file = folder / "serverless.yml"
    without = file.read_text()
    deny = "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*'}"
    of_bucket = f"{{Bucket: b, PolicyDocument: {{Statement: [{deny}]}}}}"
    file.write_text(
        without.replace("statements: [", "statements: [{Effect: Deny, Action: 'sqs:*', Resource: '*'}, ")
        + f"resources: {{Resources: {{Own: {{Type: AWS::S3::BucketPolicy, Properties: {of_bucket}}}}}}}\n"
    )
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "before")
    assert check(folder) == (0, [])
    file.write_text(without)
    code, problems = check(folder)
    assert code == 1
    messages = " ".join(one["message"] for one in problems)
    assert "sqs:* on *, where a resource's policy grants it" in messages
    assert "Own newly allows s3:* on *, where an identity policy grants it" in messages


def test_a_new_project_has_allowed_nothing_before(tmp_path: Path):
    (tmp_path / "notes").write_text("first")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    folder = project(tmp_path / "shop", "'s3:GetObject'")
    assert check(folder, "--may-not-grow", "--base", "HEAD")[0] == 1


def test_limits_hold_for_the_roles_and_paths_that_they_name(tmp_path: Path):
    limits = '[[limits]]\npaths = ["services/billing"]\nroles = ["ROLE"]\nnever = ["s3:DeleteBucket"]\n'
    (tmp_path / ".git").mkdir()
    (tmp_path / ".scopedown.toml").write_text(limits.replace("ROLE", "IamRole*"))
    project(tmp_path / "services" / "billing", "'s3:*'")
    project(tmp_path / "services" / "orders", "'s3:*'")
    assert check(tmp_path / "services" / "billing")[0] == 1
    assert check(tmp_path / "services" / "orders") == (0, [])
    (tmp_path / ".scopedown.toml").write_text(limits.replace("ROLE", "other"))
    assert check(tmp_path / "services" / "billing") == (0, [])
    (tmp_path / ".scopedown.toml").write_text(limits.replace("ROLE", "f"))
    assert check(tmp_path / "services" / "billing")[0] == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[check]\nnever = ["DeleteBucket"]\n', "'DeleteBucket' is not an action"),
        ('[check]\nnever = "iam:*"\n', "never is not a list"),
        ('[[limits]]\nnevers = ["iam:*"]\n', "unknown setting 'nevers' in [[limits]]"),
        ('[limits]\nnever = ["iam:*"]\n', "'limits' is not a list of tables"),
    ],
)
def test_a_wrong_limit_is_reported_with_its_place(tmp_path: Path, settings: str, message: str):
    done = run(cwd=project(tmp_path, "'s3:*'", settings), command="check")
    assert done.returncode == 2 and message in done.stderr and ".scopedown.toml:" in done.stderr


def test_a_limit_that_is_not_one_is_refused():
    with pytest.raises(ScopedownError, match="roles is not a list"):
        Limit.read({"roles": "orders"})
