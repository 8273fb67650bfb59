"""``goto`` of C#: to a label, and to a section of a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.csharp.lowering import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.statement("goto_statement")
def goto(work: Lowering, node: Node) -> None:
    """Code may come to a label in any state: what follows one is a loop. What follows ``goto`` counts as reached."""
    at = work.at(node)
    work.emit(ir.If(ir.Opaque((), at), (ir.Jump(at),), (), at))


def goes_to_case(node: Node) -> bool:
    """Whether a switch has ``goto case`` or ``goto default``, or a label in it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "labeled_statement":
            return True
        if one.type == "goto_statement" and any(child.type in ("case", "default") for child in one.children):
            return True
        waiting.extend(one.named_children)
    return False
