"""What was asked of the local AWS, was allowed, and is not there: operations that it does not have, and things.

In: an answer of moto's. Out: notes, for whoever runs a program against the guard and has to tell the program's own
failure from one that comes of the guard's gaps.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from werkzeug.wrappers import Response

from scopedown.guard.model import Principal

NOT_THERE: Final = re.compile(
    r"NotFound|NoSuch|NonExist|NotExist|Unknown(?:Resource|Key)|Missing(?:Role|Subnet)|InvalidArn|InvalidARN|^404$"
)
"""Codes of errors that say that something is missing."""
SAYS_MISSING: Final = re.compile(
    r"(?:does not|doesn't) exist|(?:is|was|could|can) ?not (?:be )?found|cannot be assumed", re.I
)
KEPT: Final = 1000
"""Notes; the oldest go first."""
_SHOWN: Final = 2000


@dataclass
class Lacking:
    """Notes, each with the ARN of who asked."""

    operations: list[tuple[str, str]] = field(default_factory=list)
    """Operations that the local AWS does not have: ``service.Operation``."""
    things: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """ARNs of which one is not there."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Nothing is noted any more."""
        with self._lock:
            self.operations.clear()
            self.things.clear()

    def note_operation(self, who: Principal, operation: str) -> None:
        """Note an operation that moto does not have."""
        with self._lock:
            self.operations.append((who.caller.arn, operation))
            del self.operations[:-KEPT]

    def note_missing(self, who: Principal, arns: Sequence[str], answer: Response) -> None:
        """Note what an answer says is not there."""
        if answer.status_code < 400:
            return
        told = answer.get_data()[:_SHOWN].decode("utf-8", "replace")
        if answer.status_code == 404 or NOT_THERE.search(told) or SAYS_MISSING.search(told):
            with self._lock:
                self.things.append((who.caller.arn, tuple(arns)))
                del self.things[:-KEPT]
