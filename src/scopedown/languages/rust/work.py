"""What the Rust lowering carries along: the source, the names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.rust.expansion import Rule
from scopedown.source import ir
from scopedown.source.languages.columns import Columns

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Tree

MAX_DEPTH = 110
"""Nesting that is followed: each level costs up to six Python frames of the thousand there are."""
MAX_CHAIN = 400
"""Links of ``a.b().c()?…`` that are followed."""
MAX_BRANCHES = 100
"""Branches of one ``match`` that nest; further ones stand after one another."""

Sink = Callable[[ir.Expr], ir.Stmt]
"""What is done with the value of an expression that is made of statements: it is returned, or kept in a variable."""


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
    effect: Callable[[Work, Node], None]
    """An expression as a statement."""
    statements: Callable[[Work, Node, Sink], None]
    """What stands in a block; its last expression goes into the sink."""
    hoisted: Callable[[Work, Sequence[Node]], None]
    """The items in the block of a function, known from its start."""
    items: Callable[[Work, Sequence[Node], bool], None]
    """The items among nodes; whether statics are made when they are needed."""


def returned(value: ir.Expr) -> ir.Stmt:
    """The sink of a function's last expression."""
    return ir.Return(value, value.at)


def ignored(value: ir.Expr) -> ir.Stmt:
    """The sink of what is done for its effect."""
    return ir.ExprStmt(value, value.at)


@dataclass(frozen=True, slots=True)
class Expanded:
    """What a call of a macro became: its source, the syntax of that, and where the call stands."""

    source: bytes
    root: Node
    at: ir.At


class Scope:
    """The names of one function: those of the intermediate form, and of each block how its source calls them."""

    __slots__ = ("blocks", "free", "generics", "names")

    def __init__(self, generics: dict[str, ir.Expr]) -> None:
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Names that the code before has used for what is outside of the function."""
        self.blocks: list[dict[str, str]] = [{}]
        self.generics = generics
        """Type parameters with what they are bound by."""


class ModuleScope:
    """The names of a file, or of a module that is written inside of it.

    Items of an inner module are names of the file with the module's name before them (``config::load``).
    """

    __slots__ = ("aliases", "derived", "exports", "globs", "inner", "items", "modules", "parent", "prefix", "uses")

    def __init__(self, prefix: str, parent: ModuleScope | None) -> None:
        self.prefix = prefix
        self.parent = parent
        self.items: set[str] = set()
        self.uses: dict[str, tuple[str, ...]] = {}
        """Names that ``use`` brings, with their paths."""
        self.exports: dict[str, tuple[str, ...]] = {}
        """Names that it hands on of other crates."""
        self.globs: list[tuple[str, ...]] = []
        self.modules: dict[str, str] = {}
        """Modules in files of their own, with the path that an attribute gives (empty: none does)."""
        self.inner: dict[str, ModuleScope] = {}
        self.derived: set[str] = set()
        """Types that are derived: builders."""
        self.aliases: dict[str, Node] = {}
        """What ``type X = …`` stands for."""


class Work:
    """One file on its way to the intermediate form."""

    __slots__ = (
        "_columns", "_names", "defined", "depth", "dropped", "expanded", "expansions", "imports", "kinds", "loops",
        "macros", "module", "opened", "out", "place", "root", "scopes", "self_type", "serial", "source", "steps",
    )  # fmt: skip

    def __init__(self, source: bytes, steps: Steps) -> None:
        self.source = source
        self.steps = steps
        self.kinds = node_kinds()
        self.depth = 0
        self.serial = 0
        self.defined: set[tuple[str, str]] = set()
        """Functions and members that have a definition already: (type, name)."""
        self.dropped: Node | None = None
        """The first node that was nested too deeply."""
        self.out: list[ir.Stmt] = []
        """The statements of the block that is being lowered."""
        self.scopes = [Scope({})]
        self.root = self.module = ModuleScope("", None)
        self.imports: dict[str, str] = {}
        self.opened: dict[str, None] = {}
        self.self_type: ir.Expr | None = None
        self.macros: dict[str, list[Rule]] = {}
        """Macros that the source defines."""
        self.expanded: dict[int, Expanded | None] = {}
        """What calls of them became, by where a call begins."""
        self.expansions = 0
        self.place: ir.At | None = None
        """Where the call stands whose expansion is being lowered."""
        self.loops: list[Sink | None] = []
        """What is done with the value of a ``break``, of each loop around."""
        self._names: dict[bytes, str] = {}
        self._columns = None if source.isascii() else Columns(source)

    def at(self, node: Node) -> ir.At:
        """Line and column from 1; the column counts characters where tree-sitter counts bytes."""
        if self.place is not None:
            return self.place
        row, column = node.start_point
        if column and self._columns is not None:
            column = self._columns.characters(node.start_byte - column, node.start_byte)
        return (row + 1, column + 1)

    def kind(self, node: Node) -> str:
        """The node's kind, ``ERROR`` for what the parser could not read, empty for a token."""
        number = node.kind_id
        return self.kinds[number] if number < len(self.kinds) else "ERROR"

    def text(self, node: Node) -> str:
        """The source text of a name or token; a raw identifier without its ``r#``."""
        raw = self.source[node.start_byte : node.end_byte]
        known = self._names.get(raw)
        if known is None:
            known = self._names[raw] = raw.decode("utf-8", "replace").removeprefix("r#")
        return known

    def named(self, node: Node) -> list[Node]:
        """The named children without comments and attributes."""
        return [child for child in node.named_children if self.kind(child) not in _BESIDE]

    def too_deep(self, node: Node) -> bool:
        """Whether a node is nested too deeply, which is told."""
        if self.depth < MAX_DEPTH:
            return False
        self.dropped = self.dropped or node
        return True

    @contextmanager
    def inside(self, expanded: Expanded) -> Iterator[None]:
        """The source of an expansion, in which everything has the place of the call."""
        before = self.source, self.place, self.expanded
        self.source, self.place, self.expanded = expanded.source, self.place or expanded.at, {}
        try:
            yield
        finally:
            self.source, self.place, self.expanded = before

    # scopes

    @property
    def scope(self) -> Scope:
        """The innermost function."""
        return self.scopes[-1]

    @contextmanager
    def function(self, generics: dict[str, ir.Expr] | None = None) -> Iterator[tuple[Scope, list[ir.Stmt]]]:
        """A function of its own: its scope, and the statements that are made in it."""
        outer, loops = self.out, self.loops
        self.scopes.append(Scope({**self.scope.generics, **(generics or {})}))
        self.out, self.loops = [], []
        try:
            yield self.scope, self.out
        finally:
            self.scopes.pop()
            self.out, self.loops = outer, loops

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
        if not (isinstance(statement, ir.ExprStmt) and isinstance(statement.value, ir.Const | ir.Name)):
            self.out.append(statement)

    @contextmanager
    def generics(self, bounds: dict[str, ir.Expr]) -> Iterator[None]:
        """The type parameters of an item that is no function."""
        scope = self.scope
        before, scope.generics = scope.generics, {**scope.generics, **bounds}
        try:
            yield
        finally:
            scope.generics = before


_BESIDE = frozenset({"line_comment", "block_comment", "attribute_item", "inner_attribute_item"})


def parsed(source: bytes) -> Tree:
    """The syntax tree of one file."""
    return _parser().parse(source)


def parsed_part(source: bytes, parts: list[tuple[Node, Node]]) -> Node:
    """The syntax of a macro's arguments, which are tokens for the parser: what stands between pairs of nodes."""
    import tree_sitter

    ranges = [
        tree_sitter.Range(first.start_point, last.end_point, first.start_byte, last.end_byte) for first, last in parts
    ]
    parser = tree_sitter.Parser(_language(), included_ranges=ranges)
    return parser.parse(source).root_node


@cache
def _language() -> Language:
    import tree_sitter
    import tree_sitter_rust

    return tree_sitter.Language(tree_sitter_rust.language())


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(_language())


@cache
def node_kinds() -> tuple[str, ...]:
    """Names of the node kinds by their number; a kind that is no named node is empty."""
    language = _language()
    return tuple(
        language.node_kind_for_id(number) or "" if language.node_kind_is_named(number) else ""
        for number in range(language.node_kind_count)
    )
