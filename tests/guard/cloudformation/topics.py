"""A driver small enough to see through: topics of SNS, made in moto in the caller's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generated_names import generated
from scopedown.guard.cloudformation.driver import AsCaller, Place
from scopedown.guard.cloudformation.template import Made, TemplateError

TOPIC = "AWS::SNS::Topic"
REFUSED = "refused"
"""A display name that the handler refuses."""


class Topic:
    """CreateTopic, SetTopicAttributes for the display name, DeleteTopic."""

    replaced_by = frozenset({"TopicName"})

    def create(self, aws: AsCaller, place: Place, properties: Mapping[str, Any]) -> Made:
        self._check(properties)
        name = properties.get("TopicName") or generated(place, 256)
        given = {"DisplayName": str(properties["DisplayName"])} if "DisplayName" in properties else {}
        arn = aws.call("sns", "CreateTopic", Name=name, Attributes=given)["TopicArn"]
        return Made(arn, {"TopicName": name, "TopicArn": arn})

    def update(
        self, aws: AsCaller, place: Place, made: Made, properties: Mapping[str, Any], changed: frozenset[str]
    ) -> None:
        self._check(properties)
        value = str(properties.get("DisplayName", ""))
        aws.call("sns", "SetTopicAttributes", TopicArn=made.physical, AttributeName="DisplayName", AttributeValue=value)

    def delete(self, aws: AsCaller, made: Made) -> None:
        aws.call("sns", "DeleteTopic", TopicArn=made.physical)

    def _check(self, properties: Mapping[str, Any]) -> None:
        if properties.get("DisplayName") == REFUSED:
            raise TemplateError("Invalid request provided: DisplayName")
