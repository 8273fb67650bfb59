"""Event source mappings: what Lambda polls for a function, in the shapes that the Serverless Framework writes.

``sqs``, ``stream`` (of DynamoDB or Kinesis), ``msk``, ``kafka``, ``activemq``, ``rabbitmq``, and ``documentDb``, which
the framework has no word for. Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Att, Ref
from scopedown.core.text_slicing import service_in
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.model import DeclaredResource, Event, Tree

_ACCESS: Final = {
    "BASIC_AUTH": "saslPlainAuth",
    "CLIENT_CERTIFICATE_TLS_AUTH": "clientCertificateTlsAuth",
    "SASL_SCRAM_256_AUTH": "saslScram256Auth",
    "SASL_SCRAM_512_AUTH": "saslScram512Auth",
    "SERVER_ROOT_CA_CERTIFICATE": "serverRootCaCertificate",
    "VPC_SECURITY_GROUP": "vpcSecurityGroup",
    "VPC_SUBNET": "vpcSubnet",
}
"""Types of ``SourceAccessConfigurations``, and the framework's names for them."""

_TYPES: Final = {
    "AWS::SQS::Queue": "sqs",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::Kinesis::Stream": "kinesis",
    "AWS::Kinesis::StreamConsumer": "kinesis",
    "AWS::MSK::Cluster": "kafka",
    "AWS::MSK::ServerlessCluster": "kafka",
    "AWS::AmazonMQ::Broker": "mq",
    "AWS::DocDB::DBCluster": "rds",
}
"""Types of event sources, and their ARNs' service."""


def _mapping(stack: Stack, resource: DeclaredResource) -> Iterator[tuple[str, Event]]:
    properties = resource.properties
    functions = stack.functions_in(properties.get("FunctionName"))
    if not functions:
        return
    found = _event(stack, resource)
    if found is None:
        stack.report("event-source-unknown", resource.place, logical_id=resource.logical_id)
        return
    kind, settings = found
    for key, name in (("BatchSize", "batchSize"), ("Enabled", "enabled"), ("FilterCriteria", "filterPatterns")):
        value = properties.get(key)
        if value is not None:
            settings[name] = as_map(value).get("Filters", value) if key == "FilterCriteria" else value
    for id in functions:
        yield id, Event(kind, settings, resource.place)


def _event(stack: Stack, resource: DeclaredResource) -> tuple[str, dict[str, Tree]] | None:
    properties = resource.properties
    access = _access(stack, resource)
    topics = stack.sequence(properties, "Topics", resource.logical_id)
    if properties.get("SelfManagedEventSource") is not None:
        written = as_map(as_map(properties["SelfManagedEventSource"]).get("Endpoints"))
        settings: dict[str, Tree] = {
            "accessConfigurations": {_ACCESS[kind]: values for kind, values in access.items() if kind in _ACCESS},
            "bootstrapServers": written.get("KafkaBootstrapServers"),
            "topic": topics[0] if topics else None,
        }
        return "kafka", {name: value for name, value in settings.items() if value is not None}
    arn = properties.get("EventSourceArn")
    if arn is None:
        stack.report("event-source-missing", resource.place, logical_id=resource.logical_id)
        return None
    settings = {"arn": arn}
    match _service(stack, arn, properties):
        case "sqs":
            return "sqs", settings
        case "dynamodb":
            return "stream", {"type": "dynamodb", **settings, **_destinations(stack, resource)}
        case "kinesis":
            stream = _consumed(stack, arn)
            own = {"arn": arn} if stream is None else {"arn": stream, "consumer": arn}
            return "stream", {"type": "kinesis", **own, **_destinations(stack, resource)}
        case "kafka":
            secret = next(iter(access.get("SASL_SCRAM_512_AUTH", [])), None)
            named = {"topic": topics[0] if topics else None, "saslScram512": secret}
            return "msk", {**settings, **{name: value for name, value in named.items() if value is not None}}
        case "mq":
            queues = as_list(properties.get("Queues"))
            secret = next(iter(access.get("BASIC_AUTH", [])), None)
            named = {"queue": queues[0] if queues else None, "basicAuthArn": secret}
            settings |= {name: value for name, value in named.items() if value is not None}
            return _engine(stack, arn, access), settings
        case "rds":
            secret = next(iter(access.get("BASIC_AUTH", [])), None)
            return "documentDb", settings if secret is None else {**settings, "auth": secret}
    return None


def _access(stack: Stack, resource: DeclaredResource) -> dict[str, list[Tree]]:
    """What the mapping authenticates with and where it reaches its source from, by type."""
    found: dict[str, list[Tree]] = {}
    for one in stack.sequence(resource.properties, "SourceAccessConfigurations", resource.logical_id):
        kind = as_map(one).get("Type")
        if isinstance(kind, str) and as_map(one).get("URI") is not None:
            found.setdefault(kind, []).append(one["URI"])
    return found


def _service(stack: Stack, arn: Tree, properties: Mapping[str, Any]) -> str | None:
    """The service of a source's ARN: by the resource that it is of, by its words, by what only one kind takes."""
    text = stack.known(arn)
    for part in text.parts:
        if isinstance(part, Ref | Att):
            resource = stack.resources.get(part.id)
            if resource is not None and resource.type in _TYPES:
                return _TYPES[resource.type]
            if isinstance(part, Att) and part.name == "StreamArn":
                return "dynamodb"
    if (service := service_in(text)) in _TYPES.values():
        return service
    if properties.get("DocumentDBEventSourceConfig") is not None:
        return "rds"
    if properties.get("Topics") is not None:
        return "kafka"
    if properties.get("Queues") is not None:
        return "mq"
    if properties.get("ScalingConfig") is not None:
        return "sqs"
    return None


def _engine(stack: Stack, arn: Tree, access: Mapping[str, list[Tree]]) -> str:
    """The broker's engine; only RabbitMQ has virtual hosts."""
    broker = stack.referenced(arn)
    engine = broker.properties.get("EngineType") if broker is not None else None
    if "VIRTUAL_HOST" in access or (isinstance(engine, str) and engine.upper() == "RABBITMQ"):
        return "rabbitmq"
    return "activemq"


def _consumed(stack: Stack, arn: Tree) -> Tree:
    """The stream that a consumer reads; None where the source is a stream itself."""
    consumer = stack.referenced(arn)
    if consumer is not None and consumer.type == "AWS::Kinesis::StreamConsumer":
        return consumer.properties.get("StreamARN")
    written = stack.text(arn).literal or ""
    return written.partition("/consumer/")[0] if "/consumer/" in written else None


def _destinations(stack: Stack, resource: DeclaredResource) -> dict[str, Tree]:
    config = stack.mapping(resource.properties, "DestinationConfig", resource.logical_id)
    target = as_map(config.get("OnFailure")).get("Destination")
    return {} if target is None else {"destinations": {"onFailure": target}}


READERS: Final[Mapping[str, Callable[[Stack, DeclaredResource], Iterator[tuple[str, Event]]]]] = {
    "AWS::Lambda::EventSourceMapping": _mapping,
}
