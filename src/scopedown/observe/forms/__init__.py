"""The forms of an observation: text for people, JSON (``scopedown.observe/1``), flat rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopedown.core.finding import Unread
    from scopedown.observe.observable import Observable
    from scopedown.observe.reading.logs import Logs
    from scopedown.observe.result import Observation


@dataclass(frozen=True, slots=True)
class Observations:
    """What the forms show: the logs, what they can show, and each project compared with them.

    ``unread`` are the projects that cannot be read, ``base`` the folder that several are named from.
    """

    logs: Logs
    observable: Observable
    projects: Sequence[Observation]
    unread: Sequence[Unread]
    base: Path | None
