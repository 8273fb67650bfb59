"""What is printed for people: as wide as the terminal, coloured on a terminal only, with progress on stderr."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import click

from scopedown.core.finding import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

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
        self._pattern = _OWN if stream.isatty() or forces_colours() else _UNSEEN

    def write(self, text: str) -> int:
        """Write text."""
        super().write(text if text.isascii() and text.isprintable() else self._pattern.sub(_seen, text))
        return len(text)


def _seen(found: re.Match[str]) -> str:
    if found.lastindex:
        return found[0]
    return f"\\x{ord(found[0]):02x}" if ord(found[0]) < 0x20 else f"\\u{ord(found[0]):04x}"


def forces_colours() -> bool:
    """Whether the user asks for colours where there is no terminal (https://force-color.org, https://no-color.org)."""
    return os.environ.get("FORCE_COLOR", "0") not in ("", "0") and not os.environ.get("NO_COLOR")


def has_colours() -> bool:
    """Whether what is printed on stdout has colours."""
    return forces_colours() or (sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def prints_unicode() -> bool:
    """Whether what is printed can hold every character."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def drawn(draw: Callable[[Console], None]) -> str:
    """What ``draw`` prints, as text for this terminal or pipe."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    is_plain = not has_colours()
    columns = os.environ.get("COLUMNS", "")
    # On a terminal rich asks it; a COLUMNS that is no width (0, or a digit that int refuses) would print nothing.
    given = int(columns) if columns.isdecimal() and len(columns) < 6 else 0
    width = max(given, MIN_COLUMNS) if given else None if terminal else PIPED_COLUMNS
    # Without emoji=False, rich makes a picture of the :secret: in an ARN.
    console = Console(
        highlight=False, emoji=False, width=width, color_system=_colours(), force_terminal=terminal or not is_plain,
        _environ={name: value for name, value in os.environ.items() if name != "COLUMNS"},
    )  # fmt: skip
    with console.capture() as shown:
        draw(console)
    text = shown.get()
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines()) if is_plain else text


def paged(text: str) -> None:
    """Print text; through the user's pager, as git does, where a terminal has too few lines for it.

    The pager is ``$PAGER``, else ``less``. ``PAGER=cat``, or an empty one, is none. Where the pager cannot start or
    fails, the text is printed: a user is never asked about a change that was not shown.
    """
    is_long = text.count("\n") >= shutil.get_terminal_size().lines
    pager = os.environ.get("PAGER", "less")
    is_paged = is_long and sys.stdout.isatty() and sys.stdin.isatty() and pager not in ("", "cat")
    if not is_paged or not _through(pager, click.unstyle(text) if os.environ.get("NO_COLOR") else text):
        click.echo(text, nl=False)


def _through(pager: str, text: str) -> bool:
    """Whether a pager took a text and ended well."""
    import subprocess

    try:
        command = shlex.split(pager)
        with subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": "FRX", **os.environ}) as process:
            process.communicate(text.encode(errors="replace"))
    except (OSError, ValueError, IndexError):
        return False
    return process.returncode == 0


def _colours() -> Literal["auto", "standard"] | None:
    """Which colours there are; those of every terminal where nobody knows the terminal."""
    if not has_colours():
        return None
    return "auto" if sys.stdout.isatty() else "standard"


@contextmanager
def progress() -> Iterator[Callable[[str, str], None]]:
    """Tell on stderr what is being done once the work takes two seconds: a bar on a terminal, else a line each ten
    seconds. What is told is a prefix, ``3/12 orders `` or nothing, and a name."""
    shown = _Progress()
    try:
        yield shown.tell
    finally:
        shown.end()


class _Progress:
    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._bar: Progress | None = None

    def tell(self, prefix: str, name: str) -> None:
        now = time.monotonic()
        is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        if now - self._started < _QUIET or now - self._last < (_REDRAWN if is_terminal else _LINES):
            return
        self._last = now
        counted = _COUNTED.match(prefix)
        what = printable(f"{prefix[counted.end() :] if counted else prefix}{name}".strip()[:60])
        if is_terminal:
            done, total = (int(counted[1]) - 1, int(counted[2])) if counted else (0, None)
            self._draw(what, done, total)
        elif what or counted:
            click.echo(f"scopedown: now at {f'{counted[1]} of {counted[2]}, ' if counted else ''}{what}", err=True)

    def _draw(self, what: str, done: int, total: int | None) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._bar is None:
            columns = [BarColumn(), *([MofNCompleteColumn(), TimeRemainingColumn()] if total else [])]
            # Drawn when something is told, not by a thread: other processes are started from here.
            self._bar = Progress(
                *columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True,
                auto_refresh=False, redirect_stdout=False, redirect_stderr=False,
            )  # fmt: skip
            self._bar.add_task("")
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], description=escape(what), completed=done, total=total, refresh=True)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()


_COUNTED = re.compile(r"(\d+)/(\d+) ")
_QUIET, _LINES, _REDRAWN = 2, 10, 0.1
"""Seconds: before anything is told, between two lines, and between two drawings of the bar."""
