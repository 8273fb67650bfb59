"""Java's methods and lambdas: parameters, bodies, blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scopedown.languages.java import types
from scopedown.languages.java.lowering import Function, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


ASKING = ("Inject", "Autowired")
"""Marks of constructors and methods whose parameters a container supplies."""


def parameters(work: Lowering, node: Node | None) -> tuple[ir.Parameter, ...]:
    """The parameters of a method or a lambda, which are declared in the present function."""
    if node is None:
        return ()
    if node.type == "identifier":
        return (_untyped(work, node),)
    found: list[ir.Parameter] = []
    for child in work.named(node):
        if child.type == "identifier":
            found.append(_untyped(work, child))
        elif child.type == "formal_parameter":
            found.append(_parameter(work, child))
        elif child.type == "spread_parameter":
            found.append(_spread(work, child))
    return tuple(found)


def _untyped(work: Lowering, node: Node) -> ir.Parameter:
    return ir.Parameter(ir.Name(work.declare(work.text(node), parameter=True), work.at(node)))


def _parameter(work: Lowering, node: Node) -> ir.Parameter:
    name = node.child_by_field_name("name")
    of = declared(work, node.child_by_field_name("type"), node.child_by_field_name("dimensions"))
    written = work.text(name) if name is not None else "_"
    to = ir.Name(work.declare(written, of, parameter=True), work.at(node))
    return ir.Parameter(to, annotation=of, decorators=types.marks(work, types.modifiers(node)))


def _spread(work: Lowering, node: Node) -> ir.Parameter:
    inside = [child for child in work.named(node) if child.type not in ("modifiers", *types.ANNOTATIONS)]
    declarator = next((child for child in inside if child.type == "variable_declarator"), None)
    name = declarator.child_by_field_name("name") if declarator is not None else None
    of = types.type_(work, inside[0]) if inside else None
    written = work.text(name) if name is not None else "_"
    to = ir.Name(work.declare(written, parameter=True), work.at(node))
    return ir.Parameter(to, kind="rest", annotation=None if of is None else types.array(work, node, of))


def declared(work: Lowering, of: Node | None, dimensions: Node | None) -> ir.Expr | None:
    """The type of a variable; ``int a[]`` has its brackets at the name."""
    found = types.type_(work, of)
    return found if found is None or dimensions is None else types.array(work, dimensions, found)


def with_generics(work: Lowering, node: Node) -> dict[str, ir.Expr | None]:
    """Add a declaration's type parameters; gives what has to be put back after it."""
    before = work.generics
    given = node.child_by_field_name("type_parameters") or next(
        (child for child in node.named_children if child.type == "type_parameters"), None
    )
    if given is not None:
        work.generics = dict(before)
        for child in work.named(given):
            names = [one for one in child.named_children if one.type in ("type_identifier", "identifier")]
            bound = next((one for one in child.named_children if one.type == "type_bound"), None)
            if names:
                bounds = work.named(bound) if bound is not None else []
                work.generics[work.text(names[0])] = None
                work.generics[work.text(names[0])] = types.type_(work, bounds[0]) if bounds else None
    return before


def method(work: Lowering, node: Node, static: bool, first: ir.Block = ()) -> ir.Lambda:
    """A method or a constructor with its body; ``first`` runs before it."""
    named = node.child_by_field_name("name")
    at = work.at(named) if named is not None else work.at(node)
    constructor = node.type != "method_declaration"
    generics = with_generics(work, node)
    with work.static(static), work.own_function() as function:
        given = parameters(work, node.child_by_field_name("parameters"))
        annotations = types.marks(work, types.modifiers(node))
        if asking := tuple(one for one in annotations if types.mark_name(one) in ASKING):
            given = tuple(replace(one, decorators=(*one.decorators, *asking)) for one in given)
        body = (*first, *work.body(node.child_by_field_name("body")))
        made = ir.Function(
            "constructor" if constructor else work.text(named) if named is not None else "",
            given,
            with_outer(function, body, at),
            frozenset(function.declared),
            at,
            "none" if static else "this",
            returns=None if constructor else declared(work, node.child_by_field_name("type"), None),
            annotations=annotations,
        )
    work.generics = generics
    return ir.Lambda(made, at)


def with_outer(function: Function, body: ir.Block, at: ir.At) -> ir.Block:
    """A body that keeps ``this`` first, where classes inside of it ask for it."""
    kept = [ir.Assign(ir.Name(name, at), ir.This(at), at) for name in sorted(function.outer)]
    function.declared |= function.outer
    return (*kept, *body)


def outer_this(work: Lowering, name: str, at: ir.At) -> ir.Expr:
    """``Outer.this``: the object of a class around; the function of it in which the inner class stands keeps it."""
    for position, of in enumerate(work.types):
        if of.name != name:
            continue
        if position == len(work.types) - 1:
            return ir.This(at)
        function = work.types[position + 1].inside
        if function is not None:
            kept = f"<this {name}>"
            function.outer.add(kept)
            return ir.Name(kept, at)
    return ir.Name(name, at)


def synthetic(name: str, value: ir.Expr, at: ir.At, *parameters: str, static: bool = False) -> ir.Lambda:
    """A method that the language adds itself and that gives one value."""
    given = tuple(ir.Parameter(ir.Name(one, at)) for one in parameters)
    body = (ir.Return(value, at),)
    receiver = "none" if static else "this"
    return ir.Lambda(ir.Function(name, given, body, frozenset(parameters), at, receiver), at)


def called_at_once(work: Lowering, node: Node, name: str) -> ir.Expr:
    """A block that runs where it stands, with variables of its own."""
    at = work.at(node)
    with work.own_function() as function:
        body = with_outer(function, work.body(node), at)
        made = ir.Function(name, (), body, frozenset(function.declared), at, "lexical")
    return ir.Call(ir.Lambda(made, at), (), (), at)
