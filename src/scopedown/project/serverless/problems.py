"""What went wrong while variables were resolved, by the property in which it did."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode

Path = tuple[str, ...]
"""A property's place in the configuration: its keys, list positions as digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A variable that the framework refuses; properties that depend on it share the one object."""

    code: str
    property: Path
    reason: str
    remedy: str
    place: Place | None
    severity: Severity = Severity.WARNING

    def finding(self) -> Finding:
        """What the user is told."""
        return Finding(self.code, f"{'.'.join(self.property)}: {self.reason}", self.place, self.remedy, self.severity)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolved configuration.

    ``refused`` holds, by property, what the framework would refuse; ``legacy`` what only v1 and v2 accept and was
    given their default; ``told`` what stays unknown here though the framework would know it.
    """

    tree: MapNode
    refused: dict[Path, Problem]
    legacy: tuple[Problem, ...]
    told: tuple[Problem, ...] = ()
    is_v4: bool = False
    """Whether serverless 4 resolved it."""
    asked: tuple[str, ...] = ()
    """The variables that AWS is asked for, each as ``kind(parameters):address``."""

    def findings(self) -> tuple[Finding, ...]:
        """One finding a problem, however many properties share it, in the order of their places."""
        unique = {id(problem): problem for problem in (*self.refused.values(), *self.legacy, *self.told)}
        return tuple(
            problem.finding()
            for problem in sorted(unique.values(), key=lambda item: (item.place or Place(""), item.property))
        )
