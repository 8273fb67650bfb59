"""What PHP assigns to: variables, properties, elements, and several of them at once.

Variables and properties keep their ``$``, so that a property and a method of one name are apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php.calls import loose, loosen
from scopedown.languages.php.scope import UNFOLLOWED, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node


def target(work: Lowering, node: Node) -> ir.Target:
    """What is assigned to; the variables in it are bound."""
    at = work.at(node)
    match work.kind(node):
        case "variable_name":
            name = work.text(node)
            if name == "$this":
                return ir.Name(work.hidden("this"), at)
            if (kept := work.variable(name)) != name:
                return ir.Name(kept, at)
            return ir.Name(work.bind(name), at)
        case "dynamic_variable_name":
            named = work.expression(node)
            work.emit(ir.ExprStmt(named, at))
            _unfollowed(work, _COMPUTED, at)
        case "by_ref" | "reference_modifier":
            inner = work.named(node)
            return target(work, inner[0]) if inner else ir.Name(work.hidden("target"), at)
        case "list_literal" | "array_creation_expression":
            return _pattern(work, node)
        case (
            "member_access_expression"
            | "nullsafe_member_access_expression"
            | "scoped_property_access_expression"
            | ("subscript_expression")
        ) if work.depth < work.max_depth:
            made = work.expression(node)
            if isinstance(made, ir.Attr | ir.Index):
                return made
    return ir.Name(work.hidden("target"), at)


def aliased(work: Lowering, aimed: ir.Target, value: ir.Expr, at: ir.At) -> ir.Expr:
    """What is assigned to a variable, which is assigned to all that the variable is a reference to as well."""
    for other in work.scope.aliases.get(aimed.id, ()) if isinstance(aimed, ir.Name) else ():
        value = ir.AssignExpr(other, value, at)
    return loose(value, at) if isinstance(aimed, ir.Name) and aimed.id in work.scope.loose else value


def refer(work: Lowering, aimed: ir.Target, other: ir.Expr) -> None:
    """A variable becomes a reference to another one, a property or an element."""
    if not isinstance(aimed, ir.Name) or not isinstance(other, ir.Name | ir.Attr | ir.Index):
        if isinstance(other, ir.Opaque):  # ``&$$a``
            _unfollowed(work, _COMPUTED, other.at)
        for variable in (aimed, other):  # to what a function gives, or kept by an object or an array
            loosen(work, variable, variable.at)
        return
    work.scope.aliases.setdefault(aimed.id, []).append(other)
    if isinstance(other, ir.Name):
        work.scope.aliases.setdefault(other.id, []).append(ir.Name(aimed.id, other.at))


_COMPUTED: Final = "a write to a variable with a computed name"
_OF_LIST: Final = "a reference to an element of a list"
"""``[&$a] = $b``."""


def _unfollowed(work: Lowering, what: str, at: ir.At) -> None:
    work.emit(ir.ExprStmt(ir.Call(ir.Name(UNFOLLOWED, at), (ir.Const(what, at),), (), at), at))


def _pattern(work: Lowering, node: Node) -> ir.Target:
    """``[$a, , $b]``, ``['k' => $a]``, ``list($a, $b)``."""
    at = work.at(node)
    if work.depth >= work.max_depth:
        return ir.Name(work.hidden("deep"), at)
    work.depth += 1
    items: list[tuple[ir.Target, ir.Expr | None] | None] = []
    entries: list[tuple[ir.Expr, ir.Target, ir.Expr | None]] = []
    pending: ir.Expr | None = None
    filled = False
    for child in node.children:
        kind = work.kind(child)
        if kind == "array_element_initializer":
            parts = work.named(child)
            if len(parts) == 2:
                entries.append((work.expression(parts[0]), target(work, parts[1]), None))
            elif parts:
                items.append((target(work, parts[0]), None))
            if parts and work.kind(parts[-1]) == "by_ref":
                _unfollowed(work, _OF_LIST, at)
            filled = True
        elif kind == "":
            mark = work.text(child)
            if mark == "," and not filled:
                items.append(None)
            filled = filled and mark != ","
            if mark == "=>" and items and pending is None:
                items.pop()
                pending = work.expression(child.prev_named_sibling) if child.prev_named_sibling else ir.Opaque((), at)
        elif kind != "comment":
            if kind == "by_ref":
                _unfollowed(work, _OF_LIST, at)
            if pending is not None:
                entries.append((pending, target(work, child), None))
                pending = None
            elif kind in ("string", "encapsed_string", "integer", "class_constant_access_expression", "name"):
                items.append(None)
            else:
                items.append((target(work, child), None))
            filled = True
    work.depth -= 1
    if entries:
        return ir.ObjectPattern(tuple(entries), None, at)
    return ir.ListPattern(tuple(items), None, at)
