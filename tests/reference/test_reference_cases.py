"""The reference evaluator decides every given case, and every case of our own, as the documentation does."""

import json
from pathlib import Path

import pytest

from reference.evaluator import decide

REPOSITORY = Path(__file__).parents[2]
GIVEN = REPOSITORY.parent / "shared" / "cases" / "iam-decisions.jsonl"
OWN = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


GIVEN_CASES = read(GIVEN) if GIVEN.exists() else []
OWN_CASES = [case for path in OWN for case in read(path)]


@pytest.mark.skipif(not GIVEN_CASES, reason="the given decision cases are not beside this repository")
def test_the_given_cases_are_all_there():
    assert len(GIVEN_CASES) == 109


@pytest.mark.parametrize("case", GIVEN_CASES, ids=lambda case: case["id"])
def test_a_given_case_is_decided_as_documented(case):
    assert decide(case) == case["expected"]


@pytest.mark.parametrize("case", OWN_CASES, ids=lambda case: case["id"])
def test_an_own_case_is_decided_as_documented(case):
    assert decide(case) == case["expected"]


@pytest.mark.parametrize("kind", ["vpc-endpoint", "rcp", "trust", "kms"])
def test_each_rarely_covered_kind_of_policy_has_ten_own_cases(kind):
    assert sum(case["id"].startswith(f"{kind}/") for case in OWN_CASES) >= 10


def test_own_cases_have_one_name_each_and_say_which_page_decides():
    assert len({case["id"] for case in OWN_CASES}) == len(OWN_CASES) >= 150
    assert all(case["doc"] for case in OWN_CASES)


def test_the_reference_knows_nothing_of_the_evaluator_that_it_is_held_against():
    for source in Path(__file__).parent.glob("*.py"):
        if not source.name.startswith("test_"):
            imports = [line for line in source.read_text(encoding="utf-8").splitlines() if "import " in line]
            assert not any("scopedown" in line for line in imports)
