"""What was asked of the local AWS, was allowed, and is not there: operations that it does not have, and things, and
connections to other servers, of which it opens none.

In: an answer of moto's. Out: notes, for whoever runs a program against the guard and has to tell the program's own
failure from one that comes of the guard's gaps.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from werkzeug.wrappers import Response

from scopedown.core.finding import printable
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
class Origin:
    """Who asks with a request, and for what; empty until both are known."""

    arn: str = ""
    operation: str = ""


@dataclass
class Lacking:
    """Notes, each with the ARN of who asked."""

    operations: list[tuple[str, str]] = field(default_factory=list)
    """Operations that the local AWS does not have: ``service.Operation``."""
    things: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """ARNs of which one is not there."""
    connections: list[tuple[str, str, str]] = field(default_factory=list)
    """Connections that were refused: who asked, ``service.Operation``, and where to."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Nothing is noted any more."""
        with self._lock:
            self.operations.clear()
            self.things.clear()
            self.connections.clear()

    def note_operation(self, who: Principal, operation: str) -> None:
        """Note an operation that moto does not have."""
        with self._lock:
            self.operations.append((who.caller.arn, operation))
            del self.operations[:-KEPT]

    def note_connection(self, by: Origin, address: str) -> None:
        """Note a connection that a request would have opened, and print it: the answer does not show it."""
        with self._lock:
            self.connections.append((by.arn, by.operation, address))
            del self.connections[:-KEPT]
        said = f"{by.operation or 'a request'} of {by.arn or 'an unknown caller'} opened no connection to {address}"
        print(f"scopedown: {printable(said)[:_SHOWN]}", file=sys.stderr)

    def note_missing(self, who: Principal, arns: Sequence[str], answer: Response) -> None:
        """Note what an answer says is not there."""
        if answer.status_code < 400:
            return
        told = answer.get_data()[:_SHOWN].decode("utf-8", "replace")
        if answer.status_code == 404 or NOT_THERE.search(told) or SAYS_MISSING.search(told):
            with self._lock:
                self.things.append((who.caller.arn, tuple(arns)))
                del self.things[:-KEPT]
