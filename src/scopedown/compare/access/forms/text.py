"""For a person at a terminal: each subject with what is new, an example of it, and what it allows no more."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.compare.access.forms.summary import headline, summary
from scopedown.compare.access.model import Change, Changes
from scopedown.compare.access.plausible import only_in_language
from scopedown.compare.access.tell import (
    MOST_ROWS,
    actions_and_resources,
    example,
    has_word,
    ranked,
    reasons,
    where,
    why,
)
from scopedown.core.finding import printable
from scopedown.iam.newaccess.patterns import WORD


def render(changes: Changes) -> str:
    """The lines."""
    lines: list[str] = []
    told = [change for change in changes.changes if not change.is_equal or len(changes.changes) == 1]
    for change in told:
        lines += _lines(change, changes.check)
    quiet = len(changes.changes) - len(told)
    if quiet:
        lines.append(f"{quiet} more: no change in what {'it allows' if quiet == 1 else 'they allow'}")
    if any(has_word(change) for change in told):
        lines.append(f"({WORD} stands for any other word)")
    lines += [f"note: {note}" for note in changes.notes]
    return "\n".join(printable(line) for line in [*lines, summary(changes)]) + "\n"


def _lines(change: Change, check: str) -> Iterator[str]:
    at = f" ({change.place})" if change.place is not None else ""
    yield f"{change.name}{at}: {headline(change, check)}"
    rows = ranked(change.found.rows)
    for row in rows[:MOST_ROWS]:
        because = why(row, change.shown)
        line = f"  + {actions_and_resources(row, change.shown)}"
        yield f"{line}    {because} ({where(row.place)})" if because else f"{line}    ({where(row.place)})"
        yield f"    for instance: {example(row, change.shown)}"
    if len(rows) > MOST_ROWS:
        yield f"  … {len(rows) - MOST_ROWS} more"
    for reason in reasons(change):
        yield f"  ? not decided: {reason}"
    lost = ranked(change.lost.rows) if change.lost is not None else []
    for row in lost[:MOST_ROWS]:
        doubt = only_in_language(row)
        yield f"  - {actions_and_resources(row, change.shown)}    no longer{f' ({doubt})' if doubt else ''}"
    if len(lost) > MOST_ROWS:
        yield f"  … {len(lost) - MOST_ROWS} more no longer"
