"""Properties: reading ``a.b`` and ``a[b]``, and setting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.core.digits import is_count
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode
from scopedown.project.programs.scope import Class
from scopedown.project.programs.values import External, Function, Record, Unset, Value, is_nullish, string, unknown_of
from scopedown.source.javascript import strings
from scopedown.source.javascript.values import UNDEFINED

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.core.place import Place
    from scopedown.project.programs.scope import Evaluator, Scope


class Environment:
    """``process.env``."""

    __slots__ = ()


ENVIRONMENT = Environment()


def member(e: Evaluator, value: Value, name: str, at: Place) -> Value:
    """``value.name``; a method of the language is no property here (calls look for it themselves)."""
    if isinstance(value, Environment):
        return e.environment.get(name, Unset(name, at))
    if isinstance(value, MapNode):
        if name in value:
            return value[name]
        if isinstance(value, Record):
            if name in value.hidden:
                return value.hidden[name]
            if value.rest is not None:
                return Text((value.rest,))
        return UNDEFINED
    if isinstance(value, list | str):
        if name == "length":
            return strings.length(value) if isinstance(value, str) else len(value)
        if is_count(name):
            return value[int(name)] if int(name) < len(value) else UNDEFINED
        return UNDEFINED
    if isinstance(value, External):
        return External(f"{value.name}.{name}" if len(value.name) < 200 else value.name, at)
    if isinstance(value, Class):
        return member(e, value.static, name, at)
    unknown = unknown_of(value)
    if unknown is not None:
        return unknown
    if is_nullish(value):
        return Text.unknown(f"the value before .{name} is {'null' if value is None else 'undefined'}", at)
    if isinstance(value, Function):
        return Text.unknown(f".{name} of a function is not supported", at)
    return UNDEFINED


def entry_of(e: Evaluator, value: Value, key: Value, at: Place) -> Value:
    """``value[key]``."""
    if isinstance(key, float) and isinstance(value, list | str):
        return UNDEFINED
    if isinstance(key, int) and not isinstance(key, bool) and key < 0:
        return UNDEFINED if isinstance(value, list | str) else member(e, value, str(key), at)
    name = string(key)
    if isinstance(name, Text):
        return unknown_of(name) or unknown_of(value) or Text.unknown("its key is unknown", at)
    return member(e, value, name, at)


def put(e: Evaluator, holder: Value, key: Value, value: Value, at: Place) -> None:
    """``holder[key] = value``; where the key is not known, the object may have more than is known."""
    name = string(key)
    if isinstance(holder, Environment):
        if isinstance(name, str):
            e.environment[name] = string(value)
    elif isinstance(holder, Class):
        put(e, holder.static, key, value, at)
    elif isinstance(holder, MapNode):
        if isinstance(name, Text):
            if isinstance(holder, Record) and name.unknowns:
                holder.rest = name.unknowns[0]
            return
        holder[name] = value
        holder.keys_at[name] = holder.values_at[name] = at
    elif isinstance(holder, ListNode) and isinstance(key, int) and 0 <= key <= len(holder):
        if key == len(holder):
            holder.append(value)
            holder.items_at.append(at)
        else:
            holder[key] = value
            holder.items_at[key] = at


def remove(e: Evaluator, target: Node, scope: Scope) -> None:
    """``delete holder.key``."""
    if target.type not in ("member_expression", "subscript_expression"):
        return
    holder = e.expression(target.child_by_field_name("object"), scope)
    name = target.child_by_field_name("property")
    key = (
        scope.module.source.of(name)
        if name is not None
        else string(e.expression(target.child_by_field_name("index"), scope))
    )
    if isinstance(holder, Environment) and isinstance(key, str):
        e.environment.pop(key, None)
    elif isinstance(holder, MapNode) and isinstance(key, str):
        holder.pop(key, None)


def is_callable(value: Value) -> bool:
    """Whether a value is a function that can be entered."""
    return isinstance(value, Function)
