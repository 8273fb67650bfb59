"""The changes of one role that mend the problems found of it, all of them together.

Two rules may object to one statement, and two statements may each be covered by the other: so the fixes of a role are
put together before anything is changed, and what its functions need of all the statements that are rewritten is worked
out at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scopedown.catalog.model import Catalog
from scopedown.checks.model import Problem
from scopedown.checks.subject import Declared, Subject, subjects
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
    """The role's own statements that stay as they are."""


def repairs(scan: ProjectScan, catalog: Catalog, problems: Iterable[Problem]) -> tuple[list[Repair], list[Finding]]:
    """The repairs of a project's roles, and what must be mended by hand."""
    by_role: dict[str, list[Problem]] = {}
    for one in problems:
        if one.fix is not None:
            by_role.setdefault(one.role, []).append(one)
    found: list[Repair] = []
    findings: list[Finding] = []
    every = list(subjects(scan, catalog))
    shared = _shared(scan)
    for subject in every:
        mended = by_role.get(subject.role.id, [])
        if not mended:
            continue
        kept = [one for one in mended if one.fix and one.fix.place not in shared]
        findings += (
            Finding("fix-by-hand", "several roles have this statement", one.place, "give each a list of its own")
            for one in mended
            if one not in kept
        )
        if kept:
            found.append(_of(subject, kept, findings))
    return found, findings


def _shared(scan: ProjectScan) -> set[Place | None]:
    """The places of statements that more than one role has."""
    places = [
        place
        for role in scan.project.roles.values()
        for place in {one.place for one in role.statements if one.added_by == "project" and one.place is not None}
    ]
    return {place for place in places if places.count(place) > 1}


def _of(subject: Subject, problems: list[Problem], findings: list[Finding]) -> Repair:
    fixes = [one.fix for one in problems if one.fix]
    own = {one.statement.place: one for one in subject.declared if one.own and one.statement.place is not None}
    rewritten = [own[place] for place in dict.fromkeys(fix.place for fix in fixes if fix.rewrite) if place in own]
    instead = subject.instead_of(rewritten)
    if instead is None:
        findings += (
            Finding("fix-by-hand", "of this statement a part is needed that is not known", one.statement.place)
            for one in rewritten
        )
        rewritten, instead = [], ()
    gone = [one.statement.place for one in rewritten]
    narrowed = []
    for place, one in own.items():
        if place is None or place in gone:
            continue
        actions = _actions(one, [fix.actions for fix in fixes if fix.place == place])
        resources = {number for fix in fixes if fix.place == place for number in fix.resources}
        if not actions or len(resources) == len(one.resources):
            gone.append(place)
        elif actions != one.actions or resources:
            new = None if actions == one.actions else actions
            narrowed.append(Narrowed(place, new, tuple(sorted(resources)), len(one.resources)))
    allow = merge([*instead, *(one for fix in fixes for one in fix.allow)])
    changed = {*gone, *(one.place for one in narrowed)}
    return Repair(
        subject.role.id, subject.keys, tuple(place for place in gone if place), tuple(narrowed), allow,
        tuple(place for place in own if place and place not in changed),
    )  # fmt: skip


def _actions(one: Declared, changes: Iterable[Mapping[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """A statement's actions with all changes made."""
    new: dict[str, tuple[str, ...]] = {}
    for change in changes:
        new.update(change)
    return tuple(dict.fromkeys(_replaced(one.actions, new)))


def _replaced(actions: Iterable[str], new: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for action in actions:
        yield from new.get(action, (action,))
