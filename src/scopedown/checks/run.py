"""All rules over a scan, and what of their problems remains."""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.catalog.model import Catalog
from scopedown.checks.model import Problem
from scopedown.checks.rules import rules
from scopedown.checks.subject import subjects
from scopedown.scan import ProjectScan


def problems(scan: ProjectScan, catalog: Catalog) -> list[Problem]:
    """Every problem of a project, by place and rule."""
    found: Iterable[Problem] = (
        one for subject in subjects(scan, catalog) for rule in rules() for one in rule.find(subject)
    )
    return sorted(dict.fromkeys(found), key=lambda one: (one.place, one.rule, one.about))
