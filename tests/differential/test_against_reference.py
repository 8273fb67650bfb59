"""`scopedown.iam` and the reference evaluator decide every random request alike."""

import json
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, seed, settings

from differential import adapter, generate
from differential.strategies import cases, questions
from differential.universe import HOME
from reference.evaluator import decide as reference

Json = dict[str, Any]
SAVED = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
OWN = sorted((Path(__file__).parents[1] / "reference" / "cases").glob("*.jsonl"))


def read(paths: list[Path]) -> list[Json]:
    return [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def drawn(number: int) -> settings:
    return settings(max_examples=number, deadline=None, database=None, phases=[Phase.generate])


def decided_alike(asked: list[Json]) -> None:
    for case in asked:
        assert adapter.decide(case) == reference(case), "save this case: " + json.dumps(case)


def compiled_alike(asked: list[Json]) -> None:
    """Compiled once and asked in a batch: the index must not lose a statement."""
    alike = [case for case in asked if generate.is_trust(case["request"]) == generate.is_trust(asked[0]["request"])]
    for _, group in groupby(alike, key=lambda case: json.dumps([case["policies"], case["request"].get("groups")])):
        same = list(group)
        assert adapter.decide_compiled(same) == [reference(case) for case in same]


@seed(20240604)
@drawn(100)
@given(asked=questions(6))
def test_random_requests_are_decided_alike(asked: list[Json]):
    decided_alike(asked)


@pytest.mark.slow
@seed(20240601)
@drawn(400)
@given(asked=questions(6))
def test_more_random_requests_are_decided_alike(asked: list[Json]):
    decided_alike(asked)


@seed(20240605)
@drawn(60)
@given(asked=questions(8))
def test_a_compiled_set_of_policies_decides_as_the_reference_does(asked: list[Json]):
    compiled_alike(asked)


@pytest.mark.slow
@seed(20240602)
@drawn(200)
@given(asked=questions(8))
def test_a_compiled_set_of_policies_decides_more_requests_as_the_reference_does(asked: list[Json]):
    compiled_alike(asked)


@pytest.mark.parametrize("start", range(25))
def test_many_statements_decide_as_the_reference_says(start: int):
    """Sixty documents: enough for an index to sort its statements by action and by resource."""
    r = Random(start)
    asked = [generate.nearby(r, first) for first in [generate.request(r)] for _ in range(12)]
    asked = [{**one, "principal": f"arn:aws:iam::{HOME}:user/alice", "context": {}} for one in asked]
    identity = [generate.document(r, r.choice(asked), "identity") for _ in range(60)]
    for document in identity:  # fewer denies, or one of so many would always apply
        statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
        for statement in statements:
            narrow = isinstance(statement.get("Action"), str) and "*" not in statement["Action"]
            statement["Effect"] = "Deny" if statement["Effect"] == "Deny" and narrow else "Allow"
            if statement["Effect"] == "Allow" and not narrow:
                statement.pop("NotAction", None)
                statement["Action"] = "s3:ListAllMyBuckets"
    nothing = {"resource": None, "session": None, "boundary": [], "scp": [], "rcp": [], "vpce": None}
    cases = [{"request": one, "policies": {"identity": identity, **nothing}} for one in asked]
    assert adapter.decide_compiled(cases) == [reference(case) for case in cases]


@seed(20240603)
@drawn(100)
@given(case=cases())
def test_a_case_that_went_through_json_is_the_same_case(case: Json):
    again = json.loads(json.dumps(case))
    assert adapter.decide(again) == adapter.decide(case)
    assert reference(again) == reference(case)


@pytest.mark.parametrize("case", read(SAVED), ids=lambda case: case["id"])
def test_a_case_on_which_the_two_once_differed_is_decided_by_its_source(case: Json):
    assert case["note"] and case["doc"]
    assert reference(case) == case["expected"]
    assert adapter.decide(case) == case["expected"]


@pytest.mark.parametrize("case", read(OWN), ids=lambda case: case["id"])
def test_an_own_case_is_decided_by_its_page(case: Json):
    assert adapter.decide(case) == case["expected"]
