"""Plugins that scale tables and provisioned concurrency."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.names import spelled
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_FILE: Final = "effects/scaling.yml"


def _dynamodb_autoscaling(template: Template) -> None:
    """serverless-dynamodb-autoscaling 0.6.2 (MIT), ``dist/plugin.js``: scaling of tables and indexes, and a role for
    each.

    ``custom.capacities`` lists tables (logical ids) with ``read`` and ``write``, and ``index``, ``indexOnly``.
    """
    capacities = template.service.custom.get("capacities")
    for number, one in enumerate(as_list(capacities)):
        settings, place = as_map(one), place_of(capacities, number) or template.service.place
        tables, written = settings.get("table"), settings.get("index")
        indexes = [str(index) for index in (written if isinstance(written, list) else [written] if written else [])]
        if settings.get("read") or settings.get("write"):
            for table in tables if isinstance(tables, list) else [tables]:
                for index in [*([] if settings.get("indexOnly") else [""]), *indexes]:
                    _scaled(template, str(table), index, settings, place)


def _scaled(template: Template, table: str, index: str, settings: Mapping[str, Any], place: Place) -> None:
    """The role, then a policy and a target for each direction."""
    service = template.service
    end = "".join(part[:1].upper() + part[1:] for part in (table, index, service.stage, service.region))

    def id(what: str) -> str:
        return _shortened(f"{spelled(service.name)}{what}{end}")

    role = id("DynamoDBAutoscaleRole")
    template.add_fragment(_FILE, "table role", place, role=role, policy=id("DynamoDBAutoscalePolicy"), table=table)
    for direction in ("Read", "Write"):
        if settings.get(direction.lower()):
            scaling, target = id(f"TableScalingPolicy-{direction}"), id(f"AutoScalingTarget-{direction}")
            template.add_fragment(_FILE, "table", place, scaling=scaling, target=target, role=role)


def _provisioned_concurrency_autoscaling(template: Template) -> None:
    """serverless-provisioned-concurrency-autoscaling 2.0.1 (Apache-2.0), ``lib``: scaling of provisioned concurrency.

    Functions with ``concurrencyAutoscaling`` get a target, with the role that AWS has for it, and a policy.
    """
    service = template.service
    for key, function in service.functions.items():
        written, concurrency = function.get("concurrencyAutoscaling"), function.get("provisionedConcurrency")
        settings = as_map(written)
        enabled = written is True or settings.get("enabled") is True
        if enabled and isinstance(concurrency, int | float) and concurrency > 0:
            names = [(spelled(service.name), f"{key}-{what}", service.stage, service.region) for what in _MADE]
            scaling, target = (_shortened("".join(one[:1].upper() + one[1:] for one in parts)) for parts in names)
            template.add_fragment(
                _FILE, "concurrency", service.place_in(function, "concurrencyAutoscaling"),
                scaling=scaling, target=target, usage=settings.get("usage", 0.75),
                scheduled=as_list(settings.get("scheduledActions")) or None,
            )  # fmt: skip


_MADE: Final = ("AutoScalingPolicy", "AutoScalingTarget")


def _shortened(text: str) -> str:
    """A logical id of letters and digits, with a hash where it is too long."""
    text = re.sub(r"[^A-Za-z0-9+]+", "", text)
    return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


EFFECTS: Final = {
    "dynamodb_autoscaling": Effect(extend=_dynamodb_autoscaling),
    "provisioned_concurrency_autoscaling": Effect(extend=_provisioned_concurrency_autoscaling),
}
