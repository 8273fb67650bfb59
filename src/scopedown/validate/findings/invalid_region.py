"""A condition names a Region that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import overlap
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import regions
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("aws:RequestedRegion", "ec2:Region"):
            for value in condition.values if condition.family == "String" else ():
                region = value.shown if condition.is_like else value.shown.replace("*", "").replace("?", "")
                if "${" in region or region != value.shown:
                    continue
                if region != "aws-global" and not any(overlap(region, known) for known in regions()):
                    yield Found(f"AWS has no Region {region}", value.place, region)


CHECK = Check(
    code="INVALID_REGION",
    type=Type.ERROR,
    summary="A condition names a Region that does not exist.",
    explanation="No request is for a Region that AWS does not have: the value never matches.",
    remedy="Write the code of a Region, such as eu-west-1.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-9"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}'
        )
    ),
    find=find,
)
