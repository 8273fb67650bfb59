"""Go's statements.

* ``go f()`` is a call where it stands; ``deferred.py`` has ``defer f()``.
* ``select`` and ``switch`` are chains of ifs; ``fallthrough`` is worked out. ``jumps.py`` has ``break`` and ``goto``.
* ``for i, v := range x`` goes through the pairs that the built-in ``<range>`` gives for x.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from scopedown.languages.go import assignments, declarations, deferred, functions, jumps, types
from scopedown.languages.go.scope import Lowering
from scopedown.source import ir
from scopedown.source.languages.chains import Branch, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node


def _expression(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    for child in work.named(node):
        value = work.expression(child)
        if isinstance(value, ir.Call) and _is_panic(work, value.function):
            out.append(ir.Raise(value.positional[0] if value.positional else None, value.at))
        else:
            out.append(ir.ExprStmt(value, work.at(child)))


def _is_panic(work: Lowering, function: ir.Expr) -> bool:
    is_named = isinstance(function, ir.Name) and function.id == "panic"
    return is_named and "panic" not in work.functions and not work.is_variable("panic")


def _block(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    out.extend(work.block(node))


def _ignore(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    return


def _jump(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    out.append(ir.Jump(work.at(node)))


def _labeled(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    name, *labeled = work.named(node)
    for child in labeled:
        work.scopes[-1].label = work.text(name)
        work.statement(child, out)
    work.scopes[-1].label = ""


def _return(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    at = work.at(node)
    given = work.named(node)
    if not given:
        names = work.scopes[-1].results if work.scopes else ()
        results = tuple(work.named_at(name, at) for name in names)
        out.append(ir.Return(functions.several(results, at) if results else None, at))
        return
    parts = work.named(given[0]) if given[0].type == "expression_list" else given
    values = tuple(work.expression(part) for part in parts)
    returned = ir.Return(functions.several(values, at), at)
    changed = deferred.returned(work.scopes[-1], values)
    if changed is not values:
        out.append(ir.If(ir.Opaque((), at), (ir.Return(functions.several(changed, at), at),), (), at))
    out.append(returned)


def _go(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``go f()``."""
    made = [ir.ExprStmt(work.expression(child), work.at(child)) for child in work.named(node)]
    out.extend(made)
    if work.scopes:
        work.scopes[-1].started.extend(made)


# branches


def _if(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    branches: list[Branch] = []
    opened = 0
    otherwise: ir.Block = ()
    following: Node | None = node
    while following is not None:
        if following.type != "if_statement":
            otherwise = work.block(following)
            break
        work.open_block()
        opened += 1
        before: list[ir.Stmt] = []
        initializer = following.child_by_field_name("initializer")
        if initializer is not None:
            work.statement(initializer, before)
        test = _test(work, following.child_by_field_name("condition"))
        then = work.block(following.child_by_field_name("consequence"))
        branches.append((tuple(before), test, then, work.at(following)))
        following = following.child_by_field_name("alternative")
    for _ in range(opened):
        work.close_block()
    out.extend(if_chain(branches, otherwise))


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


def _switch(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    at = work.at(node)
    work.open_block()
    initializer, value = node.child_by_field_name("initializer"), node.child_by_field_name("value")
    if initializer is not None:
        work.statement(initializer, out)
    subject = work.expression(value) if value is not None else None
    if subject is not None and not isinstance(subject, ir.Name | ir.Const | ir.Attr):
        held = ir.Name(work.hidden("switch"), at)
        out.append(ir.Assign(held, subject, at))
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
        body: list[ir.Stmt] = []
        work.open_block()
        falls = False
        for one in work.named(case):
            if one.type == "statement_list":
                work.into(one, body)
                inner = work.named(one)
                falls = bool(inner) and inner[-1].type == "fallthrough_statement"
        work.close_block()
        test = _any(tests, case_at) if case.type == "expression_case" else None
        cases.append((test, jumps.case_body(work, body), falls, case_at))
    work.close_block()
    _chain(cases, out)


def _chain(cases: list[tuple[ir.Expr | None, list[ir.Stmt], bool, ir.At]], out: list[ir.Stmt]) -> None:
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
    out.extend(if_chain(branches[::-1], otherwise))


MAX_FALLING = 200
"""Statements of cases that fall through which are put together."""


def _any(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    if len(tests) < 2:
        return tests[0] if tests else ir.Opaque((), at)
    middle = len(tests) // 2
    return ir.Op("or", (_any(tests[:middle], at), _any(tests[middle:], at)), at)


def _type_switch(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    at = work.at(node)
    work.open_block()
    initializer = node.child_by_field_name("initializer")
    if initializer is not None:
        work.statement(initializer, out)
    held = ir.Name(work.hidden("switch"), at)
    out.append(ir.Assign(held, work.expression(node.child_by_field_name("value")), at))
    alias = node.child_by_field_name("alias")
    names = work.named(alias) if alias is not None else []
    branches: list[Branch] = []
    otherwise: ir.Block = ()
    for case in work.named(node):
        if case.type not in ("type_case", "default_case"):
            continue
        body: list[ir.Stmt] = []
        work.open_block()
        given = case.children_by_field_name("type")
        if names:
            value: ir.Expr = held
            if len(given) == 1 and given[0].is_named:
                value = ir.Cast(held, types.expression(work, given[0]), work.at(given[0]))
            body.append(ir.Assign(work.declare(work.text(names[0]), work.at(case)), value, work.at(case)))
        for one in work.named(case):
            if one.type == "statement_list":
                work.into(one, body)
        work.close_block()
        body = jumps.case_body(work, body)
        if case.type == "default_case":
            otherwise = tuple(body)
        else:
            branches.append(((), ir.Opaque((), work.at(case)), tuple(body), work.at(case)))
    work.close_block()
    out.extend(if_chain(branches, otherwise))


def _select(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """One of the cases runs: which one is not known."""
    blocks: list[tuple[ir.Block, ir.At]] = []
    for case in work.named(node):
        if case.type not in ("communication_case", "default_case"):
            continue
        body: list[ir.Stmt] = []
        work.open_block()
        communication = case.child_by_field_name("communication")
        if communication is not None:
            work.statement(communication, body)
        for one in work.named(case):
            if one.type == "statement_list":
                work.into(one, body)
        work.close_block()
        blocks.append((tuple(jumps.case_body(work, body)), work.at(case)))
    if blocks:
        branches: list[Branch] = [((), ir.Opaque((), at), body, at) for body, at in blocks[:-1]]
        out.extend(if_chain(branches, blocks[-1][0]))


def _receive(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    """``v, ok := <-c`` in a case of ``select``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        out.append(ir.ExprStmt(work.expression(right), work.at(node)))
        return
    declares = any(child.type == ":=" for child in node.children)
    values = assignments.values(work, right, len(work.named(left)))
    targets: list[ir.Target] = [
        work.declare(work.text(one), work.at(one)) if declares else assignments.target(work, one)
        for one in work.named(left)
    ]
    assignments.bind(work, targets, values, work.at(node), out)


# loops


def _for(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    at = work.at(node)
    body = node.child_by_field_name("body")
    work.open_block()
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
                work.statement(initializer, out)
            if condition is not None:
                first.append(ir.ExprStmt(work.expression(condition), work.at(condition)))
            if update is not None:
                work.statement(update, after)
        else:
            first.append(ir.ExprStmt(work.expression(one), work.at(one)))
    with jumps.breakable(work, True):
        held = work.block(body)
    out.append(ir.Loop(to, iterable, (*first, *held, *after), at))
    work.close_block()


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


def _declaration(work: Lowering, node: Node, out: list[ir.Stmt]) -> None:
    declarations.lower(work, node, out)


@cache
def table() -> dict[str, Callable[[Lowering, Node, list[ir.Stmt]], None]]:
    """What lowers each kind of statement."""
    return {
        "expression_statement": _expression,
        "block": _block,
        "empty_statement": _ignore,
        "comment": _ignore,
        "break_statement": jumps.leave,
        "continue_statement": _jump,
        "goto_statement": jumps.goto,
        "fallthrough_statement": _ignore,
        "labeled_statement": _labeled,
        "return_statement": _return,
        "short_var_declaration": assignments.short,
        "assignment_statement": assignments.plain,
        "inc_statement": assignments.step,
        "dec_statement": assignments.step,
        "send_statement": assignments.send,
        "receive_statement": _receive,
        "go_statement": _go,
        "defer_statement": deferred.lower,
        "if_statement": _if,
        "expression_switch_statement": jumps.left_by_breaks(_switch),
        "type_switch_statement": jumps.left_by_breaks(_type_switch),
        "select_statement": jumps.left_by_breaks(_select),
        "for_statement": _for,
        "var_declaration": _declaration,
        "const_declaration": _declaration,
        "type_declaration": _declaration,
    }
