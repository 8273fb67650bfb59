"""What the Rust lowering carries along: the source, the names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import BlockNames, FunctionNames, Sink
from scopedown.languages.rust.expansion import Rule
from scopedown.source import ir
from scopedown.source.languages.syntax import Grammar, bounded_parse

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

MAX_DEPTH = 110
"""Nesting that is followed: each level costs up to six Python frames of the thousand there are."""
MAX_CHAIN = 400
"""Links of ``a.b().c()?…`` that are followed."""


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


@dataclass(frozen=True, slots=True)
class Expanded:
    """What a call of a macro became: its source, the syntax of that, and where the call stands."""

    source: bytes
    root: Node
    at: ir.At


class Scope(FunctionNames):
    """The names of one function, and its type parameters."""

    __slots__ = ("generics",)

    def __init__(self, generics: dict[str, ir.Expr]) -> None:
        super().__init__()
        self.generics = generics
        """Type parameters with what they are bound by."""


class ModuleScope:
    """The names of a file, or of a module that is written inside of it.

    Items of an inner module are names of the file with the module's name before them (``config::load``).
    """

    __slots__ = (
        "aliases", "derived", "exports", "globs", "inner", "items", "modules", "parent", "prefix", "units",
        "uses", "variants",
    )  # fmt: skip

    def __init__(self, prefix: str, parent: ModuleScope | None) -> None:
        self.prefix = prefix
        self.parent = parent
        self.items: set[str] = set()
        self.units: set[str] = set()
        """Structures without fields: the name is a value, too."""
        self.uses: dict[str, tuple[str, ...]] = {}
        """Names that ``use`` brings, with their paths."""
        self.exports: dict[str, tuple[str, ...]] = {}
        """Names that it hands on of other crates."""
        self.globs: list[tuple[str, ...]] = []
        self.modules: dict[str, str] = {}
        """Modules in files of their own, with the path that an attribute gives (empty: none does)."""
        self.inner: dict[str, ModuleScope] = {}
        self.variants: dict[str, frozenset[str]] = {}
        """Of each enumeration, its variants."""
        self.derived: set[str] = set()
        """Types that are derived: builders."""
        self.aliases: dict[str, Node] = {}
        """What ``type X = …`` stands for."""


class Work(BlockNames[Scope]):
    """One file on its way to the intermediate form."""

    __slots__ = (
        "defined", "expanded", "expansions", "imports", "loops",
        "macros", "module", "opened", "place", "root", "self_type", "steps",
    )  # fmt: skip

    max_depth = MAX_DEPTH
    without_effect = (ir.Const, ir.Name)

    def __init__(self, source: bytes, steps: Steps) -> None:
        super().__init__(source, Scope({}), GRAMMAR.kinds)
        self.steps = steps
        self.defined: set[tuple[str, str]] = set()
        """Functions and members that have a definition already: (type, name)."""
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
        self.loops: list[tuple[str, Sink | None]] = []
        """What is done with the value of a ``break``, of each loop around."""

    def plain(self, name: str) -> str:
        """A raw identifier without its ``r#``."""
        return name.removeprefix("r#")

    def at(self, node: Node) -> ir.At:
        """The node's place; in what a macro became, that of its call."""
        return super().at(node) if self.place is None else self.place

    def named(self, node: Node) -> list[Node]:
        """The named children without comments and attributes."""
        return [child for child in node.named_children if self.kind(child) not in _BESIDE]

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

    @contextmanager
    def function(self, generics: dict[str, ir.Expr] | None = None) -> Iterator[tuple[Scope, list[ir.Stmt]]]:
        """A function of its own: its scope, and the statements that are made in it."""
        loops, self.loops = self.loops, []
        try:
            with self.within(Scope({**self.scope.generics, **(generics or {})})) as made:
                yield made
        finally:
            self.loops = loops

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
    return GRAMMAR.parsed(source)


def parsed_part(source: bytes, parts: list[tuple[Node, Node]]) -> Node:
    """The syntax of a macro's arguments, which are tokens for the parser: what stands between pairs of nodes."""
    import tree_sitter

    ranges = [
        tree_sitter.Range(first.start_point, last.end_point, first.start_byte, last.end_byte) for first, last in parts
    ]
    parser = tree_sitter.Parser(GRAMMAR.language, included_ranges=ranges)
    return bounded_parse(parser, source).root_node


def _load() -> object:
    import tree_sitter_rust

    return tree_sitter_rust.language()


GRAMMAR: Final = Grammar(_load)
