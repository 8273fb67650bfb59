"""What a guard says to people and programs: how to reach it, its decisions, and the policies that it learned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scopedown.core.arn import resource_of
from scopedown.core.finding import printable
from scopedown.guard.learn import Learned, identity_of
from scopedown.guard.model import Decided

if TYPE_CHECKING:
    from rich.table import Table

    from scopedown.guard.live import Recent

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
