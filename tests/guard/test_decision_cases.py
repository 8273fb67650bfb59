"""The shared decision cases, posed as live requests: the local AWS decides them as AWS does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from guard.live_cases import CannotBePosedError, decides
from scopedown.guard.gate import Gate
from scopedown.guard.services import cloudformation

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parents[3] / "shared" / "cases" / "iam-decisions.jsonl"
NOT_HERE = ("scp", "rcp", "vpce")
"""Policies of organisations and endpoints: the local AWS has neither."""
NOT_POSED = {
    "docs/031-var-missing-resource-nomatch": "a user's request always has aws:username",
    "docs/047-var-missing-deny-resource-nomatch": "a user's request always has aws:username",
    "docs/175-service-principal-other": "its caller is an AWS service, which signs with no key of an account",
    "docs/217-doc-ifexists-image-passes": "RunInstances asks for five further resources, which the case is not about",
}
BAR = 80


def cases() -> list[Mapping[str, Any]]:
    if not SHARED.exists():
        return []
    read = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]
    return [one for one in read if not any(one["policies"].get(layer) for layer in NOT_HERE)]


POSED = [one for one in cases() if one["id"] not in NOT_POSED]


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(services=(cloudformation,)) as one:
        yield one


@pytest.mark.parametrize("case", POSED, ids=[one["id"] for one in POSED])
def test_a_case_that_is_posed_as_a_request_is_decided_as_expected(gate: Gate, case: Mapping[str, Any]) -> None:
    assert decides(gate, case) == case["expected"]


def test_enough_cases_are_posed() -> None:
    if not SHARED.exists():
        pytest.skip("the shared cases are not beside this checkout")
    assert len(POSED) >= BAR
    assert len(POSED) + len(NOT_POSED) == len(cases())


def test_a_case_of_a_service_that_asks_is_told_to_be_none(gate: Gate) -> None:
    for case in cases():
        if case["id"] == "docs/175-service-principal-other":
            with pytest.raises(CannotBePosedError):
                decides(gate, case)
