"""From a node of Ruby's syntax to its form: by tables of handlers, with a bound on the nesting.

An expression may hold statements (``x = if a … end``): they go before the statement that it is in. A statement may be
the value of what it stands in: its :data:`~scopedown.languages.ruby.scope.Sink` says what becomes of that value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.languages.ruby.scope import MAX_DEPTH, Lowering, Sink
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def expression(work: Lowering, node: Node) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque."""
    kind = work.kind(node)
    handler = work.expressions.get(kind)
    if work.depth >= MAX_DEPTH:
        return ir.Opaque((), work.at(node))
    work.depth += 1
    if handler is not None:
        made = handler(work, node)
    elif kind in work.statements:
        made = valued(work, node)
    else:
        made = opaque(work, node)
    work.depth -= 1
    return made


def opaque(work: Lowering, node: Node) -> ir.Expr:
    """What cannot be expressed: its parts are evaluated."""
    at = work.at(node)
    if work.depth >= MAX_DEPTH or node.named_child_count == 0:
        return ir.Opaque((), at)
    return ir.Opaque(tuple([expression(work, child) for child in work.named(node)]), at)


def valued(work: Lowering, node: Node) -> ir.Expr:
    """A statement that is used as a value: it goes before the present one, and its value is kept under a name."""
    at = work.at(node)
    kept = ir.Name(work.hidden("value"), at)
    work.emit(ir.Assign(kept, ir.Const(None, at), at))
    statement(work, node, lambda value: ir.Assign(kept, value, value.at))
    return kept


def field(work: Lowering, node: Node, name: str) -> ir.Expr:
    """The expression under a field of a node; None where there is none."""
    child = node.child_by_field_name(name)
    return ir.Const(None, work.at(node)) if child is None else expression(work, child)


def apart(work: Lowering, node: Node | None) -> tuple[ir.Expr, ir.Block]:
    """An expression that is not always evaluated, and the statements that go before it then."""
    made: list[ir.Expr] = []
    before = collected(work, lambda: made.append(expression(work, node))) if node is not None else ()
    return (made[0] if made else ir.Const(None, (1, 1))), before


def held(work: Lowering, value: ir.Expr, purpose: str) -> ir.Expr:
    """A value that is used several times: kept under a name, unless reading it again does nothing."""
    if isinstance(value, ir.Const | ir.Name):
        return value
    name = ir.Name(work.hidden(purpose), value.at)
    work.emit(ir.Assign(name, value, value.at))
    return name


# statements


def statement(work: Lowering, node: Node, sink: Sink | None) -> None:
    """One statement into the present block, and its value into the sink."""
    kind = work.kind(node)
    handler = work.statements.get(kind)
    if work.depth >= MAX_DEPTH:
        return
    work.depth += 1
    if handler is not None:
        handler(work, node, sink)
    elif kind == "ERROR":
        for child in work.named(node):
            statement(work, child, None)
    else:
        ended(work, expression(work, node), sink)
    work.depth -= 1


def ended(work: Lowering, value: ir.Expr, sink: Sink | None) -> None:
    """The value of a statement goes into the sink; without one, a value alone does nothing."""
    if sink is not None:
        work.emit(sink(value))
    elif not isinstance(value, ir.Const | ir.Name | ir.This):
        work.emit(ir.ExprStmt(value, value.at))


def block(work: Lowering, nodes: list[Node], sink: Sink | None = None, at: ir.At = (1, 1)) -> ir.Block:
    """Statements in order; the value of the last one goes into the sink."""

    def fill() -> None:
        for number, node in enumerate(nodes):
            statement(work, node, sink if number == len(nodes) - 1 else None)
        if sink is not None and not nodes:
            work.emit(sink(ir.Const(None, at)))

    return collected(work, fill)


def collected(work: Lowering, fill: Callable[[], None]) -> ir.Block:
    """The statements that something emits, as a block of their own."""
    out: list[ir.Stmt] = []
    work.blocks.append(out)
    fill()
    work.blocks.pop()
    return tuple(out)


_CLAUSES = frozenset({"rescue", "else", "ensure"})


def body(work: Lowering, node: Node | None, sink: Sink | None = None) -> ir.Block:
    """The block of a node that holds statements, with its ``rescue``, ``else`` and ``ensure``; a node that holds none
    is one itself."""
    if node is None:
        return () if sink is None else (sink(ir.Const(None, (1, 1))),)
    at = work.at(node)
    if work.kind(node) not in ("body_statement", "begin", "block_body", "then", "do", "else", "ensure", "begin_block"):
        return block(work, [node], sink, at)
    children = work.named(node)
    clauses = [child for child in children if work.kind(child) in _CLAUSES]
    plain = [child for child in children if work.kind(child) not in _CLAUSES]
    if not clauses:
        return block(work, plain, sink, at)
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    before, work.scope.retried = work.scope.retried, False
    final: ir.Block = ()
    otherwise = next((child for child in clauses if work.kind(child) == "else"), None)
    tried = block(work, plain, None if otherwise is not None else sink, at)
    if otherwise is not None:
        tried += body(work, otherwise, sink)
    for clause in clauses:
        if work.kind(clause) == "rescue":
            handlers.append(_rescue(work, clause, sink))
        elif work.kind(clause) == "ensure":
            final = body(work, clause)
    made = ir.Try(tried, tuple(handlers), final, at)
    again, work.scope.retried = work.scope.retried, before
    return (ir.Loop(None, None, (made,), at) if again else made,)


def _rescue(work: Lowering, node: Node, sink: Sink | None) -> tuple[ir.Target | None, ir.Block]:
    variable = node.child_by_field_name("variable")
    inner = work.named(variable) if variable is not None else []
    caught: ir.Target | None = None
    if inner and work.kind(inner[0]) == "identifier":
        caught = ir.Name(work.bind(work.text(inner[0])), work.at(inner[0]))
    return caught, body(work, node.child_by_field_name("body"), sink)
