"""Where Go's ``break`` and ``goto`` lead (https://go.dev/ref/spec#Break_statements, #Goto_statements).

* A ``break`` ends a case: what follows a conditional ``break`` moves to the side that does not break.
* ``break L`` out of a loop in a switch or select L may come at any place in it: the statement becomes a ``try`` whose
  handler does nothing.
* What follows ``goto`` counts as reached, too; ``Lowering.into`` has the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scopedown.languages.go.scope import NODES, Breakable, Lowering, left_anywhere
from scopedown.source import ir
from scopedown.source.languages.switch_chain import SwitchBreak, strip

if TYPE_CHECKING:
    from tree_sitter import Node

Statement = Callable[[Lowering, "Node"], None]
"""What lowers a kind of statement."""
MAX_BREAKS = 6
"""Breaks of one case that are worked out; each may double the ways through what follows."""


@contextmanager
def breakable(work: Lowering, is_loop: bool) -> Iterator[Breakable]:
    """A loop, switch or select, of the label before it."""
    scope = work.scopes[-1]
    made = Breakable(scope.label, is_loop)
    scope.label = ""
    scope.breakables.append(made)
    yield made
    scope.breakables.pop()


@NODES.statement("break_statement")
def leave(work: Lowering, node: Node) -> None:
    """``break``, ``break L``."""
    at = work.at(node)
    label = next((work.text(child) for child in work.named(node)), "")
    around = work.scopes[-1].breakables
    target = next((one for one in reversed(around) if not label or one.label == label), None)
    if target is None or target.is_loop:
        work.emit(ir.Jump(at))
    elif target is around[-1]:
        target.breaks += 1
        work.emit(SwitchBreak(at))
    else:
        target.is_left_from_inside = True
        work.emit(ir.Jump(at))


def case_body(work: Lowering, body: list[ir.Stmt]) -> list[ir.Stmt]:
    """The statements of a case of the innermost switch or select, without the breaks that end it."""
    statement = work.scopes[-1].breakables[-1]
    breaks, statement.breaks = statement.breaks, 0
    if not breaks:
        return body
    return list(strip(tuple(body))[0]) if breaks <= MAX_BREAKS else [left_anywhere(body)]


def left_by_breaks(lower: Statement) -> Statement:
    """What lowers a switch or select, with the breaks of its cases."""

    def lowered(work: Lowering, node: Node) -> None:
        with work.collected() as made, breakable(work, False) as statement:
            lower(work, node)
        work.out.extend([left_anywhere(made)] if statement.is_left_from_inside and made else made)

    return lowered


@NODES.statement("goto_statement")
def goto(work: Lowering, node: Node) -> None:
    """``goto L``, which may run or not."""
    at = work.at(node)
    work.emit(ir.If(ir.Opaque((), at), (ir.Jump(at),), (), at))
