"""Policy templates of SAM's as they are written: one item of a function's ``Policies``, which no splice can narrow."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from scopedown.core.place import Place

_TEMPLATE = re.compile(r"""(-\s+)?['"]?\w+Policy['"]?\s*:""")
"""How a policy template stands in a list of Policies."""


def is_template(lines: Sequence[str], place: Place) -> bool:
    """Whether a policy template stands at a place of a file of these lines."""
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return _TEMPLATE.match(line[place.column - 1 :]) is not None


def has_wildcard(lines: Sequence[str], place: Place) -> bool:
    """Whether a wildcard is written in the item that stands at a place."""
    first, *rest = lines[place.line - 1 :]
    item = (first, *itertools.takewhile(lambda line: _indent(line) > place.column - 1, rest))
    return any("*" in line.split("#")[0] for line in item)


def _indent(line: str) -> int:
    """The indentation; that of an empty line is beyond any."""
    return len(line) - len(line.lstrip()) if line.strip() else 1_000
