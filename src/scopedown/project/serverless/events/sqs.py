"""The event ``sqs`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/sqs.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.conversions import integer
from scopedown.project.serverless.events.source_mapping import (
    add_mapping,
    enabled,
    filter_criteria,
    last_name,
    over_earlier,
    resource_name,
    source_arn,
)
from scopedown.project.serverless.names import alphanumeric, normalized
from scopedown.project.serverless.service import Service, as_map
from scopedown.project.serverless.template import Template

READ: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""What Lambda needs to poll a queue."""


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading all the queues that functions are fed from."""
    events = [event for _, event in service.events_of("sqs")]
    if events:
        yield allow(READ, [source_arn(event.settings) for event in events], events[0].place)


def compile(template: Template) -> None:
    """An event source mapping for each queue of each function."""
    for key, event in template.service.events_of("sqs"):
        settings = as_map(event.settings)
        arn = source_arn(event.settings)
        name = resource_name(arn, "Fn::GetAtt", "Fn::ImportValue", "Fn::Join") or last_name(arn, ":")
        response = settings.get("functionResponseType")
        concurrency = integer(settings.get("maximumConcurrency"))
        properties = {
            "BatchSize": integer(settings.get("batchSize")) or 10,
            "MaximumBatchingWindowInSeconds": integer(settings.get("maximumBatchingWindow")),
            "EventSourceArn": arn,
            "Enabled": enabled(settings),
            "FunctionResponseTypes": None if response is None else [response],
            "FilterCriteria": filter_criteria(settings),
            "ScalingConfig": {"MaximumConcurrency": concurrency} if concurrency else None,
        }
        id = f"{normalized(key)}EventSourceMappingSQS{alphanumeric(name)}"
        add_mapping(template, key, id, over_earlier(template, id, properties), event.place)
