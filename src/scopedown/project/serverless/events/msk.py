"""The event ``msk`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/msk``)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.source_mapping import NETWORK
from scopedown.project.serverless.service import Service, as_map


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the clusters, in their network, for each function."""
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == "msk" and event.settings]
        if events:
            clusters = [as_map(event.settings).get("arn") for event in events]
            yield allow(("kafka:DescribeCluster", "kafka:GetBootstrapBrokers"), clusters, events[0].place)
            yield allow(NETWORK, "*", events[0].place)
