"""AWS::Logs types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generated_names import generated
from scopedown.guard.cloudformation.driver import AsCaller, Place, tags_of
from scopedown.guard.cloudformation.template import Made
from scopedown.guard.model import ACCOUNT, REGION


class LogGroup:
    """CreateLogGroup; tags need logs:TagResource too, on the ARN without ``:*``
    (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html)."""

    replaced_by = frozenset({"LogGroupName"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        name = properties.get("LogGroupName") or generated(place, 512)
        arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"
        tags = tags_of(place, properties)
        if tags:
            aws.ask("logs", "TagResource", resourceArn=arn, tags=tags)
        aws.call("logs", "CreateLogGroup", logGroupName=name, **({"tags": tags} if tags else {}))
        aws.ask("logs", "DescribeLogGroups", logGroupNamePrefix=name)
        if days := properties.get("RetentionInDays"):
            aws.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=int(days))
        return Made(name, {"Arn": f"{arn}:*"})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{made.physical}"
        aws.ask("logs", "DescribeLogGroups", logGroupNamePrefix=made.physical)
        aws.ask("logs", "ListTagsForResource", resourceArn=arn)
        if "RetentionInDays" in changed:
            days = properties.get("RetentionInDays")
            if days:
                aws.call("logs", "PutRetentionPolicy", logGroupName=made.physical, retentionInDays=int(days))
            else:
                aws.call("logs", "DeleteRetentionPolicy", logGroupName=made.physical)
        if changed & {"Tags", "stack tags"}:
            aws.call("logs", "TagResource", resourceArn=arn, tags=tags_of(place, properties))

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.ask("logs", "DescribeLogGroups", logGroupNamePrefix=made.physical)
        aws.call("logs", "DeleteLogGroup", logGroupName=made.physical)
