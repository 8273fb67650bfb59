"""serverless-cloudformation-sub-variables 0.2.1 (MIT), ``index.js``: ``#{Name}`` in any text becomes ``Fn::Sub``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_REFERENCE: Final = re.compile(r"#\{([^}]+)\}")
_MAX_DEPTH: Final = 100


def _finish(template: Template) -> None:
    for id, resource in template.all().items():
        changed = _replaced(resource.properties, False, 0)
        if changed is not resource.properties:
            template.put(id, changed)


def _replaced(value: Any, in_sub: bool, depth: int) -> Any:
    """A copy with the plugin's references replaced; the value itself where it has none. ``in_sub``: it is an item of
    what stands below ``Fn::Sub``; a text that stands there alone is wrapped once more, as the plugin does it."""
    if isinstance(value, str) and _REFERENCE.search(value):
        text = _REFERENCE.sub(r"${\1}", value)
        return text if in_sub else {"Fn::Sub": text}
    if depth > _MAX_DEPTH or not isinstance(value, Mapping | list):
        return value
    if isinstance(value, Mapping):
        items = {key: _below(item, key == "Fn::Sub", in_sub, depth) for key, item in value.items()}
        return value if all(items[key] is item for key, item in value.items()) else items
    listed = [_below(item, False, in_sub, depth) for item in value]
    return value if all(mine is item for mine, item in zip(listed, value, strict=True)) else listed


def _below(item: Any, is_sub: bool, in_sub: bool, depth: int) -> Any:
    return _replaced(item, in_sub if isinstance(item, str) else is_sub, depth + 1)


EFFECT: Final = Effect(finish=_finish)
