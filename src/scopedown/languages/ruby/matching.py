"""Ruby's ``case … in …``: the names that patterns bind
(https://docs.ruby-lang.org/en/3.3/syntax/pattern_matching_rdoc.html)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.languages.ruby.scope import MAX_DEPTH, Lowering, Sink
from scopedown.languages.ruby.walk import body, collected, expression, held
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

Branches = list[tuple[ir.Expr, ir.Block, ir.At, ir.Block]]
"""The tests of a chain of branches with their blocks, and the statements that go before each test."""


def case(
    work: Lowering,
    node: Node,
    sink: Sink | None,
    emit: Callable[[Lowering, Branches, ir.Block | None, Sink | None], None],
) -> None:
    """``case value in pattern … end``: any branch may be taken."""
    value_node = node.child_by_field_name("value")
    value = held(work, expression(work, value_node) if value_node is not None else ir.Opaque((), work.at(node)), "case")
    branches: Branches = []
    for clause in node.children_by_field_name("clauses"):
        branches.append((ir.Opaque((), work.at(clause)), _branch(work, clause, value, sink), work.at(clause), ()))
    last = node.child_by_field_name("else")
    emit(work, branches, body(work, last, sink) if last is not None else None, sink)


def _branch(work: Lowering, clause: Node, value: ir.Expr, sink: Sink | None) -> ir.Block:
    def fill() -> None:
        pattern, guard = clause.child_by_field_name("pattern"), clause.child_by_field_name("guard")
        if pattern is not None:
            bind(work, pattern, value)
        if guard is not None and (condition := guard.child_by_field_name("condition")) is not None:
            test = expression(work, condition)
            work.emit(ir.ExprStmt(test, test.at))
        for statement in body(work, clause.child_by_field_name("body"), sink):
            work.emit(statement)

    return collected(work, fill)


def one(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``value => pattern``, ``value in pattern``."""
    value_node, pattern = node.child_by_field_name("value"), node.child_by_field_name("pattern")
    if value_node is None or pattern is None:
        return
    value = held(work, expression(work, value_node), "matched")
    bind(work, pattern, value)
    if sink is not None:
        work.emit(sink(ir.Opaque((), work.at(node))))


def bind(work: Lowering, node: Node, value: ir.Expr) -> None:
    """Give the names in a pattern what they stand for in a value."""
    if work.depth >= MAX_DEPTH:
        return
    work.depth += 1
    at = work.at(node)
    match work.kind(node):
        case "identifier":
            work.emit(ir.Assign(ir.Name(work.bind(work.text(node)), at), value, at))
        case "as_pattern":
            name, inner = node.child_by_field_name("name"), node.child_by_field_name("value")
            if inner is not None:
                bind(work, inner, value)
            if name is not None:
                bind(work, name, value)
        case "keyword_pattern":
            key, inner = node.child_by_field_name("key"), node.child_by_field_name("value")
            if key is not None:
                item = ir.Index(value, ir.Const(work.text(key), at), at)
                if inner is not None:
                    bind(work, inner, item)
                else:
                    work.emit(ir.Assign(ir.Name(work.bind(work.text(key)), at), item, at))
        case "array_pattern":
            for position, child in enumerate(work.named(node)):
                bind(work, child, ir.Index(value, ir.Const(position, at), at))
        case "splat_parameter" | "hash_splat_parameter":
            for child in work.named(node):
                bind(work, child, ir.Opaque((), at))
        case "hash_pattern" | "find_pattern" | "parenthesized_pattern" | "alternative_pattern":
            for child in work.named(node):
                bind(work, child, value)
    work.depth -= 1
