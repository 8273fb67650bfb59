"""The event ``sqs`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/sqs.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.events.source_mapping import source_arn
from scopedown.project.serverless.service import Service

READ: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""What Lambda needs to poll a queue."""


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading all the queues that functions are fed from."""
    events = [event for _, event in service.events_of("sqs")]
    if events:
        yield allow(READ, [source_arn(event.settings) for event in events], events[0].place)
