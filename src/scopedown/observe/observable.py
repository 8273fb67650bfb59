"""Whether the logs would show an action if it was used: what they cannot show is never called unused.

In: what the logs hold (:class:`~scopedown.observe.model.Covered`). Out: for an action in an account and region, the
reason why its absence says nothing, or nothing where it says something.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-events.html (the table of data events)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.tables import read_rows
from scopedown.iam.wildcard import matching
from scopedown.observe.model import Covered

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

    def __init__(self, covered: Mapping[Covered, int], catalog: Catalog) -> None:
        self._catalog = catalog
        self._days: dict[str, set[str]] = {}
        self._data: set[tuple[str, str]] = set()
        for one in covered:
            self._days.setdefault(one.region, set()).add(one.day)
            if one.data:
                self._data.add((one.region, one.data))

    @property
    def regions(self) -> list[str]:
        """The regions of which there are records."""
        return sorted(self._days)

    def period(self, region: str) -> Period | None:
        """The days of a region; None where the logs hold none of it."""
        days = self._days.get(region)
        if not days:
            return None
        first, last = min(days), max(days)
        whole = Period(first, last, 0)
        return Period(first, last, whole.days - len(days))

    def data_events(self, region: str) -> list[str]:
        """The sources of the data events that the logs hold of a region."""
        return sorted(source for there, source in self._data if there == region)

    def silence(self, action: str, region: str) -> str:
        """Why an action that the logs do not show may have been used all the same, in words; empty where it was not."""
        prefix, _, name = action.partition(":")
        for row in _rows().get(prefix, ()):
            if any(matching(one.lower())(name.lower()) for one in row.actions):
                if row.why == "data" and (region, row.source) in self._data:
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
        for there in _regions(prefix, region):
            period = self.period(there)
            if period is None:
                of = f", where the events of {prefix} are" if there != region else ""
                return f"the logs hold nothing of {there}{of}"
            if period.missing:
                return f"the logs lack {period.missing} of {period.days} days"
        return ""

    def silence_of(self, pattern: str, region: str) -> str:
        """The same for a pattern of actions (``dynamodb:*``): the first reason of one of its actions."""
        if "*" not in pattern and "?" not in pattern:
            return self.silence(pattern, region)
        fits = matching(pattern.lower())
        prefix = pattern.partition(":")[0]
        actions = self._catalog.actions_of(prefix) if "*" not in prefix and "?" not in prefix else ()
        names = [one.name for one in actions if fits(one.name.lower())]
        if not names:
            return "the pattern allows actions of more than one service"
        reasons = (self.silence(name, region) for name in names)
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
