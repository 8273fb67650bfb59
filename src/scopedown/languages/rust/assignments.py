"""Assignments of Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.rust.kinds import ASSIGNED
from scopedown.languages.rust.work import NODES, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def target(work: Work, node: Node) -> ir.Target | None:
    """What is assigned to; None where it is ``_`` or cannot be said."""
    kind = work.kind(node)
    if kind in ("tuple_expression", "array_expression"):
        inside = [target(work, child) for child in work.named(node)]
        return ir.ListPattern(tuple(None if one is None else (one, None) for one in inside), None, work.at(node))
    if kind == "identifier" and work.text(node) == "_":
        return None
    made = work.expression(node)
    if isinstance(made, ir.Name | ir.Attr | ir.Index):
        return made
    work.emit(ir.ExprStmt(made, work.at(node)))  # ``*f(x) += 1``: the call happens
    return None


@NODES.statement("assignment_expression")
def assignment(work: Work, node: Node) -> None:
    """``place = value``, ``*pointer = value``, ``(a, b) = value``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    value = work.expression(right)
    at = work.at(node)
    if left.children and left.children[0].type == "*" and work.named(left):
        made = ir.Name(work.hidden("assigned"), at)
        work.emit(ir.Assign(made, value, at))
        value = made
        place = work.expression(work.named(left)[0])
        work.emit(ir.ExprStmt(ir.Call(ir.Name(ASSIGNED, at), (place, value), (), at), at))
    into = target(work, left)
    work.emit(ir.ExprStmt(value, at) if into is None else ir.Assign(into, value, at))


@NODES.statement("compound_assignment_expr")
def compound(work: Work, node: Node) -> None:
    """``place += value``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    value = work.expression(right)
    into = target(work, left)
    at = work.at(node)
    if into is None or isinstance(into, ir.ListPattern | ir.ObjectPattern):
        work.emit(ir.ExprStmt(value, at))
    else:
        work.emit(ir.Assign(into, value, at, operator.type[:-1]))
