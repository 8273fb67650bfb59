"""PHP's classes, interfaces, traits and enumerations.

A class is known by its whole name (``App\\Store``). Properties keep their ``$``; a trait is a base. Static methods have
their class as ``this``. The cases of an enumeration are objects of it with ``name`` and ``value``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php.attributes import attributes
from scopedown.languages.php.calls import class_reference, method_name
from scopedown.languages.php.functions import function, promoted
from scopedown.languages.php.scope import Lowering, Scope
from scopedown.languages.php.types import declared
from scopedown.languages.php.walk import expression
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_ABSTRACT: Final = frozenset({"interface_declaration", "trait_declaration"})


def declaration(work: Lowering, node: Node) -> None:
    """``class Name …``."""
    name_node = node.child_by_field_name("name")
    if name_node is None:
        return
    name = work.text(name_node)
    qualified = work.own(name)
    if work.scope.kind == "program":
        work.bind(qualified)
    at = work.at(node)
    work.emit(ir.Assign(ir.Name(qualified, at), class_expression(work, node, name, qualified), at))
    body = node.child_by_field_name("body")
    for child in work.named(body) if body is not None and work.kind(node) == "enum_declaration" else []:
        if work.kind(child) == "enum_case":
            _object_of_case(work, qualified, child)


def class_expression(work: Lowering, node: Node, name: str, qualified: str) -> ir.ClassExpr:
    """A class as a value."""
    at = work.at(node)
    bases: list[ir.Expr] = []
    inside: Node | None = node.child_by_field_name("body")
    above: list[ir.Expr] = []
    for child in work.named(node):
        if work.kind(child) in ("base_clause", "class_interface_clause"):
            above += [class_reference(work, one) for one in work.named(child)]
    scope = Scope("class", qualified)
    work.scopes.append(scope)
    fields: list[tuple[ir.Expr, ir.Expr | None]] = []
    types: list[tuple[str, ir.Expr]] = []
    out: list[ir.Stmt] = []
    work.blocks.append(out)
    for child in work.named(inside) if inside is not None else []:
        match work.kind(child):
            case "method_declaration":
                types += _method(work, child)
            case "property_declaration":
                _property(work, child, fields, types)
            case "const_declaration":
                _constants(work, child)
            case "enum_case":
                _case(work, child)
            case "use_declaration":
                bases += [
                    class_reference(work, one)
                    for one in work.named(child)
                    if work.kind(one) in ("name", "qualified_name", "relative_name")
                ]
    work.blocks.pop()
    work.scopes.pop()
    abstract = work.kind(node) in _ABSTRACT or any(work.kind(child) == "abstract_modifier" for child in node.children)
    made = ir.Class(
        name,
        (*bases, *above),
        tuple(out),
        frozenset(scope.names),
        at,
        tuple(fields),
        types=tuple(types),
        annotations=attributes(work, node),
        abstract=abstract,
    )
    return ir.ClassExpr(made, at)


def _method(work: Lowering, node: Node) -> list[tuple[str, ir.Expr]]:
    name_node = node.child_by_field_name("name")
    if name_node is None or node.child_by_field_name("body") is None:
        return []
    name, at = method_name(work.text(name_node)), work.at(node)
    static = any(work.kind(child) == "static_modifier" for child in node.children)
    types = promoted(work, node) if name == "constructor" else []
    made = function(work, node, name, Scope("static" if static else "method"), "this", attributes(work, node))
    work.emit(ir.Assign(ir.Name(work.bind(name), at), made, at))
    return types


def _property(
    work: Lowering, node: Node, fields: list[tuple[ir.Expr, ir.Expr | None]], types: list[tuple[str, ir.Expr]]
) -> None:
    static = any(work.kind(child) == "static_modifier" for child in node.children)
    note = declared(work, node.child_by_field_name("type"))
    for child in work.named(node):
        if work.kind(child) != "property_element":
            continue
        name_node, value = child.child_by_field_name("name"), child.child_by_field_name("default_value")
        if name_node is None:
            continue
        name, at = work.text(name_node), work.at(child)
        made = expression(work, value) if value is not None else None
        if static:
            work.emit(ir.Assign(ir.Name(work.bind(name), at), made or ir.Const(None, at), at, annotation=note))
        elif made is not None:
            fields.append((ir.Const(name, at), made))
        if note is not None:
            types.append((name, note))


def _constants(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        parts = work.named(child)
        if work.kind(child) == "const_element" and len(parts) == 2:
            at = work.at(child)
            work.emit(ir.Assign(ir.Name(work.bind(work.text(parts[0])), at), expression(work, parts[1]), at))


def _object_of_case(work: Lowering, enumeration: str, node: Node) -> None:
    """A case is an object of its enumeration, whose methods it has; inside of the class it is a plain one."""
    name_node, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name_node is None:
        return
    name, at = work.text(name_node), work.at(node)
    given = expression(work, value) if value is not None else ir.Const(name, at)
    case = ir.Attr(ir.Name(enumeration, at), name, at)
    work.emit(ir.Assign(case, ir.Call(ir.Name(enumeration, at), (), (), at, new=True), at))
    work.emit(ir.Assign(ir.Attr(case, "$name", at), ir.Const(name, at), at))
    work.emit(ir.Assign(ir.Attr(case, "$value", at), given, at))


def _case(work: Lowering, node: Node) -> None:
    name_node, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name_node is None:
        return
    name, at = work.text(name_node), work.at(node)
    given = expression(work, value) if value is not None else ir.Const(name, at)
    entries = ((ir.Const("name", at), ir.Const(name, at)), (ir.Const("value", at), given))
    work.emit(ir.Assign(ir.Name(work.bind(name), at), ir.ObjectExpr(entries, at), at))
