"""The event ``rabbitmq`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/rabbitmq.js``)."""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.events.parts.brokers import broker_kind

KIND: Final = broker_kind("rabbitmq", 90)
