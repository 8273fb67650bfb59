"""``vpc``: two public and two private subnets, and all functions in the private ones (``constructs/aws/Vpc.js``)."""

from __future__ import annotations

from typing import Any

from scopedown.core.finding import Severity
from scopedown.documents.nodes import MapNode
from scopedown.project.serverless.lift.model import Construct, attribute
from scopedown.project.serverless.service import noded


def make(construct: Construct) -> None:
    """Add what a network makes, and have the service's functions run in it."""
    name, vpc = construct.name, construct.id("")
    gateway, attachment = construct.direct_id("IGW"), construct.direct_id("VPCGW")
    construct.add(vpc, "AWS::EC2::VPC", {
        "EnableDnsHostnames": True, "EnableDnsSupport": True,
        "InstanceTenancy": "default", "Tags": _tags(name),
    })  # fmt: skip
    construct.add(gateway, "AWS::EC2::InternetGateway", {"Tags": _tags(name)})
    construct.add(attachment, "AWS::EC2::VPCGatewayAttachment", {
        "InternetGatewayId": {"Ref": gateway}, "VpcId": {"Ref": vpc},
    })  # fmt: skip
    private = []
    for number in (1, 2):
        public = f"PublicSubnet{number}"
        _subnet(construct, vpc, public, number)
        address, nat = construct.direct_id(f"{public}/EIP"), construct.direct_id(f"{public}/NATGateway")
        construct.add(address, "AWS::EC2::EIP", {"Tags": _tags(f"{name}/{public}")})
        construct.add(nat, "AWS::EC2::NatGateway", {
            "AllocationId": attribute(address, "AllocationId"), "Tags": _tags(f"{name}/{public}"),
            "SubnetId": {"Ref": construct.direct_id(f"{public}/Subnet")},
        })  # fmt: skip
        _subnet(construct, vpc, f"PrivateSubnet{number}", number)
        private.append({"Ref": construct.direct_id(f"PrivateSubnet{number}/Subnet")})
    group = construct.id("AppSecurityGroup")
    allowed = {"CidrIp": "0.0.0.0/0", "Description": "Allow all outbound traffic by default"}
    construct.add(group, "AWS::EC2::SecurityGroup", {
        "SecurityGroupEgress": [allowed], "Tags": _tags(name), "VpcId": {"Ref": vpc},
    })  # fmt: skip
    _connect(construct, [attribute(group, "GroupId")], private)


def _connect(construct: Construct, groups: list[Any], subnets: list[Any]) -> None:
    """Have the service's functions run in the network."""
    provider = construct.service.provider
    if provider.get("vpc") is not None:
        what = f"the construct {construct.name} makes a second network for the service, which the plugin refuses"
        remedy = "keep one vpc construct, or provider.vpc"
        construct.service.tell("construct-refused", what, construct.place, remedy, Severity.ERROR)
    elif isinstance(provider, MapNode):
        provider["vpc"] = noded({"securityGroupIds": groups, "subnetIds": subnets}, construct.place)


def _subnet(construct: Construct, vpc: str, path: str, number: int) -> None:
    """Add a subnet with its route out."""
    is_public = path.startswith("Public")
    kind = "Public" if is_public else "Private"
    tags = _tags(f"{construct.name}/{path}")
    subnet, table = construct.direct_id(f"{path}/Subnet"), construct.direct_id(f"{path}/RouteTable")
    construct.add(subnet, "AWS::EC2::Subnet", {
        "AvailabilityZone": {"Fn::Select": [number - 1, {"Fn::GetAZs": ""}]},
        "MapPublicIpOnLaunch": is_public, "VpcId": {"Ref": vpc},
        "Tags": [
            {"Key": "aws-cdk:subnet-name", "Value": kind}, {"Key": "aws-cdk:subnet-type", "Value": kind}, *tags,
        ],
    })  # fmt: skip
    construct.add(table, "AWS::EC2::RouteTable", {"Tags": tags, "VpcId": {"Ref": vpc}})
    construct.add(construct.direct_id(f"{path}/RouteTableAssociation"), "AWS::EC2::SubnetRouteTableAssociation", {
        "RouteTableId": {"Ref": table}, "SubnetId": {"Ref": subnet},
    })  # fmt: skip
    route = {"RouteTableId": {"Ref": table}}
    construct.add(construct.direct_id(f"{path}/DefaultRoute"), "AWS::EC2::Route", route)


def _tags(path: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": f"Default/{path}"}]
