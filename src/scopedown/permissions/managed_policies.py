"""What AWS's own managed policies for Lambda's roles allow at least, from ``managed_policies.tsv``: the actions that a
policy allows on every resource without a condition."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scopedown.core.text import Text
from scopedown.iam.coverage import Grant


def allowed_by(arn: str) -> tuple[Grant, ...] | None:
    """The grants of a policy of AWS's; None for one that is not in the table, or not AWS's."""
    if ":iam::aws:policy/" not in arn:
        return None
    actions = _table().get(arn.rsplit("/", 1)[-1])
    return None if actions is None else (Grant("Allow", actions, (Text.of("*"),)),)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    lines = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:] if line)
    return {name: tuple(actions.split(",")) for name, actions, _ in rows}
