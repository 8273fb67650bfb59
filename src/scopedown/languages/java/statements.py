"""Java's statements, lowered to the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.java import classes, expressions, functions, types
from scopedown.languages.java.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = frozenset({"String", "Integer", "Long", "Double", "Boolean", "Object", "Character"})
"""Types of values that nothing is called on."""


@NODES.statement("assignment_expression")
def assignment(work: Lowering, node: Node) -> None:
    """An assignment whose value is not used."""
    at = work.at(node)
    to, value, operator = expressions.assigned(work, node)
    if to is None:
        work.emit(ir.ExprStmt(value, at))
        return
    left = node.child_by_field_name("left")
    known = work.variables.get(work.text(left)) if left is not None and left.type == "identifier" else None
    work.emit(ir.Assign(to, value, at, operator, annotation=known[1] if known is not None else None))


@NODES.statement("update_expression")
def update(work: Lowering, node: Node) -> None:
    """``i++``."""
    made = expressions.update(work, node)
    if isinstance(made, ir.AssignExpr):
        work.emit(ir.Assign(made.target, made.value, made.at))


@NODES.statement("local_variable_declaration", "field_declaration")
def declaration(work: Lowering, node: Node) -> None:
    """Local variables; one without a value is only known from here on."""
    for declarator in node.children_by_field_name("declarator"):
        named, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if named is None:
            continue
        of = functions.declared(work, node.child_by_field_name("type"), declarator.child_by_field_name("dimensions"))
        lowered = work.expr(value) if value is not None else None
        at = work.at(named)
        to = ir.Name(work.declare(work.text(named), of), at)
        if isinstance(lowered, ir.Lambda):
            lowered.function.name = work.text(named)
        if lowered is not None:
            work.emit(ir.Assign(to, lowered, at, annotation=of))


@NODES.statement(*classes.DECLARATIONS)
def local_class(work: Lowering, node: Node) -> None:
    """A class that a method declares."""
    named = node.child_by_field_name("name")
    if named is None:
        return
    to = ir.Name(work.declare(work.text(named)), work.at(named))
    work.emit(ir.Assign(to, classes.declaration(work, node), work.at(named)))


@NODES.statement("enhanced_for_statement")
def enhanced_for(work: Lowering, node: Node) -> None:
    """``for (T x : items)``."""
    items = work.expr(node.child_by_field_name("value"))
    named = node.child_by_field_name("name")
    of = functions.declared(work, node.child_by_field_name("type"), node.child_by_field_name("dimensions"))
    with work.own_names():
        at = work.at(named) if named is not None else work.at(node)
        to = ir.Name(work.declare(work.text(named) if named is not None else "_", of), at)
        # What an element is declared as tells what it is where that is not known.
        first: ir.Block = ()
        if of is not None and not (isinstance(of, ir.Name) and (of.id in _PLAIN or of.id[:1].islower())):
            first = (ir.Assign(to, ir.Cast(to, of, at), at),)
        work.emit(ir.Loop(to, items, (*first, *work.loop_body(node)), work.at(node)))


@NODES.statement("try_statement", "try_with_resources_statement")
def try_statement(work: Lowering, node: Node) -> None:
    """``try``; resources are closed where it ends, as ``finally`` would."""
    at = work.at(node)
    resources = node.child_by_field_name("resources")
    with work.own_names():
        opened = [_resource(work, child) for child in work.named(resources)] if resources is not None else []
        body = work.body(node.child_by_field_name("body"))
    for first, named in reversed(opened):
        close = ir.ExprStmt(ir.Call(ir.Attr(named, "close", named.at), (), (), named.at), named.at)
        body = (*first, ir.Try(body, (), (close,), at))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    for child in node.named_children:
        if child.type == "catch_clause":
            handlers.append(_handler(work, child))
        elif child.type == "finally_clause":
            final = tuple(one for part in child.named_children if part.type == "block" for one in work.body(part))
    if handlers or final:
        work.emit(ir.Try(body, tuple(handlers), final, at))
    else:
        work.out.extend(body)


def _resource(work: Lowering, node: Node) -> tuple[ir.Block, ir.Expr]:
    """What opens a resource, and the variable that holds it."""
    named, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    at = work.at(node)
    if named is None:
        parts = work.named(node)
        return (), work.expr(parts[-1]) if parts else ir.Opaque((), at)
    of = types.type_(work, node.child_by_field_name("type"))
    lowered = work.expr(value)
    name = ir.Name(work.declare(work.text(named), of), work.at(named))
    return (ir.Assign(name, lowered, name.at, annotation=of),), name


def _handler(work: Lowering, node: Node) -> tuple[ir.Target | None, ir.Block]:
    parameter = next((child for child in node.named_children if child.type == "catch_formal_parameter"), None)
    named = parameter.child_by_field_name("name") if parameter is not None else None
    with work.own_names():
        to = ir.Name(work.declare(work.text(named)), work.at(named)) if named is not None else None
        return to, work.body(node.child_by_field_name("body"))


@NODES.statement("synchronized_statement")
def synchronized(work: Lowering, node: Node) -> None:
    """``synchronized (x) { … }``."""
    for child in work.named(node):
        if child.type == "block":
            work.out.extend(work.body(child))
        else:
            work.effect(child)


@NODES.statement("ERROR")
def broken(work: Lowering, node: Node) -> None:
    """What the parser could not read: the parts that it did read are kept."""
    for child in node.named_children:
        if child.type not in ("identifier", "type_identifier", "formal_parameters", "modifiers"):
            work.statement(child)
