"""Resolve the variables of a configuration as the framework does.

In: a configuration's tree (:mod:`scopedown.documents.document`) and the options. Out: the same tree with every
variable replaced, and the problems for which the framework would refuse to go on, each by the property that it
stands in. Where a value cannot be known its place is taken by a :class:`~scopedown.core.text.Text` that keeps what
is known around an ``Unknown`` with its reason, and the rest is resolved all the same.

Properties are resolved on demand: a property that asks for another waits for it, and one that is asked for while
it waits is part of a circle. Values may hold variables in their turn, ten levels deep. (osls 4.3.1, serverless 3:
``lib/configuration/variables/resolve.js``.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode, child, clone, value_place
from scopedown.documents.scalars import js_text
from scopedown.project.options import Options
from scopedown.project.serverless.evaluate import MAX_NEST, TooMuchError, evaluate, text_of, unknown_of
from scopedown.project.serverless.frameworks import V4, choose
from scopedown.project.serverless.legacy import without_inner_fallbacks
from scopedown.project.serverless.resolving import Answer, Outcome, Path, Problem, Resolution
from scopedown.project.serverless.sources import names_late
from scopedown.project.serverless.variables import Variable, VariableSyntaxError, parse

MAX_CHAIN: Final = 60
"""How many properties may wait for one another; a longer chain is reported, not followed."""
MAX_ANEW: Final = 3
"""How often, inside of one another, a property is asked for anew while it is being resolved."""
MAX_NODES: Final = 100_000
MAX_PATH: Final = 200
"""How deep a property may stand; values that hold themselves grow without an end."""


def resolve(tree: MapNode, files: Files, options: Options, strict: bool = False) -> Resolution:
    """Resolve every variable of ``tree`` (changed in place); ``strict``: no stage is assumed for ``${opt:stage}``."""
    resolver = Resolver(tree, files, options, strict=strict)
    resolver.is_v4 = choose(files.root, tree, options.framework).framework == V4
    resolver.run()
    return Resolution(
        tree, resolver.problems, tuple(resolver.legacy), tuple(resolver.told), resolver.is_v4, tuple(resolver.asked)
    )


@dataclass(slots=True)
class _Pending:
    value: str
    variables: tuple[Variable, ...]
    depth: int


@dataclass(slots=True)
class Resolver:
    """The state of one resolution; the sources ask it for other properties."""

    tree: MapNode
    files: Files
    options: Options
    problems: dict[Path, Problem] = field(default_factory=dict)
    legacy: list[Problem] = field(default_factory=list)
    told: list[Problem] = field(default_factory=list)
    """What programs leave unknown: the framework would know it, and refuses nothing."""
    dotenv: dict[str, str] | None = None
    programs: object | None = None
    late: set[Path] = field(default_factory=set)
    """Properties that needed what the framework learns only after its first pass (parameters, options, AWS)."""
    asked: dict[str, None] = field(default_factory=dict)
    """Variables that AWS is asked for, as ``ssm(region):/path``, in the order in which they were met."""
    nested: int = 0
    _pending: dict[Path, _Pending] = field(default_factory=dict)
    _active: dict[Path, int] = field(default_factory=dict)
    """Properties that are being resolved, with the batch in which they were asked for."""
    _batch: int = 0
    _batches: int = 0
    _anew: int = 0
    _needs: dict[Path, set[Path]] = field(default_factory=dict)
    _budget: int = MAX_NODES
    _written: dict[Path, str] = field(default_factory=dict)
    """Every text with variables, as it was found."""
    _from: dict[Path, Path] = field(default_factory=dict)
    """The property of the configuration as it is written whose value held a property, at whatever depth."""
    _first: frozenset[Path] = frozenset()
    """The properties with variables of the configuration as it is written."""

    is_v4: bool = False  # whether serverless 4 resolves the configuration
    strict: bool = False
    assumed_stage: str | None = None  # what ${opt:stage} is where nothing else gives it
    chosen_region: bool = False  # whether the deployment chooses provider.region

    def parse(self, text: str) -> tuple[Variable, ...] | None:
        """The variables of a text, as this framework sees them."""
        found = parse(text)
        if not self.is_v4:
            return found
        from scopedown.project.serverless.v4_sources import without_foreign

        return without_foreign(found)

    def run(self) -> None:
        """Resolve all that the framework would: everything but the parameters of other stages."""
        self._collect(self.tree, (), 0)
        self._first = frozenset(self._written)
        self._resolve_property(("provider", "stage"))
        stage = self.stage()
        given = self.tree.get("provider")
        if not self.strict and isinstance(given, dict) and given.get("stage", stage) == stage:
            self.assumed_stage = stage
        for path in list(self._pending):
            if not _of_other_stage(path, stage, self.is_v4):
                self._resolve_property(path)

    # What sources ask for

    def stage(self) -> str:
        """The effective stage, as far as it is known."""
        if self.options.stage is not None:
            return self.options.stage
        provider = self.tree.get("provider")
        stage = provider.get("stage") if isinstance(provider, dict) else None
        return js_text(stage) if isinstance(stage, str | int | float) and "${" not in str(stage) else "dev"

    def lookup(self, keys: list[str], asker: Path) -> Answer:
        """The value of another property, resolved."""
        node: Any = self.tree
        for index, key in enumerate(keys):
            if isinstance(node, Text):
                return Answer(unknown_of(node))
            path = tuple(keys[: index + 1])
            if path in self._pending and (circle := self._wait(path, asker)):
                return Answer(problem=circle)
            if path in self.late:
                self.late.add(asker)
            node = child(node, key)
            if path in self.problems:
                return Answer(clone(node, self.spend), problem=self.problems[path])
            if node is None:
                return Answer(reason=f"{'.'.join(keys)} is not set")
        if not isinstance(node, dict | list):
            return Answer(node, reason=f"{'.'.join(keys)} is not set")
        inside = tuple(keys)
        for path in list(self._pending):
            if path[: len(inside)] == inside and path in self._pending and (circle := self._wait(path, asker)):
                return Answer(problem=circle)
        if any(at[: len(inside)] == inside for at in self.late):
            self.late.add(asker)
        refused = next((item for at, item in self.problems.items() if self._refuses(at, inside, asker)), None)
        return Answer(self._taken(inside, node, self.problems), problem=refused)

    def _refuses(self, at: Path, inside: Path, asker: Path) -> bool:
        """Whether a refused property refuses who asks for a mapping around it.

        What turned up only in a value inside of that mapping is handed on as it was found to who asked before it
        did, and is refused where it then stands.
        """
        if at[: len(inside)] != inside:
            return False
        source = self._from.get(at, ())
        return asker not in self._first or at in self._first or inside[: len(source)] == source

    def parameter(self, path: Path, value: Any, asker: Path) -> Answer:
        """A parameter as ``${param:…}`` gives it.

        The framework takes parameters after its first pass: what was resolved there is taken so, the rest as it is
        written, and is then resolved for every property that asks (an escape counts once more there, and a circle
        shows in the property that asks).
        """
        if path in self._pending and path not in self._active:
            if circle := self._wait(path, asker):
                return Answer(problem=circle)
            value = self._at(path)
        if path in self.problems:
            return Answer(problem=self.problems[path])
        if not isinstance(value, dict | list):
            return Answer(self._written.get(path, value) if path in self.late else value)
        for inside in [at for at in self._pending if at[: len(path)] == path]:
            pending = self._pending.get(inside)
            if pending is None or inside in self._active or names_late(pending.variables):
                continue
            self._wait(inside, asker)
            problem = self.problems.get(inside)
            if problem is not None and problem.code == "variable-cycle":
                # Only because it is asked for so early: what it needs waits for this parameter. It has its own turn.
                del self.problems[inside]
                self._pending[inside] = pending
                self._store(inside, pending.value)
        return Answer(self._taken(path, value, {*self.late, *self.problems, *self._pending}))

    def _taken(self, path: Path, value: Any, unresolved: Iterable[Path]) -> Any:
        """A copy of a property's value, in which unresolved texts stand as they were found."""
        copy = clone(value, self.spend)
        done: list[Path] = []
        below = [at for at in unresolved if at[: len(path)] == path and at != path and at in self._written]
        for at in sorted(below, key=lambda at: (len(at), at)):
            if any(at[: len(other)] == other for other in done):
                continue
            node: Any = copy
            for key in at[len(path) : -1]:
                node = child(node, key)
            if isinstance(node, dict) and at[-1] in node:
                node[at[-1]] = self._written[at]
            elif isinstance(node, list) and at[-1].isdecimal() and int(at[-1]) < len(node):
                node[int(at[-1])] = self._written[at]
            done.append(at)
        return copy

    def _at(self, path: Path) -> Any:
        node: Any = self.tree
        for key in path:
            node = child(node, key)
        return node

    def text_of(self, text: str, asker: Path) -> Outcome:
        """A string that a source came across, with all its variables resolved."""
        return text_of(self, text, asker)

    def _wait(self, path: Path, asker: Path) -> Problem | None:
        """Resolve a property that ``asker`` depends on; a problem where that would go in circles."""
        if path in self._active:
            again = self._active[path] != self._batch and self._anew < MAX_ANEW
            if again and not self._needs_it(path, asker, set()):
                # The framework asks anew for every value that turned out to hold variables.
                self._needs.setdefault(asker, set()).add(path)
                self._anew += 1
                self._resolve_property(path, anew=True)
                self._anew -= 1
                return None
            one = ".".join(asker)
            return self.problem(
                "variable-cycle",
                asker,
                f"{one} refers to itself" if path == asker else f"{one} and {'.'.join(path)} refer to each other",
                "give one of them a value",
            )
        if len(self._active) >= MAX_CHAIN:
            return self.problem(
                "variable-too-deep", asker, f"a chain of variables is longer than {MAX_CHAIN}",
                "shorten the chain of variables",
            )  # fmt: skip
        self._needs.setdefault(asker, set()).add(path)
        self._resolve_property(path)
        if path in self.late:
            self.late.add(asker)
        return None

    def _needs_it(self, path: Path, asker: Path, seen: set[Path]) -> bool:
        """Whether a property has asked for ``asker`` so far, itself or through others."""
        if path == asker:
            return True
        seen.add(path)
        return any(item not in seen and self._needs_it(item, asker, seen) for item in self._needs.get(path, ()))

    # Properties

    def _collect(self, node: Any, path: Path, depth: int) -> None:
        """Register every string with variables under ``node``."""
        items: Iterable[tuple[Any, Any]]
        if len(path) > MAX_PATH:
            raise TooMuchError
        if isinstance(node, dict):
            items = node.items()
        elif isinstance(node, list):
            items = enumerate(node)
        else:
            return
        for key, value in list(items):
            if isinstance(value, str):
                if "${" in value:
                    self._register(value, (*path, str(key)), depth)
            elif isinstance(value, dict | list):
                self._collect(value, (*path, str(key)), depth)

    def _register(self, value: str, path: Path, depth: int) -> None:
        self._written[path] = value
        try:
            variables = self.parse(value)
        except VariableSyntaxError as error:
            problem = self.syntax(error, path)
            older = without_inner_fallbacks(value)
            if older is not None:
                value, variables = older
                self.legacy.append(self.problem(
                    "legacy-fallback", path, "this fallback is a separate ${}, the notation of framework v1 and v2",
                    "write ${opt:stage, self:custom.stage}",
                ))  # fmt: skip
            else:
                self.problems[path] = problem
                self._store(path, Text.unknown(problem.reason, problem.place))
                return
        if variables is not None:
            self._pending[path] = _Pending(value, variables, depth)

    def _resolve_property(self, path: Path, anew: bool = False) -> None:
        pending = self._pending.get(path)
        if pending is None or (path in self._active and not anew):
            return
        self._active[path] = self._batch
        try:
            value, problem, depth = evaluate(self, pending.value, pending.variables, path, pending.depth)
        except TooMuchError:
            problem, depth = self.problem(
                "variable-too-large", path, "repeated variables make the configuration too large",
                "remove the repeated references",
            ), pending.depth  # fmt: skip
            value = Text.unknown(problem.reason, problem.place)
        self._active.pop(path, None)
        self._pending.pop(path, None)
        if problem is not None:
            self.problems[path] = problem
        self._store(path, value)
        if isinstance(value, dict | list):
            self._inside(path, value, depth + 1)

    def _inside(self, path: Path, value: Any, depth: int) -> None:
        """Resolve what a property's value holds in its turn."""
        before, known = set(self._pending), set(self.problems)
        try:
            self._collect(value, path, depth)
        except TooMuchError:
            self.problems[path] = problem = self.too_deep(path)
            for item in [item for item in self._pending if item not in before]:
                del self._pending[item]
            self._store(path, Text.unknown(problem.reason, problem.place))
        found = [item for item in self._pending if item not in before]
        new = (*found, *(item for item in self.problems if item not in known))
        self._from |= dict.fromkeys(new, self._from.get(path, path))
        stage, batch = self.stage(), self._batch
        self._batches += 1
        self._batch = self._batches
        for item in found:
            if depth > MAX_NEST:
                self.problems[item] = deep = self.too_deep(item)
                del self._pending[item]
                self._store(item, Text.unknown(deep.reason, deep.place))
            elif not _of_other_stage(item, stage, self.is_v4):
                self._resolve_property(item)
        self._batch = batch
        if path in self.problems:
            # The property is refused as a whole: what is wrong inside of it is no news.
            for item in [item for item in self.problems if item not in known and item != path]:
                if item[: len(path)] == path:
                    del self.problems[item]

    def _store(self, path: Path, value: Any) -> None:
        container: Any = self.tree
        for key in path[:-1]:
            container = child(container, key)
        if isinstance(container, dict):
            container[path[-1]] = value
        elif isinstance(container, list):
            container[int(path[-1])] = value

    # Problems

    def problem(self, code: str, path: Path, reason: str, remedy: str, place: Place | None = None) -> Problem:
        return Problem(code, path, reason, remedy, place or self.place(path))

    def syntax(self, error: VariableSyntaxError, path: Path) -> Problem:
        return self.problem("variable-syntax", path, str(error), "write it as ${source:address, 'fallback'}")

    def too_deep(self, path: Path) -> Problem:
        return self.problem(
            "variable-too-deep", path, f"variables are nested more than {MAX_NEST} levels deep",
            "write the value as text",
        )  # fmt: skip

    def place(self, path: Path) -> Place | None:
        """Where a property's value stands, in whatever file it was written."""
        node: Any = self.tree
        place: Place | None = None
        for key in path:
            if not isinstance(node, dict | list):
                break
            known = value_place(node, int(key) if isinstance(node, list) and key.isdecimal() else key)
            place = known or place
            node = child(node, key)
        return place

    def spend(self) -> None:
        """Count one copied value."""
        self._budget -= 1
        if self._budget < 0:
            raise TooMuchError


def _of_other_stage(path: Path, stage: str, is_v4: bool) -> bool:
    """Whether a property is a parameter of a stage that is not deployed, which the framework leaves alone.

    v4 leaves alone all that ``stages`` says of such a stage.
    """
    if is_v4 and path[0] == "stages":
        return len(path) > 2 and path[1] not in ("default", stage)
    deep = 3 if path[0] == "params" else 4
    return path[0] in ("params", "stages") and len(path) >= deep and path[1] not in ("default", stage)
