"""What the steps of a resolution say to each other: what a variable asks, what a source answers, what came of a text.

:class:`Resolving` is the resolution as sources and evaluation see it; :mod:`~.resolve` is the one that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode
from scopedown.documents.scalars import js_text
from scopedown.project.options import Options
from scopedown.project.serverless.variables import Variable, VariableSyntaxError

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


REMEDY: Final = "give the variable a fallback, or correct it"


@dataclass(frozen=True, slots=True)
class Request:
    """What a variable asks: ``${kind(params):address}``, for the property ``asker``."""

    kind: str
    params: tuple[Any, ...] | None
    address: Any
    asker: tuple[str, ...]

    def __str__(self) -> str:
        params = "" if self.params is None else f"({', '.join(js_text(item) for item in self.params)})"
        return f"{self.kind}{params}" + ("" if self.address is None else f":{js_text(self.address)}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or why there is none. With a ``code`` the variable fails; without, its next source is tried.

    ``problem`` is that of a property which was asked for.
    """

    value: Any = None
    reason: str = ""
    remedy: str = REMEDY
    code: str = ""
    problem: Problem | None = None
    place: Place | None = None
    varies: bool = False
    """Whether it is the value of one deployment alone, of which only the kind counts for all of them."""


class Outcome(NamedTuple):
    """A value, and why it is not all known."""

    value: Any
    problem: Problem | None = None
    depth: int = 0
    """How often a value was read for variables again."""


class Resolving(Protocol):
    """The state of one resolution."""

    tree: MapNode
    files: Files
    options: Options
    legacy: list[Problem]
    told: list[Problem]
    dotenv: dict[str, str] | None
    programs: object | None
    late: set[Path]
    asked: dict[str, None]
    nested: int
    is_v4: bool
    assumed_stage: str | None
    chosen_region: bool

    def parse(self, text: str) -> tuple[Variable, ...] | None:
        """The variables of a text, as this framework sees them."""

    def stage(self) -> str:
        """The effective stage, as far as it is known."""

    def lookup(self, keys: list[str], asker: Path) -> Answer:
        """The value of another property, resolved."""

    def parameter(self, path: Path, value: Any, asker: Path) -> Answer:
        """A parameter as ``${param:…}`` gives it."""

    def text_of(self, text: str, asker: Path) -> Outcome:
        """A string that a source came across, with all its variables resolved."""

    def problem(self, code: str, path: Path, reason: str, remedy: str, place: Place | None = None) -> Problem:
        """A problem of a property."""

    def syntax(self, error: VariableSyntaxError, path: Path) -> Problem:
        """Variables that are not written as variables are."""

    def too_deep(self, path: Path) -> Problem:
        """Values that hold variables again and again."""

    def place(self, path: Path) -> Place | None:
        """Where a property's value stands, in whatever file it was written."""

    def spend(self) -> None:
        """Count one copied value."""
