"""Names of blocks, for languages in which each block has its own and every expression may be made of statements.

Kotlin and Rust: the front end writes the statements of a block to ``out``, and a name that an inner block has again
gets another identifier, since the intermediate form's scopes are functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from scopedown.source import ir
from scopedown.source.languages.syntax import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

Sink = Callable[[ir.Expr], ir.Stmt]
"""What is done with the value of an expression that is made of statements: it is returned, or kept in a variable."""


def returned(value: ir.Expr) -> ir.Stmt:
    """The sink of a function's last expression."""
    return ir.Return(value, value.at)


def ignored(value: ir.Expr) -> ir.Stmt:
    """The sink of what is done for its effect."""
    return ir.ExprStmt(value, value.at)


class FunctionNames:
    """The names of one function: those of the intermediate form, and of each block how its source calls them."""

    __slots__ = ("blocks", "free", "names")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Names that the code before has used for what is outside of the function."""
        self.blocks: list[dict[str, str]] = [{}]


ScopeT = TypeVar("ScopeT", bound=FunctionNames)


class BlockNames(SourceText, Generic[ScopeT]):
    """The statements and names of the present block of one file."""

    __slots__ = ("depth", "dropped", "out", "scopes", "serial")

    max_depth: ClassVar[int]
    """Nesting that is followed."""
    without_effect: ClassVar[tuple[type[ir.Expr], ...]] = (ir.Const,)
    """Values that a statement is not kept for."""

    def __init__(self, source: bytes, outermost: ScopeT, kinds: tuple[str, ...] = ()) -> None:
        super().__init__(source, kinds)
        self.depth = 0
        self.serial = 0
        self.dropped: Node | None = None
        """The first node that was nested too deeply."""
        self.out: list[ir.Stmt] = []
        """The statements of the block that is being lowered."""
        self.scopes = [outermost]

    def too_deep(self, node: Node) -> bool:
        """Whether a node is nested too deeply, which is reported."""
        if self.depth < self.max_depth:
            return False
        self.dropped = self.dropped or node
        return True

    @property
    def scope(self) -> ScopeT:
        """The innermost function."""
        return self.scopes[-1]

    @contextmanager
    def within(self, scope: ScopeT) -> Iterator[tuple[ScopeT, list[ir.Stmt]]]:
        """A function, or a class's body: its scope, and the statements that are made in it."""
        outer, self.out = self.out, []
        self.scopes.append(scope)
        try:
            yield scope, self.out
        finally:
            self.scopes.pop()
            self.out = outer

    @contextmanager
    def block(self) -> Iterator[list[ir.Stmt]]:
        """The statements of a block, whose names hide those around it."""
        outer, self.out = self.out, []
        scope = self.scope
        scope.blocks.append({})
        try:
            yield self.out
        finally:
            scope.blocks.pop()
            self.out = outer

    def bind(self, name: str) -> str:
        """Say that the innermost block has this name; gives its identifier."""
        scope = self.scope
        if len(self.scopes) == 1 and len(scope.blocks) == 1:
            scope.names.add(name)
            return name
        known = scope.blocks[-1].get(name)
        if known is None:
            known = name
            if name in scope.free or any(name in block for block in scope.blocks[:-1]):
                self.serial += 1
                known = f"{name}'{self.serial}"
            scope.blocks[-1][name] = known
            scope.names.add(known)
        return known

    def local(self, name: str) -> str | None:
        """The identifier of a variable by its name in the source; None where no function around has it."""
        for scope in reversed(self.scopes):
            for block in reversed(scope.blocks):
                if (known := block.get(name)) is not None:
                    return known
        return None

    def outside(self, name: str) -> str:
        """A name that no function around has: a variable that is called so later is another one."""
        for scope in self.scopes:
            scope.free.add(name)
        return name

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        name = f"<{purpose} {self.serial}>"
        self.scope.names.add(name)
        return name

    def emit(self, statement: ir.Stmt) -> None:
        """Add a statement to the present block, unless it does nothing."""
        if not (isinstance(statement, ir.ExprStmt) and isinstance(statement.value, self.without_effect)):
            self.out.append(statement)
