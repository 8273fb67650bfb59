"""serverless-vpc-discovery 4.1.0 (MIT), ``dist/src/index.js``: networks of functions, which the plugin finds by names.

``custom.vpcDiscovery`` holds for every function, unless its ``vpcDiscovery`` says otherwise or is false. The ids are
known when the service is packaged.
"""

from __future__ import annotations

from typing import Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, as_map
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_FOUND_BY: Final = {
    "subnetIds": ("subnets", "subnetNames"), "securityGroupIds": ("securityGroups", "securityGroupNames"),
}  # fmt: skip
"""The ids that are found, and the settings (the second one of older releases) that they are found by."""


def _configure(service: Service, given: Given) -> None:
    common = as_map(service.custom.get("vpcDiscovery")) or as_map(service.custom.get("vpc"))
    for function in service.functions.values():
        own = function.get("vpcDiscovery")
        settings = {**common, **as_map(own)}
        if own is False or not settings:
            continue
        network = nodes(function, "vpc")
        for ids, keys in _FOUND_BY.items():
            if not network.get(ids) and any(settings.get(key) for key in keys):
                unknown = Text.unknown("the plugin serverless-vpc-discovery asks AWS for the network")
                network[ids] = ListNode([unknown], service.place)


EFFECT: Final = Effect(configure=_configure, settings="vpcDiscovery")
