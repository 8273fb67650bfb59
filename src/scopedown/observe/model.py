"""The table ``used``: what principals did, grouped. Every reader of logs delivers it: Python, DuckDB, Spark, Athena."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

USED_COLUMNS = (
    "account", "region", "principal", "kind", "via", "session", "source", "event", "category", "resource", "hint",
    "denied_action", "denied_by", "first", "last", "count", "denied",
)  # fmt: skip
"""The columns of the table, in order; :data:`KEY` of them say what a row is about."""
KEY = 13


class Did(NamedTuple):
    """What one row of the table is about.

    ``account`` is the account whose trail has the record; ``principal`` the role's ARN (with its path), the user's, or
    the name of the service; ``kind`` CloudTrail's ``userIdentity.type``; ``via`` the service that acted with the
    principal's credentials (``cloudformation.amazonaws.com``); ``session`` the name of the role's session where it is
    one of those asked for. ``source`` is ``eventSource`` without ``.amazonaws.com``, ``event`` ``eventName``,
    ``category`` ``Management`` or ``Data``. ``resource`` is an ARN that the record names, keys of S3 cut to
    their first folder (``arn:aws:s3:::photos/2026/*``). ``hint`` are parameters that name a resource
    (``tableName=todos``, joined by :data:`JOINT`). ``denied_action`` and ``denied_by`` are what a denial's message says
    (``s3:GetObject``; ``explicit deny in a service control policy``).
    """

    account: str
    region: str
    principal: str
    kind: str
    via: str
    session: str
    source: str
    event: str
    category: str
    resource: str
    hint: str
    denied_action: str
    denied_by: str


JOINT = "&"
"""Between the parameters of a hint; a value has it as ``%26``, and ``%`` as ``%25``."""


@dataclass(slots=True)
class Times:
    """When and how often. ``first`` and ``last`` are as CloudTrail writes them (``2026-11-28T12:00:00Z``); ``count``
    counts all records, ``denied`` those of them that were denied."""

    first: str
    last: str
    count: int
    denied: int

    def add(self, other: Times) -> None:
        """Count another row of the same key."""
        if other.first < self.first:
            self.first = other.first
        if other.last > self.last:
            self.last = other.last
        self.count += other.count
        self.denied += other.denied


class Covered(NamedTuple):
    """That the logs hold records of one account, region and day (``2026-11-28``); ``data`` is the source of the data
    events that were seen there (``s3``, ``dynamodb``), empty for management events."""

    account: str
    region: str
    day: str
    data: str


@dataclass(slots=True)
class Used:
    """The table, with what the logs hold and what of them could not be read.

    ``unreadable`` maps a file to the reason, in words; ``files`` counts the files that were read, ``records`` the
    records in them, those of other principals included. ``odd`` counts the files that do not begin as CloudTrail's
    do, and ``by_python`` those that an engine left to the reader of the standard library: the odd and the damaged ones.
    """

    rows: dict[Did, Times] = field(default_factory=dict)
    covered: dict[Covered, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    files: int = 0
    records: int = 0
    odd: int = 0
    by_python: int = 0

    def add(self, other: Used) -> None:
        """Take in what another part of the logs says."""
        for did, times in other.rows.items():
            known = self.rows.get(did)
            if known is None:
                self.rows[did] = times
            else:
                known.add(times)
        for covered, count in other.covered.items():
            self.covered[covered] = self.covered.get(covered, 0) + count
        self.unreadable.update(other.unreadable)
        self.files += other.files
        self.records += other.records
        self.odd += other.odd
        self.by_python += other.by_python

    def cells(self) -> Iterator[tuple[str | int, ...]]:
        """The rows in the order of their keys, with the columns :data:`USED_COLUMNS`; before them one row for each
        :class:`Covered`, which has no principal and no event, and the day as its times."""
        for one in sorted(self.covered):
            day, category = f"{one.day}T00:00:00Z", "Data" if one.data else "Management"
            did = Did(one.account, one.region, "", "", "", "", one.data, "", category, "", "", "", "")
            yield (*did, day, day, self.covered[one], 0)
        for did in sorted(self.rows):
            times = self.rows[did]
            yield (*did, times.first, times.last, times.count, times.denied)

    def take(self, did: Did, times: Times) -> None:
        """Take in one row of :meth:`cells`."""
        if did.principal or did.event:
            self.add(Used({did: times}))
        else:
            covered = Covered(did.account, did.region, times.first[:10], did.source if did.category == "Data" else "")
            self.covered[covered] = self.covered.get(covered, 0) + times.count


def joined(hints: Iterable[tuple[str, str]]) -> str:
    """Parameters and values as one hint: ``bucketName=photos&key=2026/*``."""
    return JOINT.join(f"{name}={value.replace('%', '%25').replace(JOINT, '%26')}" for name, value in hints)


def parted(hint: str) -> Mapping[str, str]:
    """The parameters and values of a hint."""
    parts = (part.partition("=") for part in hint.split(JOINT) if part)
    return {name: value.replace("%26", JOINT).replace("%25", "%") for name, _, value in parts}
