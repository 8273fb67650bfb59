"""A template and the nested stacks that a plugin has split from it, as the one template that they were.

What a nested stack takes as a parameter, or gives as an output, is put back where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_STACK: Final = "AWS::CloudFormation::Stack"


def flattened(template: Mapping[str, Any], nested: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The template with the resources of its nested stacks, whose own resources stay without properties."""
    values = {
        id: resource["Properties"].get("Parameters", {})
        for id, resource in template["Resources"].items()
        if resource["Type"] == _STACK and id in nested
    }
    resources: dict[str, Any] = {}
    for stack, part in (("", template), *nested.items()):
        for id, resource in part["Resources"].items():
            if id in nested:
                resources[id] = {"Type": _STACK, "Properties": {}}
            else:
                properties = _put_back(resource.get("Properties", {}), stack, values, nested)
                resources[id] = {**resource, "Properties": properties, "DependsOn": []}
    outputs = _put_back(template.get("Outputs", {}), "", values, nested)
    return {**template, "Resources": resources, "Outputs": outputs}


def _put_back(value: Any, stack: str, values: Mapping[str, Any], nested: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_put_back(item, stack, values, nested) for item in value]
    if not isinstance(value, Mapping):
        return value
    reference = value.get("Ref")
    if len(value) == 1 and isinstance(reference, str) and reference in values.get(stack, {}):
        return _put_back(values[stack][reference], "", values, nested)
    attribute = value.get("Fn::GetAtt")
    if len(value) == 1 and isinstance(attribute, list) and attribute[0] in nested:
        output = attribute[1].removeprefix("Outputs.")
        return _put_back(nested[attribute[0]]["Outputs"][output]["Value"], attribute[0], values, nested)
    copy = {key: _put_back(item, stack, values, nested) for key, item in value.items()}
    return _as_written(copy)


def _as_written(value: dict[str, Any]) -> dict[str, Any]:
    """``Fn::Sub`` with its text alone, where its names only stand for what the text would mean without them."""
    written = value.get("Fn::Sub")
    if not (isinstance(written, list) and len(written) == 2 and isinstance(written[1], Mapping)):
        return value
    text, names = written
    kept = {name: one for name, one in names.items() if one != {"Ref": name}}
    for name, one in list(kept.items()):
        parts = one.get("Fn::GetAtt") if isinstance(one, Mapping) else None
        if isinstance(parts, list) and name == "_".join(parts):
            text = re.sub(rf"\$\{{{re.escape(name)}\}}", f"${{{'.'.join(parts)}}}", text)
            del kept[name]
    return {"Fn::Sub": [text, kept] if kept else text}
