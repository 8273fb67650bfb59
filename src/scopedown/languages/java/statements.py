"""Java's statements, lowered to the intermediate form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.java import classes, expressions, functions, switches, types
from scopedown.languages.java.functions import block
from scopedown.languages.java.lowering import Lowering, Statement
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.switch_chain import SwitchBreak
from scopedown.source.languages.syntax import labelled

if TYPE_CHECKING:
    from tree_sitter import Node

LONG_CHAIN = 40
"""Branches of one chain of ``else if`` that nest; further ones stand after one another."""

_PLAIN = frozenset({"String", "Integer", "Long", "Double", "Boolean", "Object", "Character"})
"""Types of values that nothing is called on."""


def expression_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """An expression for its effect; assignments become statements."""
    for child in work.named(node):
        effect(work, child, out)


def effect(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """One expression whose value is not used."""
    kind = node.type
    at = work.at(node)
    if kind == "assignment_expression":
        to, value, operator = expressions.assigned(work, node)
        if to is None:
            out.append(ir.ExprStmt(value, at))
            return
        left = node.child_by_field_name("left")
        known = work.variables.get(work.text(left)) if left is not None and left.type == "identifier" else None
        out.append(ir.Assign(to, value, at, operator, annotation=known[1] if known is not None else None))
    elif kind == "switch_expression":
        switches.statement(work, node, out)
    elif kind == "update_expression":
        made = expressions.update(work, node)
        if isinstance(made, ir.AssignExpr):
            out.append(ir.Assign(made.target, made.value, at))
    elif kind == "parenthesized_expression":
        for child in work.named(node):
            effect(work, child, out)
    else:
        out.append(ir.ExprStmt(work.expr(node), at))


def declaration(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
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
            out.append(ir.Assign(to, lowered, at, annotation=of))


def local_class(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """A class that a method declares."""
    named = node.child_by_field_name("name")
    if named is None:
        return
    to = ir.Name(work.declare(work.text(named)), work.at(named))
    out.append(ir.Assign(to, classes.declaration(work, node), work.at(named)))


def return_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``return x``; ``yield x`` ends the switch, which is a function then."""
    parts = work.named(node)
    out.append(ir.Return(work.expr(parts[0]) if parts else None, work.at(node)))


def throw_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``throw x``."""
    parts = work.named(node)
    out.append(ir.Raise(work.expr(parts[0]) if parts else None, work.at(node)))


def if_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``if``; a chain of ``else if`` is walked without recursion. Variables of a pattern outlive it."""
    branches: list[Branch] = []
    present: Node | None = node
    while present is not None and present.type == "if_statement":
        test = work.expr(present.child_by_field_name("condition"))
        branches.append(((), test, block(work, present.child_by_field_name("consequence")), work.at(present)))
        present = present.child_by_field_name("alternative")
    out.extend(if_chain(branches, block(work, present), LONG_CHAIN))


def _loop_body(work: Lowering, node: Node) -> ir.Block:
    switch, work.switch = work.switch, False
    body = block(work, node.child_by_field_name("body"))
    work.switch = switch
    return body


def for_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``for (a; b; c)``: what the increment changes is a computed value throughout the body."""
    with work.block():
        for one in node.children_by_field_name("init"):
            if one.type == "local_variable_declaration":
                declaration(work, one, out)
            else:
                effect(work, one, out)
        body: list[ir.Stmt] = []
        for one in node.children_by_field_name("update"):
            effect(work, one, body)
        condition = node.child_by_field_name("condition")
        if condition is not None:
            effect(work, condition, body)
        out.append(ir.Loop(None, None, (*body, *_loop_body(work, node)), work.at(node)))


def enhanced_for(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``for (T x : items)``."""
    items = work.expr(node.child_by_field_name("value"))
    named = node.child_by_field_name("name")
    of = functions.declared(work, node.child_by_field_name("type"), node.child_by_field_name("dimensions"))
    with work.block():
        at = work.at(named) if named is not None else work.at(node)
        to = ir.Name(work.declare(work.text(named) if named is not None else "_", of), at)
        # What an element is declared as tells what it is where that is not known.
        first: ir.Block = ()
        if of is not None and not (isinstance(of, ir.Name) and (of.id in _PLAIN or of.id[:1].islower())):
            first = (ir.Assign(to, ir.Cast(to, of, at), at),)
        out.append(ir.Loop(to, items, (*first, *_loop_body(work, node)), work.at(node)))


def while_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``while`` and ``do … while``; the condition is evaluated with the body."""
    condition = node.child_by_field_name("condition")
    test: list[ir.Stmt] = []
    if condition is not None:
        effect(work, condition, test)
    body = _loop_body(work, node)
    whole = (*body, *test) if node.type == "do_statement" else (*test, *body)
    out.append(ir.Loop(None, None, whole, work.at(node)))


def try_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``try``; resources are closed where it ends, as ``finally`` would."""
    at = work.at(node)
    resources = node.child_by_field_name("resources")
    with work.block():
        opened = [_resource(work, child) for child in work.named(resources)] if resources is not None else []
        body = block(work, node.child_by_field_name("body"))
    for first, named in reversed(opened):
        close = ir.ExprStmt(ir.Call(ir.Attr(named, "close", named.at), (), (), named.at), named.at)
        body = (*first, ir.Try(body, (), (close,), at))
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    for child in node.named_children:
        if child.type == "catch_clause":
            handlers.append(_handler(work, child))
        elif child.type == "finally_clause":
            final = tuple(one for part in child.named_children if part.type == "block" for one in block(work, part))
    if handlers or final:
        out.append(ir.Try(body, tuple(handlers), final, at))
    else:
        out.extend(body)


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
    with work.block():
        to = ir.Name(work.declare(work.text(named)), work.at(named)) if named is not None else None
        return to, block(work, node.child_by_field_name("body"))


def jump(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``break`` and ``continue``."""
    if node.type == "break_statement" and work.switch and not work.named(node):
        out.append(SwitchBreak(work.at(node)))
    else:
        out.append(ir.Jump(work.at(node)))


def labeled_statement(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``label: …``."""
    parts = work.named(node)
    if parts:
        labelled(parts[-1], lambda inside: work.statement(parts[-1], inside), work.at(node), out)


def nested_block(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``{ … }``."""
    out.extend(block(work, node))


def synchronized(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``synchronized (x) { … }``."""
    for child in work.named(node):
        if child.type == "block":
            out.extend(block(work, child))
        else:
            effect(work, child, out)


def effects(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``assert``: what stands in it is evaluated."""
    for child in work.named(node):
        effect(work, child, out)


def broken(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """What the parser could not read: the parts that it did read are kept."""
    for child in node.named_children:
        if child.type not in ("identifier", "type_identifier", "formal_parameters", "modifiers"):
            work.statement(child, out)


def nothing(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """Comments, and what stands where no statement may."""


@cache
def table() -> dict[str, Statement]:
    """The statements by their nodes' types."""
    return {
        "expression_statement": expression_statement,
        "local_variable_declaration": declaration,
        "field_declaration": declaration,
        **dict.fromkeys(classes.DECLARATIONS, local_class),
        "return_statement": return_statement,
        "yield_statement": return_statement,
        "throw_statement": throw_statement,
        "if_statement": if_statement,
        "for_statement": for_statement,
        "enhanced_for_statement": enhanced_for,
        "while_statement": while_statement,
        "do_statement": while_statement,
        "switch_expression": switches.statement,
        "try_statement": try_statement,
        "try_with_resources_statement": try_statement,
        "break_statement": jump,
        "continue_statement": jump,
        "labeled_statement": labeled_statement,
        "block": nested_block,
        "synchronized_statement": synchronized,
        "assert_statement": effects,
        "ERROR": broken,
        **dict.fromkeys(
            ("line_comment", "block_comment", "import_declaration", "package_declaration", "module_declaration"),
            nothing,
        ),
    }
