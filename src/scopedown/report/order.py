"""The worst first: the counts by which projects and functions are ordered on the page."""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.report.model import FunctionPart, Objection, ProjectPart

SEVERITIES = ("error", "warning", "note")


def severities(problems: Iterable[Objection], severity: str) -> int:
    """How many problems are of a severity."""
    return sum(problem.severity == severity for problem in problems)


def by_severity(problems: Iterable[Objection]) -> list[Objection]:
    """Problems, errors first."""
    return sorted(problems, key=lambda one: SEVERITIES.index(one.severity))


def unresolved(one: FunctionPart) -> int:
    """How many names and calls of a function are not resolved."""
    return len(one.unresolved) + len(one.possible)


def worst_functions(project: ProjectPart) -> list[int]:
    """The numbers of a project's functions, by errors, warnings, wildcard grants and what is not resolved."""

    def badness(number: int) -> tuple[int, ...]:
        one = project.functions[number]
        own = [project.problems[each] for each in one.objections]
        wide = one.comparison
        return (
            -severities(own, "error"),
            -severities(own, "warning"),
            -wide.wide_before,
            -wide.wide_after,
            -unresolved(one),
            -len(one.not_seen),
        )

    return sorted(range(len(project.functions)), key=badness)


def worst_projects(projects: Iterable[ProjectPart]) -> list[ProjectPart]:
    """Projects by errors, warnings, wildcard grants and notes."""

    def badness(one: ProjectPart) -> tuple[int, ...]:
        before, after = wildcards(one)
        errors, warnings, notes = (severities(one.problems, severity) for severity in SEVERITIES)
        return (-errors, -warnings, -before, -after, -notes)

    return sorted(projects, key=badness)


def wildcards(one: ProjectPart) -> tuple[int, int]:
    """The wildcard grants of a project's functions, today and with the policies of the page."""
    found = [each.comparison for each in one.functions]
    return sum(each.wide_before for each in found), sum(each.wide_after for each in found)
