"""Objects that are made: ``new``, initialisers, arrays, collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp.calls import arguments_of_call
from scopedown.languages.csharp.lowering import NODES, Lowering, targeted
from scopedown.languages.csharp.written_types import (
    COLLECTIONS,
    arguments_of,
    element_of,
    last_name,
    without_arguments,
    written,
)
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

Entries = list[tuple[ir.Expr | None, ir.Expr]]


@NODES.expression("object_creation_expression")
def creation(work: Lowering, node: Node) -> ir.Expr:
    """``new T(…) { … }``."""
    of = written(work, node.child_by_field_name("type"))
    return made(work, node, of, node.child_by_field_name("arguments"), node.child_by_field_name("initializer"))


@targeted("implicit_object_creation_expression")
def implicit(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``new(…) { … }`` of the type that is expected."""
    arguments = next((one for one in node.named_children if one.type == "argument_list"), None)
    initial = next((one for one in node.named_children if one.type == "initializer_expression"), None)
    if expected is not None:
        return made(work, node, expected, arguments, initial)
    given, keywords = arguments_of_call(work, arguments)
    values = (*given, *(value for _, value in keywords))
    at = work.at(node)
    if values:
        return ir.Opaque(values, at)
    return initializer(work, initial, None) if initial is not None else ir.ObjectExpr((), at)


def made(work: Lowering, node: Node, of: ir.Expr | None, arguments: Node | None, initial: Node | None) -> ir.Expr:
    """A new object of a type, with what its initialiser writes to it."""
    at = work.at(node)
    positional, keywords = arguments_of_call(work, arguments)
    value: ir.Expr
    if of is None:
        value = ir.Opaque((*positional, *(one for _, one in keywords)), at)
    else:
        name = last_name(of)
        generics: tuple[tuple[str | None, ir.Expr], ...] = ()
        if name not in COLLECTIONS:
            generics = tuple((f"<{name} {position}>", one) for position, one in enumerate(arguments_of(of)))
        value = ir.Call(without_arguments(of), positional, (*keywords, *generics), at, new=True)
    if initial is None:
        return value
    return ir.Initialised(value, tuple(_entries(work, initial, element_of(of))), at)


def _entries(work: Lowering, node: Node, element: ir.Expr | None) -> Entries:
    """What an initialiser writes: members, elements with a key, elements."""
    entries: Entries = []
    for child in work.named(node):
        if child.type == "assignment_expression":
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            if left is None:
                continue
            if left.type == "element_binding_expression":
                keys, _ = arguments_of_call(work, left)
                key: ir.Expr = keys[0] if len(keys) == 1 else ir.ListExpr(keys, work.at(left))
                entries.append((key, work.expression(right, element)))
            else:
                entries.append((ir.Const(work.text(left), work.at(left)), work.expression(right)))
        elif child.type == "initializer_expression":
            parts = [one for one in work.named(child) if work.is_expression(one)]
            if len(parts) == 2:
                entries.append((work.expression(parts[0]), work.expression(parts[1], element)))
            else:
                entries.append((None, ir.ListExpr(tuple([work.expression(one) for one in parts]), work.at(child))))
        elif work.is_expression(child):
            entries.append((None, work.expression(child, element)))
    return entries


@targeted("initializer_expression")
def initializer(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``{ … }`` without ``new``: an object where it has members or keys, else a list."""
    at = work.at(node)
    entries = _entries(work, node, element_of(expected))
    if any(key is not None for key, _ in entries):
        return ir.ObjectExpr(tuple([one for one in entries if one[0] is not None]), at)
    return ir.ListExpr(tuple([value for _, value in entries]), at)


@NODES.expression("anonymous_object_creation_expression")
def anonymous(work: Lowering, node: Node) -> ir.Expr:
    """``new { a.B, C = x }``."""
    entries: Entries = []
    name: Node | None = None
    children = [one for one in node.children if one.type != "comment"]
    for position, child in enumerate(children):
        if not child.is_named:
            continue
        if position + 1 < len(children) and children[position + 1].type == "=":
            name = child
            continue
        value = work.expression(child)
        key = work.text(name) if name is not None else value.id if isinstance(value, ir.Name) else ""
        if isinstance(value, ir.Attr) and name is None:
            key = value.name
        entries.append((ir.Const(key, work.at(child)), value))
        name = None
    return ir.ObjectExpr(tuple(entries), work.at(node))


@NODES.expression("array_creation_expression")
def array(work: Lowering, node: Node) -> ir.Expr:
    """``new T[] { … }``, ``new T[3]``."""
    of = written(work, node.child_by_field_name("type"))
    initial = next((one for one in node.named_children if one.type == "initializer_expression"), None)
    return implicit_array(work, node, of) if initial is not None else ir.ListExpr((), work.at(node))


@targeted("implicit_array_creation_expression")
def implicit_array(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``new[] { … }``."""
    initial = next((one for one in node.named_children if one.type == "initializer_expression"), None)
    if initial is None:
        return ir.ListExpr((), work.at(node))
    element = element_of(expected)
    values = [value for _, value in _entries(work, initial, element)]
    return ir.ListExpr(tuple(values), work.at(node))


@targeted("collection_expression")
def collection(work: Lowering, node: Node, expected: ir.Expr | None) -> ir.Expr:
    """``[a, ..b]``."""
    element = element_of(expected)
    items: list[ir.Expr] = []
    for child in work.named(node):
        inner = child.named_children[0] if child.type == "collection_element" and child.named_child_count else child
        value = inner.named_children[-1] if inner.named_child_count else None
        if inner.type == "spread_element" and value is not None:
            items.append(ir.Spread(work.expression(value), work.at(inner)))
        elif inner.type == "expression_element":
            value = value or (inner.children[0] if inner.children else None)
            items.append(work.expression(value, element))
        elif work.is_expression(inner):
            items.append(work.expression(inner, element))
    return ir.ListExpr(tuple(items), work.at(node))
