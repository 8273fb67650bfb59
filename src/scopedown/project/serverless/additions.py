"""The statements that the framework adds to the shared role by itself, in the order in which it adds them.

First what functions' settings cause (:func:`for_functions`), then what events cause (:func:`for_events`), each kind
of event for all functions before the next kind. Everything here is as osls 4.3.1 compiles it
(``lib/plugins/aws/package/compile``); serverless 3.40 differs only where noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.scalars import js_text
from scopedown.project.serverless.names import concat, function_arn, normalized
from scopedown.project.serverless.service import Service, as_list, as_map, is_text

_NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)
_DYNAMODB_STREAM: Final = (
    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams",
)  # fmt: skip
_KINESIS_STREAM: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams",
)  # fmt: skip
_KINESIS_CONSUMED: Final = (
    "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards",
)  # fmt: skip
SQS_SOURCE: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def allow(
    actions: str | tuple[str, ...], resource: Any, place: Place | None, effect: str = "Allow"
) -> DeclaredStatement:
    """A statement as the framework writes one."""
    statement = {
        "Effect": effect,
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resource,
    }
    return DeclaredStatement(statement, place, "framework")


def for_functions(service: Service) -> list[DeclaredStatement]:
    """What settings of functions add: dead letters, KMS, X-Ray, EFS, then destinations.

    The framework compiles all functions at once; destinations come after the first file is hashed for a version,
    so they stand last, but beside their function where it is not versioned.
    """
    first: list[DeclaredStatement] = []
    later: list[DeclaredStatement] = []
    last: list[DeclaredStatement] = []
    seen: list[Any] = []
    for key, function in service.functions.items():
        image = function.get("image")
        target = first
        if image:
            target = last if _is_built(service, image) else later
        for statement in _for_settings(service, function):
            if statement.added_by == "framework" and _repeats(statement, (*first, *later, *last)):
                continue
            target.append(statement)
        versioned = function.get("versionFunction")
        if versioned is None:
            versioned = service.provider.get("versionFunctions", True)
        versioned = versioned is not False or any(
            function.get(name) for name in ("durableConfig", "provisionedConcurrency", "snapStart")
        )
        if target is first and versioned:
            target = later
        target.extend(_for_destinations(service, key, seen))
    return first + later + last


def _is_built(service: Service, image: Any) -> bool:
    """Whether an image is built from a local folder (which takes longer than all else)."""
    name = image.get("name") if isinstance(image, Mapping) else image
    images = as_map(as_map(service.provider.get("ecr")).get("images"))
    declared = images.get(name) if isinstance(name, str) else None
    return isinstance(declared, str) or bool(as_map(declared).get("path"))


def _repeats(statement: DeclaredStatement, others: tuple[DeclaredStatement, ...]) -> bool:
    """KMS and X-Ray statements are added once, however many functions need them."""
    action = statement.statement["Action"]
    if action not in (["kms:Decrypt"], ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]):
        return False
    return any(other.statement == statement.statement for other in others)


def _for_settings(service: Service, function: Mapping[str, Any]) -> Iterator[DeclaredStatement]:
    provider = service.provider
    dead_letters = function.get("onError")
    if dead_letters and is_text(dead_letters):
        yield allow(("sns:Publish",), [dead_letters], service.place_in(function, "onError"))
    holder = function if function.get("kmsKeyArn") else provider
    key = holder.get("kmsKeyArn")
    if key and is_text(key):
        yield allow(("kms:Decrypt",), [key], service.place_in(holder, "kmsKeyArn"))
    traced_at = service.place_in(function, "tracing")
    tracing = function.get("tracing")
    if not tracing:
        tracing = as_map(provider.get("tracing")).get("lambda")
        traced_at = service.place_in(provider.get("tracing"), "lambda")
    if tracing:
        yield allow(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ["*"], traced_at)
    files = function.get("fileSystemConfig")
    if files:
        yield allow(
            ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
            [as_map(files).get("arn")],
            service.place_in(function, "fileSystemConfig"),
        )


def _for_destinations(service: Service, key: str, seen: list[Any]) -> Iterator[DeclaredStatement]:
    function = service.functions[key]
    destinations = as_map(function.get("destinations"))
    if custom_role(service, function):
        return
    for outcome in ("onSuccess", "onFailure"):
        target = destinations.get(outcome)
        if not target:
            continue
        place = service.place_in(destinations, outcome)
        if is_text(target):
            if target in seen:
                continue
            seen.append(target)
        action, resource = _destination(service, target)
        if action is None:
            service.tell(
                "destination-unknown", f"{key}: the kind of its {outcome} destination cannot be told", place,
                "give it as {type: sqs, arn: …}",
            )  # fmt: skip
            continue
        yield allow(action, resource, place)


def _destination(service: Service, target: Any) -> tuple[str | None, Any]:
    """The action that a destination needs, and its ARN."""
    if isinstance(target, Mapping):
        kinds = {
            "function": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish",
            "eventBus": "events:PutEvents",
        }  # fmt: skip
        return kinds.get(js_text(target.get("type"))), target.get("arn")
    written = str(target)
    known = written if isinstance(target, str) or str(target).startswith("arn:") else ""
    if known and not known.startswith("arn:"):
        if target in service.functions:
            return "lambda:InvokeFunction", function_arn(
                service.function_name(target), _alias(service.functions[target])
            )
        return None, None
    for part, action in (
        (":function:", "lambda:InvokeFunction"), (":sqs:", "sqs:SendMessage"), (":sns:", "sns:Publish"),
        (":event-bus/", "events:PutEvents"),
    ):  # fmt: skip
        if part in known:
            return action, target
    return None, None


def _alias(function: Mapping[str, Any]) -> str:
    """The alias that calls of a function go to, as the suffix of its ARN (osls 4.3.1, naming)."""
    if function.get("durableConfig"):
        return ":durable"
    if function.get("provisionedConcurrency"):
        return ":provisioned"
    return ":snapstart" if function.get("snapStart") else ""


def custom_role(service: Service, function: Mapping[str, Any]) -> Any:
    """The role that a function is given instead of the shared one: its own, else the provider's; else None."""
    if function.get("role"):
        return function["role"]
    role = as_map(service.provider.get("iam")).get("role")
    return role if is_existing_role(role) else service.provider.get("role")


def is_existing_role(role: Any) -> bool:
    """Whether ``iam.role`` names a role (text, an intrinsic function) rather than describing one."""
    return is_text(role) or (isinstance(role, Mapping) and any("::" in key for key in role))


# Events


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
                service.tell(
                    "stream-unknown", f"{key}: whether its stream is of DynamoDB or Kinesis cannot be told",
                    event.place, "set the event's type",
                )  # fmt: skip
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


def durable(service: Service) -> Iterator[DeclaredStatement]:
    """What durable functions on the shared role need (osls only)."""
    keys = [
        key
        for key, function in service.functions.items()
        if function.get("durableConfig") and not custom_role(service, function)
    ]
    if keys:
        resources = [
            {"Fn::Sub": concat(function_arn(service.function_name(key))["Fn::Sub"], ":*/durable-execution/*/*")}
            for key in keys
        ]
        yield allow(
            ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"), resources,
            service.place_in(service.functions[keys[0]], "durableConfig"),
        )  # fmt: skip
