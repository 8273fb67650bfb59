"""``scopedown validate`` as a user runs it: files, folders, standard input, all forms, gates."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command_line import PROGRAM, run, run_program

BAD = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBuckets", "Resource": "*"}]}'
GOOD = BAD.replace("s3:ListBuckets", "s3:ListAllMyBuckets")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.json").write_text(BAD)
    (tmp_path / "good.json").write_text(GOOD)
    (tmp_path / "package.json").write_text('{"name": "x"}')
    return tmp_path


def test_a_policy_without_findings_ends_with_0(folder: Path) -> None:
    done = run("good.json", cwd=folder, command="validate")
    assert (done.returncode, done.stdout) == (0, "1 policy: no problems\n")


def test_an_error_has_its_place_its_code_and_a_remedy_and_ends_with_1(folder: Path) -> None:
    done = run("bad.json", cwd=folder, command="validate")
    first, second, *_ = done.stdout.splitlines()
    assert done.returncode == 1
    assert first == ("bad.json:1:71: error INVALID_ACTION: s3:ListBuckets does not exist; did you mean s3:ListBucket?")
    assert second.strip().startswith("remedy: Write the action's name")


def test_a_folder_is_searched_for_policies(folder: Path) -> None:
    done = run(".", cwd=folder, command="validate")
    assert done.stdout.splitlines()[-2] == "2 policies: 1 error"


def test_a_folder_s_policies_are_read_whatever_the_case_of_their_suffix(folder: Path) -> None:
    (folder / "bad.json").rename(folder / "bad.JSON")
    assert run(".", cwd=folder, command="validate").stdout.splitlines()[-2] == "2 policies: 1 error"


def test_a_file_of_a_folder_that_cannot_be_read_and_may_hold_a_policy_ends_with_2(folder: Path) -> None:
    (folder / "image.json").write_bytes(b"\xff\xfe\x00")
    assert run(".", "--fail-on", "none", cwd=folder, command="validate").returncode == 0
    (folder / "wide.json").write_bytes(BAD.encode("utf-16"))
    done = run(".", "--fail-on", "none", cwd=folder, command="validate")
    assert done.returncode == 2 and "wide.json is UTF-16" in done.stderr


def test_a_policy_in_json_is_read_whatever_its_suffix_and_other_files_with_policies_are_named(folder: Path) -> None:
    (folder / "bad.json").rename(folder / "bad.policy")
    (folder / "main.tf").write_text('policy = jsonencode({ Statement = [{ Effect = "Allow" }] })')
    (folder / "words.txt").write_text("a statement: no policy")
    done = run(".", cwd=folder, command="validate")
    assert (done.returncode, done.stdout.splitlines()[-2]) == (1, "2 policies: 1 error")
    assert done.stderr.splitlines() == [
        "not read: main.tf: it is neither JSON nor YAML by its name, and may hold a policy"
    ]


def test_gates_and_ignored_codes_decide_the_exit_code(folder: Path) -> None:
    assert run("bad.json", "--ignore", "INVALID_ACTION", cwd=folder, command="validate").returncode == 0
    assert run("bad.json", "--fail-on", "none", cwd=folder, command="validate").returncode == 0
    assert run("bad.json", "--fail-on", "SUGGESTION", cwd=folder, command="validate").returncode == 0
    assert run("bad.json", "--fail-on", "INVALID_ACTION", cwd=folder, command="validate").returncode == 1


def test_the_json_has_awss_code_type_and_page(folder: Path) -> None:
    done = run("bad.json", "--format", "json", cwd=folder, command="validate")
    shown = json.loads(done.stdout)
    (one,) = shown["findings"]
    assert (shown["schema"], shown["failed"], shown["policies"]) == ("scopedown.validate/1", True, 1)
    assert (one["code"], one["type"], one["severity"]) == ("INVALID_ACTION", "ERROR", "error")
    assert one["link"].endswith("#access-analyzer-reference-policy-checks-error-invalid-action")


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab", "junit", "markdown"])
def test_every_form_of_check_is_there(folder: Path, form: str) -> None:
    done = run("bad.json", "--format", form, cwd=folder, command="validate")
    assert "INVALID_ACTION" in done.stdout and done.returncode == 1
    if form == "sarif":
        log = json.loads(done.stdout)["runs"][0]
        assert log["results"][0]["ruleIndex"] < len(log["tool"]["driver"]["rules"]) == 159
    if form == "junit":
        assert ElementTree.fromstring(done.stdout).get("name") == "scopedown validate"


def test_text_that_is_no_json_is_a_finding_with_its_place(folder: Path) -> None:
    (folder / "broken.json").write_text('{"Version": "2012-10-17",\n  "Statement": [}')
    done = run("broken.json", cwd=folder, command="validate")
    assert "broken.json:2:17: error JSON_SYNTAX_ERROR" in done.stdout


def test_what_cannot_be_read_is_one_line_and_2(folder: Path) -> None:
    for arguments in (("missing.json",), ("bad.json", "--select", "NO_CODE"), ("bad.json", "--resource-type", "X")):
        done = run(*arguments, cwd=folder, command="validate")
        assert done.returncode == 2 and done.stderr.startswith("scopedown: ")


def test_the_kind_of_policy_is_given_where_a_document_does_not_say_it(folder: Path) -> None:
    (folder / "scp.json").write_text(GOOD.replace("s3:", "s3*:"))
    done = run("scp.json", "--type", "scp", cwd=folder, command="validate")
    assert "SCP_SYNTAX_ERROR_ACTION_WILDCARD" in done.stdout


@pytest.mark.slow
def test_standard_input_is_read(folder: Path) -> None:
    done = subprocess.run([*PROGRAM, "validate", "-"], input=BAD, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("<stdin>:1:71: error INVALID_ACTION")
    assert run_program("bad.json", cwd=folder, command="validate").returncode == 1


def test_a_finding_is_explained_by_rule(folder: Path) -> None:
    done = run("INVALID_ACTION", cwd=folder, command="rule")
    assert done.stdout.startswith("# INVALID_ACTION\n") and done.stdout.count("```json") == 2


POLICY = """\
Version: "2012-10-17"
Statement:
  # scopedown: ignore PASS_ROLE_WITH_STAR_IN_RESOURCE the deployer passes every role
  - Effect: Allow
    Action:
      - iam:PassRole
      - s3:GetObjekt
    Resource: "*"
"""


def test_a_comment_with_a_reason_ignores_a_code_in_its_statement(tmp_path: Path):
    (tmp_path / "p.yml").write_text(POLICY)
    ran = run("p.yml", command="validate", cwd=tmp_path)
    assert "INVALID_ACTION" in ran.stdout and "PASS_ROLE" not in ran.stdout and "(1 ignored)" in ran.stdout
    (tmp_path / "p.yml").write_text(POLICY.replace(" the deployer passes every role", ""))
    assert "PASS_ROLE" in run("p.yml", command="validate", cwd=tmp_path).stdout


def test_a_baseline_ignores_what_it_lists_and_counts_what_is_gone(tmp_path: Path):
    (tmp_path / "p.yml").write_text(POLICY)
    assert run("p.yml", "--write-baseline", command="validate", cwd=tmp_path).returncode == 0
    ran = run("p.yml", command="validate", cwd=tmp_path)
    assert ran.returncode == 0 and "no problems (1 ignored, 1 in the baseline)" in ran.stdout
    (tmp_path / "p.yml").write_text(POLICY.replace("Objekt", "Object"))
    assert "1 problem of the baseline not found any more" in run("p.yml", command="validate", cwd=tmp_path).stdout


def test_one_baseline_serves_check_and_validate(tmp_path: Path):
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
        "Action: 's3:GetObjekt', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
    )
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    for command in ("check", "validate"):
        assert run(".", "--write-baseline", command=command, cwd=tmp_path).returncode == 0
    for command in ("check", "validate"):
        ran = run(".", "--fail-on", "note", command=command, cwd=tmp_path)
        assert ran.returncode == 0 and "in the baseline" in ran.stdout, ran.stdout


def test_the_settings_choose_findings_and_gates(tmp_path: Path):
    (tmp_path / "p.yml").write_text(POLICY)
    (tmp_path / ".scopedown.toml").write_text('[validate]\nignore = ["INVALID_ACTION"]\n')
    assert run("p.yml", command="validate", cwd=tmp_path).returncode == 0
    (tmp_path / ".scopedown.toml").write_text('[validate]\nselect = ["NO_SUCH"]\n')
    ran = run("p.yml", command="validate", cwd=tmp_path)
    assert ran.returncode == 2 and "no finding is named" in ran.stderr and ".scopedown.toml:2" in ran.stderr
