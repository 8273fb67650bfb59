"""PHP's branches, loops and ``try``, as statements of the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php import expressions
from scopedown.languages.php.scope import Lowering
from scopedown.languages.php.targets import aliased, refer, target
from scopedown.languages.php.walk import block, body, collected, expression, field, held
from scopedown.source import ir
from scopedown.source.languages import switch_chain
from scopedown.source.languages.chains import Branch, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

VALUES: Final = "<values>"
PAIRS: Final = "<pairs>"
"""Functions of the language: what ``foreach`` goes through, and the same with keys."""


def if_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    test, then = field(work, node, "condition"), body(work, node.child_by_field_name("body"))
    branches: list[Branch] = [((), test, then, work.at(node))]
    otherwise: ir.Block = ()
    for clause in node.children_by_field_name("alternative"):
        inside = clause.child_by_field_name("body")
        if work.kind(clause) == "else_if_clause":
            branches.append(((), field(work, clause, "condition"), body(work, inside), work.at(clause)))
        else:
            otherwise = body(work, inside)
    for one in if_chain(branches, otherwise):
        work.emit(one)


def switch(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    at = work.at(node)
    value = held(work, field(work, node, "condition"), "switch")
    inside = node.child_by_field_name("body")
    cases: list[tuple[ir.Expr | None, list[ir.Stmt]]] = []
    for clause in work.named(inside) if inside is not None else []:
        test_node = clause.child_by_field_name("value")
        test: ir.Expr | None = None
        if test_node is not None:
            made = expression(work, test_node)
            test = ir.Op("loosely ==", (value, made), made.at)
        elif work.kind(clause) != "default_statement":
            continue
        inner = [child for child in work.named(clause) if child != test_node]
        cases.append((test, list(block(work, inner))))
    groups, default = switch_chain.groups(cases)
    for one in switch_chain.chain(groups, default, at):
        work.emit(one)


def _loop_body(work: Lowering, node: Node) -> ir.Block:
    return _without_breaks(body(work, node.child_by_field_name("body")))


def _without_breaks(statements: ir.Block, depth: int = 0) -> ir.Block:
    """A ``break`` of a loop is a jump, not one of a switch."""
    if depth > 100:
        return statements
    out: list[ir.Stmt] = []
    for one in statements:
        match one:
            case switch_chain.SwitchBreak(at=at):
                out.append(ir.Jump(at))
            case ir.If(test=test, then=then, otherwise=otherwise, at=at):
                out.append(ir.If(test, _without_breaks(then, depth + 1), _without_breaks(otherwise, depth + 1), at))
            case ir.Try(body=tried, handlers=handlers, final=final, at=at):
                caught = tuple((to, _without_breaks(inner, depth + 1)) for to, inner in handlers)
                out.append(ir.Try(_without_breaks(tried, depth + 1), caught, _without_breaks(final, depth + 1), at))
            case _:
                out.append(one)
    return tuple(out)


def while_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""

    def fill() -> None:
        condition = node.child_by_field_name("condition")
        if condition is not None:
            made = expression(work, condition)
            work.emit(ir.ExprStmt(made, made.at))
        for one in _loop_body(work, node):
            work.emit(one)

    work.emit(ir.Loop(None, None, collected(work, fill), work.at(node)))


def do(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    for one in _loop_body(work, node):
        work.emit(one)
    condition = node.child_by_field_name("condition")
    made = expression(work, condition) if condition is not None else ir.Const(None, work.at(node))
    again = (*_loop_body(work, node), ir.ExprStmt(made, made.at))
    work.emit(ir.Loop(None, None, again, work.at(node)))


def for_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    start = node.child_by_field_name("initialize")
    for child in work.named(start) if start is not None and work.kind(start) == "sequence_expression" else [start]:
        if child is not None:
            _effect(work, child)

    def fill() -> None:
        for name in ("condition", "update"):
            child = node.child_by_field_name(name)
            if child is not None:
                _effect(work, child)
        for one in _loop_body(work, node):
            work.emit(one)

    work.emit(ir.Loop(None, None, collected(work, fill), work.at(node)))


def _effect(work: Lowering, node: Node) -> None:
    if work.kind(node) in ("assignment_expression", "augmented_assignment_expression"):
        found = expressions.assignment(work, node)
        if found is not None:
            at = work.at(node)
            work.emit(ir.Assign(found[0], aliased(work, found[0], found[1], at), at))
    else:
        made = expression(work, node)
        work.emit(ir.ExprStmt(made, made.at))


def foreach(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    at = work.at(node)
    inside = node.child_by_field_name("body")
    parts = [child for child in work.named(node) if child != inside]
    if len(parts) < 2:
        return
    value = expression(work, parts[0])
    _refer_to_elements(work, parts[1], value)
    if work.kind(parts[1]) == "pair" and len(pair := work.named(parts[1])) == 2:
        aimed: ir.Target = ir.ListPattern(((target(work, pair[0]), None), (target(work, pair[1]), None)), None, at)
        iterable = ir.Call(ir.Name(PAIRS, at), (value,), (), at)
    else:
        aimed = target(work, parts[1])
        iterable = ir.Call(ir.Name(VALUES, at), (value,), (), at)
    work.emit(ir.Loop(aimed, iterable, _loop_body(work, node), at))


def _refer_to_elements(work: Lowering, node: Node, value: ir.Expr) -> None:
    """``foreach ($a as &$x)``: a write to the variable is one to an element."""
    last = work.named(node)[-1] if work.kind(node) == "pair" else node
    if work.kind(last) == "by_ref" and isinstance(value, ir.Name | ir.Attr | ir.Index):
        refer(work, target(work, last), ir.Index(value, ir.Opaque((), work.at(node)), work.at(node)))


def try_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    tried = body(work, node.child_by_field_name("body"))
    for clause in work.named(node):
        if work.kind(clause) == "catch_clause":
            name = clause.child_by_field_name("name")
            caught = target(work, name) if name is not None else None
            handlers.append((caught, body(work, clause.child_by_field_name("body"))))
        elif work.kind(clause) == "finally_clause":
            final = body(work, clause.child_by_field_name("body"))
    work.emit(ir.Try(tried, tuple(handlers), final, work.at(node)))
