"""What the parts of the JavaScript front end share: source text, scopes and the dispatch over node types.

The intermediate form has function scopes only. JavaScript's block scopes are kept apart by renaming: a ``let``,
``const`` or ``class`` in a block becomes ``name~2``, and ``name~3`` in the file's next block that declares it. Code
after the block then still means the variable of an enclosing function.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages.block_statements import BlockStatements
from scopedown.source.languages.front_end import Nodes
from scopedown.source.languages.javascript_syntax import unescape
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import SourceText

NODES: Final[Nodes[Context]] = read_nodes(__file__)


class Context(BlockStatements):
    """The lowering of one file: its source and its present scope."""

    __slots__ = (
        "awaits", "coroutine", "counts", "declared", "elidable", "generator", "line_starts", "outer_renames",
        "problems", "renames", "trailing", "typed", "used",
    )  # fmt: skip

    nodes = NODES
    max_depth = 150
    blocks = frozenset({"statement_block"})
    without_effect = ()

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.line_starts: list[int] = []
        self.declared: set[str] = set()
        self.counts: Counter[str] = Counter()
        """How many blocks declare a name."""
        self.outer_renames: list[dict[str, str]] = []
        self.renames: dict[str, str] = {}
        self.used: set[str] = set()
        self.typed: set[str] = set()
        self.trailing: list[ir.Stmt] = []
        self.elidable: dict[int, str] = {}
        self.generator: str | None = None
        self.coroutine = False
        self.awaits = False
        self.problems: list[tuple[ir.At, str]] = []

    # Text and places

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    identifier = SourceText.text
    """The source of a short node, decoded once."""

    def plain(self, text: str) -> str:
        """A name may have escapes in it."""
        return unescape(text)

    def at_byte(self, offset: int) -> ir.At:
        """Line and column of a byte offset."""
        if not self.line_starts:
            starts = [0]
            position = self.source.find(b"\n")
            while position >= 0:
                starts.append(position + 1)
                position = self.source.find(b"\n", position + 1)
            self.line_starts = starts
        row = bisect_right(self.line_starts, offset) - 1
        start = self.line_starts[row]
        return (row + 1, (self.columns.characters(start, offset) if self.columns else offset - start) + 1)

    # Dispatch

    def kind(self, node: Node) -> str:
        """The node's kind; the grammars number them differently."""
        return node.type

    def missing(self, node: Node) -> ir.Expr:
        """A missing expression is undefined."""
        return ir.Const(None, (1, 1))

    def expr(self, node: Node | None) -> ir.Expr:
        """Lower an expression; a missing one is undefined."""
        return ir.Const(None, (1, 1)) if node is None else self.expression(node)

    def body(self, node: Node | None, own: bool = True) -> ir.Block:
        """A block, or a single statement that stands where a block may."""
        with self.collected() as out:
            if node is not None and node.type == "statement_block":
                self.sequence(node.named_children, own)
            elif node is not None:
                self.statement(node)
        return tuple(out)

    def sequence(self, nodes: Sequence[Node], own: bool = True) -> None:
        """Statements in one block scope; ``own`` is False where it is the function's own body."""
        raise NotImplementedError

    def alternative(self, node: Node, field: str) -> Node | None:
        """The statement in an ``else`` clause."""
        clause = node.child_by_field_name(field)
        return next(iter(self.named(clause)), None) if clause is not None else None

    def loop_test(self, node: Node) -> None:
        """The condition of a loop is evaluated, not done as a statement."""
        inner = node.named_children[0] if node.type == "expression_statement" and node.named_children else node
        if inner.type != "empty_statement":
            self.emit(ir.ExprStmt(self.expression(inner), self.at(node)))

    def jump(self, node: Node) -> None:
        """``break`` and ``continue``; in a state machine they move between steps and mean nothing here."""
        if self.generator is None or (node.type == "break_statement" and self.switch and not self.named(node)):
            super().jump(node)

    def enter_block(self) -> None:
        """Names of the block get others."""
        self.outer_renames.append(self.renames)

    def leave_block(self) -> None:
        """Names mean what they meant before."""
        self.renames = self.outer_renames.pop()

    # Scopes

    def declare(self, name: str, block: bool = False) -> str:
        """Declare a name in the present function; a name of a block gets one that no other scope of the file has.

        A ``var`` does not hide what a ``catch`` around it binds
        (https://tc39.es/ecma262/#sec-variablestatements-in-catch-blocks).
        """
        if block:
            self.counts[name] += 1
            fresh = f"{name}~{self.counts[name] + 1}"
            self.renames = {**self.renames, name: fresh}
            self.declared.add(fresh)
            return fresh
        self.declared.add(name)
        if name in self.renames and self.renames[name] not in self.declared:
            self.renames = {key: value for key, value in self.renames.items() if key != name}
        return name

    def variable(self, name: str) -> str:
        """The name under which a variable is known at this place."""
        self.used.add(name)
        return self.renames.get(name, name) if self.renames else name

    def type_name(self, name: str) -> str:
        """The name under which what a type names is known at this place."""
        self.typed.add(name)
        return self.renames.get(name, name) if self.renames else name

    @contextmanager
    def function(self) -> Iterator[None]:
        """A function's own scope around its parameters and body."""
        saved = (self.declared, self.renames, self.switch, self.generator, self.awaits)
        self.declared, self.switch, self.generator, self.awaits = set(), False, None, False
        yield
        self.declared, self.renames, self.switch, self.generator, self.awaits = saved
