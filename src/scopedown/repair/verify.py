"""What ``check --fix`` must not do to a role: change what no fix names, widen it, or take what a function may need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scopedown.catalog.model import Catalog
from scopedown.compare.narrows import narrows
from scopedown.compare.subject import subjects
from scopedown.core.place import Place
from scopedown.project.model import Project, Role
from scopedown.repair.repairs import Repair
from scopedown.scan import ProjectScan
from scopedown.write.verify import changed_beside


def changed_otherwise(before: Project, after: Project, repairs: Sequence[Repair]) -> tuple[str, str] | None:
    """What is not as it was and no repair names, with the role that it is about (empty: the whole project)."""
    changed = {repair.role: repair.changed for repair in repairs}
    for id, role in before.roles.items():
        there = _statements(after.roles[id], frozenset()) if id in after.roles else Counter[str]()
        stay = _statements(role, changed.get(id, frozenset()))
        if stay - there or (id not in changed and there != stay):
            return "a statement that no fix names would be changed", id
    policies = {id for id, one in before.resources.items() if one.type.startswith("AWS::IAM::")}  # compared above
    return next(((wrong.why, "") for wrong in changed_beside(before, after, {*changed, *policies})), None)


def _statements(role: Role, but: frozenset[Place]) -> Counter[str]:
    return Counter(
        repr(statement.statement)
        for statement in role.statements
        if statement.added_by == "project" and statement.place not in but
    )


def wider(before: ProjectScan, after: ProjectScan, catalog: Catalog) -> tuple[str, str, Place | None] | None:
    """Why a role would not only be narrowed, in words, with the role and its place; None where all are."""
    new = {subject.role.id: subject for subject in subjects(after, catalog)}
    for old in subjects(before, catalog):
        there = new.get(old.role.id)
        if there is not None and (reasons := narrows(old, there, old.doubt)):
            return reasons[0], old.role.id, old.functions[0].function.place
    return None
