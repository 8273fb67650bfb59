"""What the events of Amazon MQ, ``activemq`` and ``rabbitmq``, have in common."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.source_mapping import NETWORK
from scopedown.project.serverless.service import Service, as_map


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
