"""What ``check --fix`` must not do to a role: change what no fix names, and take what a function needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog
    from scopedown.checks.repair import Repair
    from scopedown.core.place import Place
    from scopedown.project.model import Project, Role
    from scopedown.scan import ProjectScan


def changed_beside(before: Project, after: Project, repairs: Sequence[Repair]) -> str:
    """The role of which a statement that no repair names is not there as it was; empty where there is none."""
    changed = {one.role: one.changed for one in repairs}
    for id, role in before.roles.items():
        there = _statements(after.roles[id], frozenset()) if id in after.roles else Counter[str]()
        stay = _statements(role, changed.get(id, frozenset()))
        if stay - there or (id not in changed and there != stay):
            return id
    return ""


def _statements(role: Role, but: frozenset[Place]) -> Counter[str]:
    return Counter(repr(one.statement) for one in role.statements if one.added_by == "project" and one.place not in but)


def lost(before: ProjectScan, after: ProjectScan, catalog: Catalog) -> tuple[str, str, Place | None] | None:
    """A need that a role covered and would not, in words, with the role and the place of its function."""
    had = {key for key, *_, answer in _covered(before, catalog) if answer == "yes"}
    for key, what, role, place, answer in _covered(after, catalog):
        if key in had and answer != "yes":
            return what, role, place
    return None


def _covered(scan: ProjectScan, catalog: Catalog) -> Iterator[tuple[tuple[str, str, str], str, str, Place | None, str]]:
    from scopedown.compare.subject import subjects

    for subject in subjects(scan, catalog):
        for need in subject.needs:
            function, action = need.function.function, need.permission.action
            what = f"{function.key} would be denied {action} on {need.arn}"
            yield (function.key, action, str(need.arn)), what, subject.role.id, function.place, subject.covered(need)
