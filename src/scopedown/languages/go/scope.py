"""What the Go lowering carries along: the source, the scopes with their variables, and how deep it stands.

The intermediate form has function scopes only. Go's block scopes are kept apart by renaming, when a function's body is
known: a variable whose name its function has already, or uses for something outside of it, becomes ``name~2``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scopedown.languages.go.defaults import folded
from scopedown.source import ir
from scopedown.source.languages.front_end import FrontEnd
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

GRAMMAR: Final = Grammar("tree_sitter_go")
NODES: Final = read_nodes(__file__)
_ADDRESS: Final = re.compile(rb"&\s*([A-Za-z_][A-Za-z0-9_]*)\b(?!\s*[.{])")

_GOTO: Final = re.compile(rb"\bgoto\s{1,20}(\w{1,100})")


def left_anywhere(statements: list[ir.Stmt]) -> ir.Stmt:
    """Statements after any of which control may go on behind them all."""
    return ir.Try(tuple(statements), ((None, ()),), (), statements[0].at)


class Variable:
    """A variable of a function, with the places that mean it."""

    __slots__ = ("annotation", "is_struct", "name", "nodes")

    def __init__(self, name: str) -> None:
        self.name = name
        self.annotation: ir.Expr | None = None
        """The type that it is declared with."""
        self.is_struct = False
        """Whether it holds a struct itself, if its type is one."""
        self.nodes: list[ir.Name] = []


class Breakable:
    """A loop, switch or select around the present place."""

    __slots__ = ("breaks", "is_left_from_inside", "is_loop", "label")

    def __init__(self, label: str, is_loop: bool) -> None:
        self.label = label
        self.is_loop = is_loop
        self.breaks = 0
        """The breaks in the present case."""
        self.is_left_from_inside = False
        """Whether a ``break`` in a statement within leaves it."""


class Scope:
    """A function's variables by block, and what it uses of the scopes around it."""

    __slots__ = (
        "blocks",
        "breakables",
        "changed",
        "deferred",
        "hidden",
        "label",
        "later",
        "lookups",
        "outside",
        "recovers",
        "results",
        "started",
        "variables",
    )

    def __init__(self) -> None:
        self.blocks: list[dict[str, Variable]] = [{}]
        self.variables: list[Variable] = []
        self.outside: set[str] = set()
        self.results: tuple[str, ...] = ()
        """The named results, which a bare ``return`` gives."""
        self.hidden: set[str] = set()
        self.lookups: dict[str, str] = {}
        """Variables that say whether a variable of the environment is set, with those that hold it."""
        self.started: list[ir.ExprStmt] = []
        """The goroutines that the function has started."""
        self.later: list[ir.Stmt] = []
        """Those to which it may have sent something since: they run at its end."""
        self.breakables: list[Breakable] = []
        """Innermost last."""
        self.label = ""
        """The label before the statement that comes next."""
        self.changed: set[str] = set()
        """The named results that deferred calls may change."""
        self.deferred: list[ir.ExprStmt] = []
        """Deferred calls that run at the function's end, too."""
        self.recovers = False
        """Whether a deferred function may recover from a panic."""

    def result(self, name: str, at: ir.At) -> ir.Name:
        """A named result, whatever else has its name in the present block."""
        made = ir.Name(name, at)
        if (variable := self.blocks[0].get(name)) is not None:
            variable.nodes.append(made)
        else:
            self.hidden.add(name)
        return made


_CHANNEL: Final = re.compile(
    rb"\b(\w{1,100})\s{0,20}(?:<-\s{0,20})?\bchan\b|\b(\w{1,100})\s{0,20}:?=\s{0,20}make\(\s{0,20}(?:<-)?chan\b"
    rb"|\b(\w{1,100})\([^(){}\n]{0,500}\)\s{0,20}(?:<-\s{0,20})?chan\b"
)
"""``jobs <-chan T``, ``jobs := make(chan T)``, ``func jobs() chan T``."""


class Lowering(FrontEnd):
    """One file on its way to the intermediate form."""

    __slots__ = ("addressed", "channels", "functions", "gotos", "iota", "methods", "recovers", "scopes", "types")

    grammar = GRAMMAR
    nodes = NODES
    max_depth = 120
    without_effect = ()

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.serial = 1
        self.channels = frozenset(
            next(filter(None, found)).decode("utf-8", "replace") for found in _CHANNEL.findall(source)
        )
        """Names of variables, parameters, members and functions that are declared as channels."""
        self.scopes: list[Scope] = []
        """The functions around the present place, outermost first; empty at the top level."""
        self.types: dict[str, Node] = {}
        """What the types of this file are defined as, by their names."""
        self.functions: set[str] = set()
        """The names of this file's functions."""
        self.methods: set[str] = set()
        """The names of this file's methods."""
        self.recovers = b"recover(" in source
        """Whether a function of this file recovers from a panic."""
        self.addressed = frozenset(name.decode() for name in _ADDRESS.findall(source))
        """Names of variables whose address is taken: others may write to them."""
        self.gotos = frozenset(name.decode() for name in _GOTO.findall(source))
        """The labels that a ``goto`` names."""
        self.iota: int | None = None

    # dispatch

    def missing(self, node: Node) -> ir.Expr:
        """What stands for a part that a node does not have."""
        return ir.Opaque((), (1, 1))

    def expression(self, node: Node | None) -> ir.Expr:
        """Any expression; one that is missing is opaque."""
        return ir.Opaque((), (1, 1)) if node is None else super().expression(node)

    def body(self, node: Node | None) -> ir.Block:
        """The statements of a block, in a scope of their own."""
        return tuple(folded(list(super().body(node))))

    def sequence(self, nodes: Sequence[Node]) -> None:
        """The statements of a block or of a case, in the present scope."""
        if self.gotos and any(map(self._is_target, nodes)):
            self._between_labels(nodes)
            return
        for child in nodes:
            if child.type == "statement_list":
                self.sequence(self.named(child))
            else:
                self.statement(child)

    def _between_labels(self, nodes: Sequence[Node]) -> None:
        """The statements of a block, of which some have labels that ``goto`` names: code may come to a label in any
        state, so that what follows the first is a loop over the parts between labels, of which each may run."""
        parts: list[list[ir.Stmt]] = [[]]
        for node in nodes:
            if self._is_target(node):
                parts.append([])
            with self.collected() as out:
                self.statement(node)
            parts[-1] += out
        first, *rest = parts
        if first:
            self.emit(left_anywhere(first))
        ways: list[ir.Stmt] = [ir.If(ir.Opaque((), part[0].at), tuple(part), (), part[0].at) for part in rest if part]
        if ways:
            self.emit(ir.Loop(None, None, tuple(ways), ways[0].at))

    def _is_target(self, node: Node) -> bool:
        return node.type == "labeled_statement" and self.text(self.named(node)[0]) in self.gotos

    # variables

    def enter_block(self) -> None:
        """Variables from here on are a block's own."""
        if self.scopes:
            self.scopes[-1].blocks.append({})

    def leave_block(self) -> None:
        """The block ends."""
        if self.scopes:
            self.scopes[-1].blocks.pop()

    def declare(self, name: str, at: ir.At, annotation: ir.Expr | None = None) -> ir.Name:
        """A new variable of the present block; at the top level, the package's."""
        made = ir.Name(name, at)
        if name != "_" and self.scopes:
            scope = self.scopes[-1]
            variable = Variable(name)
            variable.nodes.append(made)
            variable.annotation = annotation
            scope.variables.append(variable)
            scope.blocks[-1][name] = variable
        elif self.scopes:
            self.scopes[-1].hidden.add(name)
        return made

    def is_new(self, name: str) -> bool:
        """Whether ``name := …`` makes a variable here."""
        return not self.scopes or name not in self.scopes[-1].blocks[-1]

    def is_variable(self, name: str) -> bool:
        """Whether a name is a variable of a function here."""
        return any(name in block for scope in self.scopes for block in scope.blocks)

    def name(self, node: Node) -> ir.Expr:
        """A name that is used."""
        return self.named_at(self.text(node), self.at(node))

    def named_at(self, name: str, at: ir.At) -> ir.Name:
        """A name that is used, by its text."""
        made = ir.Name(name, at)
        if name == "_" and self.scopes:
            self.scopes[-1].hidden.add(name)
            return made
        for scope in reversed(self.scopes):
            for block in reversed(scope.blocks):
                if (variable := block.get(name)) is not None:
                    variable.nodes.append(made)
                    return made
            scope.outside.add(name)
        return made

    def declared_type(self, name: str) -> ir.Expr | None:
        """The type that a function's variable is declared with; None where it takes that of its value."""
        variable = self.variable(name)
        return None if variable is None else variable.annotation

    def variable(self, name: str) -> Variable | None:
        """A variable of a function by its name here."""
        for scope in reversed(self.scopes):
            for block in reversed(scope.blocks):
                if (variable := block.get(name)) is not None:
                    return variable
        return None

    def hidden(self, purpose: str) -> str:
        """A fresh name that no source can have."""
        self.serial += 1
        name = f"<{purpose} {self.serial}>"
        if self.scopes:
            self.scopes[-1].hidden.add(name)
        return name

    def end(self, scope: Scope) -> frozenset[str]:
        """A function's body is known: its variables get names that nothing else in it has."""
        taken = set(scope.outside)
        for variable in scope.variables:
            name = variable.name
            if name in taken:
                self.serial += 1
                name = f"{variable.name}~{self.serial}"
                for node in variable.nodes:
                    node.id = name
            taken.add(name)
            scope.hidden.add(name)
        return frozenset(scope.hidden)
