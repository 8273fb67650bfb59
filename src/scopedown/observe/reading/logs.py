"""All that a user gives as logs: CloudTrail's files, records of the guard, and iamlive's policies, told apart by what
they begin with.

A record of the guard is the surest evidence: it names the action and the resource that were checked, and the answer
(docs/json.md). iamlive writes a policy of the actions that one run of a program used; it names no principal
(https://github.com/iann0036/iamlive).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.guard.model import Decided
from scopedown.guard.record import SCHEMA, read
from scopedown.iam.errors import PolicyError
from scopedown.iam.parse import parse_policy
from scopedown.observe.actions import Evidence, Observed
from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.files import log_files
from scopedown.observe.reading.wanted import Wanted

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


Reader = Callable[[Sequence[Path], Wanted, int, Callable[[int], None]], Used]
"""Reads files of CloudTrail: :func:`scopedown.observe.reading.cloudtrail.read`, or an engine of the extra ``lake``."""


@dataclass(slots=True)
class Logs:
    """What was read: the table of CloudTrail's records, and what other recorders saw."""

    used: Used = field(default_factory=Used)
    recorded: list[Observed] = field(default_factory=list)


def read_logs(
    paths: Iterable[Path], wanted: Wanted, jobs: int = 1, iamlive_principal: str = "",
    tell: Callable[[int, int], None] = lambda files, of: None, reader: Reader = cloudtrail.read,
) -> Logs:  # fmt: skip
    """Read every log; ``tell`` is called with how many files of how many were read. Raises ScopedownError where a path
    does not exist, or where a policy of iamlive has no principal, and RecordError for a damaged record of the guard."""
    found = Logs()
    files = []
    unreadable: dict[str, str] = {}
    for path in log_files(paths, unreadable):
        if is_record(path):
            found.recorded += observed_by_guard(path)
        elif is_policy(path):
            if not iamlive_principal:
                raise ScopedownError(
                    "a policy of iamlive names no principal",
                    Place(str(path)),
                    "pass --deployer ARN: its actions then count as used by that user or role",
                )
            found.recorded += observed_by_iamlive(path, iamlive_principal)
        else:
            files.append(path)
    found.used = reader(files, wanted, jobs, lambda done: tell(done, len(files)))
    found.used.unreadable.update(unreadable)
    return found
