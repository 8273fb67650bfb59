"""What the Python lowering carries along: the source, the scopes, and how deep it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.source import ir
from scopedown.source.languages.syntax import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 120
"""Nesting that is followed: each level costs up to four Python frames of the thousand there are."""


class Scope:
    """The names that a module, function or class body binds itself; ``free`` are declared global or nonlocal."""

    __slots__ = ("free", "generator", "kind", "names")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.names: set[str] = set()
        self.free: set[str] = set()
        self.generator = False


class Lowering(SourceText):
    """One file on its way to the intermediate form."""

    __slots__ = (
        "deepest",
        "depth",
        "expressions",
        "scopes",
        "serial",
        "statements",
    )

    def __init__(
        self,
        source: bytes,
        kinds: tuple[str, ...],
        expressions: dict[str, Callable[[Lowering, Node], ir.Expr]],
        statements: dict[str, Callable[[Lowering, Node, list[ir.Stmt]], None]],
    ) -> None:
        super().__init__(source, kinds)
        self.expressions = expressions
        self.statements = statements
        self.scopes = [Scope("module")]
        self.depth = 0
        self.deepest: Node | None = None
        """The first node that was nested too deeply to be lowered."""
        self.serial = 0

    def too_deep(self, node: Node) -> bool:
        """Whether a node is nested too deeply, which is told."""
        if self.depth < MAX_DEPTH:
            return False
        self.deepest = self.deepest or node
        return True

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    def dotted(self, node: Node) -> str:
        """``a . b`` as ``a.b``."""
        return "".join(self.text(node).split())

    def named(self, node: Node) -> list[Node]:
        """The named children without comments."""
        found = node.named_children
        kinds = self.kinds
        for child in found:
            number = child.kind_id
            if number < len(kinds) and kinds[number] in ("comment", "line_continuation"):
                return [one for one in found if self.kind(one) not in ("comment", "line_continuation")]
        return found

    def bind(self, name: str) -> str:
        """Say that the innermost scope has this name; gives it back."""
        self.scopes[-1].names.add(name)
        return name

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        return self.bind(f"<{purpose} {self.serial}>")
