"""C# expressions, lowered to the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp import addresses
from scopedown.languages.csharp.lowering import NODES, Lowering, targeted
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


@targeted("parenthesized_expression", "await_expression", "checked_expression")
def _inner(work: Lowering, node: Node, expected: ir.Expr | None = None) -> ir.Expr:
    """Parentheses, ``await``, ``checked(…)``, ``ref x``: the expression inside."""
    children = work.named(node) or [one for one in node.children if one.type in ("this", "base")]
    return work.expression(children[-1], expected) if children else ir.Opaque((), work.at(node))


@NODES.expression(
    "generic_name",
    "qualified_name",
    "alias_qualified_name",
    "predefined_type",
    "array_type",
    "nullable_type",
    "typeof_expression",
)
def _type(work: Lowering, node: Node) -> ir.Expr:
    """``typeof(T)``, and types that stand where an expression may."""
    found = written(work, node.child_by_field_name("type") if node.type == "typeof_expression" else node)
    return found if found is not None else ir.Opaque((), work.at(node))


@targeted("ref_expression")
def _reference(work: Lowering, node: Node, expected: ir.Expr | None = None) -> ir.Expr:
    """``ref x`` where it is no argument."""
    return addresses.of(work, _inner(work, node, expected))


@NODES.expression("as_expression", "cast_expression")
def _cast(work: Lowering, node: Node) -> ir.Expr:
    """``(T)x``, ``x as T``."""
    of = node.child_by_field_name("type") or node.child_by_field_name("right")
    value = node.child_by_field_name("value") or node.child_by_field_name("left")
    type_ = written(work, of)
    made = work.expression(value, type_)
    return ir.Cast(made, type_, work.at(node)) if type_ is not None else made


@targeted("conditional_expression")
def _conditional(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    at = work.at(node)
    test = work.expression(node.child_by_field_name("condition"))
    then, otherwise = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if then is not None and then.type == "throw_expression":
        return ir.Op("and", (ir.Op("not", (test,), at), work.expression(otherwise, expected)), at)
    if otherwise is not None and otherwise.type == "throw_expression":
        return ir.Op("and", (test, work.expression(then, expected)), at)
    return ir.Cond(test, work.expression(then, expected), work.expression(otherwise, expected), at)


@NODES.expression("tuple_expression")
def _tuple(work: Lowering, node: Node) -> ir.Expr:
    items = [one.named_children[-1] for one in work.named(node) if one.type == "argument" and one.named_child_count]
    return ir.ListExpr(tuple([work.expression(one) for one in items]), work.at(node))


@NODES.expression("with_expression")
def _with(work: Lowering, node: Node) -> ir.Expr:
    """``record with { A = x }``: its members with others in their place."""
    at = work.at(node)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    children = work.named(node)
    if not children:
        return ir.Opaque((), at)
    entries.append((None, work.expression(children[0])))
    for one in children[1:]:
        parts = work.named(one)
        if one.type == "with_initializer" and len(parts) == 2:
            entries.append((ir.Const(work.text(parts[0]), work.at(parts[0])), work.expression(parts[1])))
    return ir.ObjectExpr(tuple(entries), at)


@NODES.expression("declaration_expression")
def _declaration(work: Lowering, node: Node) -> ir.Expr:
    """``var x`` where a value is given out: the value is not known."""
    at = work.at(node)
    name = node.child_by_field_name("name")
    if name is None or name.type != "identifier":
        return ir.Opaque((), at)
    bound = ir.Name(work.bind(work.text(name), written(work, node.child_by_field_name("type"))), at)
    return ir.AssignExpr(bound, ir.Opaque((), at), at)
