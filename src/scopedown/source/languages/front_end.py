"""What front ends on tree-sitter do alike: they lead each node of the syntax to what lowers its kind.

A kind is lowered by a function of the front end that is decorated with it (:class:`Nodes`), or by a row of the
language's ``nodes.tsv`` (:mod:`~scopedown.source.languages.node_forms`). A node is an expression, a statement, or, in
languages whose statements have values, a statement whose value goes into a :data:`Sink`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from scopedown.source import ir
from scopedown.source.languages.syntax import Grammar, SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

Sink = Callable[[ir.Expr], ir.Stmt]
"""What is done with the value of an expression that is made of statements: it is returned, or kept in a variable."""
WorkT = TypeVar("WorkT", bound="FrontEnd")
Expression = Callable[[WorkT, "Node"], ir.Expr]
Statement = Callable[[WorkT, "Node"], None]
Operand = tuple[str, "Node", ir.At]
"""An operator as it is written, what stands behind it, and the place of both with what is before."""
MAX_OPERANDS: Final = 400
"""Operands of one operator, and links of ``a.b().c…``, that are followed."""
ExpressionT = TypeVar("ExpressionT", bound=Callable[..., ir.Expr])
StatementT = TypeVar("StatementT", bound=Callable[..., None])


def returned(value: ir.Expr) -> ir.Stmt:
    """The sink of a function's last expression."""
    return ir.Return(value, value.at)


def ignored(value: ir.Expr) -> ir.Stmt:
    """The sink of what is done for its effect."""
    return ir.ExprStmt(value, value.at)


def negated(value: ir.Expr, at: ir.At) -> ir.Expr:
    """``-x``; of a number, the number."""
    if isinstance(value, ir.Const) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        return ir.Const(-value.value, at)
    return ir.Op("-", (value,), at)


def lambda_(
    name: str, given: Sequence[ir.Parameter], body: Sequence[ir.Stmt], names: Iterable[str], at: ir.At,
    receiver: str = "none", returns: ir.Expr | None = None, annotations: Sequence[ir.Expr] = (), accessor: bool = False,
) -> ir.Lambda:  # fmt: skip
    """A function as a value."""
    made = ir.Function(
        name, tuple(given), tuple(body), frozenset(names), at, receiver, accessor, returns=returns,
        annotations=tuple(annotations),
    )  # fmt: skip
    return ir.Lambda(made, at)


def call_of(name: str, given: Sequence[ir.Expr], at: ir.At) -> ir.Call:
    """A call of a function of the language itself, whose name no source has."""
    return ir.Call(ir.Name(name, at), tuple(given), (), at)


class Nodes(Generic[WorkT]):
    """What lowers each kind of node of a language."""

    def __init__(self) -> None:
        self.expressions: dict[str, Expression[WorkT]] = {}
        self.statements: dict[str, Statement[WorkT]] = {}
        self.valued: dict[str, Callable[..., None]] = {}
        """Statements with a value."""
        self.operators: dict[str, str] = {}
        """Operators that the intermediate form calls otherwise."""

    def expression(self, *kinds: str) -> Callable[[ExpressionT], ExpressionT]:
        """Say that a function lowers expressions of some kinds."""
        return lambda function: self._note(self.expressions, kinds, function)

    def statement(self, *kinds: str) -> Callable[[StatementT], StatementT]:
        """Say that a function lowers statements of some kinds."""
        return lambda function: self._note(self.statements, kinds, function)

    def statement_with_value(self, *kinds: str) -> Callable[[StatementT], StatementT]:
        """Say that a function lowers statements of some kinds, whose values it hands to a sink."""
        return lambda function: self._note(self.valued, kinds, function)

    def is_block(self, kind: str) -> bool:
        """Whether nodes of a kind are always made of statements."""
        return kind in self.valued and kind not in self.expressions

    @staticmethod
    def _note(table: dict[str, Any], kinds: tuple[str, ...], function: Any) -> Any:
        table.update(dict.fromkeys(kinds, function))
        return function


class FrontEnd(SourceText):
    """One file on its way to the intermediate form."""

    __slots__ = ("depth", "dropped", "out", "serial")

    grammar: ClassVar[Grammar | None] = None
    """The grammar, where the front end asks for kinds by their number."""
    nodes: ClassVar[Nodes[Any]]
    max_depth: int = 100
    """Levels of nesting that are lowered: each costs up to seven Python frames of the thousand there are."""
    trivia: ClassVar[frozenset[str]] = frozenset({"comment"})
    """Kinds of nodes that are no code where they stand."""
    blocks: ClassVar[frozenset[str]] = frozenset({"block"})
    """Kinds of nodes that hold statements."""
    without_effect: ClassVar[tuple[type[ir.Expr], ...]] = (ir.Const,)
    """Values that a statement is not kept for."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source, self.grammar.kinds if self.grammar is not None else ())
        self.depth = 0
        self.serial = 0
        """How many names were made that no source has."""
        self.dropped: Node | None = None
        """The first node that was nested too deeply."""
        self.out: list[ir.Stmt] = []
        """The statements of the block that is being lowered."""

    # nodes

    def named(self, node: Node) -> list[Node]:
        """The named children that are code."""
        return [child for child in node.named_children if self.kind(child) not in self.trivia]

    def child(self, node: Node, *kinds: str) -> Node | None:
        """The first named child of one of the kinds."""
        return next((one for one in node.named_children if self.kind(one) in kinds), None)

    def too_deep(self, node: Node) -> bool:
        """Whether a node is nested too deeply, which is reported."""
        if self.depth < self.max_depth:
            return False
        self.dropped = self.dropped or node
        return True

    # expressions

    def expression(self, node: Node) -> ir.Expr:
        """Any expression; what nests too deep or is not understood becomes Opaque."""
        if self.too_deep(node):
            return ir.Opaque((), self.at(node))
        self.depth += 1
        kind = self.kind(node)
        handler = self.nodes.expressions.get(kind)
        made = self.other(node, kind) if handler is None else handler(self, node)
        self.depth -= 1
        return made

    def other(self, node: Node, kind: str) -> ir.Expr:
        """An expression of a kind that is none of a table."""
        return self.opaque(node)

    def is_expression(self, node: Node) -> bool:
        """Whether a node is evaluated where it stands in one that is not understood."""
        return True

    def opaque(self, node: Node) -> ir.Expr:
        """What is not expressed: the expressions in it are evaluated."""
        inside = [self.expression(one) for one in self.named(node) if self.is_expression(one)]
        return ir.Opaque(tuple(inside), self.at(node))

    def expressions(self, nodes: Sequence[Node]) -> tuple[ir.Expr, ...]:
        """Expressions in order."""
        return tuple([self.expression(node) for node in nodes])

    def missing(self, node: Node) -> ir.Expr:
        """What stands for a part that a node does not have."""
        return ir.Opaque((), self.at(node))

    def part(self, node: Node, field: str) -> ir.Expr:
        """The expression under a field of a node."""
        child = node.child_by_field_name(field)
        return self.missing(node) if child is None else self.expression(child)

    def first(self, node: Node) -> ir.Expr | None:
        """The expression in a node that may hold one."""
        inside = self.named(node)
        return self.expression(inside[0]) if inside else None

    # operators

    def operands(self, node: Node, ends: Callable[[Node], bool] | None = None) -> tuple[Node, list[Operand]]:
        """The first operand of ``a + b + c``, and each further one with its operator; the left side is walked, as far
        as a node does not end it."""
        kind, found = self.kind(node), list[Operand]()
        while self.kind(node) == kind and len(found) < MAX_OPERANDS and not (ends is not None and ends(node)):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            operator = node.child_by_field_name("operator")
            if left is None or right is None or operator is None:
                break
            found.append((self.text(operator), right, self.at(node)))
            node = left
        return node, found[::-1]

    def binary(self, node: Node) -> ir.Expr:
        """Operators of two operands."""
        first, following = self.operands(node)
        made = self.opaque(first) if self.kind(first) == self.kind(node) else self.expression(first)
        for written, other, at in following:
            made = self.operation(written, made, other, at)
        return made

    def operation(self, written: str, left: ir.Expr, right: Node, at: ir.At) -> ir.Expr:
        """One operator between two operands."""
        return ir.Op(self.nodes.operators.get(written, written), (left, self.expression(right)), at)

    # statements

    def statement(self, node: Node) -> None:
        """A statement of a block; one that nests too deep is left out."""
        if not self.too_deep(node):
            self.depth += 1
            self.effect(node)
            self.depth -= 1

    def effect(self, node: Node) -> None:
        """A statement, or an expression whose value is not used."""
        lower = self.nodes.statements.get(self.kind(node))
        if lower is not None:
            lower(self, node)
        elif self.is_expression(node):
            self.emit(ir.ExprStmt(self.expression(node), self.at(node)))

    def sequence(self, nodes: Sequence[Node]) -> None:
        """The statements of a block in order."""
        for node in nodes:
            self.statement(node)

    def body(self, node: Node | None) -> ir.Block:
        """A block with names of its own, or a statement that stands where a block may."""
        with self.block() as out:
            if node is not None:
                self.sequence(self.named(node) if self.kind(node) in self.blocks else [node])
        return tuple(out)

    def emit(self, statement: ir.Stmt) -> None:
        """Add a statement to the present block, unless it does nothing."""
        if not (isinstance(statement, ir.ExprStmt) and isinstance(statement.value, self.without_effect)):
            self.out.append(statement)

    def jump(self, node: Node) -> None:
        """What leaves a loop, or its present turn."""
        self.emit(ir.Jump(self.at(node)))

    @contextmanager
    def collected(self) -> Iterator[list[ir.Stmt]]:
        """The statements that are made meanwhile."""
        outer, self.out = self.out, []
        yield self.out
        self.out = outer

    @contextmanager
    def own_names(self) -> Iterator[None]:
        """A block as far as its names go."""
        self.enter_block()
        yield
        self.leave_block()

    @contextmanager
    def block(self) -> Iterator[list[ir.Stmt]]:
        """The statements of a block."""
        with self.own_names(), self.collected() as out:
            yield out

    def enter_block(self) -> None:
        """A block begins, which may have names of its own."""

    def leave_block(self) -> None:
        """It ends."""
