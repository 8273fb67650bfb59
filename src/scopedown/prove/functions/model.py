"""What running functions tells of each function."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventRun:
    """One run of a function on one event."""

    event: str
    """A name: the trigger it is made from (``http GET /todos/{id}``), or the file it was read from."""
    outcome: str
    """``ok``; ``error`` (the handler raised, or called back with an error); ``load`` (its module could not be loaded);
    ``timeout``; ``exit`` (the process ended before the handler did)."""
    error_type: str = ""
    error: str = ""
    """One line."""
    log: str = ""
    """The end of what it wrote."""
    seconds: float = 0.0
    refused_hosts: tuple[str, ...] = ()
    """Hosts outside of the local AWS that it tried to reach, ``host:port``."""
    result: str = ""
    """What the handler answered, as JSON, cut to a few hundred characters."""

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"


@dataclass(frozen=True, slots=True)
class FunctionRun:
    """What came of one function."""

    function: str
    """:attr:`~scopedown.project.model.Function.key`."""
    ran: bool
    """Whether its handler was called at least once (its module loaded)."""
    why_not: str = ""
    """Where it did not run: the reason and what to do about it, one sentence."""
    events: tuple[EventRun, ...] = ()
    ran_with: str = ""
    """``node 20.20.2``, ``python 3.11.7``."""
    code: str = ""
    """Where its code came from: ``.serverless/greeter.zip``, or ``the project's folder``."""
    notes: tuple[str, ...] = ()
    """What is not as on Lambda: another release of the runtime, an environment variable of no known value."""

    @property
    def refused_hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(host for event in self.events for host in event.refused_hosts))
