"""Plugins that give functions a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map
from scopedown.project.serverless.names import Name
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service, noded
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-vpc-plugin"
_MOST: Final = 16
"""The network is split into as many parts, one for a zone."""
_IMAGE: Final = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"
"""AWS's parameter with the id of the image that people log in to."""
_BY_ROUTE: Final = frozenset({"s3", "dynamodb"})
"""The services whose endpoints are routes to a list of addresses."""
_GROUPS: Final = {
    "rds": "RDSSubnetGroup", "redshift": "RedshiftSubnetGroup", "elasticache": "ElastiCacheSubnetGroup",
    "dax": "DAXSubnetGroup",
}  # fmt: skip
"""Groups of subnets for databases: the fragment, and its logical id."""


def _settings(service: Service) -> Mapping[str, Any] | None:
    """The settings; None where the plugin is switched off."""
    settings = as_map(service.custom.get("vpcConfig"))
    return None if settings.get("enabled") is False else settings


def _zones(settings: Mapping[str, Any]) -> list[Name]:
    written = [one.strip().lower() for one in as_list(settings.get("zones")) if isinstance(one, str)]
    unknown: list[Name] = [Text.unknown("AWS says which zones the region has")] * 2
    return list(written[:_MOST]) or unknown


def _configure_vpc(service: Service, given: Given) -> None:
    """serverless-vpc-plugin 1.0.6 (MIT), ``src/index.js``: a network in all zones of the region, in which functions
    run.

    ``custom.vpcConfig`` names the zones, else the plugin asks AWS for them: two zones are read then. The ids of prefix
    lists and images, which it asks for too, are left open.
    """
    settings = _settings(service)
    if settings is None or not isinstance(service.provider, MapNode):
        return
    place = service.place_in(service.custom, "vpcConfig")
    if not as_list(settings.get("zones")):
        service.report("plugin-not-read zones", place, plugin=_PLUGIN)
    if settings.get("createBastionHost") is True:
        image = {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": _IMAGE}
        nodes(service.resources, "Parameters")["LatestAmiId"] = noded(image, place)
    before = as_map(service.provider.get("vpc"))
    service.provider["vpc"] = noded({
        **before,
        "securityGroupIds": [*as_list(before.get("securityGroupIds")), {"Ref": "AppSecurityGroup"}],
        "subnetIds": [*as_list(before.get("subnetIds")), *_numbered("AppSubnet", _zones(settings))],
    }, place)  # fmt: skip


def _extend_vpc(template: Template) -> None:
    service = template.service
    settings = _settings(service)
    if settings is None:
        return
    place, zones = service.place_in(service.custom, "vpcConfig"), _zones(settings)
    databases = settings.get("createDbSubnet") is not False
    kinds = ("App", "Public", "DB") if databases else ("App", "Public")
    services = _lowered(settings.get("services"), ["s3", "dynamodb"])
    groups = [one for one in _lowered(settings.get("subnetGroups"), list(_GROUPS)) if one in _GROUPS]
    groups = groups if databases and len(zones) > 1 else []

    def add(fragment: str, **values: Any) -> None:
        template.add_fragment("effects/vpc.yml", fragment, place, **values)

    add("network", lists=_BY_ROUTE & set(services))
    _subnets(settings, zones, kinds, add)
    for name in services:
        words = "".join(f"{word[:1].upper()}{word[1:]}" for word in re.split(r"[-_.]", name))
        if name in _BY_ROUTE:
            add("gateway_endpoint", name=words, service=name, tables=_numbered("AppRouteTable", zones))
        else:
            add("interface_endpoint", name=words, subnets=_numbered("AppSubnet", zones))
    if settings.get("createNetworkAcl") is True:
        for kind in ("Public", "App", *kinds[2:]):
            add("access_list", kind=kind, name=kind.lower())
            for number in range(100, 100 + (len(zones) if kind == "DB" else 1)):
                add("access_list_entry", kind=kind, number=number)
            for number, _ in enumerate(zones, 1):
                add("access_list_association", kind=kind, number=number)
    for one in groups:
        add(one)
    if settings.get("createFlowLogs") is True:
        add("flow_logs", unread=Text.unknown("the format of logs is not read"))
    if settings.get("createNatInstance") is True:
        add("nat_instance", newest=Text.unknown("AWS says which image is the newest"))
    if settings.get("createBastionHost") is True:
        add("bastion")
    if settings.get("createParameters") is True:
        names = ["VPC", "AppSecurityGroup", *(_GROUPS[one] for one in groups)]
        for name in (*names, *(f"{kind}Subnets" for kind in kinds)):
            add("parameter", name=name)


def _subnets(settings: Mapping[str, Any], zones: list[Name], kinds: Iterable[str], add: Callable[..., None]) -> None:
    """The subnets of each zone with their routes, and what lets the private ones out."""
    wanted = settings.get("createNatGateway")
    gateways = len(zones) if wanted is True else min(wanted, len(zones)) if isinstance(wanted, int) else 0
    for number in range(1, gateways + 1):
        add("nat_gateway", number=number)
    for number, zone in enumerate(zones, 1):
        for kind in kinds:
            network = "Public" if kind == "Public" else "Private"
            add("subnet", kind=kind, name=kind.lower(), number=number, zone=zone, network=network)
        add("route", kind="Public", number=number)
        if gateways > 0 or settings.get("createNatInstance") is True:
            add("route", kind="App", number=number)


def _numbered(id: str, zones: list[Name]) -> list[dict[str, str]]:
    """References to the resources of all zones."""
    return [{"Ref": f"{id}{number}"} for number, _ in enumerate(zones, 1)]


def _lowered(written: Any, usual: list[str]) -> list[str]:
    if not isinstance(written, list):
        return usual
    return [one.strip().lower() for one in written if isinstance(one, str)]


_FOUND_BY: Final = {
    "subnetIds": ("subnets", "subnetNames"), "securityGroupIds": ("securityGroups", "securityGroupNames"),
}  # fmt: skip
"""The ids that are found, and the settings (the second one of older releases) that they are found by."""


def _vpc_discovery(service: Service, given: Given) -> None:
    """serverless-vpc-discovery 4.1.0 (MIT), ``dist/src/index.js``: networks of functions, which the plugin finds by
    names.

    ``custom.vpcDiscovery`` holds for every function, unless its ``vpcDiscovery`` says otherwise or is false. The ids
    are known when the service is packaged.
    """
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


EFFECTS: Final = {
    "vpc": Effect(configure=_configure_vpc, extend=_extend_vpc, settings="vpcConfig"),
    "vpc_discovery": Effect(configure=_vpc_discovery, settings="vpcDiscovery"),
}
