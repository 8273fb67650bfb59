"""What a place of a YAML file says, as plain data: text stays as it is written there, variables and all."""

from __future__ import annotations

from typing import Any, Final

import yaml

from scopedown.documents.scalars import plain_scalar

_MOST: Final = 20_000
"""Nodes; an alias that repeats an alias grows without an end."""


def tree_of(node: yaml.Node) -> Any:
    """A node as plain data, CloudFormation's short tags in their long form. Raises ValueError for one that is too large
    or that holds itself."""
    return _tree(node, [_MOST], 0)


def _tree(node: yaml.Node, left: list[int], deep: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or deep > 100:
        raise ValueError("too large")
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = {}
        merged: dict[str, Any] = {}
        for key, item in node.value:
            if key.value == "<<" and not key.style:
                for one in item.value if isinstance(item, yaml.SequenceNode) else [item]:
                    merged = {**_tree(one, left, deep + 1), **merged}
            else:
                value[key.value] = _tree(item, left, deep + 1)
        value = {**merged, **value}
    elif isinstance(node, yaml.SequenceNode):
        value = [_tree(item, left, deep + 1) for item in node.value]
    elif isinstance(node, yaml.ScalarNode):
        value = node.value if node.style or node.tag.startswith("!") else plain_scalar(node.value)
    if not node.tag.startswith("!") or node.tag == "!":
        return value
    name = node.tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}
