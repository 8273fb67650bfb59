"""What a guard says to people and programs: how to reach it, its decisions, and the policies that it learned.

In: :class:`~.model.Decided`, from any thread. Out: counts, the latest different decisions, and the lines not yet shown:
little memory, whatever comes. The looking is done in a thread of its own (:mod:`scopedown.cli.guard`): a terminal that
stands still stops no request. The environment variables that all SDKs and the AWS CLI read:
https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scopedown.core.arn import resource_of
from scopedown.core.finding import printable
from scopedown.guard.learn import Learned, identity_of
from scopedown.guard.model import REGION, Decided, Principal

if TYPE_CHECKING:
    from rich.table import Table

DIFFERENT = 200
WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision, and how often the same was made: the same principal, action, resource and outcome."""

    last: Decided
    times: int = 1


class Recent:
    """Takes decisions; :meth:`latest` and :meth:`take` give them."""

    def __init__(self) -> None:
        self.allowed = self.denied = 0
        self._seen: OrderedDict[tuple[str, str, str, bool, str], Seen] = OrderedDict()
        self._waiting: deque[Decided] = deque(maxlen=WAITING)
        self._came = self._taken = 0
        self._lock = threading.Lock()

    def __call__(self, one: Decided) -> None:
        key = (one.principal, one.check.action, one.check.resource, one.allowed, one.statement)
        with self._lock:
            self.allowed += one.allowed
            self.denied += not one.allowed
            known = self._seen.pop(key, None)
            self._seen[key] = replace(known, last=one, times=known.times + 1) if known else Seen(one)
            if len(self._seen) > DIFFERENT:
                self._seen.popitem(last=False)
            self._waiting.append(one)
            self._came += 1

    def latest(self, rows: int) -> list[Seen]:
        """So many different decisions at most, the latest last."""
        with self._lock:
            return list(self._seen.values())[-rows:] if rows > 0 else []

    def take(self) -> tuple[list[Decided], int]:
        """The decisions that were not taken yet, and how many before them were left out because too many waited."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
            left_out = self._came - self._taken - len(taken)
            self._taken = self._came
            return taken, left_out


POLICIES_SCHEMA = "scopedown.guard-policies/1"


def who(principal: str) -> str:
    """A principal as people call it: ``user/app``, ``role/worker``."""
    return resource_of(identity_of(principal)) or "anonymous"


def line(one: Decided) -> str:
    """A decision on one line; a denial with what AWS says of it on a second one."""
    outcome = "allowed" if one.allowed else "DENIED "
    by = f"  [{one.statement}]" if one.statement else ""
    via = f"  (through {one.via})" if one.via else ""
    text = printable(f"{outcome} {who(one.principal)}  {one.check.action}  {one.check.resource}{by}{via}")
    return text if one.allowed or not one.message else f"{text}\n        {printable(one.message)}"


def table(recent: Recent, rows: int) -> Table:
    """The latest different decisions, the latest last; denials stand out."""
    from rich.table import Table
    from rich.text import Text

    found = Table(
        title=f"{recent.allowed} allowed, {recent.denied} denied", title_justify="left", expand=True, box=None,
        caption="Ctrl+C ends the guard", caption_justify="left",
    )  # fmt: skip
    found.add_column("who", no_wrap=True, overflow="ellipsis", ratio=2)
    found.add_column("action", no_wrap=True, overflow="ellipsis", ratio=3)
    found.add_column("resource", no_wrap=True, overflow="ellipsis", ratio=5)
    found.add_column("decision", no_wrap=True, width=12)
    found.add_column("by", no_wrap=True, overflow="ellipsis", ratio=3)
    for seen in recent.latest(rows):
        one = seen.last
        times = f" ×{seen.times}" if seen.times > 1 else ""
        outcome = Text("allowed" if one.allowed else "denied", "green" if one.allowed else "bold red")
        cells = (who(one.principal), one.check.action, one.check.resource)
        found.add_row(
            *(Text(printable(cell)) for cell in cells), outcome.append(times, "dim"),
            Text(printable(one.statement or ("" if one.allowed else "no statement allows it"))),
        )  # fmt: skip
    return found


def policies_text(learned: Sequence[Learned]) -> str:
    """The policies of each principal as JSON to paste, each under a line that says whose it is."""
    if not learned:
        return "# no request was signed with the key of a user or a role; send requests through the guard first\n"
    return "\n".join(_principal_text(one) for one in learned)


def _principal_text(one: Learned) -> str:
    checks = f"{one.decisions} check{'' if one.decisions == 1 else 's'}"
    lines = [f"# {printable(one.principal)}: the least policy, from {checks}"]
    lines += [f"# {printable(note)}" for note in one.notes]
    lines += [json.dumps(policy, indent=2, ensure_ascii=False) for policy in one.policies]
    return "\n".join(lines) + "\n"


def policies_json(learned: Iterable[Learned]) -> dict[str, Any]:
    """The same as one object (docs/json.md)."""
    return {
        "schema": POLICIES_SCHEMA,
        "principals": [
            {
                "principal": one.principal,
                "decisions": one.decisions,
                "policies": list(one.policies),
                "notes": list(one.notes),
            }
            for one in learned
        ],
    }


def environment(address: str, who: Principal, region: str = REGION) -> dict[str, str]:
    """The variables with which a process asks the guard as this principal."""
    found = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": who.key_id,
        "AWS_SECRET_ACCESS_KEY": who.secret,
        "AWS_REGION": region,  # JavaScript's SDK and others
        "AWS_DEFAULT_REGION": region,  # the AWS CLI and boto3
    }
    return found | ({"AWS_SESSION_TOKEN": who.token} if who.token else {})


def for_bash(variables: Mapping[str, str]) -> str:
    """One line for a shell."""
    return "export " + " ".join(f"{name}={value}" for name, value in variables.items())


def for_powershell(variables: Mapping[str, str]) -> str:
    """One line for PowerShell."""
    return "; ".join(f"$env:{name}='{value}'" for name, value in variables.items())
