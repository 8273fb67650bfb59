"""What other recorders saw: the guard's records, and policies that iamlive wrote.

A record of the guard is the surest evidence: it names the action and the resource that were checked, and the answer
(docs/json.md). iamlive writes a policy of the actions that one run of a program used; it names no principal
(https://github.com/iann0036/iamlive).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.guard.model import Decided
from scopedown.guard.record import SCHEMA, read
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy
from scopedown.observe.actions import Evidence, Observed

_MOST = 16 * 1024 * 1024


def is_record(path: Path) -> bool:
    """Whether a file is a record of the guard, by its first line."""
    return SCHEMA.encode() in _beginning(path)


def is_policy(path: Path) -> bool:
    """Whether a file is a policy, such as iamlive writes."""
    start = _beginning(path)
    return b'"Statement"' in start and b'"Version"' in start


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError:
        return b""


def observed_by_guard(path: Path) -> Iterator[Observed]:
    """What a record of the guard says, each action on a resource once. Raises RecordError."""
    found: dict[tuple[str, ...], list[Decided]] = {}
    for one in read(path):
        key = (one.principal, one.check.action, one.check.resource, one.operation, one.via)
        found.setdefault(key, []).append(one)
    for (principal, action, resource, operation, via), some in found.items():
        times = sorted(_time(one.time) for one in some)
        denied = sum(not one.allowed for one in some)
        role, session = _role_of(principal)
        fields = resource.split(":", 5)
        account, region = (fields[4], fields[3]) if len(fields) == 6 else ("", "")
        yield Observed(
            role, session, account, region, action, resource, Evidence.CHECKED, operation, via, "", times[0],
            times[-1], len(some) - denied, denied, next((one.message for one in some if not one.allowed), ""),
        )  # fmt: skip


def observed_by_iamlive(path: Path, principal: str) -> Iterator[Observed]:
    """The actions of a policy that iamlive wrote, as used by ``principal``. Raises ScopedownError."""
    try:
        with path.open("rb") as file:
            policy = parse_policy(json.loads(file.read(_MOST)))
    except (OSError, ValueError, RecursionError, PolicyError) as error:
        raise ScopedownError(
            f"is not a policy: {error}", Place(str(path)), "give the file that iamlive wrote"
        ) from None
    for number, statement in enumerate(policy.statements, 1):
        if statement.effect != "Allow" or statement.action is None or statement.resource is None:
            raise ScopedownError(
                f"statement {number} does not list actions that were used: iamlive writes Allow, Action and Resource",
                Place(str(path)), "give the file that iamlive wrote",
            )  # fmt: skip
        for action in statement.action:
            for resource in statement.resource:
                yield Observed(principal, "", "", "", action, resource, Evidence.EVENT, "", "", "", "", "", 1, 0)


def _role_of(principal: str) -> tuple[str, str]:
    """The role's ARN and the session's name of ``arn:aws:sts::1:assumed-role/NAME/SESSION``; another ARN as it is."""
    head, assumed, rest = principal.partition(":assumed-role/")
    if not assumed:
        return principal, ""
    name, _, session = rest.rpartition("/")
    return f"{head.replace(':sts:', ':iam:')}:role/{name}", session


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
