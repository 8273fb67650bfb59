"""Go's pointers to variables: ``&x``, ``*p``, ``*p = v`` (:mod:`scopedown.calls.interpreter.references`).

A literal behind ``&`` is what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.addresses import WRITTEN, address, has_place, load, store
from scopedown.languages.go.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def taken(work: Lowering, node: Node, value: ir.Expr) -> ir.Expr:
    """``&x``, where ``value`` is what ``x`` is."""
    place = work.expression(node) if has_place(value) else None
    if not isinstance(place, ir.Name | ir.Attr | ir.Index):
        return value
    at = work.at(node)
    annotation = work.declared_type(value.id) if isinstance(value, ir.Name) else None
    return address(value, value, ir.Assign(place, ir.Name(WRITTEN, at), at, annotation=annotation))


def read(pointer: ir.Expr) -> ir.Expr:
    """``*p``."""
    return load(pointer, pointer.at)


def pointer(work: Lowering, node: Node) -> ir.Expr | None:
    """What stands behind the star where a value is assigned to ``*p``; None for other targets."""
    while node.type == "parenthesized_expression" and (parts := work.named(node)):
        node = parts[0]
    operator = node.child_by_field_name("operator") if node.type == "unary_expression" else None
    if operator is None or work.text(operator) != "*":
        return None
    return work.expression(node.child_by_field_name("operand"))


def written(pointer: ir.Expr, value: ir.Expr, at: ir.At) -> ir.Stmt:
    """``*p = v``; the pointer is refreshed, so that ``p`` is what is behind it now."""
    stored = store(pointer, value, at)
    if isinstance(pointer, ir.Name | ir.Attr) and has_place(pointer):
        return ir.Assign(pointer, stored, at)
    return ir.ExprStmt(stored, at)
