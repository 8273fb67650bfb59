"""What Rust writes as an expression and the intermediate form as statements: blocks, ``if``, ``match``, loops.

``Work.deliver`` lowers such an expression and does with each value that it may have what a sink says; ``Work.effect``
lowers it for its effect alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.rust import labels, patterns, settings, types
from scopedown.languages.rust.kinds import ELEMENTS
from scopedown.languages.rust.work import NODES, Work
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain
from scopedown.source.languages.front_end import Sink, ignored, returned

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement_with_value("block", "unsafe_block", "const_block")
def _block(work: Work, node: Node, sink: Sink) -> None:
    if work.kind(node) == "block" and (label := labels.label(work, node)):
        labels.block(work, node, label, sink)
        return
    held = work.child(node, "block") if work.kind(node) != "block" else node
    with work.block() as out:
        work.statements(held or node, sink)
    work.out.extend(out)


NODES.statement_with_value("if_expression")(Work.lower_if)


@NODES.statement_with_value("parenthesized_expression")
def _parentheses(work: Work, node: Node, sink: Sink) -> None:
    inside = work.named(node)
    if len(inside) == 1:
        work.deliver(inside[0], sink)
    else:
        work.emit(sink(work.expression(node)))


@NODES.statement_with_value("call_expression")
def _call(work: Work, node: Node, sink: Sink) -> None:
    """``Ok(match …)``: the content stands for the whole."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    given = work.named(listed) if listed is not None else []
    is_transparent = function is not None and work.text(function) in ("Ok", "Some")
    if is_transparent and len(given) == 1 and NODES.is_block(work.kind(given[0])):
        work.deliver(given[0], sink)
    else:
        work.emit(sink(work.expression(node)))


@NODES.statement("return_expression")
def _return(work: Work, node: Node) -> None:
    inside = work.named(node)
    if inside:
        work.deliver(inside[0], returned)
    else:
        work.emit(ir.Return(None, work.at(node)))


@NODES.statement("break_expression", "continue_expression")
def _jump(work: Work, node: Node) -> None:
    inside = [one for one in work.named(node) if work.kind(one) != "label"]
    if inside:
        work.deliver(inside[0], labels.left(work, node))
    work.emit(ir.Jump(work.at(node)))


@NODES.statement("let_declaration")
def _let(work: Work, node: Node) -> None:
    written, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    otherwise = node.child_by_field_name("alternative")
    at = work.at(node)
    if written is None:
        return
    name = patterns.simple(work, written)
    declared = types.annotation(work, node.child_by_field_name("type"))
    if value is None:
        if name is not None:
            work.bind(work.text(name))
        return
    if work.kind(written) == "":  # ``let _ = …``
        work.effect(value)
        return
    made = settings.converted(work.expression(value), declared)
    if name is not None and otherwise is None:
        target = ir.Name(work.bind(work.text(name)), work.at(name))
        work.emit(ir.Assign(target, made, at, annotation=declared))
        return
    subject = work.held(made, at, declared)
    captures: list[ir.Stmt] = []
    holds = patterns.pattern(work, written, subject, captures)
    if otherwise is not None:
        with work.block() as out:
            work.statements(otherwise, ignored)
        work.emit(ir.If(holds if isinstance(holds, ir.Opaque) else ir.Opaque((holds,), at), (), tuple(out), at))
    work.out.extend(captures)


@NODES.expression("let_condition", "let_chain")
def condition(work: Work, node: Node) -> ir.Expr:
    """``let pattern = value`` as a test, with what it binds before it."""
    captures: list[ir.Stmt] = []
    made = test(work, node, captures)
    work.out.extend(captures)
    return made


def test(work: Work, node: Node, captures: list[ir.Stmt]) -> ir.Expr:
    """The test of an ``if`` or ``while``; what its patterns bind is added to ``captures``."""
    at, kind = work.at(node), work.kind(node)
    if kind == "let_condition":
        written, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if written is None or value is None:
            return ir.Opaque((), at)
        subject = work.held(work.expression(value), at)
        return patterns.pattern(work, written, subject, captures)
    if kind == "let_chain":
        tests = []
        for one in work.named(node):
            work.out.extend(captures)  # what follows sees what is bound before it
            captures.clear()
            tests.append(test(work, one, captures))
        return ir.Opaque(tuple(tests), at)
    return work.expression(node)


@NODES.statement_with_value("match_expression")
def _match(work: Work, node: Node, sink: Sink) -> None:
    value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    at = work.at(node)
    if value is None or body is None:
        return
    subject = work.held(work.expression(value), at)
    branches: list[Branch] = []
    for arm in work.named(body):
        if work.kind(arm) != "match_arm":
            continue
        written, result = arm.child_by_field_name("pattern"), arm.child_by_field_name("value")
        if written is None:
            continue
        guard = written.child_by_field_name("condition")
        with work.block() as before:
            captures: list[ir.Stmt] = []
            inner = [child for child in written.children if child.type not in ("if",) and child != guard]
            holds: ir.Expr = ir.Const(True, at)
            for child in inner[:1]:
                holds = patterns.pattern(work, child, subject, captures)
            if guard is not None:
                before.extend(captures)
                captures = []
                holds = ir.Op("and", (holds, test(work, guard, captures)), work.at(arm))
            with work.block() as out:
                out.extend(captures)
                if result is not None:
                    work.deliver(result, sink)
        branches.append((tuple(before), holds, tuple(out), work.at(arm)))
    work.out.extend(_matched(branches))


def _matched(branches: list[Branch]) -> ir.Block:
    """A ``match`` has a branch for every value, so that its last one needs no test."""
    if branches:
        before, _, then, _ = branches[-1]
        return if_chain(branches[:-1], (*before, *then)) if len(branches) > 1 else (*before, *then)
    return ()


@NODES.statement_with_value("loop_expression", "while_expression", "for_expression")
def _loop(work: Work, node: Node, sink: Sink) -> None:
    kind, at = work.kind(node), work.at(node)
    body = node.child_by_field_name("body")
    work.loops.append((labels.label(work, node), sink if kind == "loop_expression" else None))
    target: ir.Target | None = None
    iterable: ir.Expr | None = None
    if kind == "for_expression" and (value := node.child_by_field_name("value")) is not None:
        iterable = work.expression(value)
        pattern = node.child_by_field_name("pattern")
        if pattern is not None and work.kind(pattern) == "tuple_pattern" and not isinstance(iterable, ir.Call):
            function = ir.Name(work.outside(ELEMENTS), at)
            iterable = ir.Call(function, (iterable,), (), at)  # perhaps a map, whose pairs are meant
    with work.block() as out:
        written = node.child_by_field_name("pattern")
        if iterable is not None and written is not None:
            name = patterns.simple(work, written)
            target = ir.Name(work.bind(work.text(name)) if name is not None else work.hidden("element"), at)
            if name is None:
                captures: list[ir.Stmt] = []
                patterns.pattern(work, written, target, captures)
                out.extend(captures)
        condition_node = node.child_by_field_name("condition")
        if condition_node is not None:
            found: list[ir.Stmt] = []
            holds = test(work, condition_node, found)
            if not isinstance(holds, ir.Const | ir.Name):
                out.append(ir.ExprStmt(holds, work.at(condition_node)))
            out.extend(found)
        if body is not None:
            work.statements(body, ignored)
    work.loops.pop()
    work.emit(ir.Loop(target, iterable, tuple(out), at))
