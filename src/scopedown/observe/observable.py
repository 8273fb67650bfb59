"""Whether the logs would show an action if it was used: what they cannot show is never called unused.

In: what the logs hold (:class:`~scopedown.observe.model.Covered`), and what the principals did that are read. Out: for
an action in a region, the reason why its absence says nothing, or nothing where it says something.

A trail may log reads or writes only, and data events of some resources only; the logs do not say so. So an action is
missing only where the logs show another of the same kind: a read or a write, and for data events of the same resource.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-events.html (the table of data events)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.tables import read_rows
from scopedown.iam.wildcard import matching
from scopedown.observe.actions import Observed
from scopedown.observe.model import Covered
from scopedown.observe.names import fits

_COLUMNS = ("prefix", "actions", "why", "source", "reference")
_WHY = {
    "data": "the logs hold no data events of {source} in {region}",
    "never": "CloudTrail has no event for it",
    "optional": "a trail may leave out the events of {source}",
    "unsure": "AWS does not say whether CloudTrail shows it",
}
_DATA_PLANE = re.compile(r"(runtime|data|-media|-signaling)$")
"""Of SDK's services whose operations are on what resources hold, not on the resources: ``sagemaker-runtime``,
``appconfigdata``. A row of the table says so where it is not."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that logs hold, ``first`` to ``last``, both included, and how many of them are ``missing``."""

    first: str
    last: str
    missing: int

    @property
    def days(self) -> int:
        """Its length."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1


class Observable:
    """What logs can show of actions."""

    def __init__(
        self, covered: Mapping[Covered, int], catalog: Catalog, uses: Iterable[Observed] = (), account: str = "",
        unread: int = 0,
    ) -> None:  # fmt: skip
        """``uses`` are what the principals did that are read, ``account`` is the project's where it is known, and
        ``unread`` is the number of files that could not be read."""
        self._catalog = catalog
        self._unread = unread
        self._days: dict[tuple[str, str], set[str]] = {}
        self._data: set[tuple[str, str]] = set()
        for one in covered:
            if _is_day(one.day):
                self._days.setdefault((one.account, one.region), set()).add(one.day)
            if one.data:
                self._data.add((one.region, one.data))
        self._accounts = {account} if account else {one.account for one in covered}
        self._shown: set[tuple[str, bool]] = set()
        self._shown_data: list[tuple[str, bool, str]] = []
        for use in uses:
            is_read = self._is_read(use.action)
            if use.category == "Management":
                self._shown.add((use.region, is_read))
            elif use.category == "Data":
                self._shown_data.append((use.region, is_read, use.resource))

    @property
    def regions(self) -> list[str]:
        """The regions of which there are records."""
        return sorted({region for _, region in self._days})

    def period(self, region: str, account: str | None = None) -> Period | None:
        """The days of a region, in one account or in any; None where the logs hold none of it."""
        days: set[str] = set()
        for (owner, there), some in self._days.items():
            if there == region and account in (None, owner):
                days |= some
        if not days:
            return None
        first, last = min(days), max(days)
        whole = Period(first, last, 0)
        return Period(first, last, whole.days - len(days))

    def data_events(self, region: str) -> list[str]:
        """The sources of the data events that the logs hold of a region."""
        return sorted(source for there, source in self._data if there == region)

    def silence(self, action: str, region: str, resources: Sequence[str] = ()) -> str:
        """Why an action that the logs do not show may have been used all the same, in words; empty where it was not.

        ``resources`` are patterns of the ARNs that it would be on.
        """
        prefix, _, name = action.partition(":")
        is_data = False
        for row in _rows().get(prefix, ()):
            if any(matching(one.lower())(name.lower()) for one in row.actions):
                if row.why == "data" and (region, row.source) in self._data:
                    is_data = True
                    break
                return _WHY[row.why].format(source=row.source, region=region)
        known = self._catalog.action(action)
        if known is not None and known.permission_only:
            return "no API operation has its name, so that no event shows it"
        services = [
            service for service, operation in self._operations(action) if self._is_main(service, operation, action)
        ]
        if not services:
            return "other requests need it, and their events do not show it"
        if all(_DATA_PLANE.search(service) for service in services):
            sources = {found.signing_name for one in services if (found := self._catalog.service(one))}
            if not any((region, source) in self._data for source in sources):
                return _WHY["data"].format(source=" or ".join(sorted(sources)), region=region)
            is_data = True
        return self._selected(action, prefix, region, is_data, resources) or self._lacking(prefix, region)

    def _selected(self, action: str, prefix: str, region: str, is_data: bool, resources: Sequence[str]) -> str:
        """Whether a trail may leave out the events of an action: nothing of its kind is in the logs."""
        is_read = self._is_read(action)
        kind = "reads" if is_read else "writes"
        if is_data:
            for there, was_read, resource in self._shown_data:
                if (there, was_read) == (region, is_read) and any(fits(one, resource) for one in resources):
                    return ""
            return f"the logs show no {kind} of the same resource, whose data events a trail may leave out"
        if not any((there, is_read) in self._shown for there in _regions(prefix, region)):
            return f"the logs show no {kind} of this role, and a trail may leave them out"
        return ""

    def _lacking(self, prefix: str, region: str) -> str:
        """What the logs lack of the regions where the events of a service are."""
        for there in _regions(prefix, region):
            of = f", where the events of {prefix} are" if there != region else ""
            for account in sorted(self._accounts):
                period = self.period(there, account)
                if period is None:
                    where = f"{there} in account {account}"
                    return f"the logs hold nothing of {where}{of}"
                if period.missing:
                    return f"the logs lack {period.missing} of {period.days} days"
        if not self._accounts:
            return "the logs hold nothing"
        return f"{self._unread} of the log files could not be read" if self._unread else ""

    def _is_read(self, action: str) -> bool:
        """Whether an action reads, by AWS's access levels."""
        known = self._catalog.action(action)
        return known is not None and known.access_level in ("Read", "List")

    def silence_of(self, pattern: str, region: str, resources: Sequence[str] = ()) -> str:
        """The same for a pattern of actions (``dynamodb:*``): the first reason of one of its actions."""
        if "*" not in pattern and "?" not in pattern:
            return self.silence(pattern, region, resources)
        fits = matching(pattern.lower())
        prefix = pattern.partition(":")[0]
        actions = self._catalog.actions_of(prefix) if "*" not in prefix and "?" not in prefix else ()
        names = [one.name for one in actions if fits(one.name.lower())]
        if not names:
            return "the pattern allows actions of more than one service"
        reasons = (self.silence(name, region, resources) for name in names)
        return next((f"{name}: {reason}" for name, reason in zip(names, reasons, strict=True) if reason), "")

    def _operations(self, action: str) -> Iterable[tuple[str, str]]:
        return self._catalog.operations_needing(action)

    def _is_main(self, service: str, operation: str, action: str) -> bool:
        known = self._catalog.operation(service, operation)
        return known is not None and bool(known.actions) and known.actions[0].action == action


_GLOBAL = frozenset(
    [
        "account",
        "artifact",
        "billing",
        "budgets",
        "ce",
        "cloudfront",
        "cur",
        "health",
        "iam",
        "importexport",
        "organizations",
        "pricing",
        "route53",
        "route53domains",
        "savingsplans",
        "shield",
        "support",
        "trustedadvisor",
        "waf",
    ]
)
"""Services whose events are those of one region, whatever the region of who asks; STS's may be
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html, global service events)."""


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _regions(prefix: str, region: str) -> tuple[str, ...]:
    """Where the events of a service may be, all of which the logs must hold."""
    home = (
        "cn-north-1" if region.startswith("cn-") else "us-gov-west-1" if region.startswith("us-gov-") else "us-east-1"
    )
    if prefix in _GLOBAL:
        return (home,)
    return tuple(dict.fromkeys((home, region))) if prefix == "sts" else (region,)


@dataclass(frozen=True, slots=True)
class _Row:
    actions: tuple[str, ...]
    why: str
    source: str


@cache
def _rows() -> Mapping[str, tuple[_Row, ...]]:
    """By IAM's prefix."""
    found: dict[str, list[_Row]] = {}
    for row in read_rows(Path(__file__).parent / "observable.tsv", _COLUMNS):
        if row["why"] not in _WHY:
            raise ValueError(f"observable.tsv: {row['why']!r} is none of {', '.join(_WHY)}")
        one = _Row(tuple(row["actions"].split(",")), row["why"], row["source"])
        found.setdefault(row["prefix"], []).append(one)
    return {prefix: tuple(some) for prefix, some in found.items()}
