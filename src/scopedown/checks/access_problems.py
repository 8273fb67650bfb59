"""A statement of a project that grants too much, as a problem."""

from __future__ import annotations

from scopedown.checks.access import ProjectAccess, written_at
from scopedown.checks.model import Problem
from scopedown.compare.access.model import Subject
from scopedown.core.place import Place
from scopedown.iam.document import Policy
from scopedown.iam.newaccess import Row


def problem(
    rule: str,
    access: ProjectAccess,
    subject: Subject,
    policy: Policy | None,
    message: str,
    about: str,
    codes: tuple[str, ...] = (),
) -> Problem:
    """A problem at the statement of a policy, or at the role or resource that has it."""
    ids = [key.partition(":")[2] for key in subject.keys if key.startswith(("id:", "trust:id:"))]
    functions = tuple(key.partition(":")[2] for key in subject.keys if key.startswith("function:"))
    role = ids[0].removeprefix("id:") if ids else subject.name
    written = written_at(policy.name) if policy is not None else None
    place = written or subject.place or Place(access.project.config)
    return Problem(rule, message, place, role, functions, f"{about} of {subject.name}", codes=codes)


def problem_of(rule: str, access: ProjectAccess, subject: Subject, row: Row | str, message: str, about: str) -> Problem:
    """The problem of a row of a comparison, or of what could not be decided (then ``row`` is the reason)."""
    return problem(rule, access, subject, row.place.policy if isinstance(row, Row) else None, message, about)
