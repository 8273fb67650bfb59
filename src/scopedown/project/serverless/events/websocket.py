"""The event ``websocket``."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.service import Service, as_map


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Functions may answer on the connections of the API that the framework makes."""
    if as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        return
    for _, event in service.events_of("websocket"):
        resource = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
        yield allow(("execute-api:ManageConnections",), [resource], event.place)
        return
