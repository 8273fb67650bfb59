"""C# operators and assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.addresses import load, store
from scopedown.languages.csharp import addresses, numbers
from scopedown.languages.csharp.lowering import NODES, Lowering, targeted
from scopedown.languages.csharp.written_types import written
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS

if TYPE_CHECKING:
    from tree_sitter import Node


@targeted("binary_expression")
def binary(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``a + b``; a long sum is walked. ``x ?? throw …`` is ``x``."""
    links: list[tuple[str, Node | None, ir.At]] = []
    first: Node | None = node
    while first is not None and first.type == "binary_expression":
        operator = first.child_by_field_name("operator")
        links.append(
            (work.text(operator) if operator is not None else "", first.child_by_field_name("right"), work.at(first))
        )
        first = first.child_by_field_name("left")
    if len(links) > MAX_OPERANDS:
        return _long(work, first, links, work.at(node))
    made = work.expression(first, expected)
    for operator_text, right, at in reversed(links):
        if operator_text == "??" and right is not None and right.type == "throw_expression":
            continue
        of = expected if operator_text == "??" else None
        made = ir.Op(NODES.operators.get(operator_text, operator_text), (made, work.expression(right, of)), at)
    return made


def _long(work: Lowering, first: Node | None, links: list[tuple[str, Node | None, ir.At]], at: ir.At) -> ir.Expr:
    """Very many operands: a text where they are joined, else not known."""
    parts = [work.expression(first), *(work.expression(right) for _, right, _ in reversed(links))]
    if all(operator == "+" for operator, _, _ in links):
        return ir.Template(tuple(parts), at)
    return ir.Opaque(tuple(parts), at)


@NODES.expression("prefix_unary_expression")
def prefix(work: Lowering, node: Node) -> ir.Expr:
    """``!x``, ``-x``, ``++x``, ``^x``, ``&x``."""
    at = work.at(node)
    operator = node.children[0].type if node.children else ""
    children = work.named(node)
    operand = children[-1] if children else next((one for one in node.children if one.type in ("this", "base")), None)
    value = work.expression(operand)
    if operator == "!":
        return ir.Op("not", (value,), at)
    if operator == "-" and isinstance(value, ir.Const) and isinstance(value.value, int | float):
        return ir.Const(-value.value, at)
    if operator in ("++", "--") and isinstance(value, ir.Name | ir.Attr | ir.Index):
        read, to = addresses.twice(work, value)
        made = numbers.step(work, read, operator[0], at)
        return ir.AssignExpr(to, addresses.stored(work, to, made, at), at)
    if operator == "&":
        return addresses.of(work, value)
    if operator == "*":
        return load(value, at)
    return value if operator == "+" else ir.Opaque((value,), at)


@NODES.expression("assignment_expression")
def assignment(work: Lowering, node: Node) -> ir.Expr:
    """``a = b`` as a value; ``a ??= b`` and ``a += b`` give what they make."""
    at = work.at(node)
    to, value, operator = parts(work, node)
    if to is None:
        pointer = addresses.pointed(work, node.child_by_field_name("left"))
        if pointer is not None:
            return store(work.expression(pointer), value if operator is None else ir.Opaque((), at), at)
        return ir.Opaque((value,), at)
    if operator is not None and isinstance(to, ir.Name | ir.Attr | ir.Index):
        read, to = addresses.twice(work, to)
        value = addresses.subscribed(to, operator, value)
        value = numbers.computed(work, read, operator, value, at)
    return ir.AssignExpr(to, addresses.stored(work, to, value, at), at)


def parts(work: Lowering, node: Node) -> tuple[ir.Target | None, ir.Expr, str | None]:
    """What an assignment writes to, the value, and the operator of ``+=`` and its like."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    text = work.text(sign) if sign is not None else "="
    expected = _declared(work, left)
    value = work.expression(right, expected)
    if text == "=" and expected is not None and isinstance(value, ir.Const | ir.Name | ir.Op):
        value = ir.Cast(value, expected, value.at)  # which a conversion of the class may make
    to = target(work, left) if left is not None else None
    return to, value, None if text == "=" else text.removesuffix("=")


def _declared(work: Lowering, node: Node | None) -> ir.Expr | None:
    """What is written to is declared as: of a variable, or of a member of this object."""
    if node is None:
        return None
    if node.type == "identifier":
        return work.declared(work.text(node))
    if node.type == "member_access_expression" and (owner := node.child_by_field_name("expression")) is not None:
        name = node.child_by_field_name("name")
        if owner.type == "this" and name is not None and work.members:
            return work.members[-1].get(work.text(name))
    return None


def target(work: Lowering, node: Node) -> ir.Target | None:
    """What is assigned to; variables that are declared there are bound."""
    at = work.at(node)
    kind = node.type
    if kind in ("tuple_expression", "tuple_pattern", "parenthesized_variable_designation"):
        if work.depth >= work.max_depth:
            return None
        work.depth += 1
        items: list[tuple[ir.Target, ir.Expr | None] | None] = []
        for child in work.named(node):
            inner = child.named_children[-1] if child.type == "argument" and child.named_child_count else child
            to = target(work, inner) if kind == "tuple_expression" else _designated(work, inner)
            items.append((to, None) if to is not None else None)
        work.depth -= 1
        return ir.ListPattern(tuple(items), None, at)
    if kind == "declaration_expression":
        name = node.child_by_field_name("name")
        if name is None:
            return None
        return _designated(work, name, written(work, node.child_by_field_name("type")))
    if kind == "discard" or (kind == "identifier" and work.text(node) == "_" and work.declared("_") is None):
        return ir.Name(work.hidden("discard"), at)
    made = work.expression(node)
    return made if isinstance(made, ir.Name | ir.Attr | ir.Index) else None


def _designated(work: Lowering, node: Node, declared: ir.Expr | None = None) -> ir.Target | None:
    """The variables that ``var (a, (b, _))`` declares."""
    if node.type == "identifier" and work.text(node) != "_":
        return ir.Name(work.bind(work.text(node), declared), work.at(node))
    if node.type in ("tuple_pattern", "parenthesized_variable_designation"):
        return target(work, node)
    return None
