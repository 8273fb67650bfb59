"""Which principals are read: everybody else is counted for coverage, and their names never leave the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """``principals`` are patterns of ARNs with ``*`` (``arn:*:iam::*:role/todos-dev-*``), ``sessions`` patterns of the
    names of sessions that are kept (Lambda names them after the function); ``since`` and ``until`` are times as
    CloudTrail writes them, the second one not included, or empty."""

    principals: tuple[str, ...] = ("*",)
    sessions: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def principal_expression(self) -> str:
        """A regular expression that every engine knows, for the whole of a principal's ARN."""
        return expression(self.principals)

    @property
    def session_expression(self) -> str:
        """The same for the names of sessions."""
        return expression(self.sessions)


def expression(patterns: Sequence[str]) -> str:
    """Patterns with ``*`` as one regular expression for whole texts; of no pattern, one that fits nothing.

    Written in what Python, RE2 and Java have in common.
    """
    if not patterns:
        return "^\\b$"
    return "(?s)^(?:" + "|".join(".*".join(re.escape(part) for part in one.split("*")) for one in patterns) + ")$"
