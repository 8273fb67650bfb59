"""Query expressions (``from x in xs where … select …``) as comprehensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.expression("query_expression")
def query(work: Lowering, node: Node) -> ir.Expr:
    """A query; what follows ``into`` is a query of what came before."""
    at = work.at(node)
    clauses: list[tuple[ir.Target, ir.Expr]] = []
    conditions: list[ir.Expr] = []
    made: ir.Expr | None = None
    children = work.named(node)
    for child in children:
        kind = child.type
        if kind == "identifier" and made is not None:  # ``into g``
            clauses, conditions = [(ir.Name(work.bind(work.text(child)), work.at(child)), made)], []
            continue
        parts = work.named(child)
        if not parts:
            continue
        if kind in ("from_clause", "join_clause"):
            _source(work, child, parts, clauses, conditions)
        elif kind == "let_clause" and len(parts) > 1:
            value = work.expression(parts[-1])
            name = ir.Name(work.bind(work.text(parts[0])), work.at(parts[0]))
            clauses.append((name, ir.ListExpr((value,), work.at(child))))
        elif kind in ("where_clause", "order_by_clause"):
            conditions += [work.expression(one) for one in parts if work.is_expression(one)]
        elif kind in ("select_clause", "group_clause"):
            element = work.expression(parts[0])
            if kind == "group_clause":
                element = ir.Opaque((element, *(work.expression(one) for one in parts[1:])), work.at(child))
            made = ir.Comprehension(element, tuple(clauses), tuple(conditions), at)
    return made if made is not None else ir.Opaque((), at)


def _source(
    work: Lowering, node: Node, parts: list[Node], clauses: list[tuple[ir.Target, ir.Expr]], conditions: list[ir.Expr]
) -> None:
    """``from T x in xs``, ``join y in ys on a equals b``."""
    name = node.child_by_field_name("name")
    words = [one for one in node.children if one.type != "comment"]
    following = next((position for position, one in enumerate(words) if one.type == "in"), None)
    if following is None or following == 0 or following + 1 >= len(words):
        return
    name = name or words[following - 1]
    source = work.expression(words[following + 1])
    clauses.append((ir.Name(work.bind(work.text(name)), work.at(name)), source))
    if node.type == "join_clause":
        conditions += [work.expression(one) for one in words[following + 2 :] if work.is_expression(one)]
