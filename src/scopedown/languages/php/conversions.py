"""PHP's operators of one word: casts, ``clone``, ``print``, and the ``&`` of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.php.calls import CLONE, loosen
from scopedown.languages.php.scope import NODES, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


@NODES.expression("by_ref")
def by_reference(work: Lowering, node: Node) -> ir.Expr:
    """``[&$a]``: whoever has the array may write to the variable."""
    inner = work.named(node)
    at = work.at(node)
    if not inner:
        return ir.Opaque((), at)
    value = work.expression(inner[0])
    loosen(work, value, at)
    return value


@NODES.expression("clone_expression")
def clone(work: Lowering, node: Node) -> ir.Expr:
    """``clone $a``."""
    return ir.Call(ir.Name(CLONE, work.at(node)), (work.first(node) or work.missing(node),), (), work.at(node))


@NODES.expression("cast_expression")
def cast(work: Lowering, node: Node) -> ir.Expr:
    """``(string) $a`` asks an object for its text; a number or a truth of a value is not known."""
    value, kind = work.part(node, "value"), node.child_by_field_name("type")
    match work.text(kind).strip("( )").lower() if kind is not None else "":
        case "string" | "binary":
            return ir.Template((value,), work.at(node))
        case "int" | "integer" | "float" | "double" | "real" | "bool" | "boolean" | "unset":
            return ir.Opaque((value,), work.at(node))
        case _:
            return value


@NODES.expression("print_intrinsic")
def print_(work: Lowering, node: Node) -> ir.Expr:
    """``print $a`` asks an object for its text, as ``echo`` does."""
    return ir.Opaque((ir.Template((work.first(node) or work.missing(node),), work.at(node)),), work.at(node))
