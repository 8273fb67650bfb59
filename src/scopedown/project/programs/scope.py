"""Where names have their values: scopes, and modules that other modules import from."""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.project.programs.values import UNDEFINED, Record, Value
from scopedown.source.languages.javascript_syntax import Source


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
