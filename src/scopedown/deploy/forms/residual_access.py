"""What the holder of a policy could still do, as lines for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scopedown.core.finding import printable
from scopedown.deploy.residual_access import Remains

COLUMNS = 120


def remains_lines(found: Remains, whole: bool) -> Iterator[str]:
    """The answers, and the statements without a narrower form: all of them (``whole``) or their number."""
    yield "What a user with this policy can still do, according to scopedown's evaluator:"
    for answer in found.answers:
        yield from wrapped(f"- {answer}", "  ")
    if not found.wide:
        yield "No statement reaches beyond the project."
    elif whole:
        yield "Statements that reach beyond the project, because AWS offers nothing narrower:"
        for wide in found.wide:
            yield from wrapped(f"- {wide}", "  ")
    else:
        count = sum(len(wide.actions) for wide in found.wide)
        yield (
            f"{count} {'grant reaches' if count == 1 else 'grants reach'} beyond the project, because AWS offers "
            "nothing narrower; --explain lists them."
        )


def wrapped(text: str, inset: str) -> list[str]:
    """A sentence of the user's or AWS's names as lines, the further ones inset."""
    return textwrap.wrap(
        printable(text), COLUMNS, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
    )
