"""What serverless-vpc-plugin 1.0.6 (MIT) makes around a network: one function for each of its options.

Source: ``src`` of the plugin, one file of it for each function here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.serverless.names import Name, concat

Made = Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]
"""Logical id, type, properties, and what stands beside them."""
ANYWHERE: Final = "0.0.0.0/0"
VPC: Final = {"Ref": "VPC"}
GROUPS: Final = {
    "rds": "RDSSubnetGroup", "redshift": "RedshiftSubnetGroup", "elasticache": "ElastiCacheSubnetGroup",
    "dax": "DAXSubnetGroup",
}  # fmt: skip
IMAGE: Final = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"
"""AWS's parameter with the id of the image that people log in to."""
_AMI: Final = Text.unknown("AWS says which image is the newest")


def tag(value: Any, **others: Any) -> list[dict[str, Any]]:
    """The tag ``Name``, and further ones."""
    return [{"Key": "Name", "Value": value}, *({"Key": key, "Value": one} for key, one in others.items())]


def stack_name(suffix: Name) -> dict[str, Name]:
    """The stack's name with something behind it."""
    return {"Fn::Sub": concat("${AWS::StackName}", suffix)}


def rule(description: str, port: int, *protocol: str, **target: Any) -> dict[str, Any]:
    """A rule of a security group for one port."""
    return {
        "Description": description,
        "IpProtocol": "".join(protocol) or "tcp",
        "FromPort": port,
        "ToPort": port,
        **target,
    }


def endpoints(services: list[str], subnets: list[Any], tables: list[Any]) -> Made:
    """Endpoints of services of AWS in the network."""
    for service in services:
        properties: dict[str, Any] = {
            "ServiceName": {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}, "VpcId": VPC,
        }  # fmt: skip
        if service in ("s3", "dynamodb"):
            allowed = {"Effect": "Allow", "Principal": "*", "Resource": "*", "Action": f"{service}:*"}
            properties |= {
                "VpcEndpointType": "Gateway", "RouteTableIds": tables, "PolicyDocument": {"Statement": [allowed]},
            }  # fmt: skip
        else:
            properties |= {
                "VpcEndpointType": "Interface", "SubnetIds": subnets, "PrivateDnsEnabled": True,
                "SecurityGroupIds": [{"Ref": "AppSecurityGroup"}],
            }  # fmt: skip
        words = [*re.split(r"[-_.]", service), "VPCEndpoint"]
        yield "".join(f"{word[:1].upper()}{word[1:]}" for word in words), "AWS::EC2::VPCEndpoint", properties, {}


def access_lists(zones: int, app_blocks: list[Any], has_databases: bool) -> Made:
    """Network ACLs of the subnets."""
    names = ["Public", "App", *(["DB"] if has_databases else [])]
    for name in names:
        properties = {"Tags": tag(stack_name(f"-{name.lower()}")), "VpcId": VPC}
        yield f"{name}NetworkAcl", "AWS::EC2::NetworkAcl", properties, {}
        for number, block in enumerate(app_blocks if name == "DB" else [ANYWHERE], 100):
            for direction in ("Ingress", "Egress"):
                yield f"{name}NetworkAcl{direction}{number}", "AWS::EC2::NetworkAclEntry", {
                    "CidrBlock": block, "NetworkAclId": {"Ref": f"{name}NetworkAcl"}, "Egress": direction == "Egress",
                    "Protocol": -1, "RuleAction": "allow", "RuleNumber": number,
                }, {}  # fmt: skip
        for number in range(1, zones + 1):
            yield f"{name}SubnetNetworkAclAssociation{number}", "AWS::EC2::SubnetNetworkAclAssociation", {
                "SubnetId": {"Ref": f"{name}Subnet{number}"}, "NetworkAclId": {"Ref": f"{name}NetworkAcl"},
            }, {}  # fmt: skip


def subnet_groups(chosen: list[str], subnets: list[Any]) -> Made:
    """Groups of subnets for databases."""
    own = {"Ref": "AWS::StackName"}
    for kind in chosen:
        shared = {"SubnetIds": subnets}
        if kind == "rds":
            properties = {"DBSubnetGroupName": own, "DBSubnetGroupDescription": own, **shared}
            yield GROUPS[kind], "AWS::RDS::DBSubnetGroup", properties, {}
        elif kind == "redshift":
            yield GROUPS[kind], "AWS::Redshift::ClusterSubnetGroup", {"Description": own, **shared}, {}
        elif kind == "elasticache":
            properties = {"CacheSubnetGroupName": own, "Description": own, **shared}
            yield GROUPS[kind], "AWS::ElastiCache::SubnetGroup", properties, {}
        elif kind == "dax":
            properties = {"SubnetGroupName": own, "Description": own, **shared}
            yield GROUPS[kind], "AWS::DAX::SubnetGroup", properties, {}


def flow_logs() -> Made:
    """A bucket to which the network's traffic is logged."""
    arn, account = {"Fn::GetAtt": ["LogBucket", "Arn"]}, {"Ref": "AWS::AccountId"}
    by_default = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    expiring = {
        "ExpirationInDays": 365, "Id": "RetentionRule", "Prefix": "AWSLogs", "Status": "Enabled",
        "Transitions": [
            {"TransitionInDays": 30, "StorageClass": "STANDARD_IA"},
            {"TransitionInDays": 90, "StorageClass": "GLACIER"},
        ],
    }  # fmt: skip
    yield "LogBucket", "AWS::S3::Bucket", {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]},
        "LifecycleConfiguration": {"Rules": [expiring]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True,
        },
        "Tags": tag(stack_name(" Logs")), "VersioningConfiguration": {"Status": "Enabled"},
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
    yield "LogBucketPolicy", "AWS::S3::BucketPolicy", {"Bucket": {"Ref": "LogBucket"}, "PolicyDocument": policy}, {}
    yield "S3FlowLog", "AWS::EC2::FlowLog", {
        "DestinationOptions": {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": True},
        "LogDestination": arn, "LogDestinationType": "s3", "LogFormat": Text.unknown("the format of logs is not read"),
        "MaxAggregationInterval": 60, "ResourceId": VPC, "ResourceType": "VPC", "TrafficType": "ALL",
    }, {"DependsOn": "LogBucketPolicy"}  # fmt: skip


def nat_instance(zones: list[Any]) -> Made:
    """An instance that lets the private subnets out."""
    inside = {"SourceSecurityGroupId": {"Ref": "AppSecurityGroup"}}
    named = tag(stack_name("-nat"))
    yield "NatSecurityGroup", "AWS::EC2::SecurityGroup", {
        "GroupDescription": "NAT Instance", "VpcId": VPC, "Tags": named,
        "SecurityGroupEgress": [
            rule("permit outbound HTTP to the Internet", 80, CidrIp=ANYWHERE),
            rule("permit outbound HTTPS to the Internet", 443, CidrIp=ANYWHERE),
        ],
        "SecurityGroupIngress": [
            rule("permit inbound HTTP from AppSecurityGroup", 80, **inside),
            rule("permit inbound HTTPS from AppSecurityGroup", 443, **inside),
        ],
    }, {}  # fmt: skip
    interface = {
        "AssociatePublicIpAddress": True, "DeleteOnTermination": True, "Description": "eth0", "DeviceIndex": "0",
        "GroupSet": [{"Ref": "NatSecurityGroup"}], "SubnetId": {"Ref": "PublicSubnet1"},
    }  # fmt: skip
    yield "NatInstance", "AWS::EC2::Instance", {
        "AvailabilityZone": {"Fn::Select": ["0", zones]}, "BlockDeviceMappings": _disk("gp2"), "ImageId": _AMI,
        "InstanceType": "t2.micro", "Monitoring": False, "NetworkInterfaces": [interface], "SourceDestCheck": False,
        "Tags": named,
    }, {"DependsOn": "InternetGatewayAttachment"}  # fmt: skip


def _disk(kind: str) -> list[dict[str, Any]]:
    disk = {"VolumeSize": 10, "VolumeType": kind, "DeleteOnTermination": True}
    return [{"DeviceName": "/dev/xvda", "Ebs": disk}]


def bastion(key_pair: Any, zones: int) -> Made:
    """An instance that people log in to, with the role that it acts with."""
    from_here = Text.unknown("it is the address of the machine that deploys")
    assume = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    associate = {"Action": "ec2:AssociateAddress", "Resource": "*", "Effect": "Allow"}
    document = {"Version": "2012-10-17", "Statement": [associate]}
    yield "BastionEIP", "AWS::EC2::EIP", {"Domain": "vpc"}, {}
    yield "BastionIamRole", "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": {"Statement": [assume]},
        "Policies": [{"PolicyName": "AllowEIPAssociation", "PolicyDocument": document}],
        "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"}],
    }, {}  # fmt: skip
    yield "BastionInstanceProfile", "AWS::IAM::InstanceProfile", {"Roles": [{"Ref": "BastionIamRole"}]}, {}
    yield "BastionSecurityGroup", "AWS::EC2::SecurityGroup", {
        "GroupDescription": "Bastion Host", "VpcId": VPC, "Tags": tag(stack_name("-bastion")),
        "SecurityGroupIngress": [
            rule("permit inbound SSH", 22, CidrIp=from_here),
            rule("permit inbound ICMP", -1, "icmp", CidrIp=from_here),
        ],
    }, {}  # fmt: skip
    yield "BastionLaunchConfiguration", "AWS::AutoScaling::LaunchConfiguration", {
        "AssociatePublicIpAddress": True, "BlockDeviceMappings": _disk("gp3"), "KeyName": key_pair,
        "ImageId": {"Ref": "LatestAmiId"}, "InstanceMonitoring": False,
        "IamInstanceProfile": {"Ref": "BastionInstanceProfile"}, "InstanceType": "t2.micro",
        "SecurityGroups": [{"Ref": "BastionSecurityGroup"}], "SpotPrice": "0.0116",
        "UserData": Text.unknown("what the instance runs when it starts is not read"),
    }, {}  # fmt: skip
    named = {"Key": "Name", "Value": stack_name("-bastion"), "PropagateAtLaunch": True}
    yield "BastionAutoScalingGroup", "AWS::AutoScaling::AutoScalingGroup", {
        "LaunchConfigurationName": {"Ref": "BastionLaunchConfiguration"},
        "VPCZoneIdentifier": [{"Ref": f"PublicSubnet{number}"} for number in range(1, zones + 1)],
        "MinSize": 1, "MaxSize": 1, "Cooldown": "300", "DesiredCapacity": 1, "Tags": [named],
    }, {}  # fmt: skip


def parameters(names: list[str], lists: Mapping[str, list[Any]]) -> Made:
    """Parameters of Parameter Store that tell what the network is made of."""
    values: dict[str, tuple[str, Any]] = {name: ("String", {"Ref": name}) for name in names}
    values |= {name: ("StringList", {"Fn::Join": [",", items]}) for name, items in lists.items()}
    for name, (kind, value) in values.items():
        yield f"Parameter{name}", "AWS::SSM::Parameter", {
            "Name": {"Fn::Sub": f"/SLS/${{AWS::StackName}}/{name}"}, "Tier": "Standard", "Type": kind, "Value": value,
        }, {}  # fmt: skip
