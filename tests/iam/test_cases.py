"""Files of cases: the ones shared with other projects, and our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.iam.cases import Case, case_objects, read_case

OWN = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))
SHARED = Path(__file__).parents[3] / "shared" / "cases" / "iam-decisions.jsonl"


def cases(path: Path) -> list[Case]:
    return [read_case(data) for _, data in case_objects(path.read_text("utf-8"), str(path))]


@pytest.mark.parametrize("case", [case for path in OWN for case in cases(path)], ids=lambda case: case.id)
def test_an_own_case_is_decided_as_expected(case: Case):
    assert case.decide().value == case.expected


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_own_file_holds_at_least_ten_cases_with_names_of_their_own(path: Path):
    names = [case.id for case in cases(path)]
    assert len(names) >= 10 and len(set(names)) == len(names)


def test_the_shared_cases_pass_whole():
    if not SHARED.exists():
        pytest.skip("the shared cases are not beside this checkout")
    wrong = [case.id for case in cases(SHARED) if case.decide().value != case.expected]
    assert wrong == []
