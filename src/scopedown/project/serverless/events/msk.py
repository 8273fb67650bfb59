"""The event ``msk`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/msk``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import (
    NETWORK,
    add_mapping,
    check_start,
    last_name,
    resource_name,
)
from scopedown.project.serverless.names import alphanumeric
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the clusters, in their network, for each function."""
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == "msk" and event.settings]
        if events:
            clusters = [as_map(event.settings).get("arn") for event in events]
            yield allow(("kafka:DescribeCluster", "kafka:GetBootstrapBrokers"), clusters, events[0].place)
            yield allow(NETWORK, "*", events[0].place)


def compile(template: Template) -> None:
    """An event source mapping for each topic of each function."""
    for key, event in template.service.events_of("msk"):
        settings = as_map(event.settings)
        check_start(template.service, key, settings, event.place)
        arn, topic = settings.get("arn"), string(settings.get("topic"))
        cluster = resource_name(arn, "Fn::ImportValue", "Ref") or last_name(arn, "/", 1)
        suffix = f"MSK{alphanumeric(cluster)[:79]}{alphanumeric(topic)[:79]}"
        add_mapping(template, key, suffix, arn, event.place)


def _needs(event: Event, read: RoleReader) -> Needs:
    settings = as_map(event.settings)
    yield ("kafka:DescribeCluster", "kafka:GetBootstrapBrokers"), read.text(settings.get("arn"))
    if secret := settings.get("saslScram512"):
        yield ("secretsmanager:GetSecretValue",), read.text(secret)
    yield NETWORK, EVERYTHING


KIND: Final = EventKind(
    "msk",
    100,
    compile=compile,
    statements=statements,
    in_role_of_v4=InRoleOfV4(4, statements),
    needs=_needs,
    managed_policies=("AWSLambdaMSKExecutionRole",),
    sample="msk",
)
