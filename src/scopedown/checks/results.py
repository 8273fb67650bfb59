"""What was found, ready to be told: each problem with its rule, its files as seen from there, and its fingerprint.

A fingerprint says that a problem is the one of an earlier run. It is made of the rule, the project's file, the role and
what the problem is about; of several that are alike, of their number too. Lines do not count, so that it stays when
text moves.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scopedown.checks.model import Described, Problem
from scopedown.checks.registry import rules
from scopedown.core.finding import Unread
from scopedown.core.place import Place
from scopedown.project.model import Project

if TYPE_CHECKING:
    from scopedown.scan import ProjectScan


@dataclass(frozen=True, slots=True)
class Result:
    """A problem, its places relative to the base that it is told from."""

    rule: Described
    problem: Problem
    fingerprint: str
    project: str
    """The project's configuration file, relative to the base too."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run found. ``ignored`` counts problems that comments leave out, ``known`` those of the baseline, and
    ``gone`` those of the baseline that are not there any more."""

    results: tuple[Result, ...]
    ignored: int = 0
    known: int = 0
    projects: int = 0
    functions: int = 0
    failing: frozenset[str] = frozenset()
    """The ids of the rules at which the run fails."""
    gone: int = 0
    partly: int = 0
    """Functions whose code was seen in part."""
    unread: int = 0
    """Functions of whose code nothing was read."""
    unseen_fails: bool = False
    """Whether code that was not seen fails the run."""
    command: str = "check"
    """The command whose report it is."""
    policies: int = 0
    """The policies that were read, where the report is about policies on their own."""
    described: tuple[Described, ...] | None = None
    """All that the run looks for; None: the rules of check."""
    not_compared: tuple[str, ...] = ()
    """The roles that no function uses, with the services that may assume them: ``TaskRole (ecs-tasks)``."""
    scans: tuple[ProjectScan, ...] = ()
    """The scans that were checked, for forms that list projects and functions too."""
    unread_projects: tuple[Unread, ...] = ()
    """The projects that were not read, for those forms."""
    base: Path | None = None
    """The folder that places are relative to."""

    @property
    def looked_for(self) -> tuple[Described, ...]:
        """All that the run looks for."""
        return rules() if self.described is None else self.described

    @property
    def read_nothing(self) -> bool:
        """Whether there are functions, and no code of any was read."""
        return 0 < self.functions == self.unread

    @property
    def fails_because(self) -> tuple[str, ...]:
        """What fails the run: the ids of rules, and code that was not read."""
        found = sorted({result.rule.id for result in self.results} & self.failing)
        unseen = self.unseen_fails and self.partly + self.unread > 0
        return (*found, *(("code that was not read",) if unseen else ()))

    @property
    def failed(self) -> bool:
        """Whether a gate was met."""
        return bool(self.fails_because)


def results(problems: Iterable[Problem], project: Project, base: Path) -> Iterator[Result]:
    """The problems of one project of a repository in ``base``, with places as seen from there."""
    by_id = {rule.id: rule for rule in rules()}
    folder = Path(project.root).resolve()
    config = config_of(project, base)
    seen: Counter[str] = Counter()
    for problem in problems:
        same = "\0".join((problem.rule, config, _told(problem.place, folder, base).file, problem.role, problem.about))
        seen[same] += 1
        print_ = hashlib.sha256(f"{same}\0{seen[same]}".encode()).hexdigest()[:32]
        yield Result(by_id[problem.rule], _moved(problem, folder, base), print_, config)


def config_of(project: Project, base: Path) -> str:
    """A project's configuration file as seen from a repository's folder."""
    return _told(Place(project.config), Path(project.root).resolve(), base).file


def seen_from(report: Report, base: Path, here: Path) -> Report:
    """The same report, its places relative to ``here`` instead of ``base``; both are resolved folders."""
    moved = (replace(result, problem=_moved(result.problem, base, here)) for result in report.results)
    return replace(report, results=tuple(moved))


def _moved(problem: Problem, folder: Path, base: Path) -> Problem:
    related = tuple((_told(place, folder, base), what) for place, what in problem.related)
    return replace(problem, place=_told(problem.place, folder, base), related=related)


def _told(place: Place, folder: Path, base: Path) -> Place:
    """A place relative to the base; of one outside of it the whole path, unless both are in ``folder``
    (``../modules/lambda.tf``)."""
    file = (folder / place.file).resolve()
    if file.is_relative_to(base):
        return replace(place, file=file.relative_to(base).as_posix())
    is_near = file.is_relative_to(folder) and base.is_relative_to(folder)
    return replace(place, file=Path(os.path.relpath(file, base) if is_near else file).as_posix())
