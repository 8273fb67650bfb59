"""The event ``sns`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/sns.js``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Event
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.conversions import string
from scopedown.project.serverless.events.parts.refusals import refuse
from scopedown.project.serverless.events.parts.source_mapping import over_earlier, pieces
from scopedown.project.serverless.events.parts.targets import Target, add_permission, target_of
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


@dataclass(frozen=True, slots=True)
class _Topic:
    """What an event subscribes to; ``arn`` is None for a topic that the framework creates."""

    name: Name
    arn: Any = None
    region: Name | None = None


def compile(template: Template) -> None:
    """The topics to create, the subscriptions, permissions, and policies of the queues of what was not delivered."""
    for key, event in template.service.events_of("sns"):
        topic = _topic(event, template.service.region)
        if topic is None:
            what, remedy = "its topic has no name", "set topicName; an arn that is not plain text needs it too"
            refuse(template.service, key, what, event.place, remedy)
            continue
        settings = as_map(event.settings)
        if isinstance(event.settings, Text) and _is_unknown(event.settings):
            template.service.tell(
                "topic-unknown", f"scopedown cannot tell whether the topic of {key} exists, and assumes that it does",
                event.place, "write its name or its ARN as text",
            )  # fmt: skip
        undelivered = _add_queue_policy(template, key, topic, settings, event.place)
        target = target_of(template.service, key)
        filters = {
            "FilterPolicy": settings.get("filterPolicy"),
            "FilterPolicyScope": string(settings.get("filterPolicyScope")),
            "RedrivePolicy": undelivered,
        }
        subscription: dict[str, Any] = {"Protocol": "lambda", "Endpoint": target.arn}
        arn = topic.arn
        subscribed: Any = arn
        if not arn:
            here = [{"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", topic.name]
            arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", *here]]}
            inside = None if settings.get("filterPolicy") or undelivered else subscription
            subscribed = {"Ref": _add_topic(template, topic, settings, target, inside, event.place)}
        if topic.arn or settings.get("filterPolicy") or undelivered:
            id = f"{normalized(key)}SnsSubscription{alphanumeric(topic.name)}"
            properties = {"TopicArn": subscribed, **subscription, **filters, "Region": topic.region}
            properties = dict(over_earlier(template, id, properties))
            template.add(id, "AWS::SNS::Subscription", properties, event.place, DependsOn=target.alias_id)
        permission = f"{normalized(key)}LambdaPermission{alphanumeric(topic.name)}SNS"
        add_permission(template, permission, target, "sns.amazonaws.com", event.place, SourceArn=arn)


def _topic(event: Event, own_region: str) -> _Topic | None:
    """The topic that an event names, with its region where that is another; None where the framework refuses it."""
    settings = event.settings
    if isinstance(settings, Mapping):
        name, arn = string(settings.get("topicName")), settings.get("arn")
        if not arn:
            return _Topic(name) if name and is_text(name) else None
        region: Name | None = None
        if isinstance(arn, str | Text):
            parts = re.split(r"(?<!:):(?!:)", arn) if isinstance(arn, str) else pieces(arn, ":")
            region = parts[3] if len(parts) > 3 and parts[3] != own_region else None
            name = name or parts[-1]
        return _Topic(name, arn, region) if name and is_text(name) else None
    written = string(settings)
    if not isinstance(written, str | Text):
        return None
    is_arn = str(written).startswith("arn:") or _is_unknown(written)
    return _Topic(pieces(written, ":")[-1], written) if is_arn else _Topic(written)


def _is_unknown(text: Name) -> bool:
    """Whether nothing of a text is known."""
    return isinstance(text, Text) and len(text.parts) == 1 and bool(text.unknowns)


def _add_topic(
    template: Template, topic: _Topic, settings: Mapping[str, Any], target: Target,
    subscription: Mapping[str, Any] | None, place: Place,
) -> str:  # fmt: skip
    """Create a topic, once, and add a subscription that has no settings of its own to it."""
    id = f"SNSTopic{alphanumeric(topic.name)}"
    before = template.resources.get(id)
    properties: dict[str, Any]
    if before is None:
        properties, depends = {"TopicName": topic.name, "DisplayName": string(settings.get("displayName")) or None}, []
        if template.service.framework == V4:
            properties["KmsMasterKeyId"] = settings.get("kmsMasterKeyId") or None
    else:
        properties, place = dict(before.properties), before.place
        depends = as_list(before.attributes.get("DependsOn"))
    if subscription is not None:
        properties["Subscription"] = [*as_list(properties.get("Subscription")), subscription]
    if target.alias_id and target.alias_id not in depends:
        depends = [*depends, target.alias_id]
    template.add(id, "AWS::SNS::Topic", properties, place, DependsOn=depends or None)
    return id


def _add_queue_policy(
    template: Template, key: str, topic: _Topic, settings: Mapping[str, Any], place: Place
) -> Mapping[str, Any] | None:
    """Let the topic send what it cannot deliver to a queue; gives the subscription's ``RedrivePolicy``."""
    redrive = as_map(settings.get("redrivePolicy"))
    given, reference = redrive.get("deadLetterTargetArn"), redrive.get("deadLetterTargetRef")
    imported = as_map(redrive.get("deadLetterTargetImport"))
    arn: Any
    url: Any
    if given and is_text(given):
        *_, region, account, name = ["", "", *pieces(given, ":")]
        arn = given
        parts = [concat("https://sqs.", region, "."), {"Ref": "AWS::URLSuffix"}, concat("/", account, "/", name)]
        url = {"Fn::Join": ["", parts]}
    elif reference:
        arn, url = {"Fn::GetAtt": [reference, "Arn"]}, {"Ref": reference}
    elif imported:
        arn, url = {"Fn::ImportValue": imported.get("arn")}, {"Fn::ImportValue": imported.get("url")}
    else:
        return None
    id = f"{alphanumeric(topic.name)}To{normalized(key)}DLQPolicy"
    # The framework writes no condition for a topic that it creates itself.
    condition = {"ArnEquals": {"aws:SourceArn": topic.arn} if topic.arn else {}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": condition,
    }
    document = {"Version": "2012-10-17", "Id": id, "Statement": [statement]}
    template.add(id, "AWS::SQS::QueuePolicy", {"PolicyDocument": document, "Queues": [url]}, place)
    return {"deadLetterTargetArn": arn}


KIND: Final = EventKind("sns", 50, label="SNS", compile=compile)
