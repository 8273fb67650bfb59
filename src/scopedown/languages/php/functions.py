"""PHP's functions, methods and closures as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.php.attributes import attributes
from scopedown.languages.php.calls import loosen
from scopedown.languages.php.scope import Lowering, Scope
from scopedown.languages.php.types import declared
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def function(
    work: Lowering, node: Node, name: str, scope: Scope, receiver: str, annotations: tuple[ir.Expr, ...] = ()
) -> ir.Lambda:
    """A function as a value; its body is a block, or the expression of ``fn``."""
    at = work.at(node)
    outer = work.scope
    if scope.kind != "function":  # a function that a method declares is of no class
        scope.class_name = scope.class_name or outer.class_name
        scope.trait = outer.trait
        scope.parent_name = scope.parent_name or outer.parent_name
    work.scopes.append(scope)
    switch, work.switch = work.switch, False
    with work.collected() as before:
        found = _parameters(work, node.child_by_field_name("parameters"), name == "constructor")
        if any(work.kind(child) == "reference_modifier" for child in node.children):
            for one in found:  # what the function gives may be a reference to it
                if one.by_reference:
                    loosen(work, one.target, at)
    _uses(work, node, scope)
    inside = node.child_by_field_name("body")
    if inside is not None and work.kind(inside) != "compound_statement":
        with work.collected() as lines:
            value = work.expression(inside)
            work.emit(ir.Return(value, value.at))
        statements: ir.Block = tuple(lines)
    else:
        statements = work.body(inside)
    returns = declared(work, node.child_by_field_name("return_type"))
    work.scopes.pop()
    work.switch = switch
    names = frozenset(scope.names - scope.free)
    made = ir.Function(
        name, found, (*before, *statements), names, at, receiver, False, scope.generator, returns, annotations
    )
    return ir.Lambda(made, at)


def _uses(work: Lowering, node: Node, scope: Scope) -> None:
    """``use (&$x)``: the variable of the outer scope is written."""
    for child in work.named(node):
        if work.kind(child) == "anonymous_function_use_clause":
            for used in work.named(child):
                if work.kind(used) == "by_ref":
                    scope.free |= {work.text(one) for one in work.named(used)}


def _parameters(work: Lowering, node: Node | None, constructor: bool) -> tuple[ir.Parameter, ...]:
    """The parameters; one that is promoted is written to its property at once. Attributes of a constructor's say what a
    container gives."""
    found: list[ir.Parameter] = []
    for child in work.named(node) if node is not None else ():
        kind, at = work.kind(child), work.at(child)
        name_node = child.child_by_field_name("name")
        while name_node is not None and work.kind(name_node) == "by_ref" and work.named(name_node):
            name_node = work.named(name_node)[0]
        if name_node is None or kind not in ("simple_parameter", "variadic_parameter", "property_promotion_parameter"):
            continue
        name = ir.Name(work.bind(work.text(name_node)), at)
        value = child.child_by_field_name("default_value")
        default = work.expression(value) if value is not None else None
        note = declared(work, child.child_by_field_name("type"))
        noted = attributes(work, child) if constructor else ()
        by_reference = child.child_by_field_name("reference_modifier") is not None
        found.append(
            ir.Parameter(
                name, default, "rest" if kind == "variadic_parameter" else "positional", note, noted, by_reference
            )
        )
        if kind == "property_promotion_parameter":
            work.emit(ir.Assign(ir.Attr(ir.This(at), name.id, at), name, at))
    return tuple(found)


def promoted(work: Lowering, node: Node) -> list[tuple[str, ir.Expr]]:
    """The properties that a constructor declares by its parameters, with their types."""
    parameters = node.child_by_field_name("parameters")
    found: list[tuple[str, ir.Expr]] = []
    for child in work.named(parameters) if parameters is not None else ():
        name = child.child_by_field_name("name")
        if work.kind(child) == "property_promotion_parameter" and name is not None:
            note = declared(work, child.child_by_field_name("type"))
            if note is not None:
                found.append((work.text(name).lstrip("&"), note))
    return found
