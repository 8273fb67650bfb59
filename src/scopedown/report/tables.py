"""The tables to choose from: of projects, and of a project's functions, the worst first.

The script of the page makes their headings buttons that sort; what a cell sorts by, where it is not its number or its
text, is its ``data-sort``.

The counts by which projects and functions are ordered are those of the whole page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scopedown.report.markup import Html, el, table
from scopedown.report.model import FunctionPart, Objection, Page, ProjectPart

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


_PROJECTS = ("Project", "Functions", "Errors", "Warnings", "Notes", "Wildcard grants")
_FUNCTIONS = ("Function", "Errors", "Warnings", "Notes", "Wildcard grants", "Unresolved", "Code read")
_READ = {"whole": (0, "all"), "partly": (1, "partly"), "not at all": (2, "not read")}


def name_of(one: ProjectPart) -> str:
    """A project in a list of them: its file, and its title where that says more."""
    where = dict(one.facts).get("project", "")
    return where if one.title in (where, where.rpartition("/")[0]) else f"{where} ({one.title})"


def list_of_projects(report: Page) -> Html:
    """All projects of the page."""
    rows = [_project(one, f"p{number}") for number, one in enumerate(report.projects)]
    return table(_PROJECTS, rows, "projects sorts", "Errors")


def list_of_functions(one: ProjectPart, id: str) -> Html:
    """The functions of a project."""
    rows = [_function(one, one.functions[number], f"{id}f{number}") for number in worst_functions(one)]
    return table(_FUNCTIONS, rows, "list sorts", "Errors")


def _project(one: ProjectPart, id: str) -> Html:
    counts = [severities(one.problems, severity) for severity in SEVERITIES]
    return _row(id, name_of(one), [_number(len(one.functions)), *map(_number, counts), _wide(*wildcards(one))])


def _function(project: ProjectPart, one: FunctionPart, id: str) -> Html:
    own = [project.problems[number] for number in one.objections]
    wide = one.comparison
    at, read = _READ.get(one.coverage, (3, one.coverage))
    return _row(id, one.key, [
        *(_number(severities(own, severity)) for severity in SEVERITIES),
        _wide(wide.wide_before, wide.wide_after),
        _number(unresolved(one)),
        el("td", {"class": "number", "data-sort": at}, read),
    ])  # fmt: skip


def _row(id: str, name: str, cells: Sequence[Html] | Iterable[Html]) -> Html:
    return el("tr", {}, el("th", {"scope": "row"}, el("a", {"href": f"#{id}"}, name)), cells)


def _number(number: int) -> Html:
    return el("td", {"class": "number" if number else "number none"}, str(number))


def _wide(before: int, after: int) -> Html:
    if not before and not after:
        return _number(0)
    return el("td", {"class": "number", "data-sort": f"{before}.{after:06}"}, f"{before} → {after}")
