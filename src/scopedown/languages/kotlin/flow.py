"""What Kotlin writes as an expression and the intermediate form as statements: ``if``, ``when``, ``try``, loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.kotlin import functions, types
from scopedown.languages.kotlin.names import ELEMENTS
from scopedown.languages.kotlin.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, any_of, if_chain
from scopedown.source.languages.front_end import Sink, returned

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement_with_value("block")
def _block(work: Work, node: Node, sink: Sink) -> None:
    with work.block() as out:
        work.statements(work.named(node), sink)
    work.out.extend(out)


NODES.statement_with_value("if_expression")(Work.lower_if)


@NODES.statement("return_expression")
def _return(work: Work, node: Node) -> None:
    inside = [one for one in work.named(node) if one != node.child_by_field_name("label")]
    if inside:
        work.deliver(inside[0], returned)
    else:
        work.emit(ir.Return(None, work.at(node)))


@NODES.statement("throw_expression")
def _throw(work: Work, node: Node) -> None:
    inside = work.named(node)
    work.emit(ir.Raise(work.expression(inside[0]) if inside else None, work.at(node)))


@NODES.statement("function_declaration")
def _function(work: Work, node: Node) -> None:
    made = functions.function(work, node, "lexical")
    at = work.at(node)
    work.emit(ir.Assign(ir.Name(work.bind(made.function.name), at), made, at))


@NODES.statement("property_declaration")
def variable(work: Work, node: Node) -> None:
    """``val x: T = value``, ``val (a, b) = value``, ``val x by lazy { … }``."""
    at = work.at(node)
    several, one = work.child(node, "multi_variable_declaration"), work.child(node, "variable_declaration")
    value = initial(work, node)
    delegate = work.child(node, "property_delegate")
    if several is not None:
        held = work.expression(value) if value is not None else ir.Opaque((), at)
        if not isinstance(held, ir.Name):
            name = ir.Name(work.hidden("subject"), at)
            work.emit(ir.Assign(name, held, at))
            held = name
        functions.take_apart(work, several, held)
        return
    if one is None:
        return
    declared = types.declared(work, one)
    made = given(work, value, delegate, work.field(one, "identifier"))
    target = functions.variable(work, one)
    if made is not None:
        work.emit(ir.Assign(target, made, at, annotation=declared))


def initial(work: Work, node: Node) -> Node | None:
    """The expression behind ``=`` of a declaration."""
    behind = False
    for child in node.children:
        if child.type == "=":
            behind = True
        elif behind and child.is_named and child.type not in work.trivia:
            return child
    return None


def given(work: Work, value: Node | None, delegate: Node | None, name: str) -> ir.Expr | None:
    """What a declaration gives its variable: the value, the result of ``lazy``'s lambda, or what the delegate behind
    ``by`` is asked for."""
    if delegate is None:
        made = work.expression(value) if value is not None else None
        if isinstance(made, ir.Lambda) and name:
            made.function.name = name
        return made
    at = work.at(delegate)
    inside = work.named(delegate)
    if not inside:
        return ir.Opaque((), at)
    if (lazy := lazily(work, delegate)) is not None:
        return ir.Call(functions.literal(work, lazy, "lazy"), (), (), at)
    return ir.Call(ir.Attr(work.expression(inside[0]), "getValue", at), (), (), at)


def lazily(work: Work, delegate: Node) -> Node | None:
    """The lambda of ``lazy { … }``; None where a delegate is another one."""
    node = next(iter(work.named(delegate)), delegate)
    if node.type != "call_expression":
        return None
    called = node
    while called.type == "call_expression" and work.named(called):
        called = work.named(called)[0]
    if called.type != "identifier" or work.text(called) != "lazy":
        return None
    trailing = work.child(node, "annotated_lambda")
    return work.child(trailing, "lambda_literal") if trailing is not None else None


@NODES.statement_with_value("when_expression")
def _when(work: Work, node: Node, sink: Sink) -> None:
    at = work.at(node)
    subject = _subject(work, work.child(node, "when_subject"))
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    for entry in node.named_children:
        if entry.type != "when_entry":
            continue
        conditions = entry.children_by_field_name("condition")
        bodies = [one for one in work.named(entry) if one not in conditions]
        with work.block() as before:
            tests = [_condition(work, one, subject) for one in conditions]
        body = work.delivered(bodies[-1] if bodies else None, sink)
        if not conditions:
            otherwise = body
            break
        branches.append((tuple(before), any_of(tests, at), body, work.at(entry)))
    work.out.extend(if_chain(branches, otherwise))


def _subject(work: Work, node: Node | None) -> ir.Expr | None:
    inside = work.named(node) if node is not None else []
    if node is None or not inside:
        return None
    value = work.expression(inside[-1])
    declared = work.child(node, "variable_declaration")
    if declared is None or len(inside) == 1:
        return work.held(value, work.at(node))
    name = functions.variable(work, declared)
    work.emit(ir.Assign(name, value, work.at(node)))
    return name


def _condition(work: Work, node: Node, subject: ir.Expr | None) -> ir.Expr:
    if node.type in ("type_test", "range_test"):
        return work.opaque(node)
    value = work.expression(node)
    return value if subject is None else ir.Op("==", (subject, value), work.at(node))


@NODES.statement_with_value("try_expression")
def _try(work: Work, node: Node, sink: Sink) -> None:
    body: ir.Block = ()
    final: ir.Block = ()
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    for child in node.named_children:
        inner = work.child(child, "block")
        if child.type == "block":
            body = work.delivered(child, sink)
        elif child.type == "catch_block":
            with work.block() as out:
                named = work.child(child, "identifier")
                target = ir.Name(work.bind(work.text(named)), work.at(named)) if named is not None else None
                if inner is not None:
                    work.deliver(inner, sink)
            handlers.append((target, tuple(out)))
        elif child.type == "finally_block":
            final = work.delivered(inner)
    work.emit(ir.Try(body, tuple(handlers), final, work.at(node)))


@NODES.statement("for_statement")
def _for(work: Work, node: Node) -> None:
    at = work.at(node)
    several, one = work.child(node, "multi_variable_declaration"), work.child(node, "variable_declaration")
    inside = [child for child in work.named(node) if child not in (several, one)]
    iterable = work.expression(inside[0]) if inside else ir.Opaque((), at)
    with work.block() as out:
        target = functions.variable(work, one) if one is not None else ir.Name(work.hidden("element"), at)
        if several is not None:
            functions.take_apart(work, several, target)
        for body in inside[1:]:
            work.effect(body)
    work.emit(ir.Loop(target, ir.Call(ir.Name(ELEMENTS, at), (iterable,), (), at), tuple(out), at))


@NODES.statement("while_statement", "do_while_statement")
def _while(work: Work, node: Node) -> None:
    at, condition = work.at(node), node.child_by_field_name("condition")
    with work.block() as out:
        if condition is not None:
            work.emit(ir.ExprStmt(work.expression(condition), at))
        for body in work.named(node):
            if body != condition:
                work.effect(body)
    work.emit(ir.Loop(None, None, tuple(out), at))


@NODES.statement("assignment")
def _assignment(work: Work, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    at = work.at(node)
    operator = next((child.type for child in node.children if not child.is_named and child.type.endswith("=")), "=")
    target = work.expression(left)
    value = work.expression(right)
    if not isinstance(target, ir.Name | ir.Attr | ir.Index):
        work.emit(ir.ExprStmt(value, at))
    else:
        work.emit(ir.Assign(target, value, at, operator[:-1] or None))
