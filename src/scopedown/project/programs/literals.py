"""Objects, arrays and classes as they are written, every part with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs.scope import Class, Closure, Scope
from scopedown.project.programs.values import Record, Value, is_nullish, unknown_of
from scopedown.source.languages.javascript_syntax import first, is_broken

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.project.programs.scope import Evaluator


def object_literal(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``{ a: 1, b, ...c, [d]: 2, e() {} }``."""
    source = scope.module.source
    made = Record(None, source.place(node))
    getters: list[tuple[str, Closure, Place]] = []
    for child in node.named_children:
        at = source.place(child)
        kind = child.type
        if child.is_error:
            made.rest = e.unknown(child, scope, "it has a syntax error").unknowns[0]
        if kind == "shorthand_property_identifier":
            made.put(source.of(child), e.expression(child, scope), at, at)
        elif kind == "spread_element":
            value = e.expression(first(child), scope)
            if isinstance(value, MapNode):
                e.charge(at, len(value))
                for key, item in value.items():
                    made.put(key, item, value.keys_at.get(key, at), value.values_at.get(key, at))
                if isinstance(value, Record) and value.rest:
                    made.rest = value.rest
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    made.put(str(index), item, at, at)
            elif is_nullish(value) is None:
                found = unknown_of(value) or e.unknown(child, scope, "the value after ... is unknown")
                made.rest = found.unknowns[0]
        elif kind == "pair":
            key_node, value_node = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key_node is None or value_node is None:
                continue
            name = e.key(key_node, scope)
            broken = child.has_error and is_broken(child)
            value = e.unknown(child, scope, "it has a syntax error") if broken else e.expression(value_node, scope)
            if name == "__proto__" and key_node.type != "computed_property_name":
                continue
            if isinstance(name, Text):
                made.rest = name.unknowns[0] if name.unknowns else e.unknown(child, scope, "its key").unknowns[0]
            else:
                made.put(name, value, source.place(key_node), source.place(value_node))
        elif kind == "method_definition":
            key_node = child.child_by_field_name("name")
            name = e.key(key_node, scope) if key_node is not None else ""
            words = {item.type for item in child.children[:-1]}
            if not isinstance(name, str) or "set" in words:
                continue
            method = Closure(child, scope, made)
            made.put(name, method, at, at)
            if "get" in words:
                getters.append((name, method, at))
    for name, method, at in getters:  # when all that they may look at is there
        if made.get(name) is method:
            made.put(name, e.call(method, [], at, made), at, at)
    return made


def array_literal(e: Evaluator, node: Node, scope: Scope) -> Value:
    """``[a, ...b]``."""
    source = scope.module.source
    made = ListNode(None, source.place(node))
    for child in node.named_children:
        if child.type == "comment":
            continue
        at = source.place(child)
        if child.type == "spread_element":
            value = e.expression(first(child), scope)
            if isinstance(value, list):
                e.charge(at, len(value))
                made.extend(value)
                made.items_at += value.items_at if isinstance(value, ListNode) else [at] * len(value)
            elif isinstance(value, str):
                made.extend(value)
                made.items_at += [at] * len(value)
            else:
                made.append(unknown_of(value) or e.unknown(child, scope, "the value after ... is unknown"))
                made.items_at.append(at)
        else:
            made.append(e.expression(child, scope))
            made.items_at.append(at)
    return made


def class_literal(e: Evaluator, node: Node, scope: Scope) -> Class:
    """A class: its static fields and methods are worked out, the others wait for ``new``."""
    source = scope.module.source
    static = Record(None, source.place(node))
    made = Class(node, scope, static)
    inner = scope.inner()
    inner.this = static
    name = node.child_by_field_name("name")
    if name is not None:
        inner.names[source.of(name)] = made
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        field_name = child.child_by_field_name("name") or child.child_by_field_name("property")
        if field_name is None or not any(item.type == "static" for item in child.children):
            continue
        key, at = e.key(field_name, inner), source.place(child)
        if isinstance(key, str):
            if child.type == "method_definition":
                static.put(key, Closure(child, inner, static), at, at)
            else:
                static.put(key, e.expression(child.child_by_field_name("value"), inner), at, at)
    return made
