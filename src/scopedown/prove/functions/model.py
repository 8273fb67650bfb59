"""What running functions needs to know of the local AWS, and what it tells of each function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scopedown.core.text import Text


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a function signs its requests with: those of its role's session."""

    key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def _nothing(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    """No seeding."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The local AWS as functions see it.

    ``resolve`` gives a value of the project its text in the deployed stack (``Ref`` and ``Fn::GetAtt`` are physical
    ids, ``EnvVar`` and unknown parts an empty text). ``seed`` does an operation (botocore's names) as an
    administrator, for what must be there before an event arrives: the object that an S3 event names.
    """

    address: str
    """``http://127.0.0.1:PORT``."""
    account: str
    region: str
    resolve: Callable[[Text], str]
    seed: Callable[[str, str, Mapping[str, Any]], Any] = _nothing
    runtime_modules: tuple[Path, ...] = ()
    """Folders called ``node_modules`` that hold the AWS SDKs which Lambda's Node runtimes bring along, used where a
    function's own code has none (the framework's own are such), after those of NODE_PATH."""


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
        return tuple(dict.fromkeys(host for one in self.events for host in one.refused_hosts))
