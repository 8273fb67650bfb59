"""What a scan, and a project, look like to people and to programs: tables, statements, reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopedown.core.finding import ScopedownError, Unread
    from scopedown.core.text import Text
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan


@dataclass(frozen=True, slots=True)
class Scans:
    """What the forms of ``scopedown scan`` show: the scans, and the projects that cannot be read.

    ``base`` is the folder that several projects are named from, None for one project; ``names`` gives of a project how
    its resources are called in the account.
    """

    scans: Sequence[ProjectScan]
    unread: Sequence[Unread]
    base: Path | None
    names: Callable[[Project], Callable[[Text], str]]


@dataclass(frozen=True, slots=True)
class Projects:
    """What the forms of ``scopedown project`` show, as :class:`Scans` has it."""

    projects: Sequence[Project]
    errors: Sequence[ScopedownError]
    base: Path | None
