"""An observation as lines for people: what the logs hold, then each role, what needs a decision first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scopedown.observe.forms import Observations
from scopedown.observe.join import Class, Row
from scopedown.observe.model import Covered, Used
from scopedown.observe.observable import Observable
from scopedown.observe.result import Observation, Whose

_MEANINGS = {
    Class.DENIED: "denied",
    Class.USED_NOT_FOUND: "used, but not found in the code",
    Class.REMOVABLE: "granted, but neither needed nor used",
    Class.IDLE: "needed, but not used in these logs",
    Class.CONFIRMED: "needed and used",
    Class.NOT_OBSERVABLE: "not observable in these logs",
}
"""Class → its heading, in the order in which they are shown."""
_MOST = 5


def render(shown: Observations, all_rows: bool = False) -> Iterator[str]:
    """The logs, then each project, then how many rows of each class there are."""
    yield from logs(shown.logs.used, len(shown.logs.recorded), shown.observable)
    for one in shown.projects:
        yield from lines(one, all_rows)
    yield ""
    yield summary(shown.projects)


def logs(used: Used, recorded: int, observable: Observable) -> Iterator[str]:
    """What the logs hold, and what of them could not be read; ``recorded`` is how much other recorders saw."""
    if used.files or not recorded:
        yield f"Logs: {_number(used.files, 'file')}, {_number(used.records, 'record')}"
    if recorded:
        yield f"Other recorders: {_number(recorded, 'action')} on resources"
    for region in observable.regions:
        period = observable.period(region)
        if period is None:
            continue
        days = f"{period.days - period.missing} of {_number(period.days, 'day')}"
        data = ", ".join(observable.data_events(region)) or "none"
        yield f"  {region or 'no region'}: {period.first} to {period.last}, {days}; data events: {data}"
    yield from _accounts(used.covered)
    if used.odd:
        yield f"  not in the form of CloudTrail's files: {_number(used.odd, 'file')}, read where possible"
    if used.unreadable:
        yield f"  not read: {_number(len(used.unreadable), 'file')}"
        for file, reason in sorted(used.unreadable.items())[:_MOST]:
            yield f"    {file}: {reason}"


def _accounts(covered: Mapping[Covered, int]) -> Iterator[str]:
    accounts = sorted({one.account for one in covered if one.account})
    if accounts:
        yield f"  accounts: {', '.join(accounts)}"


def lines(observation: Observation, all_rows: bool = False) -> Iterator[str]:
    """One project; without ``all_rows``, what the logs cannot show is only counted."""
    if observation.account.said:
        yield ""
        yield observation.account.said
    for whose in observation.whose:
        yield ""
        functions = f" ({', '.join(whose.functions)})" if whose.functions else ""
        yield f"{whose.role}{functions}"
        if not whose.rows:
            yield "  nothing is needed, granted or used"
        for kind, meaning in _MEANINGS.items():
            yield from _of_class(whose, kind, meaning, all_rows)
    if observation.unmapped:
        yield ""
        yield "Events that scopedown has no action for:"
        for one in observation.unmapped[:_MOST]:
            yield f"  {one.source} {one.event}: {_number(one.count, 'time')}"


def _of_class(whose: Whose, kind: Class, meaning: str, all_rows: bool) -> Iterator[str]:
    rows = whose.of(kind)
    if not rows:
        return
    if kind is Class.NOT_OBSERVABLE and not all_rows:
        yield f"  {meaning}: {_number(len(rows), 'action')} (--all lists them)"
        return
    yield f"  {meaning}:"
    for row in rows:
        yield from _of_row(row, len(whose.functions) > 1)


def _of_row(row: Row, with_functions: bool) -> Iterator[str]:
    who = f" [{', '.join(row.functions)}]" if row.functions and with_functions else ""
    when = ""
    if row.kind is Class.DENIED:
        when = f": {_number(row.denied, 'time')}, last {max(use.last for use in row.uses)[:10]}"
    elif row.count:
        when = f": {_number(row.count, 'time')}, last {row.last[:10]}" if row.last else ""
    place = f" ({row.place})" if row.place else ""
    when += " (found by the pattern of its name)" if row.by_pattern and row.uses else ""
    yield f"    {row.action} on {row.resource}{when}{who}{place}"
    if row.kind is Class.USED_NOT_FOUND:
        yield f"      {row.reason}"
        event = next((use.event for use in row.uses if use.event), "")
        if event:
            yield f"      event: {event}; if the code needs it, add: # scopedown: needs {row.action}"
    elif row.reason:
        yield f"      {row.reason}"


def summary(observations: Sequence[Observation]) -> str:
    """How many rows of each class there are, in one sentence."""
    rows = [row for one in observations for row in one.rows]
    counts = [(sum(row.kind is kind for row in rows), str(kind)) for kind in _MEANINGS]
    return "; ".join(f"{count} {kind}" for count, kind in counts if count) or "nothing was needed, granted or used"


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
