"""Every finding is reported for its bad example, alone, and nothing is reported for its good one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scopedown.catalog.load import FOLDER, SqliteCatalog
from scopedown.validate.facts import Facts
from scopedown.validate.finders import FINDERS
from scopedown.validate.model import Check, Example
from scopedown.validate.read import of_text
from scopedown.validate.registry import Finding, checks, chosen, findings, undecided

CODES = Path(__file__).parents[1] / "checks" / "access_analyzer_codes.txt"
TYPES = Path(__file__).parents[3] / "shared" / "reference" / "access-analyzer-codes.tsv"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts(SqliteCatalog(FOLDER / "catalog.sqlite", FOLDER))


def found(example: Example, facts: Facts) -> Iterator[Finding]:
    documents = of_text(example.text, "policy.json", facts, kind=example.kind, resource_type=example.resource_type)
    for document in documents:
        yield from findings(document)


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.code)
def test_the_bad_example_raises_its_finding_alone(check: Check, facts: Facts) -> None:
    raised = list(found(check.bad, facts))
    assert {one.check.code for one in raised} == {check.code}
    assert all(one.found.message and one.found.place.file == "policy.json" for one in raised)


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.code)
def test_nothing_is_found_in_the_good_example(check: Check, facts: Facts) -> None:
    assert [(one.check.code, one.found.message) for one in found(check.good, facts)] == []


def test_every_code_of_aws_is_decided_or_listed_with_its_reason() -> None:
    ours = {check.code for check in checks()}
    assert ours.isdisjoint(undecided())
    assert ours | set(undecided()) == set(CODES.read_text("utf-8").split())


def test_every_function_that_finds_has_its_texts() -> None:
    assert set(FINDERS) == {check.code for check in checks()}


@pytest.mark.skipif(not TYPES.exists(), reason="needs the shared list of AWS's codes")
def test_every_finding_has_the_type_that_aws_gives_it() -> None:
    rows = [line.split("\t") for line in TYPES.read_text("utf-8").splitlines()[1:]]
    theirs = {code: type for type, code, _ in rows}
    assert {check.code: str(check.type) for check in checks()} == {check.code: theirs[check.code] for check in checks()}


@pytest.mark.parametrize("check", [one for one in checks() if one.reading], ids=lambda check: check.code)
def test_a_reading_of_a_code_has_its_source(check: Check) -> None:
    assert check.source.startswith("https://docs.aws.amazon.com/")


def test_findings_are_chosen_by_code_type_and_beginning() -> None:
    assert [check.code for check in chosen(["invalid-action"])] == ["INVALID_ACTION"]
    assert len(chosen(["PASS_ROLE"])) == 6
    assert {str(check.type) for check in chosen(["SUGGESTION"])} == {"SUGGESTION"}
