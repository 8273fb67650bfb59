"""All rules over a scan, and what of their problems remains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.checks.access import ProjectAccess
from scopedown.checks.constructs import Constructs
from scopedown.checks.ignores import read
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.compare.access.limits import NO_LIMITS, Limits
from scopedown.compare.subject import subjects
from scopedown.observe.said import Uses
from scopedown.project.model import Project
from scopedown.scan import ProjectScan


@dataclass(frozen=True, slots=True)
class Found:
    """``problems`` remain; ``ignored`` are those that comments leave out."""

    problems: tuple[Problem, ...]
    ignored: tuple[Problem, ...] = ()


def problems(
    scan: ProjectScan,
    catalog: Catalog,
    overlay: Mapping[Path, str] | None = None,
    limits: Limits = NO_LIMITS,
    uses: Uses | None = None,
) -> list[Problem]:
    """Every problem of a project, by place and rule, whatever comments say; ``overlay`` are the texts that it was
    loaded with in the place of its files', ``limits`` those of its settings, ``uses`` what logs show of its roles."""
    roles = tuple(subjects(scan, catalog, overlay, limits))
    found = [problem for role in roles for rule in rules() if rule.tells(role) for problem in rule.find(role)]
    access = ProjectAccess(scan.project, catalog, limits)
    found += [problem for rule in rules() for problem in rule.of_project(access)]
    found += [problem for rule in rules() for problem in rule.after(roles, found)]
    if uses is not None:
        found = [_with_use(problem, uses, scan.project) for problem in found]
        found += [
            problem
            for role in roles
            for rule in rules()
            for problem in rule.of_uses(role, uses.rows(scan.project, role.role.id))
        ]
    if scan.project.framework == "cdk":
        found = [*map(Constructs(scan.project).told, found)]
    return sorted(dict.fromkeys(found), key=lambda one: (one.place, one.rule, one.about))


def check(
    scan: ProjectScan,
    catalog: Catalog,
    chosen: frozenset[str] | None = None,
    overlay: Mapping[Path, str] | None = None,
    limits: Limits = NO_LIMITS,
    uses: Uses | None = None,
) -> Found:
    """The problems of a project by the chosen rules (None: all), and those of them that its comments leave out."""
    every = [
        problem
        for problem in problems(scan, catalog, overlay, limits, uses)
        if chosen is None or problem.rule in chosen
    ]
    comments = read(scan.project, (problem.place.file for problem in every), overlay)
    out = [comments.leaves_out(problem.rule, problem.place) for problem in every]
    return Found(
        tuple(problem for problem, is_out in zip(every, out, strict=True) if not is_out),
        tuple(problem for problem, is_out in zip(every, out, strict=True) if is_out),
    )


def _with_use(problem: Problem, uses: Uses, project: Project) -> Problem:
    """A problem about actions, with what the logs show of them."""
    actions = [word for word in problem.about.partition(" on ")[0].split() if ":" in word]
    words = {action: uses.said(project, problem.role, action) for action in actions}
    known = [action for action in actions if words[action]]
    if not known:
        return problem
    said = words[known[0]] if len(actions) == 1 else "; ".join(f"{action}: {words[action]}" for action in known)
    return replace(problem, message=f"{problem.message} (by the logs: {said})")
