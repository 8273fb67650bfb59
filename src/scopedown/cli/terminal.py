"""What is printed for people: as wide as the terminal, coloured on a terminal only, with progress on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

MIN_COLUMNS = 40
"""A table is never narrower, whatever COLUMNS says."""
PIPED_COLUMNS = 140
"""The width where there is no terminal and COLUMNS is not set."""


def prints_unicode() -> bool:
    """Whether what is printed can hold every character."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def drawn(draw: Callable[[Console], None]) -> str:
    """What ``draw`` prints, as text for this terminal or pipe."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    is_plain = not terminal or bool(os.environ.get("NO_COLOR"))
    columns = os.environ.get("COLUMNS", "")
    # On a terminal rich asks it; a COLUMNS that is no width (0, or a digit that int refuses) would print nothing.
    given = int(columns) if columns.isdecimal() and len(columns) < 6 else 0
    width = max(given, MIN_COLUMNS) if given else None if terminal else PIPED_COLUMNS
    # Without emoji=False, rich makes a picture of the :secret: in an ARN.
    console = Console(
        highlight=False, emoji=False, width=width, color_system=None if is_plain else "auto", force_terminal=terminal,
        _environ={name: value for name, value in os.environ.items() if name != "COLUMNS"},
    )  # fmt: skip
    with console.capture() as shown:
        draw(console)
    text = shown.get()
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()) if is_plain else text


@contextmanager
def progress() -> Iterator[Callable[[str, str], None]]:
    """Tell what is being done once the work takes over a second; on a terminal's stderr only."""
    started = time.monotonic()
    shown = False

    def tell(prefix: str, name: str) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - started > 1:
            shown = True
            sys.stderr.write(f"\r\x1b[2K{(prefix + name)[:70]}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
