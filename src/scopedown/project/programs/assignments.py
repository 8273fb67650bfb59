"""What changes a value: ``=``, ``+=``, ``++``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.project.programs import operators
from scopedown.project.programs.bindings import bind
from scopedown.project.programs.members import put
from scopedown.project.programs.scope import Scope
from scopedown.project.programs.values import Value, unknown_of
from scopedown.source.javascript.values import UNDEFINED
from scopedown.source.languages.javascript_syntax import first

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator


def assignment(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``a = b``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    value = e.expression(right, scope)
    if left is not None:
        assign(e, left, value, scope)
    return value


def augmented(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``a += b``, ``a ??= b``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    if left is None or sign is None:
        return UNDEFINED
    value = operators.binary(e, scope.module.source.of(sign)[:-1], left, right, scope, e.place(node, scope))
    assign(e, left, value, scope)
    return value


def update(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``a++``, ``--a``."""
    target = node.child_by_field_name("argument")
    if target is None:
        return UNDEFINED
    before = e.expression(target, scope)
    known = isinstance(before, int | float) and not isinstance(before, bool)
    step = 1 if scope.module.source.of(node).strip().find("++") >= 0 else -1
    after = (
        before + step
        if known
        else unknown_of(before) or e.unknown(node, scope, "the value that ++ or -- changes is unknown")
    )
    assign(e, target, after, scope)
    return before if node.children[0] == target else after


def assign(e: Evaluator, target: Node, value: Value, scope: Scope) -> None:
    """``target = value``: a name, a property or a pattern."""
    kind = target.type
    source = scope.module.source
    if kind in ("identifier", "shorthand_property_identifier_pattern"):
        name = source.of(target)
        (scope.holder(name) or scope.function()).names[name] = value
    elif kind in ("member_expression", "subscript_expression"):
        holder = e.expression(target.child_by_field_name("object"), scope)
        name_node = target.child_by_field_name("property")
        key = (
            source.of(name_node) if name_node is not None else e.expression(target.child_by_field_name("index"), scope)
        )
        put(e, holder, key, value, source.place(target))
    elif kind in ("non_null_expression", "parenthesized_expression", "as_expression", "satisfies_expression"):
        inner = first(target)
        if inner is not None:
            assign(e, inner, value, scope)
    else:
        bind(e, target, value, scope, lambda name, item: assign_name(scope, name, item))


def assign_name(scope: Scope, name: str, value: Value) -> None:
    """Set a variable that exists, else one of the function."""
    (scope.holder(name) or scope.function()).names[name] = value
