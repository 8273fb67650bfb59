"""Ruby's ``case … in …``: the names that patterns bind
(https://docs.ruby-lang.org/en/3.3/syntax/pattern_matching_rdoc.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.ruby.scope import NODES, Lowering
from scopedown.source import ir
from scopedown.source.languages.chains import Branch
from scopedown.source.languages.front_end import Sink

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement_with_value("case_match")
def case(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``case value in pattern … end``: any branch may be taken."""
    value_node = node.child_by_field_name("value")
    value = work.held(work.expression(value_node) if value_node is not None else ir.Opaque((), work.at(node)), "case")
    branches: list[Branch] = [
        ((), ir.Opaque((), work.at(clause)), _branch(work, clause, value, sink), work.at(clause))
        for clause in node.children_by_field_name("clauses")
    ]
    last = node.child_by_field_name("else")
    work.chain(branches, work.body(last, sink) if last is not None else None, sink)


def _branch(work: Lowering, clause: Node, value: ir.Expr, sink: Sink | None) -> ir.Block:
    with work.collected() as out:
        pattern, guard = clause.child_by_field_name("pattern"), clause.child_by_field_name("guard")
        if pattern is not None:
            bind(work, pattern, value)
        if guard is not None and (condition := guard.child_by_field_name("condition")) is not None:
            test = work.expression(condition)
            work.emit(ir.ExprStmt(test, test.at))
        work.out.extend(work.body(clause.child_by_field_name("body"), sink))
    return tuple(out)


@NODES.statement_with_value("match_pattern", "test_pattern")
def one(work: Lowering, node: Node, sink: Sink | None) -> None:
    """``value => pattern``, ``value in pattern``."""
    value_node, pattern = node.child_by_field_name("value"), node.child_by_field_name("pattern")
    if value_node is None or pattern is None:
        return
    value = work.held(work.expression(value_node), "matched")
    with work.collected() as bound:
        bind(work, pattern, value)
    work.emit(ir.If(ir.Opaque((), work.at(node)), tuple(bound), (), work.at(node)))
    if sink is not None:
        work.emit(sink(ir.Opaque((), work.at(node))))


def _asked(value: ir.Expr, name: str, *given: ir.Expr) -> ir.Expr:
    return ir.Call(ir.Attr(value, name, value.at), given, (), value.at)


def bind(work: Lowering, node: Node, value: ir.Expr) -> None:
    """Give the names in a pattern what they stand for in a value."""
    if work.depth >= work.max_depth:
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
            cls = node.child_by_field_name("class")
            parts = [child for child in work.named(node) if child != cls]
            splat = next((number for number, one in enumerate(parts) if work.kind(one) == "splat_parameter"), None)
            for position, child in enumerate(parts):
                after = splat is not None and position > splat
                number = ir.Const(position - len(parts) if after else position, at)
                is_rest = position == splat
                bind(work, child, _asked(value, "drop", number) if is_rest else ir.Index(value, number, at))
        case "find_pattern":
            for child in work.named(node):
                rest = work.kind(child) == "splat_parameter"
                bind(work, child, _asked(value, "drop", ir.Const(0, at)) if rest else _asked(value, "sample"))
        case "splat_parameter":
            for child in work.named(node):
                bind(work, child, value)
        case "hash_splat_parameter":
            for child in work.named(node):
                bind(work, child, value)
        case "hash_pattern" | "parenthesized_pattern" | "alternative_pattern":
            for child in work.named(node):
                bind(work, child, value)
    work.depth -= 1
