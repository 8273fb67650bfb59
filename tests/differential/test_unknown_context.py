"""Decisions with part of the context unknown, held against the reference with every part known."""

import json
from random import Random
from typing import Any

import pytest

from differential import adapter, generate
from differential.universe import KEYS, SETS
from reference.evaluator import decide as reference
from scopedown.iam.errors import LimitError

Json = dict[str, Any]


def question(start: int) -> tuple[Random, Json, list[str]]:
    """A case and a few context keys that are not known in it."""
    r = Random(start)
    case = generate.case(r)
    for member in ("principal_tags", "resource_tags"):
        case["request"].pop(member, None)
    return r, case, r.sample(sorted(KEYS | SETS), r.choice((1, 2, 4)))


def with_context(case: Json, unknown: list[str], values: Json) -> Json:
    """The case with other values for the unknown keys; a key that has none is missing."""
    names = {key.lower() for key in unknown}
    known = {key: value for key, value in case["request"]["context"].items() if key.lower() not in names}
    chosen = {key: value for key, value in values.items() if key.lower() in names}
    return {**case, "request": {**case["request"], "context": {**known, **chosen}}}


def partial(case: Json, unknown: list[str]) -> dict[str, Json]:
    try:
        return adapter.decide_partially(case, unknown)
    except LimitError:
        pytest.skip("too many ways: nothing is claimed")


def has_variables(case: Json) -> bool:
    """Where a variable stands in a policy the partial evaluation may tell of an outcome without values that fit it."""
    return "${" in json.dumps(case["policies"])


@pytest.mark.parametrize("start", range(0, 4000, 100))
def test_each_outcome_comes_about_with_the_values_given_for_it(start: int):
    for seed in range(start, start + 20):
        _, case, unknown = question(seed)
        if has_variables(case):
            continue
        for decision, values in partial(case, unknown).items():
            told = with_context(case, unknown, values)
            assert reference(told) == decision, f"{values} {json.dumps(case)}"


@pytest.mark.parametrize("start", range(10_000, 14_000, 100))
def test_no_values_of_the_unknown_keys_come_to_another_decision(start: int):
    for seed in range(start, start + 20):
        r, case, unknown = question(seed)
        outcomes = partial(case, unknown)
        for _ in range(15):
            known = with_context(case, unknown, generate.context(r))
            assert reference(known) in outcomes, f"{known['request']['context']} {unknown} {json.dumps(case)}"
