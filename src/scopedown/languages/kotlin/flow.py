"""What Kotlin writes as an expression and the intermediate form as statements: ``if``, ``when``, ``try``, loops.

:func:`deliver` lowers such an expression and does with each value that it may have what a sink says; :func:`effect`
lowers it for its effect alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.block_names import Sink, ignored, returned
from scopedown.languages.kotlin import functions, types
from scopedown.languages.kotlin.names import ELEMENTS
from scopedown.languages.kotlin.work import COMMENTS, Work
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

VALUES: Final = frozenset({"if_expression", "when_expression", "try_expression", "block"})
JUMPS: Final = frozenset(
    {
        "return_expression", "throw_expression", "assignment", "for_statement", "while_statement", "do_while_statement",
        "property_declaration", "function_declaration", "class_declaration", "object_declaration",
    }
)  # fmt: skip
LOCAL: Final = frozenset({"class_declaration", "object_declaration"})
"""Declarations inside of a function."""


def elvis(work: Work, left: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """``a ?: b``, where ``b`` may leave the function."""
    with work.block() as out:
        other = work.steps.expression(work, node)
    if not out:
        return ir.Op("??", (left, other), at)
    held = ir.Name(work.hidden("value"), at)
    work.emit(ir.Assign(held, left, at))
    if not isinstance(out[-1], ir.Return | ir.Raise | ir.Jump):
        out.append(ir.Assign(held, other, at))
    work.emit(ir.If(ir.Opaque((held,), at), (), tuple(out), at))
    return held


def choice(work: Work, node: Node) -> ir.Expr | None:
    """``if (a) b else c`` with one expression in each branch; None for any other form."""
    if node.type != "if_expression":
        return None
    condition, then, otherwise = _parts(work, node)
    if condition is None or then is None or otherwise is None:
        return None
    one, other = _only(work, then), _only(work, otherwise)
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
    for out, value in ((before, first), (after, second)):
        if not out or not isinstance(out[-1], ir.Return | ir.Raise | ir.Jump):
            out.append(ir.Assign(name, value, value.at))
    work.emit(ir.If(test, tuple(before), tuple(after), at))
    return name


def _only(work: Work, node: Node) -> Node | None:
    """The one expression of a branch."""
    inside = work.named(node) if node.type == "block" else [node]
    if len(inside) != 1 or inside[0].type in VALUES or inside[0].type in JUMPS:
        return None
    return inside[0] if inside[0].type in work.steps.handled else None


def _parts(work: Work, node: Node) -> tuple[Node | None, Node | None, Node | None]:
    """The condition and the two branches of an ``if``."""
    condition = node.child_by_field_name("condition")
    then: Node | None = None
    otherwise: Node | None = None
    behind = False
    for child in node.children:
        if child.type == "else":
            behind = True
        elif child.is_named and child != condition and child.type not in COMMENTS:
            if behind:
                otherwise = otherwise or child
            elif then is None:
                then = child
    return condition, then, otherwise


def deliver(work: Work, node: Node, sink: Sink) -> None:
    """The statements of an expression; every value that it may have goes into the sink."""
    if work.too_deep(node):
        work.emit(sink(ir.Opaque((), work.at(node))))
        return
    work.depth += 1
    kind = node.type
    if kind == "block":
        with work.block() as out:
            statements(work, work.named(node), sink)
        work.out.extend(out)
    elif kind == "if_expression":
        _if(work, node, sink)
    elif kind == "when_expression":
        _when(work, node, sink)
    elif kind == "try_expression":
        _try(work, node, sink)
    elif kind in ("parenthesized_expression", "labeled_expression", "annotated_expression"):
        for inside in [one for one in work.named(node) if one.type not in ("label", "annotation")][-1:]:
            deliver(work, inside, sink)
    elif kind in JUMPS:
        effect(work, node)
    else:
        before = len(work.out)
        value = work.steps.expression(work, node)
        if not (work.out[before:] and isinstance(work.out[-1], ir.Jump)):
            work.emit(sink(value))
    work.depth -= 1


def effect(work: Work, node: Node) -> None:
    """An expression, or a declaration inside of a function, as a statement."""
    kind, at = node.type, work.at(node)
    if kind == "return_expression":
        label = node.child_by_field_name("label")
        inside = [one for one in work.named(node) if one != label and one.type != "label"]
        if inside:
            deliver(work, inside[0], returned)
        else:
            work.emit(ir.Return(None, at))
    elif kind == "throw_expression":
        inside = work.named(node)
        work.emit(ir.Raise(work.steps.expression(work, inside[0]) if inside else None, at))
    elif kind == "assignment":
        _assignment(work, node)
    elif kind in ("for_statement", "while_statement", "do_while_statement"):
        _loop(work, node)
    elif kind == "property_declaration":
        _variable(work, node)
    elif kind == "function_declaration":
        made = functions.function(work, node, "lexical")
        work.emit(ir.Assign(ir.Name(work.bind(made.function.name), at), made, at))
    elif kind in LOCAL:
        found = work.steps.declaration(work, node)
        if found is not None:
            work.emit(ir.Assign(ir.Name(work.bind(found[0]), at), found[1], at))
    elif kind == "unary_expression" and len(node.children) == 2 and {"++", "--"} & {one.type for one in node.children}:
        value = work.steps.expression(work, work.named(node)[0])
        if isinstance(value, ir.Name | ir.Attr | ir.Index):
            work.emit(ir.Assign(value, ir.Opaque((value,), at), at))
    else:
        deliver(work, node, ignored)


def statements(work: Work, nodes: list[Node], sink: Sink) -> None:
    """Statements in order; the value of the last one goes into the sink."""
    for position, node in enumerate(nodes):
        if node.type == "ERROR":
            statements(work, [one for one in work.named(node) if one.type in work.steps.handled], ignored)
        elif position == len(nodes) - 1 and node.type not in JUMPS:
            if node.type in work.steps.handled:
                deliver(work, node, sink)
        elif node.type in work.steps.handled:
            effect(work, node)


def _variable(work: Work, node: Node) -> None:
    """``val x: T = value``, ``val (a, b) = value``, ``val x by lazy { … }``."""
    at = work.at(node)
    several, one = work.child(node, "multi_variable_declaration"), work.child(node, "variable_declaration")
    value = initial(work, node)
    delegate = work.child(node, "property_delegate")
    if several is not None:
        made = work.steps.expression(work, value) if value is not None else ir.Opaque((), at)
        held: ir.Expr = made
        if not isinstance(made, ir.Name):
            held = ir.Name(work.hidden("subject"), at)
            work.emit(ir.Assign(held, made, at))
        functions.take_apart(work, several, held)
        return
    if one is None:
        return
    declared = types.declared(work, one)
    if delegate is not None:
        made = delegated(work, delegate)
    elif value is None:
        functions.variable(work, one)
        return
    else:
        made = work.steps.expression(work, value)
    if isinstance(made, ir.Lambda):
        named = work.child(one, "identifier")
        made.function.name = work.text(named) if named is not None else made.function.name
    work.emit(ir.Assign(functions.variable(work, one), made, at, annotation=declared))


def initial(work: Work, node: Node) -> Node | None:
    """The expression behind ``=`` of a declaration."""
    behind = False
    for child in node.children:
        if child.type == "=":
            behind = True
        elif behind and child.is_named and child.type not in COMMENTS:
            return child
    return None


def delegated(work: Work, node: Node) -> ir.Expr:
    """What ``by`` gives: the result of ``lazy``'s lambda, or what the delegate is asked for."""
    at = work.at(node)
    inside = work.named(node)
    if not inside:
        return ir.Opaque((), at)
    lambda_ = lazily(work, inside[0])
    if lambda_ is not None:
        return ir.Call(functions.lambda_(work, lambda_, "lazy"), (), (), at)
    return ir.Call(ir.Attr(work.steps.expression(work, inside[0]), "getValue", at), (), (), at)


def lazily(work: Work, node: Node) -> Node | None:
    """The lambda of ``lazy { … }``; None where a delegate is another one."""
    if node.type != "call_expression":
        return None
    inside = work.named(node)
    called = inside[0]
    while called.type == "call_expression" and work.named(called):
        called = work.named(called)[0]
    if called.type != "identifier" or work.text(called) != "lazy":
        return None
    trailing = work.child(node, "annotated_lambda")
    return work.child(trailing, "lambda_literal") if trailing is not None else None


def _if(work: Work, node: Node, sink: Sink) -> None:
    """A chain of ``else if`` is walked, not descended."""
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    while True:
        condition, then, other = _parts(work, node)
        with work.block() as before:
            test = work.steps.expression(work, condition) if condition is not None else ir.Opaque((), work.at(node))
        with work.block() as body:
            if then is not None:
                deliver(work, then, sink)
        branches.append((tuple(before), test, tuple(body), work.at(node)))
        if other is None or other.type != "if_expression":
            break
        node = other
    if other is not None:
        with work.block() as out:
            deliver(work, other, sink)
        otherwise = tuple(out)
    work.out.extend(if_chain(branches, otherwise))


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
        with work.block() as body:
            if bodies:
                deliver(work, bodies[-1], sink)
        if not conditions:
            otherwise = tuple(body)
            break
        branches.append((tuple(before), _any(tests, at), tuple(body), work.at(entry)))
    work.out.extend(if_chain(branches, otherwise))


def _subject(work: Work, node: Node | None) -> ir.Expr | None:
    if node is None:
        return None
    inside, at = work.named(node), work.at(node)
    if not inside:
        return None
    value = work.steps.expression(work, inside[-1])
    declared = work.child(node, "variable_declaration")
    if declared is not None and len(inside) > 1:
        name = functions.variable(work, declared)
        work.emit(ir.Assign(name, value, at))
        return name
    if isinstance(value, ir.Name | ir.Const):
        return value
    held = ir.Name(work.hidden("subject"), at)
    work.emit(ir.Assign(held, value, at))
    return held


def _condition(work: Work, node: Node, subject: ir.Expr | None) -> ir.Expr:
    at = work.at(node)
    if node.type in ("type_test", "range_test"):
        inside = [work.steps.expression(work, one) for one in work.named(node) if one.type in work.steps.handled]
        return ir.Opaque(tuple(inside), at)
    value = work.steps.expression(work, node)
    return value if subject is None else ir.Op("==", (subject, value), at)


def _any(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    """One of several tests; the operators are balanced, so that a long list does not nest deeply."""
    while len(tests) > 1:
        tests = [
            ir.Op("or", tuple(tests[start : start + 2]), at) if start + 1 < len(tests) else tests[start]
            for start in range(0, len(tests), 2)
        ]
    return tests[0]


def _try(work: Work, node: Node, sink: Sink) -> None:
    body: ir.Block = ()
    final: ir.Block = ()
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    for child in node.named_children:
        if child.type == "block":
            with work.block() as out:
                statements(work, work.named(child), sink)
            body = tuple(out)
        elif child.type == "catch_block":
            with work.block() as out:
                named = work.child(child, "identifier")
                target = ir.Name(work.bind(work.text(named)), work.at(named)) if named is not None else None
                inner = work.child(child, "block")
                if inner is not None:
                    statements(work, work.named(inner), sink)
            handlers.append((target, tuple(out)))
        elif child.type == "finally_block":
            inner = work.child(child, "block")
            with work.block() as out:
                if inner is not None:
                    statements(work, work.named(inner), ignored)
            final = tuple(out)
    work.emit(ir.Try(body, tuple(handlers), final, work.at(node)))


def _loop(work: Work, node: Node) -> None:
    at = work.at(node)
    several, one = work.child(node, "multi_variable_declaration"), work.child(node, "variable_declaration")
    condition = node.child_by_field_name("condition")
    inside = [child for child in work.named(node) if child not in (several, one, condition)]
    if node.type == "for_statement":
        iterable = work.steps.expression(work, inside[0]) if inside else ir.Opaque((), at)
        iterable = ir.Call(ir.Name(ELEMENTS, at), (iterable,), (), at)
        with work.block() as out:
            if several is not None:
                target = ir.Name(work.hidden("element"), at)
                functions.take_apart(work, several, target)
            else:
                target = functions.variable(work, one) if one is not None else ir.Name(work.hidden("element"), at)
            for body in inside[1:]:
                deliver(work, body, ignored)
        work.emit(ir.Loop(target, iterable, tuple(out), at))
        return
    with work.block() as out:
        if condition is not None:
            work.emit(ir.ExprStmt(work.steps.expression(work, condition), at))
        for body in inside:
            deliver(work, body, ignored)
    work.emit(ir.Loop(None, None, tuple(out), at))


def _assignment(work: Work, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    at = work.at(node)
    operator = next((child.type for child in node.children if not child.is_named and child.type.endswith("=")), "=")
    target = work.steps.expression(work, left)
    value = work.steps.expression(work, right)
    if not isinstance(target, ir.Name | ir.Attr | ir.Index):
        work.emit(ir.ExprStmt(value, at))
    else:
        work.emit(ir.Assign(target, value, at, operator[:-1] or None))
