"""What the Rust lowering carries along: the source, the names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import BlockNames, FunctionNames
from scopedown.languages.rust.expansion import Rule
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar, bounded_parse
from scopedown.source.languages.valued_statements import Parts

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

GRAMMAR: Final = Grammar("tree_sitter_rust")
NODES: Final = read_nodes(__file__)
ITEMS: Final = frozenset(
    {
        "function_item", "struct_item", "union_item", "enum_item", "trait_item", "impl_item", "const_item",
        "static_item", "mod_item", "use_declaration", "type_item", "macro_definition", "extern_crate_declaration",
        "foreign_mod_item", "function_signature_item", "associated_type", "attribute_item", "inner_attribute_item",
    }
)  # fmt: skip
"""What stands in a file, a module or a block without being a statement."""
_BETWEEN: Final = frozenset(
    {"line_comment", "block_comment", "attribute_item", "inner_attribute_item", "empty_statement"}
)
_PLAIN_KINDS: Final = frozenset(
    {
        "identifier", "string_literal", "integer_literal", "boolean_literal", "float_literal", "field_expression",
        "call_expression", "scoped_identifier", "self", "reference_expression", "parenthesized_expression",
        "try_expression", "await_expression",
    }
)  # fmt: skip


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
        "macros", "module", "opened", "place", "root", "self_type",
    )  # fmt: skip

    grammar = GRAMMAR
    nodes = NODES
    max_depth = 110
    trivia = frozenset({"line_comment", "block_comment", "attribute_item", "inner_attribute_item"})
    without_effect = (ir.Const, ir.Name)
    binding = frozenset({"let_condition", "let_chain"})

    def __init__(self, source: bytes) -> None:
        super().__init__(source, Scope({}))
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

    def items(self, nodes: Sequence[Node], lazy: bool = False) -> None:
        """The items among nodes; whether statics are made when they are needed."""
        raise NotImplementedError

    def hoisted(self, nodes: Sequence[Node]) -> None:
        """The macros and items in the block of a function, known from its start."""
        raise NotImplementedError

    def plain(self, name: str) -> str:
        """A raw identifier without its ``r#``."""
        return name.removeprefix("r#")

    def at(self, node: Node) -> ir.At:
        """The node's place; in what a macro became, that of its call."""
        return super().at(node) if self.place is None else self.place

    @contextmanager
    def inside(self, expanded: Expanded) -> Iterator[None]:
        """The source of an expansion, in which everything has the place of the call."""
        before = self.source, self.place, self.expanded
        self.source, self.place, self.expanded = expanded.source, self.place or expanded.at, {}
        yield
        self.source, self.place, self.expanded = before

    # scopes

    @contextmanager
    def function(self, generics: dict[str, ir.Expr] | None = None) -> Iterator[tuple[Scope, list[ir.Stmt]]]:
        """A function of its own: its scope, and the statements that are made in it."""
        loops, self.loops = self.loops, []
        with self.within(Scope({**self.scope.generics, **(generics or {})})) as made:
            yield made
        self.loops = loops

    @contextmanager
    def generics(self, bounds: dict[str, ir.Expr]) -> Iterator[None]:
        """The type parameters of an item that is no function."""
        scope = self.scope
        before, scope.generics = scope.generics, {**scope.generics, **bounds}
        yield
        scope.generics = before

    # nodes

    def effect(self, node: Node) -> None:
        """An expression as a statement."""
        kind = self.kind(node)
        if kind in NODES.expressions and kind not in NODES.statements:
            value = self.expression(node)
            self.emit(ir.ExprStmt(value, value.at if isinstance(value, ir.Call) else self.at(node)))
        else:
            super().effect(node)

    def statements(self, node: Node, sink: Sink) -> None:
        """What stands in a block; its last expression goes into the sink."""
        children, outer = node.named_children, self.macros
        self.hoisted(children)
        last = next((child for child in reversed(children) if self.kind(child) not in _BETWEEN), None)
        for child in children:
            kind, inside = self.kind(child), self.named(child)
            if kind == "expression_statement" and inside:
                has_value = child is last and NODES.is_block(self.kind(inside[0])) and child.children[-1].type != ";"
                self.deliver(inside[0], sink) if has_value else self.effect(inside[0])
            elif kind == "ERROR":
                for one in inside:
                    if self.is_expression(one):
                        self.effect(one)
            elif kind == "let_declaration":
                NODES.statements[kind](self, child)
            elif kind in ITEMS or kind in _BETWEEN or kind in ("label", "expression_statement"):
                continue
            elif child is last:
                self.deliver(child, sink)
            elif self.is_expression(child):
                self.effect(child)
        self.macros = outer

    def parts_of_if(self, node: Node) -> Parts:
        """The condition and the blocks; what follows ``else`` may be another ``if``."""
        otherwise = node.child_by_field_name("alternative")
        inside = self.named(otherwise) if otherwise is not None else []
        condition, then = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        return condition, then, inside[0] if inside else None

    def branch(self, node: Node, sink: Sink) -> None:
        """What stands in a branch's block, where the names are that the condition binds."""
        self.statements(node, sink) if self.kind(node) == "block" else super().branch(node, sink)

    def plain_branch(self, node: Node) -> Node | None:
        """The one expression in the block of a branch."""
        inside = self.named(node) if self.kind(node) == "block" else []
        return inside[0] if len(inside) == 1 and self.kind(inside[0]) in _PLAIN_KINDS else None


def parsed(source: bytes, file: str = "") -> Tree:
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
