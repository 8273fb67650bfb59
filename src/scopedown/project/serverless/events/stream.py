"""The event ``stream`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/stream.js``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.project.model import DeclaredStatement
from scopedown.project.scalars import js_text
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.source_mapping import source_arn
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.service import Service, as_list, as_map

DYNAMODB_STREAM: Final = (
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams",
)  # fmt: skip
KINESIS_STREAM: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams",
)  # fmt: skip
_KINESIS_CONSUMED: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards",
)  # fmt: skip


def stream_kind(settings: Any) -> tuple[str | None, Any]:
    """What a stream event reads, ``dynamodb`` or ``kinesis`` (None: not known), and its ARN."""
    arn = source_arn(settings)
    kind = as_map(settings).get("type")
    return (js_text(kind) if kind else _service_of(arn)), arn


def _service_of(arn: Any) -> str | None:
    """The third part of an ARN."""
    if isinstance(arn, Text):
        first = arn.parts[0] if arn.parts else None
        arn = first.value if isinstance(first, Literal) else ""
        parts = arn.split(":")
        return parts[2] if len(parts) > 3 else None
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[2] if len(parts) > 2 else None


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the streams, and writing to the destinations of what failed, for each function."""
    for key in service.functions:
        groups: dict[tuple[str, ...], list[Any]] = {
            DYNAMODB_STREAM: [],
            KINESIS_STREAM: [],
            _KINESIS_CONSUMED: [],
            ("kinesis:SubscribeToShard",): [],
            ("sns:Publish",): [],
            ("sqs:ListQueues", "sqs:SendMessage"): [],
        }
        place: dict[tuple[str, ...], Place] = {}

        def put(
            actions: tuple[str, ...], resource: Any, at: Place, *, groups: Any = groups, place: Any = place
        ) -> None:
            groups[actions].append(resource)
            place.setdefault(actions, at)

        for event in service.events(key):
            if event.kind != "stream" or not event.settings:
                continue
            settings = as_map(event.settings)
            kind, arn = stream_kind(event.settings)
            consumer = settings.get("consumer")
            if kind is None:
                service.tell(
                    "stream-unknown", f"{key}: whether its stream is of DynamoDB or Kinesis cannot be told",
                    event.place, "set the event's type",
                )  # fmt: skip
            elif kind == "dynamodb":
                put(DYNAMODB_STREAM, arn, event.place)
            else:
                put(_KINESIS_CONSUMED if consumer else KINESIS_STREAM, arn, event.place)
            if consumer and kind == "kinesis":
                target = {"Ref": _consumer_id(service, key, arn)} if consumer is True else consumer
                put(("kinesis:SubscribeToShard",), target, event.place)
            failure = as_map(settings.get("destinations")).get("onFailure")
            if failure:
                failure_kind, failure_arn = stream_kind(failure)
                is_topic = failure_kind == "sns"
                put(("sns:Publish",) if is_topic else ("sqs:ListQueues", "sqs:SendMessage"), failure_arn, event.place)
        for actions, resources in groups.items():
            if resources:
                yield allow(actions, resources, place[actions])


def _consumer_id(service: Service, key: str, arn: Any) -> str:
    """The logical id of the stream consumer that the framework creates."""
    name: Any = ""
    if isinstance(arn, Mapping):
        if "Fn::GetAtt" in arn:
            name = (as_list(arn["Fn::GetAtt"]) or [""])[0]
        elif "Fn::ImportValue" in arn:
            name = arn["Fn::ImportValue"]
        elif "Ref" in arn:
            name = arn["Ref"]
        elif "Fn::Join" in arn:
            items = as_list((as_list(arn["Fn::Join"]) or [None])[-1])
            name = js_text(items[-1] if items else "").split("/")[-1]
    else:
        parts = js_text(arn).split("/")
        name = parts[1] if len(parts) > 1 else "undefined"
    mode = as_map(service.provider.get("kinesis")).get("consumerNamingMode")
    suffix = f"{service.name}{service.stage}" if mode else ""
    return f"{normalized(f'{key}{js_text(name)}{suffix}Consumer')}StreamConsumer"
