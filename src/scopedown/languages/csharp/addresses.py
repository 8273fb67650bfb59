"""Variables that C# gives away: ``ref x``, ``out x``, ``ref int other = ref x``, ``&x``, and what is written there
(:mod:`scopedown.calls.interpreter.references`).

A parameter that is a reference is what the variable holds; a write to it is a write to the variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.addresses import WRITTEN, address, has_place, store
from scopedown.languages.csharp.lowering import Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

SUBSCRIBED = "<subscribed>"
"""A function of the runtime: (function, object) gives the function, which the object may call."""
_MODIFIERS = frozenset({"ref", "out"})


def note_parameter(work: Lowering, node: Node, name: str) -> None:
    """A parameter that is a reference is noted in the scope of its function."""
    if not _MODIFIERS.isdisjoint(work.words(node)):
        work.scope.references.add(name)


def note_variable(work: Lowering, node: Node | None, name: str) -> None:
    """So is a variable that is declared as one: ``ref int other``."""
    if node is not None and node.type == "ref_type":
        work.scope.references.add(name)


def of(work: Lowering, place: ir.Expr, value: ir.Expr | None = None) -> ir.Expr:
    """The address of a place; ``value`` is what it holds, where that is not simply read."""
    value = place if value is None else value
    if not isinstance(place, ir.Name | ir.Attr | ir.Index) or not has_place(place):
        return value
    at = place.at
    annotation = work.declared(place.id) if isinstance(place, ir.Name) else None
    new = stored(work, place, ir.Name(WRITTEN, at), at)
    return address(value, place, ir.Assign(place, new, at, annotation=annotation))


def stored(work: Lowering, place: ir.Target, value: ir.Expr, at: ir.At) -> ir.Expr:
    """What a place holds when ``value`` was assigned to it: through a reference, its variable is written."""
    if isinstance(place, ir.Name) and place.id in work.scope.references:
        return store(place, value, at)
    return value


def twice(work: Lowering, place: ir.Name | ir.Attr | ir.Index) -> tuple[ir.Expr, ir.Name | ir.Attr | ir.Index]:
    """A place that is read and then written, whose index runs once: how it is read, and how it is written then."""
    if not isinstance(place, ir.Index) or has_place(place):
        return place, place
    at = place.at
    held = ir.Name(work.hidden("index"), at)
    return ir.Index(place.object, ir.AssignExpr(held, place.index, at), at), ir.Index(place.object, held, at)


def subscribed(place: ir.Expr, operator: str, value: ir.Expr) -> ir.Expr:
    """``x.Event += f``: an object of a library calls the function when it likes."""
    is_function = isinstance(value, ir.Lambda | ir.Call) or (
        isinstance(value, ir.Name | ir.Attr) and (value.id if isinstance(value, ir.Name) else value.name)[:1].isupper()
    )
    if operator != "+" or not is_function or not isinstance(place, ir.Attr) or not has_place(place):
        return value
    return ir.Call(ir.Name(SUBSCRIBED, value.at), (value, place.object), (), value.at)


def pointed(work: Lowering, node: Node | None) -> Node | None:
    """The pointer in ``*p``; None where it is something else."""
    while node is not None and node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    if node is None or node.type != "prefix_unary_expression" or node.children[0].type != "*":
        return None
    return node.named_children[-1] if node.named_child_count else None
