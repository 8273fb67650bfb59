"""What the lowering of Ruby carries along: the source, the scopes, the present block, and how deep it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.front_end import FrontEnd, Sink
from scopedown.source.languages.node_forms import read_nodes
from scopedown.source.languages.syntax import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

GRAMMAR: Final = Grammar("tree_sitter_ruby")
NODES: Final = read_nodes(__file__)
BLOCK: Final = "&"
"""The keyword under which a call hands over its block."""

_BODIES: Final = frozenset({"body_statement", "begin", "block_body", "then", "do", "else", "ensure", "begin_block"})
_CLAUSES: Final = frozenset({"rescue", "else", "ensure"})


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


class Lowering(FrontEnd):
    """One file on its way to the intermediate form.

    An expression may hold statements (``x = if a … end``): they go before the statement that it is in. A statement may
    be the value of what it stands in: its sink says what becomes of that value.
    """

    __slots__ = ("broken", "heredocs", "scopes")

    grammar = GRAMMAR
    nodes = NODES
    trivia = frozenset({"comment", "heredoc_body", "empty_statement", ""})
    without_effect = ()

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self.scopes = [Scope("program")]
        self.heredocs: dict[int, Node] = {}
        """The texts of heredocs, by where they are announced."""
        self.broken = ""
        """The name that keeps the value of ``break`` in the block that was lowered last."""

    @property
    def scope(self) -> Scope:
        """The innermost scope."""
        return self.scopes[-1]

    # expressions

    def missing(self, node: Node) -> ir.Expr:
        """A part that a node does not have is nil."""
        return ir.Const(None, self.at(node))

    def other(self, node: Node, kind: str) -> ir.Expr:
        """A statement as an expression."""
        return self.kept_value(node) if kind in NODES.valued else self.opaque(node)

    def kept_value(self, node: Node) -> ir.Expr:
        """A statement that is used as a value: it goes before the present one, and its value is kept under a name."""
        at = self.at(node)
        kept = ir.Name(self.hidden("value"), at)
        self.emit(ir.Assign(kept, ir.Const(None, at), at))
        self.statement(node, lambda value: ir.Assign(kept, value, value.at))
        return kept

    def apart(self, node: Node | None) -> tuple[ir.Expr, ir.Block]:
        """An expression that is not always evaluated, and the statements that go before it then."""
        with self.collected() as before:
            made = ir.Const(None, (1, 1)) if node is None else self.expression(node)
        return made, tuple(before)

    def held(self, value: ir.Expr, purpose: str) -> ir.Expr:
        """A value that is used several times: kept under a name, unless reading it again does nothing."""
        if isinstance(value, ir.Const | ir.Name):
            return value
        name = ir.Name(self.hidden(purpose), value.at)
        self.emit(ir.Assign(name, value, value.at))
        return name

    # statements

    def statement(self, node: Node, sink: Sink | None = None) -> None:
        """One statement into the present block, and its value into the sink."""
        kind = self.kind(node)
        if self.too_deep(node):
            return
        self.depth += 1
        if (lower := NODES.valued.get(kind)) is not None:
            lower(self, node, sink)
        elif kind in NODES.statements:
            NODES.statements[kind](self, node)
        else:
            self.ended(self.expression(node), sink)
        self.depth -= 1

    def ended(self, value: ir.Expr, sink: Sink | None) -> None:
        """The value of a statement goes into the sink; without one, a value alone does nothing."""
        if sink is not None:
            self.emit(sink(value))
        elif not isinstance(value, ir.Const | ir.Name | ir.This):
            self.emit(ir.ExprStmt(value, value.at))

    def in_order(self, nodes: Sequence[Node], sink: Sink | None = None, at: ir.At = (1, 1)) -> ir.Block:
        """Statements in order; the value of the last one goes into the sink."""
        with self.collected() as out:
            for number, node in enumerate(nodes):
                self.statement(node, sink if number == len(nodes) - 1 else None)
            if sink is not None and not nodes:
                self.emit(sink(ir.Const(None, at)))
        return tuple(out)

    def body(self, node: Node | None, sink: Sink | None = None) -> ir.Block:
        """The block of a node that holds statements, with its ``rescue``, ``else`` and ``ensure``; a node that holds
        none is one itself."""
        if node is None:
            return () if sink is None else (sink(ir.Const(None, (1, 1))),)
        at = self.at(node)
        if self.kind(node) not in _BODIES:
            return self.in_order([node], sink, at)
        children = self.named(node)
        clauses = [child for child in children if self.kind(child) in _CLAUSES]
        plain = [child for child in children if self.kind(child) not in _CLAUSES]
        if not clauses:
            return self.in_order(plain, sink, at)
        handlers: list[tuple[ir.Target | None, ir.Block]] = []
        before, self.scope.retried = self.scope.retried, False
        final: ir.Block = ()
        otherwise = next((child for child in clauses if self.kind(child) == "else"), None)
        tried = self.in_order(plain, None if otherwise is not None else sink, at)
        if otherwise is not None:
            tried += self.body(otherwise, sink)
        for clause in clauses:
            if self.kind(clause) == "rescue":
                handlers.append(self._rescue(clause, sink))
            elif self.kind(clause) == "ensure":
                final = self.body(clause)
        made = ir.Try(tried, tuple(handlers), final, at)
        again, self.scope.retried = self.scope.retried, before
        return (ir.Loop(None, None, (made,), at) if again else made,)

    def _rescue(self, node: Node, sink: Sink | None) -> tuple[ir.Target | None, ir.Block]:
        variable = node.child_by_field_name("variable")
        inner = self.named(variable) if variable is not None else []
        caught: ir.Target | None = None
        if inner and self.kind(inner[0]) == "identifier":
            caught = ir.Name(self.bind(self.text(inner[0])), self.at(inner[0]))
        return caught, self.body(node.child_by_field_name("body"), sink)

    def chain(
        self, branches: list[Branch], otherwise: ir.Block | None, sink: Sink | None, turned: bool = False
    ) -> None:
        """Branches in order; without an ``else`` their value is nil. ``turned``: the first runs where its test does
        not hold."""
        if not branches:
            return
        if otherwise is None:
            otherwise = () if sink is None else (sink(ir.Const(None, branches[-1][3])),)
        before, test, then, at = branches[0]
        self.out.extend((*before, ir.If(test, otherwise, then, at)) if turned else if_chain(branches, otherwise))

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
