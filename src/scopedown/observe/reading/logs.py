"""All that a user gives as logs: CloudTrail's files, records of the guard, and iamlive's policies, told apart by what
they begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.observe.actions import Observed
from scopedown.observe.model import Used
from scopedown.observe.reading import cloudtrail
from scopedown.observe.reading.files import log_files
from scopedown.observe.reading.recordings import is_policy, is_record, observed_by_guard, observed_by_iamlive
from scopedown.observe.reading.wanted import Wanted

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
