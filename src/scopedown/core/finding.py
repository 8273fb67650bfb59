"""What is said to a user: a problem (or a limit) with its place and its remedy.

A user's problem is a :class:`Finding`; an exception is a caller's mistake, or the end of a
command that cannot go on (:class:`ScopedownError`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scopedown.core.place import Place


class Severity(StrEnum):
    """How much a finding weighs: an error stops what it concerns, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell.

    ``code`` is a stable kebab-case name such as ``variable-missing-file``; ``message`` is one
    sentence; ``remedy`` says what the user can do about it, or is empty.
    """

    code: str
    message: str
    place: Place | None = None
    remedy: str = ""
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return printable(f"{where}{self.message}{remedy}")


def printable(text: str) -> str:
    """Text on one line, with what a terminal would obey (escape sequences, line breaks) shown as escapes.

    >>> printable("a\\nb \\x1b[31mé")
    'a\\\\nb \\\\x1b[31mé'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class ScopedownError(Exception):
    """The one base of every error that ends a command; the command line prints it and exits 2."""

    def __init__(self, message: str, place: Place | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def finding(self, code: str) -> Finding:
        """The same problem as a finding of severity error."""
        return Finding(code, self.message, self.place, self.remedy, Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Unread:
    """One of several projects that was not read: its file, and why."""

    config: Path
    error: ScopedownError
