"""What a guard has decided lately, for whoever looks at it: little memory, whatever comes.

In: :class:`~.model.Decided`, from any thread. Out: counts, the latest different decisions, and the lines not yet shown.
The looking is done in a thread of its own (:mod:`scopedown.cli.guard`): a terminal that stands still stops no request.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, replace

from scopedown.guard.model import Decided

DIFFERENT = 200
WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision, and how often the same was made: the same principal, action, resource and outcome."""

    last: Decided
    times: int = 1


class Recent:
    """Takes decisions; :meth:`latest` and :meth:`take` give them."""

    def __init__(self) -> None:
        self.allowed = self.denied = 0
        self._seen: OrderedDict[tuple[str, str, str, bool, str], Seen] = OrderedDict()
        self._waiting: deque[Decided] = deque(maxlen=WAITING)
        self._came = self._taken = 0
        self._lock = threading.Lock()

    def __call__(self, one: Decided) -> None:
        key = (one.principal, one.check.action, one.check.resource, one.allowed, one.statement)
        with self._lock:
            self.allowed += one.allowed
            self.denied += not one.allowed
            known = self._seen.pop(key, None)
            self._seen[key] = replace(known, last=one, times=known.times + 1) if known else Seen(one)
            if len(self._seen) > DIFFERENT:
                self._seen.popitem(last=False)
            self._waiting.append(one)
            self._came += 1

    def latest(self, rows: int) -> list[Seen]:
        """So many different decisions at most, the latest last."""
        with self._lock:
            return list(self._seen.values())[-rows:] if rows > 0 else []

    def take(self) -> tuple[list[Decided], int]:
        """The decisions that were not taken yet, and how many before them were left out because too many waited."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
            left_out = self._came - self._taken - len(taken)
            self._taken = self._came
            return taken, left_out
