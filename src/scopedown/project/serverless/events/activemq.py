"""The event ``activemq`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/activemq.js``)."""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.event_kinds import InRoleOfV4
from scopedown.project.serverless.events.parts.brokers import broker_kind, statements_of_both

KIND: Final = broker_kind("activemq", 80, InRoleOfV4(2, statements_of_both))
