"""The problems of which ``scopedown denied --fix`` rids a project: one for each denial whose function is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scopedown.calls.model import Hint
from scopedown.catalog.model import Catalog
from scopedown.checks.model import Fix, Problem
from scopedown.checks.rule_parts import allowing
from scopedown.compare.subject import Subject, subjects
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.denied.explained import Explained
from scopedown.denied.whereabouts import Function
from scopedown.iam.decided import surely
from scopedown.permissions.model import Certainty, Origin, RequiredPermission, Resource
from scopedown.scan import ProjectScan

_RULE = "SD101"
"""The rule that a denial of a function's call is of: a missing permission."""


def problems(
    scan: ProjectScan, found: Sequence[Explained], catalog: Catalog, overlay: Mapping[Path, str] | None = None
) -> tuple[Problem, ...]:
    """What a project still denies of all that was denied; ``overlay`` are the texts that it was loaded with."""
    here = {subject.role.id: subject for subject in subjects(scan, catalog, overlay)}
    return tuple(dict.fromkeys(problem for one in found for problem in _problems(one, here)))


def mendable(one: Explained) -> bool:
    """Whether a statement in a role of the project is what a denial asks for."""
    return one.advice.mendable and one.advice.statement is not None and any(each.certain for each in one.functions)


def _problems(one: Explained, here: Mapping[str, Subject]) -> Iterator[Problem]:
    if not mendable(one):
        return
    denial, statement = one.advice.denial, one.advice.statement
    assert statement is not None
    for function in (each for each in one.functions if each.certain):
        subject = here.get(function.subject.role.id)
        if subject is None or _allowed(subject, function, denial.action, str(statement["Resource"])):
            continue
        place = function.function.function.place
        yield Problem(
            _RULE, f"{denial.action} was denied", place, subject.role.id, (function.function.function.key,),
            f"{denial.action} on {denial.resource}",
            fix=_fix(function, denial.action, str(statement["Resource"]), place),
        )  # fmt: skip


def _allowed(subject: Subject, function: Function, action: str, resource: str) -> bool:
    """Whether a role allows what was denied by now, by the names of the project or by those of AWS."""
    if function.needs:
        return all(any(surely(action, form, subject.grants) for form in need.forms) for need in function.needs)
    return surely(action, Text.of(resource), subject.grants)


def _fix(function: Function, action: str, resource: str, place: Place) -> Fix:
    """What to add: what the code needs by the project's own names, or else the resource as AWS prints it."""
    by_code = allowing(function.needs)
    if by_code is not None:
        return by_code
    said = Resource(Text.of(resource), Certainty.RESOLVED if resource != "*" else Certainty.UNKNOWN)
    return Fix(allow=(RequiredPermission(action, (said,), (Hint((action,), resource, place),), Origin.HINT),))
