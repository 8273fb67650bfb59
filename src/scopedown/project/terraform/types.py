"""Types of variables: what ``optional(…)`` fills in (https://developer.hashicorp.com/terraform/language/expressions/type-constraints)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import ListNode, MapNode, rewritten
from scopedown.project.terraform.evaluate import Evaluator
from scopedown.project.terraform.syntax import Attribute, Source

_MAX_DEPTH: Final = 20


def with_type(value: Any, kind: Attribute | None, evaluator: Evaluator) -> Any:
    """A variable's value with the attributes that its type says are optional: their default, or null."""
    if kind is None or not isinstance(value, Mapping | list):
        return value
    return _typed(value, kind.node, kind.source, evaluator, 0)


def _typed(value: Any, node: Any, source: Source, evaluator: Evaluator, depth: int) -> Any:
    call = next((child for child in node.children if child.type == "function_call"), None)
    if call is None or depth > _MAX_DEPTH:
        return value
    name = source.text(call.children[0])
    holder = next((child for child in call.children if child.type == "function_arguments"), None)
    inner = [child for child in holder.children if child.type == "expression"] if holder is not None else []
    if not inner:
        return value
    if name == "optional":
        if value is None and len(inner) > 1:
            value = evaluator.value(inner[1], source)
        return _typed(value, inner[0], source, evaluator, depth + 1)
    if name in ("list", "set", "map") and isinstance(value, MapNode | ListNode):
        return rewritten(value, lambda _, item: _typed(item, inner[0], source, evaluator, depth + 1))
    if name == "object" and isinstance(value, MapNode):
        return _object(value, inner[0], source, evaluator, depth)
    return value


def _object(value: MapNode, node: Any, source: Source, evaluator: Evaluator, depth: int) -> MapNode:
    found = MapNode(value, value.place)
    holder = node.children[0].children[0] if node.children and node.children[0].children else None
    for element in holder.children if holder is not None else ():
        parts = [child for child in element.children if child.type == "expression"]
        if len(parts) == 2:
            name = source.text(parts[0]).strip().strip('"')
            found[name] = _typed(value.get(name), parts[1], source, evaluator, depth + 1)
            found.keys_at.setdefault(name, value.place)
            found.values_at.setdefault(name, value.place)
    return found
