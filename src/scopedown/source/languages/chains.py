"""Long chains of branches and operands, so that what walks the intermediate form does not nest as deep as they are
long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scopedown.source import ir

MAX_BRANCHES: Final = 100
"""Branches of one chain that nest; further ones stand after one another."""
MAX_LEFT_RUN: Final = 16
"""Operands of one operator that nest to the left; more become a balanced tree."""

Branch = tuple[ir.Block, ir.Expr, ir.Block, ir.At]
"""What precedes the test, the test, the block that runs where it holds, and the place."""


def if_chain(branches: Sequence[Branch], otherwise: ir.Block, most: int = MAX_BRANCHES) -> ir.Block:
    """``if … else if … else`` from branches in order, of which ``most`` nest."""
    made: list[ir.Stmt] = []
    for start in range(0, len(branches), most):
        chain = otherwise if start + most >= len(branches) else ()
        for before, test, then, at in reversed(branches[start : start + most]):
            chain = (*before, ir.If(test, then, chain, at))
        made.extend(chain)
    return tuple(made) if branches else otherwise


def balanced(operator: str, operands: list[ir.Expr], at: ir.At, most: int = MAX_LEFT_RUN) -> list[ir.Expr]:
    """Operands of an associative operator, paired until ``most`` are left."""
    while len(operands) > most:
        paired: list[ir.Expr] = [
            ir.Op(operator, (operands[number], operands[number + 1]), at) for number in range(0, len(operands) - 1, 2)
        ]
        operands = paired + operands[2 * len(paired) :]
    return operands


def associate(operator: str, operands: list[ir.Expr], at: ir.At) -> ir.Expr:
    """One or more operands of an associative operator as a tree of two each."""
    made, *others = balanced(operator, operands, at)
    for operand in others:
        made = ir.Op(operator, (made, operand), at)
    return made


def any_of(tests: list[ir.Expr], at: ir.At) -> ir.Expr:
    """One test that holds where any of one or more does."""
    return balanced("or", tests, at, 1)[0]


def halved(operator: str, operands: Sequence[ir.Expr], at: ir.At) -> ir.Expr:
    """One or more operands of an associative operator, nested evenly."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    return ir.Op(operator, (halved(operator, operands[:middle], at), halved(operator, operands[middle:], at)), at)
