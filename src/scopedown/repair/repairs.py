"""The changes of one role that mend the problems found of it, all of them together.

Two rules may object to one statement, and two statements may each be covered by the other: so the fixes of a role are
put together before anything is changed, and what its functions need of all the statements that go is worked out at
once. A statement that no fix names stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.checks.model import Problem
from scopedown.compare.statement import Declared
from scopedown.compare.subject import Subject, subjects
from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission
from scopedown.scan import ProjectScan


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A statement that stays: the list of its actions (None: as it is), and the numbers of resources that go."""

    place: Place
    actions: tuple[str, ...] | None
    resources: tuple[int, ...]
    count: int
    """How many resources it has."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What becomes of a role: statements that go, those that are narrowed, and what new ones must allow."""

    role: str
    functions: tuple[str, ...]
    gone: tuple[Place, ...]
    narrowed: tuple[Narrowed, ...]
    allow: tuple[RequiredPermission, ...]
    others: tuple[Place, ...]
    """The statements that stay as they are and that are this role's alone."""
    problems: tuple[Problem, ...]
    """What it mends."""
    of: _Role

    @property
    def changed(self) -> frozenset[Place]:
        """Where the statements stand that go or are narrowed."""
        return frozenset((*self.gone, *(narrowed.place for narrowed in self.narrowed)))

    def of_only(self, problems: Iterable[Problem]) -> Repair | None:
        """The repair of some of the problems; None where nothing of them can be mended."""
        return _repair(self.of, [*problems], [])


@dataclass(frozen=True, slots=True)
class _Role:
    """A role, and the places of statements that it has together with others."""

    subject: Subject
    shared: frozenset[Place | None]


def repairs(
    scan: ProjectScan, catalog: Catalog, problems: Iterable[Problem], overlay: Mapping[Path, str] | None = None
) -> tuple[list[Repair], list[Finding]]:
    """The repairs of a project's roles, and what must be mended by hand; ``overlay`` are the texts that it was loaded
    with in the place of its files'."""
    by_role: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.fix is not None:
            by_role.setdefault(problem.role, []).append(problem)
    found: list[Repair] = []
    findings: list[Finding] = []
    shared = _shared(scan)
    for subject in subjects(scan, catalog, overlay):
        mended = by_role.get(subject.role.id, [])
        repair = _repair(_Role(subject, shared), mended, findings) if mended else None
        if repair is not None:
            found.append(repair)
    return found, findings


def _shared(scan: ProjectScan) -> frozenset[Place | None]:
    """The places of statements that more than one role has."""
    roles = scan.project.roles.values()
    places = Counter(
        place
        for role in roles
        for place in {statement.place for statement in role.statements if statement.added_by == "project"}
    )
    return frozenset(place for place, count in places.items() if count > 1)


def _repair(role: _Role, problems: list[Problem], findings: list[Finding]) -> Repair | None:
    """The repair of a role, and why some of its problems are none of it."""
    subject = role.subject
    at = Counter(statement.place for statement in subject.role.statements)
    own = {one.statement.place: one for one in subject.declared if one.own and one.statement.place is not None}
    left: list[Problem] = []
    for problem in problems:
        place = problem.fix.place if problem.fix else None
        if why := _why_not(place, own, at, role.shared):
            findings.append(Finding("fix-by-hand", why, problem.place, "give each role its own list of statements"))
        elif problem.fix is not None:
            left.append(problem)
    plans = {
        place: _planned(own[place], left)
        for place in dict.fromkeys(problem.fix.place for problem in left if problem.fix)
        if place is not None
    }
    leaving = [own[place] for place, plan in plans.items() if plan is None]
    instead = subject.instead_of(leaving) if leaving else ()
    if instead is None:
        leaving, instead = _possible(subject, leaving)
        kept = [place for place, plan in plans.items() if plan is None and own[place] not in leaving]
        told = "part of this statement is needed, but scopedown cannot tell which part"
        findings += (Finding("fix-by-hand", told, place) for place in kept)
        left = [problem for problem in left if problem.fix is None or problem.fix.place not in kept]
    allow = merge([*instead, *(need for problem in left if problem.fix for need in problem.fix.allow)])
    gone = tuple(one.statement.place for one in leaving if one.statement.place is not None)
    narrowed = tuple(
        plan for plan in plans.values() if plan is not None and (plan.actions is not None or plan.resources)
    )
    if not (gone or narrowed or allow):
        return None
    changed = {*gone, *(one.place for one in narrowed)}
    others = tuple(
        place for place in own if place and place not in changed and not _why_not(place, own, at, role.shared)
    )
    return Repair(subject.role.id, subject.keys, gone, narrowed, allow, others, tuple(left), role)


def _why_not(
    place: Place | None, own: Mapping[Place, Declared], at: Mapping[Place | None, int],
    shared: frozenset[Place | None],
) -> str:  # fmt: skip
    """Why a statement cannot be changed for this role; empty where it can."""
    if place is None:
        return ""
    if place in shared:
        return "several roles have this statement"
    if place not in own:
        return "this is not an Allow statement"
    return "an alias repeats this statement, or several come from this place" if at[place] > 1 else ""


def _planned(one: Declared, problems: Iterable[Problem]) -> Narrowed | None:
    """What the fixes of a statement leave of it; None where it goes."""
    place = one.statement.place
    assert place is not None
    fixes = [problem.fix for problem in problems if problem.fix and problem.fix.place == place]
    actions = _actions(one, [fix.actions for fix in fixes])
    resources = {number for fix in fixes for number in fix.resources}
    emptied = one.actions and not actions
    if emptied or any(fix.rewrite for fix in fixes) or (resources and len(resources) == len(one.resources)):
        return None
    new = None if actions == one.actions else actions
    return Narrowed(place, new, tuple(sorted(resources)), len(one.resources))


def _possible(subject: Subject, leaving: Iterable[Declared]) -> tuple[list[Declared], tuple[RequiredPermission, ...]]:
    """Those of the statements that can go, one after another, and what is needed of them all."""
    able: list[Declared] = []
    needed: tuple[RequiredPermission, ...] = ()
    for one in leaving:
        instead = subject.instead_of([*able, one])
        if instead is not None:
            able.append(one)
            needed = instead
    return able, needed


def _actions(one: Declared, changes: Iterable[Mapping[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """A statement's actions with all changes made."""
    new: dict[str, tuple[str, ...]] = {}
    for change in changes:
        new.update(change)
    return tuple(dict.fromkeys(_replaced(one.actions, new)))


def _replaced(actions: Iterable[str], new: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for action in actions:
        yield from new.get(action, (action,))
