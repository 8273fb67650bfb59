"""serverless-plugin-log-retention 2.1.0 (MIT), ``add-log-retention.js``: how long log groups of functions keep logs.

It adds the log groups to ``resources.Resources``, where they are merged into those that the framework makes. A service
without ``resources`` gets none of them.
"""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.documents.nodes import MapNode
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.log_groups import log_group_id
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_DAYS: Final = re.compile(r"[0-9]{1,9}")


def _configure(service: Service, given: Given) -> None:
    everywhere = service.custom.get("logRetentionInDays")
    for key, function in service.functions.items():
        days = function.get("logRetentionInDays")
        if days is None and not everywhere:
            continue
        group = MapNode({"Type": "AWS::Logs::LogGroup"}, service.place)
        nodes(group, "Properties")["RetentionInDays"] = _number(everywhere if days is None else days)
        resources = nodes(service.resources, "Resources")
        resources[log_group_id(key)] = group
        resources.keys_at[log_group_id(key)] = service.place_in(service.custom, "logRetentionInDays")


def _number(days: Any) -> Any:
    text = js_text(days) if isinstance(days, int | float) else days
    return int(text) if isinstance(text, str) and _DAYS.fullmatch(text) else days


EFFECT: Final = Effect(configure=_configure)
