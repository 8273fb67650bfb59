"""Go's pointers to variables: ``&x``, ``*p``, ``*p = v`` (:mod:`scopedown.calls.interpreter.references`).

A literal behind ``&`` is what it is. Of a variable, a field or an element the address knows how to read and to write
it: two functions that the literal form of a function cannot name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.go.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def taken(work: Lowering, node: Node, value: ir.Expr) -> ir.Expr:
    """``&x``, where ``value`` is what ``x`` is."""
    place = work.expression(node) if _has_place(value) else None
    if not isinstance(place, ir.Name | ir.Attr | ir.Index):
        return value
    at = work.at(node)
    given_name = "<written>"
    annotation = work.declared_type(value.id) if isinstance(value, ir.Name) else None
    reading = ir.Function("", (), (ir.Return(value, at),), frozenset(), at)
    writing = ir.Function(
        "",
        (ir.Parameter(ir.Name(given_name, at)),),
        (ir.Assign(place, ir.Name(given_name, at), at, annotation=annotation),),
        frozenset((given_name,)),
        at,
    )
    given = (value, ir.Lambda(reading, at), ir.Lambda(writing, at))
    return ir.Call(ir.Name("<address>", at), given, (), at)


def _has_place(value: ir.Expr) -> bool:
    """Whether it is written by names alone, so that reading it twice runs nothing twice."""
    match value:
        case ir.Name():
            return True
        case ir.Attr(object=owner):
            return _has_place(owner)
        case ir.Index(object=owner, index=ir.Name() | ir.Const()):
            return _has_place(owner)
        case _:
            return False


def read(pointer: ir.Expr) -> ir.Expr:
    """``*p``."""
    return ir.Call(ir.Name("<load>", pointer.at), (pointer,), (), pointer.at)


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
    stored = ir.Call(ir.Name("<store>", at), (pointer, value), (), at)
    if isinstance(pointer, ir.Name | ir.Attr) and _has_place(pointer):
        return ir.Assign(pointer, stored, at)
    return ir.ExprStmt(stored, at)
