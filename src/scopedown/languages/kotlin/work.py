"""What the parts of the Kotlin front end share: source text, names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import BlockNames, FunctionNames, Sink
from scopedown.languages.kotlin.repairs import repaired
from scopedown.source import ir
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MAX_DEPTH: Final = 100
"""Nesting that is followed: each level costs up to seven Python frames of the thousand there are."""
MAX_CHAIN: Final = 400
"""Links of ``a.b().c…`` that are followed."""
COMMENTS: Final = frozenset({"line_comment", "block_comment", "multiline_comment", "shebang"})


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
    declaration: Callable[[Work, Node], tuple[str, ir.Expr] | None]
    """A class or an object with its name."""


class Scope(FunctionNames):
    """The names of one function, and its type parameters."""

    __slots__ = ("generics", "outer_this", "owner")

    def __init__(self, generics: dict[str, ir.Expr | None], owner: str) -> None:
        super().__init__()
        self.generics = generics
        """Type parameters with what they are bound by."""
        self.owner = owner
        """The class or function whose object is the present one, where ``this@NAME`` may mean it."""
        self.outer_this: dict[str, str] = {}
        """Variables that keep the present object for lambdas with an object of their own, by the name behind ``@``."""


class Work(BlockNames[Scope]):
    """One file on its way to the intermediate form."""

    __slots__ = ("qualified", "steps")

    max_depth = MAX_DEPTH

    def __init__(self, source: bytes, steps: Steps) -> None:
        super().__init__(source, Scope({}, ""))
        self.steps = steps
        self.qualified: dict[str, None] = {}
        """Names that the code writes with their packages."""

    def plain(self, name: str) -> str:
        """A name without backticks."""
        return name.strip("`")

    @staticmethod
    def named(node: Node) -> list[Node]:
        """The named children without comments."""
        return [child for child in node.named_children if child.type not in COMMENTS]

    @staticmethod
    def child(node: Node, *kinds: str) -> Node | None:
        """The first child of one of the kinds."""
        return next((one for one in node.named_children if one.type in kinds), None)

    # scopes

    def function(
        self, generics: dict[str, ir.Expr | None] | None = None, owner: str = ""
    ) -> AbstractContextManager[tuple[Scope, list[ir.Stmt]]]:
        """A function of its own: its scope, and the statements that are made in it."""
        return self.within(Scope({**self.scope.generics, **(generics or {})}, owner))

    def type(
        self, name: str, generics: dict[str, ir.Expr | None]
    ) -> AbstractContextManager[tuple[Scope, list[ir.Stmt]]]:
        """The body of a class: the variables around it are hidden by nothing, but no block of it binds names."""
        return self.within(Scope({**self.scope.generics, **generics}, name))


def parsed(source: bytes) -> Tree:
    """The syntax tree of one file."""
    tree = GRAMMAR.parsed(source)
    return repaired(source, tree, GRAMMAR.parser) if tree.root_node.has_error else tree


def _load() -> object:
    import tree_sitter_kotlin

    return tree_sitter_kotlin.language()


GRAMMAR: Final = Grammar(_load)
