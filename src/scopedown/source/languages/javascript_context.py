"""What the parts of the JavaScript front end share: source text, scopes and the dispatch over node types.

The intermediate form has function scopes only. JavaScript's block scopes are kept apart by renaming: a ``let``,
``const`` or ``class`` in a block becomes ``name~2``, and ``name~3`` in the file's next block that declares it. Code
after the block then still means the variable of an enclosing function.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tree_sitter import Node

from scopedown.source import ir
from scopedown.source.languages.javascript_syntax import unescape
from scopedown.source.languages.syntax import SourceText

MAX_DEPTH = 150
"""Levels of nesting that are lowered; what lies deeper becomes Opaque."""

Expression = Callable[["Context", Node], ir.Expr]
Statement = Callable[["Context", Node, "list[ir.Stmt]"], None]


class Context(SourceText):
    """The lowering of one file: its source, its present scope, and the handlers by node type."""

    __slots__ = (
        "awaits",
        "blocks",
        "coroutine",
        "declared",
        "depth",
        "dropped",
        "elidable",
        "expressions",
        "generator",
        "line_starts",
        "max_depth",
        "problems",
        "renames",
        "statements",
        "switch",
        "trailing",
        "typed",
        "used",
    )

    def __init__(
        self,
        source: bytes,
        expressions: Mapping[str, Expression],
        statements: Mapping[str, Statement],
        max_depth: int = MAX_DEPTH,
    ) -> None:
        super().__init__(source)
        self.line_starts: list[int] = []
        self.expressions = expressions
        self.statements = statements
        self.max_depth = max_depth
        self.depth = 0
        self.declared: set[str] = set()
        self.blocks: Counter[str] = Counter()
        self.renames: dict[str, str] = {}
        self.used: set[str] = set()
        self.typed: set[str] = set()
        self.switch = False
        self.trailing: list[ir.Stmt] = []
        self.elidable: dict[int, str] = {}
        self.generator: str | None = None
        self.coroutine = False
        self.awaits = False
        self.dropped = False
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

    def expr(self, node: Node | None) -> ir.Expr:
        """Lower an expression; a missing one is undefined."""
        if node is None:
            return ir.Const(None, (1, 1))
        handler = self.expressions.get(node.type)
        if self.depth >= self.max_depth:
            self.too_deep(node)
            return ir.Opaque((), self.at(node))
        if handler is None:
            handler = opaque
        self.depth += 1
        result = handler(self, node)
        self.depth -= 1
        return result

    def statement(self, node: Node, kind: str, out: list[ir.Stmt]) -> None:
        """Lower a statement, appending to ``out``."""
        handler = self.statements.get(kind)
        if self.depth >= self.max_depth:
            self.too_deep(node)
            return
        self.depth += 1
        if handler is not None:
            handler(self, node, out)
        else:
            out.append(ir.ExprStmt(self.expr(node), self.at(node)))
        self.depth -= 1

    def too_deep(self, node: Node) -> None:
        """Note once that something was nested too deeply to be lowered."""
        if not self.dropped:
            self.dropped = True
            self.problems.append(
                (self.at(node), "the code is nested too deeply; scopedown did not read the inner part")
            )

    # Scopes

    def declare(self, name: str, block: bool = False) -> str:
        """Declare a name in the present function; a name of a block gets one that no other scope of the file has.

        A ``var`` does not hide what a ``catch`` around it binds
        (https://tc39.es/ecma262/#sec-variablestatements-in-catch-blocks).
        """
        if block:
            self.blocks[name] += 1
            fresh = f"{name}~{self.blocks[name] + 1}"
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


def opaque(context: Context, node: Node) -> ir.Expr:
    """What cannot be expressed: its children are still lowered."""
    return ir.Opaque(tuple(context.expr(child) for child in node.named_children), context.at(node))
