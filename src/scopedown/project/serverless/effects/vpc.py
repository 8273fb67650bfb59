"""serverless-vpc-plugin 1.0.6 (MIT), ``src/index.js``: a network in all zones of the region, in which functions run.

``custom.vpcConfig`` names the zones, else the plugin asks AWS for them: two zones are read then. The ids of prefix
lists and images, which it asks for too, are left open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.effects.parts import vpc_resources as made
from scopedown.project.serverless.effects.parts.vpc_resources import GROUPS
from scopedown.project.serverless.names import Name
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service, noded
from scopedown.project.serverless.template import Template

_PLUGIN: Final = "serverless-vpc-plugin"
_MOST: Final = 16
"""The network is split into as many parts, one for a zone."""


def _settings(service: Service) -> Mapping[str, Any] | None:
    """The settings; None where the plugin is switched off."""
    settings = as_map(service.custom.get("vpcConfig"))
    return None if settings.get("enabled") is False else settings


def _zones(settings: Mapping[str, Any]) -> list[Name]:
    written = [one.strip().lower() for one in as_list(settings.get("zones")) if isinstance(one, str)]
    unknown: list[Name] = [Text.unknown("AWS says which zones the region has")] * 2
    return list(written[:_MOST]) or unknown


def _configure(service: Service, given: Given) -> None:
    settings = _settings(service)
    if settings is None or not isinstance(service.provider, MapNode):
        return
    place = service.place_in(service.custom, "vpcConfig")
    if not as_list(settings.get("zones")):
        what = f"the plugin {_PLUGIN} asks AWS for the zones of the region, and scopedown reads two of them"
        service.tell("plugin-not-read", what, place, "name them in custom.vpcConfig.zones")
    if settings.get("createBastionHost") is True:
        image = {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": made.IMAGE}
        nodes(service.resources, "Parameters")["LatestAmiId"] = noded(image, place)
    before = as_map(service.provider.get("vpc"))
    subnets = [{"Ref": f"AppSubnet{number}"} for number, _ in enumerate(_zones(settings), 1)]
    service.provider["vpc"] = noded({
        **before,
        "securityGroupIds": [*as_list(before.get("securityGroupIds")), {"Ref": "AppSecurityGroup"}],
        "subnetIds": [*as_list(before.get("subnetIds")), *subnets],
    }, place)  # fmt: skip


def _extend(template: Template) -> None:
    service = template.service
    settings = _settings(service)
    if settings is None:
        return
    place, zones = service.place_in(service.custom, "vpcConfig"), _zones(settings)
    databases = settings.get("createDbSubnet") is not False
    services = _lowered(settings.get("services"), ["s3", "dynamodb"])
    groups = [one for one in _lowered(settings.get("subnetGroups"), list(GROUPS)) if one in GROUPS]
    subnets = {kind: [{"Ref": f"{kind}Subnet{n + 1}"} for n in range(len(zones))] for kind in ("App", "Public", "DB")}
    parts = [*made.network({"s3", "dynamodb"} & set(services)), *made.subnets(settings, zones, databases)]
    parts += made.endpoints(services, subnets["App"], [{"Ref": f"AppRouteTable{n + 1}"} for n in range(len(zones))])
    has_groups = databases and len(zones) > 1
    if settings.get("createNetworkAcl") is True:
        parts += made.access_lists(len(zones), databases)
    if has_groups:
        parts += made.subnet_groups(groups)
    if settings.get("createFlowLogs") is True:
        parts += made.flow_logs()
    if settings.get("createNatInstance") is True:
        parts += made.nat_instance()
    if settings.get("createBastionHost") is True:
        parts += made.bastion()
    if settings.get("createParameters") is True:
        names = ["VPC", "AppSecurityGroup", *(GROUPS[one] for one in groups if has_groups)]
        parts += made.parameters([*names, *(f"{kind}Subnets" for kind in subnets if kind != "DB" or databases)])
    for id, type, properties, *kept in parts:
        template.add(id, type, properties, place, **(kept[0] if kept else {}))


def _lowered(written: Any, usual: list[str]) -> list[str]:
    if not isinstance(written, list):
        return usual
    return [one.strip().lower() for one in written if isinstance(one, str)]


EFFECT: Final = Effect(configure=_configure, extend=_extend, settings="vpcConfig")
