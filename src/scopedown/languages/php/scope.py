"""What the lowering of PHP carries along: the source, the scopes, the names that the file imports, and the depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.block_statements import BlockStatements
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.switch_chain import SwitchBreak
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

GRAMMAR: Final = Grammar("tree_sitter_php", "language_php")
NODES: Final = read_nodes(__file__)
UNFOLLOWED: Final = "<unfollowed>"
"""The function of the language that says what scopedown does not follow."""
SEPARATOR: Final = "\\"


class Scope:
    """The variables that the program, a function or a class binds itself.

    ``kind`` is ``program``, ``function``, ``method``, ``static``, ``closure`` or ``class``.
    """

    __slots__ = (
        "aliases",
        "class_name",
        "free",
        "generator",
        "hooked",
        "kind",
        "loose",
        "names",
        "parent_name",
        "statics",
        "trait",
    )

    def __init__(self, kind: str, class_name: str = "") -> None:
        self.kind = kind
        self.names: set[str] = set()
        self.free: set[str] = set()
        """Variables of an outer scope that are written here (``global $x``, ``use (&$x)``)."""
        self.class_name = class_name
        """The qualified name of the class whose code it is."""
        self.parent_name: ir.Expr | None = None
        self.generator = False
        self.aliases: dict[str, list[ir.Target]] = {}
        """What else a variable is (``$a = &$b``): a write to it is one to each of them."""
        self.loose: set[str] = set()
        """Variables that other code may write to through a reference, at any time."""
        self.trait = False
        """Whether it is code of a trait, which is of any class that uses the trait."""
        self.hooked = ""
        """The property whose hook it is, which reads and writes the value that is kept there."""
        self.statics: dict[str, str] = {}
        """Variables that a function keeps between its calls, by the names under which the program has them."""


class Lowering(BlockStatements):
    """One file on its way to the intermediate form.

    An expression may hold what is a statement in the intermediate form (``match``): it goes before the statement that
    it is in.
    """

    __slots__ = ("functions", "imports", "namespace", "scopes")

    grammar = GRAMMAR
    nodes = NODES
    trivia = frozenset({"comment", "empty_statement", "php_tag", "php_end_tag", ""})
    blocks = frozenset({"compound_statement", "colon_block", "declaration_list"})
    without_effect = ()

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.scopes = [Scope("program")]
        self.namespace = ""
        self.imports: dict[str, str] = {}
        """Classes and namespaces by the names (in small letters) that the file gives them."""
        self.functions: dict[str, str] = {}
        """Functions and constants by the names that the file gives them."""

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    def is_expression(self, node: Node) -> bool:
        """Whether a node is an expression that is understood."""
        return self.kind(node) in NODES.expressions

    def missing(self, node: Node) -> ir.Expr:
        """A part that a node does not have is null."""
        return ir.Const(None, self.at(node))

    def effect(self, node: Node) -> None:
        """A statement, or an expression whose value is not used."""
        if self.kind(node) in NODES.statements:
            super().effect(node)
        elif self.is_expression(node):
            made = self.expression(node)
            if not isinstance(made, ir.Const | ir.Name | ir.This):
                self.emit(ir.ExprStmt(made, made.at))

    def jump(self, node: Node) -> None:
        """``continue``, and ``break`` with the number of loops and switches that it leaves."""
        depth = next((self.text(child) for child in self.named(node)), "1")
        leaves_switch = self.switch and depth == "1" and self.kind(node) == "break_statement"
        self.emit(SwitchBreak(self.at(node)) if leaves_switch else ir.Jump(self.at(node)))

    def held(self, value: ir.Expr, purpose: str) -> ir.Expr:
        """A value that is used several times: kept under a name, unless reading it again does nothing."""
        if isinstance(value, ir.Const | ir.Name | ir.This):
            return value
        name = ir.Name(self.hidden(purpose), value.at)
        self.emit(ir.Assign(name, value, value.at))
        return name

    def bind(self, name: str) -> str:
        """Say that the innermost scope has this variable; gives it back."""
        self.scopes[-1].names.add(name)
        return name

    def variable(self, name: str) -> str:
        """The name of a variable: one that a function keeps is the program's."""
        for scope in reversed(self.scopes):
            if name in scope.statics:
                return scope.statics[name]
            if scope.kind != "closure" or name in scope.names:
                break
        return name

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        return self.bind(f"<{purpose} {self.serial}>")

    # names of classes and functions

    def qualified(self, written: str) -> str:
        """A class's whole name (https://www.php.net/manual/en/language.namespaces.rules.php)."""
        written = "".join(written.split())
        if written.startswith(SEPARATOR):
            return written[1:]
        first, separator, rest = written.partition(SEPARATOR)
        if first.lower() == "namespace" and separator:
            return self.own(rest)
        imported = self.imports.get(first.lower())
        return imported + separator + rest if imported is not None else self.own(written)

    def qualified_function(self, written: str) -> str:
        """A function's or a constant's whole name; one without a namespace may be PHP's own as well."""
        if SEPARATOR in written:
            return self.qualified(written)
        return self.functions.get(written) or self.own(written)

    def own(self, name: str) -> str:
        """A name of the file's namespace."""
        return f"{self.namespace}{SEPARATOR}{name}" if self.namespace else name
