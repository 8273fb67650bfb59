"""Entries of a list that another entry covers, and statements that say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from scopedown.iam.wildcard import matching
from scopedown.validate.document import Statement

_SORTED = ("Action", "NotAction", "Resource", "NotResource")


def covered(patterns: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Each pattern that another one covers, with that one; of equal ones the later.

    >>> list(covered(["iam:get*", "iam:getrole", "iam:get*"]))
    [(1, 0), (2, 0)]
    """
    wide = [(at, matching(pattern)) for at, pattern in enumerate(patterns) if "*" in pattern]
    first = {pattern: at for at, pattern in reversed(list(enumerate(patterns)))}
    for at, pattern in enumerate(patterns):
        if first[pattern] != at:
            yield at, first[pattern]
            continue
        # A pattern whose text another one matches is in it: its wildcards are characters that only a wildcard takes.
        by = next(
            (
                other
                for other, fits in wide
                if patterns[other] != pattern and _covers(patterns[other], pattern, fits(pattern))
            ),
            None,
        )
        if by is not None:
            yield at, by


def _covers(wide: str, narrow: str, matches: bool) -> bool:
    """Whether one pattern takes in another; ``?`` of the first must not be what takes a ``*`` of the second."""
    return matches and not ("?" in wide and "*" in narrow)


def same(statement: Statement) -> str:
    """What a statement says, in one form for all that say it with the same entries; its Sid is left out."""
    said = statement.value.plain()
    assert isinstance(said, dict)
    said.pop("Sid", None)
    for name in _SORTED:
        if isinstance(listed := said.get(name), list):
            said[name] = sorted(map(str, listed)) if len(listed) != 1 else listed[0]
    return json.dumps(said, sort_keys=True)
