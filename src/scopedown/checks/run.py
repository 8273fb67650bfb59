"""All rules over a scan, and what of their problems remains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.checks.constructs import Constructs
from scopedown.checks.ignores import read
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.compare.access.limits import NO_LIMITS, Limits
from scopedown.compare.subject import subjects
from scopedown.scan import ProjectScan


@dataclass(frozen=True, slots=True)
class Found:
    """``problems`` remain; ``ignored`` are those that comments leave out."""

    problems: tuple[Problem, ...]
    ignored: tuple[Problem, ...] = ()


def problems(
    scan: ProjectScan, catalog: Catalog, overlay: Mapping[Path, str] | None = None, limits: Limits = NO_LIMITS
) -> list[Problem]:
    """Every problem of a project, by place and rule, whatever comments say; ``overlay`` are the texts that it was
    loaded with in the place of its files', ``limits`` those of its settings."""
    roles = tuple(subjects(scan, catalog, overlay, limits))
    found = [problem for role in roles for rule in rules() if rule.tells(role) for problem in rule.find(role)]
    found += [problem for rule in rules() for problem in rule.after(roles, found)]
    if scan.project.framework == "cdk":
        found = [*map(Constructs(scan.project).told, found)]
    return sorted(dict.fromkeys(found), key=lambda one: (one.place, one.rule, one.about))


def check(
    scan: ProjectScan,
    catalog: Catalog,
    chosen: frozenset[str] | None = None,
    overlay: Mapping[Path, str] | None = None,
    limits: Limits = NO_LIMITS,
) -> Found:
    """The problems of a project by the chosen rules (None: all), and those of them that its comments leave out."""
    every = [
        problem for problem in problems(scan, catalog, overlay, limits) if chosen is None or problem.rule in chosen
    ]
    comments = read(scan.project, (problem.place.file for problem in every), overlay)
    out = [problem for problem in every if comments.leaves_out(problem.rule, problem.place)]
    return Found(tuple(problem for problem in every if problem not in out), tuple(out))
