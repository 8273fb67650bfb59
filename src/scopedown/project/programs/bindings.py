"""Patterns that take values apart: ``const { a, b: [c], ...d } = …`` and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs.members import entry_of
from scopedown.project.programs.values import Record, Unset, Value, unknown_of
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator, Scope

Declare = Callable[[str, Value], None]


def bind(e: Evaluator, pattern: Node, value: Value, scope: Scope, declare: Declare) -> None:
    """Give every name of a pattern its value."""
    kind = pattern.type
    source = scope.module.source
    e.spend(lambda: source.place(pattern))
    if kind in ("identifier", "shorthand_property_identifier_pattern", "type_identifier"):
        declare(source.of(pattern), value)
    elif kind in ("assignment_pattern", "object_assignment_pattern"):
        left = pattern.child_by_field_name("left")
        if value is UNDEFINED or isinstance(value, Unset):
            value = e.expression(pattern.child_by_field_name("right"), scope)
        if left is not None:
            bind(e, left, value, scope, declare)
    elif kind == "object_pattern":
        _object(e, pattern, value, scope, declare)
    elif kind == "array_pattern":
        _array(e, pattern, value, scope, declare)
    elif kind in ("member_expression", "subscript_expression"):
        e.assign(pattern, value, scope)


def _object(e: Evaluator, pattern: Node, value: Value, scope: Scope, declare: Declare) -> None:
    taken: set[str] = set()
    source = scope.module.source
    for child in pattern.named_children:
        at = source.place(child)
        if child.type == "rest_pattern":
            bind(e, child.named_children[0], _others(e, value, taken, child, scope), scope, declare)
            continue
        target: Node | None = child
        if child.type == "pair_pattern":
            key_node = child.child_by_field_name("key")
            key: str | Text = e.key(key_node, scope) if key_node is not None else ""
            target = child.child_by_field_name("value")
        elif child.type == "object_assignment_pattern":
            left = child.child_by_field_name("left")
            key = source.of(left) if left is not None else ""
        elif child.type == "shorthand_property_identifier_pattern":
            key = source.of(child)
        else:
            continue
        if isinstance(key, str):
            taken.add(key)
        if target is not None:
            bind(e, target, entry_of(e, value, key, at), scope, declare)


def _others(e: Evaluator, value: Value, taken: set[str], node: Node, scope: Scope) -> Value:
    if not isinstance(value, MapNode):
        return unknown_of(value) or Record(None, scope.module.source.place(node))
    e.charge(value.place, len(value))
    rest = Record(None, value.place)
    for key, item in value.items():
        if key not in taken:
            rest.put(key, item, value.keys_at.get(key, value.place), value.values_at.get(key, value.place))
    if isinstance(value, Record):
        rest.rest = value.rest
    return rest


def _array(e: Evaluator, pattern: Node, value: Value, scope: Scope, declare: Declare) -> None:
    at = scope.module.source.place(pattern)
    position = 0
    for child in pattern.children:
        if child.type == ",":
            position += 1
        elif child.is_named and child.type == "rest_pattern":
            rest: Value = UNDEFINED
            if isinstance(value, ListNode):
                rest = ListNode(value[position:], value.place)
                rest.items_at = value.items_at[position:]
            bind(e, child.named_children[0], unknown_of(value) or rest, scope, declare)
        elif child.is_named and child.type != "comment":
            bind(e, child, entry_of(e, value, position, at), scope, declare)
