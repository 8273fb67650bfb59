"""The sentence that sums up a comparison, for every form."""

from __future__ import annotations

from scopedown.compare.access.model import Change, Changes
from scopedown.core.words import count
from scopedown.iam.newaccess.model import Comparison


def summary(changes: Changes) -> str:
    """One line: what the check found."""
    failing = [change for change in changes.changes if change.fails]
    number = sum(len(change.found.rows) for change in failing)
    open_ones = sum(not change.found.rows for change in failing)
    things = count(number, "thing")
    match changes.check:
        case "access not granted":
            good, bad = "none of it is granted", f"{things} {_are(number)} granted"
        case "no public access":
            good, bad = "nothing is public", f"{things} {_are(number)} public"
        case _:
            good, bad = "no new access", f"{things} {_are(number)} new"
    if changes.check == "equivalent" and not failing:
        lost = sum(len(change.lost.rows) for change in changes.changes if change.lost is not None)
        return "equivalent" if not changes.failed else f"not equivalent: {count(lost, 'thing')} less"
    parts = ([bad] if number else []) + ([f"{count(open_ones, 'comparison')} not decided"] if open_ones else [])
    return ", ".join(parts) or good


def headline(change: Change, check: str) -> str:
    """What is said of one subject."""
    found: Comparison = change.found
    number = len(found.rows)
    words = {"access not granted": "granted", "no public access": "public"}.get(check, "new")
    if number:
        text = f"{count(number, 'thing')} {_are(number)} {words}"
    elif change.answer == "not decided":
        text = f"not decided; treat as {words}"
    elif words != "new":
        text = f"not {words}"
    elif change.is_equal and not change.note:
        text = "nothing new, and nothing less"
    else:
        text = "nothing new"
    return f"{text} ({change.note})" if change.note else text


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
