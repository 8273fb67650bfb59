"""What the lowering of Ruby carries along: the source, the scopes, the present block, and how deep it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.syntax import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH: Final = 100
"""Nesting that is followed: each level costs up to five Python frames of the thousand there are."""

TRIVIA: Final = frozenset({"comment", "heredoc_body", "empty_statement", ""})
"""Kinds of nodes that are no code where they stand."""

BLOCK: Final = "&"
"""The keyword under which a call hands over its block."""

Sink = Callable[[ir.Expr], ir.Stmt]
"""What becomes of a statement's value: it is returned, or kept under a name."""


class Scope:
    """The names that the program, a class, a method or a block binds itself.

    ``kind`` is ``program``, ``class``, ``singleton`` (the body of ``class << self``), ``method``, ``lambda`` or
    ``block``; a block sees the names around it.
    """

    __slots__ = (
        "broken",
        "escapes",
        "implicit",
        "is_open",
        "kind",
        "loops",
        "members",
        "method",
        "names",
        "of_class",
        "owner",
        "parameters",
        "retried",
        "takes_block",
    )

    def __init__(self, kind: str, method: str = "", of_class: bool = False) -> None:
        self.kind = kind
        self.names: set[str] = set()
        self.members: set[str] = set()
        """Constants and methods of a class, which are no variables."""
        self.method = method
        """The name of the method whose body it is."""
        self.of_class = of_class
        """Whether ``self`` is a class in it."""
        self.parameters: list[ir.Expr] = []
        """How a bare ``super`` hands on what the method was given."""
        self.takes_block = False
        """Whether the method uses the block that it was given."""
        self.escapes = ""
        """The name that keeps what a block returns from the method."""
        self.loops: list[str] = []
        """For each loop around the present statement, the name that keeps the value of its ``break``; none: ``""``."""
        self.broken = ""
        """The name in the scope around a block that keeps the value of its ``break``."""
        self.retried = False
        """Whether the ``rescue`` that is being lowered has a ``retry``."""
        self.is_open = False
        """Whether the body of a class sees the names around it, since it is a block."""
        self.owner: ir.Expr | None = None
        """In the body of ``class << object``: that object, where it is not the class around it."""
        self.implicit = 0
        """How many parameters a block has that it does not declare (``it``, ``_1``)."""


class Lowering(SourceText):
    """One file on its way to the intermediate form."""

    __slots__ = ("blocks", "broken", "depth", "expressions", "heredocs", "scopes", "serial",
                 "statements")  # fmt: skip

    def __init__(
        self,
        source: bytes,
        kinds: tuple[str, ...],
        expressions: dict[str, Callable[[Lowering, Node], ir.Expr]],
        statements: dict[str, Callable[[Lowering, Node, Sink | None], None]],
    ) -> None:
        super().__init__(source, kinds)
        self.expressions = expressions
        self.statements = statements
        self.scopes = [Scope("program")]
        self.blocks: list[list[ir.Stmt]] = []
        """The blocks that are being lowered, the innermost last: a statement inside of an expression goes before it."""
        self.heredocs: dict[int, Node] = {}
        """The texts of heredocs, by where they are announced."""
        self.broken = ""
        """The name that keeps the value of ``break`` in the block that was lowered last."""
        self.depth = 0
        self.serial = 0

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    def emit(self, statement: ir.Stmt) -> None:
        """Put a statement at the end of the present block."""
        self.blocks[-1].append(statement)

    def named(self, node: Node) -> list[Node]:
        """The children that are code."""
        return [child for child in node.named_children if self.kind(child) not in TRIVIA]

    # names

    def bind(self, name: str) -> str:
        """Say that the present code has this name, in the scope where it is already known or in the innermost one."""
        if not self.is_local(name):
            self.scopes[-1].names.add(name)
        return name

    def is_local(self, name: str) -> bool:
        """Whether a name is a variable here, which Ruby knows by an assignment before."""
        for scope in reversed(self.scopes):
            if name in scope.names:
                return True
            if scope.kind not in ("block", "lambda") and not scope.is_open:
                return False
        return False

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        return self.hidden_in(self.scopes[-1], purpose)

    def hidden_in(self, scope: Scope, purpose: str) -> str:
        """A fresh name of another scope."""
        self.serial += 1
        name = f"<{purpose} {self.serial}>"
        scope.names.add(name)
        return name

    def enclosing(self, *kinds: str) -> Scope | None:
        """The innermost scope of one of the kinds."""
        return next((scope for scope in reversed(self.scopes) if scope.kind in kinds), None)


def is_of_class(work: Lowering) -> bool:
    """Whether ``self`` is a class here: in the body of a class, and in a method of the class itself."""
    scope = work.enclosing("program", "class", "singleton", "method")
    return scope is not None and (scope.kind in ("class", "singleton") or scope.of_class)
