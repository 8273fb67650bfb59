"""The sentence that sums up a comparison, for every form."""

from __future__ import annotations

from scopedown.compare.access.model import Change, Changes
from scopedown.iam.newaccess.model import Comparison


def summary(changes: Changes) -> str:
    """One line: what the check found."""
    failing = [change for change in changes.changes if change.fails]
    count = sum(len(change.found.rows) for change in failing)
    open_ones = sum(not change.found.rows for change in failing)
    things = _counted(count, "thing")
    match changes.check:
        case "access not granted":
            good, bad = "none of it is granted", f"{things} {_are(count)} granted"
        case "no public access":
            good, bad = "nothing is public", f"{things} {_are(count)} public"
        case _:
            good, bad = "no new access", f"{things} {_are(count)} new"
    if changes.check == "equivalent" and not failing:
        lost = sum(len(change.lost.rows) for change in changes.changes if change.lost is not None)
        return "equivalent" if not changes.failed else f"not equivalent: {_counted(lost, 'thing')} less"
    parts = ([bad] if count else []) + ([f"{_counted(open_ones, 'comparison')} not decided"] if open_ones else [])
    return ", ".join(parts) or good


def headline(change: Change, check: str) -> str:
    """What is said of one subject."""
    found: Comparison = change.found
    count = len(found.rows)
    words = {"access not granted": "granted", "no public access": "public"}.get(check, "new")
    if count:
        text = f"{_counted(count, 'thing')} {_are(count)} {words}"
    elif change.answer == "not decided":
        text = f"not decided; treat as {words}"
    elif words != "new":
        text = f"not {words}"
    elif change.is_equal and not change.note:
        text = "nothing new, and nothing less"
    else:
        text = "nothing new"
    return f"{text} ({change.note})" if change.note else text


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
