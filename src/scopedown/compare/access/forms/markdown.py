"""A comment under a pull request: one line for each thing that is new, ``orders-role: + dynamodb:DeleteItem on
table/Orders``.

GitHub refuses a comment of more than 65,536 characters (unverified): the list ends before.
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.compare.access.forms.summary import headline, summary
from scopedown.compare.access.model import Change, Changes
from scopedown.compare.access.tell import actions_and_resources, example, ranked, reasons, where, why
from scopedown.emit.markdown_text import markdown_text

MOST = 60_000
"""Characters of the list."""


def render(changes: Changes) -> str:
    """The comment."""
    head = ["### scopedown compare", "", markdown_text(f"{_sentence(summary(changes))}."), ""]
    lines: list[str] = []
    length = 0
    every = [line for change in changes.changes for line in _lines(change, changes.check)]
    for number, line in enumerate(every):
        length += len(line) + 1
        if length > MOST:
            lines.append(f"- … {len(every) - number} more lines")
            break
        lines.append(line)
    notes = ["", *(f"_{markdown_text(note)}_" for note in changes.notes)] if changes.notes else []
    return "\n".join([*head, *lines, *notes]).rstrip() + "\n"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(change: Change, check: str) -> Iterator[str]:
    name = f"**{_cell(change.name)}**"
    rows = ranked(change.found.rows)
    for row in rows:
        because = why(row, change.shown)
        yield (
            f"- {name}: + {_cell(actions_and_resources(row, change.shown))}"
            f"{f' ({_cell(because)})' if because else ''}, {_cell(where(row.place))}"
        )
        yield f"  - for instance {_cell(example(row, change.shown))}"
    for reason in reasons(change):
        yield f"- {name}: not decided, treat as new: {_cell(reason)}"
    lost = ranked(change.lost.rows) if change.lost is not None else []
    for row in lost:
        yield f"- {name}: − {_cell(actions_and_resources(row, change.shown))}"
    if not rows and not lost and not change.is_equal and not change.fails:
        yield f"- {name}: {_cell(headline(change, check))}"


def _cell(text: str) -> str:
    return markdown_text(" ".join(text.split()))
