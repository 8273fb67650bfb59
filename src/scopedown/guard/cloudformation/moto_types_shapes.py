"""A property of a template in the form that an operation's parameter has.

In: a value as a template has it (any scalar may be text there, tags a list or a mapping, names in another case), and
botocore's shape. Out: the value that botocore takes. Members that the shape does not have are left out: what the local
AWS's operation does not know, it cannot do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def shaped(value: Any, shape: Any) -> Any:
    """The value for a shape of botocore's model."""
    match shape.type_name:
        case "structure":
            return _structure(value, shape) if isinstance(value, Mapping) else value
        case "list":
            return [shaped(item, shape.member) for item in _items(value, shape)]
        case "map":
            return {str(key): shaped(one, shape.value) for key, one in _pairs(value).items()}
        case "integer" | "long":
            return int(float(value)) if isinstance(value, str | float) else value
        case "float" | "double":
            return float(value) if isinstance(value, str) else value
        case "boolean":
            return value.lower() == "true" if isinstance(value, str) else value
        case "string":
            return text(value)
        case "blob":
            return value if isinstance(value, bytes) else text(value).encode()
        case _:
            return value


def text(value: Any) -> str:
    """A value as a service writes it in text: documents as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, default=str) if isinstance(value, Mapping | list) else str(value)


def _structure(value: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    found = {}
    for key, one in value.items():
        name = members.get(key.lower())
        if name is not None and one is not None:
            found[name] = shaped(one, shape.members[name])
    return found


def _items(value: Any, shape: Any) -> list[Any]:
    """A list; of a mapping, its pairs as the members of the shape name them."""
    if isinstance(value, Mapping) and shape.member.type_name == "structure":
        names = list(shape.member.members)
        key = next((name for name in names if name.lower().endswith(("key", "name"))), "")
        content = next((name for name in names if name.lower().endswith("value")), "")
        if key and content:
            return [{key: name, content: one} for name, one in value.items()]
    return list(value) if isinstance(value, list | tuple) else [value]


def _pairs(value: Any) -> Mapping[str, Any]:
    """A mapping, also where the template has a list of keys and values."""
    if isinstance(value, Mapping):
        return value
    found = {}
    for mapping in value if isinstance(value, list) else []:
        by_name = {name.lower(): item for name, item in mapping.items()} if isinstance(mapping, Mapping) else {}
        if "key" in by_name:
            found[by_name["key"]] = by_name.get("value", "")
    return found
