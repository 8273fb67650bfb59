"""What the parts of the Kotlin front end share: source text, names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from scopedown.languages.kotlin.repairs import repaired
from scopedown.source import ir
from scopedown.source.languages.columns import Columns

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Tree

MAX_DEPTH: Final = 100
"""Nesting that is followed: each level costs up to seven Python frames of the thousand there are."""
MAX_CHAIN: Final = 400
"""Links of ``a.b().c…`` that are followed."""
MAX_BRANCHES: Final = 100
"""Branches of one ``when`` that nest; further ones stand after one another."""
COMMENTS: Final = frozenset({"line_comment", "block_comment", "multiline_comment", "shebang"})

Sink = Callable[[ir.Expr], ir.Stmt]
"""What is done with the value of an expression that is made of statements: it is returned, or kept in a variable."""


def returned(value: ir.Expr) -> ir.Stmt:
    """The sink of a function's last expression."""
    return ir.Return(value, value.at)


def ignored(value: ir.Expr) -> ir.Stmt:
    """The sink of what is done for its effect."""
    return ir.ExprStmt(value, value.at)


@dataclass(frozen=True, slots=True)
class Steps:
    """What lowers each part of the syntax, for those parts that hold one another."""

    expression: Callable[[Work, Node], ir.Expr]
    """Any expression."""
    opaque: Callable[[Work, Node], ir.Expr]
    """A node of which only what stands in it is evaluated."""
    handled: Container[str]
    """The kinds of nodes that are expressions."""
    deliver: Callable[[Work, Node, Sink], None]
    """The statements of an expression; every value that it may have goes into the sink."""
    statements: Callable[[Work, list[Node], Sink], None]
    """Statements in order; the last one's value goes into the sink."""
    object: Callable[[Work, Node], ir.Expr]
    """``object : T { … }``."""


class Scope:
    """The names of one function: those of the intermediate form, and of each block how its source calls them."""

    __slots__ = ("blocks", "free", "generics", "names", "outer_this", "owner")

    def __init__(self, generics: dict[str, ir.Expr | None], owner: str) -> None:
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Names that the code before has used for what is outside of the function."""
        self.blocks: list[dict[str, str]] = [{}]
        self.generics = generics
        """Type parameters with what they are bound by."""
        self.owner = owner
        """The class or function whose object is the present one, where ``this@NAME`` may mean it."""
        self.outer_this: dict[str, str] = {}
        """Variables that keep the present object for lambdas with an object of their own, by the name behind ``@``."""


class Work:
    """One file on its way to the intermediate form."""

    __slots__ = ("_columns", "_names", "depth", "dropped", "out", "qualified", "scopes", "serial", "source", "steps")

    def __init__(self, source: bytes, steps: Steps) -> None:
        self.source = source
        self.steps = steps
        self.depth = 0
        self.serial = 0
        self.dropped: Node | None = None
        """The first node that was nested too deeply."""
        self.out: list[ir.Stmt] = []
        """The statements of the block that is being lowered."""
        self.scopes = [Scope({}, "")]
        self.qualified: dict[str, None] = {}
        """Names that the code writes with their packages."""
        self._names: dict[bytes, str] = {}
        self._columns = None if source.isascii() else Columns(source)

    def at(self, node: Node) -> ir.At:
        """Line and column from 1; the column counts characters where tree-sitter counts bytes."""
        row, column = node.start_point
        if column and self._columns is not None:
            column = self._columns.characters(node.start_byte - column, node.start_byte)
        return (row + 1, column + 1)

    def text(self, node: Node) -> str:
        """The source text of a name or token, without backticks."""
        raw = self.source[node.start_byte : node.end_byte]
        known = self._names.get(raw)
        if known is None:
            known = self._names[raw] = raw.decode("utf-8", "replace").strip("`")
        return known

    @staticmethod
    def named(node: Node) -> list[Node]:
        """The named children without comments."""
        return [child for child in node.named_children if child.type not in COMMENTS]

    @staticmethod
    def child(node: Node, *kinds: str) -> Node | None:
        """The first child of one of the kinds."""
        return next((one for one in node.named_children if one.type in kinds), None)

    def too_deep(self, node: Node) -> bool:
        """Whether a node is nested too deeply, which is told."""
        if self.depth < MAX_DEPTH:
            return False
        self.dropped = self.dropped or node
        return True

    # scopes

    @property
    def scope(self) -> Scope:
        """The innermost function."""
        return self.scopes[-1]

    @contextmanager
    def function(
        self, generics: dict[str, ir.Expr | None] | None = None, owner: str = ""
    ) -> Iterator[tuple[Scope, list[ir.Stmt]]]:
        """A function of its own: its scope, and the statements that are made in it."""
        outer = self.out
        self.scopes.append(Scope({**self.scope.generics, **(generics or {})}, owner))
        self.out = []
        try:
            yield self.scope, self.out
        finally:
            self.scopes.pop()
            self.out = outer

    @contextmanager
    def type(self, name: str, generics: dict[str, ir.Expr | None]) -> Iterator[None]:
        """The body of a class: the variables around it are hidden by nothing, but no block of it binds names."""
        outer = self.out
        self.scopes.append(Scope({**self.scope.generics, **generics}, name))
        self.out = []
        try:
            yield
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
        if not (isinstance(statement, ir.ExprStmt) and isinstance(statement.value, ir.Const)):
            self.out.append(statement)


def parsed(source: bytes) -> Tree:
    """The syntax tree of one file."""
    tree = _parser().parse(source)
    return repaired(source, tree, _parser()) if tree.root_node.has_error else tree


@cache
def _language() -> Language:
    import tree_sitter
    import tree_sitter_kotlin

    return tree_sitter.Language(tree_sitter_kotlin.language())


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(_language())
