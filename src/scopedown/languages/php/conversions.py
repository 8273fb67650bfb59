"""PHP's operators of one word: casts, ``clone``, ``print``, and the ``&`` of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.php.calls import CLONE, loosen
from scopedown.languages.php.scope import Lowering
from scopedown.languages.php.walk import expression, field
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def only_child(work: Lowering, node: Node) -> ir.Expr:
    """The expression that is all of a node."""
    inner = work.named(node)
    return expression(work, inner[-1]) if inner else ir.Opaque((), work.at(node))


def by_reference(work: Lowering, node: Node) -> ir.Expr:
    """``[&$a]``: whoever has the array may write to the variable."""
    inner = work.named(node)
    at = work.at(node)
    if not inner:
        return ir.Opaque((), at)
    value = expression(work, inner[0])
    loosen(work, value, at)
    return value


def clone(work: Lowering, node: Node) -> ir.Expr:
    """``clone $a``."""
    return ir.Call(ir.Name(CLONE, work.at(node)), (only_child(work, node),), (), work.at(node))


def cast(work: Lowering, node: Node) -> ir.Expr:
    """``(string) $a`` asks an object for its text; a number or a truth of a value is not known."""
    value, kind = field(work, node, "value"), node.child_by_field_name("type")
    match work.text(kind).strip("( )").lower() if kind is not None else "":
        case "string" | "binary":
            return ir.Template((value,), work.at(node))
        case "int" | "integer" | "float" | "double" | "real" | "bool" | "boolean" | "unset":
            return ir.Opaque((value,), work.at(node))
        case _:
            return value


def print_(work: Lowering, node: Node) -> ir.Expr:
    """``print $a`` asks an object for its text, as ``echo`` does."""
    return ir.Opaque((ir.Template((only_child(work, node),), work.at(node)),), work.at(node))
