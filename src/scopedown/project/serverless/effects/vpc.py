"""serverless-vpc-plugin 1.0.6 (MIT), ``src/index.js``: a network in all zones of the region, in which functions run.

``custom.vpcConfig`` names the zones, else the plugin asks AWS for them: two zones are read then. The ids of prefix
lists and images, which it asks for too, are left open.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.project.serverless.effects.parts import vpc_resources as made
from scopedown.project.serverless.effects.parts.vpc_resources import ANYWHERE, GROUPS, VPC, rule, stack_name, tag
from scopedown.project.serverless.names import Name, concat
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
    blocks = _blocks(settings.get("cidrBlock"), len(zones))
    databases = settings.get("createDbSubnet") is not False
    services = _lowered(settings.get("services"), ["s3", "dynamodb"])
    groups = [one for one in _lowered(settings.get("subnetGroups"), list(GROUPS)) if one in GROUPS]
    _network(template, settings, services, place)
    _subnets(template, settings, zones, blocks, databases, place)
    subnets = {kind: [{"Ref": f"{kind}Subnet{n + 1}"} for n in range(len(zones))] for kind in ("App", "Public", "DB")}
    parts = [*made.endpoints(services, subnets["App"], [{"Ref": f"AppRouteTable{n + 1}"} for n in range(len(zones))])]
    has_groups = databases and len(zones) > 1
    if settings.get("createNetworkAcl") is True:
        parts += made.access_lists(len(zones), [one["App"] for one in blocks], databases)
    if has_groups:
        parts += made.subnet_groups(groups, subnets["DB"])
    if settings.get("createFlowLogs") is True:
        parts += made.flow_logs()
    if settings.get("createNatInstance") is True:
        parts += made.nat_instance(list(zones))
    if settings.get("createBastionHost") is True:
        parts += made.bastion(settings.get("bastionHostKeyName"), len(zones))
    if settings.get("createParameters") is True:
        names = ["VPC", "AppSecurityGroup", *(GROUPS[one] for one in groups if has_groups)]
        lists = {f"{kind}Subnets": ids for kind, ids in subnets.items() if kind != "DB" or databases}
        parts += made.parameters(names, lists)
    for id, type, properties, attributes in parts:
        template.add(id, type, properties, place, **attributes)
    used = as_list(as_map(service.provider.get("vpc")).get("subnetIds"))
    _outputs(template, settings, groups if databases else [one for one in groups if one != "rds"], used, databases)


def _lowered(written: Any, usual: list[str]) -> list[str]:
    if not isinstance(written, list):
        return usual
    return [one.strip().lower() for one in written if isinstance(one, str)]


def _blocks(written: Any, zones: int) -> list[dict[str, Any]]:
    """The addresses of each zone's subnets."""
    try:
        whole = ip_network(written if isinstance(written, str) else "10.0.0.0/16")
        if not isinstance(whole, IPv4Network) or whole.prefixlen > 24:
            raise ValueError
    except ValueError:
        unknown = Text.unknown("the addresses of the network are not known")
        return [dict.fromkeys(("App", "Public", "DB"), unknown)] * zones
    found = []
    for zone in list(whole.subnets(prefixlen_diff=4))[:zones]:
        app, rest = zone.subnets()
        public, databases = rest.subnets()
        found.append({"App": str(app), "Public": str(public), "DB": str(databases)})
    return found


def _network(template: Template, settings: Mapping[str, Any], services: list[str], place: Place) -> None:
    block, region = settings.get("cidrBlock"), template.service.region
    template.add("VPC", "AWS::EC2::VPC", {
        "CidrBlock": block if isinstance(block, str | Text) and block else "10.0.0.0/16", "EnableDnsSupport": True,
        "EnableDnsHostnames": True, "InstanceTenancy": "default", "Tags": tag({"Ref": "AWS::StackName"}),
    }, place)  # fmt: skip
    template.add("InternetGateway", "AWS::EC2::InternetGateway", {
        "Tags": tag(stack_name("-igw"), Network="Public"),
    }, place)  # fmt: skip
    template.add("InternetGatewayAttachment", "AWS::EC2::VPCGatewayAttachment", {
        "InternetGatewayId": {"Ref": "InternetGateway"}, "VpcId": VPC,
    }, place)  # fmt: skip
    default = {"Fn::GetAtt": ["VPC", "DefaultSecurityGroup"]}
    template.add("DefaultSecurityGroupEgress", "AWS::EC2::SecurityGroupEgress", {
        "IpProtocol": "-1", "DestinationSecurityGroupId": default, "GroupId": default,
    }, place)  # fmt: skip
    egress = [rule("permit HTTPS outbound", 443, CidrIp=ANYWHERE)]
    if "s3" in services or "dynamodb" in services:
        for description, port in (
            ("permit HTTPS to S3", 443), ("permit HTTP to S3", 80), ("permit HTTPS to DynamoDB", 443),
        ):  # fmt: skip
            egress.append(rule(description, port, DestinationPrefixListId=Text.unknown("AWS names the prefix list")))
    template.add("AppSecurityGroup", "AWS::EC2::SecurityGroup", {
        "GroupDescription": "Application Security Group", "SecurityGroupEgress": egress, "VpcId": VPC,
        "SecurityGroupIngress": [rule("permit HTTPS inbound", 443, CidrIp=ANYWHERE)], "Tags": tag(stack_name("-sg")),
    }, place)  # fmt: skip
    domain = "ec2.internal" if region == "us-east-1" else {"Fn::Sub": "${AWS::Region}.compute.internal"}
    template.add("DHCPOptions", "AWS::EC2::DHCPOptions", {
        "DomainName": domain, "DomainNameServers": ["AmazonProvidedDNS"], "Tags": tag(stack_name("-DHCPOptionsSet")),
    }, place)  # fmt: skip
    template.add("VPCDHCPOptionsAssociation", "AWS::EC2::VPCDHCPOptionsAssociation", {
        "VpcId": VPC, "DhcpOptionsId": {"Ref": "DHCPOptions"},
    }, place)  # fmt: skip


def _subnets(
    template: Template, settings: Mapping[str, Any], zones: list[Name], blocks: list[dict[str, Any]], databases: bool,
    place: Place,
) -> None:  # fmt: skip
    wanted = settings.get("createNatGateway")
    gateways = len(zones) if wanted is True else min(wanted, len(zones)) if isinstance(wanted, int) else 0
    for number in range(1, gateways + 1):
        template.add(f"EIP{number}", "AWS::EC2::EIP", {"Domain": "vpc"}, place)
        template.add(f"NatGateway{number}", "AWS::EC2::NatGateway", {
            "AllocationId": {"Fn::GetAtt": [f"EIP{number}", "AllocationId"]},
            "SubnetId": {"Ref": f"PublicSubnet{number}"},
            "Tags": tag(stack_name(f"-${{PublicSubnet{number}.AvailabilityZone}}"), Network="Public"),
        }, place)  # fmt: skip
    for number, (zone, own) in enumerate(zip(zones, blocks, strict=True), 1):
        for kind in ("App", "Public", *(["DB"] if databases else [])):
            network, below = "Public" if kind == "Public" else "Private", f"-{kind.lower()}-"
            subnet, table = f"{kind}Subnet{number}", f"{kind}RouteTable{number}"
            template.add(subnet, "AWS::EC2::Subnet", {
                "AvailabilityZone": zone, "CidrBlock": own[kind], "VpcId": VPC,
                "Tags": tag(stack_name(concat(below, zone)), Network=network),
            }, place)  # fmt: skip
            template.add(table, "AWS::EC2::RouteTable", {
                "VpcId": VPC, "Tags": tag(stack_name(f"{below}${{{subnet}.AvailabilityZone}}"), Network=network),
            }, place)  # fmt: skip
            template.add(f"{kind}RouteTableAssociation{number}", "AWS::EC2::SubnetRouteTableAssociation", {
                "RouteTableId": {"Ref": table}, "SubnetId": {"Ref": subnet},
            }, place)  # fmt: skip
        _route(template, "Public", number, {"GatewayId": {"Ref": "InternetGateway"}}, place)
        if gateways > 0:
            _route(
                template, "App", number, {"NatGatewayId": {"Ref": f"NatGateway{(number - 1) % gateways + 1}"}}, place
            )
        elif settings.get("createNatInstance") is True:
            _route(template, "App", number, {"InstanceId": {"Ref": "NatInstance"}}, place)


def _route(template: Template, kind: str, number: int, target: Mapping[str, Any], place: Place) -> None:
    depends = ["InternetGatewayAttachment"] if kind == "Public" else None
    template.add(f"{kind}Route{number}", "AWS::EC2::Route", {
        "DestinationCidrBlock": ANYWHERE, "RouteTableId": {"Ref": f"{kind}RouteTable{number}"}, **target,
    }, place, DependsOn=depends)  # fmt: skip


def _outputs(
    template: Template, settings: Mapping[str, Any], groups: list[str], subnets: list[Any], databases: bool
) -> None:
    group = {"Ref": "AppSecurityGroup"}
    found: dict[str, dict[str, Any]] = {
        "VPC": {"Description": "VPC logical resource ID", "Value": VPC},
        "LambdaExecutionSecurityGroupId": {
            "Description": "DEPRECATED - Please use AppSecurityGroupId instead", "Value": group,
        },
        "AppSecurityGroupId": {
            "Description": "Security Group ID that the applications use when executing within the VPC", "Value": group,
        },
    }  # fmt: skip
    if databases and len(subnets) > 1:
        found |= {
            GROUPS[one]: {"Description": f"Subnet Group for {one}", "Value": {"Ref": GROUPS[one]}} for one in groups
        }
    found |= {str(as_map(one)["Ref"]): {"Value": one} for one in subnets if "Ref" in as_map(one)}
    if settings.get("createBastionHost") is True:
        found["BastionSSHUser"] = {"Description": "SSH username for the Bastion host", "Value": "ec2-user"}
        found["BastionEIP"] = {"Description": "Public IP of Bastion host", "Value": {"Ref": "BastionEIP"}}
    for name, output in found.items():
        exported = {"Export": {"Name": stack_name(f"-{name}")}} if settings.get("exportOutputs") is True else {}
        template.outputs[name] = {**output, **exported}


EFFECT: Final = Effect(configure=_configure, extend=_extend, settings="vpcConfig")
