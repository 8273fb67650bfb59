"""What the events of Amazon MQ, ``activemq`` and ``rabbitmq``, have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.event_kinds import EVERYTHING, EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import NETWORK, add_mapping
from scopedown.project.serverless.names import alphanumeric
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_IN_IDS: Final = {"activemq": "ActiveMQ", "rabbitmq": "RabbitMQ"}


def broker_kind(kind: str, order: int, in_role_of_v4: InRoleOfV4 | None = None) -> EventKind:
    """The kind of one engine. v4 adds brokers of both engines to a role at once (:func:`statements_of_both`)."""
    return EventKind(
        kind,
        order,
        compile=lambda template: _compile(template, kind),
        statements=lambda service: _statements(service, kind),
        in_role_of_v4=in_role_of_v4,
        needs=_needs,
        sample=kind,
    )


def statements_of_both(alone: Service) -> Iterator[DeclaredStatement]:
    """Reading the brokers of both engines, as serverless 4 adds it to the role of a single function."""
    found = [
        event for key in alone.functions for event in alone.events(key) if event.kind in _IN_IDS and event.settings
    ]
    if not found:
        return
    place = found[0].place
    for setting, actions in (("basicAuthArn", ("secretsmanager:GetSecretValue",)), ("arn", ("mq:DescribeBroker",))):
        resources = [value for event in found if (value := as_map(event.settings).get(setting))]
        if resources:
            yield allow(actions, resources, place)
    yield allow(NETWORK, "*", place)


def _needs(event: Event, read: RoleReader) -> Needs:
    settings = as_map(event.settings)
    yield ("mq:DescribeBroker",), read.text(settings.get("arn"))
    yield ("secretsmanager:GetSecretValue",), read.text(settings.get("basicAuthArn"))
    yield NETWORK, EVERYTHING


def _statements(service: Service, kind: str) -> Iterator[DeclaredStatement]:
    """Reading the brokers' secrets and the brokers themselves, in their network, for each function."""
    for key in service.functions:
        events = [event for event in service.events(key) if event.kind == kind and event.settings]
        if events:
            settings = [as_map(event.settings) for event in events]
            place = events[0].place
            yield allow(("secretsmanager:GetSecretValue",), [item.get("basicAuthArn") for item in settings], place)
            yield allow(("mq:DescribeBroker",), [item.get("arn") for item in settings], place)
            yield allow(NETWORK, "*", place)


def _compile(template: Template, kind: str) -> None:
    """An event source mapping for each queue of each function."""
    for key, event in template.service.events_of(kind):
        settings = as_map(event.settings)
        suffix = f"{_IN_IDS[kind]}{alphanumeric(string(settings.get('queue')))[:150]}"
        add_mapping(template, key, suffix, settings.get("arn"), event.place)
