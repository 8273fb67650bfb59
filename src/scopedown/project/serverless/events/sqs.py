"""The event ``sqs`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/sqs.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.source_mapping import (
    add_mapping,
    last_name,
    resource_name,
    source_arn,
)
from scopedown.project.serverless.names import alphanumeric
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_READ: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""What Lambda needs to poll a queue."""


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading all the queues that functions are fed from."""
    events = [event for _, event in service.events_of("sqs")]
    if events:
        yield allow(_READ, [source_arn(event.settings) for event in events], events[0].place)


def compile(template: Template) -> None:
    """An event source mapping for each queue of each function."""
    for key, event in template.service.events_of("sqs"):
        arn = source_arn(event.settings)
        name = resource_name(arn, "Fn::GetAtt", "Fn::ImportValue", "Fn::Join") or last_name(arn, ":")
        add_mapping(template, key, f"SQS{alphanumeric(name)}", arn, event.place)


def _of_plugin(service: Service) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Reading the queues, as the plugin names them."""
    arns = [as_map(event.settings).get("arn") or event.settings for _, event in service.events_of("sqs")]
    if arns:
        yield _READ, arns


def _needs(event: Event, read: RoleReader) -> Needs:
    settings = as_map(event.settings)
    yield _READ, read.text(settings.get("arn") if settings else event.settings)


KIND: Final = EventKind(
    "sqs",
    200,
    label="SQS",
    compile=compile,
    statements=statements,
    in_role_of_v4=InRoleOfV4(-1, statements),
    of_plugin=_of_plugin,
    needs=_needs,
    managed_policies=("AWSLambdaSQSQueueExecutionRole",),
)
