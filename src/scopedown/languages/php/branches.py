"""PHP's branches, loops and ``try``, as statements of the intermediate form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php.scope import NODES, Lowering
from scopedown.languages.php.targets import refer, target
from scopedown.source import ir
from scopedown.source.languages import switch_chain
from scopedown.source.languages.chains import Branch, if_chain

if TYPE_CHECKING:
    from tree_sitter import Node

VALUES: Final = "<values>"
PAIRS: Final = "<pairs>"
"""Functions of the language: what ``foreach`` goes through, and the same with keys."""


@NODES.statement("if_statement")
def if_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    test, then = work.part(node, "condition"), work.body(node.child_by_field_name("body"))
    branches: list[Branch] = [((), test, then, work.at(node))]
    otherwise: ir.Block = ()
    for clause in node.children_by_field_name("alternative"):
        inside = clause.child_by_field_name("body")
        if work.kind(clause) == "else_if_clause":
            branches.append(((), work.part(clause, "condition"), work.body(inside), work.at(clause)))
        else:
            otherwise = work.body(inside)
    work.out.extend(if_chain(branches, otherwise))


@NODES.statement("switch_statement")
def switch_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    at = work.at(node)
    value = work.held(work.part(node, "condition"), "switch")
    inside = node.child_by_field_name("body")
    switch, work.switch = work.switch, True
    cases: list[tuple[ir.Expr | None, list[ir.Stmt]]] = []
    for clause in work.named(inside) if inside is not None else []:
        test_node = clause.child_by_field_name("value")
        test: ir.Expr | None = None
        if test_node is not None:
            made = work.expression(test_node)
            test = ir.Op("loosely ==", (value, made), made.at)
        elif work.kind(clause) != "default_statement":
            continue
        inner = [child for child in work.named(clause) if child != test_node]
        with work.collected() as out:
            work.sequence(inner)
        cases.append((test, out))
    work.switch = switch
    work.out.extend(switch_chain.chain(*switch_chain.groups(cases), at))


@NODES.statement("while_statement")
def while_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    with work.collected() as out:
        if (condition := node.child_by_field_name("condition")) is not None:
            made = work.expression(condition)
            work.emit(ir.ExprStmt(made, made.at))
        out += work.loop_body(node)
    work.emit(ir.Loop(None, None, tuple(out), work.at(node)))


@NODES.statement("do_statement")
def do(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    work.out.extend(work.loop_body(node))
    made = work.part(node, "condition")
    again = (*work.loop_body(node), ir.ExprStmt(made, made.at))
    work.emit(ir.Loop(None, None, again, work.at(node)))


@NODES.statement("for_statement")
def for_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    start = node.child_by_field_name("initialize")
    for child in work.named(start) if start is not None and work.kind(start) == "sequence_expression" else [start]:
        if child is not None:
            work.effect(child)
    with work.collected() as out:
        for name in ("condition", "update"):
            if (part := node.child_by_field_name(name)) is not None:
                work.effect(part)
        out += work.loop_body(node)
    work.emit(ir.Loop(None, None, tuple(out), work.at(node)))


@NODES.statement("foreach_statement")
def foreach(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    at = work.at(node)
    inside = node.child_by_field_name("body")
    parts = [child for child in work.named(node) if child != inside]
    if len(parts) < 2:
        return
    value = work.expression(parts[0])
    _refer_to_elements(work, parts[1], value)
    if work.kind(parts[1]) == "pair" and len(pair := work.named(parts[1])) == 2:
        aimed: ir.Target = ir.ListPattern(((target(work, pair[0]), None), (target(work, pair[1]), None)), None, at)
        iterable = ir.Call(ir.Name(PAIRS, at), (value,), (), at)
    else:
        aimed = target(work, parts[1])
        iterable = ir.Call(ir.Name(VALUES, at), (value,), (), at)
    work.emit(ir.Loop(aimed, iterable, work.loop_body(node), at))


def _refer_to_elements(work: Lowering, node: Node, value: ir.Expr) -> None:
    """``foreach ($a as &$x)``: a write to the variable is one to an element."""
    last = work.named(node)[-1] if work.kind(node) == "pair" else node
    if work.kind(last) == "by_ref" and isinstance(value, ir.Name | ir.Attr | ir.Index):
        refer(work, target(work, last), ir.Index(value, ir.Opaque((), work.at(node)), work.at(node)))


@NODES.statement("try_statement")
def try_(work: Lowering, node: Node) -> None:
    """A statement of the kind."""
    handlers: list[tuple[ir.Target | None, ir.Block]] = []
    final: ir.Block = ()
    tried = work.body(node.child_by_field_name("body"))
    for clause in work.named(node):
        if work.kind(clause) == "catch_clause":
            name = clause.child_by_field_name("name")
            caught = target(work, name) if name is not None else None
            handlers.append((caught, work.body(clause.child_by_field_name("body"))))
        elif work.kind(clause) == "finally_clause":
            final = work.body(clause.child_by_field_name("body"))
    work.emit(ir.Try(tried, tuple(handlers), final, work.at(node)))
