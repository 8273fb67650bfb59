"""What serverless-vpc-plugin 1.0.6 (MIT) makes of a network and around it: one function for each of its options.

Source: ``src`` of the plugin, one file of it for each function here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.serverless.names import Name, concat

Made = Iterator[tuple[Any, ...]]
"""Logical id, type and properties; of what is kept also the attributes for that."""
VPC: Final = {"Ref": "VPC"}
GROUPS: Final = {
    "rds": "RDSSubnetGroup", "redshift": "RedshiftSubnetGroup", "elasticache": "ElastiCacheSubnetGroup",
    "dax": "DAXSubnetGroup",
}  # fmt: skip
_GROUP_TYPES: Final = {
    "rds": ("AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"),
    "redshift": ("AWS::Redshift::ClusterSubnetGroup", "Description"),
    "elasticache": ("AWS::ElastiCache::SubnetGroup", "CacheSubnetGroupName"),
    "dax": ("AWS::DAX::SubnetGroup", "SubnetGroupName"),
}
"""The types of groups of subnets, with the property that is the stack's name."""
IMAGE: Final = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"
"""AWS's parameter with the id of the image that people log in to."""


def tag(suffix: Name = "", **others: Any) -> list[dict[str, Any]]:
    """The tag ``Name``, which begins with the stack's name, and further ones."""
    name = {"Fn::Sub": concat("${AWS::StackName}", suffix)} if suffix else {"Ref": "AWS::StackName"}
    return [{"Key": "Name", "Value": name}, *({"Key": key, "Value": one} for key, one in others.items())]


def network(prefixes: set[str]) -> Made:
    """The network with its gateway and security groups; ``prefixes`` are the services with a list of addresses."""
    tested = {"EnableDnsSupport": True, "EnableDnsHostnames": True, "InstanceTenancy": "default"}
    yield "VPC", "AWS::EC2::VPC", {**tested, "Tags": tag()}
    yield "InternetGateway", "AWS::EC2::InternetGateway", {"Tags": tag("-igw", Network="Public")}
    gateway = {"InternetGatewayId": {"Ref": "InternetGateway"}, "VpcId": VPC}
    yield "InternetGatewayAttachment", "AWS::EC2::VPCGatewayAttachment", gateway
    default = {"Fn::GetAtt": ["VPC", "DefaultSecurityGroup"]}
    yield "DefaultSecurityGroupEgress", "AWS::EC2::SecurityGroupEgress", {"GroupId": default}
    lists = ["permit HTTPS to S3", "permit HTTP to S3", "permit HTTPS to DynamoDB"] if prefixes else []
    yield "AppSecurityGroup", "AWS::EC2::SecurityGroup", {
        "SecurityGroupEgress": _rules("permit HTTPS outbound", *lists), "VpcId": VPC,
        "SecurityGroupIngress": _rules("permit HTTPS inbound"), "Tags": tag("-sg"),
    }  # fmt: skip
    yield "DHCPOptions", "AWS::EC2::DHCPOptions", {}
    yield "VPCDHCPOptionsAssociation", "AWS::EC2::VPCDHCPOptionsAssociation", {}


def _rules(*descriptions: str) -> list[dict[str, Any]]:
    """The rules of a security group."""
    return [{"Description": description} for description in descriptions]


def subnets(settings: Mapping[str, Any], zones: list[Name], databases: bool) -> Made:
    """The subnets of each zone with their routes, and what lets the private ones out."""
    wanted = settings.get("createNatGateway")
    gateways = len(zones) if wanted is True else min(wanted, len(zones)) if isinstance(wanted, int) else 0
    for number in range(1, gateways + 1):
        yield f"EIP{number}", "AWS::EC2::EIP", {}
        yield f"NatGateway{number}", "AWS::EC2::NatGateway", {
            "AllocationId": {"Fn::GetAtt": [f"EIP{number}", "AllocationId"]},
            "SubnetId": {"Ref": f"PublicSubnet{number}"},
            "Tags": tag(f"-${{PublicSubnet{number}.AvailabilityZone}}", Network="Public"),
        }  # fmt: skip
    routed = ["Public", *(["App"] if gateways > 0 or settings.get("createNatInstance") is True else [])]
    for number, zone in enumerate(zones, 1):
        for kind in ("App", "Public", *(["DB"] if databases else [])):
            network, below = "Public" if kind == "Public" else "Private", f"-{kind.lower()}-"
            subnet, table = f"{kind}Subnet{number}", f"{kind}RouteTable{number}"
            yield subnet, "AWS::EC2::Subnet", {"VpcId": VPC, "Tags": tag(concat(below, zone), Network=network)}
            named = tag(f"{below}${{{subnet}.AvailabilityZone}}", Network=network)
            yield table, "AWS::EC2::RouteTable", {"VpcId": VPC, "Tags": named}
            both = {"RouteTableId": {"Ref": table}, "SubnetId": {"Ref": subnet}}
            yield f"{kind}RouteTableAssociation{number}", "AWS::EC2::SubnetRouteTableAssociation", both
        for kind in routed:
            yield f"{kind}Route{number}", "AWS::EC2::Route", {"RouteTableId": {"Ref": f"{kind}RouteTable{number}"}}


def endpoints(services: list[str], subnets: list[Any], tables: list[Any]) -> Made:
    """Endpoints of services of AWS in the network."""
    for service in services:
        properties: dict[str, Any] = {"VpcId": VPC}
        if service in ("s3", "dynamodb"):
            allowed = {"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": f"{service}:*"}
            properties |= {"RouteTableIds": tables, "PolicyDocument": {"Statement": [allowed]}}
        else:
            group = [{"Ref": "AppSecurityGroup"}]
            properties |= {"SubnetIds": subnets, "PrivateDnsEnabled": True, "SecurityGroupIds": group}
        words = [*re.split(r"[-_.]", service), "VPCEndpoint"]
        yield "".join(f"{word[:1].upper()}{word[1:]}" for word in words), "AWS::EC2::VPCEndpoint", properties


def access_lists(zones: int, has_databases: bool) -> Made:
    """Network ACLs of the subnets."""
    for name in ["Public", "App", *(["DB"] if has_databases else [])]:
        yield f"{name}NetworkAcl", "AWS::EC2::NetworkAcl", {"Tags": tag(f"-{name.lower()}"), "VpcId": VPC}
        for number in range(100, 100 + (zones if name == "DB" else 1)):
            for direction in ("Ingress", "Egress"):
                entry = {"NetworkAclId": {"Ref": f"{name}NetworkAcl"}}
                yield f"{name}NetworkAcl{direction}{number}", "AWS::EC2::NetworkAclEntry", entry
        for number in range(1, zones + 1):
            yield f"{name}SubnetNetworkAclAssociation{number}", "AWS::EC2::SubnetNetworkAclAssociation", {}


def subnet_groups(chosen: list[str]) -> Made:
    """Groups of subnets for databases."""
    for kind in chosen:
        type, name = _GROUP_TYPES[kind]
        yield GROUPS[kind], type, {name: {"Ref": "AWS::StackName"}}


def flow_logs() -> Made:
    """A bucket to which the network's traffic is logged."""
    arn, account = {"Fn::GetAtt": ["LogBucket", "Arn"]}, {"Ref": "AWS::AccountId"}
    by_default = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    yield "LogBucket", "AWS::S3::Bucket", {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]},
        "LifecycleConfiguration": {"Rules": [{"Status": "Enabled"}]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True,
        },
        "Tags": tag(" Logs"), "VersioningConfiguration": {"Status": "Enabled"},
    }, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}  # fmt: skip
    source = {
        "ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*"}}
    }
    delivery = {"Service": "delivery.logs.amazonaws.com"}
    owned = {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
    statements = [
        {
            "Sid": "AWSLogDeliveryAclCheck", "Effect": "Allow", "Principal": delivery,
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": account}, **source},
        },
        {
            "Sid": "AWSLogDeliveryWrite", "Effect": "Allow", "Principal": delivery, "Action": "s3:PutObject",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${LogBucket}/*"},
            "Condition": {"StringEquals": owned, **source},
        },
        {
            "Sid": "AllowSSLRequestsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [{"Fn::Sub": "${LogBucket.Arn}/*"}, {"Fn::GetAtt": "LogBucket.Arn"}],
            "Condition": {"Bool": {"aws:SecureTransport": False}},
        },
    ]  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": statements}
    yield "LogBucketPolicy", "AWS::S3::BucketPolicy", {"Bucket": {"Ref": "LogBucket"}, "PolicyDocument": policy}
    yield "S3FlowLog", "AWS::EC2::FlowLog", {
        "LogDestination": arn, "LogDestinationType": "s3", "LogFormat": Text.unknown("the format of logs is not read"),
        "ResourceId": VPC, "ResourceType": "VPC",
    }  # fmt: skip


def nat_instance() -> Made:
    """An instance that lets the private subnets out."""
    yield "NatSecurityGroup", "AWS::EC2::SecurityGroup", {
        "VpcId": VPC, "Tags": tag("-nat"),
        "SecurityGroupEgress": _rules(
            "permit outbound HTTP to the Internet", "permit outbound HTTPS to the Internet"
        ),
        "SecurityGroupIngress": _rules(
            "permit inbound HTTP from AppSecurityGroup", "permit inbound HTTPS from AppSecurityGroup"
        ),
    }  # fmt: skip
    image = Text.unknown("AWS says which image is the newest")
    yield "NatInstance", "AWS::EC2::Instance", {"ImageId": image, "Monitoring": False, "Tags": tag("-nat")}


def bastion() -> Made:
    """An instance that people log in to, with the role that it acts with."""
    assume = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    associate = {"Action": "ec2:AssociateAddress", "Resource": "*", "Effect": "Allow"}
    document = {"Version": "2012-10-17", "Statement": [associate]}
    yield "BastionEIP", "AWS::EC2::EIP", {}
    yield "BastionIamRole", "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": {"Statement": [assume]},
        "Policies": [{"PolicyName": "AllowEIPAssociation", "PolicyDocument": document}],
        "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"}],
    }  # fmt: skip
    yield "BastionInstanceProfile", "AWS::IAM::InstanceProfile", {"Roles": [{"Ref": "BastionIamRole"}]}
    rules = _rules("permit inbound SSH", "permit inbound ICMP")
    group = {"VpcId": VPC, "Tags": tag("-bastion"), "SecurityGroupIngress": rules}
    yield "BastionSecurityGroup", "AWS::EC2::SecurityGroup", group
    profile = {"IamInstanceProfile": {"Ref": "BastionInstanceProfile"}}
    yield "BastionLaunchConfiguration", "AWS::AutoScaling::LaunchConfiguration", profile
    yield "BastionAutoScalingGroup", "AWS::AutoScaling::AutoScalingGroup", {}


def parameters(names: list[str]) -> Made:
    """Parameters of Parameter Store that tell what the network is made of."""
    for name in names:
        yield f"Parameter{name}", "AWS::SSM::Parameter", {"Name": {"Fn::Sub": f"/SLS/${{AWS::StackName}}/{name}"}}
