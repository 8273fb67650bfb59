"""What the events of Amazon MQ, ``activemq`` and ``rabbitmq``, have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.conversions import boolean, integer, string
from scopedown.project.serverless.events.source_mapping import NETWORK, add_mapping, filter_criteria
from scopedown.project.serverless.names import alphanumeric, normalized
from scopedown.project.serverless.service import Service, as_map
from scopedown.project.serverless.template import Template

_IN_IDS: Final = {"activemq": "ActiveMQ", "rabbitmq": "RabbitMQ"}


def statements(service: Service, kind: str) -> Iterator[DeclaredStatement]:
    """Reading the brokers' secrets and the brokers themselves, in their network, for each function."""
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == kind and event.settings]
        if events:
            settings = [as_map(event.settings) for event in events]
            place = events[0].place
            yield allow(("secretsmanager:GetSecretValue",), [item.get("basicAuthArn") for item in settings], place)
            yield allow(("mq:DescribeBroker",), [item.get("arn") for item in settings], place)
            yield allow(NETWORK, "*", place)


def compile(template: Template, kind: str) -> None:
    """An event source mapping for each queue of each function."""
    for key, event in template.service.events_of(kind):
        settings = as_map(event.settings)
        queue = string(settings.get("queue"))
        access: list[Any] = [{"Type": "BASIC_AUTH", "URI": settings.get("basicAuthArn")}]
        host = string(settings.get("virtualHost"))
        if kind == "rabbitmq" and host:
            access.append({"Type": "VIRTUAL_HOST", "URI": host})
        properties = {
            "EventSourceArn": settings.get("arn"),
            "Queues": [queue],
            "SourceAccessConfigurations": access,
            "BatchSize": integer(settings.get("batchSize")) or None,
            "MaximumBatchingWindowInSeconds": integer(settings.get("maximumBatchingWindow")) or None,
            "Enabled": boolean(settings, "enabled"),
            "FilterCriteria": filter_criteria(settings),
        }
        id = f"{normalized(key)}EventSourceMapping{_IN_IDS[kind]}{alphanumeric(queue)[:150]}"
        add_mapping(template, key, id, properties, event.place)
