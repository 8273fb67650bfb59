"""Asks `scopedown.iam` the question of one case, and answers in the words of the case files."""

from typing import Any


def decide(case: dict[str, Any]) -> str:
    raise NotImplementedError
