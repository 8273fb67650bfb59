"""A limit of the settings that is exceeded, as a problem at the statement that exceeds it."""

from __future__ import annotations

import re

from scopedown.checks.model import Problem
from scopedown.compare.access.model import Subject as Access
from scopedown.compare.subject import Subject
from scopedown.core.place import Place
from scopedown.iam.newaccess import Row

_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+)")


def problem_of(rule: str, access: Access, row: Row | str, message: str, about: str, first: Subject) -> Problem:
    """The problem of a row, or of what could not be decided (then ``row`` is the reason)."""
    ids = [key.partition(":")[2] for key in access.keys if key.startswith(("id:", "trust:id:"))]
    functions = tuple(key.partition(":")[2] for key in access.keys if key.startswith("function:"))
    role = ids[0].removeprefix("id:") if ids else access.name
    return Problem(rule, message, _place(access, row, first), role, functions, f"{about} of {access.name}")


def written_at(row: Row) -> Place | None:
    """Where a statement of a project is written: its policy is called by the place. None for other policies."""
    written = _PLACE.fullmatch(row.place.policy.name)
    return Place(written["file"], int(written["line"]), int(written["column"])) if written is not None else None


def _place(access: Access, row: Row | str, first: Subject) -> Place:
    """Where the statement is written."""
    written = written_at(row) if isinstance(row, Row) else None
    return written or access.place or first.role.place or first.functions[0].function.place
