"""Python's operators; ``expression`` lowers what stands between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.source import ir
from scopedown.source.languages.chains import associate

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.languages.python.scope import Lowering

Expression = Callable[["Lowering", "Node"], ir.Expr]

_TRIVIA = ("comment", "line_continuation")

_EQUALITY = {"<>": "!="}


def binary(work: Lowering, node: Node, expression: Expression) -> ir.Expr:
    """Binary operators, walked along their left side; a long run of one that is associative becomes a balanced tree."""
    spine: list[tuple[str, Node, ir.At]] = []
    while work.kind(node) in ("binary_operator", "boolean_operator"):
        children = [child for child in node.children if work.kind(child) not in _TRIVIA]
        if len(children) != 3:
            break
        spine.append((work.text(children[1]), children[2], work.at(node)))
        node = children[0]
    made = expression(work, node) if spine else ir.Opaque((), work.at(node))
    operator, operands, place = "", [made], work.at(node)
    for symbol, right, at in reversed(spine):
        if symbol != operator or symbol not in ("+", "or", "and"):
            operands = [associate(operator, operands, place)]
            operator = symbol
        operands.append(expression(work, right))
        place = at
    return associate(operator, operands, place)


def comparison(work: Lowering, node: Node, expression: Expression) -> ir.Expr:
    """Comparisons; a chain of them is their conjunction."""
    at = work.at(node)
    operands: list[ir.Expr] = []
    operators: list[str] = []
    word = ""
    for child in node.children:
        kind = work.kind(child)
        if kind in _TRIVIA:
            continue
        if kind in work.expressions:
            if operands:
                operators.append(_EQUALITY.get(word, word))
            operands.append(expression(work, child))
            word = ""
        else:
            word = f"{word} {work.text(child)}".strip()
    if len(operands) < 2:
        return ir.Opaque(tuple(operands), at)
    pairs: list[ir.Expr] = [
        ir.Op(operator, (operands[number], operands[number + 1]), at) for number, operator in enumerate(operators)
    ]
    return associate("and", pairs, at)


def negation(work: Lowering, node: Node, expression: Expression) -> ir.Expr:
    """``not x``."""
    children = work.named(node)
    return ir.Op("not", (expression(work, children[0]),), work.at(node)) if children else ir.Opaque((), work.at(node))


def unary(work: Lowering, node: Node, expression: Expression) -> ir.Expr:
    """``-x``; a negative number is a constant."""
    children = work.named(node)
    at = work.at(node)
    if not children:
        return ir.Opaque((), at)
    operand = expression(work, children[0])
    operator = work.text(node.children[0])
    if operator == "-" and isinstance(operand, ir.Const) and isinstance(operand.value, int | float):
        return ir.Const(-operand.value, at)
    return ir.Op(operator, (operand,), at)
