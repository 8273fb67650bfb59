"""Asks `scopedown.iam` the questions of cases, and answers in the words of the case files."""

from typing import Any

from scopedown.iam.cases import WORDS, read_case, read_policies
from scopedown.iam.evaluation import compile as compile_policies
from scopedown.iam.partial import evaluate_partially

Json = dict[str, Any]


def decide(case: Json) -> str:
    """One case, read and evaluated as `scopedown simulate --cases` does."""
    return WORDS[read_case({**case, "expected": "Allowed"}).decide().value]


def decide_compiled(cases: list[Json]) -> list[str]:
    """Cases that share their policies: compiled once, asked as one batch.

    The policies are those of the first case; the cases of one trust policy and of other resources do not mix, for the
    two kinds of document are read by different grammars.
    """
    requests = [read_case({**case, "expected": "Allowed"}).request for case in cases]
    policies = read_policies(cases[0]["policies"], requests[0])
    return [WORDS[decision.value] for decision in compile_policies(policies).batch(requests)]


def decide_partially(case: Json, unknown: list[str]) -> dict[str, Json]:
    """What a case can come to while some context keys are not known: each decision with values that bring it about."""
    read = read_case({**case, "expected": "Allowed"})
    outcomes = evaluate_partially(read.request, read.policies, unknown).outcomes
    return {WORDS[value]: {key: as_json(held) for key, held in context.items()} for value, context in outcomes.items()}


def as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
