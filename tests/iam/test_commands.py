"""`scopedown simulate` and `scopedown test`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iam.ask import ALICE, EVERYTHING, HOME, OBJECT, allow, deny, policy
from scopedown.cli.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **files: object) -> tuple[int, str, str]:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / name.replace("__", ".")).write_text(text, "utf-8")
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


READ = ("--action", "s3:GetObject", "--resource", OBJECT)


def test_allowed_exits_0_and_names_the_statement(run):
    code, out, _ = run("simulate", "--policy", "p.json", *READ, p__json=policy(allow("s3:*", Sid="Read")))
    assert code == 0 and out.startswith("allowed: s3:GetObject") and "p.json, statement 'Read' allows it" in out


def test_denied_exits_1_and_says_what_came_close_and_what_aws_says(run):
    document = policy(allow("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}))
    code, out, _ = run("simulate", "--identity", "p.json", "--principal", ALICE, *READ, p__json=document)
    assert code == 1 and "closest: p.json, statement 1" in out and "is not authorized to perform: s3:GetObject" in out


def test_wrong_input_exits_2_with_a_place_and_no_traceback(run):
    twice = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Action": "*", "Resource": "*"}}'
    code, _, err = run("simulate", "--policy", "p.json", *READ, p__json=twice)
    assert code == 2 and "p.json:1:53" in err and "is repeated" in err
    assert run("simulate", "--policy", "none.json", *READ)[0] == 2
    assert run("simulate", "--policy", "p.json", *READ, "--principal", "alice", p__json=EVERYTHING)[0] == 2
    assert run("simulate", "--policy", "p.json", *READ, "--context", "novalue")[0] == 2
    assert run("simulate")[0] == 2


def test_a_single_change_that_allows_the_request_is_shown(run):
    _, out, _ = run("simulate", "--policy", "p.json", *READ, p__json=policy(allow("sqs:*")))
    assert f"  to allow it: an identity-based policy must allow s3:GetObject on {OBJECT}\n" in out


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObjec", OBJECT, "did you mean s3:GetObject"),
        ("s4:GetObject", OBJECT, "did you mean s3:GetObject"),
        ("s3.GetObject", OBJECT, "is not an action"),
        ("s3:Get*", OBJECT, "is a pattern"),
        ("s3:GetObject", "shop/a", "shop/a is not an ARN (write it as arn:aws:s3:::${BucketName}/${ObjectName})"),
        ("s3:GetObject", "arn:aws:s3", "is not an ARN"),
    ],
)
def test_what_no_request_can_hold_is_wrong_input(run, action: str, resource: str, expected: str):
    words = ("--action", action, "--resource", resource)
    code, out, err = run("simulate", "--policy", "p.json", *words, p__json=EVERYTHING)
    assert (code, out) == (2, "") and expected in err


def test_every_kind_of_policy_is_read(run):
    only = policy(allow("sqs:*"))
    everyone = policy({**allow(), "Principal": "*"})
    files = {"p__json": EVERYTHING, "only__json": only, "rp__json": everyone}
    for option in ("--boundary", "--scp", "--session"):
        code, _, _ = run("simulate", "--policy", "p.json", option, "only.json", *READ, **files)
        assert code == 1, option
    refuses = policy({**deny(), "Principal": "*"})
    assert run("simulate", "--policy", "p.json", "--rcp", "r.json", *READ, r__json=refuses, **files)[0] == 1
    assert run("simulate", "--policy", "p.json", "--vpce", "r.json", *READ)[0] == 1
    assert run("simulate", "--resource-policy", "rp.json", *READ)[0] == 0


def test_repeated_files_are_one_level_and_a_list_of_levels_is_levels(run):
    files = {"full__json": EVERYTHING, "only__json": policy(allow("sqs:*"))}
    both = ("--scp", "full.json", "--scp", "only.json")
    assert run("simulate", "--policy", "full.json", *both, *READ, **files)[0] == 0
    levels = [{"level": "root", "policies": [EVERYTHING]}, {"level": "account", "policies": [files["only__json"]]}]
    code, out, _ = run("simulate", "--policy", "full.json", "--scp", "levels.json", *READ, levels__json=levels)
    assert code == 1 and "at level 2" in out


def test_a_repeated_context_key_is_multivalued(run):
    document = policy(allow(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}))
    pairs = ("--context", "aws:TagKeys=a", "--context", "aws:TagKeys=c")
    assert run("simulate", "--policy", "p.json", *READ, *pairs, p__json=document)[0] == 1
    assert run("simulate", "--policy", "p.json", *READ, *pairs[:2])[0] == 0


def test_json_is_one_object_with_a_schema_and_aws_own_shape(run):
    code, out, _ = run("simulate", "--policy", "p.json", *READ, "--format", "json", p__json=policy(allow("s3:Get*")))
    found = json.loads(out)
    assert code == 0 and found["schema"] == "scopedown.simulate/1" and found["decision"] == "allowed"
    assert found["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_an_action_without_resource_level_permissions_is_asked_for_star(run):
    document = policy(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"))
    asked = ("--action", "s3:ListAllMyBuckets", "--resource", "arn:aws:s3:::b")
    code, out, _ = run("simulate", "--policy", "p.json", *asked, p__json=document)
    assert code == 1 and "s3:ListAllMyBuckets on *" in out and "note:" in out


def case(name: str, expected: str, document: object = EVERYTHING) -> str:
    request = {
        "action": "s3:GetObject",
        "resource": OBJECT,
        "resource_account": HOME,
        "principal": ALICE,
        "context": {},
    }
    return json.dumps({"id": name, "request": request, "policies": {"identity": [document]}, "expected": expected})


def test_cases_are_counted_and_each_failure_is_explained(run):
    lines = "\n".join([case("good", "Allowed"), case("bad", "ExplicitlyDenied"), case("broken", "Allowed", {"x": 1})])
    code, out, _ = run("simulate", "--cases", "c.jsonl", c__jsonl=lines)
    assert code == 1 and out.endswith("1 passed, 2 failed\n")
    assert "FAILED bad: expected ExplicitlyDenied, decided Allowed" in out and "unknown element 'x'" in out
    code, out, _ = run("simulate", "--cases", "c.jsonl", "--format", "json")
    assert [json.loads(line)["pass"] for line in out.splitlines()] == [True, False, False]
    assert json.loads(out.splitlines()[0]) == {"id": "good", "expected": "Allowed", "decision": "Allowed", "pass": True}


def test_an_empty_file_of_cases_tests_nothing_and_says_so(run):
    code, out, err = run("simulate", "--cases", "empty.jsonl", empty__jsonl="// nothing yet\n")
    assert (code, out) == (2, "")
    assert "empty.jsonl:1:1: holds no case" in err


def test_a_file_that_holds_no_cases_is_wrong_input(run):
    code, _, err = run("simulate", "--cases", "c.jsonl", c__jsonl=case("good", "Allowed") + "\n{nonsense")
    assert code == 2 and "c.jsonl:2:1" in err


def test_a_member_of_a_case_that_nothing_reads_fails_the_case(run):
    good = json.loads(case("good", "Allowed"))
    for part, name in (("policies", "boundaries"), ("request", "tags")):
        code, out, _ = run(
            "simulate", "--cases", "c.jsonl", c__jsonl=json.dumps({**good, part: {**good[part], name: []}})
        )
        assert code == 1 and f"{part} has no {name!r}" in out
    level = {**good["policies"], "scp": [{"Policies": []}]}
    code, out, _ = run("simulate", "--cases", "c.jsonl", c__jsonl=json.dumps({**good, "policies": level}))
    assert code == 1 and "scp[0] has no 'Policies'" in out


def test_a_key_that_is_written_twice_is_wrong_input(run):
    twice = case("good", "Allowed").replace('"identity"', '"identity": [], "identity"')
    code, _, err = run("simulate", "--cases", "c.jsonl", c__jsonl=twice)
    assert code == 2 and "c.jsonl:1:1: the key 'identity' is written twice" in err
    document = json.dumps(EVERYTHING)
    levels = f'[{{"policies": [{document}], "policies": []}}]'
    code, _, err = run("simulate", "--policy", "p.json", "--scp", "l.json", *READ, p__json=document, l__json=levels)
    assert code == 2 and "the key 'policies' is written twice" in err
    tests = "policies: {identity: p.json}\nprincipal: '*'\ntests: [{action: s3:GetObject, expect: denied}]"
    code, _, err = run("test", "a.yml", a__yml=tests, p__json=document[:-1] + ', "Statement": []}')
    assert code == 2 and "the key 'Statement' is written twice" in err


TESTS = """
policies:
  identity: [role.json]
principal: arn:aws:iam::111122223333:role/app
tests:
  - name: reads its objects
    action: [s3:GetObject, s3:GetObjectTagging]
    resource: arn:aws:s3:::b/k
    expect: allowed
  - name: writes nothing
    action: s3:PutObject
    resource: arn:aws:s3:::b/k
    expect: denied
  - name: not outside the office
    action: s3:GetObject
    resource: arn:aws:s3:::b/k
    policies:
      scp:
        - level: root
          policies:
            - {Version: 2012-10-17, Statement: {Effect: Allow, Action: "*", Resource: "*"}}
            - Version: 2012-10-17
              Statement:
                Effect: Deny
                Action: "*"
                Resource: "*"
                Condition: {NotIpAddress: {"aws:SourceIp": 10.0.0.0/8}}
    context: {"aws:SourceIp": 8.8.8.8}
    expect: explicitDeny
"""


def test_policy_tests_in_yaml(run):
    files = {"role__json": policy(allow("s3:Get*")), "a__yml": TESTS}
    code, out, _ = run("test", "a.yml", **files)
    assert (code, out) == (0, "4 passed, 0 failed\n")
    code, out, _ = run("test", "a.yml", "--format", "json", role__json=policy(allow("s3:*")))
    found = json.loads(out)
    assert code == 1 and (found["passed"], found["failed"]) == (3, 1) and found["schema"] == "scopedown.test/1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tests: []", "at least one test"),
        ("a: [", "is not YAML"),
        ("policies: {identity: [], identity: []}\ntests: []", "the key 'identity' is written twice"),
        ("testz: 1", "unknown key 'testz'"),
        ("principal: '*'\ntests: [{action: s3:GetObject, expect: maybe}]", "expect must be one of"),
        ("tests: [{action: s3:GetObject, expect: denied}]", "principal is missing"),
        ("principal: '*'\npolicies: {identity: none.json}\ntests: [{action: s3:a, expect: denied}]", "cannot read"),
    ],
)
def test_a_wrong_test_file_exits_2_and_says_why(run, text: str, told: str):
    code, _, err = run("test", "a.yml", a__yml=text)
    assert code == 2 and told in err and "Traceback" not in err


def test_the_shared_cases_pass_as_a_command(run):
    shared = Path(__file__).parents[3] / "shared" / "cases" / "iam-decisions.jsonl"
    if not shared.exists():
        pytest.skip("the shared cases are not beside this checkout")
    code, out, _ = run("simulate", "--cases", str(shared))
    assert code == 0 and out == "109 passed, 0 failed\n"
