"""Labels of Rust: blocks and loops that a ``break`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.rust.work import Work
from scopedown.source import ir
from scopedown.source.languages.front_end import Sink, ignored

if TYPE_CHECKING:
    from tree_sitter import Node


def label(work: Work, node: Node) -> str:
    """The label of a block or a loop; empty where it has none."""
    return next((work.text(child) for child in node.children if child.type == "label"), "")


def block(work: Work, node: Node, name: str, sink: Sink) -> None:
    """``'a: { … break 'a value; … }``: code may leave it anywhere, as a loop that runs once."""
    work.loops.append((name, sink))
    with work.block() as out:
        work.statements(node, sink)
    work.loops.pop()
    work.emit(ir.Loop(None, None, tuple(out), work.at(node)))


def left(work: Work, node: Node) -> Sink:
    """Where the value of a ``break`` goes."""
    wanted = label(work, node)
    for name, sink in reversed(work.loops):
        if not wanted or name == wanted:
            return sink or ignored
    return ignored
