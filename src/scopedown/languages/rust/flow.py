"""What Rust writes as an expression and the intermediate form as statements: blocks, ``if``, ``match``, loops.

:func:`deliver` lowers such an expression and does with each value that it may have what a sink says; :func:`effect`
lowers it for its effect alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import Sink, ignored, returned
from scopedown.languages.rust import assignments, labels, macros, own_macros, patterns, settings, types
from scopedown.languages.rust.kinds import ELEMENTS, JUMPS, KINDS, VALUES
from scopedown.languages.rust.work import Work
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN_KINDS: Final = frozenset(
    {
        "identifier", "string_literal", "integer_literal", "boolean_literal", "float_literal", "field_expression",
        "call_expression", "scoped_identifier", "self", "reference_expression", "parenthesized_expression",
        "try_expression", "await_expression",
    }
)  # fmt: skip


def choice(work: Work, node: Node) -> ir.Expr | None:
    """``if a { b } else { c }`` with one expression in each branch; None for any other form."""
    if work.kind(node) != "if_expression":
        return None
    condition = node.child_by_field_name("condition")
    then, otherwise = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if condition is None or then is None or otherwise is None or work.kind(condition) in ("let_condition", "let_chain"):
        return None
    one, other = _only(work, then), _only(work, work.named(otherwise)[0] if work.named(otherwise) else otherwise)
    if one is None or other is None:
        return None
    at = work.at(node)
    test = work.steps.expression(work, condition)
    with work.block() as before:
        first = work.steps.expression(work, one)
    with work.block() as after:
        second = work.steps.expression(work, other)
    if not before and not after:
        return ir.Cond(test, first, second, at)
    name = ir.Name(work.hidden("value"), at)
    before.append(ir.Assign(name, first, first.at))
    after.append(ir.Assign(name, second, second.at))
    work.emit(ir.If(test, tuple(before), tuple(after), at))
    return name


def _only(work: Work, node: Node) -> Node | None:
    inside = work.named(node)
    if work.kind(node) != "block" or len(inside) != 1 or work.kind(inside[0]) not in _PLAIN_KINDS:
        return None
    return inside[0]


def deliver(work: Work, node: Node, sink: Sink) -> None:
    """The statements of an expression; every value that it may have goes into the sink."""
    kind = work.kind(node)
    if work.too_deep(node):
        work.emit(sink(ir.Opaque((), work.at(node))))
        return
    work.depth += 1
    if kind == "block" and (label := labels.label(work, node)):
        labels.block(work, node, label, sink)
    elif kind in ("block", "unsafe_block", "const_block"):
        with work.block() as out:
            statements(work, _inside(work, node), sink)
        work.out.extend(out)
    elif kind == "if_expression":
        _if(work, node, sink)
    elif kind == "match_expression":
        _match(work, node, sink)
    elif kind in ("loop_expression", "while_expression", "for_expression"):
        _loop(work, node, sink)
    elif kind == "parenthesized_expression" and len(inside := work.named(node)) == 1:
        deliver(work, inside[0], sink)
    elif kind == "call_expression" and (wrapped := _wrapped(work, node)) is not None:
        deliver(work, wrapped, sink)
    elif kind == "expression_statement" and (inside := work.named(node)):
        effect(work, inside[0])
    elif kind in JUMPS:
        effect(work, node)
    elif kind == "macro_invocation" and macros.leaves(work, node):
        macros.leave(work, node)
    else:
        work.emit(sink(work.steps.expression(work, node)))
    work.depth -= 1


def _inside(work: Work, node: Node) -> Node:
    if work.kind(node) in ("unsafe_block", "const_block"):
        return next((child for child in work.named(node) if work.kind(child) == "block"), node)
    return node


def _wrapped(work: Work, node: Node) -> Node | None:
    """``Ok(match …)``: the content, which stands for the whole."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or listed is None or work.text(function) not in ("Ok", "Some"):
        return None
    given = work.named(listed)
    return given[0] if len(given) == 1 and work.kind(given[0]) in VALUES else None


def effect(work: Work, node: Node) -> None:
    """An expression as a statement."""
    kind, at = work.kind(node), work.at(node)
    if kind in VALUES:
        deliver(work, node, ignored)
    elif kind == "return_expression":
        inside = work.named(node)
        if inside:
            deliver(work, inside[0], returned)
        else:
            work.emit(ir.Return(None, at))
    elif kind == "break_expression":
        inside = [one for one in work.named(node) if work.kind(one) != "label"]
        if inside:
            deliver(work, inside[0], labels.left(work, node))
        work.emit(ir.Jump(at))
    elif kind == "continue_expression":
        work.emit(ir.Jump(at))
    elif kind == "assignment_expression":
        assignments.assignment(work, node)
    elif kind == "compound_assignment_expr":
        assignments.compound(work, node)
    elif kind == "macro_invocation" and macros.leaves(work, node):
        macros.leave(work, node)
    elif kind == "macro_invocation":
        macros.statement(work, node)
    else:
        value = work.steps.expression(work, node)
        work.emit(ir.ExprStmt(value, value.at if isinstance(value, ir.Call) else at))


def statements(work: Work, node: Node, sink: Sink) -> None:
    """What stands in a block; its last expression goes into the sink."""
    children = node.named_children
    outer = own_macros.inner(work, children)
    _statements(work, children, sink)
    if outer is not None:
        work.macros = outer


def _statements(work: Work, children: list[Node], sink: Sink) -> None:
    work.steps.hoisted(work, children)
    last = next((child for child in reversed(children) if work.kind(child) not in _COMMENTS), None)
    for child in children:
        kind = work.kind(child)
        if kind == "let_declaration":
            _let(work, child)
        elif kind == "expression_statement":
            inside = work.named(child)
            if not inside:
                continue
            has_value = child is last and work.kind(inside[0]) in VALUES and child.children[-1].type != ";"
            if has_value:
                deliver(work, inside[0], sink)
            else:
                effect(work, inside[0])
        elif kind == "ERROR":
            for one in work.named(child):
                if work.kind(one) in work.steps.handled:
                    effect(work, one)
        elif kind in KINDS or kind in _COMMENTS or kind == "label":
            continue
        elif child is last:
            deliver(work, child, sink)
        elif kind in work.steps.handled:
            effect(work, child)


_COMMENTS: Final = frozenset(
    {"line_comment", "block_comment", "attribute_item", "inner_attribute_item", "empty_statement"}
)


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
        effect(work, value)
        return
    made = settings.converted(work.steps.expression(work, value), declared)
    if name is not None and otherwise is None:
        target = ir.Name(work.bind(work.text(name)), work.at(name))
        work.emit(ir.Assign(target, made, at, annotation=declared))
        return
    subject = _held(work, made, at, declared)
    captures: list[ir.Stmt] = []
    test = patterns.pattern(work, written, subject, captures)
    if otherwise is not None:
        with work.block() as out:
            statements(work, otherwise, ignored)
        work.emit(ir.If(test if isinstance(test, ir.Opaque) else ir.Opaque((test,), at), (), tuple(out), at))
    work.out.extend(captures)


def _held(work: Work, value: ir.Expr, at: ir.At, declared: ir.Expr | None = None) -> ir.Expr:
    """A value that is looked at several times, in a variable."""
    if isinstance(value, ir.Name | ir.Const) and declared is None:
        return value
    held = ir.Name(work.hidden("subject"), at)
    work.emit(ir.Assign(held, value, at, annotation=declared))
    return held


def condition(work: Work, node: Node) -> ir.Expr:
    """``let pattern = value`` as a test, with what it binds before it."""
    captures: list[ir.Stmt] = []
    test = _test(work, node, captures)
    work.out.extend(captures)
    return test


def _test(work: Work, node: Node, captures: list[ir.Stmt]) -> ir.Expr:
    """The test of an ``if`` or ``while``; what its patterns bind is added to ``captures``."""
    at, kind = work.at(node), work.kind(node)
    if kind == "let_condition":
        written, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if written is None or value is None:
            return ir.Opaque((), at)
        subject = _held(work, work.steps.expression(work, value), at)
        return patterns.pattern(work, written, subject, captures)
    if kind == "let_chain":
        tests = []
        for one in work.named(node):
            work.out.extend(captures)  # what follows sees what is bound before it
            captures.clear()
            tests.append(_test(work, one, captures))
        return ir.Opaque(tuple(tests), at)
    return work.steps.expression(work, node)


def _if(work: Work, node: Node, sink: Sink) -> None:
    """A chain of ``else if`` is walked, not descended."""
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    ends = False
    while not ends:
        written, then = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        alternative = node.child_by_field_name("alternative")
        with work.block() as before:
            captures: list[ir.Stmt] = []
            test = _test(work, written, captures) if written is not None else ir.Opaque((), work.at(node))
            with work.block() as body:
                body.extend(captures)
                if then is not None:
                    statements(work, then, sink)
        branches.append((tuple(before), test, tuple(body), work.at(node)))
        inside = work.named(alternative) if alternative is not None else []
        ends = not (inside and work.kind(inside[0]) == "if_expression")
        if not ends:
            node = inside[0]
        elif inside:
            with work.block() as out:
                statements(work, inside[0], sink)
            otherwise = tuple(out)
    work.out.extend(if_chain(branches, otherwise))


def _match(work: Work, node: Node, sink: Sink) -> None:
    value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    at = work.at(node)
    if value is None or body is None:
        return
    subject = _held(work, work.steps.expression(work, value), at)
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
            test: ir.Expr = ir.Const(True, at)
            for child in inner[:1]:
                test = patterns.pattern(work, child, subject, captures)
            if guard is not None:
                before.extend(captures)
                captures = []
                test = ir.Op("and", (test, _test(work, guard, captures)), work.at(arm))
            with work.block() as out:
                out.extend(captures)
                if result is not None:
                    deliver(work, result, sink)
        branches.append((tuple(before), test, tuple(out), work.at(arm)))
    work.out.extend(_matched(branches))


def _matched(branches: list[Branch]) -> ir.Block:
    """A ``match`` has a branch for every value, so that its last one needs no test."""
    if branches:
        before, _, then, _ = branches[-1]
        return if_chain(branches[:-1], (*before, *then)) if len(branches) > 1 else (*before, *then)
    return ()


def _loop(work: Work, node: Node, sink: Sink) -> None:
    kind, at = work.kind(node), work.at(node)
    body = node.child_by_field_name("body")
    work.loops.append((labels.label(work, node), sink if kind == "loop_expression" else None))
    target: ir.Target | None = None
    iterable: ir.Expr | None = None
    if kind == "for_expression" and (value := node.child_by_field_name("value")) is not None:
        iterable = work.steps.expression(work, value)
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
            test = _test(work, condition_node, found)
            if not isinstance(test, ir.Const | ir.Name):
                out.append(ir.ExprStmt(test, work.at(condition_node)))
            out.extend(found)
        if body is not None:
            statements(work, body, ignored)
    work.loops.pop()
    work.emit(ir.Loop(target, iterable, tuple(out), at))
