"""TypeScript's types, as far as they can tell what a value is: names, choices, generics, record types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.javascript.context import NODES, Context
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 8
"""Types nested deeper tell nothing."""


def annotation(c: Context, node: Node | None) -> ir.Expr | None:
    """The type in a type annotation, or None where it tells nothing."""
    if node is None:
        return None
    kind = next((child for child in node.named_children if child.type != "comment"), None)
    return type_(c, kind) if kind is not None else None


def type_(c: Context, node: Node, depth: int = MAX_DEPTH) -> ir.Expr | None:
    """A type as an expression (see :mod:`scopedown.source.ir`), or None where it tells nothing."""
    at = c.at(node)
    if depth <= 0:
        return None
    match node.type:
        case "type_identifier":
            return ir.Name(c.type_name(c.identifier(node)), at)
        case "nested_type_identifier":
            parts = c.text(node).split(".")
            result: ir.Expr = ir.Name(c.type_name(parts[0].strip()), at)
            for part in parts[1:]:
                result = ir.Attr(result, part.strip(), at)
            return result
        case "union_type" | "intersection_type":
            inner = [made for child in node.named_children if (made := type_(c, child, depth - 1)) is not None]
            return inner[0] if len(inner) == 1 else ir.Op("|", tuple(inner), at) if inner else None
        case "parenthesized_type" | "readonly_type":
            return next((made for child in node.named_children if (made := type_(c, child, depth - 1))), None)
        case "generic_type":
            return _generic(c, node, depth)
        case "object_type" | "interface_body":
            return shape(c, node, (), depth)
    return None


def _generic(c: Context, node: Node, depth: int) -> ir.Expr | None:
    name, given = node.child_by_field_name("name"), node.child_by_field_name("type_arguments")
    generic = type_(c, name, depth - 1) if name is not None else None
    if generic is None or not isinstance(generic, ir.Name | ir.Attr):
        return None
    inside = [type_(c, child, depth - 1) for child in given.named_children] if given is not None else []
    first = inside[0] if inside else None
    return ir.Index(generic, first if first is not None else ir.Const(None, generic.at), generic.at)


def shape(c: Context, body: Node, bases: tuple[ir.Expr, ...], depth: int = MAX_DEPTH) -> ir.Shape | None:
    """A record type; None where no member's type tells anything."""
    members: list[tuple[str, ir.Expr]] = []
    for child in body.named_children:
        if child.type != "property_signature":
            continue
        name, of = child.child_by_field_name("name"), child.child_by_field_name("type")
        inner = next((node for node in of.named_children if node.type != "comment"), None) if of is not None else None
        made = type_(c, inner, depth - 1) if inner is not None else None
        if name is not None and made is not None:
            members.append((c.text(name).strip("'\""), made))
    return ir.Shape(tuple(members), bases, c.at(body)) if members or bases else None


@NODES.statement("interface_declaration")
def interface(c: Context, node: Node) -> None:
    """``interface X extends Y {…}``: a record type by its name."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    bases: list[ir.Expr] = []
    for child in node.named_children:
        if child.type == "extends_type_clause":
            bases += [made for one in child.named_children if (made := type_(c, one)) is not None]
    if name is not None and body is not None:
        _define(c, name, shape(c, body, tuple(bases)))


@NODES.statement("type_alias_declaration")
def alias(c: Context, node: Node) -> None:
    """``type X = {…}``: a record type by its name; an alias of a name is that name's value."""
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return
    made = type_(c, value)
    _define(c, name, made if isinstance(made, ir.Shape | ir.Name | ir.Attr) else None)


def _define(c: Context, name: Node, made: ir.Expr | None) -> None:
    text = c.identifier(name)
    # A value of the same name is what the name means in expressions.
    if made is None or text in c.declared or (isinstance(made, ir.Name) and made.id == text):
        return
    c.declare(text)
    c.emit(ir.Assign(ir.Name(text, c.at(name)), made, c.at(name)))


def cast(c: Context, value: ir.Expr, type_node: Node | None) -> ir.Expr:
    """``value as Type`` and ``<Type>value``, where the type may tell something of a value that is computed."""
    if type_node is None or not isinstance(value, ir.Call | ir.Name | ir.Attr | ir.Index | ir.Op):
        return value
    made = type_(c, type_node)
    return value if made is None else ir.Cast(value, made, value.at)
