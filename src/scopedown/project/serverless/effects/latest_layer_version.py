"""serverless-latest-layer-version 2.1.2 (MIT), ``index.js``: ``latest`` as the version of a layer.

The plugin asks AWS for the version, so that it is not known here.
"""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_LATEST: Final = re.compile(r"^(arn:.*:)latest$", re.IGNORECASE)


def _finish(template: Template) -> None:
    for id, resource in template.all().items():
        layers = as_list(resource.properties.get("Layers"))
        if resource.type == "AWS::Lambda::Function" and any(_is_latest(layer) for layer in layers):
            template.change(id, Layers=[_versioned(layer) for layer in layers])


def _is_latest(layer: Any) -> bool:
    return isinstance(layer, str) and _LATEST.match(layer) is not None


def _versioned(layer: Any) -> Any:
    found = _LATEST.match(layer) if isinstance(layer, str) else None
    if found is None:
        return layer
    return concat(found[1], Text.unknown("the plugin asks AWS for the latest version of the layer"))


EFFECT: Final = Effect(finish=_finish)
