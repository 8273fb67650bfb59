"""Annotations and modifiers of Kotlin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.kotlin import types
from scopedown.languages.kotlin.work import Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def words(work: Work, node: Node) -> frozenset[str]:
    """The modifiers of a declaration (``data``, ``override``, ``private``)."""
    above = work.child(node, "modifiers")
    if above is None:
        return frozenset()
    return frozenset(work.text(one) for one in above.named_children if one.type.endswith("modifier"))


def notes(work: Work, node: Node) -> tuple[ir.Expr, ...]:
    """What stands above a declaration: names, or calls with what is in their parentheses."""
    above = work.child(node, "modifiers", "parameter_modifiers")
    found: list[ir.Expr] = []
    for one in above.named_children if above is not None else ():
        if one.type == "annotation":
            found += [made for child in work.named(one) if (made := _annotation(work, child)) is not None]
    return tuple(found)


def _annotation(work: Work, node: Node) -> ir.Expr | None:
    if node.type == "user_type":
        return types.of(work, node)
    if node.type != "constructor_invocation":
        return None
    given = work.child(node, "value_arguments")
    made = types.of(work, work.child(node, "user_type"))
    if made is None or given is None:
        return made
    positional, keywords = arguments(work, given)
    return ir.Call(made, positional, keywords, work.at(node))


def names(work: Work, node: Node) -> tuple[ir.Expr, ...]:
    """The annotations among modifiers by their names alone."""
    written = [one for child in node.named_children if child.type == "annotation" for one in work.named(child)]
    found = [types.of(work, one if one.type == "user_type" else work.child(one, "user_type")) for one in written]
    return tuple(one for one in found if one is not None)


def arguments(work: Work, node: Node | None) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str | None, ir.Expr], ...]]:
    """The arguments in parentheses: by position, and by name."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for one in work.named(node) if node is not None else ():
        inside = work.named(one) if one.type == "value_argument" else [one]
        if not inside:
            continue
        is_named = len(inside) > 1 and any(token.type == "=" for token in one.children)
        value = inside[-1]
        if value.type == "spread_expression" and (spread := work.named(value)):
            positional.append(ir.Spread(work.expression(spread[0]), work.at(value)))
        elif is_named:
            keywords.append((work.text(inside[0]), work.expression(value)))
        else:
            positional.append(work.expression(value))
    return tuple(positional), tuple(keywords)
