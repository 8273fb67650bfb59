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
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.source_mapping import pieces
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template, allowed, document


@dataclass(frozen=True, slots=True)
class _Topic:
    """What an event subscribes to; ``arn`` is None for a topic that the framework creates."""

    name: Name
    arn: Any = None


def compile(template: Template) -> None:
    """The topics to create, the subscriptions, permissions, and policies of the queues of what was not delivered."""
    for key, event in template.service.events_of("sns"):
        topic = _topic(event)
        if topic is None:
            what, remedy = "its topic has no name", "set topicName; an arn that is not plain text needs it too"
            template.service.refuse(key, what, event.place, remedy)
            continue
        settings = as_map(event.settings)
        if isinstance(event.settings, Text) and _is_unknown(event.settings):
            template.service.report("topic-unknown", event.place, key=key)
        has_queue = _add_queue_policy(template, key, topic, settings, event.place)
        target = target_of(template.service, key)
        subscription: dict[str, Any] = {"Protocol": "lambda", "Endpoint": target.arn}
        arn = topic.arn
        subscribed: Any = arn
        if not arn:
            here = [{"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", topic.name]
            arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", *here]]}
            inside = None if settings.get("filterPolicy") or has_queue else subscription
            subscribed = {"Ref": _add_topic(template, topic, settings, inside, event.place)}
        if topic.arn or settings.get("filterPolicy") or has_queue:
            id = f"{normalized(key)}SnsSubscription{alphanumeric(topic.name)}"
            template.add(id, "AWS::SNS::Subscription", {"TopicArn": subscribed, "Endpoint": target.arn}, event.place)
        permission = f"{normalized(key)}LambdaPermission{alphanumeric(topic.name)}SNS"
        add_permission(template, permission, target, "sns.amazonaws.com", event.place, SourceArn=arn)


def _topic(event: Event) -> _Topic | None:
    """The topic that an event names; None where the framework refuses it."""
    settings = event.settings
    if isinstance(settings, Mapping):
        name, arn = string(settings.get("topicName")), settings.get("arn")
        if not arn:
            return _Topic(name) if name and is_text(name) else None
        if isinstance(arn, str | Text):
            parts = re.split(r"(?<!:):(?!:)", arn) if isinstance(arn, str) else pieces(arn, ":")
            name = name or parts[-1]
        return _Topic(name, arn) if name and is_text(name) else None
    written = string(settings)
    if not isinstance(written, str | Text):
        return None
    is_arn = str(written).startswith("arn:") or _is_unknown(written)
    return _Topic(pieces(written, ":")[-1], written) if is_arn else _Topic(written)


def _is_unknown(text: Name) -> bool:
    """Whether nothing of a text is known."""
    return isinstance(text, Text) and len(text.parts) == 1 and bool(text.unknowns)


def _add_topic(
    template: Template, topic: _Topic, settings: Mapping[str, Any], subscription: Mapping[str, Any] | None, place: Place
) -> str:  # fmt: skip
    """Create a topic, once, and add a subscription that has no settings of its own to it."""
    id = f"SNSTopic{alphanumeric(topic.name)}"
    before = template.resources.get(id)
    if before is None:
        key = settings.get("kmsMasterKeyId") or None if template.service.framework == V4 else None
        properties: dict[str, Any] = {"TopicName": topic.name, "KmsMasterKeyId": key}
    else:
        properties, place = dict(before.properties), before.place
    if subscription is not None:
        properties["Subscription"] = [*as_list(properties.get("Subscription")), subscription]
    template.add(id, "AWS::SNS::Topic", properties, place)
    return id


def _add_queue_policy(template: Template, key: str, topic: _Topic, settings: Mapping[str, Any], place: Place) -> bool:
    """Let the topic send what it cannot deliver to a queue; whether there is one."""
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
        return False
    id = f"{alphanumeric(topic.name)}To{normalized(key)}DLQPolicy"
    # The framework writes no condition for a topic that it creates itself.
    condition = {"ArnEquals": {"aws:SourceArn": topic.arn} if topic.arn else {}}
    statement = allowed("sqs:SendMessage", arn, Principal={"Service": "sns.amazonaws.com"}, Condition=condition)
    properties = {"PolicyDocument": {**document(statement), "Id": id}, "Queues": [url]}
    template.add(id, "AWS::SQS::QueuePolicy", properties, place)
    return True


KIND: Final = EventKind("sns", 50, label="SNS", compile=compile)
