"""What the parts of the evaluation share: scopes, modules, functions, and the evaluator that they turn to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.programs.values import Function, Record, Value
from scopedown.source.javascript.values import UNDEFINED
from scopedown.source.languages.javascript_syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.documents.document import Files
    from scopedown.source.resolve.node import NodeModules
    from scopedown.source.resolve.search_path import Ground


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that stands for what another file exports (``*``: the file's namespace); read when it is used."""

    module: Module
    specifier: str
    name: str


@dataclass(slots=True, eq=False)
class Scope:
    """Names of one block. ``function`` is the scope that ``var`` declares in."""

    module: Module
    parent: Scope | None = None
    this: Value = UNDEFINED
    names: dict[str, Value] = field(default_factory=dict)
    is_function: bool = False

    def inner(self) -> Scope:
        """A block inside of this scope."""
        return Scope(self.module, self, self.this)

    def holder(self, name: str) -> Scope | None:
        """The scope that declares a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        return None

    def function(self) -> Scope:
        """The scope of the function around."""
        scope = self
        while not scope.is_function and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Module:
    """A file that is a program. ``exports`` are ES exports: name → where its value is looked up."""

    source: Source
    exports: dict[str, tuple[Scope, str] | Imported] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    own: Record = field(default_factory=Record)
    """CommonJS's ``module``."""


@dataclass(frozen=True, slots=True, eq=False)
class Closure(Function):
    """A function of the program; ``this`` is that of the place where an arrow function stands, or of its object."""

    node: Node
    scope: Scope
    this: Value = UNDEFINED


@dataclass(frozen=True, slots=True, eq=False)
class Builtin(Function):
    """A function of the language or of node."""

    name: str
    call: Callable[[Evaluator, list[Value], Place], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Class(Function):
    """A class of the program; ``static`` holds what stands on itself."""

    node: Node
    scope: Scope
    static: Record


class Evaluator(Protocol):
    """One reading, as its parts see it: they turn to it for whatever another part does."""

    files: Files
    environment: dict[str, Value]
    """What ``process.env`` holds."""
    ground: Ground
    """Where imports are looked for."""
    finder: NodeModules
    modules: dict[Path, Module]
    depth: int
    max_depth: int
    handed: list[Value]
    """What the last call of a package's function was given."""

    @property
    def is_over(self) -> bool:
        """Whether the reading has taken more steps than it may."""

    def spend(self, place: Callable[[], Place], steps: int = 1) -> None:
        """Count work; ends the reading where there is too much of it."""

    def charge(self, at: Place, steps: int) -> None:
        """Count work whose place is known already."""

    def text(self, value: Value, at: Place) -> Value:
        """A text that was made, where it is not too long."""

    def unknown(self, node: Node, scope: Scope, reason: str) -> Text:
        """What cannot be known, with the place."""

    def place(self, node: Node, scope: Scope) -> Place:
        """Where a node begins."""

    def expression(self, node: Node | None, scope: Scope) -> Value:
        """The value of an expression; a missing one is undefined."""

    def key(self, node: Node, scope: Scope) -> str | Text:
        """A property's name as it stands in a literal or a pattern."""

    def assign(self, target: Node, value: Value, scope: Scope) -> None:
        """``target = value``: a name, a property or a pattern."""

    def call(self, function: Value, arguments: list[Value], at: Place, this: Value = UNDEFINED) -> Value:
        """A function called with values."""
