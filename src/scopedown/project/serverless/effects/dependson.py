"""serverless-dependson-plugin 1.1.2 (MIT), ``index.js``: functions that are made one after another, in chains."""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    custom = as_map(template.service.custom.get("dependsOn"))
    if custom.get("enabled") in (False, "false"):
        return
    written = custom.get("chains")
    chains = int(written) if isinstance(written, int | float) and written > 1 else 1
    ids = [function_id(key) for key in template.service.functions]
    for earlier, id in zip(ids, ids[chains:], strict=False):
        resource = template.resource(id)
        before = resource.attributes.get("DependsOn") or []
        listed = before if isinstance(before, list) else [before]
        template.put(id, resource.properties, DependsOn=[earlier, *listed])


EFFECT: Final = Effect(extend=_extend)
