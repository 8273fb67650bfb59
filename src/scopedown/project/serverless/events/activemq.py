"""The event ``activemq`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/activemq.js``)."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.events import brokers
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Reading the broker's secret and the broker itself, in its network."""
    return brokers.statements(service, "activemq")


def compile(template: Template) -> None:
    """An event source mapping for each queue of each function."""
    brokers.compile(template, "activemq")
