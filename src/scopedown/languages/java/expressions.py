"""Java's expressions, lowered to the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.java import functions, switches, types
from scopedown.languages.java.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

LONG_CHAIN = 40
"""Operands of one ``a + b + …`` above which it is joined as text at once instead of nested."""


@NODES.expression("identifier")
def identifier(work: Lowering, node: Node) -> ir.Expr:
    """A variable, a field or a type."""
    name, at = work.text(node), work.at(node)
    known = work.variables.get(name)
    return ir.Name(known[0] if known is not None else work.member(name), at)


@NODES.expression("this")
def this(work: Lowering, node: Node) -> ir.Expr:
    """``this``."""
    return ir.This(work.at(node)) if work.receiver is None else work.receiver


@NODES.expression("field_access")
def field_access(work: Lowering, node: Node) -> ir.Expr:
    """``object.name``, ``Outer.this``, and types by their full name."""
    at = work.at(node)
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("field")
    if owner is None or name is None:
        return work.opaque(node)
    if name.type == "this":
        return functions.outer_this(work, work.text(owner), at)
    if any(child.type == "super" for child in node.children[1:-1]):
        return ir.Attr(ir.Super(at), work.member(work.text(name)), at)
    if owner.type in ("field_access", "identifier") and (found := _full_name(work, node)) is not None:
        return found
    written = work.text(name)
    return ir.Attr(work.expr(owner), written if _is_other_type(work, owner) else work.member(written), at)


def _full_name(work: Lowering, node: Node) -> ir.Expr | None:
    """``com.acme.Table.NAME``, where its first name is no variable and no field."""
    parts: list[str] = []
    one: Node | None = node
    while one is not None and one.type == "field_access":
        name = one.child_by_field_name("field")
        if name is None or name.type != "identifier" or len(parts) > types.MAX_NESTED:
            return None
        parts.append(work.text(name))
        one = one.child_by_field_name("object")
    if one is None or one.type != "identifier":
        return None
    parts.append(work.text(one))
    parts.reverse()
    if parts[0] in work.variables or parts[0] in work.fields or not types.package_length(parts):
        return None
    return types.dotted(work, node, parts)


def _is_other_type(work: Lowering, node: Node) -> bool:
    """Whether a name is that of a type of another file, whose members are not renamed."""
    name = work.text(node) if node.type == "identifier" else ""
    return name[:1].isupper() and name not in work.variables and not any(one.name == name for one in work.types)


@NODES.expression("array_creation_expression")
def array_creation(work: Lowering, node: Node) -> ir.Expr:
    """``new T[]{a, b}``, ``new T[size]``."""
    at = work.at(node)
    value = node.child_by_field_name("value")
    if value is not None:
        return work.expression(value)
    empty = ir.ListExpr((), at)
    sizes = [
        work.expr(size)
        for child in node.named_children
        if child.type == "dimensions_expr"
        for size in work.named(child)
        if size.type not in types.ANNOTATIONS
    ]
    sizes = [size for size in sizes if not isinstance(size, ir.Const | ir.Name)]
    if not sizes:
        return empty
    return ir.Index(ir.ListExpr((*sizes, empty), at), ir.Const(len(sizes), at), at)


@NODES.expression("class_literal")
def class_literal(work: Lowering, node: Node) -> ir.Expr:
    """``T.class`` is the type itself."""
    parts = work.named(node)
    return (types.type_(work, parts[0]) if parts else None) or ir.Opaque((), work.at(node))


@NODES.expression("cast_expression")
def cast(work: Lowering, node: Node) -> ir.Expr:
    """``(T) value``."""
    value = work.expr(node.child_by_field_name("value"))
    of = types.type_(work, node.child_by_field_name("type"))
    return value if of is None or isinstance(value, ir.Const | ir.Lambda) else ir.Cast(value, of, work.at(node))


@NODES.expression("binary_expression")
def binary(work: Lowering, node: Node) -> ir.Expr:
    """``a + b`` and its like; the left spine is walked without recursion."""
    spine: list[Node] = []
    present: Node | None = node
    while present is not None and present.type == "binary_expression":
        spine.append(present)
        present = present.child_by_field_name("left")
    operators = [_operator(work, one) for one in spine]
    result = work.expr(present)
    rights = [work.expr(one.child_by_field_name("right")) for one in reversed(spine)]
    if len(spine) > LONG_CHAIN:
        if all(one == "+" for one in operators):
            return ir.Template((result, *rights), work.at(node))
        work.dropped = work.dropped or node
        return ir.Opaque((result, *rights), work.at(node))
    for one, operator, right in zip(reversed(spine), reversed(operators), rights, strict=True):
        result = ir.Op(operator, (result, right), work.at(one))
    return result


def _operator(work: Lowering, node: Node) -> str:
    operator = node.child_by_field_name("operator")
    text = work.text(operator) if operator is not None else ""
    return NODES.operators.get(text, text)


@NODES.expression("unary_expression")
def unary(work: Lowering, node: Node) -> ir.Expr:
    """``!x``, ``-x``, ``~x``."""
    operator, at = _operator(work, node), work.at(node)
    value = work.expr(node.child_by_field_name("operand"))
    if isinstance(value, ir.Const) and isinstance(value.value, int | float):
        if operator == "!":
            return ir.Const(not value.value, at)
        if operator in ("+", "-"):
            return ir.Const(-value.value if operator == "-" else value.value, at)
    return ir.Op("not" if operator == "!" else operator, (value,), at)


@NODES.expression("update_expression")
def update(work: Lowering, node: Node) -> ir.Expr:
    """``i++``: the variable then holds a computed value."""
    at = work.at(node)
    value = work.expr(next(iter(work.named(node)), None))
    if not isinstance(value, ir.Name | ir.Attr | ir.Index):
        return ir.Opaque((value,), at)
    operator = next((child.type for child in node.children if not child.is_named), "++")
    return ir.AssignExpr(value, ir.Op(operator, (value,), at), at)


def target(work: Lowering, node: Node) -> ir.Target | None:
    """What an assignment writes to."""
    lowered = work.expr(node)
    return lowered if isinstance(lowered, ir.Name | ir.Attr | ir.Index) else None


def assigned(work: Lowering, node: Node) -> tuple[ir.Target | None, ir.Expr, str | None]:
    """What an assignment writes to, the value, and its operator beside ``=``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = _operator(work, node).removesuffix("=")
    value = work.expr(right)
    return (target(work, left) if left is not None else None), value, NODES.operators.get(sign, sign) or None


@NODES.expression("assignment_expression")
def assignment(work: Lowering, node: Node) -> ir.Expr:
    """``a = b`` as a value."""
    to, value, operator = assigned(work, node)
    at = work.at(node)
    if to is None:
        return ir.Opaque((value,), at)
    if operator is not None and isinstance(to, ir.Name | ir.Attr | ir.Index):
        value = ir.Op(operator, (to, value), at)
    return ir.AssignExpr(to, value, at)


@NODES.expression("ternary_expression")
def ternary(work: Lowering, node: Node) -> ir.Expr:
    """``a ? b : c``; a chain of them is walked without recursion."""
    spine: list[Node] = []
    present: Node | None = node
    while present is not None and present.type == "ternary_expression":
        spine.append(present)
        present = present.child_by_field_name("alternative")
    parts = [
        (work.expr(one.child_by_field_name("condition")), work.expr(one.child_by_field_name("consequence")), one)
        for one in spine
    ]
    result = work.expr(present)
    if len(spine) > LONG_CHAIN:
        work.dropped = work.dropped or node
        return ir.Opaque((result, *(part for test, then, _ in parts for part in (test, then))), work.at(node))
    for test, then, one in reversed(parts):
        result = ir.Cond(test, then, result, work.at(one))
    return result


@NODES.expression("instanceof_expression")
def instanceof(work: Lowering, node: Node) -> ir.Expr:
    """``x instanceof T t``: the variables of the pattern hold the value where it is one."""
    at = work.at(node)
    value = work.expr(node.child_by_field_name("left"))
    pattern = node.child_by_field_name("pattern")
    if pattern is not None:
        return switches.matches(work, value, pattern)
    of = types.type_(work, node.child_by_field_name("right")) or ir.Opaque((), at)
    name = node.child_by_field_name("name")
    if name is not None:
        known = work.declare(work.text(name), of)
        value = ir.AssignExpr(ir.Name(known, work.at(name)), ir.Cast(value, of, at), at)
    return ir.Op("instanceof", (value, of), at)


@NODES.expression("type_identifier", "scoped_type_identifier", "generic_type", "array_type")
def type_as_value(work: Lowering, node: Node) -> ir.Expr:
    """A type where a value may stand."""
    return types.type_(work, node) or ir.Opaque((), work.at(node))
