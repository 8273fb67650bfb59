"""From a node of PHP's syntax to its form: by tables of handlers, with a bound on the nesting.

An expression may hold what is a statement in the intermediate form (``match``): it goes before the statement that it
is in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.languages.php.scope import MAX_DEPTH, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def expression(work: Lowering, node: Node) -> ir.Expr:
    """Any expression; what nests too deep or is not understood becomes Opaque."""
    if work.depth >= MAX_DEPTH:
        return ir.Opaque((), work.at(node))
    work.depth += 1
    handler = work.expressions.get(work.kind(node))
    made = opaque(work, node) if handler is None else handler(work, node)
    work.depth -= 1
    return made


def opaque(work: Lowering, node: Node) -> ir.Expr:
    """What cannot be expressed: its parts are evaluated."""
    at = work.at(node)
    if work.depth >= MAX_DEPTH or node.named_child_count == 0:
        return ir.Opaque((), at)
    return ir.Opaque(tuple([expression(work, child) for child in work.named(node)]), at)


def field(work: Lowering, node: Node, name: str) -> ir.Expr:
    """The expression under a field of a node; None where there is none."""
    child = node.child_by_field_name(name)
    return ir.Const(None, work.at(node)) if child is None else expression(work, child)


def held(work: Lowering, value: ir.Expr, purpose: str) -> ir.Expr:
    """A value that is used several times: kept under a name, unless reading it again does nothing."""
    if isinstance(value, ir.Const | ir.Name | ir.This):
        return value
    name = ir.Name(work.hidden(purpose), value.at)
    work.emit(ir.Assign(name, value, value.at))
    return name


def statement(work: Lowering, node: Node) -> None:
    """One statement into the present block."""
    if work.depth >= MAX_DEPTH:
        return
    work.depth += 1
    kind = work.kind(node)
    handler = work.statements.get(kind)
    if handler is not None:
        handler(work, node)
    elif kind == "ERROR":
        for child in work.named(node):
            statement(work, child)
    elif kind in work.expressions:
        made = expression(work, node)
        if not isinstance(made, ir.Const | ir.Name | ir.This):
            work.emit(ir.ExprStmt(made, made.at))
    work.depth -= 1


def collected(work: Lowering, fill: Callable[[], None]) -> ir.Block:
    """The statements that something emits, as a block of their own."""
    out: list[ir.Stmt] = []
    work.blocks.append(out)
    fill()
    work.blocks.pop()
    return tuple(out)


def block(work: Lowering, nodes: list[Node]) -> ir.Block:
    """Statements in order."""

    def fill() -> None:
        for node in nodes:
            statement(work, node)

    return collected(work, fill)


def body(work: Lowering, node: Node | None) -> ir.Block:
    """The block of a node: a statement alone, or those between braces or after a colon."""
    if node is None:
        return ()
    if work.kind(node) in ("compound_statement", "colon_block", "declaration_list"):
        return block(work, work.named(node))
    return block(work, [node])
