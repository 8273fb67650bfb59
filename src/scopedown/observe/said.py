"""What logs show of an action, in a few words for other commands: ``used 12 times, last 2026-11-20``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from scopedown.catalog.model import Catalog
from scopedown.iam.wildcard import matching
from scopedown.observe.actions import observed
from scopedown.observe.join import Class, Row
from scopedown.observe.model import Used
from scopedown.observe.result import Observation
from scopedown.project.model import Project


class Uses:
    """The rows of projects' roles, asked by project, role and action.

    A folder may hold several projects (``serverless-a.yml``, ``serverless-b.yml``) whose roles have the same id, so a
    project is asked for by its folder and its configuration.
    """

    def __init__(self, observations: Sequence[Observation]) -> None:
        self._rows: dict[tuple[str, str, str], list[Row]] = {}
        for one in observations:
            project = one.scan.project
            for whose in one.whose:
                self._rows[project.root, project.config, whose.role] = list(whose.rows)

    def rows(self, project: Project, role: str) -> Sequence[Row]:
        """All rows of a role of a project."""
        return self._rows.get((project.root, project.config, role), ())

    def said(self, project: Project, role: str, action: str, resources: Iterable[str] = ()) -> str:
        """What the logs show of an action, or of a pattern of actions; of these resources alone, where some are given.

        Empty where the table of uses has no rows of the role.
        """
        wanted = frozenset(resources)
        fits = matching(action.lower())
        rows = [
            row for row in self.rows(project, role)
            if (fits(row.action.lower()) or row.action.lower() == action.lower())
            and (not wanted or row.resource in wanted)
        ]  # fmt: skip
        return in_words(rows)


def said_of_principal(used: Used, principal: str, catalog: Catalog) -> Callable[[str], str]:
    """What one principal did of a pattern of actions, in words: empty where the table shows nothing of it."""
    own = [use for use in observed(used, catalog)[0] if use.principal == principal]

    def said(pattern: str) -> str:
        fits = matching(pattern.lower())
        found = [use for use in own if use.count and fits(use.action.lower())]
        count = sum(use.count for use in found)
        return f"used {_times(count)}, last {max(use.last for use in found)[:10]}" if found else ""

    return said


def in_words(rows: Sequence[Row]) -> str:
    """What rows show: how often and when for the last time; or that they show nothing, or cannot."""
    count, denied = sum(row.count for row in rows), sum(row.denied for row in rows)
    words = []
    if count:
        words.append(f"used {_times(count)}, last {max(row.last for row in rows)[:10]}")
    elif any(row.kind in (Class.IDLE, Class.REMOVABLE) for row in rows):
        words.append("not used")
    elif rows and not denied:
        words.append("a use cannot be seen")
    if denied:
        words.append(f"denied {_times(denied)}")
    return ", ".join(words)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
