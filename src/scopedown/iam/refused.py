"""What AWS refuses whoever asks: requests that no policy can allow (``refused.tsv``, each row with its source).

In: an action and a resource's ARN. Out: the row that refuses it, or None. This is no decision of policies: the caller
may be allowed, and the service answers with an error of its own. A service that acts for itself is not refused.

>>> refused("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess").reason
'only AWS changes AWS managed policies'
>>> refused("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/own") is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.core.tables import typed_rows
from scopedown.iam.wildcard import matching


@dataclass(frozen=True, slots=True)
class Refused:
    """Actions on resources that AWS refuses, the error's ``code`` and the ``reason`` in words."""

    actions: frozenset[str]
    resource: str
    code: str
    reason: str
    source: str


def refused(action: str, resource: str) -> Refused | None:
    """Why no policy can allow an action on a resource; None where a policy can."""
    return next((row for row in _of_action().get(action.lower(), ()) if matching(row.resource)(resource)), None)


@cache
def rows() -> tuple[Refused, ...]:
    """The table."""
    return tuple(typed_rows(Path(__file__).with_name("refused.tsv"), _row))


@cache
def _of_action() -> Mapping[str, tuple[Refused, ...]]:
    actions = {action for row in rows() for action in row.actions}
    return {action: tuple(row for row in rows() if action in row.actions) for action in actions}


def _row(cells: Mapping[str, str]) -> Refused:
    actions = frozenset(cells["actions"].lower().split(","))
    return Refused(actions, cells["resource"], cells["code"], cells["reason"], cells["source"])
