"""``scopedown compare`` on documents, sets and cases."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command_line import run


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def compare(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, cwd=Path(), command="compare")


SHARED = Path(__file__).parents[3] / "shared" / "cases" / "policy-pairs.jsonl"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders"
OLD = policy(allow("dynamodb:GetItem", TABLE))
NEW = policy({"Sid": "Orders", **allow(["dynamodb:GetItem", "dynamodb:DeleteItem"], TABLE)})


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    (tmp_path / "new.json").write_text(json.dumps(NEW))
    return tmp_path


def test_new_access_exits_with_1_and_names_the_action_the_resource_and_a_request(files: Path):
    done = compare("old.json", "new.json")
    assert done.returncode == 1
    assert "+ dynamodb:DeleteItem on table/Orders" in done.stdout
    assert f"for instance: dynamodb:DeleteItem on {TABLE}" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 thing is new"


def test_no_new_access_exits_with_0_and_says_what_is_less(files: Path):
    done = compare("new.json", "old.json")
    assert done.returncode == 0
    assert "- dynamodb:DeleteItem on table/Orders    no longer" in done.stdout
    assert done.stdout.splitlines()[-1] == "no new access"


def test_new_access_that_aws_refuses_with_any_policy_is_marked(files: Path):
    new = policy(
        allow("dynamodb:GetItem", TABLE),
        allow("iam:DeletePolicy", "arn:aws:iam::aws:policy/*"),
        allow("iam:DeletePolicy", "arn:aws:iam::111122223333:policy/own"),
    )
    (files / "new.json").write_text(json.dumps(new))
    done = compare("old.json", "new.json", "--format", "json")
    marks = [row["onlyInLanguage"] for change in json.loads(done.stdout)["changes"] for row in change["new"]]
    assert sorted(map(str, marks)) == ["AWS refuses it, because only AWS changes AWS managed policies", "None"]
    assert done.returncode == 1


def test_equivalent_fails_where_something_is_less(files: Path):
    assert compare("new.json", "old.json", "--equivalent").returncode == 1
    done = compare("old.json", "old.json", "--equivalent")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "equivalent")


def test_json_has_aws_s_words_and_the_witness(files: Path):
    done = compare("old.json", "new.json", "--format", "json")
    data = json.loads(done.stdout)
    assert (data["schema"], data["result"]) == ("scopedown.compare/1", "FAIL")
    assert data["reasons"][0]["statementId"] == "Orders"
    (row,) = data["changes"][0]["new"]
    assert row["witness"] == {"action": "dynamodb:DeleteItem", "resource": TABLE, "context": {}}


def test_markdown_is_one_line_a_thing(files: Path):
    done = compare("old.json", "new.json", "--format", "markdown")
    assert "- **new.json**: + dynamodb:DeleteItem on table/Orders (not allowed before)" in done.stdout


def test_what_is_not_granted_is_checked_on_one_policy(files: Path):
    assert compare("new.json", "--not-granted", "dynamodb:Delete*").returncode == 1
    assert compare("new.json", "--not-granted", f"dynamodb:Delete*@{TABLE}s").returncode == 0
    assert compare("new.json", "--not-granted", "iam:*").returncode == 0
    done = compare("new.json", "--not-granted", "Delete")
    assert done.returncode == 2 and "'Delete' is not an action" in done.stderr


def test_a_reference_limits_what_a_policy_may_allow(files: Path):
    (files / "reference.json").write_text(json.dumps(policy(allow("dynamodb:*Item"))))
    assert compare("new.json", "--reference", "reference.json").returncode == 0
    assert compare("new.json", "--reference", "old.json").returncode == 1


def test_a_public_policy_is_found(files: Path):
    (files / "bucket.json").write_text(json.dumps(policy(allow("s3:GetObject", Principal="*"))))
    done = compare("bucket.json", "--no-public")
    assert done.returncode == 1 and "1 thing is public" in done.stdout
    assert compare("old.json", "--no-public").returncode == 2


def test_sets_are_limited_by_their_boundary(files: Path):
    boundary = policy(allow("dynamodb:GetItem"))
    for name, document in (("before", OLD), ("after", NEW)):
        (files / f"{name}.json").write_text(json.dumps({"identity": [document], "boundary": [boundary]}))
    assert compare("before.json", "after.json").returncode == 0
    (files / "boundary.json").write_text(json.dumps(boundary))
    assert compare("old.json", "new.json", "--boundary", "boundary.json").returncode == 0
    assert compare("old.json", "new.json", "--scp", "boundary.json").returncode == 0


def test_a_limit_that_goes_is_new_access_where_a_policy_of_the_set_s_resource_grants(files: Path):
    role = {"AWS": "arn:aws:iam::111122223333:role/app"}
    sends, bucket = policy(allow("sqs:SendMessage")), policy(allow("s3:GetObject", Principal=role))
    denying = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    everything, queues = policy(allow("*")), policy(allow("sqs:*"))
    pairs = [
        ({"identity": [sends, denying]}, {"identity": [sends]}),
        ({"identity": [sends], "boundary": [queues]}, {"identity": [sends], "boundary": [everything]}),
        ({"identity": [sends], "session": [queues]}, {"identity": [sends]}),
        (
            {"identity": [sends], "scp": [{"policies": [everything, denying]}]},
            {"identity": [sends], "scp": [{"policies": [everything]}]},
        ),
        ({"identity": [denying]}, {}),
    ]
    for old, new in pairs:
        for name, given in (("a", old), ("b", new)):
            (files / f"{name}.json").write_text(json.dumps({**given, "resource": bucket}))
        assert compare("a.json", "b.json").returncode == 1
        assert compare("b.json", "a.json").returncode == 0
        assert compare("a.json", "a.json", "--equivalent").returncode == 0


def test_a_limit_of_a_set_that_goes_is_new_access_where_the_policy_of_a_resource_may_grant(files: Path):
    sends, everything = policy(allow("sqs:SendMessage")), policy(allow("*"))
    for deny, answer in (("s3:*", 1), ("ec2:*", 0)):
        denying = policy({"Effect": "Deny", "Action": deny, "Resource": "*"})
        (files / "a.json").write_text(json.dumps({"identity": [sends, denying]}))
        (files / "b.json").write_text(json.dumps({"identity": [sends]}))
        assert compare("a.json", "b.json").returncode == answer
        (files / "boundary.json").write_text(json.dumps(sends))
        assert compare("a.json", "b.json", "--boundary", "boundary.json").returncode == answer  # a session may be named
        assert compare("a.json", "b.json", "--scp", "boundary.json").returncode == 0
    (files / "a.json").write_text(json.dumps({"identity": [sends], "boundary": sends}))
    (files / "b.json").write_text(json.dumps({"identity": [sends], "boundary": everything}))
    assert compare("a.json", "b.json").returncode == 1


def test_a_deny_of_a_set_s_resource_that_goes_is_new_access_where_an_identity_policy_grants(files: Path):
    denying = policy({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})
    reads = policy(allow("s3:GetObject"))
    (files / "a.json").write_text(json.dumps({"identity": [reads], "resource": denying}))
    for left in ({"resource": policy(allow("s3:ListBucket", Principal={"AWS": "111122223333"}))}, {}):
        (files / "b.json").write_text(json.dumps({"identity": [reads], **left}))
        assert compare("a.json", "b.json").returncode == 1
        assert compare("b.json", "a.json").returncode == 0


def test_groups_count_and_an_scp_that_only_denies_allows_nothing_in_a_set(files: Path):
    sends, everything = policy(allow("sqs:SendMessage")), policy(allow("*"))
    denying = policy({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})
    for old, new in (
        ({"groups": {"g": [sends]}}, {"groups": {"g": [everything]}}),
        ({"scp": [{"policies": [denying]}]}, {"scp": [{"policies": [denying, everything]}]}),
    ):
        (files / "a.json").write_text(json.dumps({"identity": [sends], **old}))
        (files / "b.json").write_text(json.dumps({"identity": [sends], **new}))
        assert compare("a.json", "b.json").returncode == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("twice.json", '{"identity": [], "identity": []}'),
        ("several.json", json.dumps({"PolicyDocument": OLD, "Policy": NEW})),
        ("unknown.json", json.dumps({"identity": [OLD], "management_account": "111122223333"})),
        ("folder/more.jsonc", "{}"),
        ("folder/below/more.json", json.dumps(NEW)),
    ],
)
def test_what_is_not_read_is_refused(files: Path, name: str, content: str):
    (files / name).parent.mkdir(parents=True, exist_ok=True)
    (files / name).write_text(content)
    done = compare("old.json", name.partition("/")[0])
    assert done.returncode == 2 and done.stderr


def test_a_folder_s_files_are_read_whatever_the_case_of_their_suffix(files: Path):
    (files / "role").mkdir()
    (files / "role" / "a.json").write_text(json.dumps(OLD))
    (files / "role" / "b.JSON").write_text(json.dumps(NEW))
    assert compare("old.json", "role").returncode == 1


def test_a_case_with_a_key_that_is_not_read_is_refused(files: Path):
    for more in ({"policies": {}}, {"new": {"identity": [NEW], "management_account": "111122223333"}}):
        case = {"id": "a", "old": OLD, "new": OLD, "expected": "no new access", **more}
        (files / "cases.jsonl").write_text(json.dumps(case))
        done = compare("--cases", "cases.jsonl")
        assert done.returncode == 1 and "found invalid" in done.stdout


def test_a_case_may_say_why_and_by_which_source(files: Path):
    case = {"id": "a", "old": OLD, "new": OLD, "expected": "no new access", "why": "the same", "source": "a page"}
    (files / "cases.jsonl").write_text(json.dumps(case | {"witness": None, "note": ""}))
    assert compare("--cases", "cases.jsonl").returncode == 0


def test_sets_of_cases_are_compared_with_their_resource(files: Path):
    bucket = policy(allow("s3:GetObject", Principal={"AWS": "arn:aws:iam::111122223333:role/app"}))
    sends, denying = policy(allow("sqs:SendMessage")), policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    limited, free = {"identity": [sends, denying], "resource": bucket}, {"identity": [sends], "resource": bucket}
    lines = [
        {"id": "1", "old": limited, "new": free, "expected": "new access"},
        {"id": "2", "old": free, "new": limited, "expected": "no new access"},
        {"id": "3", "old": free, "new": free, "check": "equivalent", "expected": "equivalent"},
        {"id": "4", "old": free, "new": limited, "check": "equivalent", "expected": "new access"},
    ]
    (files / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = compare("--cases", "cases.jsonl")
    assert (done.returncode, done.stdout) == (0, "4 passed, 0 failed\n")


def rcp(action: Any, **more: Any) -> dict[str, Any]:
    return policy({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", **more})


def test_rcps_alone_are_compared_by_what_they_let_through(files: Path):
    outside = {"Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}
    (files / "old.json").write_text(json.dumps(rcp("s3:*", **outside)))
    (files / "new.json").write_text(json.dumps(rcp("s3:Put*", **outside)))
    done = compare("old.json", "new.json", "--kind", "rcp")
    assert done.returncode == 1 and "statement 1 of old.json denied it" in done.stdout
    assert compare("new.json", "old.json", "--kind", "rcp").returncode == 0
    sets = {
        name: {"rcp": [{"policies": [rcp(actions)]}]} for name, actions in (("a", "s3:*"), ("b", ["s3:*", "sqs:*"]))
    }
    for name, given in sets.items():
        (files / f"{name}.json").write_text(json.dumps(given))
    assert compare("a.json", "b.json").returncode == 0
    assert "+ sqs:AddPermission" in compare("b.json", "a.json").stdout


def test_an_rcp_limits_the_services_that_it_reaches_and_no_other(files: Path):
    (files / "rcp.json").write_text(json.dumps(rcp("*")))
    (files / "old.json").write_text(json.dumps(policy(allow("sns:Publish"))))
    (files / "new.json").write_text(json.dumps(policy(allow(["sns:Publish", "s3:*", "kms:RetireGrant", "ec2:Run*"]))))
    done = compare("old.json", "new.json", "--rcp", "rcp.json")
    new = [line for line in done.stdout.splitlines() if line.startswith("  + ")]
    assert len(new) == 1 and "kms:RetireGrant" in new[0] and "ec2:Run*" in new[0] and "s3:" not in new[0]


def test_an_rcp_is_not_compared_with_another_kind(files: Path):
    (files / "old.json").write_text(json.dumps({"rcp": [{"policies": [rcp("s3:*")]}]}))
    (files / "new.json").write_text(json.dumps(rcp("s3:*")))
    assert "is a resource control policy" in compare("old.json", "new.json").stderr


def test_scps_that_only_deny_are_compared_by_what_they_let_through(files: Path):
    for name, action in (("old", "s3:*"), ("new", "s3:Put*")):
        document = policy({"Effect": "Deny", "Action": action, "Resource": "*"})
        (files / f"{name}.json").write_text(json.dumps({"scp": [{"policies": [document]}]}))
    assert compare("old.json", "new.json").returncode == 1
    assert compare("new.json", "old.json").returncode == 0


def test_the_forms_of_check_show_a_comparison(files: Path):
    done = compare("old.json", "new.json", "--format", "github", "-o", "sarif=out.sarif", "-o", "junit=out.xml")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=new.json,line=1,col=41,title=SD601 new-access::new.json newly allows")
    (run_,) = json.loads((files / "out.sarif").read_text())["runs"]
    (result,) = run_["results"]
    assert result["ruleId"] == "SD601" and "for instance dynamodb:DeleteItem" in result["message"]["text"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "new.json"
    assert 'failures="1"' in (files / "out.xml").read_text()
    again = compare("old.json", "new.json", "--format", "sarif")
    assert json.loads(again.stdout)["runs"][0]["results"][0]["partialFingerprints"] == result["partialFingerprints"]


def test_a_folder_of_policies_is_their_union_and_yaml_is_read(files: Path):
    (files / "role").mkdir()
    (files / "role" / "read.json").write_text(json.dumps(OLD))
    written = "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: dynamodb:DeleteItem\n  Resource: '*'\n"
    (files / "role" / "delete.yaml").write_text(written)
    assert compare("role", "new.json").returncode == 0
    assert compare("old.json", "role").returncode == 1


def test_a_document_in_an_answer_of_aws_is_taken_out(files: Path):
    (files / "version.json").write_text(json.dumps({"PolicyVersion": {"VersionId": "v1", "Document": NEW}}))
    (files / "bucket.json").write_text(json.dumps({"Policy": json.dumps(policy(allow("s3:*", Principal="*")))}))
    assert compare("new.json", "version.json", "--equivalent").returncode == 0
    assert compare("bucket.json", "--no-public").returncode == 1


def test_policies_of_two_kinds_are_not_compared(files: Path):
    (files / "bucket.json").write_text(json.dumps(policy(allow("s3:GetObject", Principal="*"))))
    done = compare("old.json", "bucket.json")
    assert done.returncode == 2 and "is an identity-based policy" in done.stderr


def test_a_policy_that_is_wrong_is_reported_with_its_place(files: Path):
    (files / "wrong.json").write_text('{"Statement": [\n {"Effect": "Alow", "Action": "s3:*", "Resource": "*"}]}')
    done = compare("old.json", "wrong.json")
    assert done.returncode == 2 and "wrong.json:2" in done.stderr


def test_cases_print_one_object_a_line(files: Path):
    cases = [
        {"id": "a", "check": "no-new-access", "old": OLD, "new": NEW, "expected": "new access"},
        {"id": "b", "check": "equivalent", "old": OLD, "new": OLD, "expected": "equivalent"},
        {
            "id": "c",
            "check": "access-not-granted: dynamodb:DeleteItem",
            "old": None,
            "new": NEW,
            "expected": "new access",
        },
        {"id": "d", "check": "no-new-access", "old": NEW, "new": OLD, "expected": "new access"},
    ]
    (files / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)))
    done = compare("--cases", "cases.jsonl", "--format", "json")
    assert done.returncode == 1
    assert [json.loads(line) for line in done.stdout.splitlines()][1] == {
        "id": "b", "expected": "equivalent", "result": "equivalent", "pass": True,
    }  # fmt: skip
    assert [json.loads(line)["pass"] for line in done.stdout.splitlines()] == [True, True, True, False]
    assert compare("--cases", "cases.jsonl").stdout.splitlines()[-1] == "3 passed, 1 failed"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not beside this repository")
def test_all_shared_pairs_come_out_as_expected():
    done = compare("--cases", str(SHARED), "--format", "json")
    assert done.returncode == 0 and all(json.loads(line)["pass"] for line in done.stdout.splitlines())
