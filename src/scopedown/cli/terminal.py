"""What is printed for people: as wide as the terminal, coloured on a terminal only, with progress on stderr."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scopedown.core.finding import printable

if TYPE_CHECKING:
    from rich.console import Console

MIN_COLUMNS = 40
"""A table is never narrower, whatever COLUMNS says."""
PIPED_COLUMNS = 140
"""The width where there is no terminal and COLUMNS is not set."""


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Controls but tabs and line ends, and marks that have no width or turn the direction of text around."""
_OWN = re.compile(f"(\x1b\\[\\??[0-9;]*[A-Za-z]|\r)|{_UNSEEN.pattern}")


class ShownStream(io.TextIOWrapper):
    """A stream of the process in which every character can be seen, whatever file it came from.

    Text from a user's files is made printable where it is put into a form; this is the one way out that all forms
    share. What it changes in JSON is JSON's own escape. On a terminal the sequences of colours and of the cursor pass.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(
            stream.buffer, stream.encoding, "backslashreplace", None, stream.line_buffering, stream.write_through
        )
        self._stream = stream  # which would close the buffer at its own end
        self._pattern = _OWN if stream.isatty() else _UNSEEN

    def write(self, text: str) -> int:
        """Write text."""
        super().write(text if text.isascii() and text.isprintable() else self._pattern.sub(_seen, text))
        return len(text)


def _seen(found: re.Match[str]) -> str:
    if found.lastindex:
        return found[0]
    return f"\\x{ord(found[0]):02x}" if ord(found[0]) < 0x20 else f"\\u{ord(found[0]):04x}"


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
            sys.stderr.write(f"\r\x1b[2K{printable((prefix + name)[:70])}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
