"""All checks over documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check
from scopedown.validate.registry import checks
from scopedown.validate.values import Found


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found of a document."""

    check: Check
    document: PolicyDocument
    found: Found


def findings(document: PolicyDocument, chosen: Iterable[Check] | None = None) -> Iterator[Finding]:
    """What the chosen checks (all by default) find of one document, by place."""
    every = [
        Finding(check, document, found)
        for check in (checks() if chosen is None else chosen)
        for found in dict.fromkeys(check.find(document))
    ]
    yield from sorted(every, key=lambda one: (one.found.place, one.check.code, one.found.about))
