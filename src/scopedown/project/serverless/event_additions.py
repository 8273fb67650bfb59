"""The statements that events add to the shared role, in the order in which the framework compiles them.

Each kind of event is compiled for all functions before the next kind (osls 4.3.1, ``lib/plugins/index.js`` and
``lib/plugins/aws/package/compile/events``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.scalars import js_text
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.names import function_arn, normalized
from scopedown.project.serverless.service import Service, as_list, as_map, is_text

_NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)
DYNAMODB_STREAM: Final = (
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams",
)  # fmt: skip
KINESIS_STREAM: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams",
)  # fmt: skip
_KINESIS_CONSUMED: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards",
)  # fmt: skip
SQS_SOURCE: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def for_events(service: Service) -> list[DeclaredStatement]:
    """What events add, in the order in which the framework's plugins compile them."""
    return [
        *_schedules(service),
        *_websockets(service),
        *_streams(service),
        *_kafka(service),
        *_brokers(service, "activemq"),
        *_brokers(service, "rabbitmq"),
        *_msk(service),
        *_queues(service),
        *_edge(service),
    ]


def principals(service: Service) -> list[str]:
    """The services that may assume the shared role."""
    found = ["lambda.amazonaws.com"]
    if any(True for _ in _scheduled(service)):
        found.append("scheduler.amazonaws.com")
    if any(True for _ in _events(service, "cloudFront")):
        found.append("edgelambda.amazonaws.com")
    return found


def _events(service: Service, kind: str) -> Iterator[tuple[str, Event]]:
    for key in service.functions:
        for event in service.events(key):
            if event.kind == kind and event.settings:
                yield key, event


def _scheduled(service: Service) -> Iterator[tuple[str, Event]]:
    """Events of EventBridge Scheduler (not rules)."""
    for key, event in _events(service, "schedule"):
        settings = as_map(event.settings)
        if settings.get("method") == "scheduler" and settings.get("rate"):
            yield key, event


def _schedules(service: Service) -> Iterator[DeclaredStatement]:
    places: dict[str, Place] = {}
    for key, event in _scheduled(service):
        places.setdefault(key, event.place)
    if places:
        resources = [function_arn(service.function_name(key), suffix) for key in places for suffix in ("", ":*")]
        yield allow(("lambda:InvokeFunction",), resources, next(iter(places.values())))


def _websockets(service: Service) -> Iterator[DeclaredStatement]:
    if as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        return
    for _, event in _events(service, "websocket"):
        resource = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
        yield allow(("execute-api:ManageConnections",), [resource], event.place)
        return


def source_arn(settings: Any) -> Any:
    """The ARN of an event or a destination: alone, as ``arn``, or (which the framework refuses) an intrinsic."""
    if isinstance(settings, Mapping) and not is_intrinsic(settings):
        return settings.get("arn")
    return settings


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


def _streams(service: Service) -> Iterator[DeclaredStatement]:
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


def _secrets(resources: list[Any], place: Place) -> DeclaredStatement:
    return allow(("secretsmanager:GetSecretValue",), resources, place)


def _kafka(service: Service) -> Iterator[DeclaredStatement]:
    for key in service.functions:
        secrets: list[Any] = []
        network = False
        place: Place | None = None
        for event in service.events(key):
            if event.kind != "kafka" or not event.settings:
                continue
            place = place or event.place
            for kind, values in as_map(as_map(event.settings).get("accessConfigurations")).items():
                if kind in ("vpcSubnet", "vpcSecurityGroup"):
                    network = True
                elif kind in (
                    "saslPlainAuth", "saslScram256Auth", "saslScram512Auth", "clientCertificateTlsAuth",
                    "serverRootCaCertificate",
                ):  # fmt: skip
                    secrets += [values] if is_text(values) else as_list(values)
        if place and secrets:
            yield _secrets(secrets, place)
        if place and network:
            yield allow(_NETWORK, "*", place)


def _brokers(service: Service, kind: str) -> Iterator[DeclaredStatement]:
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == kind and event.settings]
        if events:
            settings = [as_map(event.settings) for event in events]
            place = events[0].place
            yield _secrets([item.get("basicAuthArn") for item in settings], place)
            yield allow(("mq:DescribeBroker",), [item.get("arn") for item in settings], place)
            yield allow(_NETWORK, "*", place)


def _msk(service: Service) -> Iterator[DeclaredStatement]:
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == "msk" and event.settings]
        if events:
            clusters = [as_map(event.settings).get("arn") for event in events]
            yield allow(("kafka:DescribeCluster", "kafka:GetBootstrapBrokers"), clusters, events[0].place)
            yield allow(_NETWORK, "*", events[0].place)


def _queues(service: Service) -> Iterator[DeclaredStatement]:
    queues: list[Any] = []
    place: Place | None = None
    for _, event in _events(service, "sqs"):
        queues.append(source_arn(event.settings))
        place = place or event.place
    if queues:
        yield allow(SQS_SOURCE, queues, place)


def _edge(service: Service) -> Iterator[DeclaredStatement]:
    """Lambda@Edge writes its logs in the regions where it runs."""
    for _, event in _events(service, "cloudFront"):
        yield allow(
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"),
            [{"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}],
            event.place,
        )
        return
