"""Binding and assignment targets of JavaScript: names, members and destructuring patterns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from scopedown.languages.javascript.context import Context
from scopedown.languages.javascript.known.numbers import number_literal
from scopedown.languages.javascript.strings import string
from scopedown.source import ir

IDENTIFIERS = frozenset(
    {"identifier", "shorthand_property_identifier_pattern", "shorthand_property_identifier", "type_identifier"}
)
_WITH_DEFAULT = frozenset({"assignment_pattern", "object_assignment_pattern", "assignment_expression"})
_WRAPPERS = frozenset({"parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"})


def key(c: Context, node: Node) -> ir.Expr:
    """A property's name as an expression: a constant, or what stands in brackets."""
    kind = node.type
    at = c.at(node)
    if kind == "string":
        return ir.Const(string(c, node), at)
    if kind == "computed_property_name":
        return c.expr(node.named_children[0]) if node.named_child_count else ir.Opaque((), at)
    if kind == "number":
        written = c.text(node)
        value = number_literal(written.removesuffix("n") if written[:2] not in ("0x", "0X") else written)
        return ir.Const(written if value is None else str(value), at)
    return ir.Const(c.identifier(node), at)


def bound_names(c: Context, node: Node | None) -> Iterator[str]:
    """The names that a binding pattern declares."""
    if node is None:
        return
    stack = [node]
    while stack:
        one = stack.pop()
        kind = one.type
        if kind in IDENTIFIERS:
            yield c.identifier(one)
        elif kind in _WITH_DEFAULT:
            left = one.child_by_field_name("left")
            if left is not None:
                stack.append(left)
        elif kind == "pair_pattern":
            value = one.child_by_field_name("value")
            if value is not None:
                stack.append(value)
        elif kind in ("object_pattern", "array_pattern", "rest_pattern"):
            stack.extend(one.named_children)


def target(c: Context, node: Node) -> ir.Target:
    """What is assigned to. A target that cannot be expressed is a name that nothing reads."""
    kind = node.type
    if kind in IDENTIFIERS:
        name = c.identifier(node)
        return ir.Name(c.renames.get(name, name), c.at(node))
    if kind == "object_pattern" or kind == "object":
        return object_pattern(c, node)
    if kind == "array_pattern" or kind == "array":
        return list_pattern(c, node)
    if kind == "member_expression" or kind == "subscript_expression":
        value = c.expr(node)
        if isinstance(value, ir.Attr | ir.Index):
            return value
    elif kind in _WRAPPERS or kind == "rest_pattern":
        inner = next((child for child in node.named_children if child.type != "comment"), None)
        if inner is not None:
            return target(c, inner)
    return ir.Name("~", c.at(node))


def with_default(c: Context, node: Node) -> tuple[ir.Target, ir.Expr | None]:
    """A target and its default, ``a = 1``."""
    if node.type in _WITH_DEFAULT:
        left = node.child_by_field_name("left")
        default = c.expr(node.child_by_field_name("right"))
        return (target(c, left) if left is not None else ir.Name("~", c.at(node))), default
    return target(c, node), None


def object_pattern(c: Context, node: Node) -> ir.Target:
    """``{a, b: c = 1, ...rest}``."""
    if c.too_deep(node):
        return ir.Name("~", c.at(node))
    c.depth += 1
    entries: list[tuple[ir.Expr, ir.Target, ir.Expr | None]] = []
    rest: ir.Target | None = None
    for child in node.named_children:
        kind = child.type
        if kind == "pair_pattern" or kind == "pair":
            name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if name is not None and value is not None:
                entries.append((key(c, name), *with_default(c, value)))
        elif kind in ("rest_pattern", "spread_element"):
            inner = next(iter(child.named_children), None)
            rest = target(c, inner) if inner is not None else None
        elif kind != "comment":
            to, default = with_default(c, child)
            left = child.child_by_field_name("left") if kind in _WITH_DEFAULT else child
            if left is not None:
                entries.append((ir.Const(c.identifier(left), c.at(left)), to, default))
    c.depth -= 1
    return ir.ObjectPattern(tuple(entries), rest, c.at(node))


def list_pattern(c: Context, node: Node) -> ir.Target:
    """``[a, , b = 1, ...rest]``."""
    if c.too_deep(node):
        return ir.Name("~", c.at(node))
    c.depth += 1
    items: list[tuple[ir.Target, ir.Expr | None] | None] = []
    rest: ir.Target | None = None
    gap = True
    for child in node.children[1:-1]:
        kind = child.type
        if kind == ",":
            if gap:
                items.append(None)
            gap = True
        elif kind in ("rest_pattern", "spread_element"):
            inner = next(iter(child.named_children), None)
            rest = target(c, inner) if inner is not None else None
            gap = False
        elif kind != "comment":
            items.append(with_default(c, child))
            gap = False
    c.depth -= 1
    return ir.ListPattern(tuple(items), rest, c.at(node))
