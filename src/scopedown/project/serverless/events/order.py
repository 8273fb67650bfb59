"""Which events there are, in the order in which osls 4.3.1 compiles them (``lib/plugins/index.js``)."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.events import (
    activemq,
    alb,
    alexa_skill,
    alexa_smart_home,
    cloud_front,
    cloudwatch_event,
    cloudwatch_log,
    cognito_user_pool,
    event_bridge,
    http,
    http_api,
    iot,
    iot_fleet_provisioning,
    kafka,
    msk,
    rabbitmq,
    s3,
    schedule,
    sns,
    sqs,
    stream,
    websocket,
)
from scopedown.project.serverless.service import Service

ORDER: Final[tuple[ModuleType, ...]] = (
    schedule,
    s3,
    http,
    websocket,
    sns,
    stream,
    kafka,
    activemq,
    rabbitmq,
    msk,
    alb,
    alexa_skill,
    alexa_smart_home,
    iot,
    iot_fleet_provisioning,
    cloudwatch_event,
    cloudwatch_log,
    cognito_user_pool,
    event_bridge,
    sqs,
    cloud_front,
    http_api,
)


def statements(service: Service) -> list[DeclaredStatement]:
    """What events add to the shared role, in the order in which the framework compiles them."""
    found: list[DeclaredStatement] = []
    for event in ORDER:
        if (of_event := getattr(event, "statements", None)) is not None:
            found += of_event(service)
    return found


def principals(service: Service) -> list[str]:
    """The services that may assume the shared role."""
    found = ["lambda.amazonaws.com"]
    for event in ORDER:
        if (of_event := getattr(event, "principals", None)) is not None:
            found += of_event(service)
    return found
