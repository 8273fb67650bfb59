"""Go's statements.

* ``go f()`` is a call where it stands; ``deferred.py`` has ``defer f()``.
* ``select`` and ``switch`` are chains of ifs; ``fallthrough`` is worked out. ``jumps.py`` has ``break`` and ``goto``.
* ``for i, v := range x`` goes through the pairs that the built-in ``<range>`` gives for x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.go import assignments, deferred, functions, jumps, types
from scopedown.languages.go.scope import NODES, Lowering
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, halved, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement("expression_statement")
def _expression(work: Lowering, node: Node) -> None:
    for child in work.named(node):
        value = work.expression(child)
        if isinstance(value, ir.Call) and _is_panic(work, value.function):
            work.emit(ir.Raise(value.positional[0] if value.positional else None, value.at))
        else:
            work.emit(ir.ExprStmt(value, work.at(child)))


def _is_panic(work: Lowering, function: ir.Expr) -> bool:
    is_named = isinstance(function, ir.Name) and function.id == "panic"
    return is_named and "panic" not in work.functions and not work.is_variable("panic")


@NODES.statement("labeled_statement")
def _labeled(work: Lowering, node: Node) -> None:
    name, *labeled = work.named(node)
    for child in labeled:
        work.scopes[-1].label = work.text(name)
        work.statement(child)
    work.scopes[-1].label = ""


@NODES.statement("return_statement")
def _return(work: Lowering, node: Node) -> None:
    at = work.at(node)
    given = work.named(node)
    if not given:
        names = work.scopes[-1].results if work.scopes else ()
        results = tuple(work.named_at(name, at) for name in names)
        work.emit(ir.Return(functions.several(results, at) if results else None, at))
        return
    parts = work.named(given[0]) if given[0].type == "expression_list" else given
    values = tuple(work.expression(part) for part in parts)
    returned = ir.Return(functions.several(values, at), at)
    changed = deferred.returned(work.scopes[-1], values)
    if changed is not values:
        work.emit(ir.If(ir.Opaque((), at), (ir.Return(functions.several(changed, at), at),), (), at))
    work.emit(returned)


@NODES.statement("go_statement")
def _go(work: Lowering, node: Node) -> None:
    """``go f()``."""
    made = [ir.ExprStmt(work.expression(child), work.at(child)) for child in work.named(node)]
    work.out.extend(made)
    if work.scopes:
        work.scopes[-1].started.extend(made)


# branches


@NODES.statement("if_statement")
def _if(work: Lowering, node: Node) -> None:
    branches: list[Branch] = []
    opened = 0
    otherwise: ir.Block = ()
    following: Node | None = node
    while following is not None:
        if following.type != "if_statement":
            otherwise = work.body(following)
            break
        work.enter_block()
        opened += 1
        initializer = following.child_by_field_name("initializer")
        with work.collected() as before:
            if initializer is not None:
                work.statement(initializer)
        test = _test(work, following.child_by_field_name("condition"))
        then = work.body(following.child_by_field_name("consequence"))
        branches.append((tuple(before), test, then, work.at(following)))
        following = following.child_by_field_name("alternative")
    for _ in range(opened):
        work.leave_block()
    work.out.extend(if_chain(branches, otherwise))


def _test(work: Lowering, node: Node | None) -> ir.Expr:
    """A test; whether a variable of the environment is set is whether it is no empty text."""
    held, operator = node, "!="
    while held is not None and held.type in ("parenthesized_expression", "unary_expression"):
        if held.type == "unary_expression":
            if work.text(held.child_by_field_name("operator") or held) != "!":
                break
            operator = "==" if operator == "!=" else "!="
        held = next(iter(work.named(held)), None)
    lookups = work.scopes[-1].lookups if work.scopes else {}
    if held is not None and held.type == "identifier" and (value := lookups.get(work.text(held))) is not None:
        at = work.at(held)
        return ir.Op(operator, (work.named_at(value, at), ir.Const("", at)), at)
    return work.expression(node)


@NODES.statement("expression_switch_statement")
@jumps.left_by_breaks
def _switch(work: Lowering, node: Node) -> None:
    at = work.at(node)
    work.enter_block()
    initializer, value = node.child_by_field_name("initializer"), node.child_by_field_name("value")
    if initializer is not None:
        work.statement(initializer)
    subject = work.expression(value) if value is not None else None
    if subject is not None and not isinstance(subject, ir.Name | ir.Const | ir.Attr):
        held = ir.Name(work.hidden("switch"), at)
        work.emit(ir.Assign(held, subject, at))
        subject = held
    cases: list[tuple[ir.Expr | None, list[ir.Stmt], bool, ir.At]] = []
    for case in work.named(node):
        if case.type not in ("expression_case", "default_case"):
            continue
        case_at = work.at(case)
        values = case.child_by_field_name("value")
        tests = [work.expression(one) for one in work.named(values)] if values is not None else []
        if subject is not None:
            tests = [ir.Op("==", (subject, test), test.at) for test in tests]
        inside = [one for one in work.named(case) if one.type == "statement_list"]
        inner = work.named(inside[-1]) if inside else []
        falls = bool(inner) and inner[-1].type == "fallthrough_statement"
        with work.block() as body:
            work.sequence(inside)
        tested = halved("or", tests, case_at) if tests else ir.Opaque((), case_at)
        test = tested if case.type == "expression_case" else None
        cases.append((test, jumps.case_body(work, body), falls, case_at))
    work.leave_block()
    _chain(work, cases)


def _chain(work: Lowering, cases: list[tuple[ir.Expr | None, list[ir.Stmt], bool, ir.At]]) -> None:
    """Cases in order, the default last wherever it stands; a case that falls through has the next one's body too."""
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    following: ir.Block = ()
    for test, body, falls, at in reversed(cases):
        following = (*body, *following) if falls and len(body) + len(following) < MAX_FALLING else tuple(body)
        if test is None:
            otherwise = following
        else:
            branches.append(((), test, following, at))
    work.out.extend(if_chain(branches[::-1], otherwise))


MAX_FALLING = 200
"""Statements of cases that fall through which are put together."""


@NODES.statement("type_switch_statement")
@jumps.left_by_breaks
def _type_switch(work: Lowering, node: Node) -> None:
    at = work.at(node)
    work.enter_block()
    initializer = node.child_by_field_name("initializer")
    if initializer is not None:
        work.statement(initializer)
    held = ir.Name(work.hidden("switch"), at)
    work.emit(ir.Assign(held, work.expression(node.child_by_field_name("value")), at))
    alias = node.child_by_field_name("alias")
    names = work.named(alias) if alias is not None else []
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    for case in work.named(node):
        if case.type not in ("type_case", "default_case"):
            continue
        with work.block() as out:
            given = case.children_by_field_name("type")
            if names:
                value: ir.Expr = held
                if len(given) == 1 and given[0].is_named:
                    value = ir.Cast(held, types.expression(work, given[0]), work.at(given[0]))
                work.emit(ir.Assign(work.declare(work.text(names[0]), work.at(case)), value, work.at(case)))
            work.sequence([one for one in work.named(case) if one.type == "statement_list"])
        body = jumps.case_body(work, out)
        if case.type == "default_case":
            otherwise = tuple(body)
        else:
            branches.append(((), ir.Opaque((), work.at(case)), tuple(body), work.at(case)))
    work.leave_block()
    work.out.extend(if_chain(branches, otherwise))


@NODES.statement("select_statement")
@jumps.left_by_breaks
def _select(work: Lowering, node: Node) -> None:
    """One of the cases runs: which one is not known."""
    blocks: list[tuple[ir.Block, ir.At]] = []
    for case in work.named(node):
        if case.type not in ("communication_case", "default_case"):
            continue
        with work.block() as body:
            communication = case.child_by_field_name("communication")
            if communication is not None:
                work.statement(communication)
            work.sequence([one for one in work.named(case) if one.type == "statement_list"])
        blocks.append((tuple(jumps.case_body(work, body)), work.at(case)))
    if blocks:
        branches: list[Branch] = [((), ir.Opaque((), at), body, at) for body, at in blocks[:-1]]
        work.out.extend(if_chain(branches, blocks[-1][0]))


@NODES.statement("receive_statement")
def _receive(work: Lowering, node: Node) -> None:
    """``v, ok := <-c`` in a case of ``select``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        work.emit(ir.ExprStmt(work.expression(right), work.at(node)))
        return
    declares = any(child.type == ":=" for child in node.children)
    values = assignments.values(work, right, len(work.named(left)))
    targets: list[ir.Target] = [
        work.declare(work.text(one), work.at(one)) if declares else assignments.target(work, one)
        for one in work.named(left)
    ]
    assignments.bind(work, targets, values, work.at(node))


# loops


@NODES.statement("for_statement")
def _for(work: Lowering, node: Node) -> None:
    at = work.at(node)
    body = node.child_by_field_name("body")
    work.enter_block()
    first: list[ir.Stmt] = []
    after: list[ir.Stmt] = []
    to: ir.Target | None = None
    iterable: ir.Expr | None = None
    for one in work.named(node):
        if one == body:
            continue
        if one.type == "range_clause":
            to, iterable = _range(work, one)
        elif one.type == "for_clause":
            initializer, update = one.child_by_field_name("initializer"), one.child_by_field_name("update")
            condition = one.child_by_field_name("condition")
            if initializer is not None:
                work.statement(initializer)
            if condition is not None:
                first.append(ir.ExprStmt(work.expression(condition), work.at(condition)))
            if update is not None:
                with work.collected() as after:
                    work.statement(update)
        else:
            first.append(ir.ExprStmt(work.expression(one), work.at(one)))
    with jumps.breakable(work, True):
        held = work.body(body)
    work.emit(ir.Loop(to, iterable, (*first, *held, *after), at))
    work.leave_block()


def _range(work: Lowering, node: Node) -> tuple[ir.Target, ir.Expr]:
    at = work.at(node)
    left = node.child_by_field_name("left")
    ranged = work.expression(node.child_by_field_name("right"))
    declares = any(child.type == ":=" for child in node.children)
    targets: list[ir.Target] = [
        work.declare(work.text(one), work.at(one)) if declares else assignments.target(work, one)
        for one in (work.named(left) if left is not None else ())
    ]
    items = tuple((one, None) for one in targets)
    if len(targets) == 1 and _is_channel(work, node.child_by_field_name("right")):
        return ir.ListPattern((None, *items), None, at), ir.Call(ir.Name("<range>", at), (ranged,), (), at)
    alone = (ir.Const(True, at),) if len(targets) == 1 else ()
    return ir.ListPattern(items, None, at), ir.Call(ir.Name("<range>", at), (ranged, *alone), (), at)


def _is_channel(work: Lowering, node: Node | None) -> bool:
    """Whether the file declares what is gone through as a channel; its name is enough, as types are not followed."""
    while node is not None and node.type in ("call_expression", "selector_expression", "parenthesized_expression"):
        node = node.child_by_field_name("function") or node.child_by_field_name("field") or work.named(node)[0]
    return node is not None and work.text(node) in work.channels
