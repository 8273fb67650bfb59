"""Resolve the variables of a configuration as the framework does.

In: a configuration's tree (:mod:`scopedown.project.document`) and the options. Out: the same tree with every
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
from typing import Any, Final, NamedTuple

from scopedown.core.place import Place
from scopedown.core.text import Text, Unknown
from scopedown.project.document import Files
from scopedown.project.nodes import MapNode, child, clone, value_place
from scopedown.project.options import Options
from scopedown.project.scalars import js_text
from scopedown.project.serverless.legacy import LEGACY_DEFAULTS, without_inner_fallbacks
from scopedown.project.serverless.problems import Path, Problem, Resolution
from scopedown.project.serverless.sources import SOURCES, Answer, Request
from scopedown.project.serverless.variables import Fragment, Variable, VariableSyntaxError, parse

MAX_NEST: Final = 10
"""How often a value may again hold variables (the framework's own limit)."""
MAX_CHAIN: Final = 80
"""How many properties may wait for one another; a longer chain is reported, not followed."""
MAX_NESTED: Final = 120
"""How many texts may be read inside of one another: an address may resolve to text that holds its own variable."""
MAX_NODES: Final = 100_000
MAX_PATH: Final = 200
"""How deep a property may stand; values that hold themselves grow without an end."""
MAX_TEXT: Final = 1_000_000
MAX_PARTS: Final = 1000
"""How many known and unknown parts a text may have (a hundred characters count as one)."""


def resolve(tree: MapNode, files: Files, options: Options) -> Resolution:
    """Resolve every variable of ``tree`` (which is changed in place)."""
    resolver = Resolver(tree, files, options)
    resolver.run()
    return Resolution(tree, resolver.problems, tuple(resolver.legacy))


class _Outcome(NamedTuple):
    value: Any
    problem: Problem | None = None


class _TooMuch(Exception):
    """Variables that multiply the configuration beyond any use."""


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
    dotenv: dict[str, str] | None = None
    _pending: dict[Path, _Pending] = field(default_factory=dict)
    _active: dict[Path, None] = field(default_factory=dict)
    _budget: int = MAX_NODES
    _nested: int = 0

    def run(self) -> None:
        """Resolve all that the framework would: everything but the parameters of other stages."""
        self._collect(self.tree, (), 0)
        self._resolve_property(("provider", "stage"))
        stage = self.stage()
        for path in list(self._pending):
            if not _of_other_stage(path, stage):
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
                return Answer(_unknown_of(node))
            path = tuple(keys[: index + 1])
            if path in self._pending and (circle := self._wait(path, asker)):
                return Answer(problem=circle)
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
        return Answer(clone(node, self.spend), problem=self.problem_at(inside))

    def problem_at(self, path: Path) -> Problem | None:
        """What was refused at a property, or inside of its value, so far."""
        return next((item for at, item in self.problems.items() if at[: len(path)] == path), None)

    def text_of(self, text: str, asker: Path) -> _Outcome:
        """A string that a source came across, with all its variables resolved (those of a mapping it becomes, too)."""
        value, problem = self._again(text, asker, 0)
        if problem is None and isinstance(value, dict | list):
            problem = self._settle(value, asker, 0)
        return _Outcome(value, problem)

    def _settle(self, node: Any, path: Path, depth: int) -> Problem | None:
        """Resolve every variable inside a value that belongs to no property yet; the first problem ends it."""
        if depth > MAX_NEST:
            return self._too_deep(path)
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            problem = None
            if isinstance(value, str) and "${" in value:
                node[key], problem = self._again(value, path, depth)
                if problem is None and isinstance(node[key], dict | list):
                    problem = self._settle(node[key], path, depth + 1)
            elif isinstance(value, dict | list):
                problem = self._settle(value, path, depth)
            if problem is not None:
                return problem
        return None

    def _wait(self, path: Path, asker: Path) -> Problem | None:
        """Resolve a property that ``asker`` depends on; a problem where that would go in circles."""
        if path in self._active:
            one = ".".join(asker)
            return self._problem(
                "variable-cycle",
                asker,
                f"{one} refers to itself" if path == asker else f"{one} and {'.'.join(path)} refer to each other",
                "give one of them a value of its own",
            )
        if len(self._active) >= MAX_CHAIN:
            return self._problem(
                "variable-too-deep", asker, f"more than {MAX_CHAIN} variables wait for one another",
                "shorten the chain of variables",
            )  # fmt: skip
        self._resolve_property(path)
        return None

    # Properties

    def _collect(self, node: Any, path: Path, depth: int) -> None:
        """Register every string with variables under ``node``."""
        items: Iterable[tuple[Any, Any]]
        if len(path) > MAX_PATH:
            raise _TooMuch
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
        try:
            variables = parse(value)
        except VariableSyntaxError as error:
            problem = self._syntax(error, path)
            older = without_inner_fallbacks(value)
            if older is not None:
                value, variables = older
                self.legacy.append(self._problem(
                    "legacy-fallback", path, "a fallback stands in ${} of its own, as v1 and v2 wrote it",
                    "write ${opt:stage, self:custom.stage}",
                ))  # fmt: skip
            else:
                self.problems[path] = problem
                self._store(path, Text.unknown(problem.reason, problem.place))
                return
        if variables is not None:
            self._pending[path] = _Pending(value, variables, depth)

    def _resolve_property(self, path: Path) -> None:
        pending = self._pending.get(path)
        if pending is None or path in self._active:
            return
        self._active[path] = None
        try:
            value, problem = self._evaluate(pending.value, pending.variables, path, pending.depth)
        except _TooMuch:
            problem = self._problem(
                "variable-too-large", path, "variables multiply the configuration beyond any use",
                "remove the repeated references",
            )  # fmt: skip
            value = Text.unknown(problem.reason, problem.place)
        del self._active[path], self._pending[path]
        if problem is not None:
            self.problems[path] = problem
        self._store(path, value)
        if isinstance(value, dict | list):
            before = set(self._pending)
            try:
                self._collect(value, path, pending.depth + 1)
            except _TooMuch:
                self.problems[path] = problem = self._too_deep(path)
                for item in [item for item in self._pending if item not in before]:
                    del self._pending[item]
                self._store(path, Text.unknown(problem.reason, problem.place))
            new = [item for item in self._pending if item not in before]
            stage = self.stage()
            for item in new:
                if pending.depth + 1 > MAX_NEST:
                    self.problems[item] = deep = self._too_deep(item)
                    del self._pending[item]
                    self._store(item, Text.unknown(deep.reason, deep.place))
                elif not _of_other_stage(item, stage):
                    self._resolve_property(item)
            if problem is not None and path in self.problems:
                # The property is refused as a whole: what is wrong inside of it is no news.
                for item in new:
                    self.problems.pop(item, None)

    def _store(self, path: Path, value: Any) -> None:
        container: Any = self.tree
        for key in path[:-1]:
            container = child(container, key)
        if isinstance(container, dict):
            container[path[-1]] = value
        elif isinstance(container, list):
            container[int(path[-1])] = value

    # Strings and variables

    def _evaluate(self, text: str, variables: tuple[Variable, ...], path: Path, depth: int) -> _Outcome:
        """A string's value: of any type where one variable is the whole string, else text."""
        if self._nested >= MAX_NESTED:
            problem = self._too_deep(path)
            return _Outcome(Text.unknown(problem.reason, problem.place), problem)
        self._nested += 1
        try:
            return self._value(text, variables, path, depth)
        finally:
            self._nested -= 1

    def _value(self, text: str, variables: tuple[Variable, ...], path: Path, depth: int) -> _Outcome:
        if variables[0].whole:
            if not variables[0].sources:
                return _Outcome(variables[0].literal)
            value, problem = self._variable(variables[0], path)
            if problem is None and isinstance(value, str):
                return self._again(value, path, depth)
            return _Outcome(value, problem)
        parts: list[str | Text] = []
        problem = None
        last = 0
        for variable in variables:
            parts.append(text[last : variable.start])
            last = variable.end
            if not variable.sources:
                parts.append(variable.literal or "")
                continue
            value, trouble = self._variable(variable, path)
            if trouble is None and (value is None or isinstance(value, dict)):
                trouble = self._problem(
                    "variable-not-text", path,
                    f"the variable {text[variable.start : variable.end]} inside of a text is "
                    f"{'null' if value is None else 'a mapping'}, not text",
                    "use the variable alone, or name one of its values",
                )  # fmt: skip
            problem = problem or trouble
            if isinstance(value, Text):
                parts.append(value)
            elif trouble is not None:
                parts.append(Text.unknown(trouble.reason, trouble.place))
            else:
                parts.append(js_text(value))
        parts.append(text[last:])
        # Each part is read for variables by itself: what joining makes look like one is none.
        if all(isinstance(part, str) for part in parts):
            strings = [part for part in parts if isinstance(part, str)]
            if sum(map(len, strings)) > MAX_TEXT:
                raise _TooMuch
            try:
                return self._once_more(strings, problem, path, depth)
            except VariableSyntaxError as error:
                syntax = self._syntax(error, path)
                return _Outcome(Text.unknown(syntax.reason, syntax.place), problem or syntax)
        for index, part in enumerate(parts):
            if isinstance(part, str) and "${" in part:
                value, trouble = self._again(part, path, depth, inside=True)
                problem = problem or trouble
                parts[index] = value if isinstance(value, Text) else js_text(value)
        if sum(len(part.parts) if isinstance(part, Text) else len(part) // 100 for part in parts) > MAX_PARTS:
            raise _TooMuch
        return _Outcome(Text.of(*parts), problem)

    def _once_more(self, parts: list[str], problem: Problem | None, path: Path, depth: int) -> _Outcome:
        """Text whose parts may hold variables in their turn: all of these are replaced at once, and so on."""
        joined = "".join(parts)
        found: list[Variable] = []
        base = 0
        for part in parts:
            inside = parse(part) if "${" in part else None
            found += [Variable(base + it.start, base + it.end, it.sources, it.literal) for it in inside or ()]
            base += len(part)
        if not found:
            return _Outcome(joined, problem)
        if depth >= MAX_NEST:
            problem = problem or self._too_deep(path)
            return _Outcome(Text.unknown(problem.reason, problem.place), problem)
        value, trouble = self._evaluate(joined, tuple(found), path, depth + 1)
        return _Outcome(value, problem or trouble)

    def _again(self, text: str, path: Path, depth: int, inside: bool = False) -> _Outcome:
        """A resolved string, read for variables once more."""
        try:
            variables = parse(text)
        except VariableSyntaxError as error:
            problem = self._syntax(error, path)
            return _Outcome(Text.unknown(problem.reason, problem.place), problem)
        if variables is None:
            return _Outcome(text)
        if depth >= MAX_NEST:
            problem = self._too_deep(path)
            return _Outcome(Text.unknown(problem.reason, problem.place), problem)
        if inside and variables[0].whole:
            first = variables[0]
            variables = (Variable(first.start, first.end, first.sources, first.literal),)
        return self._evaluate(text, variables, path, depth + 1)

    def _variable(self, variable: Variable, path: Path) -> _Outcome:
        """A variable's value: that of the first source which has one."""
        answer = Answer()
        for source in variable.sources:
            if source.type is None:
                return _Outcome(source.literal)
            answer = self._source(source.type, source.params, source.address, path)
            if answer.problem is not None:
                unknown = Text.unknown(answer.problem.reason, answer.problem.place)
                value = answer.value if isinstance(answer.value, Text | dict | list) else unknown
                return _Outcome(value, answer.problem)
            if answer.code:
                break
            if answer.value is not None:
                return _Outcome(answer.value)
        for source in variable.sources:
            address = source.address.value if source.address else None
            if not answer.code and source.type == "self" and address in LEGACY_DEFAULTS:
                default = LEGACY_DEFAULTS[address]
                self.legacy.append(self._problem(
                    "legacy-default", path, f"{address} is not set; {default!r} is taken, as v1 and v2 did",
                    f"set {address}",
                ))  # fmt: skip
                return _Outcome(default)
        problem = self._problem(answer.code or "variable-not-found", path, answer.reason, answer.remedy, answer.place)
        return _Outcome(Text.unknown(problem.reason, problem.place), problem)

    def _source(self, kind: str, params: tuple[Fragment, ...] | None, address: Fragment | None, path: Path) -> Answer:
        values: list[Any] = []
        for fragment in (*(params or ()), *([address] if address else ())):
            if not fragment.variables:
                values.append(fragment.value)
                continue
            value, problem = self._evaluate(fragment.value, fragment.variables, path, 0)
            if problem is not None:
                return Answer(problem=problem)
            if isinstance(value, Text):
                return Answer(_unknown_of(value))
            values.append(value)
        where = values.pop() if address else None
        request = Request(kind, None if params is None else tuple(values), where, path)
        return SOURCES.get(kind, SOURCES[""])(self, request)

    # Problems

    def _problem(self, code: str, path: Path, reason: str, remedy: str, place: Place | None = None) -> Problem:
        return Problem(code, path, reason, remedy, place or self.place(path))

    def _syntax(self, error: VariableSyntaxError, path: Path) -> Problem:
        return self._problem("variable-syntax", path, str(error), "write it as ${source:address, 'fallback'}")

    def _too_deep(self, path: Path) -> Problem:
        return self._problem(
            "variable-too-deep", path, f"values hold variables more than {MAX_NEST} levels deep",
            "give the value directly",
        )  # fmt: skip

    def place(self, path: Path) -> Place | None:
        """Where a property's value stands, in whatever file it was written."""
        node: Any = self.tree
        place: Place | None = None
        for key in path:
            if not isinstance(node, dict | list):
                break
            known = value_place(node, int(key) if isinstance(node, list) and key.isdigit() else key)
            place = known or place
            node = child(node, key)
        return place

    def spend(self) -> None:
        """Count one copied value."""
        self._budget -= 1
        if self._budget < 0:
            raise _TooMuch


def _unknown_of(text: Text) -> Text:
    """The unknown that makes a text unusable as an address or a container."""
    for part in text.parts:
        if isinstance(part, Unknown):
            return Text((part,))
    return Text.unknown(f"it depends on {text}, which is known at deployment only")


def _of_other_stage(path: Path, stage: str) -> bool:
    """Whether a property is a parameter of a stage that is not deployed, which the framework leaves alone."""
    deep = 3 if path[0] == "params" else 4
    return path[0] in ("params", "stages") and len(path) >= deep and path[1] not in ("default", stage)
