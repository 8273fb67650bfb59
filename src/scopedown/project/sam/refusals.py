"""What the translator refuses, told once for each of its messages, and the rest of the template translated without it.

The smallest thing that a message is about is left out: an event, a connector, a property, a resource, ``Globals``.
Where a message names nothing, the resource without which the translator says something else is the one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode, clone, place_of
from scopedown.project.findings import reported

if TYPE_CHECKING:
    from scopedown.project.sam.engine import Problem, Translated

_ROUNDS: Final = 40
"""How often the rest is translated again: once for each refusal that hid another."""
_TRIED: Final = 100
"""How many things are left out on trial, at most, to find the one that a message is about."""
_SECONDS: Final = 20.0
"""How long the rest is translated again and again. A translation of the largest template takes a few seconds."""
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*")

_PREFIX: Final = re.compile(r"^(?:(?:Resource|Event) with id \[[^\]]*\] is invalid\. )+")

Path = tuple[str, ...]
Translate = Callable[[MapNode], "Translated"]


def translated(tree: MapNode, translate: Translate) -> tuple[MapNode, Translated, list[Finding]]:
    """Translate until nothing is refused: what was left of the tree, what it became, and what is to be told.

    Raises ScopedownError where a message is about nothing that can be left out.
    """
    rest = _Rest(tree, translate)
    problems: tuple[Problem, ...] = ()
    for _ in range(_ROUNDS):
        made = translate(rest.tree)
        if made.tree is not None:
            return rest.tree, made, rest.findings
        problems = made.problems
        for problem in problems:
            rest.leave_out(problem)
        if time.monotonic() > rest.until:
            break
    raise rest.hopeless(problems)


@dataclass(slots=True)
class _Rest:
    """The user's tree, without what was refused."""

    tree: MapNode
    translate: Translate
    findings: list[Finding] = field(default_factory=list)
    until: float = field(default_factory=lambda: time.monotonic() + _SECONDS)
    _out: set[Path] = field(default_factory=set)
    _tried: int = 0

    def leave_out(self, problem: Problem) -> None:
        """Tell a problem, and leave out the smallest thing that it is about."""
        path = self._named(problem)
        if path is None and any(self._names(problem, out) for out in self._out):
            return  # one more message about something that is out already
        path = path or self._searched(problem)
        if path is None:
            raise self.hopeless((problem,))
        words = _WORDS.findall(_PREFIX.sub("", problem.message))
        if not any((*path, "Properties", word) in self._out for word in words):
            path = self._property(path, words)
            self._tell(path, problem)
        self.tree = _without(self.tree, path)  # a resource that misses what was left out of it is told already
        self._out.add(path)

    def _tell(self, path: Path, problem: Problem) -> None:
        what = (f"{path[-1]} of {path[1]}" if len(path) > 2 else path[-1]) or "''"
        message = _PREFIX.sub("", problem.message).replace("'PlacedText'", "'str'")
        message = f"its translator fails on it ({message})" if problem.crashed else message
        self.findings.append(reported("sam-refused", self._place(path, problem), what=what, message=message))

    def _property(self, path: Path, words: list[str]) -> Path:
        """The property of a resource that a message names, or else the path itself."""
        if len(path) != 2 or path[0] != "Resources":
            return path
        properties = _child(self.tree["Resources"][path[1]], "Properties")
        for word in words:
            name = word.partition(".")[0]
            if properties is not None and name in properties:
                return (*path, "Properties", name)
        return path

    def hopeless(self, problems: tuple[Problem, ...]) -> ScopedownError:
        """The end: the template is refused, and nothing in it can be left out."""
        message = "; ".join(problem.message for problem in problems[:3]) or "SAM gave no reason"
        return ScopedownError(
            f"SAM rejects this template: {message}", self.tree.place, "correct the template; sam validate shows details"
        )

    def _named(self, problem: Problem) -> Path | None:
        """What a message names, where that is still in the tree."""
        for path in self._events():
            if self._names(problem, path):
                return path
        resources = self.tree["Resources"]
        if problem.resource in resources:
            return ("Resources", str(problem.resource))
        for path in self._connectors():
            if self._names(problem, path):
                return path
        if "'Globals'" in problem.message and "Globals" in self.tree:
            return ("Globals",)
        within = problem.within
        return ("Resources", within) if within is not None and within in resources else None

    def _names(self, problem: Problem, path: Path) -> bool:
        """Whether a problem is about what stands at a path; generated ids join the resource's and the part's."""
        if path[0] == "Globals":
            return "'Globals'" in problem.message
        if "Properties" in path and "Events" not in path:
            return False  # a property: messages name its resource
        resource, part = path[1], path[-1] if len(path) > 2 else ""
        if problem.event is not None and part:
            return problem.event in (part, resource + part) and problem.within in (None, resource)
        return problem.resource == resource + part

    def _searched(self, problem: Problem) -> Path | None:
        """The thing without which the translator says something else: an event, or else a resource."""
        candidates: Iterator[Path] = iter(
            [*self._events(), *(("Resources", id) for id in self.tree["Resources"]), ("Globals",)]
        )
        for path in candidates:
            if self._tried >= _TRIED or time.monotonic() > self.until:
                return None
            self._tried += 1
            made = self.translate(_without(self.tree, path))
            if all(one.message != problem.message for one in made.problems):
                return path
        return None

    def _events(self) -> Iterator[Path]:
        for id, resource in self.tree["Resources"].items():
            events = _child(_child(resource, "Properties"), "Events")
            for name in events if events is not None else ():
                yield ("Resources", id, "Properties", "Events", name)

    def _connectors(self) -> Iterator[Path]:
        for id, resource in self.tree["Resources"].items():
            connectors = _child(resource, "Connectors")
            for name in connectors if connectors is not None else ():
                yield ("Resources", id, "Connectors", name)

    def _place(self, path: Path, problem: Problem) -> Place | None:
        """The property that the message names, or the thing itself."""
        holder: Any = self.tree
        place: Place | None = None
        for name in path:
            place = place_of(holder, name) or place
            holder = holder.get(name) if isinstance(holder, MapNode) else None
        properties = _child(holder, "Properties")
        for word in _WORDS.findall(_PREFIX.sub("", problem.message)):
            node: Any = properties
            found = None
            for name in word.split("."):
                found = place_of(node, name) or found
                node = _child(node, name)
            if found is not None:
                return found
        return place


def _child(node: Any, name: str) -> MapNode | None:
    value = node.get(name) if isinstance(node, MapNode) else None
    return value if isinstance(value, MapNode) else None


def _without(tree: MapNode, path: Path) -> MapNode:
    """A copy of a tree without what stands at a path."""
    copy: MapNode = clone(tree)
    holder: Any = copy
    for name in path[:-1]:
        holder = holder[name]
    holder.pop(path[-1], None)
    return copy
