"""The three forms of a proof say the same, and nothing from a user's files breaks them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from scopedown.cli.terminal import drawn
from scopedown.prove.functions.model import EventRun, FunctionRun
from scopedown.prove.model import FRAMEWORK_USER, ActionUse, Denial, Proof, StatementUse, Step, Unforeseen
from scopedown.prove.report.evidence import evidence
from scopedown.prove.report.markdown import markdown
from scopedown.prove.report.table import print_proof

STATEMENT = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
USES = (
    ActionUse("s3:PutObject", 2, 0, ("deploy",), True),
    ActionUse("s3:GetObject", why="asked by rollback, not run here"),
)
GOOD = Proof(
    service="shop", stage="dev", region="us-east-1", config="serverless.yml", framework="osls 4.3.1",
    function_policies="generated", deploy_policies="generated",
    steps=(Step("deploy", "deploy", 0, 1.5), Step("remove", "remove", skipped="not asked")),
    functions=(
        FunctionRun("greet", True, events=(EventRun("sqs", "error", "KeyError", "'id'"),), ran_with="python 3.12.1"),
        FunctionRun("go", False, "code in go is not run here"),
    ),
    statements=(StatementUse(FRAMEWORK_USER, "deploy policy", 1, STATEMENT, USES),),
    denials=(), unforeseen=(), real=2, modelled=1, seconds=2.0,
)  # fmt: skip
DENIED = Denial(
    FRAMEWORK_USER, ("deploy",), "s3.PutObject", "s3:PutObject", "arn:aws:s3:::b/`|<k>", "AWS said no", False
)
BAD = replace(
    GOOD, denials=(DENIED,), steps=(Step("deploy", "deploy", 1, 1.0, "Error: no\x1b[31m [bold]"),), learned="deploy",
    unforeseen=(Unforeseen("greet", "sqs.SendMessage", "sqs:SendMessage", "arn:aws:sqs:us-east-1:1:q", False),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


def text(proof: Proof, explain: bool = False) -> str:
    return drawn(partial(print_proof, proof, explain=explain))


def test_a_proof_is_proven_where_every_command_ended_well_and_nothing_was_denied() -> None:
    assert GOOD.proven and GOOD.failures == ()
    assert BAD.failures == ("deploy ended with exit code 1", "1 request was denied")
    assert replace(GOOD, steps=(Step("deploy", "deploy", None),)).failures == ("deploy did not end in time",)
    assert not replace(GOOD, unmapped=("deploy: x.Y",)).proven
    assert replace(GOOD, denials=(replace(DENIED, harmless="the command continues without it"),)).proven


def test_the_text_tells_what_ran_what_was_used_and_what_it_rests_on() -> None:
    shown = text(GOOD)
    assert shown.startswith(
        "DEPLOYMENT PROVEN, FUNCTIONS NOT PROVEN: 1 of 2 functions ran: shop, stage dev, us-east-1, by osls 4.3.1"
    )
    assert "greet: ran on 1 event with python 3.12.1; 1 ended with an error, the first (sqs) KeyError: 'id'" in shown
    assert "go: did not run: code in go is not run here" in shown
    assert "not used: asked by rollback, not run here" in shown
    assert "2 checks are real requests" in shown and "1 are calls that" in shown
    assert "used by deploy" in text(GOOD, explain=True)


def test_the_text_tells_denials_with_the_missing_statement_and_the_scanners_faults() -> None:
    shown = text(BAD)
    assert 'missing: {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": ["arn:aws:s3:::b/`|<k>"]}' in shown
    assert "greet: sqs:SendMessage on arn:aws:sqs:us-east-1:1:q (sqs.SendMessage)" in shown
    assert "from deploy on, denials were only recorded" in shown
    assert "Error: no\\x1b[31m [bold]" in shown and "\x1b" not in shown


def test_every_form_tells_what_was_taken_as_existing() -> None:
    told = "taken as existing: subnet subnet-1 (named by Function.VpcConfig.SubnetIds)"
    proof = replace(GOOD, presupposed=(told,))
    assert told in text(proof)
    assert "taken as existing: subnet subnet-1" in markdown(proof)
    assert evidence(proof)["presupposed"] == [told]


def test_the_evidence_is_plain_json_with_every_part() -> None:
    told = json.loads(json.dumps(evidence(BAD)))
    assert told["schema"] == "scopedown.prove/1" and told["proven"] is False
    assert told["denials"][0]["grant"]["Action"] == ["s3:PutObject"]
    assert told["statements"][0]["actions"][1] == {
        "action": "s3:GetObject", "used": False, "needed": False, "real": 0, "modelled": 0, "by": [],
        "why": "asked by rollback, not run here", "rerun": "",
    }  # fmt: skip
    assert told["functions"][0]["events"][0]["errorType"] == "KeyError"
    assert told["unforeseen"][0]["resourceOnly"] is False
    assert told["steps"][0]["output"].startswith("Error") and evidence(GOOD)["steps"][0]["output"] == ""


def test_markdown_keeps_its_tables_whatever_names_hold() -> None:
    shown = markdown(replace(BAD, service="a|b <script> @all"))
    assert "&#124;" in shown and "<script>" not in shown and "@all" not in shown
    rows = [line for line in shown.splitlines() if line.startswith("| ")]
    assert all(line.count("|") in (3, 4) for line in rows)
    assert "`missing: {" in shown and "<details>" in shown


def test_functions_that_did_not_run_are_not_proven() -> None:
    assert GOOD.proven and not GOOD.functions_proven
    ran = replace(GOOD, functions=tuple(one for one in GOOD.functions if one.ran))
    assert ran.functions_proven and text(ran).startswith("PROVEN: shop")
    assert replace(GOOD, functions=()).functions_proven


def test_statements_are_named_by_their_sid() -> None:
    named = replace(GOOD.statements[0], statement={**STATEMENT, "Sid": "Artifacts"})
    proof = replace(GOOD, statements=(named,))
    for shown in (text(proof), markdown(proof)):
        assert f"{FRAMEWORK_USER}: Artifacts" in shown
    assert f"{FRAMEWORK_USER}: statement 1" in text(GOOD)


def test_what_a_tool_said_comes_with_its_place_and_a_remedy_in_every_form() -> None:
    failed = Step("deploy", "deploy", 1, 1.0, "…", "no such table", "lib/shop.ts:3", "name another table")
    proof = replace(GOOD, steps=(failed,))
    assert proof.failures == ("deploy ended with exit code 1: lib/shop.ts:3: no such table",)
    assert "to do: name another table" in text(proof) and "lib/shop.ts:3: no such table" in text(proof)
    assert "- to do: name another table" in markdown(proof)
    (step,) = evidence(proof)["steps"]
    assert (step["error"], step["place"], step["remedy"]) == ("no such table", "lib/shop.ts:3", "name another table")
    assert "to do" not in text(BAD)
