"""What the readers of projects report: the texts of findings, by the rows of ``findings.tsv``.

In: the name of a row (a code, and a second word where several rows have one code), a place, and the values for its
placeholders. Out: a Finding. A text that another module makes as a whole is no row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.tables import read_rows

_VALUE: Final = re.compile(r"<(\w+)>")


def reported(name: str, place: Place | None, /, **values: object) -> Finding:
    """The finding of a row.

    >>> print(reported("role-missing", None, logical_id="Save"))
    Save has no Role (set Role to a role's ARN)
    """
    row = rows()[name]
    message, remedy = (_VALUE.sub(lambda found: f"{values[found[1]]}", row[part]) for part in ("message", "remedy"))
    return Finding(name.partition(" ")[0], message, place, remedy, Severity(row["severity"]))


@cache
def rows() -> Mapping[str, Mapping[str, str]]:
    """The rows by their names."""
    columns = ("finding", "severity", "message", "remedy")
    return {row["finding"]: row for row in read_rows(Path(__file__).with_name("findings.tsv"), columns)}
