"""A condition key is used without its pair."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy

_PAIRS = {
    "aws:VpcSourceIp": ("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"),
    "aws:Ec2InstanceSourcePrivateIPv4": ("aws:Ec2InstanceSourceVpc",),
}


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for key, pairs in _PAIRS.items():
            for condition in statement.condition_on(key) if not statement.condition_on(*pairs) else ():
                if statement.allows != condition.negated:
                    yield Found(f"{condition.key} is used without {' or '.join(pairs)}", condition.place, condition.key)


CHECK = Check(
    code="MISSING_PAIRED_CONDITION_KEYS",
    type=Type.SECURITY_WARNING,
    summary="A condition key is used without its pair.",
    explanation="A private address says nothing without its network: other VPCs have the same addresses.",
    remedy="Add a condition on the VPC: aws:SourceVpc or aws:SourceVpce.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}, '
            '"StringEquals": {"aws:SourceVpc": "vpc-11223344556677889"}}}'
        )
    ),
    find=find,
)
