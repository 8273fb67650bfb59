"""The event ``stream`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/stream.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scopedown.core.arn import service_of
from scopedown.core.place import Place
from scopedown.core.text import ANY, Att, Literal, Ref, Text
from scopedown.core.text_slicing import service_in
from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.model import DeclaredResource, DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import (
    add_mapping,
    check_start,
    last_name,
    resource_name,
    source_arn,
)
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_DYNAMODB_STREAM: Final = (
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams",
)  # fmt: skip
_KINESIS_STREAM: Final = (
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
    return (service_of(arn) if isinstance(arn, str) else "") or None


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the streams, and writing to the destinations of what failed, for each function."""
    for key in service.functions:
        groups: dict[tuple[str, ...], list[Any]] = {
            _DYNAMODB_STREAM: [],
            _KINESIS_STREAM: [],
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
                service.report("stream-unknown", event.place, key=key)
            elif kind == "dynamodb":
                put(_DYNAMODB_STREAM, arn, event.place)
            else:
                put(_KINESIS_CONSUMED if consumer else _KINESIS_STREAM, arn, event.place)
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


def _stream_name(arn: Any) -> Name:
    """What a logical id tells of a stream."""
    name = resource_name(arn, "Fn::GetAtt", "Fn::ImportValue", "Ref", "Fn::Join")
    if name is None:
        return last_name(arn, "/", 1)
    return js_text(name).split("/")[-1] if "Fn::Join" in arn else js_text(name)


def _consumer_name(service: Service, key: str, arn: Any) -> Name:
    """The name of the stream consumer that the framework creates."""
    mode = as_map(service.provider.get("kinesis")).get("consumerNamingMode")
    suffix = concat(service.name, service.stage) if mode else ""
    return concat(key, _stream_name(arn), suffix, "Consumer")


def _consumer_id(service: Service, key: str, arn: Any) -> str:
    """The logical id of the stream consumer that the framework creates."""
    name = _consumer_name(service, key, arn)
    return f"{normalized(name) if isinstance(name, str) else alphanumeric(name)}StreamConsumer"


def compile(template: Template) -> None:
    """An event source mapping for each stream of each function, and the consumers that are to be created."""
    service = template.service
    for key, event in service.events_of("stream"):
        settings = as_map(event.settings)
        kind, arn = stream_kind(event.settings)
        source, consumer_id = arn, ""
        consumer = settings.get("consumer") if kind == "kinesis" else None
        if consumer is True:
            consumer_id = _consumer_id(service, key, arn)
            source = {"Ref": consumer_id}
        elif consumer:
            source = consumer
        if consumer:
            check_start(service, key, settings, event.place)
        name = js_text(kind or "")
        suffix = f"{name[:1].upper()}{name[1:]}{alphanumeric(_stream_name(arn))}"
        add_mapping(template, key, suffix, source, event.place)
        if consumer_id:
            described = {"StreamARN": arn, "ConsumerName": _consumer_name(service, key, arn)}
            template.add(consumer_id, "AWS::Kinesis::StreamConsumer", described, event.place)


def _of_plugin(service: Service) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Reading the streams of DynamoDB, then those of Kinesis, whose consumers the plugin does not know."""
    found: dict[str, list[Any]] = {"dynamodb": [], "kinesis": []}
    for _, event in service.events_of("stream"):
        kind, arn = stream_kind(event.settings)
        found.get(kind or "", []).append(arn)
    for actions, arns in ((_DYNAMODB_STREAM, found["dynamodb"]), (_KINESIS_STREAM, found["kinesis"])):
        if arns:
            yield actions, arns


def _needs(event: Event, read: RoleReader) -> Needs:
    settings = as_map(event.settings)
    arn = read.text(settings.get("arn") if settings else event.settings)
    kind = _needed_kind(settings.get("type"), arn)
    if kind != "kinesis":
        yield _DYNAMODB_STREAM[:-1], arn
        yield ("dynamodb:ListStreams",), EVERYTHING
    if kind != "dynamodb":
        consumer = settings.get("consumer")
        yield (_KINESIS_CONSUMED if consumer else _KINESIS_STREAM[:-1]), arn
        if consumer:
            yield ("kinesis:SubscribeToShard",), _consumer(arn, read) if consumer is True else read.text(consumer)
        else:
            yield ("kinesis:ListStreams",), EVERYTHING
    failure = as_map(settings.get("destinations")).get("onFailure")
    if failure:
        yield from read.sending_to(failure)


def _needed_kind(written: Any, arn: Text) -> str | None:
    """``dynamodb`` or ``kinesis``: as written, else by the ARN or the resource that it is of; None: not known."""
    if isinstance(written, str):
        return written
    named = [part.name for part in arn.parts if isinstance(part, Att)]
    if "StreamArn" in named or "Arn" in named:
        return "dynamodb" if "StreamArn" in named else "kinesis"
    kind = service_in(arn)
    return kind if kind in ("dynamodb", "kinesis") else None


def _consumer(stream: Text, read: RoleReader) -> Text:
    """The consumer that the framework creates for the function: its ARN ends in the time of its creation, so that only
    ``Ref`` says it (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-streamconsumer.html)."""
    deployed = read.project.deployed
    for mapping in deployed.values():
        if mapping.type != "AWS::Lambda::EventSourceMapping" or not _is_of(mapping, read):
            continue
        named = read.text(mapping.properties.get("EventSourceArn"))
        match named.parts:
            case (Ref(id),) if id in deployed and deployed[id].type == "AWS::Kinesis::StreamConsumer":
                if read.text(deployed[id].properties.get("StreamARN")) == stream:
                    return named
    return Text.of(stream, "/consumer/", ANY)


def _is_of(mapping: DeclaredResource, read: RoleReader) -> bool:
    """Whether an event source mapping calls the function, or an alias of it."""
    named = read.text(mapping.properties.get("FunctionName"))
    ids = [part.id for part in named.parts if isinstance(part, Ref | Att)]
    aliases = [read.project.deployed.get(id) for id in ids]
    ids += [
        part.id
        for alias in aliases
        if alias is not None and alias.type == "AWS::Lambda::Alias"
        for part in read.text(alias.properties.get("FunctionName")).parts
        if isinstance(part, Ref | Att)
    ]
    return read.function.logical_id in ids


KIND: Final = EventKind(
    "stream",
    60,
    compile=compile,
    statements=statements,
    in_role_of_v4=InRoleOfV4(-2, statements),
    of_plugin=_of_plugin,
    needs=_needs,
    managed_policies=("AWSLambdaKinesisExecutionRole", "AWSLambdaDynamoDBExecutionRole"),
)
