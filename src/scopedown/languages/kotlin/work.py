"""What the parts of the Kotlin front end share: source text, names in sight, and the statements that are being made.

A name of a block hides that of the block around it, so it gets an identifier of its own (``x'2``): the intermediate
form has one scope for each function.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import BlockNames, FunctionNames
from scopedown.languages.kotlin.repairs import repaired
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink, ignored
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar
from scopedown.source.languages.valued_statements import Parts

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

GRAMMAR: Final = Grammar("tree_sitter_kotlin")
NODES: Final = read_nodes(__file__)


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

    __slots__ = ("qualified",)

    grammar = GRAMMAR
    nodes = NODES
    trivia = frozenset({"line_comment", "block_comment", "multiline_comment", "shebang", "label", "annotation"})

    def __init__(self, source: bytes) -> None:
        super().__init__(source, Scope({}, ""))
        self.qualified: dict[str, None] = {}
        """Names that the code writes with their packages."""

    def plain(self, name: str) -> str:
        """A name without backticks."""
        return name.strip("`")

    def field(self, node: Node | None, *kinds: str) -> str:
        """The text of the first child of one of the kinds; empty where there is none."""
        found = self.child(node, *kinds) if node is not None else None
        return self.text(found) if found is not None else ""

    def effect(self, node: Node) -> None:
        """A statement; ``x++`` is an assignment."""
        if node.type == "unary_expression" and not {"++", "--"}.isdisjoint(one.type for one in node.children):
            value = self.expression(self.named(node)[0])
            if isinstance(value, ir.Name | ir.Attr | ir.Index):
                self.emit(ir.Assign(value, ir.Opaque((value,), self.at(node)), self.at(node)))
        else:
            super().effect(node)

    def statements(self, nodes: list[Node], sink: Sink) -> None:
        """Statements in order; the value of the last one goes into the sink."""
        for position, node in enumerate(nodes):
            if node.type == "ERROR":
                self.statements([one for one in self.named(node) if self.is_expression(one)], ignored)
            elif self.is_expression(node):
                is_last = position == len(nodes) - 1 and node.type not in NODES.statements
                self.deliver(node, sink) if is_last else self.effect(node)

    def parts_of_if(self, node: Node) -> Parts:
        """The condition and what stands before and behind ``else``."""
        condition = node.child_by_field_name("condition")
        inside = [one for one in self.named(node) if one != condition]
        middle = next((one.start_byte for one in node.children if one.type == "else"), node.end_byte)
        then = next((one for one in inside if one.start_byte < middle), None)
        return condition, then, next((one for one in inside if one.start_byte > middle), None)

    def plain_branch(self, node: Node) -> Node | None:
        """The one expression of a branch."""
        inside = self.named(node) if node.type == "block" else [node]
        return inside[0] if len(inside) == 1 and self.kind(inside[0]) in NODES.expressions else None

    def function(
        self, generics: dict[str, ir.Expr | None] | None = None, owner: str = ""
    ) -> AbstractContextManager[tuple[Scope, list[ir.Stmt]]]:
        """A function or the body of a class: its scope, and the statements that are made in it."""
        return self.within(Scope({**self.scope.generics, **(generics or {})}, owner))


def parsed(source: bytes, file: str = "") -> Tree:
    """The syntax tree of one file."""
    tree = GRAMMAR.parsed(source)
    return repaired(source, tree, GRAMMAR.parser) if tree.root_node.has_error else tree
