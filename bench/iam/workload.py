"""The same policies and requests for every program: statements with action and resource wildcards and one condition.

Every tenth statement denies. Requests go round the statements' buckets; about half carry the tag that they ask for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

ACCOUNT = "111122223333"
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:user/alice"
TAG = "aws:PrincipalTag/team"
_ACTIONS = (["s3:Get*", "s3:List*"], ["s3:Put*", "sqs:Send*"], ["s3:*Object", "dynamodb:Query"], ["s3:Delete*"])
_ASKED = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging")


def statements(count: int) -> list[dict[str, Any]]:
    """``count`` statements of one policy."""
    return [
        {
            "Effect": "Deny" if number % 10 == 9 else "Allow",
            "Action": _ACTIONS[number % len(_ACTIONS)],
            "Resource": [f"arn:aws:s3:::bucket-{number // 4}/*", f"arn:aws:s3:::archive-{number // 4}-*/*"],
            "Condition": {"StringEquals": {TAG: f"team-{number // 4 % 2}"}},
        }
        for number in range(count)
    ]


def requests(count: int, size: int) -> list[dict[str, Any]]:
    """``count`` requests for a policy of ``size`` statements."""
    buckets = max(1, size // 4)
    return [
        {
            "action": _ASKED[number % 4],
            "resource": f"arn:aws:s3:::bucket-{number // 4 % buckets}/folder/key-{number}",
            "context": {TAG: f"team-{number // 3 % 2}"},
        }
        for number in range(count)
    ]


def best_rate(work: Callable[[], object], count: int, rounds: int = 5) -> float:
    """Decisions a second of the best of several rounds: the one least disturbed by whatever else the machine does."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return count / best
