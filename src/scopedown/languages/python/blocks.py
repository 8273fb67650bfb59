"""Blocks of Python statements: each kind goes to its handler, what is no statement is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.python import expressions
from scopedown.languages.python.scope import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def block(work: Lowering, nodes: list[Node]) -> ir.Block:
    """The statements among these nodes."""
    out: list[ir.Stmt] = []
    if nodes and work.too_deep(nodes[0]):
        return ()
    work.depth += 1
    table = work.statements
    kinds = work.kinds
    for node in nodes:
        kind = kinds[node.kind_id] if node.kind_id < len(kinds) else "ERROR"
        handler = table.get(kind)
        if handler is not None:
            handler(work, node, out)
        elif kind == "ERROR":
            out.extend(block(work, node.children))
        elif kind in work.expressions:
            out.append(ir.ExprStmt(expressions.expression(work, node), work.at(node)))
    work.depth -= 1
    return tuple(out)


def body(work: Lowering, node: Node, name: str = "body") -> ir.Block:
    """The block that a node has under a field."""
    child = node.child_by_field_name(name)
    return block(work, child.children) if child is not None else ()
